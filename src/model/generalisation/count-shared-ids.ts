import type { Outcomes } from '../../outcomes/outcomes.ts';
import { bytesAt, textAt } from '../../outcomes/packed-texts.ts';

/** The check that no example is both learnt from and tested on. */
export const SHARED_EXAMPLES = 'shared-examples';

/** Ids that two sets of examples share. */
export interface SharedIds {
  readonly count: number;
  /** Some of them. */
  readonly examples: readonly string[];
}

/** Longest id that is shown. */
const MAX_SHOWN = 80;

/**
 * Examples that are in both sets, by id; undefined where ids are not known. Both are sorted bytewise, so that one walk
 * over both finds what they share.
 * @param shown how many are named
 */
export function countSharedIds(first: Outcomes, second: Outcomes, shown: number): SharedIds | undefined {
  if (first.ids === undefined || second.ids === undefined) return undefined;
  const examples: string[] = [];
  let [row, other, count] = [0, 0, 0];
  while (row < first.n && other < second.n) {
    const order = Buffer.compare(bytesAt(first.ids, row), bytesAt(second.ids, other));
    if (order === 0) {
      count += 1;
      if (examples.length < shown) examples.push(textAt(first.ids, row).slice(0, MAX_SHOWN));
    }
    if (order <= 0) row += 1;
    if (order >= 0) other += 1;
  }
  return { count, examples };
}
