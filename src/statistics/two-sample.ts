/** Tests that two (or more) samples come from one distribution, besides Kolmogorov and Smirnov's. */
import { chiSquaredSurvival } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { sumOf } from './means.ts';
import { quantileOfSorted } from './quantile.ts';
import { rankWithTies } from './ranks.ts';

type Numbers = ArrayLike<number>;

/** The exact distribution is counted for samples up to this size. */
const LARGEST_EXACT_SAMPLE = 20;

export interface CramerVonMisesTest {
  readonly statistic: number;
  /** Undefined where a sample has more than 20 values. */
  readonly pExact: number | undefined;
  readonly pAsymptotic: number;
}

function requireSamples(samples: readonly Numbers[], least: number): void {
  for (const sample of samples) {
    if (sample.length < least)
      throw new RangeError(`A sample has at least ${least} values, not ${sample.length}.`);
    for (let index = 0; index < sample.length; index++) {
      if (!Number.isFinite(sample[index])) throw new RangeError(`Value ${index} is not a finite number.`);
    }
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Adds how often each value occurs. */
function addCounts(to: Map<number, number>, from: ReadonlyMap<number, number>): void {
  for (const [value, count] of from) to.set(value, (to.get(value) ?? 0) + count);
}

/**
 * Share of the C(m + n, m) arrangements whose sum of squared gaps is at least the observed one.
 * Source: Y. Xiao, A. Gordon, A. Yakovlev, Journal of Statistical Software 17 (2006), issue 8, equations 11 to 13.
 */
function cramerVonMisesExact(u: number, m: number, n: number): number {
  const multiple = (m * n) / greatestCommonDivisor(m, n);
  const [a, b] = [multiple / m, multiple / n];
  const product = m * n;
  const scale = multiple ** 2 * (m + n);
  const observed = Math.floor((scale * (6 * u - product * (4 * product - 1))) / (6 * product ** 2));
  // By first sample's count: how often each sum occurs among the paths of the lattice that have come so far.
  let columns = Array.from({ length: m + 1 }, (_, v) => new Map<number, number>(v === 0 ? [[0, 1]] : []));
  for (let second = 0; second <= n; second++) {
    let path: ReadonlyMap<number, number> = new Map();
    columns = columns.map((column, first) => {
      const merged = new Map(path);
      addCounts(merged, column);
      const square = (a * first - b * second) ** 2;
      const moved = new Map([...merged].map(([value, count]) => [value + square, count]));
      path = moved;
      return moved;
    });
  }
  let [total, extreme] = [0, 0];
  for (const [value, count] of columns[m] ?? []) {
    total += count;
    if (value >= observed) extreme += count;
  }
  return extreme / total;
}

/** e^-z K(1/4, z) of the modified Bessel function, by the trapezoidal rule on its integral, which converges fast. */
function scaledBesselK(z: number): number {
  const step = 1 / 32;
  let sum = 0.5 * Math.exp(-2 * z);
  for (let t = step; ; t += step) {
    const term = Math.exp(-z * (1 + Math.cosh(t))) * Math.cosh(t / 4);
    sum += term;
    if (term <= sum * 1e-18) return sum * step;
  }
}

/** Limiting distribution of Cramer and von Mises' statistic. Source: T. W. Anderson, D. A. Darling (1952), equation 4.35. */
function limitingCdf(x: number): number {
  let sum = 0;
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const coefficient = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const term = coefficient * Math.sqrt(y) * scaledBesselK(q);
    sum += term;
    if (term < 1e-17) return Math.min(1, sum);
  }
}

/** Sum of the squared gaps between the ranks of a sample among all values and among its own. */
function sumOfRankGaps(ranks: Float64Array): number {
  return ranks.toSorted().reduce((sum, rank, index) => sum + (rank - index - 1) ** 2, 0);
}

/**
 * Two-sample test of Cramer and von Mises; tied values share ranks.
 * Source: T. W. Anderson, Annals of Mathematical Statistics 33 (1962) 1148-1159.
 * @throws RangeError when a sample has fewer than two values or one is not finite.
 */
export function cramerVonMisesTest(first: Numbers, second: Numbers): CramerVonMisesTest {
  requireSamples([first, second], 2);
  const [m, n] = [first.length, second.length];
  const { ranks } = rankWithTies([...Array.from(first), ...Array.from(second)]);
  const u = m * sumOfRankGaps(ranks.subarray(0, m)) + n * sumOfRankGaps(ranks.subarray(m));
  const [product, size] = [m * n, m + n];
  const statistic = u / (product * size) - (4 * product - 1) / (6 * size);
  const mean = (1 + 1 / size) / 6;
  const spread = 4 * product * size - 3 * (m * m + n * n) - 2 * product;
  const variance = ((size + 1) * spread) / (45 * size ** 2 * 4 * product);
  const standard = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  return {
    statistic,
    pExact: Math.max(m, n) <= LARGEST_EXACT_SAMPLE ? cramerVonMisesExact(u, m, n) : undefined,
    // Below 0.003 the limiting distribution has no mass that a double could tell from 0.
    pAsymptotic: standard < 0.003 ? 1 : Math.max(0, 1 - limitingCdf(standard)),
  };
}

/** How many of the ascending values are below x, and how many are at most x. */
function countAround(sorted: Float64Array, x: number): readonly [number, number] {
  const below = sorted.findIndex((value) => value >= x);
  const atMost = sorted.findIndex((value) => value > x);
  return [below === -1 ? sorted.length : below, atMost === -1 ? sorted.length : atMost];
}

/**
 * Standardised statistic of Anderson and Darling's test of k samples, in the version for ties by midranks.
 * Source: F. W. Scholz and M. A. Stephens, JASA 82 (1987) 918-924, equations 4, 7 and 8.
 * @throws RangeError when there are fewer than two samples, one is empty, all values are equal or one is not finite.
 */
export function andersonDarlingStatistic(samples: readonly Numbers[]): number {
  requireSamples(samples, 1);
  const sorted = samples.map((sample) => Float64Array.from(sample).sort());
  const pooled = Float64Array.from(sorted.flatMap((sample) => Array.from(sample))).sort();
  const distinct = [...new Set(pooled)];
  const [k, size] = [samples.length, pooled.length];
  if (k < 2 || distinct.length < 2 || size < 4)
    throw new RangeError('The test needs two samples and two distinct values.');
  let statistic = 0;
  for (const value of distinct) {
    const [below, atMost] = countAround(pooled, value);
    const ties = atMost - below;
    const midrank = below + ties / 2;
    const scale = midrank * (size - midrank) - (size * ties) / 4;
    for (const sample of sorted) {
      const [under, upTo] = countAround(sample, value);
      const gap = size * ((under + upTo) / 2) - midrank * sample.length;
      statistic += ((ties / size) * gap * gap) / scale / sample.length;
    }
  }
  statistic *= (size - 1) / size;
  const inverses = samples.reduce((sum, sample) => sum + 1 / sample.length, 0);
  let [h, g] = [0, 0];
  for (let i = size - 1; i > 1; i--) {
    h += 1 / i;
    g += h / (size + 1 - i);
  }
  h += 1;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverses;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverses - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverses + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  const variance = (((a * size + b) * size + c) * size + d) / ((size - 1) * (size - 2) * (size - 3));
  return (statistic - (k - 1)) / Math.sqrt(variance);
}

/** Where Epps and Singleton compare the characteristic functions, in semi-interquartile ranges. */
const CHARACTERISTIC_POINTS = [0.4, 0.8];

/** Means and (biased) covariances of the columns. */
function columnMoments(columns: readonly (readonly number[])[]) {
  const means = columns.map((column) => sumOf(column) / column.length);
  const covariances = columns.map((x, i) =>
    columns.map((y, j) => {
      const products = x.map((value, row) => (value - (means[i] ?? 0)) * ((y[row] ?? 0) - (means[j] ?? 0)));
      return sumOf(products) / x.length;
    }),
  );
  return { means, covariances };
}

/** Solves a symmetric system by elimination with pivots; undefined where it is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const largest = Math.max(...matrix.flat().map((value) => Math.abs(value)));
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const order = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const pivotAt = column + order.indexOf(Math.max(...order));
    const pivot = rows[pivotAt] ?? [];
    const lead = pivot[column] ?? 0;
    if (!(Math.abs(lead) > largest * n * Number.EPSILON)) return undefined;
    rows[pivotAt] = rows[column] ?? [];
    rows[column] = pivot;
    rows.forEach((row, index) => {
      if (index === column) return;
      const factor = (row[column] ?? 0) / lead;
      rows[index] = row.map((value, at) => value - factor * (pivot[at] ?? 0));
    });
  }
  return rows.map((row, index) => (row[n] ?? 0) / (row[index] ?? 0));
}

/**
 * Epps and Singleton's test by the empirical characteristic functions, for discrete values too; undefined where their
 * covariance is singular (few distinct values).
 * Source: T. W. Epps and K. J. Singleton, J. Statist. Comput. Simul. 26 (1986) 177-203, with its small-sample factor.
 * @throws RangeError when a sample has fewer than five values or one is not finite.
 */
export function eppsSingletonTest(
  first: Numbers,
  second: Numbers,
): { readonly statistic: number; readonly p: number } | undefined {
  requireSamples([first, second], 5);
  const pooled = Float64Array.from([...Array.from(first), ...Array.from(second)]).sort();
  const scale = (quantileOfSorted(pooled, 0.75) - quantileOfSorted(pooled, 0.25)) / 2;
  if (scale === 0) return undefined;
  const points = CHARACTERISTIC_POINTS.map((point) => point / scale);
  const columnsOf = (sample: Numbers): number[][] =>
    [Math.cos, Math.sin].flatMap((wave) => points.map((t) => Array.from(sample, (x) => wave(t * x))));
  const [a, b] = [columnMoments(columnsOf(first)), columnMoments(columnsOf(second))];
  const [m, n] = [first.length, second.length];
  const covariance = a.covariances.map((row, i) =>
    row.map((value, j) => ((m + n) / m) * value + ((m + n) / n) * (b.covariances[i]?.[j] ?? 0)),
  );
  const gaps = a.means.map((mean, index) => mean - (b.means[index] ?? 0));
  const solved = solve(covariance, gaps);
  if (solved === undefined) return undefined;
  const raw = (m + n) * gaps.reduce((sum, gap, index) => sum + gap * (solved[index] ?? 0), 0);
  const small = 1 / (1 + (m + n) ** -0.45 + 10.1 * (m ** -1.7 + n ** -1.7));
  const statistic = Math.max(m, n) < 25 ? small * raw : raw;
  return { statistic, p: chiSquaredSurvival(statistic, gaps.length) };
}
