/**
 * Parts of a test set: the rows that have one value of a column, or one combination of values of several, or that satisfy
 * a condition. Bins and conditions become columns of few values, so that all of them are one thing.
 */
import { sha256 } from '../evidence/digest.ts';
import type { CodedColumn, Outcomes } from './outcomes.ts';
import { binColumn, chooseEdges, type Edges } from './slice-bins.ts';
import { evaluateCondition } from './slice-condition.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import { columnsOf, conditionOf, isBinned, isCondition, type SliceEntries } from './slice-entries.ts';

/** The most slices that are compared: a reader wants few, and each takes its share of the correction. */
export const MAX_SLICES = 200;

export interface OutcomesSlice {
  /** Stable: `region=north`, `region=north, plan=basic` for a crossing, `age=18..65` for a bin, the name of a condition. */
  readonly name: string;
  /** Value of each column, also of those that bins and conditions became; an empty text where the cell is empty. */
  readonly values: Readonly<Record<string, string>>;
  /** Row numbers, ascending. */
  readonly rows: Uint32Array;
}

/** Where the bins of a column end, and how many were asked for. */
export interface BinnedEdges {
  readonly column: string;
  readonly bins: number;
  readonly edges: Edges;
}

const DEFAULT_BINS = 4;

/** The column that a condition becomes, and its value where the condition holds. No file has a column of such a name. */
function nameConditionColumn(name: string): string {
  return `${CONDITION_MARK}${name}`;
}
const CONDITION_MARK = 'where\0';
const HOLDS = 'yes';

/** A column's name as readers know it: the name of the condition for a column that a condition became. */
export function titleColumn(column: string): string {
  return column.startsWith(CONDITION_MARK) ? column.slice(CONDITION_MARK.length) : column;
}

/**
 * The outcomes with a column of few values for each column in bins and each condition, for `listSlices`.
 * @param frozen edges that the baseline has; they are taken where they are for as many bins as asked for
 * @returns also the edges that were not in the config, for the next run to freeze
 */
export function deriveSliceColumns(
  outcomes: Outcomes,
  by: SliceEntries,
  frozen: readonly BinnedEdges[] = [],
): { readonly outcomes: Outcomes; readonly edges: readonly BinnedEdges[] } {
  const derived = new Map(outcomes.sliceColumns);
  const found: BinnedEdges[] = [];
  for (const entry of by.filter(isCondition)) {
    const codes = Uint32Array.from(evaluateCondition(conditionOf(entry), outcomes));
    derived.set(nameConditionColumn(entry.name), { codes, values: ['', HOLDS] });
  }
  for (const { column, edges, bins = DEFAULT_BINS } of by.filter(isBinned)) {
    const values = outcomes.numericColumns.get(column);
    if (values === undefined) throw new RangeError(`The column ${column} was not read.`);
    const kept = frozen.find((one) => one.column === column && one.bins === bins)?.edges;
    const used = edges ?? kept ?? chooseEdges(values, bins);
    derived.set(column, binColumn(values, used));
    if (edges === undefined) found.push({ column, bins, edges: used });
  }
  return { outcomes: { ...outcomes, sliceColumns: derived }, edges: found };
}

/**
 * The slices of a test set, sorted by name; of more than 200 the largest. Rows with an empty cell are a slice too
 * (`region=`): leaving them out would hide them. Of a condition only the rows where it holds are one.
 * @param outcomes as `deriveSliceColumns` gives them
 * @param by columns, or lists of columns to cross; each must be among the outcomes' slice columns.
 */
export function listSlices(outcomes: Outcomes, by: SliceEntries): readonly OutcomesSlice[] {
  return listAllSlices(outcomes, by)
    .sort((a, b) => b.rows.length - a.rows.length || compareTexts(a.name, b.name))
    .slice(0, MAX_SLICES)
    .sort((a, b) => compareTexts(a.name, b.name));
}

function listAllSlices(outcomes: Outcomes, by: SliceEntries): OutcomesSlice[] {
  return [
    ...columnsOf(by).flatMap((columns) => groupBy(outcomes, columns)),
    ...by.filter(isCondition).flatMap(({ name }) => selectCondition(outcomes, name)),
  ];
}

function selectCondition(outcomes: Outcomes, name: string): readonly OutcomesSlice[] {
  const column = nameConditionColumn(name);
  return groupBy(outcomes, [column])
    .filter(({ values }) => values[column] === HOLDS)
    .map((slice) => ({ ...slice, name }));
}

