import { textAt } from '../../outcomes/packed-texts.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import { nameSlice } from '../../outcomes/slices.ts';
import type { About, WeakSlice, WeakSlices } from '../../schemas/evidence.generated.ts';
import { adjustPValues } from '../../statistics/multiple-testing.ts';
import { comparePart, type PartDifference } from '../../statistics/part-difference.ts';
import { searchSlices, type ErrorSlice } from '../../statistics/slice-search.ts';
import { measureLosses, type ExampleLosses } from './example-losses.ts';
import { listSearchedColumns, type SearchedColumn } from './searched-columns.ts';
import { splitHalves } from './split-halves.ts';

export interface WeakSliceRequest {
  readonly outcomes: Outcomes;
  /** Model and test set. */
  readonly about: About;
  /** Columns to search in: labels, or numbers that are parted into bins. */
  readonly columns: readonly string[];
  /** Most conditions in a slice. */
  readonly level: number;
  /** Slices to report. */
  readonly count: number;
  /** Smallest share of the test set that a slice has. */
  readonly minShare: number;
  /** How many examples of each confirmed slice are named by id. */
  readonly examples: number;
  /** One-sided error rate of "this slice is worse than the rest", over all slices that were found. */
  readonly alpha: number;
  readonly seed: number;
}

/** Fewest examples of a slice, in the half that is searched. Source: Sagadeeva and Boehm (2021), section 5.1. */
const FEWEST_EXAMPLES = 32;

/**
 * How much the mean loss counts against the size. With the 0.95 of SliceLine's authors a slice of 3 % of the examples needs
 * 2.7 times the mean loss to be found at all, with this 1.7 times; what chance makes of it, the other half refutes.
 */
const SCORE_ALPHA = 0.98;

/** So many candidates for each place in the report, most of which overlap. */
const CANDIDATES_PER_PLACE = 10;

/** Longest id that evidence holds. */
const MAX_ID = 300;

/**
 * Slices in which the model's loss is larger than elsewhere: found by SliceLine in one half of the test set, tested in
 * the other, so that having looked at thousands of them costs nothing but half of the examples. Each is tested one-sided
 * against all other examples of that half, with Holm's correction for those that were found. A slice is left out where
 * one condition fewer scores as high, and where what better slices leave of it is not worse than average.
 */
export function searchWeakSlices(request: WeakSliceRequest): WeakSlices {
  const { outcomes, about, level, seed } = request;
  const losses = measureLosses(outcomes);
  const isUsable = (row: number): boolean =>
    Number.isFinite(losses.values[row] ?? Number.NaN) && (outcomes.weights?.[row] ?? 1) > 0;
  const { finding, confirming } = splitHalves(outcomes, isUsable, seed);
  const columns = listSearchedColumns(outcomes, request.columns, finding);
  const { slices, examined } = findSlices(request, losses, columns, finding);
  return {
    about,
    loss: losses.name,
    level,
    columns: columns.map(({ name }) => name),
    examined,
    foundOn: finding.length,
    confirmedOn: confirming.length,
    slices: confirmSlices(slices, request, losses, columns, confirming),
  };
}

function pickNumbers(column: Float64Array, rows: Uint32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = column[rows[index] ?? 0] ?? 0;
  return picked;
}

function pickCodes(column: Uint32Array, rows: Uint32Array): Uint32Array {
  const picked = new Uint32Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = column[rows[index] ?? 0] ?? 0;
  return picked;
}

interface Found {
  readonly slices: readonly ErrorSlice[];
  readonly examined: number;
}

function findSlices(
  { outcomes, level, count, minShare }: WeakSliceRequest,
  { values }: ExampleLosses,
  columns: readonly SearchedColumn[],
  rows: Uint32Array,
): Found {
  const losses = pickNumbers(values, rows);
  const features = columns.map(({ codes }) => pickCodes(codes, rows));
  const weights = outcomes.weights && scaleToMeanOne(pickNumbers(outcomes.weights, rows));
  const minimumSupport = Math.max(FEWEST_EXAMPLES, minShare * rows.length);
  const { slices, examined } = searchSlices(features, losses, {
    count: count * CANDIDATES_PER_PLACE,
    minimumSupport,
    alpha: SCORE_ALPHA,
    maximumLevel: level,
    onlyBetterThanParents: true,
    ...(weights === undefined ? {} : { weights }),
  });
  return {
    slices: dropCovered(slices, { losses, features, weights, minimumSupport }).slice(0, count),
    examined,
  };
}

