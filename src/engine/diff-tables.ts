/** The rows of two tables held against each other. */
import type { TableSource } from './engine.ts';

export interface DiffRequest {
  /** The table as it is now. */
  readonly source: TableSource;
  /** The table as it was. */
  readonly before: TableSource;
  /** Columns that name a row, in both tables. Without any, rows are compared whole: they are added or removed. */
  readonly key: readonly string[];
  /** Columns of both tables whose cells are compared. */
  readonly columns: readonly string[];
  /** Numbers that differ by at most this much count as equal. Without it, cells are compared as they are written. */
  readonly tolerance?: number;
  /** How many rows of each kind are shown. */
  readonly examples: number;
}

export interface ChangedCell {
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

export interface RowExample {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The row where it stands now, or of a removed one where it stood: from 1. */
  readonly row: number;
  /** As text, an absent cell being empty. */
  readonly key: readonly string[];
  /** Of a changed row, the first of its cells that differ. */
  readonly cells: readonly ChangedCell[];
}

export interface TableDiff {
  readonly rowsBefore: number;
  readonly rowsNow: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Rows beyond the first of each repeated key. Where there are any, rows cannot be told apart and nothing else is counted. */
  readonly repeatedBefore: number;
  readonly repeatedNow: number;
  /** Rows in which a cell of the column differs, for each column of the request. */
  readonly columns: readonly number[];
  readonly examples: readonly RowExample[];
}
