/**
 * Programs that tests and checks need and npm does not have: which version, where they are, how they get there.
 * They live in `.tools/`, outside the sources and outside git.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS_FOLDER = fileURLToPath(new URL('../.tools/', import.meta.url));
const BIN = join(TOOLS_FOLDER, 'bin');
const VENV = join(TOOLS_FOLDER, 'venv');
const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const VENV_BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');

export type ToolName = 'act' | 'actionlint' | 'zizmor' | 'chromium';

export type FoundTool =
  | { readonly kind: 'found'; readonly path: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

interface Tool {
  /** What it is for, in a message about its absence. */
  readonly purpose: string;
  /** The version that must be there; undefined: any. */
  readonly version: string | undefined;
  /** Where to look, in this order. */
  readonly candidates: readonly string[];
  readonly versionFlag: string;
  /** Commands that install it, one after the other. */
  readonly install: readonly (readonly [string, ...string[]])[];
  readonly needs: string;
}

const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];

function aptGet(...words: readonly string[]): readonly [string, ...string[]] {
  const [program = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...words];
  return [program, ...rest];
}

/** A hosted runner has a Chrome of its own; Debian's is used otherwise. */
const CHROME_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  act: {
    purpose: 'runs real workflows (test/e2e)',
    version: '0.2.89',
    candidates: [join(BIN, `act${SUFFIX}`)],
    versionFlag: '--version',
    install: [['go', 'install', 'github.com/nektos/act@v0.2.89']],
    needs: 'Go',
  },
  actionlint: {
    purpose: 'lints workflows',
    version: '1.7.12',
    candidates: [join(BIN, `actionlint${SUFFIX}`)],
    versionFlag: '-version',
    install: [['go', 'install', 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12']],
    needs: 'Go',
  },
  zizmor: {
    purpose: 'audits workflows and actions for security',
    version: '1.32.0',
    candidates: [join(VENV_BIN, `zizmor${SUFFIX}`)],
    versionFlag: '--version',
    install: [
      ['python3', '-m', 'venv', VENV],
      [join(VENV_BIN, `python${SUFFIX}`), '-m', 'pip', 'install', '--quiet', 'zizmor==1.32.0'],
    ],
    needs: 'Python 3 with venv',
  },
  chromium: {
    purpose: 'opens the HTML report (test/browser)',
    version: undefined,
    candidates: [
      ...(process.env['CHROMIUM'] === undefined ? [] : [process.env['CHROMIUM']]),
      ...CHROME_NAMES,
    ],
    versionFlag: '--version',
    install: [aptGet('update', '-qq'), aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium')],
    needs: 'apt, or a Chrome on the PATH or in the variable CHROMIUM',
  },
};

function run([program, ...words]: readonly [string, ...string[]]): SpawnSyncReturns<string> {
  return spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, GOBIN: BIN, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function missing(name: ToolName, why: string): FoundTool {
  const { purpose, version, needs } = TOOLS[name];
  const wanted = version === undefined ? name : `${name} ${version}`;
  return { kind: 'missing', reason: `${wanted}, which ${purpose}, ${why}; it needs ${needs}` };
}

/** The tool in its version, or why it is not there. Installs nothing. */
export function findTool(name: ToolName): FoundTool {
  const { candidates, version, versionFlag } = TOOLS[name];
  let other = '';
  for (const path of candidates) {
    const { status, stdout } = run([path, versionFlag]);
    const found = status === 0 ? /\d+(?:\.\d+)+/u.exec(stdout)?.[0] : undefined;
    if (found !== undefined && (version === undefined || version === found)) {
      return { kind: 'found', path, version: found };
    }
    if (found !== undefined) other = ` (found ${found})`;
  }
  return missing(name, `is not installed${other}`);
}

/** Finds the tool, or installs it and finds it then. */
export function ensureTool(name: ToolName): FoundTool {
  const present = findTool(name);
  if (present.kind === 'found') return present;
  mkdirSync(BIN, { recursive: true });
  for (const command of TOOLS[name].install) {
    const { status, stderr, error } = run(command);
    if (status !== 0) {
      const detail = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
      return missing(name, `could not be installed (${command.join(' ')}: ${detail})`);
    }
  }
  return findTool(name);
}
