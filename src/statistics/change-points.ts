/** Where a series changes its distribution: the e-divisive procedure with honest permutation p-values. */
import { sumOf } from './means.ts';
import { permutationPValue } from './permutation.ts';
import type { Random } from './random.ts';

/** The split of a series that differs most across it: values before `split` against those from `split` to below `end`. */
export interface BestSplit {
  readonly split: number;
  readonly end: number;
  /** The energy statistic Q; 0 or less says that nothing differs. */
  readonly statistic: number;
}

/** Where the distribution changes, and how. */
interface ChangePoint {
  /** Position of the first value after the change. */
  readonly index: number;
  readonly statistic: number;
  /** Permutation p-value of the stage that found it, never below 1 / (permutations + 1). */
  readonly p: number;
  /** Means of the segments on both sides; a segment also ends at a change that is too small to be listed. */
  readonly meanBefore: number;
  readonly meanAfter: number;
}

/** The changes of a series, with what says whether to believe the p-values. */
export interface ChangePointAnalysis {
  /** Ascending by index. */
  readonly changePoints: readonly ChangePoint[];
  /**
   * Correlation of neighbours around the means of their segments; undefined where nothing varies. Permutation assumes
   * that it is 0: clearly above 0 (2 / sqrt(n), say) there are more false changes than alpha promises.
   */
  readonly autocorrelation: number | undefined;
}

export interface ChangePointOptions {
  readonly random: Random;
  /** Chance of any change in a series without one, if its values are exchangeable. At least 1 / (permutations + 1). */
  readonly alpha: number;
  /** Random permutations at each stage; 999 by default. */
  readonly permutations?: number;
  /** Fewest values on each side of a change, at least 2; 3 by default. */
  readonly minimumSegment?: number;
  /** Changes of the mean that are smaller are left out; 0 by default. */
  readonly minimumMagnitude?: number;
}

/** A permuted statistic that rounding alone keeps below the observed one counts as equal to it. */
const SLACK = 1 - 1e-12;

/**
 * The split and end that maximise the energy statistic Q = 2 B / (m + n) - mn / (m + n) (W_x / C(m, 2) + W_y / C(n, 2))
 * with distances |x - y|, m values before and n after; undefined where the series is too short. Quadratic in its length.
 * Source: D. S. Matteson and N. A. James, JASA 109 (2014) 334-345, equations 5 and 7, with exponent 1.
 * @param minimumSegment fewest values on each side, at least 2.
 */
export function findBestSplit(series: ArrayLike<number>, minimumSegment: number): BestSplit | undefined {
  const length = series.length;
  // Sums of distances within [from, end), for the `end` that the outer loop has reached.
  const within = new Float64Array(length + 1);
  const withinStart = new Float64Array(length + 1);
  let best: BestSplit | undefined;
  for (let end = 1; end <= length; end++) {
    const added = series[end - 1] ?? Number.NaN;
    let toAdded = 0;
    for (let from = end - 2; from >= 0; from--) {
      toAdded += Math.abs((series[from] ?? Number.NaN) - added);
      within[from] = (within[from] ?? 0) + toAdded;
    }
    const all = within[0] ?? 0;
    withinStart[end] = all;
    for (let split = minimumSegment; split <= end - minimumSegment; split++) {
      const [m, n] = [split, end - split];
      const [before, after] = [withinStart[split] ?? 0, within[split] ?? 0];
      const between = all - before - after;
      const statistic = (2 * (between - (before * n) / (m - 1) - (after * m) / (n - 1))) / (m + n);
      if (best === undefined || statistic > best.statistic) best = { split, end, statistic };
    }
  }
  return best;
}

function requireOptions(series: ArrayLike<number>, options: Required<ChangePointOptions>): void {
  const { alpha, permutations, minimumSegment } = options;
  for (let index = 0; index < series.length; index++) {
    if (!Number.isFinite(series[index])) throw new RangeError(`Value ${index} is not a finite number.`);
  }
  if (!Number.isInteger(minimumSegment) || minimumSegment < 2) {
    throw new RangeError(`A segment has at least 2 values, not ${minimumSegment}.`);
  }
  if (!(alpha >= 1 / (permutations + 1) && alpha < 1)) {
    throw new RangeError(`${permutations} permutations cannot give a p-value of ${alpha} or less.`);
  }
}

