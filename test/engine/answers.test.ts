import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CellCheck, CellCondition, Column, JsonType } from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

function check(column: string, declaredTypes: readonly JsonType[], condition: CellCondition): CellCheck {
  return { id: `${column} ${condition.kind}`, column, declaredTypes, condition };
}

describe('answers', () => {
  let given: TestEngine;
  beforeAll(() => {
    given = openTestEngine({ memoryMegabytes: 512 });
  });
  afterAll(async () => given.close());

  test('description of each format', async () => {
    const csv = given.write(
      'types.csv',
      'i,n,b,d,t,s,e\n1,1.5,true,2024-01-01,2024-01-01T00:00:00Z,x,\n-2,3,False,2024-12-31,2024-01-01T00:00:00+02:00,1,\n',
    );
    expect((await given.engine.describeTable({ path: csv })).columns).toStrictEqual([
      { name: 'i', type: 'integer' },
      { name: 'n', type: 'number' },
      { name: 'b', type: 'boolean' },
      { name: 'd', type: 'date' },
      { name: 't', type: 'date-time' },
      { name: 's', type: 'string' },
      { name: 'e', type: 'string' },
    ]);
    const jsonl = given.write('types.jsonl', '{"a":1,"b":[1]}\n{"a":2.5,"c":{"d":1},"":"x"}\n');
    expect((await given.engine.describeTable({ path: jsonl })).columns).toStrictEqual([
      { name: 'a', type: 'number' },
      { name: 'b', type: 'array' },
      { name: 'c', type: 'object' },
      { name: '', type: 'string' },
    ]);
    const parquet = await given.makeWithSql(
      (path) =>
        `COPY (SELECT 1 AS "A b", 1.5::DECIMAL(9,2) AS d, DATE '2024-01-01' AS day, TIMESTAMP '2024-01-01' AS t, [1] AS l, {'x': {'y': 1}} AS st, true AS b, 'x' AS s) TO '${path}' (FORMAT parquet)`,
      'types.parquet',
    );
    expect(
      (await given.engine.describeTable({ path: parquet })).columns.map(({ name, type }) => [name, type]),
    ).toStrictEqual([
      ['A b', 'integer'],
      ['d', 'number'],
      ['day', 'date'],
      ['t', 'date-time'],
      ['l', 'array'],
      ['st', 'object'],
      ['b', 'boolean'],
      ['s', 'string'],
    ]);
  });

  test('metadata of a Parquet file', async () => {
    const path = await given.makeWithSql(
      (to) =>
        `COPY (SELECT 1 AS a) TO '${to}' (FORMAT parquet, KV_METADATA {'mlgate.model': 'sha256:abc', '__proto__': 'é'})`,
      'metadata.parquet',
    );
    const metadata = await given.engine.readMetadata({ path });
    expect(Object.entries(metadata)).toContainEqual(['mlgate.model', 'sha256:abc']);
    expect(Object.entries(metadata)).toContainEqual(['__proto__', 'é']);
    expect(await given.engine.readMetadata({ path: given.write('metadata.csv', 'a\n1\n') })).toStrictEqual(
      {},
    );
  });

  test('uniqueness counts the rows beyond the first of each key', async () => {
    const path = given.write('keys.csv', 'a,b\nx,1\nx,2\nx,1\ny,\ny,\n,\n,\n"1",z\n1.0,z\n');
    const unique = [
      { id: 'a', columns: ['a'] },
      { id: 'a and b', columns: ['a', 'b'] },
      { id: 'b', columns: ['b'] },
    ];
    const { duplicates } = await given.engine.checkTable({ source: { path }, cells: [], unique, absent: [] });
    expect(duplicates).toStrictEqual({ a: 3, 'a and b': 2, b: 2 });
    const examples = await given.engine.findExamples({ source: { path }, cells: [], unique, limit: 3 });
    expect(examples).toStrictEqual({
      a: [
        { row: 1, value: 'x' },
        { row: 2, value: 'x' },
        { row: 3, value: 'x' },
      ],
      'a and b': [
        { row: 1, value: 'x, 1' },
        { row: 3, value: 'x, 1' },
        { row: 4, value: 'y' },
      ],
      b: [
        { row: 1, value: '1' },
        { row: 3, value: '1' },
        { row: 8, value: 'z' },
      ],
    });
  });

  test('uniqueness is exact for any texts', async () => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40).map(String), { minLength: 1, maxLength: 60 }), async (keys) => {
        file += 1;
        const path = given.write(`unique-${file}.csv`, `k\n${keys.join('\n')}\n`);
        const plan = { source: { path }, cells: [], unique: [{ id: 'k', columns: ['k'] }], absent: [] };
        expect((await given.engine.checkTable(plan)).duplicates).toStrictEqual({
          k: keys.length - new Set(keys).size,
        });
      }),
      { seed: 3, numRuns: 15 },
    );
  });

  test('examples: the first rows, with what stands in the file', async () => {
    const long = '😀'.repeat(300);
    const path = given.write(
      'examples.csv',
      `n,s,d\n1,a,2024-01-01\n150,,2023-02-29\n-3,${long},x\n1e3,b,2024-02-29\nabc,c,2024-1-1\n`,
    );
    const cells = [
      check('n', ['integer'], { kind: 'maximum', value: 100, exclusive: false }),
      check('n', ['integer'], { kind: 'type', types: ['integer'] }),
      check('s', ['string'], { kind: 'present' }),
      check('s', ['string'], { kind: 'max-length', value: 3 }),
      check('d', ['string'], { kind: 'format', format: 'date' }),
      check('s', ['string'], { kind: 'pattern', pattern: '^(?!b)' }),
    ];
    const examples = await given.engine.findExamples({ source: { path }, cells, unique: [], limit: 2 });
    expect(examples).toStrictEqual({
      'n maximum': [
        { row: 2, value: 150 },
        { row: 4, value: '1e3' },
      ],
      'n type': [{ row: 5, value: 'abc' }],
      's present': [{ row: 2, value: undefined }],
      's max-length': [{ row: 3, value: `${'😀'.repeat(199)}…` }],
      'd format': [
        { row: 2, value: '2023-02-29' },
        { row: 3, value: 'x' },
      ],
      's pattern': [{ row: 4, value: 'b' }],
    });
  });

  test('examples of JSON values', async () => {
    const path = given.write(
      'examples.jsonl',
      '{"x":null}\n{"x":[1,2]}\n{"x":true}\n{"x":2.5}\n{"x":"2"}\n{}\n',
    );
    const cells = [check('x', [], { kind: 'type', types: ['integer'] }), check('x', [], { kind: 'present' })];
    const examples = await given.engine.findExamples({ source: { path }, cells, unique: [], limit: 9 });
    expect(examples['x type']).toStrictEqual([
      { row: 1, value: null },
      { row: 2, value: '[1,2]' },
      { row: 3, value: true },
      { row: 4, value: 2.5 },
      { row: 5, value: '2' },
    ]);
    expect(examples['x present']).toStrictEqual([{ row: 6, value: undefined }]);
  });

  test('row numbers are those of the file, whatever the number of threads', async () => {
    const rows = Array.from(
      { length: 400_000 },
      (_, row) => `${row},${(row + 1) % 100_000 === 0 ? 'bad' : 'good'},${'x'.repeat(40)}`,
    );
    const path = given.write('many.csv', `i,v,pad\n${rows.join('\n')}\n`);
    const cells = [
      check('v', ['string'], { kind: 'one-of', values: ['good'] }),
      check('v', [], { kind: 'pattern', pattern: '^(?=good)' }),
    ];
    const examples = await given.engine.findExamples({ source: { path }, cells, unique: [], limit: 10 });
    expect(examples['v one-of']?.map(({ row }) => row)).toStrictEqual([100_000, 200_000, 300_000, 400_000]);
    expect(examples['v pattern']?.map(({ row }) => row)).toStrictEqual([100_000, 200_000, 300_000, 400_000]);
  });

  test('no name of a column can change a query', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '__proto__',
        'constructor',
        '; DROP TABLE t',
        'a"b',
        "a'b",
        '~',
        '/',
        '~1',
        '$',
        '*',
        '',
        'c0',
        'r',
        'l',
        'j',
        'kind',
      ),
      fc
        .string({ unit: 'grapheme', maxLength: 8 })
        .filter((text) => !['\r', '\n', '\u0000'].some((character) => text.includes(character))),
    );
    let file = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 5 }), async (names) => {
        file += 1;
        const cells = names.map((column, index) => ({
          ...check(column, ['integer'], { kind: 'minimum', value: index, exclusive: true }),
          id: `m${index}`,
        }));
        const expected = {
          rows: 1,
          violations: Object.fromEntries(names.map((_, index) => [`m${index}`, 1])),
          duplicates: { u: 0 },
          absent: Object.fromEntries(names.map((column) => [column, 0])),
        };
        const unique = [{ id: 'u', columns: names }];
        const csv = given.write(
          `n${file}.csv`,
          `${names.map((column) => `"${column.replaceAll('"', '""')}"`).join(',')}\n${names.map((_, index) => index).join(',')}\n`,
        );
        expect(
          await given.engine.checkTable({ source: { path: csv }, cells, unique, absent: names }),
        ).toStrictEqual(expected);
        const jsonl = given.write(
          `n${file}.jsonl`,
          `${JSON.stringify(Object.fromEntries(names.map((column, index) => [column, index])))}\n`,
        );
        expect(
          await given.engine.checkTable({ source: { path: jsonl }, cells, unique, absent: names }),
        ).toStrictEqual(expected);
      }),
      { seed: 5, numRuns: 25 },
    );
  });
});

