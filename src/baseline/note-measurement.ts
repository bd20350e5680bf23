import { toHistoryEntry } from '../evidence/metric-history.ts';
import { writeWithRetry, type RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { branchRef } from './layout.ts';
import { planHistoryEntry } from './metric-history.ts';
import type { RecordTiming } from './record-baseline.ts';
import {
  countsFrom,
  planTestSetUses,
  readTestSetUses,
  toTime,
  type NewUses,
  type TestSetUse,
} from './test-set-uses.ts';

/** A measurement of main to note. */
export interface Measurement {
  readonly evidence: Evidence;
  /** Name of the branch. */
  readonly branch: string;
  /** Pull requests that were judged since a point in time; undefined where nobody knows. */
  readonly listJudged: ((since: string) => Promise<readonly TestSetUse[]>) | undefined;
}

/**
 * Notes a measurement of main beside the baselines: a line of history, and the uses of its test sets. Nothing is written
 * if both are noted already. Safe for any number of writers at once. Throws a WorldError if the branch cannot be written.
 */
export async function noteMeasurement(
  store: RefStore,
  { evidence, branch, listJudged }: Measurement,
  timing: RecordTiming,
): Promise<void> {
  const entry = toHistoryEntry(evidence);
  if (entry === undefined) return;
  const testSets = [...new Set(evidence.body.metrics.flatMap(({ about }) => about.datasetDigest ?? []))];
  const own = { key: `evidence:${evidence.digest}`, at: evidence.createdAt };
  const judged = await countJudged(store, branch, testSets, listJudged, timing.now());
  await writeWithRetry(
    store,
    branchRef(branch),
    async (tip) => {
      const files = new Map([
        ...(await planHistoryEntry(store, tip, entry)),
        ...(await planTestSetUses(store, tip, testSets, { own, judged })),
      ]);
      if (files.size === 0) return { kind: 'done', value: undefined };
      return { kind: 'write', files, message: `Metrics of ${entry.commit}`, value: undefined };
    },
    timing,
  );
}

/** Pull requests since the test set that was counted longest ago; undefined where no test set was used before. */
async function countJudged(
  store: RefStore,
  branch: string,
  testSets: readonly string[],
  listJudged: Measurement['listJudged'],
  now: Date,
): Promise<NewUses['judged']> {
  if (listJudged === undefined || testSets.length === 0) return undefined;
  const starts: string[] = [];
  for (const testSet of testSets) {
    const from = countsFrom(await readTestSetUses(store, branch, testSet));
    if (from !== undefined) starts.push(from);
  }
  const [earliest] = starts.toSorted();
  const until = toTime(now);
  return earliest === undefined ? undefined : { uses: await listJudged(earliest), until };
}
