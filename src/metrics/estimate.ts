/** Values with intervals: what all of them share, and how one is estimated that is linear in the examples. */
import { bcaInterval, type BootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { bootstrapWeights, type BootstrapSample } from '../statistics/bootstrap.ts';
import { tailProbability } from '../statistics/interval.ts';
import { estimateMean, sumOf, type MeanEstimate } from '../statistics/means.ts';
import { quantileOfSorted } from '../statistics/quantile.ts';
import type { Random } from '../statistics/random.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import type { Bounds } from './form.ts';
import type { Interval } from '../schemas/evidence.generated.ts';
import {
  bcaLimits,
  fisherLimits,
  normalFactor,
  resampledLimits,
  skewedLimits,
  studentLimits,
  widest,
  type Limits,
  type LimitsAt,
} from './limits.ts';
import {
  centreByStratum,
  compactCodes,
  sumByGroup,
  type Codes,
  type SamplingDesign,
} from './sampling-design.ts';

/** Up to here an interval is bootstrapped; above, the normal approximation has converged and costs one pass. */
export const LARGEST_BOOTSTRAP = 5000;

/** More examples than this in groups are not bootstrapped: each resample counts every one of them. */
export const LARGEST_GROUPED_BOOTSTRAP = 50_000;

/** Up to here the interval is also at least that of the studentised bootstrap. */
const LARGEST_STUDENTISED = 200;

/** A spread of this share of the largest number is rounding, not variation. */
export const SPREAD_OF_ROUNDING = 1e-12;

/** More undefined resamples than this share make an interval worthless. */
const LARGEST_UNDEFINED_SHARE = 0.01;

export interface EstimateOptions extends SamplingDesign {
  /** Two-sided level of the interval. */
  readonly level: number;
  readonly random: Random;
  /** Number of bootstrap resamples. */
  readonly resamples: number;
}

export interface Estimate {
  /** NaN where it is undefined. */
  readonly value: number;
  readonly interval: Interval | undefined;
  /** The interval's limits at any two-sided level; undefined where there is no interval. */
  readonly limitsAt?: LimitsAt;
  /** Standard error times the root of n: what one example contributes. */
  readonly spread: number;
  /** Examples that it rests on. */
  readonly n: number;
  /** Groups of examples, where those and not single examples are independent. */
  readonly groups?: number;
  /** What a few unseen examples could do to the value, where that was taken into account. */
  readonly reach?: number;
}

export const UNDEFINED_ESTIMATE: Estimate = {
  value: Number.NaN,
  interval: undefined,
  spread: Number.NaN,
  n: 0,
};

/**
 * Share of a population that n examples without a single case cannot exclude: z^2 / (n + z^2), the limit of Wilson's
 * interval for no success and of Tango's for no discordant pair. Intervals of resampled or plugged-in variance know
 * nothing of what the sample lacks, and are widened by it.
 */
export function unseenShare(n: number, level: number): number {
  const z = normalFactor(level);
  return (z * z) / (n + z * z);
}

/** What a mean of values within bounds becomes if a share of all was not seen, and is all at one bound. */
export function reachUnseen(value: number, share: number, { low, high } = UNIT): Limits {
  return { low: value - share * (value - low), high: value + share * (high - value) };
}

const UNIT: Bounds = { low: 0, high: 1 };

/** Interval as evidence has it; undefined where a limit is no number. */
export function toInterval(
  { low, high }: Limits,
  level: number,
  method: string,
  degenerate: boolean,
): Interval | undefined {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  return { level, low, high, method, ...(degenerate ? { degenerate } : {}) };
}

/** Whether a bootstrap lost too many resamples, for example because a class was absent in them. */
export function isWorthless(interval: BootstrapInterval): boolean {
  const all = interval.replicates + interval.undefinedReplicates;
  return interval.undefinedReplicates > LARGEST_UNDEFINED_SHARE * all;
}

/** What is independent of one another in a sample, and what each does to the value. */
interface UnitEffects {
  /** One for each unit, mean 0: their spread over the root of their number is the standard error. */
  readonly effects: Float64Array;
  readonly groups: Codes | undefined;
  readonly strata: Codes | undefined;
}

/**
 * Effects of the independent units from those of single examples. Groups: the sum over the group, so that the error is
 * the CR1 cluster-robust one (A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015), equation 12).
 */
export function unitEffects(influences: Float64Array, design: SamplingDesign): UnitEffects {
  if (design.groups !== undefined) {
    const groups = compactCodes(design.groups);
    const effects = sumByGroup(influences, groups).map((sum) => (sum * groups.count) / influences.length);
    return { effects, groups, strata: undefined };
  }
  if (design.strata === undefined) return { effects: influences, groups: undefined, strata: undefined };
  const strata = compactCodes(design.strata);
  return { effects: centreByStratum(influences, strata), groups: undefined, strata };
}

/** What the name of a method says of the design. */
export function nameDesign(
  { groups, strata }: { readonly groups?: unknown; readonly strata?: unknown },
  { weights }: SamplingDesign,
): string {
  const weighted = weights === undefined ? '' : ', weighted';
  if (groups !== undefined) return `${weighted}, clustered by group`;
  return `${weighted}${strata === undefined ? '' : ', by stratum'}`;
}

/** Skewness of the mean of values: theirs over the root of n. */
function skewnessOfMean(values: Float64Array, { mean, standardDeviation, n }: MeanEstimate): number {
  let cubes = 0;
  for (const value of values) {
    const deviation = value - mean;
    // Thrice multiplied: a power costs ten times as much.
    cubes += deviation * deviation * deviation;
  }
  return cubes / (n ** 1.5 * standardDeviation ** 3);
}

/** A value with the first-order effects of the examples on it. */
interface LinearisedQuantity {
  readonly value: number;
  /** One for each example, mean 0; given back when they have been used. */
  readonly influences: Float64Array;
  readonly byVariance: 'Student t' | 'delta method';
  /** A spread up to this is rounding. */
  readonly noise: number;
  /** The value is a correlation: its limits are also read off Fisher's scale. */
  readonly isCorrelation?: boolean;
  /** Each resample counts every example, and not only the sums of groups. */
  readonly isByRow?: boolean;
  /** How much larger the value is on a sample than it should be: the lower limit moves by it. */
  readonly overshoot?: number;
  /** What the sample may lack, from the effects of its independent units. */
  readonly floorOf: (effects: Float64Array) => LimitsAt;
  /** The bootstrap, asked of few independent units only. */
  readonly resample: (units: UnitEffects) => BootstrapSample;
}

/**
 * A value that is linear in the examples to first order. Up to 5,000 examples by the BCa bootstrap, but never narrower
 * than Student's t on the first-order influences (for a plain mean: on the values) and, up to 200 examples, than the
 * studentised bootstrap, because with few examples each of them alone promises too much (BCa where n is small, t where
 * errors are skewed); above by Student's t, widened for skewness. Both are widened by what the sample may lack. A
 * quantity without any spread is degenerate. Where examples come in groups, the groups take the place of the examples in
 * all of this. Weights are in the influences.
 * @param name prefix of the method's name, such as "paired ".
 */
export function estimateLinearised(
  quantity: LinearisedQuantity,
  options: EstimateOptions,
  name: string,
): Estimate {
  const { value, influences, noise } = quantity;
  const n = influences.length;
  if (!Number.isFinite(sumOf(influences))) return { ...UNDEFINED_ESTIMATE, value, n };
  const drawn = unitEffects(influences, options);
  const { effects, groups } = drawn;
  const units = effects.length;
  const estimate = estimateMean(effects);
  const spread = estimate.standardError * Math.sqrt(n);
  const base = { value, spread, n, ...(groups === undefined ? {} : { groups: units }) };
  const design = nameDesign(drawn, options);
  if (quantity.isByRow === true && units > 1 && spread <= noise) {
    // A perfect ranking, or two models that rank alike: what the sample may lack is all that there is.
    const limitsAt = quantity.floorOf(effects);
    const limits = limitsAt(options.level);
    const interval = toInterval(
      limits,
      options.level,
      `${name}unseen-examples bound${design}`,
      limits.low === limits.high,
    );
    return { ...base, interval, limitsAt, reach: Math.max(value - limits.low, limits.high - value) };
  }
  if (units < 2 || spread <= noise) {
    const point = { low: value, high: value };
    return { ...base, interval: toInterval(point, options.level, `${name}point${design}`, true) };
  }
  const { standardError, degreesOfFreedom } = estimate;
  const isMany = units > LARGEST_BOOTSTRAP || (quantity.isByRow === true && n > LARGEST_GROUPED_BOOTSTRAP);
  // The bootstrap sees skewness by itself.
  const byT = isMany
    ? skewedLimits(value, standardError, degreesOfFreedom, skewnessOfMean(effects, estimate))
    : studentLimits(value, standardError, degreesOfFreedom);
  const floor = quantity.floorOf(effects);
  const onFisherScale =
    quantity.isCorrelation === true ? [fisherLimits(value, standardError, degreesOfFreedom)] : [];
  const least = widest([moveDown(byT, quantity.overshoot), ...onFisherScale, floor]);
  const { low, high } = floor(options.level);
  const reach = Math.max(value - low, high - value);
  const byVariance = `${name}${quantity.byVariance}${design}`;
  if (isMany) {
    releaseMemory(influences, effects);
    const interval = toInterval(least(options.level), options.level, byVariance, false);
    return { ...base, interval, limitsAt: least, reach };
  }
  const sample = quantity.resample(drawn);
  const studentised = units > LARGEST_STUDENTISED ? [] : [studentise(effects, estimate, value, options)];
  const limitsAt = widest([bcaLimits(sample), least, ...studentised]);
  const [limits, narrowest] = [limitsAt(options.level), least(options.level)];
  const isLeast = limits.low === narrowest.low && limits.high === narrowest.high;
  const resampled = units > LARGEST_STUDENTISED ? 'bootstrap (BCa)' : 'bootstrap (BCa, studentised)';
  const method = isLeast ? byVariance : `${name}${resampled}${design}`;
  const bootstrap = bcaInterval(sample, options.level);
  const degenerate = bootstrap.degenerate || isWorthless(bootstrap);
  return { ...base, interval: toInterval(limits, options.level, method, degenerate), limitsAt, reach };
}

/** Limits with the lower one this much lower. */
function moveDown(limitsAt: LimitsAt, distance = 0): LimitsAt {
  if (distance <= 0) return limitsAt;
  return (level) => {
    const { low, high } = limitsAt(level);
    return { low: low - distance, high };
  };
}

/**
 * What unseen units could do to a value: as much as the largest effect that was seen, and all at one of the bounds.
 * @param share of the units that count beside their weights
 */
export function floorOfEffects(
  value: number,
  effects: Float64Array,
  share: number,
  bounds: Bounds | undefined,
): LimitsAt {
  // Read now: the effects are given back before the limits are asked for.
  const [largest, units] = [largestMagnitude(effects), share * effects.length];
  return (level) => {
    const unseen = unseenShare(units, level);
    const bounded = bounds === undefined ? undefined : reachUnseen(value, unseen, bounds);
    return {
      low: Math.min(value - unseen * largest, bounded?.low ?? Number.POSITIVE_INFINITY),
      high: Math.max(value + unseen * largest, bounded?.high ?? Number.NEGATIVE_INFINITY),
    };
  };
}

/**
 * Studentised bootstrap of the influences: with few and skewed examples neither Student's t nor BCa keeps its level,
 * because both take the standard error of a skewed sample at its word.
 * Source: P. Hall, The Annals of Statistics 16 (1988) 927-953; Efron and Tibshirani (1993), section 12.5.
 */
function studentise(
  influences: Float64Array,
  estimate: MeanEstimate,
  value: number,
  options: EstimateOptions,
): LimitsAt {
  const n = influences.length;
  const statistic = (weights: Uint32Array): number => {
    let [total, sum, squares] = [0, 0, 0];
    for (let row = 0; row < n; row++) {
      const [weight, deviation] = [weights[row] ?? 0, (influences[row] ?? Number.NaN) - estimate.mean];
      total += weight;
      sum += weight * deviation;
      squares += weight * deviation * deviation;
    }
    const variance = (squares - (sum * sum) / total) / (total - 1);
    return sum / total / Math.sqrt(variance / total);
  };
  const { sorted } = bootstrapWeights(n, statistic, {
    random: options.random,
    replicates: options.resamples,
  });
  const quantile = (p: number): number => (sorted.length === 0 ? 0 : quantileOfSorted(sorted, p));
  return resampledLimits(sorted.length, value, (level) => {
    const tail = tailProbability(level);
    return {
      low: value - quantile(1 - tail) * estimate.standardError,
      high: value - quantile(tail) * estimate.standardError,
    };
  });
}

export function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (let row = 0; row < values.length; row++) largest = Math.max(largest, Math.abs(values[row] ?? 0));
  return largest;
}
