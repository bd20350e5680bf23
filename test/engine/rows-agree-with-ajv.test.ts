/** Checks of whole rows: the engine's answer for each row is ajv's, by whatever path it came to it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readTextCell } from '../../src/engine/cell-values.ts';
import type { JsonType } from '../../src/engine/engine.ts';
import type { RowCheck } from '../../src/engine/row-check.ts';
import { openTestEngine, type TestEngine } from './open-test-engine.ts';

const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;
const SEED = 20_261_121;
const RUNS = 60;

type Schema = Record<string, unknown> | boolean;
const COLUMNS = ['a', 'b', 'n_1', "it's"] as const;
const TYPES: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const word = fc.constantFrom(
  'x',
  'AB',
  '1',
  '2.5',
  '-3',
  'true',
  '2024-02-29',
  '2024-02-30',
  'a@b.co',
  '😀',
  '12:00:60Z',
  'aaaa',
);
const scalar = fc.oneof(word, fc.constantFrom<number | boolean | null>(0, 1, 2.5, -3, true, false, null));

const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 2 }).map((type) => ({ type })),
  fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
  scalar.map((value) => ({ const: value })),
  fc.constant({ const: { y: 1 } }),
  fc
    .constantFrom('minimum', 'maximum', 'exclusiveMinimum')
    .chain((keyword) => fc.constantFrom(-3, 0, 1, 2.5).map((bound) => ({ [keyword]: bound }))),
  fc
    .constantFrom('minLength', 'maxLength')
    .chain((keyword) => fc.nat(3).map((length) => ({ [keyword]: length }))),
  fc.constantFrom('^[A-Z]+$', '\\d', '(?=x)x', '^a+$').map((pattern) => ({ pattern })),
  fc.constantFrom('date', 'email', 'time').map((format) => ({ format })),
  fc.constantFrom({ multipleOf: 0.5 }, { minItems: 1 }, { items: { type: 'integer' } }, { required: ['y'] }),
  fc.constantFrom({ uniqueItems: true }, { properties: { y: { type: 'integer' } } }, { maxProperties: 0 }),
  fc.boolean(),
);

function toCondition([condition, consequence, alternative]: readonly [
  Schema,
  Schema,
  Schema | null,
]): Schema {
  const branches: readonly (readonly [string, Schema])[] = [
    ['if', condition],
    ['then', consequence],
    ...(alternative === null ? [] : [['else', alternative] as const]),
  ];
  return Object.fromEntries(branches);
}

/** Compositions of schemas about one value. */
function compose(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    list.map((allOf) => ({ allOf })),
    list.map((anyOf) => ({ anyOf })),
    list.map((oneOf) => ({ oneOf })),
    inner.map((not) => ({ not })),
    fc.tuple(inner, inner, fc.option(inner)).map(toCondition),
  );
}

const cell = fc.letrec<{ cell: Schema }>((tie) => ({
  cell: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    compose(tie('cell')),
    fc.constant({ $ref: '#/$defs/shared' }),
  ),
})).cell;

const column = fc.constantFrom(...COLUMNS);
const rowLeaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.dictionary(column, cell, { maxKeys: 3 }).map((properties) => ({ properties })),
  fc.uniqueArray(column, { maxLength: 2 }).map((required) => ({ required })),
  fc.tuple(column, column).map(([one, other]) => ({ dependentRequired: { [one]: [other] } })),
  cell.map((propertyNames) => ({ propertyNames })),
  fc.tuple(cell, cell).map(([one, other]) => ({
    properties: { a: one },
    patternProperties: { '^n_': other },
    additionalProperties: one,
  })),
  fc.nat(4).map((minProperties) => ({ minProperties })),
  fc.nat(4).map((maxProperties) => ({ maxProperties })),
  fc.tuple(cell, cell).map(([one, other]) => ({ properties: { b: one }, unevaluatedProperties: other })),
);

const row = fc.letrec<{ row: Schema }>((tie) => ({
  row: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    rowLeaf,
    compose(tie('row')),
    tie('row').map((inner) => ({ dependentSchemas: { a: inner } })),
  ),
})).row;

const rowSchema = fc.tuple(row, leaf).map(([schema, shared]) => ({ allOf: [schema], $defs: { shared } }));

function judgeWithAjv(schema: Schema, rows: readonly unknown[]): readonly number[] {
  const ajv = new Ajv2020({ strict: false, unicodeRegExp: true, ownProperties: true });
  addFormats(ajv, { mode: 'full' });
  const validate = ajv.compile(schema);
  return rows.flatMap((row, index) => (validate(row) ? [] : [index + 1]));
}

/** What ajv itself gets wrong of `if`, which the engine mends: not compared. */
function isCompared(schema: Schema): boolean {
  const text = JSON.stringify(schema);
  return !(text.includes('unevaluatedProperties') && text.includes('"if"'));
}

