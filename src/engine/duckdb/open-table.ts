import { PlanError } from '../engine.ts';
import type { TableLocation } from '../protocol.ts';
import { isJson, type TableShape } from './compile-source.ts';
import type { Database } from './database.ts';

/** A file that is open: its database, its shape, and the user's name for it. */
export interface OpenTable {
  readonly database: Database;
  readonly shape: TableShape;
  readonly location: TableLocation;
  /** Whether CSV may be scanned by several threads. */
  readonly parallel: boolean;
  /** Further tables that the question is about. */
  readonly others: readonly OpenTable[];
}

/** @throws PlanError for a column that the table does not have */
export function requireColumns(table: OpenTable, columns: readonly string[]): void {
  const { shape, location } = table;
  if (isJson(shape.format)) {
    return;
  }
  const unknown = columns.find((column) => !shape.columns.some(({ name }) => name === column));
  if (unknown !== undefined) {
    throw new PlanError(
      `${location.named} has no column ${JSON.stringify(unknown)}.`,
      `It has: ${shape.columns.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
    );
  }
}
