/** Ranks, and the two classical tests on them. */
import { normalCdf, normalSurvival } from './normal.ts';
import { ascendingOrder } from './order.ts';
import { quantileOfSorted } from './quantile.ts';

/** Two-sided and one-sided p-values of one test; greater: the first sample (or the differences) tend to be larger. */
interface PValues {
  readonly twoSided: number;
  readonly greater: number;
  readonly less: number;
}

/** A rank test with its exact and its approximate p-values. */
export interface RankTest {
  /** W+ of the signed ranks, or U: pairs in which the first sample is larger, ties half. */
  readonly statistic: number;
  /** Exact under the null hypothesis; undefined with ties, or where the samples are too large to enumerate. */
  readonly exact: PValues | undefined;
  readonly normal: PValues;
  /** Normal approximation with continuity correction. */
  readonly corrected: PValues;
  /** Hodges-Lehmann estimate of the shift that the test is about; undefined without values. */
  readonly shift: number | undefined;
  /** Interval for the shift by inverting the exact test; undefined where that is. */
  readonly shiftInterval: readonly [number, number] | undefined;
}

/** Above this many pairs the normal approximation is exact enough (and 2^n would leave the integers). */
const LARGEST_EXACT_PAIRS = 50;
const LARGEST_EXACT_SAMPLE = 50;

/** Ranks from 1 with ties sharing their mean rank, and sum of t^3 - t over the groups of ties. */
export function rankWithTies(values: ArrayLike<number>): {
  readonly ranks: Float64Array;
  readonly ties: number;
} {
  const order = ascendingOrder(values);
  const at = (position: number): number => values[order[position] ?? 0] ?? Number.NaN;
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && at(to) === at(from)) to++;
    for (let position = from; position < to; position++) ranks[order[position] ?? 0] = (from + to + 1) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** P-values of a statistic from the exact weights of its values 0, 1, 2, ... under the null hypothesis. */
function exactPValues(weights: Float64Array, statistic: number): PValues {
  let [total, below, above] = [0, 0, 0];
  weights.forEach((weight, value) => {
    total += weight;
    if (value <= statistic) below += weight;
    if (value >= statistic) above += weight;
  });
  const [less, greater] = [below / total, above / total];
  return { less, greater, twoSided: Math.min(1, 2 * Math.min(less, greater)) };
}

/** P-values by the normal approximation, the statistic moved towards its mean by `correction`; 1 without variance. */
function normalPValues(excess: number, variance: number, correction: number): PValues {
  if (!(variance > 0)) return { less: 1, greater: 1, twoSided: 1 };
  const sd = Math.sqrt(variance);
  const towards = Math.sign(excess) * Math.min(Math.abs(excess), correction);
  return {
    less: normalCdf((excess + correction) / sd),
    greater: normalSurvival((excess - correction) / sd),
    twoSided: Math.min(1, 2 * normalSurvival(Math.abs(excess - towards) / sd)),
  };
}

/** Limits of the shift: order statistics of the pairwise values at the exact quantile of the statistic. */
function invertTest(weights: Float64Array, pairwise: Float64Array, level: number): readonly [number, number] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let [cumulative, quantile] = [0, 0];
  for (; quantile < weights.length; quantile++) {
    cumulative += weights[quantile] ?? 0;
    if (cumulative / total >= (1 - level) / 2) break;
  }
  const rank = Math.max(1, quantile);
  return [pairwise[rank - 1] ?? Number.NaN, pairwise[pairwise.length - rank] ?? Number.NaN];
}

function requireNumbers(values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) throw new RangeError(`Value ${index} is not a finite number.`);
  }
}

/** In how many ways the ranks 1 ... n have subsets of each sum. */
function signedRankWeights(n: number): Float64Array {
  const largest = (n * (n + 1)) / 2;
  const weights = new Float64Array(largest + 1);
  weights[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = largest; sum >= rank; sum--) {
      weights[sum] = (weights[sum] ?? 0) + (weights[sum - rank] ?? 0);
    }
  }
  return weights;
}

