import { boundSentence } from '../evidence/bound-text.ts';
import { WorldError } from '../evidence/errors.ts';
import type { History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { BaselineUsed, Evidence, RungTried } from '../schemas/evidence.generated.ts';
import { readRecordAt } from './baseline-log.ts';
import type { Expectation } from './check-candidate.ts';
import { branchRef, RUNS_FOLDER } from './layout.ts';
import { readOutcomes } from './outcomes-store.ts';
import type { BaselineDetails, Resort, ResortFinding } from './resort.ts';
import type { WantedCommit } from './wanted-commit.ts';

type Rung = RungTried['rung'];

/** Where the search looks, from the best place to the last resort. What is undefined is not looked at. */
export interface BaselineSearch {
  /** The branch with the evidence of main. */
  readonly store:
    | {
        readonly refs: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>;
        readonly branch: string;
      }
    | undefined;
  readonly history: History;
  readonly wanted: WantedCommit;
  /** The commit that is tested: never its own baseline. */
  readonly tested: string | undefined;
  /** Tip of main, asked for only where no better rung holds; undefined if main is not known. */
  readonly findMainTip: () => Promise<string | undefined>;
  readonly expected: Expectation;
  /** Where else to look, from the best place to the last. */
  readonly resorts: readonly Resort[];
  /** Largest outcomes of one model that are read, in bytes. */
  readonly maxOutcomesBytes: number;
}

/** A baseline, or the reasons why there is none. */
export interface BaselineFound {
  readonly used: BaselineUsed;
  /** Undefined exactly if `used.rung` is `none`. */
  readonly evidence: Evidence | undefined;
  /** Stored outcomes by model; models whose outcomes are not kept are absent. */
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
  /** Why the outcomes of a model are absent, where that is known: sentences. */
  readonly outcomesMissing?: ReadonlyMap<string, string>;
}

interface Hit {
  readonly evidence: Evidence;
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
  readonly outcomesMissing?: ReadonlyMap<string, string>;
  readonly details: BaselineDetails;
}

/**
 * Climbs down the ladder: the exact commit, its nearest first-parent ancestor with evidence, the newest of main by
 * main's own order, then the other resorts. The first sound evidence is the baseline; each better rung says why it did
 * not hold. Evidence that is unsound is a reason and the search goes on; none at all is an answer too. Throws a
 * WorldError only where the place that the config asks for cannot be read: a network that is down must not look like a
 * repository without baselines.
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
    outcomesMissing: new Map(),
  };
}

type Look = (reasons: string[]) => Promise<Hit | undefined>;

async function listRungs(search: BaselineSearch): Promise<readonly (readonly [Rung, Look])[]> {
  const resorts = search.resorts.map(
    (resort) => [resort.rung, (reasons: string[]) => lookAtResort(search, resort, reasons)] as const,
  );
  return [...(await listStoreRungs(search)), ...resorts];
}

async function listStoreRungs(search: BaselineSearch): Promise<readonly (readonly [Rung, Look])[]> {
  if (search.store === undefined) return [];
  const { refs, branch } = search.store;
  const tip = await refs.resolve(branchRef(branch));
  if (tip === undefined) {
    const missing = `The branch \`${branch}\` does not exist: no run on main has recorded a baseline yet.`;
    return [['exact', (reasons) => giveUp(reasons, missing)]];
  }
  const seen = new Set(search.tested === undefined ? [] : [search.tested]);
  const shelf: Shelf = { refs, tip, seen };
  return [
    ['exact', (reasons) => lookAtExact(search, shelf, reasons)],
    ['ancestor', (reasons) => lookAtAncestors(search, shelf, reasons)],
    ['newest', (reasons) => lookAtNewest(search, shelf, reasons)],
  ];
}

function giveUp(reasons: string[], reason: string): Promise<undefined> {
  reasons.push(reason);
  return Promise.resolve(undefined);
}

/** The branch at one commit, so that every rung sees the same. */
interface Shelf {
  readonly refs: Pick<RefStore, 'readFile' | 'listFiles' | 'resolve'>;
  readonly tip: string;
  /** Commits that were looked at already. */
  readonly seen: Set<string>;
}

async function lookAtExact(
  search: BaselineSearch,
  shelf: Shelf,
  reasons: string[],
): Promise<Hit | undefined> {
  const { wanted } = search;
  if (wanted.kind === 'unknown') return giveUp(reasons, wanted.reason);
  const hit = await takeFromShelf(search, shelf, wanted.commit, 0, reasons);
  if (hit === undefined && reasons.length === 0) reasons.push(`Commit ${wanted.commit} has no evidence.`);
  return hit;
}

async function lookAtAncestors(
  search: BaselineSearch,
  shelf: Shelf,
  reasons: string[],
): Promise<Hit | undefined> {
  const { wanted, history } = search;
  if (wanted.kind === 'unknown') return giveUp(reasons, wanted.reason);
  const hit = await walkShelf(search, shelf, wanted.commit, reasons);
  if (hit !== undefined) return hit;
  const none = `No known first-parent ancestor of ${wanted.commit} has sound evidence.`;
  return giveUp(reasons, withHorizon(none, await history.horizon()));
}

async function lookAtNewest(
  search: BaselineSearch,
  shelf: Shelf,
  reasons: string[],
): Promise<Hit | undefined> {
  const mainTip = await search.findMainTip();
  if (mainTip === undefined) return giveUp(reasons, 'It is not known which branch is main.');
  const hit = await walkShelf(search, shelf, mainTip, reasons);
  if (hit !== undefined) return await measureDistance(search, mainTip, hit);
  const none = 'No known commit of main has sound evidence.';
  return giveUp(reasons, withHorizon(none, await search.history.horizon()));
}

function withHorizon(reason: string, horizon: string | undefined): string {
  return horizon === undefined ? reason : `${reason} ${horizon}`;
}

/** The first commit of a first-parent line with sound evidence that was not looked at before. */
async function walkShelf(
  search: BaselineSearch,
  shelf: Shelf,
  start: string,
  reasons: string[],
): Promise<Hit | undefined> {
  const recorded = await listRecorded(shelf.refs, shelf.tip);
  const left = new Set(recorded.filter((commit) => !shelf.seen.has(commit)));
  if (left.size === 0) return undefined;
  let distance = 0;
  for await (const commit of search.history.walk(start)) {
    if (left.delete(commit)) {
      const hit = await takeFromShelf(search, shelf, commit, distance, reasons);
      if (hit !== undefined || left.size === 0) return hit;
    }
    distance += 1;
  }
  return undefined;
}

/** Commits of main that the wanted one is looked for among, to tell how far the newest is from it. */
const MAX_DISTANCE = 200;

async function listRecorded(refs: Pick<RefStore, 'listFiles'>, tip: string): Promise<readonly string[]> {
  const files = await refs.listFiles(tip, RUNS_FOLDER);
  return files.map(({ path }) => path.slice(RUNS_FOLDER.length + 1).replace(/\.json$/u, ''));
}

/** How far the newest of main is from the wanted commit; not said where that is not near on main's line. */
async function measureDistance(
  { wanted, history }: BaselineSearch,
  mainTip: string,
  { details, ...hit }: Hit,
): Promise<Hit> {
  const { distance: fromTip = 0, ...rest } = details;
  if (wanted.kind === 'unknown') return { ...hit, details: rest };
  let index = 0;
  for await (const commit of history.walk(mainTip)) {
    if (commit === wanted.commit)
      return { ...hit, details: { ...rest, distance: Math.abs(index - fromTip) } };
    index += 1;
    if (index > MAX_DISTANCE) break;
  }
  return { ...hit, details: rest };
}

/** The evidence of a commit, once; undefined if there is none, or none that is sound, which is added to the reasons. */
async function takeFromShelf(
  search: BaselineSearch,
  shelf: Shelf,
  commit: string,
  distance: number,
  reasons: string[],
): Promise<Hit | undefined> {
  if (shelf.seen.has(commit)) return undefined;
  shelf.seen.add(commit);
  const candidate = await readRecordAt(shelf.refs, shelf.tip, commit, search.expected);
  // None, or the name is a folder's or a link's.
  if (candidate === undefined) return undefined;
  if (candidate.kind === 'refused') return giveUp(reasons, candidate.reason);
  const { evidence } = candidate;
  const outcomes = await readOutcomes(shelf.refs, shelf.tip, evidence, search.maxOutcomesBytes);
  return { evidence, ...outcomes, details: { commit, distance } };
}

async function lookAtResort(
  { tested }: BaselineSearch,
  resort: Resort,
  reasons: string[],
): Promise<Hit | undefined> {
  const found = await reach(resort);
  if (found.kind === 'none') return giveUp(reasons, found.reason);
  const { commit } = found.evidence.source;
  // A file may have been committed with what it says.
  if (resort.rung !== 'file' && commit !== undefined && commit === tested)
    return giveUp(reasons, `What was found is of the commit that is tested, ${commit}.`);
  return found;
}

async function reach({ look, whenUnreachable }: Resort): Promise<ResortFinding> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof WorldError) || whenUnreachable === 'fail') throw error;
    const help = error.help === undefined ? '' : ` ${error.help.replaceAll(/\s+/gu, ' ')}`;
    return { kind: 'none', reason: `${error.message}${help}` };
  }
}

function describeWanted({ wanted }: BaselineSearch): Pick<BaselineUsed, 'wanted'> {
  return wanted.kind === 'commit' ? { wanted: wanted.commit } : {};
}

function describeHit(
  search: BaselineSearch,
  rung: Rung,
  { evidence, outcomes, outcomesMissing = new Map(), details }: Hit,
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
  return { used, evidence, outcomes, outcomesMissing };
}

/** One reason for each rung: many bad candidates must not push the others out of the evidence. */
function joinReasons(reasons: readonly string[]): string {
  return boundSentence(reasons.join(' '));
}
