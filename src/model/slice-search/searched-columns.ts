import type { Outcomes } from '../../outcomes/outcomes.ts';
import { binColumn, chooseEdges } from '../../outcomes/slice-bins.ts';

/** A column to search in: the code of each example, and what each code is called. */
export interface SearchedColumn {
  readonly name: string;
  readonly codes: Uint32Array;
  readonly values: readonly string[];
}

/**
 * Bins of a numeric column, a fifth of the examples each: with more of them a slice that spans several falls apart into
 * parts that are too small to be found.
 */
const BINS = 5;

/**
 * The columns to search in, those that the outcomes have. Numbers are in bins with as many examples each among the rows
 * given: those of the half that is searched, because the other one may not shape what it confirms.
 */
export function listSearchedColumns(
  { sliceColumns, numericColumns }: Outcomes,
  names: readonly string[],
  rows: Uint32Array,
): readonly SearchedColumn[] {
  return names.flatMap((name) => {
    const numbers = numericColumns.get(name);
    if (numbers !== undefined) {
      const found = Float64Array.from(rows, (row) => numbers[row] ?? Number.NaN);
      return [{ name, ...binColumn(numbers, chooseEdges(found, BINS)) }];
    }
    const labels = sliceColumns.get(name);
    return labels === undefined ? [] : [{ name, ...labels }];
  });
}
