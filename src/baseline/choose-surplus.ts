import type { RefEntry } from '../platform/ref-store.ts';
import { readOutcomesRef, stampOf } from './layout.ts';

/** Test sets whose outcomes are kept, those that were measured last: a test set that nobody uses any more is not kept. */
export const MAX_TEST_SETS = 20;

/** How far ahead of this clock the clock of another machine may be. */
const MAX_SKEW_MS = 3_600_000;

interface Retention {
  /** Commits whose outcomes are kept for each test set. */
  readonly kept: number;
  readonly now: Date;
  /** Refs that stay whatever their names say: what was written just now, in full. */
  readonly own?: ReadonlySet<string>;
}

interface Aged {
  readonly entry: RefEntry;
  readonly testSet: string;
  /** Sorts by age, oldest first. */
  readonly rank: string;
}

/**
 * The refs of outcomes that are beyond the limits, to be deleted: of each test set all but the newest `kept`, and of
 * all test sets all but the newest MAX_TEST_SETS. A ref from the future was named by a clock that is wrong: it counts
 * as the oldest, or it would never go. Refs of another layout are left alone.
 */
export function chooseSurplus(refs: readonly RefEntry[], retention: Retention): readonly RefEntry[] {
  const latest = stampOf(new Date(retention.now.getTime() + MAX_SKEW_MS));
  const aged = refs
    .flatMap((entry): readonly Aged[] => {
      const name = readOutcomesRef(entry.ref);
      if (name === undefined) return [];
      const own = retention.own?.has(entry.ref) === true;
      const age = own ? '2' : name.stamp > latest ? '0' : '1';
      return [{ entry, testSet: name.testSet, rank: `${age} ${name.stamp} ${entry.ref}` }];
    })
    .toSorted((a, b) => (a.rank > b.rank ? -1 : 1));
  const left = new Map<string, number>();
  return aged.flatMap(({ entry, testSet }) => {
    const before = left.get(testSet) ?? 0;
    const keep = before < retention.kept && (left.has(testSet) || left.size < MAX_TEST_SETS);
    if (keep) left.set(testSet, before + 1);
    return keep ? [] : [entry];
  });
}
