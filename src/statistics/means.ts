/** Means, their differences, and t-tests. */
import { studentTSurvival, studentTUpperQuantile } from './distributions.ts';
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';

/** A mean, or a difference of means, with what Student's t needs. */
export interface LocationEstimate {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** No spread, or a single value: an interval would be false certainty. */
  readonly degenerate: boolean;
}

/** Size, mean and spread of one sample. */
export interface MeanEstimate extends LocationEstimate {
  readonly n: number;
  /** Standard deviation with n - 1; 0 for a single value. */
  readonly standardDeviation: number;
}

/** A t-test of mean = hypothesised value, with all three p-values. */
export interface TTest extends OneSidedPValues {
  readonly t: number;
  readonly degreesOfFreedom: number;
  readonly pTwoSided: number;
}

/**
 * Mean and standard error of a sample, for a paired comparison of the differences. Two passes with Neumaier's
 * compensated summation and the correction of the second, so that large offsets cost no digits.
 * Source: T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983) 242-247, equation 1.7.
 * @throws RangeError when there are no values or one is not finite.
 */
export function estimateMean(values: ArrayLike<number>): MeanEstimate {
  const n = values.length;
  if (n === 0) throw new RangeError('A mean needs at least one value.');
  const mean = sumOf(values) / n;
  if (!Number.isFinite(mean)) throw new RangeError('A mean needs finite values.');
  let [squares, residue] = [0, 0];
  for (let index = 0; index < n; index++) {
    const deviation = (values[index] ?? Number.NaN) - mean;
    squares += deviation * deviation;
    residue += deviation;
  }
  const variance = n < 2 ? 0 : Math.max(0, squares - (residue * residue) / n) / (n - 1);
  return meanEstimateFrom(n, mean, Math.sqrt(variance / n));
}

/** Neumaier's compensated sum; infinite or NaN where the plain one is. */
export function sumOf(values: ArrayLike<number>): number {
  let [sum, compensation] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + compensation : sum;
}

function meanEstimateFrom(n: number, mean: number, standardError: number): MeanEstimate {
  return {
    n,
    mean,
    standardDeviation: standardError * Math.sqrt(n),
    standardError,
    degreesOfFreedom: n - 1,
    degenerate: standardError === 0,
  };
}

/**
 * Mean of a sample whose values come in clusters (user, document), with the CR1 cluster-robust standard error and
 * G - 1 degrees of freedom. With fewer than about 40 clusters prefer the cluster bootstrap.
 * Source: A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015) 317-372, equation 12 for a mean.
 * @param clusters the cluster of each value, as numbers 0, 1, 2, ... without gaps.
 * @throws RangeError as estimateMean, and when the lengths differ.
 */
export function estimateClusteredMean(values: ArrayLike<number>, clusters: ArrayLike<number>): MeanEstimate {
  if (values.length !== clusters.length) {
    throw new RangeError(`${clusters.length} cluster numbers do not match ${values.length} values.`);
  }
  const { n, mean } = estimateMean(values);
  const sums: number[] = [];
  for (let index = 0; index < n; index++) {
    const cluster = clusters[index] ?? 0;
    sums[cluster] = (sums[cluster] ?? 0) + ((values[index] ?? Number.NaN) - mean);
  }
  const groups = sums.length;
  const squares = sums.reduce((total, sum) => total + sum * sum, 0);
  const correction = groups < 2 ? 0 : groups / (groups - 1);
  const estimate = meanEstimateFrom(n, mean, Math.sqrt(correction * squares) / n);
  return { ...estimate, degreesOfFreedom: groups - 1 };
}

/**
 * Interval for a mean by Student's t. A degenerate estimate has an interval of no width; its flag says so.
 * Source: Student, Biometrika 6 (1908) 1-25.
 */
export function meanInterval(estimate: LocationEstimate, level: number): ConfidenceInterval {
  const tail = tailProbability(level);
  const half = estimate.degenerate
    ? 0
    : estimate.standardError * studentTUpperQuantile(tail, estimate.degreesOfFreedom);
  return { low: estimate.mean - half, high: estimate.mean + half, level, method: 'student-t' };
}

/**
 * t-test of mean = hypothesised: one-sample, on differences paired, of welchDifference Welch's. Non-inferiority at
 * margin m is pGreater at -m. With a degenerate estimate t is 0 or infinite: look at the flag before the p-value.
 */
export function tTest(estimate: LocationEstimate, hypothesised: number): TTest {
  const { degreesOfFreedom, standardError } = estimate;
  const difference = estimate.mean - hypothesised;
  const t = difference === 0 ? 0 : difference / standardError;
  const survival = (x: number): number => {
    if (x === 0) return 0.5;
    if (Number.isFinite(x)) return studentTSurvival(x, degreesOfFreedom);
    return x > 0 ? 0 : 1;
  };
  return {
    t,
    degreesOfFreedom,
    pGreater: survival(t),
    pLess: survival(-t),
    pTwoSided: 2 * survival(Math.abs(t)),
  };
}

/** One sample's part in Welch's degrees of freedom; none where it has no spread. */
function spreadOfVariance(variance: number, degreesOfFreedom: number): number {
  return variance === 0 ? 0 : variance ** 2 / degreesOfFreedom;
}

/**
 * First - ratio * second of the means of two independent samples, for meanInterval and tTest. Each estimate may be one
 * of clusters. Degenerate when either has no degrees of freedom or neither has any spread.
 * Source: B. L. Welch, Biometrika 34 (1947) 28-35.
 */
export function welchDifference(first: MeanEstimate, second: MeanEstimate, ratio = 1): LocationEstimate {
  const [v1, v2] = [first.standardError ** 2, (ratio * second.standardError) ** 2];
  const fewest = Math.min(first.degreesOfFreedom, second.degreesOfFreedom);
  const degenerate = v1 + v2 === 0 || fewest < 1;
  const degreesOfFreedom = degenerate
    ? fewest
    : (v1 + v2) ** 2 /
      (spreadOfVariance(v1, first.degreesOfFreedom) + spreadOfVariance(v2, second.degreesOfFreedom));
  const mean = first.mean - ratio * second.mean;
  return { mean, standardError: degenerate ? 0 : Math.sqrt(v1 + v2), degreesOfFreedom, degenerate };
}
