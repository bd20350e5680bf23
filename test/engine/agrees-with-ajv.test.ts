/** The engine's answer for a table is ajv's answer for its rows, whatever the format of the file. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readTextCell } from '../../src/engine/cell-values.ts';
import {
  CELL_FORMATS,
  type CellCheck,
  type CellCondition,
  type JsonType,
  type Scalar,
} from '../../src/engine/engine.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const SEED = 20_260_301;
const RUNS = 40;

/** A condition as the JSON Schema keyword that it stands for. */
function toSchema(condition: CellCondition): Record<string, unknown> {
  switch (condition.kind) {
    case 'present':
      return { required: ['x'] };
    case 'type':
      return { properties: { x: { type: condition.types } } };
    case 'minimum':
      return {
        properties: { x: { [condition.exclusive ? 'exclusiveMinimum' : 'minimum']: condition.value } },
      };
    case 'maximum':
      return {
        properties: { x: { [condition.exclusive ? 'exclusiveMaximum' : 'maximum']: condition.value } },
      };
    case 'multiple-of':
      return { properties: { x: { multipleOf: condition.value } } };
    case 'min-length':
      return { properties: { x: { minLength: condition.value } } };
    case 'max-length':
      return { properties: { x: { maxLength: condition.value } } };
    case 'pattern':
      return { properties: { x: { pattern: condition.pattern } } };
    case 'one-of':
      return { properties: { x: { enum: condition.values } } };
    case 'format':
      return { properties: { x: { format: condition.format } } };
  }
}

function countWithAjv(rows: readonly unknown[], condition: CellCondition): number {
  const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
  addFormats(ajv, { mode: 'full' });
  const validate = ajv.compile(toSchema(condition));
  return rows.filter((row) => !validate(row)).length;
}

const TYPES: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];
const types = fc.oneof(
  fc.constant<JsonType[]>(['number']),
  fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }),
);

const PATTERNS = [
  '^[A-Z]{2}$',
  'a|b',
  '^\\d+$',
  '\\s',
  '^\\S+$',
  '.',
  '^.{2,3}$',
  '[^a-c]',
  '\\bfoo\\b',
  '(?=x)x',
  '(?<year>[0-9]{4})-\\d',
  '\\p{Lu}',
  '(a)\\1',
  '^[\\w.-]+@[\\w-]+$',
  '\\u00e9',
  '^$',
  '[\\s\\d]',
  "'",
  '\\u{1F600}',
  '',
];

const WORDS = [
  'foo',
  'a',
  'AB',
  'DE',
  'x',
  "it's",
  'é',
  'é',
  '😀',
  '😀😀',
  'a b',
  'a\tb',
  'a\u00a0b',
  'a\u2028b',
  'true',
  'True',
  'FALSE',
  'null',
  '1',
  '0',
  '-1',
  '1.0',
  '1.50',
  '1e3',
  '1E-2',
  '007',
  '+5',
  '.5',
  '5.',
  '1_000',
  ' 7 ',
  '1e400',
  'nan',
  'NaN',
  'inf',
  '-Infinity',
  '0x1f',
  '12.0',
  '0.3',
  '9007199254740993',
  '-0',
  '2024-02-29',
  '2023-02-29',
  '2024-01-01',
  '0000-02-29',
  '1900-02-29',
  '2024-13-01',
  '2024-01-01T10:00:00Z',
  '2024-01-01 10:00:00+02:00',
  '2024-01-01t10:00:00z',
  '2016-12-31T23:59:60Z',
  '2016-12-31T22:59:60-01:00',
  '2024-01-01T10:00:00',
  '2024-01-01T24:00:00Z',
  '2024-01-01T10:00:00+0200',
  '10:00:00Z',
  '10:00:00.123+01:00',
  '23:59:60Z',
  '10:00',
  'a@b.co',
  'a@b',
  'a.b@c-d.org',
  '.a@b.co',
  'ſ@b.co',
  'a@-b.co',
  '123e4567-e89b-12d3-a456-426614174000',
  'urn:uuid:123e4567-e89b-12d3-a456-426614174000',
  '123E4567-E89B-12D3-A456-42661417400',
  '127.0.0.1',
  '256.0.0.1',
  '01.2.3.4',
  '::1',
  '1::2::3',
  'https://example.com/a?b#c',
  'not a uri',
  'example.com',
  '-example.com',
  `${'a'.repeat(64)}.com`,
  `${'a.'.repeat(130)}com`,
  'abc\ndef',
  '12\n',
  'x,y',
  'say "hi"',
  '2024-1',
  '2024-5',
] as const;

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: fc.double({ noDefaultInfinity: true, noNaN: true }).map(String) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'grapheme', maxLength: 5 })
      .filter((text) => !text.includes('\r') && !text.includes('\u0000')),
  },
);

const bound = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(-1, 0, 0.3, 1, 1.5, 5, 7, 12, 1000) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(word, bound, fc.boolean(), fc.constant(null));

