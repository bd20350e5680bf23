/** Sums of absolute values of correlated normal numbers: what distances between distributions are under no change. */
import { incompleteGamma } from './gamma.ts';
import { findRoot } from './root.ts';

/** A gamma distribution. */
export interface GammaFit {
  readonly shape: number;
  readonly scale: number;
}

/** Numbers with mean 0, normal together. */
export interface NormalVector {
  /** Standard deviations. */
  readonly deviations: readonly number[];
  /** Correlation of two of them, the first index being the smaller. */
  readonly correlate: (first: number, second: number) => number;
}

/** E|XY| of two standard normal numbers, times pi / 2. Source: S. Nabeya, Ann. Inst. Stat. Math. 3 (1951) 2-6. */
function absoluteProduct(correlation: number): number {
  const rho = Math.max(-1, Math.min(1, correlation));
  return Math.sqrt(1 - rho * rho) + rho * Math.asin(rho);
}

/**
 * The gamma distribution with the exact mean and variance of sum of weight times |X|; undefined where the sum is
 * always 0. Its tail is heavier than that of the sum, which is a normal one, so that a probability far out is an upper
 * bound. Quadratic in the number of terms. Source: F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114.
 */
export function fitAbsoluteSum(
  weights: readonly number[],
  { deviations, correlate }: NormalVector,
): GammaFit | undefined {
  const terms = weights.map((weight, index) => weight * (deviations[index] ?? 0));
  let [sum, variance] = [0, 0];
  terms.forEach((term, i) => {
    sum += term;
    variance += term * term * (Math.PI / 2 - 1);
    for (let j = i + 1; j < terms.length; j++) {
      const other = terms[j] ?? 0;
      if (term > 0 && other > 0) variance += 2 * term * other * (absoluteProduct(correlate(i, j)) - 1);
    }
  });
  if (!(sum > 0)) return undefined;
  const mean = Math.sqrt(2 / Math.PI) * sum;
  const spread = (2 / Math.PI) * variance;
  return { shape: (mean * mean) / spread, scale: spread / mean };
}

/** Upper tail P(X >= x). */
export function gammaSurvival(x: number, { shape, scale }: GammaFit): number {
  return incompleteGamma(shape, Math.max(0, x) / scale).upper;
}

/** Standard deviations beyond the mean among which a quantile is looked for. */
const FARTHEST = 60;

/** The value that is exceeded with a given probability, above 1e-12. */
export function gammaUpperQuantile(tail: number, fit: GammaFit): number {
  const largest = fit.shape + FARTHEST * (Math.sqrt(fit.shape) + 1);
  const goal = Math.log(tail);
  const x = findRoot((at) => Math.log(incompleteGamma(fit.shape, at).upper) - goal, 0, largest);
  return x * fit.scale;
}

/**
 * Differences of cumulative shares between two samples of one distribution over ordered bins, per unit of
 * sqrt(1/n + 1/m): a Brownian bridge at the end of each bin but the last.
 */
export function bridgeVector(shares: readonly number[]): NormalVector {
  let below = 0;
  const cumulative = shares.slice(0, -1).map((share) => (below += share));
  const clamped = cumulative.map((share) => Math.min(1, share));
  return {
    deviations: clamped.map((share) => Math.sqrt(share * (1 - share))),
    correlate: (first, second) => {
      const [low, high] = [clamped[first] ?? 0, clamped[second] ?? 0];
      return Math.sqrt((low * (1 - high)) / (high * (1 - low)));
    },
  };
}

/** The same for differences of the shares themselves: multinomial. */
export function multinomialVector(shares: readonly number[]): NormalVector {
  return {
    deviations: shares.map((share) => Math.sqrt(share * (1 - share))),
    correlate: (first, second) => {
      const [p, q] = [shares[first] ?? 0, shares[second] ?? 0];
      return -Math.sqrt((p * q) / ((1 - p) * (1 - q)));
    },
  };
}
