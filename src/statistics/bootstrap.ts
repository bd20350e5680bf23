/**
 * The bootstrap: a sample of replicates is drawn once, by rows, by weights or by joint counts, and intervals of any
 * level are read off it. For a paired comparison a row is an example with the outcomes of both treatments.
 */
import { drawMultinomial } from './multinomial.ts';
import type { Random } from './random.ts';

/** Replicates of a statistic, with what the BCa interval needs besides. */
export interface BootstrapSample {
  /** The statistic of the data themselves. */
  readonly estimate: number;
  /** Defined replicates, ascending. */
  readonly sorted: Float64Array;
  /** Resamples on which the statistic was not a finite number, for example because a class was absent. */
  readonly undefinedReplicates: number;
  /** Jackknife acceleration; 0 where the jackknife values do not vary. */
  readonly acceleration: number;
}

/** How many replicates to draw, and from which stream of random numbers. */
export interface BootstrapOptions {
  readonly random: Random;
  /** 2,000 are enough for a report, 10,000 near a margin. */
  readonly replicates: number;
}

export interface RowBootstrapOptions extends BootstrapOptions {
  /**
   * Cluster of each row, as numbers 0, 1, 2, ... without gaps. Whole clusters are then drawn and left out together.
   */
  readonly clusters?: ArrayLike<number>;
}

/** Above this many units the jackknife leaves out groups of units instead of single ones. */
const LARGEST_FULL_JACKKNIFE = 5000;
const JACKKNIFE_GROUPS = 200;

/**
 * Efron's acceleration from jackknife values and how often each occurs: sum d^3 / (6 (sum d^2)^(3/2)) with d = mean -
 * value. Values that are not finite are left out.
 * Source: B. Efron, Better Bootstrap Confidence Intervals, JASA 82 (1987) 171-185, equation 6.6.
 */
function accelerationOf(values: readonly number[], weights: readonly number[]): number {
  const weightOf = (index: number): number => (Number.isFinite(values[index]) ? (weights[index] ?? 0) : 0);
  let [total, sum] = [0, 0];
  values.forEach((value, index) => {
    const weight = weightOf(index);
    total += weight;
    if (weight > 0) sum += weight * value;
  });
  const mean = sum / total;
  let [squares, cubes, largest] = [0, 0, 0];
  values.forEach((value, index) => {
    const weight = weightOf(index);
    if (weight === 0) return;
    const d = mean - value;
    squares += weight * d * d;
    cubes += weight * d * d * d;
    largest = Math.max(largest, Math.abs(value));
  });
  // Differences that are only rounding must not be divided by one another.
  const isNoise = !(squares > total * (16 * Number.EPSILON * largest) ** 2);
  return isNoise ? 0 : cubes / (6 * squares ** 1.5);
}

