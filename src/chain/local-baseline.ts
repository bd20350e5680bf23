import { tmpdir } from 'node:os';
import { findBaseline, type BaselineFound, type FileEvidence } from '../baseline/find-baseline.ts';
import { findWantedCommit } from '../baseline/wanted-commit.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError, WorldError } from '../evidence/errors.ts';
import { openGitStore } from '../platform/git-ref-store.ts';
import {
  findCurrentBranch,
  findMainRef,
  hasChanges,
  listRemotes,
  openGit,
  resolveCommit,
  type Git,
} from '../platform/git.ts';
import { openGitHistory } from '../platform/history.ts';
import { MLGATE_IDENTITY, type RefStore } from '../platform/ref-store.ts';
import type { BaselineConfig } from '../schemas/config.generated.ts';
import type { EvidenceSource } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const BYTES_PER_MEGABYTE = 1_000_000;

/** Largest outcomes of one model that are read or kept, in bytes. */
export function maxOutcomesBytes(baseline: BaselineConfig): number {
  return baseline['outcomes-megabytes'] * BYTES_PER_MEGABYTE;
}

/** A clone, with the refs where its baselines are: those of the remote `origin`, or else its own. */
export interface Clone {
  readonly git: Git;
  readonly store: RefStore;
  readonly remote: string | undefined;
  readonly head: string;
}

/** The clone that a folder is in; undefined if it is in none, or has no commit yet. */
export async function openClone(folder: string, environment: Environment): Promise<Clone | undefined> {
  const git = openGit(folder, environment);
  const head = await resolveHead(git);
  if (head === undefined) return undefined;
  const remote = (await listRemotes(git)).find((name) => name === 'origin');
  return { git, store: openStore(git, remote, environment), remote, head };
}

function openStore(git: Git, remote: string | undefined, environment: Environment): RefStore {
  const temporaryFolder = environment['RUNNER_TEMP'] ?? tmpdir();
  return openGitStore({ git, remote, identity: MLGATE_IDENTITY, temporaryFolder });
}

/** The same, where nothing can be done without one. Throws a UserError. */
export async function requireClone(folder: string, environment: Environment): Promise<Clone> {
  const clone = await openClone(folder, environment);
  if (clone !== undefined) return clone;
  throw new UserError('This folder is in no git repository with a commit.', {
    help: 'Go into a clone, or make one: `git init`, then commit.',
  });
}

/** A folder outside git is no mistake here: there is just no history to compare with. */
async function resolveHead(git: Git): Promise<string | undefined> {
  try {
    return await resolveCommit(git, 'HEAD');
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What evidence made on this machine says of where it comes from. The commit only if nothing was changed since. */
export async function readLocalSource(folder: string, environment: Environment): Promise<EvidenceSource> {
  const clone = await openClone(folder, environment);
  if (clone === undefined || (await hasChanges(clone.git))) return {};
  const branch = await findCurrentBranch(clone.git);
  return { commit: clone.head, ...(branch === undefined ? {} : { ref: `refs/heads/${branch}` }) };
}

interface LocalSearch {
  readonly parsed: ParsedConfig;
  /** Absolute: the config's folder. */
  readonly folder: string;
  readonly environment: Environment;
  readonly files: Pick<ChainEffects, 'readText'>;
}

/** The baseline as a clone knows it, by the ladder of the design; with `store: file`, the given file and nothing else. */
export async function findLocalBaseline(search: LocalSearch): Promise<BaselineFound> {
  const { baseline } = search.parsed.config;
  const file = readGivenEvidence(baseline, search.files);
  const clone = baseline.store === 'file' ? undefined : await openClone(search.folder, search.environment);
  if (clone === undefined) return await findGiven(baseline, file);
  try {
    return await searchClone(clone, baseline, file);
  } catch (error) {
    if (!(error instanceof WorldError) || clone.remote === undefined) throw error;
    // Off the network, what the clone itself has is better than nothing; the report says that it was all there was.
    const own = openStore(clone.git, undefined, search.environment);
    return sayOffline(await searchClone({ ...clone, store: own }, baseline, file), clone.remote, error);
  }
}

/** Longest reason that evidence holds, in characters. */
const MAX_REASON = 2000;

/** A remote that cannot be reached must not look like one without baselines. */
function sayOffline(found: BaselineFound, remote: string, cause: WorldError): BaselineFound {
  const reason = `The remote \`${remote}\` could not be read, so only this clone was searched: ${cause.message}`;
  const others = found.used.tried.filter((tried) => found.used.rung !== 'none' || tried.rung !== 'exact');
  const tried = [{ rung: 'exact' as const, reason: reason.slice(0, MAX_REASON) }, ...others];
  return { ...found, used: { ...found.used, tried } };
}

type ReadFile = (() => Promise<FileEvidence>) | undefined;

function readGivenEvidence(baseline: BaselineConfig, files: Pick<ChainEffects, 'readText'>): ReadFile {
  const path = baseline.evidence;
  if (path === undefined) return undefined;
  return async () => ({ path, content: await files.readText(path), outcomes: new Map() });
}

async function searchClone(clone: Clone, baseline: BaselineConfig, file: ReadFile): Promise<BaselineFound> {
  const { git, store, head } = clone;
  const history = openGitHistory(git);
  const mainRef = await findMainRef(git, {
    ...(baseline.main === undefined ? {} : { main: baseline.main }),
    ...(clone.remote === undefined ? {} : { remote: clone.remote }),
  });
  const mainTip = mainRef === undefined ? undefined : await resolveCommit(git, mainRef);
  const changed = await hasChanges(git);
  return await findBaseline({
    store: { refs: store, branch: baseline.branch },
    history,
    wanted: await findWantedCommit({ commit: head, changed, mainTip }, history),
    tested: changed ? undefined : head,
    mainTip,
    expected: baseline.main === undefined ? {} : { main: baseline.main },
    artifact: undefined,
    file,
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
}

/** Outside a clone, or where the config says so: the given file or nothing. */
async function findGiven(baseline: BaselineConfig, file: ReadFile): Promise<BaselineFound> {
  const reason =
    baseline.store === 'file'
      ? 'The config asks for a file (`baseline.store: file`).'
      : 'This folder is in no git repository with a commit.';
  return await findBaseline({
    store: undefined,
    history: {
      firstParents: async () => [],
      parentsOf: async () => undefined,
      mergeBase: async () => undefined,
    },
    wanted: { kind: 'unknown', reason },
    tested: undefined,
    mainTip: undefined,
    expected: {},
    artifact: undefined,
    file,
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
}
