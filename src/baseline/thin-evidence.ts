import type { History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { readRecordAt } from './baseline-log.ts';
import { evidencePath, RUNS_FOLDER, THINNED_FILE } from './layout.ts';

/** What stays of evidence that was taken off the branch. */
interface ThinnedEvidence {
  readonly commit: string;
  /** Digest; undefined if what stood there was not sound. */
  readonly evidence?: string;
  readonly createdAt?: string;
  readonly verdict?: string;
}

export interface ThinningPlan {
  /** Paths to take off the branch. */
  readonly remove: readonly string[];
  /** Files to write instead: the list of what was taken off. */
  readonly files: ReadonlyMap<string, string>;
  readonly kept: number;
}

interface ThinningLimits {
  /** Records of main that stay, newest first by main's order. */
  readonly keep: number;
  /** Evidence younger than this stays too: a promotion may still need it. */
  readonly youngerThan: Date;
}

/** Largest list of thinned evidence that is read, in bytes: a hundred thousand lines. */
const MAX_THINNED_BYTES = 20_000_000;

/** Which evidence a compacted branch does without. `tip`: a commit of the branch. */
export async function planThinning(
  store: Pick<RefStore, 'readFile' | 'listFiles'>,
  place: { readonly tip: string; readonly history: History; readonly mainTip: string },
  limits: ThinningLimits,
): Promise<ThinningPlan> {
  const { tip } = place;
  const recorded = new Set((await store.listFiles(tip, RUNS_FOLDER)).map(({ path }) => path));
  const newest = await listNewest(recorded, place, limits.keep);
  const thinned: ThinnedEvidence[] = [];
  for (const path of [...recorded].toSorted()) {
    const entry = newest.has(path) ? undefined : await describeOld(store, tip, path, limits.youngerThan);
    if (entry !== undefined) thinned.push(entry);
  }
  const before = await store.readFile(tip, THINNED_FILE, MAX_THINNED_BYTES);
  const lines = thinned.map((entry) => `${JSON.stringify(entry)}\n`);
  const list = `${Buffer.from(before ?? '').toString('utf8')}${lines.join('')}`;
  return {
    remove: thinned.map(({ commit }) => evidencePath(commit)),
    files: thinned.length === 0 ? new Map() : new Map([[THINNED_FILE, list]]),
    kept: recorded.size - thinned.length,
  };
}

async function listNewest(
  recorded: ReadonlySet<string>,
  { history, mainTip }: { readonly history: History; readonly mainTip: string },
  keep: number,
): Promise<ReadonlySet<string>> {
  const newest = new Set<string>();
  for await (const commit of history.walk(mainTip)) {
    if (newest.size >= keep || newest.size === recorded.size) break;
    const path = evidencePath(commit);
    if (recorded.has(path)) newest.add(path);
  }
  return newest;
}

/** What stays of the evidence at a path; undefined if it is too young to go. */
async function describeOld(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  path: string,
  youngerThan: Date,
): Promise<ThinnedEvidence | undefined> {
  const commit = path.slice(RUNS_FOLDER.length + 1).replace(/\.json$/u, '');
  const candidate = await readRecordAt(store, tip, commit, {});
  if (candidate?.kind !== 'sound') return { commit };
  const { digest, createdAt, body } = candidate.evidence;
  if (Date.parse(createdAt) >= youngerThan.getTime()) return undefined;
  return { commit, evidence: digest, createdAt, verdict: body.verdict };
}
