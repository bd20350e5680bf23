/** Intervals from the replicates of a bootstrap. */
import type { BootstrapSample } from './bootstrap.ts';
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import { quantileOfSorted } from './quantile.ts';

/** A bootstrap interval with what it rests on. */
export interface BootstrapInterval extends ConfidenceInterval {
  readonly estimate: number;
  /** Standard deviation of the replicates (n - 1). */
  readonly standardError: number;
  /** Replicates that were defined. */
  readonly replicates: number;
  /** Replicates that were not: above 1 % of all, call the comparison inconclusive. */
  readonly undefinedReplicates: number;
  /** The replicates do not vary, lie all on one side of the estimate, or do not exist. */
  readonly degenerate: boolean;
  /** Median bias z0 of the BCa method; 0 for the percentile method and where it is not finite. */
  readonly bias: number;
  readonly acceleration: number;
  /** Levels at which the replicates' quantiles were taken. */
  readonly quantileLevels: readonly [number, number];
}

/** Share of the replicates below a value, those equal to it counted half. */
function shareBelow(sample: BootstrapSample, bound: number): number {
  let below = 0;
  for (const value of sample.sorted) {
    if (value < bound) below += 1;
    else if (value === bound) below += 0.5;
    else break;
  }
  return below / sample.sorted.length;
}

/** Standard deviation of the replicates, n - 1 in the denominator; 0 for fewer than two. */
function standardErrorOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

function readInterval(
  sample: BootstrapSample,
  shape: { level: number; method: string; bias: number; acceleration: number; degenerate: boolean },
  quantileLevels: readonly [number, number],
): BootstrapInterval {
  const empty = sample.sorted.length === 0;
  const constant = !empty && sample.sorted[0] === sample.sorted.at(-1);
  return {
    ...shape,
    low: empty ? sample.estimate : quantileOfSorted(sample.sorted, quantileLevels[0]),
    high: empty ? sample.estimate : quantileOfSorted(sample.sorted, quantileLevels[1]),
    estimate: sample.estimate,
    standardError: constant ? 0 : standardErrorOf(sample.sorted),
    replicates: sample.sorted.length,
    undefinedReplicates: sample.undefinedReplicates,
    degenerate: shape.degenerate || empty || constant || !Number.isFinite(sample.estimate),
    quantileLevels,
  };
}

/**
 * Percentile interval: quantiles (type 7) of the replicates at alpha / 2 and 1 - alpha / 2.
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
 */
export function percentileInterval(sample: BootstrapSample, level: number): BootstrapInterval {
  const tail = tailProbability(level);
  const shape = { level, method: 'bootstrap-percentile', bias: 0, acceleration: 0, degenerate: false };
  return readInterval(sample, shape, [tail, 1 - tail]);
}

/**
 * Bias-corrected and accelerated interval. Where the correction does not exist (no replicate on one side of the
 * estimate, or a level beyond the acceleration's pole) it is the percentile interval, marked degenerate.
 * Source: B. Efron, Better Bootstrap Confidence Intervals, JASA 82 (1987) 171-185, equation 2.3.
 */
export function bcaInterval(sample: BootstrapSample, level: number): BootstrapInterval {
  const tail = tailProbability(level);
  const { acceleration } = sample;
  const bias = sample.sorted.length === 0 ? 0 : normalQuantile(shareBelow(sample, sample.estimate));
  const adjust = (z: number): number => {
    const denominator = 1 - acceleration * (bias + z);
    return denominator > 0 ? normalCdf(bias + (bias + z) / denominator) : Number.NaN;
  };
  const z = normalQuantile(tail);
  const [low, high] = [adjust(z), adjust(-z)];
  if (!Number.isFinite(bias) || Number.isNaN(low) || Number.isNaN(high)) {
    return { ...percentileInterval(sample, level), degenerate: true };
  }
  const shape = { level, method: 'bootstrap-bca', bias, acceleration, degenerate: false };
  return readInterval(sample, shape, [low, high]);
}

/**
 * Basic (reflected) interval: 2 estimate - the percentile interval.
 * Source: A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997), equation 5.6.
 */
export function basicInterval(sample: BootstrapSample, level: number): BootstrapInterval {
  const percentile = percentileInterval(sample, level);
  return {
    ...percentile,
    low: 2 * sample.estimate - percentile.high,
    high: 2 * sample.estimate - percentile.low,
    method: 'bootstrap-basic',
  };
}

/**
 * P-values that invert the BCa interval: pGreater is the level at which its lower limit reaches the hypothesised value.
 * Never below 1 / (replicates + 1), which is all that so many replicates can show; 1 where the sample is degenerate.
 * Source: Efron (1987), equation 2.3, solved for the level.
 */
export function bcaTest(sample: BootstrapSample, hypothesised: number): OneSidedPValues {
  const nothing = { pGreater: 1, pLess: 1 };
  const { acceleration, sorted } = sample;
  if (sorted.length === 0 || sorted[0] === sorted.at(-1)) return nothing;
  const bias = normalQuantile(shareBelow(sample, sample.estimate));
  if (!Number.isFinite(bias)) return nothing;
  const least = 1 / (sorted.length + 1);
  const share = Math.min(1 - least, Math.max(least, shareBelow(sample, hypothesised)));
  const distance = normalQuantile(share) - bias;
  const stretch = 1 + acceleration * distance;
  if (!(stretch > 0)) return nothing;
  const z = distance / stretch - bias;
  return { pGreater: Math.max(least, normalCdf(z)), pLess: Math.max(least, normalSurvival(z)) };
}
