/** What is inferred from a table holds for it, in every format, and does not depend on the order of its rows. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inferSchema, type Inference } from '../../../src/data/infer/infer-schema.ts';
import { readingOf } from '../../../src/data/cell-reading.ts';
import { validateData } from '../../../src/data/validate-data.ts';
import { NULL_TOKENS } from '../../../src/engine/survey.ts';
import { validateDocument } from '../../../src/schemas/validate.ts';
import { openTestEngine, type TestEngine } from '../../engine/open-test-engine.ts';

const SEED = 20_261_121;
const RUNS = Number(process.env['INFER_RUNS'] ?? 24);

let tested: TestEngine;
let files = 0;

beforeAll(() => {
  tested = openTestEngine();
});
afterAll(async () => {
  await tested.close();
});

function write(ending: string, text: string): string {
  files += 1;
  return tested.write(`table-${files}.${ending}`, text);
}

async function infer(path: string, ranges = false): Promise<Inference> {
  return await inferSchema({ engine: tested.engine, source: { path }, named: 'table', ranges });
}

async function listFailures(path: string, { document }: Inference): Promise<readonly string[]> {
  const validated = validateDocument('data-schema', document);
  if (!validated.ok) throw new Error(JSON.stringify(validated.violations));
  const cells = readingOf(validated.document);
  const { checks } = await validateData({
    engine: tested.engine,
    source: { path, ...(cells === undefined ? {} : { cells }) },
    dataset: 'd',
    displayPath: 'table',
    schema: validated.document,
    examples: 2,
    severity: 'fail',
    locateSchema: () => ({ file: '', key: '' }),
  });
  return checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message);
}

function shuffle<T>(items: readonly T[], random: readonly number[]): readonly T[] {
  return items
    .map((item, index) => ({ item, at: random[index % random.length] ?? 0, index }))
    .toSorted((one, other) => one.at - other.at || other.index - one.index)
    .map(({ item }) => item);
}

function csvCell(text: string): string {
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toCsv(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[names, ...rows].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
}

function toJsonLines(rows: readonly unknown[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

const hostileText = fc.oneof(
  fc.constantFrom(
    ...NULL_TOKENS,
    '',
    '0',
    '1',
    '007',
    '-0',
    '1e400',
    'nan',
    'inf',
    '1_000',
    ' 5',
    '+-1',
    '.5',
    '1.0',
  ),
  fc.constantFrom(
    'true',
    'FALSE',
    'True',
    'yes',
    '2020-02-29',
    '2021-02-29',
    '2020-01-01T00:00:00Z',
    '23:59:60Z',
  ),
  fc.constantFrom(
    'a@b.co',
    '10.0.0.1',
    '::1',
    'http://x',
    'C:x',
    '9007199254740993',
    "'; DROP TABLE x; --",
    '"',
    '\u202Eabc',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll(/[\r\n\0]/gu, '')),
);

/** A column whose cells are mostly of one kind. */
const column = fc.oneof(
  fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  fc.constantFrom(
    ['1', '2', '3'],
    ['0', '1'],
    ['true', 'false'],
    ['1.5', '-2', '3e2'],
    ['2020-01-01', '2021-12-31'],
    ['a', 'b'],
  ),
  fc.array(fc.integer().map(String), { minLength: 1, maxLength: 40 }),
);

const NAMES = ['id', 'email', 'x', '__proto__', 'constructor', 'a"b', 'select', 'é😀', 'name'] as const;

const table = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 4 }),
    pools: fc.array(column, { minLength: 4, maxLength: 4 }),
    picks: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 }),
    spice: fc.option(hostileText, { nil: undefined }),
  })
  .map(({ names, pools, picks, spice }) => ({
    names,
    rows: picks.map((pick, row) =>
      names.map((_, index) =>
        spice !== undefined && row === 0 && index === 1
          ? spice
          : (pools[index]?.[(pick + row * index) % pools[index].length] ?? ''),
      ),
    ),
    picks,
  }));

