import { UserError, WorldError } from '../../evidence/errors.ts';
import type { ForeignSource } from './importer.ts';
import { at, listOf, placeOf, type Place } from '../../evidence/foreign/places.ts';

const MAGIC = 'SQLite format 3\0';

/**
 * Whether an SQLite file has a table of this name. A damaged one counts where its first bytes name the table, so that
 * whoever reads it is told what is wrong. Never throws.
 */
export async function hasTable(source: ForeignSource, table: string): Promise<boolean> {
  if (source.kind !== 'file') return false;
  const head = new TextDecoder('latin1').decode(source.head);
  if (!head.startsWith(MAGIC)) return false;
  if (new RegExp(`CREATE TABLE "?${table}"?\\s*\\(`, 'u').test(head)) return true;
  try {
    return (
      (await source.query(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '${table}'`)).length >
      0
    );
  } catch (error) {
    if (error instanceof UserError || error instanceof WorldError) return false;
    throw error;
  }
}

/** Rows of a query, as places that a message can name: `trials[3].state`. */
export async function queryRows(
  source: ForeignSource,
  table: string,
  sql: string,
): Promise<readonly Place[]> {
  return listOf(at(placeOf({ [table]: await source.query(sql) }, source.name), table));
}

/** Rows by what stands in one of their columns. */
export function groupRows(rows: readonly Place[], column: string): ReadonlyMap<unknown, readonly Place[]> {
  const groups = new Map<unknown, Place[]>();
  for (const row of rows) {
    const { value } = at(row, column);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  return groups;
}
