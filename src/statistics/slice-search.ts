/** SliceLine: the conjunctions of feature values where a model errs most, found exactly. */
import { groupBy } from './group-by.ts';

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
  readonly size: number;
  readonly errorSum: number;
  readonly largestError: number;
}

export interface SliceSearchOptions {
  /** How many slices to return. */
  readonly count: number;
  /** Slices with fewer rows are left out. The paper takes max(32, n / 100). */
  readonly minimumSupport: number;
  /** From 0 to 1: how much the mean error counts against the size. The paper takes 0.95. */
  readonly alpha: number;
  /** Most predicates in a slice; all features by default. Three are still read by people. */
  readonly maximumLevel?: number;
}

interface Candidate {
  readonly predicates: readonly SlicePredicate[];
  readonly rows: Uint32Array;
  readonly errorSum: number;
  readonly largestError: number;
}

/** What a score is relative to. */
interface Totals {
  readonly n: number;
  readonly meanError: number;
  readonly options: SliceSearchOptions;
}

/** Source: Sagadeeva and Boehm (2021), equation 1. */
function scoreOf(size: number, errorSum: number, { n, meanError, options }: Totals): number {
  return options.alpha * (errorSum / size / meanError - 1) - (1 - options.alpha) * (n / size - 1);
}

/**
 * Largest score that any slice can have with at most this size, sum and largest error: over its size the bound rises and
 * then falls, so it is reached at an end or where the error sum is spread over rows of the largest error.
 * Source: Sagadeeva and Boehm (2021), equation 3, with the number of rows for n.
 */
function boundOf(size: number, errorSum: number, largestError: number, totals: Totals): number {
  const { minimumSupport } = totals.options;
  const sizes = [minimumSupport, Math.max(errorSum / largestError, minimumSupport), size];
  return Math.max(...sizes.map((s) => scoreOf(s, Math.min(s * largestError, errorSum), totals)));
}

function summariseRows(
  predicates: readonly SlicePredicate[],
  rows: Uint32Array,
  errors: ArrayLike<number>,
): Candidate {
  let [errorSum, largestError] = [0, 0];
  for (const row of rows) {
    const error = errors[row] ?? Number.NaN;
    errorSum += error;
    largestError = Math.max(largestError, error);
  }
  return { predicates, rows, errorSum, largestError };
}

/** Rows in both ascending lists. */
function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const common = new Uint32Array(Math.min(a.length, b.length));
  let [i, j, size] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] ?? 0, b[j] ?? 0];
    if (x === y) common[size++] = x;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return common.slice(0, size);
}

function keyOf(predicates: readonly SlicePredicate[]): string {
  return predicates.map(({ feature, value }) => `${feature}=${value}`).join('&');
}

/** Slices of one predicate. */
function listBasicSlices(features: readonly ArrayLike<number>[], errors: ArrayLike<number>): Candidate[] {
  return features.flatMap((column, feature) => {
    const rowsOf = groupBy(Array.from(column).keys(), (row) => column[row] ?? Number.NaN);
    return [...rowsOf]
      .sort(([x], [y]) => x - y)
      .map(([value, rows]) => summariseRows([{ feature, value }], Uint32Array.from(rows), errors));
  });
}

/** The parents of a joined slice: it without each of its predicates; undefined where one has been ruled out. */
function parentsOf(
  predicates: readonly SlicePredicate[],
  known: ReadonlyMap<string, Candidate>,
): readonly Candidate[] | undefined {
  const parents = predicates.map((_, left) => known.get(keyOf(predicates.filter((_p, at) => at !== left))));
  return parents.every((parent) => parent !== undefined) ? parents : undefined;
}