describe('inferring from text', () => {
  test('a table passes its own schema, whatever the order of its rows', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), async ({ names, rows, picks }, ranges) => {
        const path = write('csv', toCsv(names, rows));
        const inferred = await infer(path, ranges);
        expect(await listFailures(path, inferred)).toEqual([]);
        const other = await infer(write('csv', toCsv(names, shuffle(rows, picks))), ranges);
        expect(JSON.stringify(other.document)).toBe(JSON.stringify(inferred.document));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

const json = fc.oneof(
  fc.constantFrom<unknown>(null, true, 1, 1.5, 1e300, -0, '', 'a', '2020-01-01', 'a@b.co', 2 ** 53),
  fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' }),
  fc.record(
    { k: fc.oneof(fc.integer(), fc.constant(null)), when: fc.constant('2020-01-01') },
    { requiredKeys: ['when'] },
  ),
  fc.array(fc.integer(), { maxLength: 3 }),
);

const objects = fc.array(
  fc.dictionary(fc.constantFrom(...NAMES), json, { maxKeys: 4, noNullPrototype: true }),
  { minLength: 1, maxLength: 30 },
);

describe('inferring from JSON', () => {
  test('a table passes its own schema, whatever the order of its rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        objects,
        fc.array(fc.nat(1000), { minLength: 3, maxLength: 9 }),
        async (rows, random) => {
          fc.pre(rows.some((row) => Object.keys(row).length > 0));
          const path = write('jsonl', toJsonLines(rows));
          const inferred = await infer(path);
          expect(await listFailures(path, inferred)).toEqual([]);
          const other = await infer(write('jsonl', toJsonLines(shuffle(rows, random))));
          expect(JSON.stringify(other.document)).toBe(JSON.stringify(inferred.document));
        },
      ),
      { seed: SEED, numRuns: Math.ceil(RUNS / 4) },
    );
  });
});

describe('inferring from columns with types', () => {
  const SELECTED = `SELECT
    i AS id, i::DOUBLE / 3 AS ratio, CASE WHEN i % 50 = 0 THEN 'NaN'::DOUBLE ELSE i END AS gappy, i % 2 = 0 AS flag,
    DATE '2020-01-01' + i::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL (i) HOUR AS at,
    CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS kind, uuid() AS token,
    [i, i + 1] AS pair, {'x': i, 'when': DATE '2020-01-01', 'gap': CASE WHEN i % 2 = 0 THEN 'q' END} AS place,
    MAP {'k': i} AS counts, NULL::VARCHAR AS nothing, (i * 1.5)::DECIMAL(9, 2) AS price, '\\x00'::BLOB AS bytes
    FROM range(300) t(i)`;

  test('says what Parquet holds, nested values too, and the file passes', async () => {
    const path = await tested.makeWithSql(
      (to) => `COPY (${SELECTED}) TO '${to}' (FORMAT parquet)`,
      'typed.parquet',
    );
    const inferred = await infer(path);
    expect(await listFailures(path, inferred)).toEqual([]);
    expect(inferred.document).toMatchObject({
      properties: {
        id: { type: 'integer' },
        ratio: { type: 'number' },
        gappy: { type: 'number' },
        flag: { type: 'boolean' },
        day: { type: 'string', format: 'date' },
        at: { type: 'string', format: 'date-time' },
        kind: { type: 'string', enum: ['a', 'b', 'c'] },
        token: { type: 'string', format: 'uuid' },
        pair: { type: 'array', items: { type: 'integer' } },
        place: { type: 'object', properties: { x: { type: 'integer' } } },
        counts: { type: 'object' },
        nothing: {},
        price: { type: 'number' },
      },
      dataset: { 'column-cells': { gappy: { 'not-finite': 'null' } } },
    });
    expect(inferred.keys).toContainEqual(['id']);
  });
});
