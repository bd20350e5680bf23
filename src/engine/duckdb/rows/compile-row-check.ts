/** A check of whole rows as SQL. */
import type { RowCell, RowCheck } from '../../row-check.ts';
import type { CellSql } from '../compile-cell.ts';
import { isJson, type TableShape } from '../compile-source.ts';
import { isSchema } from './compile-cell-schema.ts';
import { compileRowSchema } from './compile-row-schema.ts';
import { type Decision, UNKNOWN } from './decision.ts';
import { measureUnfolded } from './measure-unfolded.ts';

/** Beyond this no query is made of a check: every row is for JavaScript to judge, for a bounded time. */
const MOST_CONDITIONS = 20_000;

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
  const definitions = isSchema(check.schema['$defs']) ? check.schema['$defs'] : {};
  if (measureUnfolded(check.schema, definitions) > MOST_CONDITIONS) return UNKNOWN;
  return compileRowSchema(
    { cellOf: (column) => cells.get(column), columns: [...cells.keys()] },
    check.schema,
    definitions,
  );
}

/** Of which rows SQL cannot tell. */
export function isUndecided({ holds, breaks }: Decision): string {
  return `NOT (${holds}) AND NOT (${breaks})`;
}
