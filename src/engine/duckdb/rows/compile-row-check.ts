/** A check of whole rows as SQL. */
import type { RowCell, RowCheck } from '../../row-check.ts';
import type { CellSql } from '../compile-cell.ts';
import { isJson, type TableShape } from '../compile-source.ts';
import { isSchema } from './compile-cell-schema.ts';
import { compileRowSchema } from './compile-row-schema.ts';
import type { Decision } from './decision.ts';

/** The cells of a check that the table has; what it lacks is absent in every row. */
export function listRowCells(shape: TableShape, { cells }: RowCheck): readonly RowCell[] {
  if (isJson(shape.format)) return cells;
  const names = new Set(shape.columns.map(({ name }) => name));
  return cells.filter(({ column }) => names.has(column));
}

/** A check as SQL over a relation that offers its cells. */
export function compileRowCheck(
  shape: TableShape,
  check: RowCheck,
  cellOf: (request: RowCell) => CellSql,
): Decision {
  const cells = new Map(listRowCells(shape, check).map((cell) => [cell.column, cellOf(cell)]));
  const definitions = check.schema['$defs'];
  return compileRowSchema(
    { cellOf: (column) => cells.get(column), columns: [...cells.keys()] },
    check.schema,
    isSchema(definitions) ? definitions : {},
  );
}

/** Of which rows SQL cannot tell. */
export function isUndecided({ holds, breaks }: Decision): string {
  return `NOT (${holds}) AND NOT (${breaks})`;
}
