/** Confidence limits as functions of their level, so that one can be read for an interval and inverted for a p-value. */
import { bcaInterval } from '../statistics/bootstrap-interval.ts';
import type { BootstrapSample } from '../statistics/bootstrap.ts';
import { studentTUpperQuantile } from '../statistics/distributions.ts';
import { tailProbability } from '../statistics/interval.ts';
import { normalQuantile } from '../statistics/normal.ts';

export interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Limits at any two-sided level. */
export type LimitsAt = (level: number) => Limits;

/** Limits that reach as far as the farthest of these, at each level. */
export function widest(parts: readonly LimitsAt[]): LimitsAt {
  return (level) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const part of parts) {
      const limits = part(level);
      low = Math.min(low, limits.low);
      high = Math.max(high, limits.high);
    }
    return { low, high };
  };
}

/** The quantile of the standard normal that leaves the tail of this two-sided level. */
export function normalFactor(level: number): number {
  return -normalQuantile(tailProbability(level));
}

/** Limits by Student's t around a value. */
export function studentLimits(value: number, standardError: number, degreesOfFreedom: number): LimitsAt {
  return (level) => {
    const half = standardError * studentTUpperQuantile(tailProbability(level), degreesOfFreedom);
    return { low: value - half, high: value + half };
  };
}

/**
 * Limits by Student's t, widened where skewness makes a studentised mean leave its quantiles: a sample that lacks the
 * rare large loss has a small standard error too. The quantile of the studentised mean is t - skewness (2 t^2 + 1) / 6;
 * only the side on which that is farther out is moved.
 * Source: P. Hall, The Bootstrap and Edgeworth Expansion (1992), section 2.6; N. J. Johnson, JASA 73 (1978) 536-544.
 * @param skewness of the estimate itself: that of one example over the root of n.
 */
export function skewedLimits(
  value: number,
  standardError: number,
  degreesOfFreedom: number,
  skewness: number,
): LimitsAt {
  return (level) => {
    const t = studentTUpperQuantile(tailProbability(level), degreesOfFreedom);
    const shift = (skewness * (2 * t * t + 1)) / 6;
    return {
      low: value - standardError * (t + Math.max(0, -shift)),
      high: value + standardError * (t + Math.max(0, shift)),
    };
  };
}

/**
 * Limits of a correlation by Student's t on Fisher's scale, where it is not skewed near 1 and -1.
 * Source: R. A. Fisher, Metron 1 (1921) 3-32.
 */
export function fisherLimits(value: number, standardError: number, degreesOfFreedom: number): LimitsAt {
  if (!(Math.abs(value) < 1)) return () => ({ low: value, high: value });
  const onScale = studentLimits(Math.atanh(value), standardError / (1 - value * value), degreesOfFreedom);
  return (level) => {
    const { low, high } = onScale(level);
    return { low: Math.tanh(low), high: Math.tanh(high) };
  };
}

/** Limits by the normal distribution around a value. */
export function normalLimits(value: number, standardError: number): LimitsAt {
  return (level) => {
    const half = normalFactor(level) * standardError;
    return { low: value - half, high: value + half };
  };
}

/** A value with its limits. */
interface Located {
  readonly value: number;
  readonly limitsAt: LimitsAt;
}

/**
 * Limits of candidate - scale * baseline of two independent estimates: distances to their own limits, squared and added.
 * Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702, equation 4.
 */
export function squareAndAdd(candidate: Located, baseline: Located, scale: number): LimitsAt {
  const value = candidate.value - scale * baseline.value;
  return (level) => {
    const [own, other] = [candidate.limitsAt(level), baseline.limitsAt(level)];
    return {
      low: value - Math.hypot(candidate.value - own.low, scale * (other.high - baseline.value)),
      high: value + Math.hypot(own.high - candidate.value, scale * (baseline.value - other.low)),
    };
  };
}

/**
 * Limits that some resamples give. They say nothing of tails in which less than one of them is expected: there the
 * distance from the value grows as the normal distribution's does, or no resampled test could survive a correction for
 * many.
 */
export function resampledLimits(replicates: number, value: number, limitsAt: LimitsAt): LimitsAt {
  const finest = 1 - 2 / (replicates + 1);
  return (level) => {
    if (level <= finest || finest <= 0) return limitsAt(level);
    const edge = limitsAt(finest);
    const stretch = normalFactor(level) / normalFactor(finest);
    return { low: value - (value - edge.low) * stretch, high: value + (edge.high - value) * stretch };
  };
}

/** Limits by the BCa bootstrap. */
export function bcaLimits(sample: BootstrapSample): LimitsAt {
  return resampledLimits(sample.sorted.length, sample.estimate, (level) => bcaInterval(sample, level));
}
