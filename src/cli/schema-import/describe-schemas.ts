/** What became of another tool's schema, for people. */
import type { ImportedTable } from '../../data/schema-import/assemble.ts';
import type { ImportedSchemas } from '../../data/schema-import/import-schema.ts';
import { escapeTerminal } from '../../report/terminal/escape.ts';
import { countOf } from '../count-of.ts';
import { showFacts } from '../metrics/show-facts.ts';

/** A page of the terminal: what was read, and all that was not carried over or is not quite the same. */
export function describeSchemas({ format, title, tables }: ImportedSchemas, width: number): string {
  return [
    ...showFacts([['format', `${format}: ${title}`]], width),
    ...tables.flatMap((table) => ['', ...describeTable(table, width)]),
    '',
  ].join('\n');
}

function describeTable({ name, schema, carried, left }: ImportedTable, width: number): readonly string[] {
  const columns = Object.keys(schema['properties'] ?? {}).length;
  const notes = carried.filter(({ note }) => note !== undefined);
  return [
    escapeTerminal(
      `${name}: ${countOf(columns, 'column')}; ${carried.length} carried over, ${left.length} left behind`,
    ),
    ...(notes.length === 0
      ? []
      : [
          '',
          'not quite the same here:',
          ...showFacts(
            notes.map(({ from, note }) => [from, note]),
            width,
          ),
        ]),
    ...(left.length === 0
      ? []
      : [
          '',
          'left behind:',
          ...showFacts(
            left.map(({ from, what, why, instead }) => [from, `${what}: ${why}. ${instead}`]),
            width,
          ),
        ]),
  ];
}
