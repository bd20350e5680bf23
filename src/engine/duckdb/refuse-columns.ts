import { TableError } from '../engine.ts';
import type { TableLocation } from '../protocol.ts';
import type { ShapeColumn } from './compile-source.ts';

/** @throws TableError `duplicate-columns` naming the first column that another has the name of */
export function refuseDuplicates(names: readonly string[], location: Pick<TableLocation, 'named'>): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new TableError(
        'duplicate-columns',
        location.named,
        `${location.named} has more than one column named "${name}".`,
        'Give every column a name of its own.',
      );
    }
    seen.add(name);
  }
}

function namesOf(columns: readonly ShapeColumn[]): string {
  return columns.map(({ name }) => JSON.stringify(name)).join(', ');
}

function typeOf(columns: readonly ShapeColumn[], name: string): string | undefined {
  return columns.find((column) => column.name === name)?.type;
}

/**
 * Shards are one table only with the same columns.
 *
 * @throws TableError `different-columns`
 */
export function refuseOtherColumns(
  first: readonly ShapeColumn[],
  other: readonly ShapeColumn[],
  file: Pick<TableLocation, 'named'>,
  table: Pick<TableLocation, 'named'>,
): void {
  if (namesOf(first) !== namesOf(other)) {
    throw new TableError(
      'different-columns',
      table.named,
      `${table.named} is not one table: ${file.named} has the columns ${namesOf(other).slice(0, 400)}, but the first file has ${namesOf(first).slice(0, 400)}.`,
      'Write all files with the same columns, in the same order.',
    );
  }
  const changed = first.find(({ name, type }) => typeOf(other, name) !== type);
  if (changed === undefined) return;
  throw new TableError(
    'different-columns',
    table.named,
    `${table.named} is not one table: column ${JSON.stringify(changed.name)} is ${changed.type} in its first file, but ${String(typeOf(other, changed.name))} in ${file.named}.`,
    'Write all files with the same types.',
  );
}
