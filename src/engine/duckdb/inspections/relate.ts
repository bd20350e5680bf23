import type { JsonType } from '../../engine.ts';
import type { OpenTable } from '../open-table.ts';
import type { CellSql } from '../compile-cell.ts';
import { compileRelation } from '../compile-source.ts';

export interface Related {
  readonly from: string;
  readonly cells: readonly CellSql[];
}

/** Text cells are told apart into numbers, booleans and the rest, whatever the schema says. */
export const ANY_SCALAR: readonly JsonType[] = ['number', 'boolean'];

export function relate(
  table: OpenTable,
  columns: readonly { readonly name: string; readonly declaredTypes: readonly JsonType[] }[],
  rowNumbers = false,
): Related {
  const requests = columns.map(({ name, declaredTypes }) => ({ column: name, declaredTypes }));
  return compileRelation(table.shape, requests, { parallel: table.parallel, rowNumbers });
}

/** The value of a cell as one text that says its type, so that files of different formats agree; NULL where it is absent. */
export function canonicalCell(cell: CellSql): string {
  const kinds = [
    ...(cell.number === undefined ? [] : [`'n' || CAST(${cell.number} + 0.0 AS VARCHAR)`]),
    ...(cell.boolean === undefined ? [] : [`'b' || CAST(${cell.boolean} AS VARCHAR)`]),
    ...(cell.text === undefined ? [] : [`'t' || ${cell.text}`]),
    `'o' || ${cell.shown}`,
  ];
  return `CASE WHEN ${cell.raw} IS NOT NULL THEN coalesce(${kinds.join(', ')}) END`;
}

/** Several values as one that can be compared; the parts of a struct compare NULL as equal to NULL. */
export function rowOf(expressions: readonly string[]): string {
  return `row(${expressions.join(', ')})`;
}

export function hashOf(expressions: readonly string[]): string {
  return `hash(${expressions.join(', ')})`;
}
