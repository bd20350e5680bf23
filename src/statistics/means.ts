/** Means, their differences, and t-tests. */
import { studentTSurvival, studentTUpperQuantile } from './distributions.ts';
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';

/** Size, mean and spread of one sample. */
export interface MeanEstimate {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation with n - 1; 0 for a single value. */
  readonly standardDeviation: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** No spread, or a single value: an interval would be false certainty. */
  readonly degenerate: boolean;
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

/** Neumaier's compensated sum. */
export function sumOf(values: ArrayLike<number>): number {
  let [sum, compensation] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + compensation;
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
export function meanInterval(estimate: MeanEstimate, level: number): ConfidenceInterval {
  const tail = tailProbability(level);
  const half = estimate.degenerate
    ? 0
    : estimate.standardError * studentTUpperQuantile(tail, estimate.degreesOfFreedom);
  return { low: estimate.mean - half, high: estimate.mean + half, level, method: 'student-t' };
}

/** A t-test from a difference, its standard error and degrees of freedom; p is 0, 1/2 or 1 when the error is 0. */
function tTestFrom(difference: number, standardError: number, degreesOfFreedom: number): TTest {
  const t = difference === 0 ? 0 : difference / standardError;
  const survival = (x: number): number => {
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

/**
 * One-sample (or, on differences, paired) t-test of mean = hypothesised. Non-inferiority at margin m is pGreater at
 * -m. With a degenerate estimate t is infinite: look at the flag before the p-value.
 */
export function tTest(estimate: MeanEstimate, hypothesised: number): TTest {
  return tTestFrom(estimate.mean - hypothesised, estimate.standardError, estimate.degreesOfFreedom);
}

/**
 * Welch's t-test of first - second = hypothesised for two independent samples.
 * Source: B. L. Welch, Biometrika 34 (1947) 28-35.
 */
export function welchTTest(first: MeanEstimate, second: MeanEstimate, hypothesised: number): TTest {
  const [v1, v2] = [first.standardError ** 2, second.standardError ** 2];
  const degreesOfFreedom =
    (v1 + v2) ** 2 / (v1 ** 2 / first.degreesOfFreedom + v2 ** 2 / second.degreesOfFreedom);
  return tTestFrom(first.mean - second.mean - hypothesised, Math.sqrt(v1 + v2), degreesOfFreedom);
}
