/**
 * Generates src/platform/native-pins.generated.ts: for every platform the exact packages of each native part with
 * their integrity, and the digest of all files in them. The packages are fetched through npm by the very code that
 * fetches them for users; those that package-lock.json names must be what it says.
 *
 * A registry may lack the newest version for a platform; then the newest before it is pinned there and named on
 * standard error. `--check` needs no network and fails if the lockfile names another version or integrity. Without
 * it, nothing is fetched if that check passes, unless `--fetch` is given.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const ONNX_RUNTIME = 'onnxruntime-node';
const ONNX_RUNTIME_COMMON = 'onnxruntime-common';
/** No dependency of mlgate, so no lockfile names it: this line does. */
const ONNX_RUNTIME_VERSION = '1.30.0';
const ONNX_RUNTIME_PLATFORMS = ['darwin-arm64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];

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

/** What is to be pinned on one platform. */
interface WantedPackages {
  readonly version: string;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly keep?: readonly string[];
}

/** A native part: what is written of it, and how its packages are chosen. */
interface NativePart {
  readonly constant: string;
  readonly doc: string;
  readonly pins: Omit<NativePins, 'platforms'>;
  readonly platforms: readonly string[];
  readonly choose: (platform: string) => Promise<WantedPackages>;
  /** What is wrong with the pins of a platform; empty if they are those that are wanted. */
  readonly findFaults: (platform: string, pinned: PlatformPins) => readonly string[];
}

const duckdb: NativePart = {
  constant: 'DUCKDB_PINS',
  doc: "DuckDB's packages by platform.",
  pins: { title: 'DuckDB', use: 'reads tables with it', folder: 'duckdb', main: MAIN },
  platforms: Object.keys(needLocked(BINDINGS).optionalDependencies ?? {})
    .map((name) => name.slice(`${BINDINGS}-`.length))
    .toSorted(),
  choose: async (platform) => {
    const version = await findVersion(platform);
    const ownNames = [MAIN, BINDINGS, `${BINDINGS}-${platform}`];
    const own = ownNames.map((name) => ({ name, version }));
    const detector = { name: LIBRARY_DETECTOR, version: needLocked(LIBRARY_DETECTOR).version };
    return { version, packages: platform.startsWith('linux') ? [...own, detector] : own };
  },
  findFaults: (platform, { packages }) => {
    const lagging = lock.packages[`node_modules/${BINDINGS}-${platform}`] === undefined;
    return packages.flatMap(({ name, version, integrity }) => {
      const locked = lock.packages[`node_modules/${name}`];
      if (locked === undefined || (lagging && locked.version !== version)) return [];
      return locked.version === version && locked.integrity === integrity
        ? []
        : [`${name} for ${platform} is not what package-lock.json names`];
    });
  },
};

/** Its other dependencies serve a script that installs GPU libraries, which is never run. */
const onnxRuntime: NativePart = {
  constant: 'ONNX_RUNTIME_PINS',
  doc: "ONNX Runtime's packages by platform.",
  pins: {
    title: 'ONNX Runtime',
    use: 'runs ONNX models with it',
    folder: 'onnxruntime',
    main: ONNX_RUNTIME,
  },
  platforms: ONNX_RUNTIME_PLATFORMS,
  choose: async (platform) =>
    await Promise.resolve({
      version: ONNX_RUNTIME_VERSION,
      packages: [ONNX_RUNTIME, ONNX_RUNTIME_COMMON].map((name) => ({ name, version: ONNX_RUNTIME_VERSION })),
      keep: [
        `${ONNX_RUNTIME}/package.json`,
        `${ONNX_RUNTIME}/dist`,
        `${ONNX_RUNTIME}/bin/napi-v6/${platform.replace('-', '/')}`,
        `${ONNX_RUNTIME_COMMON}/package.json`,
        `${ONNX_RUNTIME_COMMON}/dist/cjs`,
      ],
    }),
  findFaults: (platform, { version }) =>
    version === ONNX_RUNTIME_VERSION
      ? []
      : [`ONNX Runtime for ${platform} is ${version}, not ${ONNX_RUNTIME_VERSION}`],
};

const PARTS = [duckdb, onnxRuntime];

/** What is wrong with the pins that are there; empty if they fit. */
function findFaults(module: Readonly<Record<string, NativePins | undefined>>): readonly string[] {
  return PARTS.flatMap(({ constant, pins: { title }, platforms, findFaults: findIn }) =>
    platforms.flatMap((platform) => {
      const pinned = module[constant]?.platforms[platform];
      return pinned === undefined
        ? [`there are no pins of ${title} for ${platform}`]
        : findIn(platform, pinned);
    }),
  );
}

async function readPins(): Promise<Readonly<Record<string, NativePins | undefined>>> {
  return existsSync(PATH) ? await import('../src/platform/native-pins.generated.ts') : {};
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
  const wanted = needLocked(MAIN).version;
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

async function pinPlatform({ pins: { title }, choose }: NativePart, platform: string): Promise<PlatformPins> {
  const { version, packages: wanted, keep } = await choose(platform);
  const described = [];
  for (const { name, version: own } of wanted) described.push(await describePackage(name, own));
  const packages = described.map(({ name, version: own, integrity }) => ({ name, version: own, integrity }));
  const temporary = mkdtempSync(join(tmpdir(), 'native-pins-'));
  try {
    const folder = join(temporary, 'packages');
    await fetchPackages({ title, packages, keep, folder, environment: process.env });
    for (const path of keep ?? [])
      if (!existsSync(join(folder, 'node_modules', path))) throw new Error(`${title} lacks ${path}.`);
    console.log(
      `${title}, ${platform}: ${version}, ${(await listFiles(folder)).split('\n').length - 1} files`,
    );
    const files = await writeList(folder);
    const packedBytes = described.reduce((sum, { bytes }) => sum + bytes, 0);
    return { version, packages, files, packedBytes, ...(keep === undefined ? {} : { keep }) };
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

async function writePart(part: NativePart): Promise<string> {
  const platforms: Record<string, PlatformPins> = {};
  for (const platform of part.platforms) platforms[platform] = await pinPlatform(part, platform);
  const pins: NativePins = { ...part.pins, platforms };
  return `/** ${part.doc} */
export const ${part.constant}: NativePins = ${JSON.stringify(pins, undefined, 2)};
`;
}

async function generatePins(): Promise<void> {
  const written = [];
  for (const part of PARTS) written.push(await writePart(part));
  writeFileSync(
    PATH,
    `// Generated from package-lock.json and the packages themselves by scripts/generate-native-pins.ts. Do not edit.
import type { NativePins } from './native-packages/pins.ts';

${written.join('\n')}`,
  );
}

const faults = findFaults(await readPins());
if (process.argv.includes('--check')) {
  if (faults.length > 0) {
    console.error(`${PATH} is out of date, run npm run generate:\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
} else if (faults.length > 0 || process.argv.includes('--fetch')) {
  await generatePins();
}