/** A value of JSON as DuckDB writes it. */
function toLiteral(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value === 'string' || typeof value === 'number') return `'${value}'`;
  const fields = Object.entries(value ?? {}).map(([name, field]) => `'${name}': ${toLiteral(field)}`);
  return `{${fields.join(', ')}}`;
}

function listPresent(one: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null));
}

describe('checks of rows agree with ajv', () => {
  let tables: TestEngine;
  let file = 0;
  beforeAll(() => {
    tables = openTestEngine({ memoryMegabytes: 256 });
  });
  afterAll(async () => tables.close());

  async function compareWithAjv(
    path: string,
    schema: Record<string, unknown>,
    rows: readonly unknown[],
    declaredTypes: readonly JsonType[],
  ): Promise<{ readonly engine: unknown; readonly ajv: unknown }> {
    const check: RowCheck = {
      id: 'row',
      schema,
      cells: COLUMNS.map((name) => ({ column: name, declaredTypes })),
      shows: [],
    };
    const source = { path };
    const broken = judgeWithAjv(schema, rows);
    const figures = await tables.engine.checkTable({
      source,
      cells: [],
      unique: [],
      absent: [],
      rows: [check],
    });
    const examples = await tables.engine.findExamples({
      source,
      cells: [],
      unique: [],
      rows: [check],
      limit: 100,
    });
    return {
      engine: {
        violations: figures.violations['row'],
        rows: examples['row']?.map((example) => example.row),
      },
      ajv: { violations: broken.length, rows: broken },
    };
  }

  test('for CSV, read by the declared types', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowSchema.filter(isCompared),
        fc.uniqueArray(fc.constantFrom(...TYPES), { maxLength: 2 }),
        fc.array(fc.array(fc.oneof(word, fc.constant('')), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (schema, declaredTypes, texts) => {
          file += 1;
          // The table lacks the last column.
          const lines = texts.map((cells) => `${cells.join(',')}\n`).join('');
          const path = tables.write(`${file}.csv`, `a,b,n_1\n${lines}`);
          const rows = texts.map((cells) =>
            Object.fromEntries(
              cells.flatMap((text, index): readonly (readonly [string, unknown])[] => {
                const value = readTextCell(text, declaredTypes);
                return value === undefined ? [] : [[COLUMNS[index] ?? '', value]];
              }),
            ),
          );
          const { engine, ajv } = await compareWithAjv(path, schema, rows, declaredTypes);
          expect(engine).toStrictEqual(ajv);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  const nested = fc.oneof(
    scalar,
    fc.array(fc.constantFrom(1, 'x', null), { maxLength: 2 }),
    fc.constantFrom({ y: 1 }, { y: 'x' }, {}),
  );

  test('for JSON Lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowSchema.filter(isCompared),
        fc.array(fc.dictionary(column, nested, { maxKeys: 4 }), { minLength: 1, maxLength: 12 }),
        async (schema, objects) => {
          file += 1;
          const path = tables.write(
            `${file}.jsonl`,
            objects.map((one) => `${JSON.stringify(one)}\n`).join(''),
          );
          const rows = objects.map((one) => JSON.parse(JSON.stringify(one)) as unknown);
          const { engine, ajv } = await compareWithAjv(path, schema, rows, []);
          expect(engine).toStrictEqual(ajv);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test('for Parquet with lists and objects', async () => {
    const cells = fc.record({
      a: fc.option(fc.constantFrom(0, 1, 2.5, -3)),
      b: fc.option(word),
      n_1: fc.option(fc.array(fc.option(fc.constantFrom(1, 2)), { maxLength: 2 })),
      "it's": fc.option(fc.record({ y: fc.option(fc.constantFrom(1, 2)) })),
    });
    const types = { a: 'DOUBLE', b: 'VARCHAR', n_1: 'INTEGER[]', "it's": 'STRUCT(y INTEGER)' };
    await fc.assert(
      fc.asyncProperty(
        rowSchema.filter(isCompared),
        fc.array(cells, { minLength: 1, maxLength: 8 }),
        async (schema, objects) => {
          file += 1;
          const selects = objects.map(
            (one) =>
              `SELECT ${COLUMNS.map((name) => `CAST(${toLiteral(one[name])} AS ${types[name]}) AS "${name}"`).join(', ')}`,
          );
          const path = await tables.makeWithSql(
            (to) => `COPY (${selects.join(' UNION ALL ')}) TO '${to}' (FORMAT parquet)`,
            `${file}.parquet`,
          );
          const rows = objects.map((one) => {
            const whole = listPresent(one);
            const inner = one["it's"];
            return inner === null ? whole : { ...whole, "it's": listPresent(inner) };
          });
          const { engine, ajv } = await compareWithAjv(path, schema, rows, []);
          expect(engine).toStrictEqual(ajv);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
