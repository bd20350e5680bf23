/** Comparing two procedures over folds, seeds and tasks. */
import { estimateMean, sumOf, type MeanEstimate } from './means.ts';
import { rankWithTies } from './ranks.ts';
import { chiSquaredSurvival } from './distributions.ts';

/**
 * Mean difference over k overlapping train/test splits with the corrected standard error, for meanInterval and tTest:
 * the variance is multiplied by 1/k + n_test/n_train instead of 1/k. Not for independent seeds on one fixed split.
 * Source: C. Nadeau and Y. Bengio, Machine Learning 52 (2003) 239-281, section 3.
 * @param sizes examples that each split trains on and tests on.
 * @throws RangeError as estimateMean, and when a size is not positive.
 */
export function correctedResampledMean(
  differences: ArrayLike<number>,
  sizes: { readonly train: number; readonly test: number },
): MeanEstimate {
  if (!(sizes.train > 0 && sizes.test > 0)) {
    throw new RangeError(`Folds train and test on examples, not on ${sizes.train} and ${sizes.test}.`);
  }
  const estimate = estimateMean(differences);
  const inflation = Math.sqrt(1 / estimate.n + sizes.test / sizes.train);
  return { ...estimate, standardError: estimate.standardDeviation * inflation };
}

/**
 * Mean of the middle values after cutting the given share (0 <= cut < 1/2) from each end, rounded down to whole values;
 * with cut = 1/4 the interquartile mean. Source: R. Agarwal et al., NeurIPS 34 (2021), section 4.3.
 * @throws RangeError when there are no values or the cut is out of range.
 */
export function trimmedMean(values: readonly number[], cut: number): number {
  if (values.length === 0 || !(cut >= 0 && cut < 0.5)) {
    throw new RangeError(`A trimmed mean needs values and a cut from 0 to below 1/2, not ${cut}.`);
  }
  const removed = Math.floor(values.length * cut);
  const kept = values.toSorted((x, y) => x - y).slice(removed, values.length - removed);
  return sumOf(kept) / kept.length;
}

/**
 * Violation ratio of almost stochastic order: the share of the squared distance between the quantile functions that lies
 * where the second is above the first. 0: the first dominates; 1: the second does. Both step functions are integrated
 * exactly. Source: E. del Barrio, J. A. Cuesta-Albertos, C. Matrán, in The Mathematics of the Uncertain (2018).
 * @returns undefined when the two samples have the same quantile function.
 */
export function stochasticOrderViolation(
  first: readonly number[],
  second: readonly number[],
): number | undefined {
  const [a, b] = [first.toSorted((x, y) => x - y), second.toSorted((x, y) => x - y)];
  let [violated, total, at, i, j] = [0, 0, 0, 0, 0];
  while (i < a.length && j < b.length) {
    const next = Math.min((i + 1) / a.length, (j + 1) / b.length);
    const gap = (b[j] ?? Number.NaN) - (a[i] ?? Number.NaN);
    const mass = (next - at) * gap * gap;
    total += mass;
    if (gap > 0) violated += mass;
    // Compared as integers, because (i + 1) / m and (j + 1) / n may be one number with two roundings.
    const order = (i + 1) * b.length - (j + 1) * a.length;
    if (order <= 0) i++;
    if (order >= 0) j++;
    at = next;
  }
  return total === 0 ? undefined : violated / total;
}

/**
 * Friedman's test that k treatments do not differ over blocks (tasks, seeds); ties share ranks.
 * Source: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods (1973), section 7.1.
 * @param blocks one row for each block, one value for each treatment.
 */
export function friedmanTest(blocks: readonly (readonly number[])[]): {
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
} {
  const k = blocks[0]?.length ?? 0;
  const n = blocks.length;
  const sums = Array.from({ length: k }, () => 0);
  let ties = 0;
  for (const block of blocks) {
    const ranked = rankWithTies(block);
    ties += ranked.ties;
    ranked.ranks.forEach((rank, treatment) => (sums[treatment] = (sums[treatment] ?? 0) + rank));
  }
  const spread = sums.reduce((total, sum) => total + (sum - (n * (k + 1)) / 2) ** 2, 0);
  const scale = n * k * (k + 1) - ties / (k - 1);
  const chiSquared = scale > 0 ? (12 * spread) / scale : 0;
  return { chiSquared, degreesOfFreedom: k - 1, p: chiSquaredSurvival(chiSquared, k - 1) };
}
