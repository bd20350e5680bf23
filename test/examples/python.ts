/** Python for the tests of the examples: found on the PATH, with an environment of its own outside the sources. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The pinned numpy asks for at least this. */
const OLDEST_PYTHON = [3, 11] as const;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export type Python =
  | { readonly kind: 'found'; readonly command: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** The first Python of the PATH that is new enough, or why there is none. */
export function findPython(): Python {
  const wanted = OLDEST_PYTHON.join('.');
  for (const command of ['python3', 'python']) {
    const answer = spawnSync(
      command,
      ['-c', 'import ensurepip, sys; print(*sys.version_info[:3], sep=".")'],
      {
        encoding: 'utf8',
      },
    );
    const version = answer.status === 0 ? answer.stdout.trim() : '';
    if (isNewEnough(version)) {
      return { kind: 'found', command, version };
    }
  }
  return {
    kind: 'missing',
    reason: `needs Python ${wanted} or newer with its venv module on the PATH; the committed files were checked, training was not`,
  };
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/**
 * A virtual environment with exactly the requirements, kept under `cache` for as long as they and Python stay the
 * same. Installed without following dependencies, and checked: a package that the pins forgot is an error.
 *
 * @returns the path of the environment's Python
 */
export async function prepareEnvironment(
  python: Python & { kind: 'found' },
  requirements: string,
  cache: string,
): Promise<string> {
  const key = createHash('sha256')
    .update(python.version)
    .update(await readFile(requirements))
    .digest('hex');
  const marker = join(cache, 'mlgate-installed');
  const inside =
    process.platform === 'win32' ? join(cache, 'Scripts', 'python.exe') : join(cache, 'bin', 'python');
  if (existsSync(inside) && existsSync(marker) && (await readFile(marker, 'utf8')) === key) {
    return inside;
  }
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await runPython(python.command, ['-m', 'venv', cache]);
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
  await runPython(inside, [...pip, 'install', '--no-deps', '-r', requirements]);
  await runPython(inside, [...pip, 'check']);
  await writeFile(marker, key);
  return inside;
}

/** Runs Python and returns what it printed. Fails with what it said on standard error. */
export async function runPython(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args], { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}
