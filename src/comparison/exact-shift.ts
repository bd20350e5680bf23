import type { LimitsAt } from '../metrics/limits.ts';

/** More ways than this to part the values of two groups are not gone through. */
const MOST_SPLITS = 20_000;

/** Limits for the difference of two means from every way to part the values, and how many ways there are. */
export interface ExactShift {
  readonly limitsAt: LimitsAt;
  readonly splits: number;
}

/** Number of ways to choose some of several things. */
export function countSplits(first: number, second: number): number {
  let count = 1;
  for (let step = 1; step <= first; step++) count = (count * (second + step)) / step;
  return Math.round(count);
}

/**
 * Limits for the shift between two groups of values that inverts their exact permutation test: each way to part all
 * values has one shift from which on it looks as extreme as what was observed, so the limits are order statistics of
 * those shifts. Infinite where so few values have no tail that small; undefined where there are too many ways.
 * Source: E. S. Edgington, Randomization Tests (1995), chapter 13; J. A. Hartigan, JASA 64 (1969) 1303-1317, theorem 1.
 */
export function exactShift(first: readonly number[], second: readonly number[]): ExactShift | undefined {
  const splits = countSplits(first.length, second.length);
  if (splits > MOST_SPLITS) return undefined;
  const values = [...first, ...second];
  const difference = meanOf(first) - meanOf(second);
  const shifts: number[] = [];
  const visit = (next: number, left: number, sum: number, own: number): void => {
    if (values.length - next < left) return;
    if (left > 0) {
      visit(next + 1, left - 1, sum + (values[next] ?? 0), own + (next < first.length ? 1 : 0));
      visit(next + 1, left, sum, own);
      return;
    }
    // The observed way itself is as extreme under every shift.
    if (own === first.length) return;
    const total = first.length * meanOf(first) + second.length * meanOf(second);
    const parted = sum / first.length - (total - sum) / second.length;
    // Under a shift the candidate's values move; this many of them, as shares of both groups, lie on the first side.
    const moved = own / first.length - (first.length - own) / second.length;
    shifts.push((difference - parted) / (1 - moved));
  };
  visit(0, first.length, 0, 0);
  const sorted = Float64Array.from(shifts).sort();
  const limitsAt: LimitsAt = (level) => {
    // A hair more than the tail, because 0.05 * 20 may be a little less than 1 in binary.
    const rank = Math.floor(((1 - level) / 2) * splits + 1e-9);
    if (rank < 1) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    return {
      low: sorted[rank - 1] ?? Number.NEGATIVE_INFINITY,
      high: sorted[sorted.length - rank] ?? Number.POSITIVE_INFINITY,
    };
  };
  return { limitsAt, splits };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
