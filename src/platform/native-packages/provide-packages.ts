import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError, WorldError } from '../../evidence/errors.ts';
import type { FolderCache } from './actions-cache.ts';
import { choosePins } from './choose-platform.ts';
import type { FetchPackages } from './fetch-packages.ts';
import type { NativePins, PlatformPins } from './pins.ts';
import { inspectFolder, writeList } from './verify-files.ts';

export interface ProvideRequest {
  readonly pins: NativePins;
  /** As `detectPlatform` says it. */
  readonly platform: string;
  /** Folder that keeps packages between runs. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly remark: (line: string) => void;
  readonly fetchPackages: FetchPackages;
  /** Keeps packages between jobs; `folder` is where it fills and reads them, the same in every job. */
  readonly between: { readonly cache: FolderCache; readonly folder: string } | undefined;
}

/** A request with what follows from it. */
interface Provision extends ProvideRequest {
  readonly chosen: PlatformPins;
  /** Where the packages are in the end. */
  readonly entry: string;
  readonly key: string;
}

/**
 * The absolute path of a native part's main package: from the cache if every file there is what this program pins,
 * else restored from the cache between jobs, else fetched. Nothing is ever in the cache under its name that was not
 * verified first, and two processes may do this at once. Throws a UserError for an unsupported platform, and a
 * WorldError if the packages cannot be had.
 */
export async function providePackages(request: ProvideRequest): Promise<string> {
  const { pins, platform, root, remark } = request;
  const chosen = choosePins(pins, platform);
  const entry = join(root, 'mlgate', pins.folder, chosen.version, platform);
  const key = `mlgate-${pins.folder}-${chosen.version}-${platform}-${chosen.files}`;
  const main = join(entry, 'node_modules', ...pins.main.split('/'));
  try {
    const found = await inspectFolder(entry, chosen.files);
    if (found.kind === 'sound') return main;
    if (found.kind === 'refused') {
      remark(`${pins.title} in ${entry} is not used, and is put there again: ${found.why}.`);
    }
    await fillEntry({ ...request, chosen, entry, key });
    return main;
  } catch (error) {
    if (error instanceof UserError || error instanceof WorldError) throw error;
    throw new WorldError(`${pins.title} could not be kept in ${root}: ${describe(error)}`, {
      cause: error,
      help: 'Make room there and let this user write there, or name another folder: RUNNER_TOOL_CACHE.',
    });
  }
}

async function fillEntry(provision: Provision): Promise<void> {
  const parent = dirname(dirname(provision.entry));
  await mkdir(parent, { recursive: true });
  const staging = await mkdtemp(join(parent, '.new-'));
  try {
    const packages = join(staging, 'packages');
    const restored = await restorePackages(provision, packages);
    if (restored !== 'restored') await fetchVerified(provision, packages);
    await placePackages(provision, packages, staging);
    if (restored === 'absent') await savePackages(provision);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function fetchVerified(provision: Provision, folder: string): Promise<void> {
  const { pins, chosen, remark, environment } = provision;
  const megabytes = Math.round(chosen.packedBytes / 1e6);
  remark(`Fetching ${pins.title} ${chosen.version} through npm (${megabytes} MB).`);
  const { packages, keep } = chosen;
  await provision.fetchPackages({ title: pins.title, packages, keep, folder, environment });
  if ((await writeList(folder)) !== chosen.files) {
    throw new WorldError(
      `${pins.title} was refused: npm unpacked other files than this version of mlgate knows.`,
      {
        help: 'Check the npm that is used (`npm --version`) and its registry: something changed the packages.',
      },
    );
  }
}

/** Only where nothing was there is something saved: a key is written once, and a service that is down stays down. */
type Restoring = 'restored' | 'absent' | 'failed';

/**
 * The cache between jobs is filled by other runs, so what it holds is copied and verified before it gets its name in
 * the cache. Whatever goes wrong is a remark.
 */
async function restorePackages(provision: Provision, target: string): Promise<Restoring> {
  const { pins, chosen, between, key, remark } = provision;
  if (between === undefined) return 'failed';
  try {
    await rm(between.folder, { recursive: true, force: true });
    if (!(await between.cache.restore(between.folder, key))) return 'absent';
    await cp(between.folder, target, { recursive: true, verbatimSymlinks: true });
    const restored = await inspectFolder(target, chosen.files);
    if (restored.kind === 'sound') return 'restored';
    const why = restored.kind === 'refused' ? restored.why : 'it is empty';
    remark(`${pins.title} from the Actions cache is not used: ${why}.`);
  } catch (error) {
    remark(`${pins.title} could not be restored from the Actions cache: ${describe(error)}`);
  } finally {
    await rm(between.folder, { recursive: true, force: true });
  }
  await rm(target, { recursive: true, force: true });
  return 'failed';
}

async function savePackages({ pins, between, entry, key, remark }: Provision): Promise<void> {
  if (between === undefined) return;
  try {
    await cp(entry, between.folder, { recursive: true });
    await between.cache.save(between.folder, key);
  } catch (error) {
    remark(`${pins.title} could not be saved in the Actions cache: ${describe(error)}`);
  } finally {
    await rm(between.folder, { recursive: true, force: true });
  }
}

/** Gives verified packages their name, in one step. Another process may have been faster, or what is there unsound. */
async function placePackages({ chosen, entry }: Provision, packages: string, staging: string): Promise<void> {
  await mkdir(dirname(entry), { recursive: true });
  try {
    await rename(packages, entry);
  } catch (error) {
    const there = await inspectFolder(entry, chosen.files);
    if (there.kind === 'absent') throw error;
    if (there.kind === 'sound') return;
    await rename(entry, join(staging, 'refused'));
    await rename(packages, entry);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
