import { WorldError } from '../evidence/errors.ts';
import { MAX_FIRST_PARENTS, type History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { BaselineUsed, Evidence, RungTried } from '../schemas/evidence.generated.ts';
import { readRecordAt } from './baseline-log.ts';
import { checkCandidate, type Expectation } from './check-candidate.ts';
import { branchRef, RUNS_FOLDER } from './layout.ts';
import { readOutcomes } from './outcomes-store.ts';
import type { WantedCommit } from './wanted-commit.ts';

type Rung = RungTried['rung'];

/** Where the search looks, from the best place to the last resort. What is undefined is not looked at. */
export interface BaselineSearch {
  /** The branch with the evidence of main. */
  readonly store:
    | {
        readonly refs: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles' | 'listRefs'>;
        readonly branch: string;
      }
    | undefined;
  readonly history: History;
  readonly wanted: WantedCommit;
  /** The commit that is tested: never its own baseline. */
  readonly tested: string | undefined;
  /** Tip of main; undefined if main is not known. */
  readonly mainTip: string | undefined;
  readonly expected: Expectation;
  /** Evidence in an artifact of the last good run on main. */
  readonly artifact: (() => Promise<ArtifactEvidence>) | undefined;
  /** Evidence in a file of the repository. */
  readonly file: (() => Promise<FileEvidence>) | undefined;
  /** Largest outcomes of one model that are read, in bytes. */
  readonly maxOutcomesBytes: number;
}

/** What the last good run on main left. */
export type ArtifactEvidence =
  | {
      readonly kind: 'found';
      /** Names the artifact in messages. */
      readonly origin: string;
      readonly content: string | Uint8Array;
      /** As the API tells them: the artifact itself is only a claim. */
      readonly run: { readonly id: number; readonly headSha: string; readonly repositoryId: number };
      readonly outcomes: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly kind: 'none'; readonly reason: string };

export interface FileEvidence {
  /** Path relative to the config's folder. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
}

/** A baseline, or the reasons why there is none. */
export interface BaselineFound {
  readonly used: BaselineUsed;
  /** Undefined exactly if `used.rung` is `none`. */
  readonly evidence: Evidence | undefined;
  /** Stored outcomes by model; models whose outcomes are not kept are absent. */
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
}

interface Hit {
  readonly evidence: Evidence;
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
  readonly details: Partial<Pick<BaselineUsed, 'commit' | 'distance' | 'path'>>;
}

/** Longest reason that evidence takes, in characters. */
const MAX_REASON_CHARACTERS = 2000;

/**
 * Climbs down the ladder: the exact commit, its nearest first-parent ancestor with evidence, the newest of main by
 * main's own order, the artifact of the last good run on main, a given file. The first sound evidence is the
 * baseline; each better rung says why it did not hold. Evidence that is unsound is a reason and the search goes on;
 * none at all is an answer too. Throws a WorldError only where the store itself cannot be read: a network that is
 * down must not look like a repository without baselines.
 */
export async function findBaseline(search: BaselineSearch): Promise<BaselineFound> {
  const tried: RungTried[] = [];
  for (const [rung, look] of await listRungs(search)) {
    const reasons: string[] = [];
    const hit = await look(reasons);
    if (hit !== undefined) return describeHit(search, rung, hit, tried);
    tried.push({ rung, reason: joinReasons(reasons) });
  }
  return {
    used: { rung: 'none', ...describeWanted(search), tried },
    evidence: undefined,
    outcomes: new Map(),
  };
}

type Look = (reasons: string[]) => Promise<Hit | undefined>;

async function listRungs(search: BaselineSearch): Promise<readonly (readonly [Rung, Look])[]> {
  const { artifact, file } = search;
  const rungs = [...(await listStoreRungs(search))];
  if (artifact !== undefined)
    rungs.push(['artifact', (reasons) => lookAtArtifact(search, artifact, reasons)]);
  if (file !== undefined) rungs.push(['file', (reasons) => lookAtFile(file, reasons)]);
  return rungs;
}

async function listStoreRungs(search: BaselineSearch): Promise<readonly (readonly [Rung, Look])[]> {
  if (search.store === undefined) return [];
  const { refs, branch } = search.store;
  const tip = await refs.resolve(branchRef(branch));
  if (tip === undefined) {
    const missing = `The branch \`${branch}\` does not exist: no run on main has recorded a baseline yet.`;
    return [['exact', (reasons) => giveUp(reasons, missing)]];
  }
  const line = await readLine(search);
  const recorded = await listRecorded(refs, tip);
  const shelf: Shelf = {
    refs,
    tip,
    recorded,
    seen: new Set(search.tested === undefined ? [] : [search.tested]),
  };
  return [
    ['exact', (reasons) => lookAtExact(search, shelf, reasons)],
    ['ancestor', (reasons) => lookAtAncestors(search, shelf, line, reasons)],
    ['newest', (reasons) => lookAtNewest(search, shelf, line, reasons)],
  ];
}

function giveUp(reasons: string[], reason: string): Promise<undefined> {
  reasons.push(reason);
  return Promise.resolve(undefined);
}

/** The wanted commit and its first parents, newest first. */
async function readLine({ wanted, history }: BaselineSearch): Promise<readonly string[]> {
  return wanted.kind === 'commit' ? history.firstParents(wanted.commit, MAX_FIRST_PARENTS) : [];
}

/** The branch at one commit, so that every rung sees the same. */
interface Shelf {
  readonly refs: Pick<RefStore, 'readFile' | 'listRefs' | 'resolve'>;
  readonly tip: string;
  /** Commits that have a file. */
  readonly recorded: ReadonlySet<string>;
  /** Commits that were looked at already. */
  readonly seen: Set<string>;
}

async function listRecorded(refs: Pick<RefStore, 'listFiles'>, tip: string): Promise<ReadonlySet<string>> {
  const files = await refs.listFiles(tip, RUNS_FOLDER);
  return new Set(files.map(({ path }) => path.slice(RUNS_FOLDER.length + 1).replace(/\.json$/u, '')));
}

async function lookAtExact(
  search: BaselineSearch,
  shelf: Shelf,
  reasons: string[],
): Promise<Hit | undefined> {
  const { wanted } = search;
  if (wanted.kind === 'unknown') return giveUp(reasons, wanted.reason);
  if (!shelf.recorded.has(wanted.commit)) {
    return giveUp(reasons, `Commit ${wanted.commit} has no evidence.`);
  }
  return takeFromShelf(search, shelf, wanted.commit, 0, reasons);
}

async function lookAtAncestors(
  search: BaselineSearch,
  shelf: Shelf,
  line: readonly string[],
  reasons: string[],
): Promise<Hit | undefined> {
  if (search.wanted.kind === 'unknown') return giveUp(reasons, search.wanted.reason);
  for (const [distance, commit] of line.entries()) {
    const hit = distance === 0 ? undefined : await takeFromShelf(search, shelf, commit, distance, reasons);
    if (hit !== undefined) return hit;
  }
  const known = Math.max(0, line.length - 1);
  return giveUp(
    reasons,
    `None of the ${known} known first-parent ancestors of ${search.wanted.commit} has sound evidence.`,
  );
}

async function lookAtNewest(
  search: BaselineSearch,
  shelf: Shelf,
  line: readonly string[],
  reasons: string[],
): Promise<Hit | undefined> {
  if (search.mainTip === undefined) return giveUp(reasons, 'It is not known which branch is main.');
  const main = await search.history.firstParents(search.mainTip, MAX_FIRST_PARENTS);
  const from = line[0] === undefined ? -1 : main.indexOf(line[0]);
  for (const [index, commit] of main.entries()) {
    const distance = from === -1 ? undefined : Math.abs(from - index);
    const hit = await takeFromShelf(search, shelf, commit, distance, reasons);
    if (hit !== undefined) return hit;
  }
  return giveUp(reasons, `None of the newest ${main.length} commits of main has sound evidence.`);
}

/** The evidence of a commit, once; undefined if there is none, or none that is sound, which is added to the reasons. */
async function takeFromShelf(
  search: BaselineSearch,
  shelf: Shelf,
  commit: string,
  distance: number | undefined,
  reasons: string[],
): Promise<Hit | undefined> {
  if (!shelf.recorded.has(commit) || shelf.seen.has(commit)) return undefined;
  shelf.seen.add(commit);
  const candidate = await readRecordAt(shelf.refs, shelf.tip, commit, search.expected);
  // Listed but not read: the name is a folder's, or a link's.
  if (candidate === undefined) return giveUp(reasons, `The evidence of ${commit} is not a plain file.`);
  if (candidate.kind === 'refused') return giveUp(reasons, candidate.reason);
  const { evidence } = candidate;
  const outcomes = await readOutcomes(shelf.refs, evidence, search.maxOutcomesBytes);
  return { evidence, outcomes, details: { commit, ...(distance === undefined ? {} : { distance }) } };
}

async function lookAtArtifact(
  search: BaselineSearch,
  read: () => Promise<ArtifactEvidence>,
  reasons: string[],
): Promise<Hit | undefined> {
  const found = await readArtifact(read);
  if (found.kind === 'none') return giveUp(reasons, found.reason);
  const { origin, run } = found;
  const candidate = checkCandidate(found.content, origin, run.headSha, search.expected);
  if (candidate.kind === 'refused') return giveUp(reasons, candidate.reason);
  const { source } = candidate.evidence;
  // Unlike a file on the branch, an artifact needs no right to write: the claims must be those of the run.
  if (source.event !== 'push' || source.repositoryId !== run.repositoryId || source.run !== run.id) {
    return giveUp(reasons, `${origin} does not claim to be of the run that it comes from, ${run.id}.`);
  }
  if (source.commit === search.tested) return giveUp(reasons, `${origin} is of the commit that is tested.`);
  return { evidence: candidate.evidence, outcomes: found.outcomes, details: { commit: run.headSha } };
}

/** The artifact is a fallback that many jobs may not read: what stops it is a reason. */
async function readArtifact(read: () => Promise<ArtifactEvidence>): Promise<ArtifactEvidence> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    const help = error.help === undefined ? '' : ` ${error.help.replaceAll(/\s+/gu, ' ')}`;
    return { kind: 'none', reason: `${error.message}${help}` };
  }
}