/** Shuffles in place. Source: D. E. Knuth, The Art of Computer Programming 2 (1997), section 3.4.2, algorithm P. */
function shuffle(values: Float64Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const value = values[last] ?? 0;
    values[last] = values[chosen] ?? 0;
    values[chosen] = value;
  }
}

/** The segments between the boundaries, which include 0 and the length of the series. */
function segmentsOf(series: Float64Array, boundaries: readonly number[]): Float64Array[] {
  return boundaries.slice(1).map((end, index) => series.slice(boundaries[index], end));
}

/** The segment whose best split stands out most, and that split. */
function findBestSegment(segments: readonly Float64Array[], minimumSegment: number) {
  let best: { readonly segment: number; readonly split: BestSplit } | undefined;
  segments.forEach((values, segment) => {
    const split = findBestSplit(values, minimumSegment);
    if (split !== undefined && split.statistic > (best?.split.statistic ?? 0)) best = { segment, split };
  });
  return best;
}

/**
 * P-value of the largest statistic over all segments when the values of each are permuted; undefined as soon as it is
 * certain to exceed alpha.
 */
function permutationTest(
  segments: readonly Float64Array[],
  observed: number,
  options: Required<ChangePointOptions>,
): number | undefined {
  const { alpha, minimumSegment, permutations, random } = options;
  const shuffled = segments.map((values) => values.slice());
  let exceedances = 0;
  for (let permutation = 0; permutation < permutations; permutation++) {
    for (const values of shuffled) shuffle(values, random);
    const largest = findBestSegment(shuffled, minimumSegment)?.split.statistic ?? 0;
    if (largest >= observed * SLACK) exceedances++;
    if (permutationPValue(exceedances, permutations) > alpha) return undefined;
  }
  return permutationPValue(exceedances, permutations);
}

/** Correlation of neighbours in the same segment around the means of the segments. */
function residualAutocorrelation(
  segments: readonly Float64Array[],
  means: readonly number[],
): number | undefined {
  let [products, squares] = [0, 0];
  segments.forEach((values, at) => {
    const mean = means[at] ?? Number.NaN;
    values.forEach((value, index) => {
      squares += (value - mean) ** 2;
      if (index > 0) products += (value - mean) * ((values[index - 1] ?? mean) - mean);
    });
  });
  return squares > 0 ? products / squares : undefined;
}

/**
 * Change points by hierarchical bisection: the split that stands out most in any segment is kept while the permutation
 * p-value of its statistic, maximised over splits and ends and over the segments at once, is at most alpha. Unlike a
 * t-test at the maximising split this keeps its level. It assumes exchangeable values between changes.
 * Source: D. S. Matteson and N. A. James, JASA 109 (2014) 334-345, sections 3.1 and 3.2; p-values by Phipson and Smyth.
 * @throws RangeError when a value is not finite, a segment may have fewer than 2 values, or the permutations are too few
 * for alpha.
 */
export function findChangePoints(
  series: ArrayLike<number>,
  options: ChangePointOptions,
): ChangePointAnalysis {
  const settings = { permutations: 999, minimumSegment: 3, minimumMagnitude: 0, ...options };
  requireOptions(series, settings);
  const values = Float64Array.from(series);
  let changes: Omit<ChangePoint, 'meanBefore' | 'meanAfter'>[] = [];
  for (;;) {
    const boundaries = [0, ...changes.map((change) => change.index), values.length];
    const segments = segmentsOf(values, boundaries);
    const best = findBestSegment(segments, settings.minimumSegment);
    const p = best && permutationTest(segments, best.split.statistic, settings);
    if (best === undefined || p === undefined) break;
    const index = (boundaries[best.segment] ?? 0) + best.split.split;
    changes = [...changes, { index, statistic: best.split.statistic, p }].sort((x, y) => x.index - y.index);
  }
  const segments = segmentsOf(values, [0, ...changes.map((change) => change.index), values.length]);
  const means = segments.map((segment) => sumOf(segment) / segment.length);
  const changePoints = changes
    .map((change, at) => ({
      ...change,
      meanBefore: means[at] ?? Number.NaN,
      meanAfter: means[at + 1] ?? Number.NaN,
    }))
    .filter(({ meanBefore, meanAfter }) => Math.abs(meanAfter - meanBefore) >= settings.minimumMagnitude);
  return { changePoints, autocorrelation: residualAutocorrelation(segments, means) };
}
