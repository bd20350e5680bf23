import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorldError } from '../../evidence/errors.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { findNpm } from './find-npm.ts';
import { keepFiles } from './keep-files.ts';
import type { PinnedPackage } from './pins.ts';

export interface FetchRequest {
  /** For messages: `DuckDB`. */
  readonly title: string;
  readonly packages: readonly PinnedPackage[];
  /** As in `PlatformPins`. */
  readonly keep?: readonly string[] | undefined;
  /** Does not exist yet; afterwards it holds `node_modules` and nothing else. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type FetchPackages = (request: FetchRequest) => Promise<void>;

/** The whole of npm's work, also if its registry does not answer. */
const NPM_TIMEOUT_MILLISECONDS = 300_000;
const REQUEST_TIMEOUT_MILLISECONDS = 60_000;
const MAX_OUTPUT_BYTES = 1_000_000;

/** Nothing runs, nothing is reported anywhere, and no setting of a workspace changes what is written where. */
const NPM_ARGUMENTS: readonly string[] = [
  'ci',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--no-bin-links',
  '--no-progress',
  '--no-dry-run',
  '--no-package-lock-only',
  '--no-global',
  '--no-workspaces',
  '--install-strategy=hoisted',
  '--loglevel=error',
  '--prefer-offline',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
  `--fetch-timeout=${REQUEST_TIMEOUT_MILLISECONDS}`,
];

/** Inputs and tokens of the step, and what narrows npm to a workspace of the folder that it was started in. */
const WITHHELD = /^(?:INPUT_|ACTIONS_|GITHUB_TOKEN$|npm_config_workspaces?$)/iu;

/**
 * Fetches packages through the npm client into a new folder. npm is given a lockfile with their versions and
 * integrity and no addresses, so that the user's own npm configuration decides where they come from, and npm itself
 * refuses what does not fit. Throws a WorldError, within about five minutes at worst.
 */
export async function fetchPackages({
  title,
  packages,
  keep,
  folder,
  environment,
}: FetchRequest): Promise<void> {
  const npm = await findNpm({ environment, node: process.execPath, platform: process.platform });
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify(makePackage(packages)));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(makeLockfile(packages)));
  const result = await runCommand(npm.program, [...npm.args, ...NPM_ARGUMENTS], {
    directory: folder,
    env: Object.fromEntries(Object.entries(environment).filter(([name]) => !WITHHELD.test(name))),
    maxOutputBytes: MAX_OUTPUT_BYTES,
    timeoutMs: NPM_TIMEOUT_MILLISECONDS,
    installHelp: 'Install Node with npm.',
  }).catch((error: unknown) => {
    throw new WorldError(`${title} could not be fetched through npm: ${describe(error)}`, {
      cause: error,
      help: CHECK_NETWORK,
    });
  });
  if (result.code !== 0) throw explainRefusal(title, result);
  for (const name of ['package.json', 'package-lock.json', join('node_modules', '.package-lock.json')]) {
    await rm(join(folder, name), { force: true });
  }
  if (keep !== undefined) await keepFiles(join(folder, 'node_modules'), keep);
}

function makePackage(packages: readonly PinnedPackage[]) {
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  return { name: 'mlgate-native-packages', version: '0.0.0', private: true, dependencies };
}

/** Says nothing of what these packages depend on themselves: all that is needed is pinned beside them. */
function makeLockfile(packages: readonly PinnedPackage[]) {
  const entries = packages.map(
    ({ name, version, integrity }) => [`node_modules/${name}`, { version, integrity }] as const,
  );
  const { name, version, dependencies } = makePackage(packages);
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, dependencies }, ...Object.fromEntries(entries) },
  };
}

const CHECK_NETWORK =
  'Check the network, the proxy and the registry that npm is configured to use (`npm ping`), then run again. Where there is no network, fill the tool cache (RUNNER_TOOL_CACHE) beforehand; DuckDB also comes with mlgate from npm, with its optional packages.';

function explainRefusal(title: string, { code, stderr }: CommandResult): WorldError {
  const lines = stderr
    .split('\n')
    .filter((line) => /^npm (?:error|ERR!) /u.test(line))
    .map((line) => line.replace(/^npm (?:error|ERR!) /u, '').trim());
  const reason = lines.find((line) => line.startsWith('code '))?.slice('code '.length) ?? `exit code ${code}`;
  const detail = lines.find((line) => line !== '' && !/^(?:code|syscall|errno|path) /u.test(line)) ?? '';
  if (reason === 'EINTEGRITY') {
    return new WorldError(
      `${title} was refused: what npm received is not what this version of mlgate pins. ${detail}`,
      {
        help: 'Check the registry that npm is configured to use: it, or something on the way, changed the package.',
      },
    );
  }
  return new WorldError(`${title} could not be fetched through npm (${reason}): ${detail}`, {
    help: /^(?:E404|ETARGET|ENOVERSIONS)$/u.test(reason)
      ? 'The registry that npm is configured to use lacks this version, or npm is told to wait for packages to age: let it have this version.'
      : CHECK_NETWORK,
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