async function lookAtFile(read: () => Promise<FileEvidence>, reasons: string[]): Promise<Hit | undefined> {
  const { path, content, outcomes } = await read();
  const candidate = checkCandidate(content, `\`${path}\``, undefined, {});
  if (candidate.kind === 'refused') return giveUp(reasons, candidate.reason);
  const { evidence } = candidate;
  const { commit } = evidence.source;
  return { evidence, outcomes, details: { path, ...(commit === undefined ? {} : { commit }) } };
}

function describeWanted({ wanted }: BaselineSearch): Pick<BaselineUsed, 'wanted'> {
  return wanted.kind === 'commit' ? { wanted: wanted.commit } : {};
}

function describeHit(
  search: BaselineSearch,
  rung: Rung,
  { evidence, outcomes, details }: Hit,
  tried: readonly RungTried[],
): BaselineFound {
  const used: BaselineUsed = {
    rung,
    ...details,
    ...describeWanted(search),
    evidence: evidence.digest,
    recordedAt: evidence.createdAt,
    tried,
  };
  return { used, evidence, outcomes };
}

/** One reason for each rung: many bad candidates must not push the others out of the evidence. */
function joinReasons(reasons: readonly string[]): string {
  const text = reasons.join(' ');
  return text.length <= MAX_REASON_CHARACTERS ? text : `${text.slice(0, MAX_REASON_CHARACTERS - 1)}…`;
}
