/** Names and values are data: whatever they are, each question is answered as if they were plain words. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CellReading } from '../../src/engine/cell-reading.ts';
import type { CellCheck, Labels, PackedTexts, TableSource } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const HOSTILE = [
  "'",
  "''",
  '"',
  '\\',
  "\\'",
  ';',
  "'; DROP TABLE t; --",
  '"); SELECT error(1); --',
  "' OR 1=1 --",
  '$$',
  '$1',
  ':x',
  '?',
  '{x}',
  '%s',
  '/* */',
  '--',
  '\u0000',
  'c0',
  'C0',
  'r',
  'f',
  'j',
  'kind',
  'rowid',
  'filename',
  'SELECT',
  '__proto__',
  'constructor',
  'toString',
  '~',
  '~0',
  '/a/b',
  '*',
  '#',
  'a.b',
  '[0]',
  '(?i)x',
  '\\d+',
  '^$',
  'null',
  'NaN',
  'é',
  'e\u0301',
  '😀',
  '👩‍👩‍👧',
  '\u202Eevil\u202C',
  '\u200B',
  '\uFEFF',
  'ÄSS',
  'äss',
  ' leading',
  'trailing ',
  'line\nbreak',
  'tab\tstop',
  'x'.repeat(5_000),
] as const;

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }) },
);
/** A lone carriage return in quotes is one of the ways to end a line; half a surrogate pair is no character of UTF-8. */
const text = word.filter((given) => !given.includes('\r') && !/\p{Surrogate}/u.test(given));