/** The labels of all rows. */
function listTexts(column: Column | undefined): readonly (string | undefined)[] {
  if (column === undefined || !('codes' in column)) throw new Error('no column of labels');
  return Array.from(column.codes, (code) => column.values[code]);
}

describe('columns', () => {
  let given: TestEngine;
  beforeAll(() => {
    given = openTestEngine({ memoryMegabytes: 512 });
  });
  afterAll(async () => given.close());

  test('numbers, texts and labels, in the order of the request and of the file', async () => {
    const path = given.write(
      'p.csv',
      'id,y,p\nb,1,0.5\na,0,\nB,True,nan\n,false,-inf\nthirteen-bytes,1,1e-3\n9,,1\n',
    );
    const answer = await given.engine.readColumns({
      source: { path },
      columns: [
        { name: 'p', as: 'number' },
        { name: 'id', as: 'text' },
        { name: 'y', as: 'label' },
        { name: 'id', as: 'label' },
      ],
    });
    expect(answer).toStrictEqual({
      rows: 6,
      columns: [
        Float64Array.of(0.5, Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY, 0.001, 1),
        {
          length: 6,
          bytes: Uint8Array.from(Buffer.from('baBthirteen-bytes9')),
          ends: Uint32Array.of(1, 2, 3, 3, 17, 18),
        },
        { codes: Uint8Array.of(0, 1, 2, 3, 0, 4), values: ['1', '0', 'True', 'false', ''] },
        { codes: Uint8Array.of(0, 1, 2, 3, 4, 5), values: ['b', 'a', 'B', '', 'thirteen-bytes', '9'] },
      ],
    });
  });

  test('texts and labels of many rows and any length', async () => {
    const rows = 200_000;
    const ids = Array.from({ length: rows }, (_, row) => `${'ö'.repeat(row % 9)}${row}`);
    const named = ids.map((_, row) => `label-${(row * 7919) % 300}`);
    const lines = ids.map((id, row) => `${id},${named[row]}`);
    const path = given.write('many.csv', `id,y\n${lines.join('\n')}\n`);
    const { columns } = await given.engine.readColumns({
      source: { path },
      columns: [
        { name: 'id', as: 'text' },
        { name: 'y', as: 'label' },
      ],
    });
    const [texts, labels] = columns;
    if (texts === undefined || !('ends' in texts) || labels === undefined || !('codes' in labels)) {
      throw new Error('other columns came back');
    }
    expect(Buffer.from(texts.bytes).toString()).toBe(ids.join(''));
    const before = ids.slice(0, 100_001).join('');
    expect([texts.ends[0], texts.ends[100_000]]).toEqual([1, Buffer.byteLength(before)]);
    expect(texts.ends.at(-1)).toBe(texts.bytes.length);
    expect(labels.values).toHaveLength(300);
    expect(listTexts(labels)).toEqual(named);
  });

  test('the order of the file', async () => {
    const path = given.write(
      'order.csv',
      `v\n${Array.from({ length: 300_000 }, (_, row) => 300_000 - row).join('\n')}\n`,
    );
    const { rows, columns } = await given.engine.readColumns({
      source: { path },
      columns: [{ name: 'v', as: 'number' }],
    });
    expect(rows).toBe(300_000);
    expect(columns[0]).toStrictEqual(Float64Array.from({ length: 300_000 }, (_, row) => 300_000 - row));
  });

  test('text where numbers are asked for', async () => {
    const path = given.write('text.csv', 'id,p\na,0.5\nb,NaN\nc,high\nd,low\n');
    const answer = given.engine.readColumns({
      source: { path },
      columns: [{ name: 'p', as: 'number' }],
    });
    await expect(answer).rejects.toMatchObject({
      fault: 'not-a-number',
      message: `Row 3 of ${path}: "high" in column "p" is not a number.`,
    });
  });

  test('doubles print as JavaScript prints them', async () => {
    const doubles = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      seed: 17,
      numRuns: 2_000,
    });
    const printed = [
      ...doubles,
      0,
      -0,
      1,
      0.1,
      1e21,
      1e20,
      123456789012345680000,
      1e-6,
      1e-7,
      1.5e-7,
      5e-324,
      1.7976931348623157e308,
      9007199254740992,
      1e16,
      1e15,
      1e-5,
      12e-5,
      -1.25e17,
    ];
    const values = printed.map((value) => `('${String(value)}'::DOUBLE)`).join(', ');
    const path = await given.makeWithSql(
      (to) => `COPY (SELECT * FROM (VALUES ${values}) t(x)) TO '${to}' (FORMAT parquet)`,
      'doubles.parquet',
    );
    const { columns } = await given.engine.readColumns({
      source: { path },
      columns: [{ name: 'x', as: 'label' }],
    });
    expect(listTexts(columns[0])).toStrictEqual(printed.map(String));
  });

  test('types of Parquet and JSON as numbers and as text', async () => {
    const path = await given.makeWithSql(
      (to) =>
        `COPY (SELECT 12345678901234567::BIGINT AS i, 1.50::DECIMAL(9,2) AS d, 0.5::FLOAT AS f, true AS b, 2.0::DOUBLE AS w, NULL::DOUBLE AS n, '0.25' AS s) TO '${to}' (FORMAT parquet)`,
      'kinds.parquet',
    );
    const jsonl = given.write(
      'kinds.jsonl',
      '{"i":12345678901234567,"d":1.50,"f":5e-1,"b":true,"w":2.0,"n":null,"s":"0.25"}\n',
    );
    const names = ['i', 'd', 'f', 'b', 'w', 'n'];
    for (const source of [{ path }, { path: jsonl }]) {
      const texts = await given.engine.readColumns({
        source,
        columns: [...names, 's'].map((name) => ({ name, as: 'label' })),
      });
      expect(texts.columns.map(listTexts)).toStrictEqual([
        ['12345678901234567'],
        ['1.5'],
        ['0.5'],
        ['true'],
        ['2'],
        [''],
        ['0.25'],
      ]);
      const numbers = await given.engine.readColumns({
        source,
        columns: names.map((name) => ({ name, as: 'number' })),
      });
      expect(numbers.columns).toStrictEqual(
        [12345678901234568, 1.5, 0.5, 1, 2, Number.NaN].map((value) => Float64Array.of(value)),
      );
    }
    const text = await given.engine.readColumns({ source: { path }, columns: [{ name: 's', as: 'number' }] });
    expect(text.columns[0]).toStrictEqual(Float64Array.of(0.25));
    await expect(
      given.engine.readColumns({ source: { path: jsonl }, columns: [{ name: 's', as: 'number' }] }),
    ).rejects.toMatchObject({ fault: 'not-a-number' });
  });
});
