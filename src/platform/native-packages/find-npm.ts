import { access, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { WorldError } from '../../evidence/errors.ts';

/** A program, and the arguments that come before npm's own. */
export interface NpmProgram {
  readonly program: string;
  readonly args: readonly string[];
}

export interface NpmSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Node's program, as in `process.execPath`. */
  readonly node: string;
  /** As in `process.platform`. */
  readonly platform: string;
}

const CLI = 'npm-cli.js';

/**
 * npm's script, to be run by this very Node: the npm that runs us, the one beside Node, then the first on the PATH.
 * A program that stands in for npm (a shim) is run as it is, but not on Windows, where it would need a shell.
 * Throws a WorldError if there is none.
 */
export async function findNpm({ environment, node, platform }: NpmSearch): Promise<NpmProgram> {
  const runsUs = environment['npm_execpath'] ?? '';
  const scripts = [
    ...(isAbsolute(runsUs) && basename(runsUs) === CLI ? [runsUs] : []),
    ...listScripts(dirname(node)),
  ];
  for (const script of scripts) if (await exists(script)) return { program: node, args: [script] };
  for (const folder of listPath(environment, platform)) {
    const found = await findInFolder(folder, node, platform);
    if (found !== undefined) return found;
  }
  throw new WorldError(
    'npm was not found: neither beside Node nor on the PATH, and mlgate fetches its native parts with it.',
    {
      help: 'Install Node with npm; in a job that runs in a container, use an image that has npm.',
    },
  );
}

/** Where an installation of Node keeps npm: Unix, then Windows. */
function listScripts(folder: string): readonly string[] {
  return [
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', CLI),
    join(folder, 'node_modules', 'npm', 'bin', CLI),
  ];
}

/** Absolute folders only: a relative one would be looked for in the workspace. */
function listPath(environment: NpmSearch['environment'], platform: string): readonly string[] {
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return (environment[key] ?? '')
    .split(platform === 'win32' ? ';' : ':')
    .filter((folder) => isAbsolute(folder));
}

async function findInFolder(folder: string, node: string, platform: string): Promise<NpmProgram | undefined> {
  if (platform === 'win32') {
    const script = join(folder, 'node_modules', 'npm', 'bin', CLI);
    return (await exists(script)) ? { program: node, args: [script] } : undefined;
  }
  const program = join(folder, 'npm');
  if (!(await exists(program))) return undefined;
  const real = await realpath(program);
  return basename(real) === CLI ? { program: node, args: [real] } : { program, args: [] };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
