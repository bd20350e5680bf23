/**
 * Generates src/platform/native-pins.generated.ts: for every platform the exact packages of DuckDB with their
 * integrity, and the digest of all files in them. The packages are fetched through npm by the very code that fetches
 * them for users; those that package-lock.json names must be what it says.
 *
 * A registry may lack the newest version for a platform; then the newest before it is pinned there and named on
 * standard error. `--check` needs no network and fails if the lockfile names another version or integrity. Without
 * it, nothing is fetched if that check passes, unless `--fetch` is given.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import semver from 'semver';
import { fetchPackages } from '../src/platform/native-packages/fetch-packages.ts';
import { findNpm } from '../src/platform/native-packages/find-npm.ts';
import type { NativePins, PinnedPackage, PlatformPins } from '../src/platform/native-packages/pins.ts';
import { listFiles, writeList } from '../src/platform/native-packages/verify-files.ts';

const PATH = 'src/platform/native-pins.generated.ts';
const MAIN = '@duckdb/node-api';
const BINDINGS = '@duckdb/node-bindings';
/** Tells glibc from musl for the bindings, on Linux only. */
const LIBRARY_DETECTOR = 'detect-libc';

interface LockEntry {
  readonly version: string;
  readonly integrity: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockEntry | undefined>>;
};

function needLocked(name: string): LockEntry {
  const entry = lock.packages[`node_modules/${name}`];
  if (entry === undefined) throw new Error(`package-lock.json has no ${name}.`);
  return entry;
}

const wanted = needLocked(MAIN).version;
const platforms = Object.keys(needLocked(BINDINGS).optionalDependencies ?? {})
  .map((name) => name.slice(`${BINDINGS}-`.length))
  .toSorted();

/** What is wrong with the pins that are there; empty if they fit the lockfile. */
function findFaults(pins: NativePins): readonly string[] {
  return platforms.flatMap((platform) => {
    const pinned = pins.platforms[platform];
    if (pinned === undefined) return [`there are no pins for ${platform}`];
    const lagging = lock.packages[`node_modules/${BINDINGS}-${platform}`] === undefined;
    return pinned.packages.flatMap(({ name, version, integrity }) => {
      const locked = lock.packages[`node_modules/${name}`];
      if (locked === undefined || (lagging && locked.version !== version)) return [];
      return locked.version === version && locked.integrity === integrity
        ? []
        : [`${name} for ${platform} is not what package-lock.json names`];
    });
  });
}

async function readPins(): Promise<NativePins | undefined> {
  try {
    const module = (await import('../src/platform/native-pins.generated.ts')) as { DUCKDB_PINS: NativePins };
    return module.DUCKDB_PINS;
  } catch {
    return undefined;
  }
}

async function askNpm(args: readonly string[]): Promise<unknown> {
  const npm = await findNpm({
    environment: process.env,
    node: process.execPath,
    platform: process.platform,
  });
  const text = execFileSync(npm.program, [...npm.args, ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 50e6,
  });
  return JSON.parse(text) as unknown;
}

async function findVersion(platform: string): Promise<string> {
  const listed = (await askNpm(['view', `${BINDINGS}-${platform}`, 'versions'])) as readonly string[];
  const [newest] = listed.filter((version) => semver.lte(version, wanted)).sort(semver.rcompare);
  if (newest === undefined) throw new Error(`There is no ${BINDINGS}-${platform} up to ${wanted}.`);
  if (newest !== wanted) console.error(`${platform}: the registry has ${newest}, not ${wanted}.`);
  return newest;
}

async function describePackage(
  name: string,
  version: string,
): Promise<PinnedPackage & { readonly bytes: number }> {
  const [packed] = (await askNpm(['pack', '--dry-run', `${name}@${version}`])) as readonly {
    readonly integrity: string;
    readonly size: number;
  }[];
  if (packed === undefined) throw new Error(`npm says nothing of ${name}@${version}.`);
  const locked = lock.packages[`node_modules/${name}`];
  if (locked?.version === version && locked.integrity !== packed.integrity) {
    throw new Error(`${name}@${version} of the registry is not what package-lock.json names.`);
  }
  return { name, version, integrity: packed.integrity, bytes: packed.size };
}

async function pinPlatform(platform: string): Promise<PlatformPins> {
  const version = await findVersion(platform);
  const described = [
    await describePackage(MAIN, version),
    await describePackage(BINDINGS, version),
    await describePackage(`${BINDINGS}-${platform}`, version),
    ...(platform.startsWith('linux')
      ? [await describePackage(LIBRARY_DETECTOR, needLocked(LIBRARY_DETECTOR).version)]
      : []),
  ];
  const packages = described.map(({ name, version, integrity }) => ({ name, version, integrity }));
  const temporary = mkdtempSync(join(tmpdir(), 'native-pins-'));
  try {
    const folder = join(temporary, 'packages');
    await fetchPackages({ title: 'DuckDB', packages, folder, environment: process.env });
    console.log(`${platform}: ${version}, ${(await listFiles(folder)).split('\n').length - 1} files`);
    const files = await writeList(folder);
    return { version, packages, files, packedBytes: described.reduce((sum, { bytes }) => sum + bytes, 0) };
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

async function generatePins(): Promise<void> {
  const pinned: Record<string, PlatformPins> = {};
  for (const platform of platforms) pinned[platform] = await pinPlatform(platform);
  const pins: NativePins = { title: 'DuckDB', folder: 'duckdb', main: MAIN, platforms: pinned };
  writeFileSync(
    PATH,
    `// Generated from package-lock.json and the packages themselves by scripts/generate-native-pins.ts. Do not edit.
import type { NativePins } from './native-packages/pins.ts';

/** DuckDB's packages by platform. */
export const DUCKDB_PINS: NativePins = ${JSON.stringify(pins, undefined, 2)};
`,
  );
}

const present = await readPins();
const faults = present === undefined ? [`${PATH} is missing`] : findFaults(present);
if (process.argv.includes('--check')) {
  if (faults.length > 0) {
    console.error(`${PATH} is out of date, run npm run generate:\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
} else if (faults.length > 0 || process.argv.includes('--fetch')) {
  await generatePins();
}