/** How many slices there are, also beyond those that `listSlices` gives. */
export function countSlices(outcomes: Outcomes, by: SliceEntries): number {
  const ofColumns = columnsOf(by).reduce((sum, columns) => {
    const { codes, values } = crossColumns(outcomes, columns);
    releaseMemory(codes);
    return sum + values.length;
  }, 0);
  return ofColumns + by.filter(isCondition).flatMap(({ name }) => selectCondition(outcomes, name)).length;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Crossing {
  readonly codes: Uint32Array;
  /** The values of each code, one for each column. */
  readonly values: readonly (readonly string[])[];
}

/** Up to this many possible combinations have a place each in an array; more are looked up. */
const LARGEST_DENSE_CROSSING = 1 << 16;

/** Combinations of values that occur, numbered in the order of their first row. */
function crossColumns(outcomes: Outcomes, names: readonly string[]): Crossing {
  const columns = names.map((name) => columnOf(outcomes, name));
  const possible = columns.reduce((product, { values }) => product * values.length, 1);
  const keys = combineCodes(columns, outcomes.n, possible);
  const { codes, firstRows } = numberKeys(keys, possible);
  if (keys !== columns[0]?.codes) releaseMemory(keys);
  const values = firstRows.map((row) => columns.map((column) => column.values[column.codes[row] ?? 0] ?? ''));
  return { codes, values };
}

/** One number for each combination of values; a column of codes is one already. */
function combineCodes(
  columns: readonly CodedColumn[],
  n: number,
  possible: number,
): Uint32Array | Float64Array {
  const [first] = columns;
  if (columns.length === 1 && first !== undefined) return first.codes;
  const keys = possible <= 2 ** 32 ? new Uint32Array(n) : new Float64Array(n);
  for (const { codes, values } of columns) {
    for (let row = 0; row < n; row++) keys[row] = (keys[row] ?? 0) * values.length + (codes[row] ?? 0);
  }
  return keys;
}

/** Keys numbered anew in the order of their first row, with that row. */
function numberKeys(keys: Uint32Array | Float64Array, possible: number) {
  const dense = possible <= LARGEST_DENSE_CROSSING ? new Int32Array(possible).fill(-1) : undefined;
  const sparse = new Map<number, number>();
  const firstRows: number[] = [];
  const codes = new Uint32Array(keys.length);
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row] ?? 0;
    let code = (dense === undefined ? sparse.get(key) : dense[key]) ?? -1;
    if (code === -1) {
      code = firstRows.length;
      firstRows.push(row);
      if (dense === undefined) sparse.set(key, code);
      else dense[key] = code;
    }
    codes[row] = code;
  }
  return { codes, firstRows };
}

function columnOf(outcomes: Outcomes, name: string): CodedColumn {
  const column = outcomes.sliceColumns.get(name);
  if (column === undefined) throw new RangeError(`The column ${name} was not read.`);
  return column;
}

function groupBy(outcomes: Outcomes, names: readonly string[]): OutcomesSlice[] {
  const { codes, values } = crossColumns(outcomes, names);
  const counts = new Uint32Array(values.length);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const [ends, ordered] = [new Uint32Array(values.length), new Uint32Array(codes.length)];
  let start = 0;
  counts.forEach((count, code) => {
    ends[code] = start;
    start += count;
  });
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? 0;
    const at = ends[code] ?? 0;
    ordered[at] = row;
    ends[code] = at + 1;
  }
  releaseMemory(codes);
  return values.map((combination, code) => ({
    name: nameSlice(names, combination),
    values: Object.fromEntries(names.map((name, index) => [name, combination[index] ?? ''])),
    rows: ordered.subarray((ends[code] ?? 0) - (counts[code] ?? 0), ends[code]),
  }));
}

/** The name of the slice where this column has this value; where a condition holds, the name of the condition. */
export function nameColumnSlice(column: string, value: string): string {
  if (!column.startsWith(CONDITION_MARK)) return nameSlice([column], [value]);
  return value === HOLDS ? titleColumn(column) : `not ${titleColumn(column)}`;
}

/** The name of the slice where these columns, in the order of the config, have these values. */
export function nameSlice(columns: readonly string[], values: readonly string[]): string {
  const longest = Math.floor(MAX_NAME / columns.length / 2);
  const parts = columns.map(
    (column, index) => `${quote(column, longest)}=${quote(values[index] ?? '', longest)}`,
  );
  return parts.join(', ');
}

/** Characters that would make two different slices read alike: those that part columns and values, and invisible ones. */
const AMBIGUOUS = /[=,"\\~]|^\s|\s$|\p{C}/u;

/** Whether a text has to be quoted in the name of a slice. */
export function isAmbiguous(text: string): boolean {
  return AMBIGUOUS.test(text);
}

/** Evidence holds names of 300 characters; what parts columns and values comes on top of this. */
const MAX_NAME = 280;

/** A text that is too long keeps its beginning, and a digest that tells it from others that begin alike. */
function quote(text: string, longest: number): string {
  const written = isAmbiguous(text) ? JSON.stringify(text) : text;
  if (written.length <= longest) return written;
  return `${written.slice(0, longest - 9).replace(/[\uD800-\uDBFF]$/u, '')}~${sha256(text).slice(0, 8)}`;
}