const condition: fc.Arbitrary<CellCondition> = fc.oneof(
  fc.constant({ kind: 'present' }),
  types.map((given) => ({ kind: 'type', types: given }) as const),
  fc.record({ kind: fc.constantFrom('minimum', 'maximum'), value: bound, exclusive: fc.boolean() }),
  fc.record({ kind: fc.constant('multiple-of'), value: fc.constantFrom(1, 2, 0.1, 0.01, 1e-7, 3.7, 1e10) }),
  fc.record({ kind: fc.constantFrom('min-length', 'max-length'), value: fc.nat(6) }),
  fc.record({ kind: fc.constant('pattern'), pattern: fc.constantFrom(...PATTERNS) }),
  fc.record({ kind: fc.constant('one-of'), values: fc.uniqueArray(scalar, { minLength: 1, maxLength: 5 }) }),
  fc.record({ kind: fc.constant('format'), format: fc.constantFrom(...CELL_FORMATS) }),
);

function toChecks(
  conditions: readonly CellCondition[],
  declaredTypes: readonly JsonType[],
): readonly CellCheck[] {
  return conditions.map((given, index) => ({
    id: `check ${index}`,
    column: 'x',
    declaredTypes,
    condition: given,
  }));
}

function expected(rows: readonly unknown[], checks: readonly CellCheck[]): Record<string, number> {
  return Object.fromEntries(checks.map((check) => [check.id, countWithAjv(rows, check.condition)]));
}

function toCsvCell(text: string): string {
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

describe('the engine agrees with ajv', () => {
  let tables: TestEngine;
  beforeAll(() => {
    tables = openTestEngine({ memoryMegabytes: 256 });
  });
  afterAll(async () => tables.close());

  const conditions = fc.array(condition, { minLength: 1, maxLength: 8 });

  test('for CSV, read by the declared types', async () => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(word, fc.constant('')), { minLength: 1, maxLength: 30 }),
        fc.oneof(fc.constant([]), types),
        conditions,
        async (texts, declaredTypes, given) => {
          const checks = toChecks(given, declaredTypes);
          file += 1;
          const path = tables.write(
            `${file}.csv`,
            `x,y\n${texts.map((text) => `${toCsvCell(text)},1\n`).join('')}`,
          );
          const rows = texts.map((text) => {
            const value = readTextCell(text, declaredTypes);
            return value === undefined ? {} : { x: value };
          });
          const figures = await tables.engine.checkTable({
            source: { path },
            cells: checks,
            unique: [],
            absent: ['x'],
          });
          expect(figures).toStrictEqual({
            rows: texts.length,
            violations: expected(rows, checks),
            duplicates: {},
            absent: { x: texts.filter((text) => text === '').length },
          });
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test('for JSON Lines', async () => {
    const value = fc.oneof(
      scalar,
      fc.array(fc.integer(), { maxLength: 2 }),
      fc.record({ y: fc.integer() }),
      fc.constant(undefined),
    );
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        conditions,
        async (values, given) => {
          const checks = toChecks(given, []);
          file += 1;
          const path = tables.write(
            `${file}.jsonl`,
            values.map((x) => `${JSON.stringify({ y: 1, x })}\n`).join(''),
          );
          const rows = values.map((x) => JSON.parse(JSON.stringify({ y: 1, x })) as unknown);
          const figures = await tables.engine.checkTable({
            source: { path },
            cells: checks,
            unique: [],
            absent: [],
          });
          expect(figures.violations).toStrictEqual(expected(rows, checks));
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test('for Parquet columns of doubles, whole numbers, booleans and text', async () => {
    const column = fc.oneof(
      fc.record({
        type: fc.constant('DOUBLE'),
        values: fc.array(fc.option(bound), { minLength: 1, maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('INTEGER'),
        values: fc.array(fc.option(fc.integer()), { minLength: 1, maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('BOOLEAN'),
        values: fc.array(fc.option(fc.boolean()), { minLength: 1, maxLength: 20 }),
      }),
      fc.record({
        type: fc.constant('VARCHAR'),
        values: fc.array(fc.option(word), { minLength: 1, maxLength: 20 }),
      }),
    );
    let file = 0;
    await fc.assert(
      fc.asyncProperty(column, conditions, async ({ type, values }, given) => {
        const checks = toChecks(given, []);
        file += 1;
        const literals = values.map((x) => (x === null ? 'NULL' : `'${String(x).replaceAll("'", "''")}'`));
        const path = await tables.makeWithSql(
          (to) =>
            `COPY (SELECT CAST(x AS ${type}) AS x FROM (VALUES ${literals.map((x) => `(${x})`).join(', ')}) t(x)) TO '${to}' (FORMAT parquet)`,
          `${file}.parquet`,
        );
        const rows = values.map((x) => (x === null ? {} : { x }));
        const figures = await tables.engine.checkTable({
          source: { path },
          cells: checks,
          unique: [],
          absent: ['x'],
        });
        expect(figures.violations).toStrictEqual(expected(rows, checks));
        expect(figures.absent['x']).toBe(values.filter((x) => x === null).length);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
