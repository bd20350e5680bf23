import { boundSentence } from '../evidence/bound-text.ts';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { openChampionResort, type Champion } from '../baseline/champion.ts';
import type { Expectation } from '../baseline/check-candidate.ts';
import { findBaseline, type BaselineFound } from '../baseline/find-baseline.ts';
import { openGivenFile } from '../baseline/given-file.ts';
import { listResorts, usesBranch, type Place } from '../baseline/ladder.ts';
import type { Resort } from '../baseline/resort.ts';
import { findWantedCommit } from '../baseline/wanted-commit.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError, WorldError } from '../evidence/errors.ts';
import { openGitStore } from '../platform/git-ref-store.ts';
import {
  findCurrentBranch,
  findMainRef,
  findRoot,
  hasChanges,
  listRemotes,
  openGit,
  readCommitTime,
  readPrefix,
  resolveCommit,
  type Git,
} from '../platform/git.ts';
import { openGitHistory, type History } from '../platform/history.ts';
import { connectMlflow } from '../platform/mlflow.ts';
import { MLGATE_IDENTITY, type RefStore } from '../platform/ref-store.ts';
import type { BaselineConfig } from '../schemas/config.generated.ts';
import type { EvidenceSource } from '../schemas/evidence.generated.ts';
import type { ChainEffects, ChainResult } from './chain.ts';
import { openHistoryResort } from './history-baseline.ts';
import type { KeptFiles } from './measure-files.ts';
import { openMlflowResort } from './mlflow-baseline.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const NO_REPOSITORY = 'This folder is in no git repository with a commit.';

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
  throw new UserError(NO_REPOSITORY, {
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

/**
 * What evidence made on this machine says of where it comes from. The commit only if nothing was changed since.
 * `configPath`: absolute.
 */
export async function readLocalSource(configPath: string, environment: Environment): Promise<EvidenceSource> {
  const clone = await openClone(dirname(configPath), environment);
  if (clone === undefined || (await hasChanges(clone.git))) return {};
  const branch = await findCurrentBranch(clone.git);
  return {
    commit: clone.head,
    ...(branch === undefined ? {} : { ref: `refs/heads/${branch}` }),
    config: await nameConfig(clone, configPath),
  };
}

/** How evidence names the config of a clone that was opened at the config's folder: its path from the repository's root. */
export async function nameConfig({ git }: Pick<Clone, 'git'>, configPath: string): Promise<string> {
  return `${await readPrefix(git)}${basename(configPath)}`;
}

/** What a search for a baseline takes besides the repository. */
export interface BaselineTools {
  /** Measures files of another tool's history as the candidate's are. */
  readonly measure: (parsed: ParsedConfig, kept: KeptFiles) => Promise<ChainResult>;
  /** The model that the promotion ledger in a store names at a stage. */
  readonly findChampion: (
    store: Pick<RefStore, 'resolve' | 'readFile'>,
    model: string,
    stage: string,
  ) => Promise<Champion>;
}

interface LocalSearch {
  readonly parsed: ParsedConfig;
  /** Absolute: the config's folder. */
  readonly folder: string;
  readonly environment: Environment;
  readonly files: Pick<ChainEffects, 'readText'>;
  readonly tools: BaselineTools;
}

/** The baseline as a clone knows it, by the ladder of the config's store. */
export async function findLocalBaseline(search: LocalSearch): Promise<BaselineFound> {
  const { baseline } = search.parsed.config;
  const clone = baseline.store === 'file' ? undefined : await openClone(search.folder, search.environment);
  if (clone === undefined) return await findOutsideClone(search);
  try {
    return await searchClone(search, clone);
  } catch (error) {
    if (!(error instanceof WorldError) || clone.remote === undefined || !usesBranch(baseline)) throw error;
    // Off the network, what the clone itself has is better than nothing; the report says that it was all there was.
    const own = openStore(clone.git, undefined, search.environment);
    return sayOffline(await searchClone(search, { ...clone, store: own }), clone.remote, error);
  }
}

/** A remote that cannot be reached must not look like one without baselines. */
function sayOffline(found: BaselineFound, remote: string, cause: WorldError): BaselineFound {
  const reason = `The remote \`${remote}\` could not be read, so only this clone was searched: ${cause.message}`;
  const others = found.used.tried.filter((tried) => found.used.rung !== 'none' || tried.rung !== 'exact');
  const tried = [{ rung: 'exact' as const, reason: boundSentence(reason) }, ...others];
  return { ...found, used: { ...found.used, tried } };
}

/** What is the same wherever a search runs: the given file and MLflow's run. */
export function openCommonResorts(
  { parsed, environment, files, tools }: Omit<LocalSearch, 'folder'>,
  expected: Expectation,
): Readonly<Partial<Record<Place, Resort>>> {
  const { baseline } = parsed.config;
  const { evidence, mlflow } = baseline;
  return {
    ...(evidence === undefined ? {} : { file: openGivenFile(evidence, files.readText) }),
    ...(mlflow === undefined
      ? {}
      : {
          mlflow: openMlflowResort({
            parsed,
            settings: mlflow,
            connect: () => connectMlflow(environment),
            expected,
            maxOutcomesBytes: maxOutcomesBytes(baseline),
            measure: async (kept) => await tools.measure(parsed, kept),
          }),
        }),
  };
}

/** The champion of the stage that the config names, if it names one. */
export function openConfiguredChampion(
  { parsed, tools }: Pick<LocalSearch, 'parsed' | 'tools'>,
  store: RefStore,
  expected: Expectation,
): Readonly<Partial<Record<Place, Resort>>> {
  const { config } = parsed;
  const { champion, branch } = config.baseline;
  if (champion === undefined) return {};
  const resort = openChampionResort({
    store,
    branch,
    expected,
    stage: champion,
    models: Object.keys(config.models ?? {}),
    findChampion: async (model, stage) => await tools.findChampion(store, model, stage),
    maxOutcomesBytes: maxOutcomesBytes(config.baseline),
  });
  return { champion: resort };
}

async function searchClone(search: LocalSearch, clone: Clone): Promise<BaselineFound> {
  const { parsed, tools } = search;
  const { baseline } = parsed.config;
  const { git, store, head } = clone;
  const history = openGitHistory(git);
  const mainRef = await findMainRef(git, {
    ...(baseline.main === undefined ? {} : { main: baseline.main }),
    ...(clone.remote === undefined ? {} : { remote: clone.remote }),
  });
  const mainTip = mainRef === undefined ? undefined : await resolveCommit(git, mainRef);
  const changed = await hasChanges(git);
  const wanted = await findWantedCommit({ commit: head, changed, mainTip }, history);
  const expected = baseline.main === undefined ? {} : { main: baseline.main };
  const open = {
    ...openCommonResorts(search, expected),
    ...openConfiguredChampion(search, store, expected),
    dvc: openHistoryResort({
      parsed,
      wanted,
      history,
      store,
      timeOf: async (commit) => await readCommitTime(git, commit),
      prefix: await readPrefix(git),
      root: await findRoot(git),
      measure: async (kept) => await tools.measure(parsed, kept),
    }),
  };
  return await findBaseline({
    store: usesBranch(baseline) ? { refs: store, branch: baseline.branch } : undefined,
    history,
    wanted,
    tested: changed ? undefined : head,
    findMainTip: async () => await Promise.resolve(mainTip),
    expected,
    resorts: listResorts(baseline, open),
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
}

/** Outside a clone, or where the config says so: what needs none. */
async function findOutsideClone(search: LocalSearch): Promise<BaselineFound> {
  const { baseline } = search.parsed.config;
  const found = await findBaseline({
    store: undefined,
    history: NO_HISTORY,
    wanted: { kind: 'unknown', reason: NO_REPOSITORY },
    tested: undefined,
    findMainTip: async () => await Promise.resolve(undefined),
    expected: {},
    resorts: listResorts(baseline, openCommonResorts(search, {})),
    maxOutcomesBytes: maxOutcomesBytes(baseline),
  });
  if (!usesBranch(baseline)) return found;
  const tried = [{ rung: 'exact' as const, reason: NO_REPOSITORY }, ...found.used.tried];
  return { ...found, used: { ...found.used, tried } };
}

const NO_HISTORY: History = {
  walk: async function* () {},
  parentsOf: async () => await Promise.resolve(undefined),
  mergeBase: async () => await Promise.resolve(undefined),
  horizon: async () => await Promise.resolve(undefined),
};