interface Given {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const tables: fc.Arbitrary<Given> = fc
  .uniqueArray(
    text.filter((name) => !name.startsWith('\uFEFF')),
    { minLength: 2, maxLength: 5 },
  )
  .chain((names) =>
    fc.record({
      names: fc.constant(names),
      rows: fc.array(
        fc.tuple(...names.map((_, index) => (index === 0 ? text : fc.option(text, { freq: 4 })))),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  );

function toCsv({ names, rows }: Given, delimiter: string): string {
  const line = (cells: readonly (string | null)[]): string =>
    cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(delimiter);
  return `${[names, ...rows].map(line).join('\n')}\n`;
}

function toObjects({ names, rows }: Given): readonly string[] {
  return rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(names.flatMap((name, at) => (row[at] === null ? [] : [[name, row[at]]]))),
    ),
  );
}

const FORMATS = ['csv', 'tsv', 'jsonl', 'json'] as const;

function write(given: Given, format: (typeof FORMATS)[number]): string {
  if (format === 'csv' || format === 'tsv') return toCsv(given, format === 'csv' ? ',' : '\t');
  const objects = toObjects(given);
  return format === 'jsonl' ? `${objects.join('\n')}\n` : `[${objects.join(',\n')}]`;
}

function textsOf(column: unknown): readonly string[] {
  const { codes, values } = column as Labels;
  if (values !== undefined) return [...codes].map((code) => values[code] ?? '?');
  const { length, bytes, ends } = column as PackedTexts;
  return Array.from({ length }, (_, at) =>
    Buffer.from(bytes.subarray(at === 0 ? 0 : ends[at - 1], ends[at])).toString(),
  );
}

function countWhere<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return values.filter(holds).length;
}

describe('no name and no value changes a query', () => {
  let engine: TestEngine;
  let file = 0;
  beforeAll(() => {
    engine = openTestEngine({ memoryMegabytes: 256 });
  });
  afterAll(async () => engine.close());

  const ask = async (source: TableSource, { names, rows }: Given): Promise<void> => {
    const columnAt = (at: number): readonly (string | null)[] => rows.map((row) => row[at] ?? null);
    const [first = ''] = columnAt(0).map(String);
    const checks = names.flatMap((column, at): readonly CellCheck[] => [
      {
        id: `one-of ${at}`,
        column,
        declaredTypes: ['string'],
        condition: { kind: 'one-of', values: [first, "it's"] },
      },
      { id: `length ${at}`, column, declaredTypes: [], condition: { kind: 'max-length', value: 3 } },
      { id: `present ${at}`, column, declaredTypes: [], condition: { kind: 'present' } },
    ]);
    const unique = [{ id: 'all', columns: names }];
    const keys = rows.map((row) => JSON.stringify(row));
    const figures = await engine.engine.checkTable({ source, cells: checks, unique, absent: names });
    expect(figures).toStrictEqual({
      rows: rows.length,
      violations: Object.fromEntries(
        names.flatMap((_, at) => [
          [
            `one-of ${at}`,
            countWhere(columnAt(at), (cell) => cell !== null && ![first, "it's"].includes(cell)),
          ],
          [`length ${at}`, countWhere(columnAt(at), (cell) => cell !== null && Array.from(cell).length > 3)],
          [`present ${at}`, countWhere(columnAt(at), (cell) => cell === null)],
        ]),
      ),
      duplicates: { all: rows.length - new Set(keys).size },
      absent: Object.fromEntries(
        names.map((name, at) => [name, countWhere(columnAt(at), (cell) => cell === null)]),
      ),
    });

    const { columns } = await engine.engine.readColumns({
      source,
      columns: names.flatMap((name) => [
        { name, as: 'label' as const },
        { name, as: 'text' as const },
      ]),
    });
    const read = columns.map(textsOf);
    names.forEach((_, at) => {
      const written = columnAt(at).map((cell) => cell ?? '');
      expect([read[2 * at], read[2 * at + 1]]).toStrictEqual([written, written]);
    });

    const examples = await engine.engine.findExamples({
      source,
      cells: checks.filter(({ id }) => id.startsWith('present')),
      unique: [],
      limit: 20,
    });
    expect(examples).toStrictEqual(
      Object.fromEntries(
        names.map((_, at) => [
          `present ${at}`,
          columnAt(at).flatMap((cell, row) => (cell === null ? [{ row: row + 1, value: undefined }] : [])),
        ]),
      ),
    );

    const diff = await engine.engine.diffTables({
      source,
      before: source,
      key: [],
      columns: names,
      examples: 3,
    });
    expect([diff.added, diff.removed, diff.changed, diff.rowsNow]).toStrictEqual([0, 0, 0, rows.length]);
    expect(await engine.engine.describeNested(source, names[0] ?? '')).toStrictEqual({ kind: 'other' });
    const survey = await engine.engine.surveyTable({
      source,
      columns: names.map((name) => ({ name, mayShowValues: true })),
    });
    expect(survey.columns.map(({ name, counts }) => [name, counts.present])).toStrictEqual(
      names.map((name, at) => [name, countWhere(columnAt(at), (cell) => cell !== null)]),
    );
  };

  test.each(FORMATS)('as names and values of %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(tables, async (given) => {
        file += 1;
        const source = { path: engine.write(`h${file}.${format}`, write(given, format)) };
        await ask(source, given);
        // Of JSON only the keys that some row has.
        const known = given.names.filter(
          (_, at) => !format.startsWith('json') || given.rows.some((row) => row[at] !== null),
        );
        const { columns } = await engine.engine.describeTable(source);
        expect(columns.map(({ name }) => name).toSorted()).toStrictEqual(known.toSorted());
      }),
      { seed: 20_261_121, numRuns: 12 },
    );
  });

  test('as rules of cells', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 12 }),
        fc.array(text, { maxLength: 4 }),
        text,
        async (texts, nullValues, name) => {
          file += 1;
          const path = engine.write(
            `r${file}.csv`,
            toCsv({ names: [name, 'other'], rows: texts.map((value) => [value, '1']) }, ','),
          );
          const cells: CellReading = {
            columns: { [name]: { nullValues, trueValues: [...nullValues, 'x'], dates: ["%d'%m'%Y"] } },
          };
          const { absent } = await engine.engine.checkTable({
            source: { path, cells },
            cells: [],
            unique: [],
            absent: [name],
          });
          expect(absent).toStrictEqual({
            [name]: countWhere(texts, (value) => nullValues.includes(value)),
          });
        },
      ),
      { seed: 20_261_121, numRuns: 25 },
    );
  });
});
