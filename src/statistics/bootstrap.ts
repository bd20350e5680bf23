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
interface BootstrapOptions {
  readonly random: Random;
  /** 2,000 are enough for a report, 10,000 near a margin. */
  readonly replicates: number;
}

export interface RowBootstrapOptions extends BootstrapOptions {
  /**
   * Cluster of each row, as numbers 0, 1, 2, ... without gaps. Whole clusters are then drawn and left out together.
   */
  readonly clusters?: ArrayLike<number>;
  /**
   * Stratum of each row, as numbers 0, 1, 2, ... without gaps: as many rows (or clusters) are drawn from each as it has.
   * Two independent samples are two strata; runs within tasks are strata of the tasks. A cluster lies in one stratum.
   */
  readonly strata?: ArrayLike<number>;
}

export interface CountBootstrapOptions extends BootstrapOptions {
  /** Stratum of each cell, as numbers 0, 1, 2, ... without gaps: the number of rows in each stratum is kept. */
  readonly strata?: ArrayLike<number>;
}

/** Above this many units the jackknife leaves out groups of units instead of single ones. */
const LARGEST_FULL_JACKKNIFE = 5000;
const JACKKNIFE_GROUPS = 200;

/** Jackknife values of one stratum, and how often each occurs. */
interface JackknifeValues {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Efron's acceleration from the jackknife values of each stratum: with one stratum sum d^3 / (6 (sum d^2)^(3/2)), d =
 * mean - value; with several d is scaled by (g - 1) / g of its stratum's g values. Values that are not finite are left
 * out.
 * Source: B. Efron, Better Bootstrap Confidence Intervals, JASA 82 (1987) 171-185, equation 6.6; for several samples
 * A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application (1997), section 5.3.2.
 */
function accelerationOf(strata: readonly JackknifeValues[]): number {
  let [squares, cubes, noise] = [0, 0, 0];
  for (const { values, weights } of strata) {
    const weightOf = (index: number): number => (Number.isFinite(values[index]) ? (weights[index] ?? 0) : 0);
    let [total, sum] = [0, 0];
    values.forEach((value, index) => {
      const weight = weightOf(index);
      total += weight;
      if (weight > 0) sum += weight * value;
    });
    const mean = sum / total;
    const scale = (total - 1) / total;
    let largest = 0;
    values.forEach((value, index) => {
      const weight = weightOf(index);
      if (weight === 0) return;
      const d = scale * (mean - value);
      squares += weight * d * d;
      cubes += weight * d * d * d;
      largest = Math.max(largest, Math.abs(value));
    });
    noise += total * (16 * Number.EPSILON * largest) ** 2;
  }
  // Differences that are only rounding must not be divided by one another.
  return squares > noise ? cubes / (6 * squares ** 1.5) : 0;
}

function sampleFrom(
  estimate: number,
  replicates: Float64Array,
  jackknife: readonly JackknifeValues[],
): BootstrapSample {
  const sorted = replicates.filter((value) => Number.isFinite(value)).sort();
  return {
    estimate,
    sorted,
    undefinedReplicates: replicates.length - sorted.length,
    acceleration: accelerationOf(jackknife),
  };
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} must be an integer >= 1, not ${value}.`);
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

/** What is drawn: units (rows or clusters), by stratum. */
interface Design {
  readonly clusters: Clusters | undefined;
  readonly units: number;
  /** The units of each stratum. */
  readonly strata: readonly Uint32Array[];
}

/** The stratum of each unit: that of the rows of its cluster, which must agree. */
function strataOfUnits(strata: ArrayLike<number>, clusters: Clusters | undefined): ArrayLike<number> {
  if (clusters === undefined) return strata;
  return Uint32Array.from({ length: clusters.count }, (_, cluster) => {
    const rows = clusters.rows.subarray(clusters.starts[cluster], clusters.starts[cluster + 1]);
    const stratum = strata[rows[0] ?? 0] ?? 0;
    if (rows.some((row) => strata[row] !== stratum)) {
      throw new RangeError(`Cluster ${cluster} has rows in more than one stratum.`);
    }
    return stratum;
  });
}

function designOf(rows: number, options: RowBootstrapOptions): Design {
  requirePositive('The number of rows', rows);
  requirePositive('The number of replicates', options.replicates);
  for (const name of ['clusters', 'strata'] as const) {
    const numbers = options[name];
    if (numbers !== undefined && numbers.length !== rows) {
      throw new RangeError(`${numbers.length} ${name} do not match ${rows} rows.`);
    }
  }
  const clusters = options.clusters === undefined ? undefined : groupRows(options.clusters);
  const units = clusters === undefined ? rows : clusters.count;
  if (options.strata === undefined) {
    return { clusters, units, strata: [Uint32Array.from({ length: units }, (_, unit) => unit)] };
  }
  const grouped = groupRows(strataOfUnits(options.strata, clusters));
  const strata = Array.from({ length: grouped.count }, (_, stratum) =>
    grouped.rows.slice(grouped.starts[stratum], grouped.starts[stratum + 1]),
  );
  return { clusters, units, strata };
}

/** Draws as many units from each stratum as it has. */
function drawUnits(random: Random, strata: readonly Uint32Array[], drawn: Uint32Array): void {
  let at = 0;
  for (const units of strata) {
    const size = units.length;
    for (let draw = 0; draw < size; draw++) drawn[at++] = units[random.integer(size)] ?? 0;
  }
}

/** The units that each step of the jackknife leaves out, by stratum: one, or interleaved groups where there are many. */
function jackknifeGroups({ units, strata }: Design): Uint32Array[][] {
  return strata.map((members) => {
    const groups =
      units > LARGEST_FULL_JACKKNIFE
        ? Math.min(members.length, Math.ceil((JACKKNIFE_GROUPS * members.length) / units))
        : members.length;
    return Array.from({ length: groups }, (_, group) => {
      const size = Math.ceil((members.length - group) / groups);
      return Uint32Array.from({ length: size }, (_step, index) => members[group + index * groups] ?? 0);
    });
  });
}

/** Jackknife values of each stratum: the statistic without each group of units. */
function jackknifeOf(design: Design, without: (units: Uint32Array) => number): JackknifeValues[] {
  return jackknifeGroups(design).map((groups) => ({
    values: groups.map((group) => without(group)),
    weights: groups.map(() => 1),
  }));
}

/**
 * Bootstrap of any functional of n rows: the statistic gets the numbers of the drawn rows, as many as there are rows
 * (or as the drawn clusters have), or fewer for the jackknife; it must not keep the array. Not finite means undefined.
 * The acceleration is by jackknife, for more than 5,000 units by leaving out about 200 interleaved groups of units.
 * Invalid for the median and the maximum, whose jackknife is inconsistent.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 6, 8, 11 and 14.
 * @throws RangeError when rows or replicates is not an integer >= 1, clusters or strata have another length than rows,
 * or a cluster lies in two strata.
 */
export function bootstrapRows(
  rows: number,
  statistic: (rows: Uint32Array) => number,
  options: RowBootstrapOptions,
): BootstrapSample {
  const design = designOf(rows, options);
  const { clusters, units, strata } = design;
  const evaluate = (chosen: Uint32Array): number =>
    statistic(clusters === undefined ? chosen : gatherRows(clusters, chosen));
  const drawn = new Uint32Array(units);
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    drawUnits(options.random, strata, drawn);
    replicates[replicate] = evaluate(drawn);
  }
  const all = Uint32Array.from({ length: units }, (_, unit) => unit);
  const isLeftOut = new Uint8Array(units);
  const jackknife = jackknifeOf(design, (left) => {
    for (const unit of left) isLeftOut[unit] = 1;
    const value = evaluate(all.filter((unit) => isLeftOut[unit] === 0));
    for (const unit of left) isLeftOut[unit] = 0;
    return value;
  });
  return sampleFrom(evaluate(all), replicates, jackknife);
}

/**
 * The same bootstrap for a statistic that takes how often each row was drawn, for metrics that sort their rows once
 * (areas, average precision) or add up columns. Same seed, same resamples as bootstrapRows.
 * @throws RangeError as bootstrapRows.
 */
export function bootstrapWeights(
  rows: number,
  statistic: (weights: Uint32Array) => number,
  options: RowBootstrapOptions,
): BootstrapSample {
  const design = designOf(rows, options);
  const { clusters: clusterOf } = options;
  const drawn = new Uint32Array(design.units);
  const ofUnits = new Uint32Array(design.units);
  const ofRows = clusterOf === undefined ? ofUnits : new Uint32Array(rows);
  const evaluate = (): number => {
    if (clusterOf !== undefined) {
      for (let row = 0; row < rows; row++) ofRows[row] = ofUnits[clusterOf[row] ?? 0] ?? 0;
    }
    return statistic(ofRows);
  };
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    drawUnits(options.random, design.strata, drawn);
    ofUnits.fill(0);
    for (let draw = 0; draw < drawn.length; draw++) {
      const unit = drawn[draw] ?? 0;
      ofUnits[unit] = (ofUnits[unit] ?? 0) + 1;
    }
    replicates[replicate] = evaluate();
  }
  ofUnits.fill(1);
  const jackknife = jackknifeOf(design, (left) => {
    for (const unit of left) ofUnits[unit] = 0;
    const value = evaluate();
    for (const unit of left) ofUnits[unit] = 1;
    return value;
  });
  return sampleFrom(evaluate(), replicates, jackknife);
}

/**
 * Bootstrap of a statistic that is a function of a few joint counts, such as the cells of a confusion table for two
 * models at once: each resample is one multinomial draw, so the cost does not depend on the number of rows. The
 * jackknife is exact: leaving out a row of a cell is leaving out any of them.
 * @param counts rows in each cell: integers >= 0, not all zero.
 * @throws RangeError when a count is not such an integer, replicates is not an integer >= 1, or strata have another
 * length than counts.
 */
export function bootstrapCounts(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number,
  options: CountBootstrapOptions,
): BootstrapSample {
  requirePositive('The number of replicates', options.replicates);
  const cells = Float64Array.from(counts);
  if (cells.some((cell) => !Number.isInteger(cell) || cell < 0) || cells.every((cell) => cell === 0)) {
    throw new RangeError(`Joint counts are integers >= 0, not all zero: ${cells.join(', ')}.`);
  }
  const { strata } = designOf(cells.length, options);
  const parts = strata.map((members) => ({
    members,
    cells: Float64Array.from(members, (cell) => cells[cell] ?? 0),
    drawn: new Float64Array(members.length),
  }));
  const drawn = new Float64Array(cells.length);
  const replicates = new Float64Array(options.replicates);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    for (const part of parts) {
      drawMultinomial(options.random, part.cells, part.drawn);
      part.members.forEach((cell, index) => (drawn[cell] = part.drawn[index] ?? 0));
    }
    replicates[replicate] = statistic(drawn);
  }
  const without = (cell: number): number => {
    const count = cells[cell] ?? 0;
    if (count === 0) return Number.NaN;
    drawn.set(cells);
    drawn[cell] = count - 1;
    return statistic(drawn);
  };
  const jackknife = parts.map((part) => ({
    values: Array.from(part.members, without),
    weights: Array.from(part.cells),
  }));
  return sampleFrom(statistic(cells.slice()), replicates, jackknife);
}
