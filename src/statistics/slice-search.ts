/** SliceLine: the conjunctions of feature values where a model errs most, found exactly. */
import { encodeFeatures, type Features } from './slice-features.ts';
import { countChildren, type Parent, type Tally } from './slice-tallies.ts';

/** One feature has one value. */
export interface SlicePredicate {
  readonly feature: number;
  readonly value: number;
}

/** Rows that satisfy all predicates, with how much they err. */
export interface ErrorSlice {
  /** Ascending by feature, at most one for each. */
  readonly predicates: readonly SlicePredicate[];
  readonly score: number;
  /** Rows, or the sum of their weights. */
  readonly size: number;
  /** Sum of the errors, each times its weight. */
  readonly errorSum: number;
}

export interface SliceSearchOptions {
  /** How many slices to return. */
  readonly count: number;
  /** Slices with fewer rows, or less weight, are left out. The paper takes max(32, n / 100). */
  readonly minimumSupport: number;
  /** From 0 to 1: how much the mean error counts against the size. The paper takes 0.95. */
  readonly alpha: number;
  /** Most predicates in a slice; all features by default. Three are still read by people. */
  readonly maximumLevel?: number;
  /** Weight of each row; 1 by default. */
  readonly weights?: Float64Array;
  /**
   * Leave out a slice where one predicate fewer has at least its score. A slice with a high score drags hundreds of its
   * own parts along, which would otherwise take all places.
   */
  readonly onlyBetterThanParents?: boolean;
}

export interface SlicesFound {
  /** Best first. */
  readonly slices: readonly ErrorSlice[];
  /** Slices whose rows were counted. */
  readonly examined: number;
}

/** What a score is relative to. */
interface Totals {
  readonly size: number;
  readonly meanError: number;
  readonly options: SliceSearchOptions;
}

/** Source: Sagadeeva and Boehm (2021), equation 1. */
function scoreOf(size: number, errorSum: number, totals: Totals): number {
  const { alpha } = totals.options;
  return alpha * (errorSum / size / totals.meanError - 1) - (1 - alpha) * (totals.size / size - 1);
}

/**
 * Largest score that any part of a slice can have: over its size the bound rises and then falls, so it is reached at an
 * end or where the error sum is spread over rows of the largest error.
 * Source: Sagadeeva and Boehm (2021), equation 3. Its n is the number of rows; SystemDS and the package of DataDome take
 * the number of one-hot columns, and lose slices where that is larger.
 */
function boundOf({ size, errorSum, largestError }: Tally, totals: Totals): number {
  const least = totals.options.minimumSupport;
  const scoreAt = (s: number): number => scoreOf(s, Math.min(s * largestError, errorSum), totals);
  return Math.max(scoreAt(least), scoreAt(Math.max(errorSum / largestError, least)), scoreAt(size));
}

function requireSearch(
  features: readonly ArrayLike<number>[],
  errors: ArrayLike<number>,
  { alpha, minimumSupport, weights }: SliceSearchOptions,
) {
  if (features.some((column) => column.length !== errors.length)) {
    throw new RangeError(`Every feature has a value for each of the ${errors.length} errors.`);
  }
  for (let row = 0; row < errors.length; row++) {
    const error = errors[row] ?? Number.NaN;
    if (!(error >= 0 && error < Number.POSITIVE_INFINITY)) throw new RangeError(`Error ${row} is ${error}.`);
    const weight = weights === undefined ? 1 : (weights[row] ?? Number.NaN);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new RangeError(`Weight ${row} is ${weight}.`);
  }
  if (!(alpha > 0 && alpha <= 1 && minimumSupport > 0)) {
    throw new RangeError('alpha lies in (0, 1] and the minimum support is above 0.');
  }
}

/** The best slices so far. */
interface Ranking {
  readonly offer: (slice: ErrorSlice) => void;
  /** A slice has to score more than this. */
  readonly threshold: () => number;
  readonly slices: () => readonly ErrorSlice[];
}

function makeRanking(places: number): Ranking {
  const best: ErrorSlice[] = [];
  const threshold = (): number => (best.length < places ? 0 : (best.at(-1)?.score ?? 0));
  return {
    threshold,
    offer: (slice) => {
      if (slice.score <= threshold()) return;
      // Behind those of the same score: the first that is found stays first.
      const at = best.findIndex(({ score }) => score < slice.score);
      best.splice(at === -1 ? best.length : at, 0, slice);
      if (best.length > places) best.pop();
    },
    slices: () => best,
  };
}

/**
 * The slices with the highest scores above 0, best first: alpha (mean error of the slice / mean error - 1) - (1 - alpha)
 * (n / size - 1). Level by level over conjunctions; what cannot reach a place is not visited. Rows are counted by the
 * codes of one more feature at once, over the rows of each slice that is still in the race. Candidates to look at: test
 * what is found on other data before it is claimed.
 * Source: S. Sagadeeva and M. Boehm, SliceLine, SIGMOD (2021).
 * @param features for each feature the value of each row, as integers.
 * @param errors of each row, at least 0.
 * @throws RangeError when lengths differ, an error or a weight is negative or not finite, or an option is out of range.
 */
export function searchSlices(
  features: readonly ArrayLike<number>[],
  errors: ArrayLike<number>,
  options: SliceSearchOptions,
): SlicesFound {
  requireSearch(features, errors, options);
  const values = Float64Array.from(errors);
  const encoded = encodeFeatures(features, values, options.weights);
  const { whole } = encoded;
  const ranking = makeRanking(options.count);
  if (!(whole.errorSum > 0)) return { slices: [], examined: 0 };
  const totals = { size: whole.size, meanError: whole.errorSum / whole.size, options };
  const hasChance = (tally: Tally): boolean =>
    tally.size >= options.minimumSupport &&
    tally.errorSum > 0 &&
    boundOf(tally, totals) > ranking.threshold();
  let examined = 0;
  const look = (codes: readonly number[], tally: Tally, parents: readonly Tally[]): void => {
    examined += 1;
    if (tally.size < options.minimumSupport) return;
    const score = scoreOf(tally.size, tally.errorSum, totals);
    const isBetter =
      options.onlyBetterThanParents !== true ||
      parents.every((parent) => scoreOf(parent.size, parent.errorSum, totals) < score);
    if (score > 0 && isBetter) ranking.offer(describe(encoded, codes, tally, score));
  };
  encoded.tallies.forEach((tally, code) => look([code], tally, []));
  let level: readonly Parent[] = encoded.tallies.flatMap((tally, code) =>
    hasChance(tally) ? [{ codes: [code], tally }] : [],
  );
  const deepest = Math.min(options.maximumLevel ?? features.length, features.length);
  for (let depth = 2; depth <= deepest && level.length > 0; depth++) {
    const isLast = depth === deepest;
    level = countChildren(encoded, level, { hasChance, look, isLast });
  }
  return { slices: ranking.slices(), examined };
}

function describe(
  { featureOf, valueOf }: Features,
  codes: readonly number[],
  { size, errorSum }: Tally,
  score: number,
): ErrorSlice {
  const predicates = codes.map((code) => ({ feature: featureOf[code] ?? 0, value: valueOf[code] ?? 0 }));
  return { predicates, score, size, errorSum };
}