/**
 * Wilcoxon's signed-rank test that differences are symmetric about 0. Zeros are dropped (Wilcoxon's rule); without any
 * difference p = 1. It is about the pseudo-median, not the mean: never gate a mean by it.
 * Source: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods (1973), sections 3.1 to 3.3.
 * @throws RangeError when a difference is not finite.
 */
export function signedRankTest(
  differences: ArrayLike<number>,
  level = 0.95,
): RankTest & { readonly pairs: number } {
  requireNumbers(differences);
  const nonzero = Float64Array.from(differences).filter((difference) => difference !== 0);
  const n = nonzero.length;
  const { ranks, ties } = rankWithTies(nonzero.map((difference) => Math.abs(difference)));
  const statistic = ranks.reduce((sum, rank, index) => sum + ((nonzero[index] ?? 0) > 0 ? rank : 0), 0);
  const excess = statistic - (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const isExact = n > 0 && n <= LARGEST_EXACT_PAIRS && ties === 0 && n === differences.length;
  const walsh = walshAverages(Float64Array.from(differences));
  const weights = isExact ? signedRankWeights(n) : undefined;
  return {
    pairs: n,
    statistic,
    exact: weights && exactPValues(weights, statistic),
    normal: normalPValues(excess, variance, 0),
    corrected: normalPValues(excess, variance, 0.5),
    shift: walsh.length === 0 ? undefined : quantileOfSorted(walsh, 0.5),
    shiftInterval: weights && invertTest(weights, walsh, level),
  };
}

/** Means of all pairs of values, each value with itself included, ascending. */
function walshAverages(values: Float64Array): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let next = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i; j < values.length; j++) averages[next++] = ((values[i] ?? 0) + (values[j] ?? 0)) / 2;
  }
  return averages.sort();
}

/** In how many ways m of m + n ranks give each value of U (Mann and Whitney's recursion). */
function rankSumWeights(m: number, n: number): Float64Array {
  const weights = new Float64Array(m * n + 1);
  weights[0] = 1;
  // The Gaussian binomial coefficient: multiply by 1 - q^(n + k), divide by 1 - q^k.
  for (let k = 1; k <= m; k++) {
    for (let u = m * n; u >= n + k; u--) weights[u] = (weights[u] ?? 0) - (weights[u - n - k] ?? 0);
    for (let u = k; u <= m * n; u++) weights[u] = (weights[u] ?? 0) + (weights[u - k] ?? 0);
  }
  return weights;
}

/**
 * Mann and Whitney's test that two independent samples have one distribution; U / (m n) estimates P(X > Y) + P(X = Y) / 2.
 * Source: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods (1973), sections 4.1 to 4.3.
 * @throws RangeError when a sample is empty or a value is not finite.
 */
export function rankSumTest(first: ArrayLike<number>, second: ArrayLike<number>, level = 0.95): RankTest {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) throw new RangeError('A rank-sum test needs values in both samples.');
  const pooled = Float64Array.from([...Array.from(first), ...Array.from(second)]);
  requireNumbers(pooled);
  const { ranks, ties } = rankWithTies(pooled);
  const statistic = ranks.subarray(0, m).reduce((sum, rank) => sum + rank, 0) - (m * (m + 1)) / 2;
  const size = m + n;
  const variance = ((m * n) / 12) * (size + 1 - ties / (size * (size - 1)));
  const isExact = ties === 0 && Math.max(m, n) <= LARGEST_EXACT_SAMPLE && m * n <= LARGEST_EXACT_SAMPLE ** 2;
  const weights = isExact ? rankSumWeights(m, n) : undefined;
  const differences = pairwiseDifferences(pooled.subarray(0, m), pooled.subarray(m));
  return {
    statistic,
    exact: weights && exactPValues(weights, statistic),
    normal: normalPValues(statistic - (m * n) / 2, variance, 0),
    corrected: normalPValues(statistic - (m * n) / 2, variance, 0.5),
    shift: quantileOfSorted(differences, 0.5),
    shiftInterval: weights && invertTest(weights, differences, level),
  };
}

function pairwiseDifferences(first: Float64Array, second: Float64Array): Float64Array {
  const differences = new Float64Array(first.length * second.length);
  let next = 0;
  for (const x of first) for (const y of second) differences[next++] = x - y;
  return differences.sort();
}
