/**
 * Values with intervals for functions of means and of joint counts. One model or two: for a comparison the caller
 * passes the columns of both side by side and a function of all of them.
 */
import { bcaInterval, type BootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { bootstrapCounts, bootstrapWeights, type BootstrapSample } from '../statistics/bootstrap.ts';
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
  normalLimits,
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
  kishShare,
  sizesOf,
  sumByGroup,
  weigh,
  weightedMean,
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
const SPREAD_OF_ROUNDING = 1e-12;

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

interface MeansQuantity {
  readonly columns: readonly Float64Array[];
  readonly plain: boolean;
  /** What one value of the only column can be, where that is known. */
  readonly bounds?: Bounds;
  readonly isCorrelation?: true;
  readonly value: (means: ArrayLike<number>) => number;
  readonly gradient: (means: ArrayLike<number>) => readonly number[];
}

/** First-order effect of each example on the value: its weight times gradient times (row - means). */
export function influencesOfMeans(
  quantity: MeansQuantity,
  means: ArrayLike<number>,
  n: number,
  weights: Float64Array | undefined,
): Float64Array {
  const gradient = quantity.gradient(means);
  const influences = new Float64Array(n);
  quantity.columns.forEach((column, position) => {
    const [slope, mean] = [gradient[position] ?? Number.NaN, means[position] ?? Number.NaN];
    for (let row = 0; row < n; row++) {
      influences[row] = (influences[row] ?? 0) + slope * ((column[row] ?? Number.NaN) - mean);
    }
  });
  if (weights === undefined) return influences;
  for (let row = 0; row < n; row++) influences[row] = (influences[row] ?? 0) * (weights[row] ?? 0);
  return influences;
}

/** The columns as the bootstrap draws them: by example, or the sums of each group and its size. */
interface DrawnColumns {
  readonly columns: readonly Float64Array[];
  readonly sizes: Float64Array | undefined;
  readonly strata: Uint32Array | undefined;
  readonly units: number;
}

function bootstrapMeans(
  quantity: MeansQuantity,
  { columns, sizes, strata, units }: DrawnColumns,
  options: EstimateOptions,
): BootstrapSample {
  const means = new Float64Array(columns.length);
  const statistic = (weights: Uint32Array): number => {
    let total = 0;
    for (let unit = 0; unit < units; unit++) total += (weights[unit] ?? 0) * (sizes?.[unit] ?? 1);
    columns.forEach((column, position) => {
      let sum = 0;
      for (let unit = 0; unit < units; unit++) sum += (weights[unit] ?? 0) * (column[unit] ?? Number.NaN);
      means[position] = sum / total;
    });
    return quantity.value(means);
  };
  return bootstrapWeights(units, statistic, {
    random: options.random,
    replicates: options.resamples,
    ...(strata === undefined ? {} : { strata }),
  });
}

/** What is independent of one another in a sample, and what each does to the value. */
export interface UnitEffects {
  /** One for each unit, mean 0: their spread over the root of their number is the standard error. */
  readonly effects: Float64Array;
  readonly groups: Codes | undefined;
  readonly strata: Codes | undefined;
}

/**
 * Effects of the independent units from those of single examples. Groups: the sum over the group, so that the error is
 * the CR1 cluster-robust one (A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015), equation 12).
 */
function unitEffects(influences: Float64Array, design: SamplingDesign): UnitEffects {
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

/**
 * A function of column means, and how it varies: see estimateLinearised. Bounded values reach examples at their bounds
 * (simulated with a rare score that is sure and wrong, 60 to 6,000 examples: 12 to 17 % instead of 5 % of Brier scores
 * passed at the margin by the largest effect alone).
 * @param name prefix of the method's name, such as "paired ".
 */
export function estimateMeans(quantity: MeansQuantity, options: EstimateOptions, name = ''): Estimate {
  const { columns } = quantity;
  const { weights } = options;
  const n = columns[0]?.length ?? 0;
  if (n === 0) return UNDEFINED_ESTIMATE;
  const means = columns.map((column) => weightedMean(column, weights));
  const value = quantity.value(means);
  if (!Number.isFinite(value)) return UNDEFINED_ESTIMATE;
  const largest = columns.reduce((most, column) => Math.max(most, largestMagnitude(column)), 0);
  return estimateLinearised(
    {
      value,
      influences: influencesOfMeans(quantity, means, n, weights),
      byVariance: quantity.plain ? 'Student t' : 'delta method',
      noise: SPREAD_OF_ROUNDING * largest,
      isCorrelation: quantity.isCorrelation === true,
      floorOf: (effects) => floorOfEffects(value, effects, kishShare(weights), quantity.bounds),
      resample: ({ groups, strata, effects }) =>
        bootstrapMeans(quantity, drawColumns(columns, weights, groups, strata, effects.length), options),
    },
    options,
    name,
  );
}

function drawColumns(
  columns: readonly Float64Array[],
  weights: Float64Array | undefined,
  groups: Codes | undefined,
  strata: Codes | undefined,
  units: number,
): DrawnColumns {
  const weighed = weights === undefined ? columns : columns.map((column) => weigh(column, weights));
  if (groups === undefined) return { columns: weighed, sizes: weights, strata: strata?.of, units };
  return {
    columns: weighed.map((column) => sumByGroup(column, groups)),
    sizes: weights === undefined ? sizesOf(groups) : sumByGroup(weights, groups),
    strata: strata?.of,
    units,
  };
}

/** A value with the first-order effects of the examples on it. */
export interface LinearisedQuantity {
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

function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (let row = 0; row < values.length; row++) largest = Math.max(largest, Math.abs(values[row] ?? 0));
  return largest;
}

export interface CountsQuantity {
  /** Examples in each cell. */
  readonly counts: Float64Array;
  /** NaN where it is undefined. */
  readonly value: (counts: Float64Array) => number;
  /** First-order effect of one example of a cell. */
  readonly influence: (cell: number) => number;
  /** What so many unseen changed predictions could make of the value. */
  readonly reach: (flips: number) => Limits;
  /** The cell of each example: asked only of examples in groups or strata, or with weights. */
  readonly cellOf: () => Uint32Array;
}

/**
 * A function of joint counts: BCa bootstrap by multinomial draws, whose cost does not depend on n; above 5,000 cells
 * the delta method. Widened to `reach`, because resampling never draws a kind of example that the sample lacks.
 * Groups are drawn as a whole, strata each by itself; the interval is then never narrower than the delta method's.
 */
export function estimateCounts(quantity: CountsQuantity, options: EstimateOptions, name = ''): Estimate {
  const { counts } = quantity;
  const value = counts.length === 0 ? Number.NaN : quantity.value(counts);
  if (!Number.isFinite(value)) return UNDEFINED_ESTIMATE;
  if (options.groups !== undefined || options.strata !== undefined || options.weights !== undefined)
    return estimateDesignedCounts(quantity, value, options, name);
  const n = sumOf(counts);
  let squares = 0;
  counts.forEach((count, cell) => {
    if (count > 0) squares += count * quantity.influence(cell) ** 2;
  });
  const spread = Math.sqrt(squares / n);
  const reachAt = unseenFlips(quantity, n, n);
  if (counts.length > LARGEST_BOOTSTRAP) {
    const limitsAt = widest([normalLimits(value, spread / Math.sqrt(n)), reachAt]);
    return {
      value,
      ...readLimits(limitsAt, value, reachAt, options.level, `${name}delta method`),
      spread,
      n,
    };
  }
  const sample = bootstrapCounts(counts, quantity.value, {
    random: options.random,
    replicates: options.resamples,
  });
  const limitsAt = widest([bcaLimits(sample), reachAt]);
  const [limits, floor] = [limitsAt(options.level), reachAt(options.level)];
  // Without spread the resamples all agree, and the reach alone is the interval: wide for few examples, as it should be.
  const onlyReach = spread === 0 || (limits.low === floor.low && limits.high === floor.high);
  const method = `${name}${onlyReach ? 'unseen-flips bound' : 'bootstrap (BCa)'}`;
  const worthless = isWorthless(bcaInterval(sample, options.level));
  return { value, ...readLimits(limitsAt, value, reachAt, options.level, method, worthless), spread, n };
}

/** What the flips that so many independent units of n examples cannot exclude would make of the value. */
function unseenFlips(quantity: CountsQuantity, units: number, n: number): LimitsAt {
  return (level) => quantity.reach(unseenShare(units, level) * n);
}

/** The interval and the reach of some limits. */
function readLimits(
  limitsAt: LimitsAt,
  value: number,
  reachAt: LimitsAt,
  level: number,
  method: string,
  worthless = false,
): Pick<Estimate, 'interval' | 'limitsAt'> & { readonly reach: number } {
  const [limits, floor] = [limitsAt(level), reachAt(level)];
  // An interval of one point says that nothing on this test set could move the value, not that nothing ever could.
  const degenerate = worthless || limits.low === limits.high;
  return {
    interval: toInterval(limits, level, method, degenerate),
    limitsAt,
    reach: Math.max(value - floor.low, floor.high - value),
  };
}

function estimateDesignedCounts(
  quantity: CountsQuantity,
  value: number,
  options: EstimateOptions,
  name: string,
): Estimate {
  const { counts } = quantity;
  const cellOf = quantity.cellOf();
  const n = cellOf.length;
  const { weights } = options;
  const influenceOf = Float64Array.from(counts, (count, cell) => (count > 0 ? quantity.influence(cell) : 0));
  const influences = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    influences[row] = (influenceOf[cellOf[row] ?? 0] ?? 0) * (weights?.[row] ?? 1);
  }
  const drawn = unitEffects(influences, options);
  const { effects, groups, strata } = drawn;
  const units = effects.length;
  const estimate = estimateMean(effects);
  const spread = estimate.standardError * Math.sqrt(n);
  const base = { value, spread, n, ...(groups === undefined ? {} : { groups: units }) };
  if (units < 2) return { ...base, interval: undefined };
  const reachAt = unseenFlips(quantity, units * kishShare(weights), n);
  const least = widest([studentLimits(value, estimate.standardError, estimate.degreesOfFreedom), reachAt]);
  const design = nameDesign(drawn, options);
  if (units > LARGEST_BOOTSTRAP || n > LARGEST_GROUPED_BOOTSTRAP) {
    releaseMemory(influences, effects, cellOf);
    const method = `${name}delta method${design}`;
    return { ...base, ...readLimits(least, value, reachAt, options.level, method) };
  }
  const drawnCounts = new Float64Array(counts.length);
  const sample = bootstrapWeights(
    n,
    (times) => {
      drawnCounts.fill(0);
      for (let row = 0; row < n; row++) {
        const cell = cellOf[row] ?? 0;
        drawnCounts[cell] = (drawnCounts[cell] ?? 0) + (times[row] ?? 0) * (weights?.[row] ?? 1);
      }
      return quantity.value(drawnCounts);
    },
    {
      random: options.random,
      replicates: options.resamples,
      ...(groups === undefined ? {} : { clusters: groups.of }),
      ...(strata === undefined ? {} : { strata: strata.of }),
    },
  );
  const limitsAt = widest([bcaLimits(sample), least]);
  const worthless = isWorthless(bcaInterval(sample, options.level));
  const method = `${name}bootstrap (BCa)${design}`;
  return { ...base, ...readLimits(limitsAt, value, reachAt, options.level, method, worthless) };
}
