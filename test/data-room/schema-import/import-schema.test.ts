import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importSchemas } from '../../../src/data/schema-import/import-schema.ts';
import { parseDataSchema } from '../../../src/config/parse-data-schema.ts';

const FIXTURES = 'test/fixtures/schema-import';

async function importText(text: string, format?: string) {
  const { tables } = await importSchemas('x', text, { format });
  const [table] = tables;
  if (table === undefined) throw new Error('no table');
  return table;
}

function expectation(type: string, kwargs: object): string {
  return JSON.stringify({ name: 's', expectations: [{ type, kwargs }] });
}

function query(text: string): object {
  return { type: 'unexpected_rows_expectation', kwargs: { unexpected_rows_query: text } };
}

describe('formats', () => {
  const expected: Readonly<Record<string, string>> = {
    MLmodel: 'mlmodel',
    'MLmodel-nested': 'mlmodel',
    'datapackage.json': 'frictionless',
    'dbt.yml': 'dbt',
    'dbt-packages.yml': 'dbt',
    'frictionless.json': 'frictionless',
    'great-expectations-legacy.json': 'great-expectations',
    'great-expectations.json': 'great-expectations',
    'pandera-legacy.yaml': 'pandera',
    'pandera.yaml': 'pandera',
    'tfdv-inferred.pbtxt': 'tfdv',
    'tfdv.pbtxt': 'tfdv',
  };
  const files = readdirSync(FIXTURES).filter((name) => !/\.csv$|\.answers\.json$/u.test(name));

  test.each(files)(
    '%s is recognised by what is in it, and each of its tables is a valid data schema',
    async (file) => {
      const imported = await importSchemas('some file', readFileSync(join(FIXTURES, file), 'utf8'));
      expect(imported.format).toBe(expected[file]);
      for (const { name, schema } of imported.tables) parseDataSchema(JSON.stringify(schema), name);
    },
  );

  test('what is none, a format that is none, and a table that is none, are told', async () => {
    await expect(importSchemas('x.json', '{"a": 1}')).rejects.toThrow(
      'x.json is no schema of a tool that is known here',
    );
    await expect(importSchemas('x', '{}', { format: 'pandra' })).rejects.toThrow('Did you mean `pandera`?');
    const dbt = readFileSync(join(FIXTURES, 'dbt.yml'), 'utf8');
    await expect(importSchemas('x', dbt, { table: 'order' })).rejects.toThrow('Did you mean `orders`?');
    expect((await importSchemas('x', dbt, { table: 'visits' })).tables.map(({ name }) => name)).toEqual([
      'visits',
    ]);
  });
});

describe('what several rules ask of one place', () => {
  test('two values of a keyword become allOf; one share for all rules of a column is `mostly`', async () => {
    const text = JSON.stringify({
      name: 's',
      expectations: [
        { type: 'expect_column_values_to_match_regex', kwargs: { column: 'a', regex: '^x', mostly: 0.9 } },
        { type: 'expect_column_values_to_match_regex', kwargs: { column: 'a', regex: 'y$', mostly: 0.9 } },
      ],
    });
    const { schema, left } = await importText(text);
    expect(schema).toMatchObject({
      properties: { a: { type: 'string', pattern: '^x', allOf: [{ pattern: 'y$' }] } },
      dataset: { mostly: { a: 0.9 } },
    });
    expect(left).toEqual([]);
  });

  test('a column whose rules have several shares stays strict, and that is told', async () => {
    const text = JSON.stringify({
      name: 's',
      expectations: [
        { type: 'expect_column_values_to_be_between', kwargs: { column: 'a', min_value: 0, mostly: 0.9 } },
        { type: 'expect_column_values_to_be_between', kwargs: { column: 'a', max_value: 9 } },
      ],
    });
    const { schema, left } = await importText(text);
    expect(schema['dataset']).not.toHaveProperty('mostly');
    expect(left).toMatchObject([{ from: 'expectations[0]', what: 'a share of 0.9' }]);
  });

  test('a share of the values is told to be lost where `mostly` says nothing of the keyword', async () => {
    const { schema, left } = await importText(
      expectation('expect_column_values_to_not_be_in_set', { column: 'a', value_set: ['x'], mostly: 0.5 }),
    );
    expect(schema['dataset']).not.toHaveProperty('mostly');
    expect(left).toMatchObject([{ from: 'expectations[0]', what: 'a share of 0.5' }]);
  });

  test('a warning beside a failure of the same check stays a failure', async () => {
    const rule = { type: 'expect_column_values_to_be_unique', kwargs: { column: 'a' } };
    const both = await importText(
      JSON.stringify({
        name: 's',
        expectations: [
          { ...rule, severity: 'warning' },
          { ...rule, severity: 'critical' },
        ],
      }),
    );
    expect(both.schema['dataset']).toMatchObject({ unique: [{ columns: ['a'] }] });
    const alone = await importText(
      JSON.stringify({ name: 's', expectations: [{ ...rule, severity: 'warning' }] }),
    );
    expect(alone.schema['dataset']).toMatchObject({ unique: [{ columns: ['a'], severity: 'warn' }] });
  });

  test('a warning of a cell does not make a missing column a warning', async () => {
    const { schema } = await importText(
      JSON.stringify({
        name: 's',
        expectations: [
          {
            type: 'expect_column_values_to_be_between',
            severity: 'warning',
            kwargs: { column: 'a', min_value: 0 },
          },
        ],
      }),
    );
    expect(schema['dataset']).toMatchObject({ severity: { 'a/FLOAT_TYPE_SMALL_FLOAT': 'warn' } });
    expect(JSON.stringify(schema)).not.toContain(
      '"a/FEATURE_TYPE_LOW_FRACTION_PRESENT/null-fraction":"warn"',
    );
  });

  test('queries of one name are told apart', async () => {
    const { schema } = await importText(
      JSON.stringify({
        name: 's',
        expectations: [query('SELECT * FROM {batch} WHERE a > 1;'), query('SELECT 1 FROM {batch}')],
      }),
    );
    expect(schema['dataset']).toEqual({
      sql: [
        { name: 'unexpected rows', query: 'SELECT * FROM data WHERE a > 1' },
        { name: 'unexpected rows (2)', query: 'SELECT 1 FROM data' },
      ],
    });
  });
});

