/** Moments that merge: shards are summarised apart and give what the whole would. */
import { estimateMean } from './means.ts';

/** Count, mean and sums of powers of deviations from the mean. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly sum2: number;
  readonly sum3: number;
  readonly sum4: number;
}

/** What moments say about a distribution; NaN where there are too few values or no spread. */
export interface Shape {
  readonly mean: number;
  /** Variance with n - 1. */
  readonly variance: number;
  readonly standardDeviation: number;
  /** Skewness g1 of the sample, and G1 corrected for its bias under normality. */
  readonly skewness: number;
  readonly unbiasedSkewness: number;
  /** Excess kurtosis g2 of the sample, and G2 corrected for its bias under normality. */
  readonly kurtosis: number;
  readonly unbiasedKurtosis: number;
}

/** Moments of no values: what merging starts from. */
export const EMPTY_MOMENTS: Moments = { n: 0, mean: 0, sum2: 0, sum3: 0, sum4: 0 };

/**
 * Moments of values, in two passes.
 * @throws RangeError when a value is not finite.
 */
export function momentsOf(values: ArrayLike<number>): Moments {
  if (values.length === 0) return EMPTY_MOMENTS;
  const { n, mean } = estimateMean(values);
  let [sum2, sum3, sum4] = [0, 0, 0];
  for (let index = 0; index < n; index++) {
    const d = (values[index] ?? Number.NaN) - mean;
    sum2 += d * d;
    sum3 += d * d * d;
    sum4 += d * d * d * d;
  }
  return { n, mean, sum2, sum3, sum4 };
}

/**
 * Moments of two shards together.
 * Source: P. Pebay, Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical
 * Moments, Sandia Report SAND2008-6212 (2008), equations 2.1, 3.1.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const delta = b.mean - a.mean;
  const [p, q] = [a.n / n, b.n / n];
  const between = delta * delta * a.n * q;
  return {
    n,
    mean: a.mean + delta * q,
    sum2: a.sum2 + b.sum2 + between,
    sum3: a.sum3 + b.sum3 + between * delta * (p - q) + 3 * delta * (p * b.sum2 - q * a.sum2),
    sum4:
      a.sum4 +
      b.sum4 +
      between * delta * delta * (p * p - p * q + q * q) +
      6 * delta * delta * (p * p * b.sum2 + q * q * a.sum2) +
      4 * delta * (p * b.sum3 - q * a.sum3),
  };
}

/**
 * Variance, skewness and kurtosis from moments.
 * Source: D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183-189.
 */
export function describeShape({ n, mean, sum2, sum3, sum4 }: Moments): Shape {
  const variance = sum2 / (n - 1);
  const second = sum2 / n;
  const skewness = sum3 / n / second ** 1.5;
  const kurtosis = sum4 / n / second ** 2 - 3;
  return {
    mean: n === 0 ? Number.NaN : mean,
    variance,
    standardDeviation: Math.sqrt(variance),
    skewness,
    unbiasedSkewness: (skewness * Math.sqrt(n * (n - 1))) / (n - 2),
    kurtosis,
    unbiasedKurtosis: ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * kurtosis + 6),
  };
}

/** Correlation of a series with itself one or more steps later, deviations from the common mean; NaN if constant. */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  const { n, mean } = estimateMean(values);
  const deviation = (index: number): number => (values[index] ?? Number.NaN) - mean;
  let [product, squares] = [0, 0];
  for (let index = 0; index < n; index++) {
    squares += deviation(index) ** 2;
    if (index >= lag) product += deviation(index) * deviation(index - lag);
  }
  return product / squares;
}

/**
 * Pearson's correlation; undefined when one of the two does not vary.
 * @throws RangeError when lengths differ, there are no values, or one is not finite.
 */
export function pearsonCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  if (x.length !== y.length) throw new RangeError(`${x.length} values do not match ${y.length}.`);
  const [meanX, meanY] = [estimateMean(x).mean, estimateMean(y).mean];
  let [xx, yy, xy] = [0, 0, 0];
  for (let index = 0; index < x.length; index++) {
    const [dx, dy] = [(x[index] ?? Number.NaN) - meanX, (y[index] ?? Number.NaN) - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return scale > 0 ? Math.min(1, Math.max(-1, xy / scale)) : undefined;
}
