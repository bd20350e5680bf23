/** Where native parts are: ordinary dependencies for who installed mlgate from npm, or fetched and verified. */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DUCKDB_PINS, ONNX_RUNTIME_PINS } from './native-pins.generated.ts';
import type { FolderCache } from './native-packages/actions-cache.ts';
import { detectPlatform } from './native-packages/choose-platform.ts';
import { type FetchPackages, fetchPackages } from './native-packages/fetch-packages.ts';
import { findCacheRoot } from './native-packages/find-cache-root.ts';
import type { NativePins } from './native-packages/pins.ts';
import { providePackages } from './native-packages/provide-packages.ts';

export interface PinnedLocating {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes a line without its end. */
  readonly remark: (line: string) => void;
  /** Keeps packages between jobs: `openActionsCache`. Only used where there is a RUNNER_TEMP. */
  readonly cache?: FolderCache | undefined;
}

export interface Locating extends PinnedLocating {
  /** The program that will load it; Node looks from there. */
  readonly engineWorker: string;
}

/** What a test replaces. */
export interface NativeMeans {
  readonly pins: NativePins;
  readonly platform: string;
  readonly fetchPackages: FetchPackages;
}

/**
 * For the command line: undefined where Node finds DuckDB and its binary by itself, else the pinned packages.
 * Throws as `locatePinnedDuckdb` does.
 */
export async function locateDuckdb(
  locating: Locating,
  means: NativeMeans = usualMeans(DUCKDB_PINS),
): Promise<string | undefined> {
  return isInstalled(locating.engineWorker, means) ? undefined : await locatePinnedDuckdb(locating, means);
}

/**
 * For an action: the absolute path of the pinned `@duckdb/node-api`, every file of it and of what it loads verified
 * just now; fetched if it is not in the cache. Throws a UserError on an unsupported platform, a WorldError if the
 * packages cannot be fetched or kept.
 */
export async function locatePinnedDuckdb(
  locating: PinnedLocating,
  means: NativeMeans = usualMeans(DUCKDB_PINS),
): Promise<string> {
  return await locatePinned(locating, means);
}

/**
 * The same for `onnxruntime-node`, which nobody installs with mlgate: one package holds the binaries of every
 * platform (114 MB to fetch), of which this platform's are kept.
 */
export async function locateOnnxRuntime(
  locating: PinnedLocating,
  means: NativeMeans = usualMeans(ONNX_RUNTIME_PINS),
): Promise<string> {
  return await locatePinned(locating, means);
}

async function locatePinned(
  { environment, remark, cache }: PinnedLocating,
  { pins, platform, fetchPackages }: NativeMeans,
): Promise<string> {
  const temporary = environment['RUNNER_TEMP'];
  return await providePackages({
    pins,
    platform,
    root: findCacheRoot({ environment, platform: process.platform, home: homedir() }),
    environment,
    remark,
    fetchPackages,
    between:
      cache === undefined || temporary === undefined
        ? undefined
        : { cache, folder: join(temporary, `mlgate-${pins.folder}`) },
  });
}

function usualMeans(pins: NativePins): NativeMeans {
  return { pins, platform: detectPlatform(), fetchPackages };
}

/** A package manager may have left out the platform's binary, so that is looked for too. */
function isInstalled(program: string, { pins, platform }: NativeMeans): boolean {
  const chain = [pins.main, '@duckdb/node-bindings', `@duckdb/node-bindings-${platform}/duckdb.node`];
  try {
    chain.reduce((from, specifier) => createRequire(from).resolve(specifier), program);
    return true;
  } catch {
    return false;
  }
}