function sampleFrom(estimate: number, replicates: Float64Array, acceleration: number): BootstrapSample {
  const sorted = replicates.filter((value) => Number.isFinite(value)).sort();
  return { estimate, sorted, undefinedReplicates: replicates.length - sorted.length, acceleration };
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} must be an integer >= 1, not ${value}.`);
}

/** In how many groups n units are left out; unit i belongs to group i modulo that number. */
function jackknifeGroups(units: number): number {
  return units > LARGEST_FULL_JACKKNIFE ? JACKKNIFE_GROUPS : units;
}

/** The rows of each cluster, one cluster after another. */
interface Clusters {
  readonly count: number;
  readonly rows: Uint32Array;
  /** Where each cluster starts in `rows`, and one more for the end. */
  readonly starts: Uint32Array;
}

function groupRows(clusters: ArrayLike<number>): Clusters {
  let count = 0;
  for (let row = 0; row < clusters.length; row++) count = Math.max(count, (clusters[row] ?? 0) + 1);
  const starts = new Uint32Array(count + 1);
  for (let row = 0; row < clusters.length; row++) {
    const next = (clusters[row] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let cluster = 0; cluster < count; cluster++) {
    starts[cluster + 1] = (starts[cluster + 1] ?? 0) + (starts[cluster] ?? 0);
  }
  const rows = new Uint32Array(clusters.length);
  const next = starts.slice();
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] ?? 0;
    const at = next[cluster] ?? 0;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return { count, rows, starts };
}

/** The rows of the given clusters, in that order, each cluster as often as it is named. */
function gatherRows(clusters: Clusters, chosen: ArrayLike<number>): Uint32Array {
  let size = 0;
  for (let index = 0; index < chosen.length; index++) {
    const cluster = chosen[index] ?? 0;
    size += (clusters.starts[cluster + 1] ?? 0) - (clusters.starts[cluster] ?? 0);
  }
  const gathered = new Uint32Array(size);
  let at = 0;
  for (let index = 0; index < chosen.length; index++) {
    const cluster = chosen[index] ?? 0;
    const rows = clusters.rows.subarray(clusters.starts[cluster], clusters.starts[cluster + 1]);
    gathered.set(rows, at);
    at += rows.length;
  }
  return gathered;
}

/** All of 0 ... n - 1 but those of one jackknife group. */
function leaveOut(units: number, groups: number, group: number): Uint32Array {
  const kept = new Uint32Array(units - Math.ceil((units - group) / groups));
  let at = 0;
  for (let unit = 0; unit < units; unit++) if (unit % groups !== group) kept[at++] = unit;
  return kept;
}

/**
 * Bootstrap of any functional of n rows: the statistic gets the numbers of the drawn rows, as many as there are rows
 * (or as the drawn clusters have), or fewer for the jackknife; it must not keep the array. Not finite means undefined.
 * The acceleration is by jackknife, for more than 5,000 units by leaving out 200 interleaved groups of units.
 * Invalid for the median and the maximum, whose jackknife is inconsistent.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 6, 11 and 14.
 * @throws RangeError when rows or replicates is not an integer >= 1 or clusters has another length than rows.
 */
export function bootstrapRows(
  rows: number,
  statistic: (rows: Uint32Array) => number,
  options: RowBootstrapOptions,
): BootstrapSample {
  requirePositive('The number of rows', rows);
  requirePositive('The number of replicates', options.replicates);
  if (options.clusters !== undefined && options.clusters.length !== rows) {
    throw new RangeError(`${options.clusters.length} cluster numbers do not match ${rows} rows.`);
  }
  const clusters = options.clusters === undefined ? undefined : groupRows(options.clusters);
  const units = clusters === undefined ? rows : clusters.count;
  const evaluate = (chosen: Uint32Array): number =>
    statistic(clusters === undefined ? chosen : gatherRows(clusters, chosen));
  const drawn = new Uint32Array(units);
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    for (let index = 0; index < units; index++) drawn[index] = options.random.integer(units);
    replicates[replicate] = evaluate(drawn);
  }
  const groups = jackknifeGroups(units);
  const left = Array.from({ length: groups }, (_, group) => evaluate(leaveOut(units, groups, group)));
  const estimate = evaluate(Uint32Array.from({ length: units }, (_, unit) => unit));
  return sampleFrom(
    estimate,
    replicates,
    accelerationOf(
      left,
      left.map(() => 1),
    ),
  );
}

/**
 * The same bootstrap for a statistic that takes how often each row was drawn, for metrics that sort their rows once
 * (areas, average precision) or add up columns. Same seed, same resamples as bootstrapRows.
 * @throws RangeError when rows or replicates is not an integer >= 1.
 */
export function bootstrapWeights(
  rows: number,
  statistic: (weights: Uint32Array) => number,
  options: BootstrapOptions,
): BootstrapSample {
  requirePositive('The number of rows', rows);
  requirePositive('The number of replicates', options.replicates);
  const weights = new Uint32Array(rows);
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    weights.fill(0);
    for (let draw = 0; draw < rows; draw++) {
      const row = options.random.integer(rows);
      weights[row] = (weights[row] ?? 0) + 1;
    }
    replicates[replicate] = statistic(weights);
  }
  const groups = jackknifeGroups(rows);
  const left = Array.from({ length: groups }, (_, group) => {
    weights.fill(1);
    for (let row = group; row < rows; row += groups) weights[row] = 0;
    return statistic(weights);
  });
  weights.fill(1);
  return sampleFrom(
    statistic(weights),
    replicates,
    accelerationOf(
      left,
      left.map(() => 1),
    ),
  );
}

/**
 * Bootstrap of a statistic that is a function of a few joint counts, such as the cells of a confusion table for two
 * models at once: each resample is one multinomial draw, so the cost does not depend on the number of rows. The
 * jackknife is exact: leaving out a row of a cell is leaving out any of them.
 * @param counts rows in each cell: integers >= 0, not all zero.
 * @throws RangeError when a count is not such an integer or replicates is not an integer >= 1.
 */
export function bootstrapCounts(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number,
  options: BootstrapOptions,
): BootstrapSample {
  requirePositive('The number of replicates', options.replicates);
  const cells = Float64Array.from(counts);
  if (cells.some((cell) => !Number.isInteger(cell) || cell < 0) || cells.every((cell) => cell === 0)) {
    throw new RangeError(`Joint counts are integers >= 0, not all zero: ${cells.join(', ')}.`);
  }
  const drawn = new Float64Array(cells.length);
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    drawMultinomial(options.random, cells, drawn);
    replicates[replicate] = statistic(drawn);
  }
  const left = Array.from(cells, (cell, index) => {
    if (cell === 0) return Number.NaN;
    drawn.set(cells);
    drawn[index] = cell - 1;
    return statistic(drawn);
  });
  return sampleFrom(statistic(cells.slice()), replicates, accelerationOf(left, Array.from(cells)));
}