describe('what is left behind', () => {
  test.each([
    ['expect_column_values_to_be_json_parseable', { column: 'a' }, 'nothing here says the same'],
    ['expect_nobody_knows_what', {}, 'none of the core expectations'],
    ['expect_column_values_to_be_between', { column: 'a', min_value: '2026-01-01' }, 'dates or texts'],
    ['expect_column_values_to_match_regex', { column: 'a', regex: '(?i)x' }, 'flags'],
    ['expect_column_values_to_be_unique', { column: 'a', mostly: 0.9 }, 'a key holds for all rows'],
    ['expect_column_values_to_be_of_type', { column: 'a', type_: 'object' }, 'not of single values'],
    [
      'expect_column_values_to_be_between',
      { column: 'a', min_value: 0, row_condition: 'b > 1' },
      'some rows only',
    ],
    ['expect_column_values_to_be_between', { column: 'a', min_value: { $PARAMETER: 'low' } }, 'a parameter'],
    ['expect_column_kl_divergence_to_be_less_than', { column: 'a' }, '`drift` in mlgate.yml'],
  ])('%s', async (type, kwargs, why) => {
    const { left } = await importText(expectation(type, kwargs));
    expect(left).toMatchObject([
      { from: 'expectations[0]', what: type, why: expect.stringContaining(why) as string },
    ]);
    expect(left[0]?.instead).toMatch(/^[A-Z].*\.$/u);
  });

  test('a key that its reader does not know', async () => {
    const { left } = await importText(
      '{"fields": [{"name": "a", "type": "string", "sensitivity": "high"}], "rowLimit": 5}',
    );
    expect(left.map(({ from }) => from)).toEqual(['fields[0].sensitivity', 'rowLimit']);
  });

  test('comparisons of TFDV come with the lines of mlgate.yml that say the same', async () => {
    const { left } = await importText(
      'feature { name: "a" type: BYTES drift_comparator { infinity_norm { threshold: 0.01 } } }',
    );
    expect(left[0]?.instead).toContain(
      'drift: { columns: { "a": { method: l-infinity, threshold: 0.01 } } }',
    );
  });
});

describe('readings', () => {
  test('environments of TFDV', async () => {
    const { schema } = await importText(
      'feature { name: "x" type: INT }\nfeature { name: "label" type: INT not_in_environment: "SERVING" }\nfeature { name: "id" type: INT in_environment: "BATCH" }\ndefault_environment: "TRAINING"\ndefault_environment: "SERVING"',
    );
    expect(schema['dataset']).toEqual({
      environments: { SERVING: { absent: ['label'] }, BATCH: { absent: ['x', 'label'] } },
    });
  });

  test('cells of Frictionless: marks of numbers, truth values, notations of dates, missing values', async () => {
    const { tables } = await importSchemas('x', readFileSync(join(FIXTURES, 'datapackage.json'), 'utf8'), {
      table: 'orders',
    });
    expect(tables[0]?.schema).toMatchObject({
      dataset: {
        unique: [{ columns: ['order_id', 'customer'] }],
        'foreign-keys': [
          { columns: ['customer'], references: { dataset: 'customers', columns: ['customer'] } },
        ],
        'column-cells': {
          price: { decimal: ',', thousands: '.' },
          paid: { 'true-values': ['yes'], 'false-values': ['no'] },
          day: { dates: ['%d.%m.%Y'] },
        },
      },
    });
  });

  test('packages of dbt tests', async () => {
    const { schema, left } = await importText(readFileSync(join(FIXTURES, 'dbt-packages.yml'), 'utf8'));
    expect(schema).toMatchObject({
      properties: {
        amount: { type: 'number', minimum: 0, exclusiveMaximum: 100 },
        code: { type: 'string', pattern: '^[A-Z]+$' },
      },
      dataset: {
        unique: [{ columns: ['id', 'day'] }],
        'null-fraction': { note: { 'at-most': 0.05 } },
        freshness: { day: { 'at-most': '1d' } },
        sql: [{ name: 'amount >= tax', query: 'SELECT * FROM data WHERE NOT (amount >= tax)' }],
      },
    });
    expect(left.map(({ what }) => what).toSorted()).toEqual(['dbt_utils.equality', 'our_own_test']);
  });

  test('nested columns of MLflow', async () => {
    const { schema } = await importText(readFileSync(join(FIXTURES, 'MLmodel-nested'), 'utf8'));
    expect(schema['properties']).toMatchObject({
      created: { type: 'string', format: 'date-time' },
      scores: { type: 'array', items: { type: 'number' } },
      address: {
        type: 'object',
        properties: { city: { type: 'string' }, zip: { type: 'string' } },
        required: ['city'],
      },
    });
  });
});