/** Weights that sum to the number of examples, so that a support is a number of examples. */
function scaleToMeanOne(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

interface SearchedHalf {
  readonly losses: Float64Array;
  readonly features: readonly Uint32Array[];
  readonly weights: Float64Array | undefined;
  readonly minimumSupport: number;
}

/**
 * From the best slice down: each stays only if its examples that lie in none of those kept before are still as many as a
 * slice needs, with a mean loss above that of all.
 */
function dropCovered(slices: readonly ErrorSlice[], half: SearchedHalf): readonly ErrorSlice[] {
  const { losses, weights, minimumSupport } = half;
  const isCovered = new Uint8Array(losses.length);
  const sum = (rows: Iterable<number>): { readonly size: number; readonly loss: number } => {
    let [size, loss] = [0, 0];
    for (const row of rows) {
      const weight = weights?.[row] ?? 1;
      size += weight;
      loss += weight * (losses[row] ?? 0);
    }
    return { size, loss };
  };
  const whole = sum(losses.keys());
  return slices.filter((slice) => {
    const rows = rowsOf(slice, half.features, losses.length);
    const left = sum(rows.filter((row) => isCovered[row] === 0));
    const isNews = left.size >= minimumSupport && left.loss / left.size > whole.loss / whole.size;
    if (isNews) for (const row of rows) isCovered[row] = 1;
    return isNews;
  });
}

function rowsOf({ predicates }: ErrorSlice, features: readonly Uint32Array[], n: number): Uint32Array {
  let rows = Uint32Array.from({ length: n }, (_, row) => row);
  for (const { feature, value } of predicates) {
    const codes = features[feature];
    rows = rows.filter((row) => codes?.[row] === value);
  }
  return rows;
}

interface Confirmed {
  readonly slice: ErrorSlice;
  readonly rows: Uint32Array;
  readonly tested: PartDifference | undefined;
}

function confirmSlices(
  slices: readonly ErrorSlice[],
  request: WeakSliceRequest,
  losses: ExampleLosses,
  columns: readonly SearchedColumn[],
  confirming: Uint32Array,
): readonly WeakSlice[] {
  const { outcomes } = request;
  const values = pickNumbers(losses.values, confirming);
  const features = columns.map(({ codes }) => pickCodes(codes, confirming));
  const sample = {
    values,
    weights: outcomes.weights && pickNumbers(outcomes.weights, confirming),
    groups: outcomes.groups && pickCodes(outcomes.groups, confirming),
  };
  const judged: readonly Confirmed[] = slices.map((slice) => {
    const rows = rowsOf(slice, features, values.length);
    const isPart = new Uint8Array(values.length);
    for (const row of rows) isPart[row] = 1;
    return { slice, rows, tested: comparePart({ ...sample, isPart }) };
  });
  const adjusted = adjustPValues(
    judged.map(({ tested }) => tested?.pLarger ?? 1),
    'holm',
  );
  return judged
    .flatMap((one, index) => describeSlice(one, adjusted[index] ?? 1, request, columns, confirming, values))
    .toSorted((a, b) => Number(b.confirmed) - Number(a.confirmed) || b.difference - a.difference);
}

/** Nothing, where the other half has no example of the slice, or no other: its test counts all the same. */
function describeSlice(
  { slice, rows, tested }: Confirmed,
  adjustedP: number,
  { outcomes, alpha, examples }: WeakSliceRequest,
  columns: readonly SearchedColumn[],
  confirming: Uint32Array,
  losses: Float64Array,
): readonly WeakSlice[] {
  if (tested === undefined) return [];
  const { predicates, score } = slice;
  const level = 1 - 2 * alpha;
  const method = `${outcomes.groups === undefined ? 'Welch' : 'cluster-robust'} t, part against the rest`;
  const confirmed = adjustedP <= alpha;
  const ids = confirmed ? nameWorst(rows, losses, confirming, outcomes, examples) : [];
  return [
    {
      name: nameSlice(
        predicates.map(({ feature }) => columns[feature]?.name ?? ''),
        predicates.map(({ feature, value }) => columns[feature]?.values[value] ?? ''),
      ),
      n: rows.length,
      share: rows.length / confirming.length,
      value: tested.means[0],
      rest: tested.means[1],
      difference: tested.difference,
      interval: {
        level,
        ...tested.limitsAt(level),
        method,
        ...(tested.degenerate ? { degenerate: true } : {}),
      },
      p: tested.pLarger,
      adjustedP,
      confirmed,
      score,
      ...(ids.length === 0 ? {} : { examples: ids }),
    },
  ];
}

/** Ids of the examples with the largest losses. */
function nameWorst(
  rows: Uint32Array,
  losses: Float64Array,
  confirming: Uint32Array,
  { ids }: Outcomes,
  count: number,
): readonly string[] {
  if (ids === undefined || count === 0) return [];
  return Array.from(rows)
    .sort((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0) || a - b)
    .slice(0, count)
    .map((row) => textAt(ids, confirming[row] ?? 0).slice(0, MAX_ID));
}
