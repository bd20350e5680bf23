/**
 * Two proportions on the same examples where the examples come in clusters (user, document, template): the score
 * methods on the number of independent examples that would say as much.
 */
import { studentTUpperQuantile } from './distributions.ts';
import {
  invertInterval,
  tailProbability,
  type ConfidenceInterval,
  type OneSidedPValues,
} from './interval.ts';
import { estimateClusteredMean, estimateMean } from './means.ts';
import { tangoInterval, type PairedCounts } from './paired-proportions.ts';
import { scaledShareInterval } from './scaled-shares.ts';

/** Paired counts with what their clustering costs. */
export interface ClusteredPairs {
  readonly counts: PairedCounts;
  readonly clusters: number;
  /** The second proportion counts this many times: 1 for a difference. */
  readonly ratio: number;
  /**
   * Variance of first - ratio * second by clusters over that of as many independent examples, at least 1. Without any
   * variance it is the mean size of a cluster: each cluster is then taken for a single example.
   */
  readonly designEffect: number;
  /** A single cluster, or no variance to take a design effect from. */
  readonly degenerate: boolean;
}

/**
 * Paired counts and their design effect.
 * Source: L. Kish, Survey Sampling (1965), section 8.2, with the CR1 variance of the per-example difference.
 * @param first 1 where the first treatment is right, 0 where it is wrong; `second` likewise.
 * @param clusters the cluster of each example, as numbers 0, 1, 2, ... without gaps.
 * @throws RangeError when lengths differ, there are no examples, or a value is neither 0 nor 1.
 */
export function clusterPairs(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  clusters: ArrayLike<number>,
  ratio = 1,
): ClusteredPairs {
  if (first.length !== second.length) {
    throw new RangeError(`${first.length} values do not match ${second.length}.`);
  }
  const cells = [0, 0, 0, 0];
  const differences = Float64Array.from(first, (x, index) => {
    const y = second[index];
    if ((x !== 0 && x !== 1) || (y !== 0 && y !== 1)) {
      throw new RangeError(`Pair ${index} is ${x} and ${y}, not two of 0 or 1.`);
    }
    const cell = 2 * x + y;
    cells[cell] = (cells[cell] ?? 0) + 1;
    return x - ratio * y;
  });
  const [neither = 0, onlySecond = 0, onlyFirst = 0, both = 0] = cells;
  const plain = estimateMean(differences);
  const robust = estimateClusteredMean(differences, clusters);
  const groups = robust.degreesOfFreedom + 1;
  const degenerate = plain.degenerate || groups < 2;
  const designEffect = degenerate
    ? plain.n / groups
    : Math.max(1, (robust.standardError / plain.standardError) ** 2);
  return {
    counts: { both, onlyFirst, onlySecond, neither },
    clusters: groups,
    ratio,
    designEffect,
    degenerate,
  };
}

/**
 * The counts of as many independent examples as say the same at one tail: divided by the design effect, and by the
 * square of how much longer Student's t is with G - 1 degrees of freedom than with n - 1.
 * Source: E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201, section 2.
 */
function effectiveCounts({ counts, clusters, designEffect }: ClusteredPairs, tail: number): PairedCounts {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const n = both + onlyFirst + onlySecond + neither;
  const lengthened = studentTUpperQuantile(tail, clusters - 1) / studentTUpperQuantile(tail, n - 1);
  const share = 1 / (designEffect * lengthened ** 2);
  return {
    both: both * share,
    onlyFirst: onlyFirst * share,
    onlySecond: onlySecond * share,
    neither: neither * share,
  };
}

/**
 * Tango's score interval for first - second of clustered pairs, on the effective counts; exactly Tango's where every
 * cluster has one example. A single cluster knows nothing: [-1, 1].
 * Source: tangoInterval and E. L. Korn and B. I. Graubard (1998).
 */
export function clusteredTangoInterval(pairs: ClusteredPairs, level: number): ConfidenceInterval {
  const method = 'tango-clustered';
  if (pairs.clusters < 2) return { low: -1, high: 1, level, method };
  return { ...tangoInterval(effectiveCounts(pairs, tailProbability(level)), level), method };
}

/** The test that clusteredTangoInterval is the inverse of. */
export function clusteredTangoTest(pairs: ClusteredPairs, difference: number): OneSidedPValues {
  return invertInterval((level) => clusteredTangoInterval(pairs, level), difference);
}

/**
 * Score interval for first - ratio * second of clustered pairs, on the effective counts, that excludes 0 exactly when
 * clusteredScaledShareTest rejects.
 */
export function clusteredScaledShareInterval(
  pairs: ClusteredPairs,
  level: number,
): ConfidenceInterval & { readonly estimate: number } {
  const method = 'nam-blackwelder-score-clustered';
  if (pairs.clusters < 2) {
    const { estimate } = scaledShareInterval(pairs.counts, pairs.ratio, level);
    return { estimate, low: -pairs.ratio, high: 1, level, method };
  }
  const counts = effectiveCounts(pairs, tailProbability(level));
  return { ...scaledShareInterval(counts, pairs.ratio, level), method };
}

/** Test of first = ratio * second for clustered pairs. */
export function clusteredScaledShareTest(pairs: ClusteredPairs): OneSidedPValues {
  return invertInterval((level) => clusteredScaledShareInterval(pairs, level), 0);
}
