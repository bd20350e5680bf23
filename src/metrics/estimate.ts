/**
 * Values with intervals for functions of means and of joint counts. One model or two: for a comparison the caller
 * passes the columns of both side by side and a function of all of them.
 */
import { bcaInterval, type BootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { bootstrapCounts, bootstrapWeights } from '../statistics/bootstrap.ts';
import { tailProbability } from '../statistics/interval.ts';
import { estimateMean, meanInterval, sumOf, type MeanEstimate } from '../statistics/means.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { quantileOfSorted } from '../statistics/quantile.ts';
import type { Random } from '../statistics/random.ts';
import type { Interval } from '../schemas/evidence.generated.ts';

/** Up to here an interval is bootstrapped; above, the normal approximation has converged and costs one pass. */
export const LARGEST_BOOTSTRAP = 5000;

/** Up to here the interval is also at least that of the studentised bootstrap. */
const LARGEST_STUDENTISED = 200;

/** A spread of this share of the largest number is rounding, not variation. */
const SPREAD_OF_ROUNDING = 1e-12;

/** More undefined resamples than this share make an interval worthless. */
const LARGEST_UNDEFINED_SHARE = 0.01;

export interface EstimateOptions {
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
  /** Standard error times the root of n: what one example contributes. */
  readonly spread: number;
  /** Examples that it rests on. */
  readonly n: number;
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
  const z = normalQuantile(tailProbability(level));
  return (z * z) / (n + z * z);
}

/** Interval as evidence has it; undefined where a limit is no number. */
export function toInterval(
  limits: { readonly low: number; readonly high: number; readonly level: number },
  method: string,
  degenerate: boolean,
): Interval | undefined {
  const { low, high, level } = limits;
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
  readonly value: (means: ArrayLike<number>) => number;
  readonly gradient: (means: ArrayLike<number>) => readonly number[];
}

/** First-order effect of each example on the value: gradient times (row - means). */
function influencesOf(quantity: MeansQuantity, means: ArrayLike<number>, n: number): Float64Array {
  const gradient = quantity.gradient(means);
  const influences = new Float64Array(n);
  quantity.columns.forEach((column, position) => {
    const [slope, mean] = [gradient[position] ?? Number.NaN, means[position] ?? Number.NaN];
    for (let row = 0; row < n; row++) {
      influences[row] = (influences[row] ?? 0) + slope * ((column[row] ?? Number.NaN) - mean);
    }
  });
  return influences;
}

function bootstrapMeans(quantity: MeansQuantity, n: number, options: EstimateOptions): BootstrapInterval {
  const means = new Float64Array(quantity.columns.length);
  const statistic = (weights: Uint32Array): number => {
    let total = 0;
    for (let row = 0; row < n; row++) total += weights[row] ?? 0;
    quantity.columns.forEach((column, position) => {
      let sum = 0;
      for (let row = 0; row < n; row++) sum += (weights[row] ?? 0) * (column[row] ?? Number.NaN);
      means[position] = sum / total;
    });
    return quantity.value(means);
  };
  const sample = bootstrapWeights(n, statistic, { random: options.random, replicates: options.resamples });
  return bcaInterval(sample, options.level);
}

/**
 * A function of column means. Up to 5,000 examples by the BCa bootstrap, but never narrower than Student's t on the
 * first-order influences (for a plain mean: on the values) and, up to 200 examples, than the studentised bootstrap,
 * because with few examples each of them alone promises too much (BCa where n is small, t where errors are skewed);
 * above by Student's t alone. Both are widened by what one kind of unseen example could do: the largest influence
 * times unseenShare. A quantity without any spread is degenerate.
 * @param name prefix of the method's name, such as "paired ".
 */
export function estimateMeans(quantity: MeansQuantity, options: EstimateOptions, name = ''): Estimate {
  const n = quantity.columns[0]?.length ?? 0;
  if (n === 0) return UNDEFINED_ESTIMATE;
  const means = quantity.columns.map((column) => sumOf(column) / n);
  const value = quantity.value(means);
  if (!Number.isFinite(value)) return UNDEFINED_ESTIMATE;
  const influences = influencesOf(quantity, means, n);
  if (!Number.isFinite(sumOf(influences))) return { ...UNDEFINED_ESTIMATE, value, n };
  const estimate = estimateMean(influences);
  const spread = estimate.standardDeviation;
  const noise =
    SPREAD_OF_ROUNDING *
    quantity.columns.reduce((most, column) => Math.max(most, largestMagnitude(column)), 0);
  if (n < 2 || spread <= noise) {
    const point = { low: value, high: value, level: options.level };
    return { value, interval: toInterval(point, `${name}point`, true), spread, n };
  }
  const reach = unseenShare(n, options.level) * largestMagnitude(influences);
  const normal = meanInterval({ ...estimate, mean: value }, options.level);
  const least = widen(normal, value - reach, value + reach);
  const byVariance = `${name}${quantity.plain ? 'Student t' : 'delta method'}`;
  if (n > LARGEST_BOOTSTRAP)
    return { value, interval: toInterval(least, byVariance, false), spread, n, reach };
  const bootstrap = bootstrapMeans(quantity, n, options);
  const studentised = n > LARGEST_STUDENTISED ? least : studentise(influences, estimate, value, options);
  const limits = widen(widen(bootstrap, least.low, least.high), studentised.low, studentised.high);
  const isLeast = limits.low === least.low && limits.high === least.high;
  const resampled = n > LARGEST_STUDENTISED ? 'bootstrap (BCa)' : 'bootstrap (BCa, studentised)';
  const method = isLeast ? byVariance : `${name}${resampled}`;
  const degenerate = bootstrap.degenerate || isWorthless(bootstrap);
  return { value, interval: toInterval(limits, method, degenerate), spread, n, reach };
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
): { readonly low: number; readonly high: number } {
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
  const tail = tailProbability(options.level);
  const quantile = (p: number): number => (sorted.length === 0 ? 0 : quantileOfSorted(sorted, p));
  return {
    low: value - quantile(1 - tail) * estimate.standardError,
    high: value - quantile(tail) * estimate.standardError,
  };
}

function largestMagnitude(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Limits that reach at least this far on both sides. */
export function widen(limits: { low: number; high: number; level: number }, low: number, high: number) {
  return { low: Math.min(limits.low, low), high: Math.max(limits.high, high), level: limits.level };
}

export interface CountsQuantity {
  /** Examples in each cell. */
  readonly counts: Float64Array;
  /** NaN where it is undefined. */
  readonly value: (counts: Float64Array) => number;
  /** First-order effect of one example of a cell. */
  readonly influence: (cell: number) => number;
  /** What a few unseen changed predictions could make of the value. */
  readonly reach: { readonly low: number; readonly high: number };
}

/**
 * A function of joint counts: BCa bootstrap by multinomial draws, whose cost does not depend on n; above 5,000 cells
 * the delta method. Widened to `reach`, because resampling never draws a kind of example that the sample lacks.
 */
export function estimateCounts(quantity: CountsQuantity, options: EstimateOptions, name = ''): Estimate {
  const { counts } = quantity;
  const value = quantity.value(counts);
  if (!Number.isFinite(value)) return UNDEFINED_ESTIMATE;
  const n = sumOf(counts);
  let squares = 0;
  counts.forEach((count, cell) => {
    if (count > 0) squares += count * quantity.influence(cell) ** 2;
  });
  const spread = Math.sqrt(squares / n);
  const { low, high } = quantity.reach;
  const reach = Math.max(value - low, high - value);
  if (counts.length > LARGEST_BOOTSTRAP) {
    const half = (-normalQuantile(tailProbability(options.level)) * spread) / Math.sqrt(n);
    const limits = widen({ low: value - half, high: value + half, level: options.level }, low, high);
    return { value, interval: toInterval(limits, `${name}delta method`, false), spread, n, reach };
  }
  const sample = bootstrapCounts(counts, quantity.value, {
    random: options.random,
    replicates: options.resamples,
  });
  const bootstrap = bcaInterval(sample, options.level);
  const limits = widen(bootstrap, low, high);
  // Without spread the resamples all agree, and the reach alone is the interval: wide for few examples, as it should be.
  const onlyReach = spread === 0 || (limits.low === low && limits.high === high);
  const method = onlyReach ? 'unseen-flips bound' : 'bootstrap (BCa)';
  // An interval of one point says that nothing on this test set could move the value, not that nothing ever could.
  const degenerate = isWorthless(bootstrap) || limits.low === limits.high;
  return { value, interval: toInterval(limits, `${name}${method}`, degenerate), spread, n, reach };
}
