import type { InspectedColumn, SplitSource, SplitsRequest } from '../../inspections.ts';
import type { OpenTable } from '../open-table.ts';
import type { CellSql } from '../compile-cell.ts';
import { quoteText } from '../sql-text.ts';
import { relate } from './relate.ts';

/** Both splits as tables of one database. */
export interface SplitPair {
  readonly request: SplitsRequest;
  readonly earlier: OpenTable;
  readonly later: OpenTable;
}

/** Rows of a split, with the cells of the columns that were asked for. */
export interface SplitRelation {
  readonly from: string;
  readonly cells: readonly CellSql[];
}

export function relateSplit(
  table: OpenTable,
  { only }: SplitSource,
  columns: readonly InspectedColumn[],
): SplitRelation {
  const wanted = only === undefined ? columns : [...columns, { name: only.column, declaredTypes: [] }];
  const { from, cells } = relate(table, wanted);
  if (only === undefined) return { from, cells };
  const split = cells.at(-1)?.shown ?? 'NULL';
  return {
    from: `(SELECT * FROM ${from} WHERE ${split} = ${quoteText(only.value)})`,
    cells: cells.slice(0, -1),
  };
}