/** Slices with one predicate more, from pairs that share all but the last, if their parents leave them a chance. */
function joinSlices(
  level: readonly Candidate[],
  errors: ArrayLike<number>,
  hasChance: (size: number, errorSum: number, largestError: number) => boolean,
): Candidate[] {
  const known = new Map(level.map((slice) => [keyOf(slice.predicates), slice]));
  const byPrefix = groupBy(level, ({ predicates }) => keyOf(predicates.slice(0, -1)));
  const joined: Candidate[] = [];
  for (const siblings of byPrefix.values()) {
    siblings.forEach((first, at) => {
      for (const second of siblings.slice(at + 1)) {
        const last = second.predicates.at(-1);
        if (last === undefined || last.feature === first.predicates.at(-1)?.feature) continue;
        const predicates = [...first.predicates, last];
        const parents = parentsOf(predicates, known);
        if (parents === undefined) continue;
        const least = (part: (parent: Candidate) => number): number => Math.min(...parents.map(part));
        const [size, errorSum] = [least(({ rows }) => rows.length), least((parent) => parent.errorSum)];
        if (
          !hasChance(
            size,
            errorSum,
            least(({ largestError }) => largestError),
          )
        )
          continue;
        joined.push(summariseRows(predicates, intersect(first.rows, second.rows), errors));
      }
    });
  }
  return joined;
}

function requireSearch(
  features: readonly ArrayLike<number>[],
  errors: ArrayLike<number>,
  options: SliceSearchOptions,
) {
  if (features.some((column) => column.length !== errors.length)) {
    throw new RangeError(`Every feature has a value for each of the ${errors.length} errors.`);
  }
  for (let row = 0; row < errors.length; row++) {
    const error = errors[row] ?? Number.NaN;
    if (!(error >= 0 && error < Number.POSITIVE_INFINITY)) throw new RangeError(`Error ${row} is ${error}.`);
  }
  if (!(options.alpha > 0 && options.alpha <= 1 && options.minimumSupport >= 1)) {
    throw new RangeError('alpha lies in (0, 1] and the minimum support is at least 1.');
  }
}

/**
 * The slices with the highest scores above 0, best first: alpha (mean error of the slice / mean error - 1) - (1 - alpha)
 * (n / size - 1). Level by level over conjunctions; what cannot reach a place is not visited. Candidates to look at: test
 * what is found on other data before it is claimed.
 * Source: S. Sagadeeva and M. Boehm, SliceLine, SIGMOD (2021).
 * @param features for each feature the value of each row, as integers.
 * @param errors of each row, at least 0.
 * @throws RangeError when lengths differ, an error is negative or not finite, or an option is out of range.
 */
export function searchSlices(
  features: readonly ArrayLike<number>[],
  errors: ArrayLike<number>,
  options: SliceSearchOptions,
): ErrorSlice[] {
  requireSearch(features, errors, options);
  const total = summariseRows(
    [],
    Uint32Array.from({ length: errors.length }, (_, row) => row),
    errors,
  );
  if (!(total.errorSum > 0)) return [];
  const totals: Totals = { n: errors.length, meanError: total.errorSum / errors.length, options };
  let best: ErrorSlice[] = [];
  const threshold = (): number => (best.length < options.count ? 0 : (best.at(-1)?.score ?? 0));
  const hasChance = (size: number, errorSum: number, largestError: number): boolean =>
    size >= options.minimumSupport &&
    errorSum > 0 &&
    boundOf(size, errorSum, largestError, totals) > threshold();
  let level = listBasicSlices(features, errors);
  const deepest = Math.min(options.maximumLevel ?? features.length, features.length);
  for (let depth = 1; depth <= deepest && level.length > 0; depth++) {
    const scored = level
      .filter(({ rows }) => rows.length >= options.minimumSupport)
      .map(({ predicates, rows, errorSum, largestError }) => {
        const score = scoreOf(rows.length, errorSum, totals);
        return { predicates, score, size: rows.length, errorSum, largestError };
      })
      .filter(({ score }) => score > 0);
    best = [...best, ...scored].sort((x, y) => y.score - x.score).slice(0, options.count);
    const kept = level.filter(({ rows, errorSum, largestError }) =>
      hasChance(rows.length, errorSum, largestError),
    );
    level = depth < deepest ? joinSlices(kept, errors, hasChance) : [];
  }
  return best;
}
