/** Files of every kind as one table each, and what is said of those that are none. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TableError, type TableSource } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

let given: TestEngine;
beforeAll(() => {
  given = openTestEngine({ memoryMegabytes: 256 });
});
afterAll(async () => given.close());

async function count(source: TableSource, absent: readonly string[] = []) {
  return await given.engine.checkTable({ source, cells: [], unique: [], absent });
}

async function faultOf(promise: Promise<unknown>): Promise<TableError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TableError);
  return error as TableError;
}

describe('JSON arrays', () => {
  const ROWS = '[{"a":1,"b":"x"},\n {"a":null},\n{"b":[1,{"c":"]"}], "a":2.5}]\n \n';

  test.each([
    ['plain', 'a.json', ROWS],
    ['gzip', 'a.json.gz', zlib.gzipSync(ROWS)],
    ['zstd', 'a.json.zst', zlib.zstdCompressSync(ROWS)],
    ['with a byte order mark', 'bom.json', `\uFEFF${ROWS}`],
  ])('a table like JSON Lines: %s', async (_title, name, content) => {
    const source = { path: given.write(name, content) };
    const figures = await given.engine.checkTable({
      source,
      cells: [
        { id: 't', column: 'a', declaredTypes: [], condition: { kind: 'type', types: ['integer', 'null'] } },
      ],
      unique: [],
      absent: ['a', 'b', 'c'],
    });
    expect(figures).toStrictEqual({
      rows: 3,
      violations: { t: 1 },
      duplicates: {},
      absent: { a: 0, b: 1, c: 3 },
    });
    const { format, columns } = await given.engine.describeTable(source);
    expect([format, columns.map(({ name }) => name)]).toStrictEqual(['json', ['a', 'b']]);
    const examples = await given.engine.findExamples({
      source,
      cells: [
        { id: 't', column: 'a', declaredTypes: [], condition: { kind: 'type', types: ['integer', 'null'] } },
      ],
      unique: [],
      limit: 5,
    });
    expect(examples).toStrictEqual({ t: [{ row: 3, value: 2.5 }] });
    const { columns: read } = await given.engine.readColumns({
      source,
      columns: [{ name: 'a', as: 'number' }],
    });
    expect(read).toStrictEqual([new Float64Array([1, Number.NaN, 2.5])]);
  });

  test('an empty array has no rows', async () => {
    expect((await count({ path: given.write('none.json', '[]') })).rows).toBe(0);
  });

  test.each([
    ['lines.json', '{"a":1}\n{"a":2}\n', /it begins with "\{"/u],
    ['text.json', '"a"', /it begins with/u],
    ['number.json', '[{"a":1},2]', /Row 2 of .* is a JSON ubigint, not an object/u],
    ['bad.json', '[{"a":1},{"a" 2}]', /in or after its object 2/u],
    ['cut-1.json', '[{"a":1},{"a":2', /in or after its object/u],
    ['cut-2.json', '[{"a":1},{"a":2},', /it breaks off before the array ends/u],
    ['trailing.json', '[{"a":1}] x', /in or after its object/u],
    ['twice.json', '[{"a":1}][{"a":1}]', /in or after its object/u],
    ['cut.json.gz', zlib.gzipSync('[{"a":1},'), /it breaks off before the array ends/u],
    ['cut.json.zst', zlib.zstdCompressSync('[{"a":1},'), /it breaks off before the array ends/u],
    ['latin.json', Buffer.from('[{"a":"\u00E9"}]', 'latin1'), /UTF-8/u],
  ])('%s is refused', async (name, content, message) => {
    const error = await faultOf(count({ path: given.write(name, content) }, ['a']));
    expect([error.fault, error.message]).toStrictEqual(['not-its-format', expect.stringMatching(message)]);
    expect(error.message).toContain(name);
  });
});

async function writeParquet(name: string, sql: string): Promise<string> {
  mkdirSync(join(given.folder, name, '..'), { recursive: true });
  return await given.makeWithSql(
    (to) => `COPY (${sql}) TO '${to.replaceAll("'", "''")}' (FORMAT parquet)`,
    name,
  );
}

describe('partitioned Parquet', () => {
  test('names of folders are columns; those of the files are nearer', async () => {
    const shards = [
      await writeParquet('p/day=1/0.parquet', `SELECT 'a' AS x, 1 AS own FROM range(3)`),
      await writeParquet('p/day=2/0.parquet', `SELECT 'b' AS x, 2 AS own FROM range(2)`),
      await writeParquet('p/day=3/0.parquet', `SELECT 'c' AS x, 3 AS own FROM range(1)`),
    ];
    const source: TableSource = {
      path: 'p',
      shards,
      partitions: {
        day: ['1', '2', null],
        code: ['007', '8', '9'],
        "it's; DROP TABLE t": ["it's", '); DROP TABLE t; --', '\u0000'],
        own: ['7', '8', '9'],
      },
    };
    const { columns } = await given.engine.describeTable(source);
    expect(columns).toStrictEqual([
      { name: 'x', type: 'string' },
      { name: 'own', type: 'integer' },
      { name: 'day', type: 'integer' },
      { name: 'code', type: 'string' },
      { name: "it's; DROP TABLE t", type: 'string' },
    ]);
    const figures = await count(source, ['day', 'code', 'own']);
    expect([figures.rows, figures.absent]).toStrictEqual([6, { day: 1, code: 0, own: 0 }]);
    const { columns: read } = await given.engine.readColumns({
      source,
      columns: [
        { name: 'day', as: 'number' },
        { name: 'own', as: 'number' },
        { name: "it's; DROP TABLE t", as: 'label' },
      ],
    });
    expect(read[0]).toStrictEqual(new Float64Array([1, 1, 1, 2, 2, Number.NaN]));
    expect(read[1]).toStrictEqual(new Float64Array([1, 1, 1, 2, 2, 3]));
    expect(read[2]).toMatchObject({ values: ["it's", '); DROP TABLE t; --', '\u0000'] });
  });

  test('files with other columns or types are no one table: a finding', async () => {
    const first = await writeParquet('q/0.parquet', 'SELECT 1 AS a, 2 AS b');
    const other = await writeParquet('q/1.parquet', 'SELECT 1 AS a, 2 AS c');
    const typed = await writeParquet('q/2.parquet', `SELECT 1 AS a, 'x' AS b`);
    const columns = await faultOf(count({ path: 'q', shards: [first, other] }));
    expect([columns.fault, columns.message]).toStrictEqual([
      'different-columns',
      expect.stringContaining('has the columns "a", "c", but the first file has "a", "b"'),
    ]);
    const types = await faultOf(count({ path: 'q', shards: [first, typed] }));
    expect([types.fault, types.message]).toStrictEqual([
      'different-columns',
      expect.stringContaining('column "b" is INTEGER in its first file, but VARCHAR in'),
    ]);
  });
});
