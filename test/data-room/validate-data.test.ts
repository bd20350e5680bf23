import { describe, expect, it } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { validateData, type DataRequest, type DataResult } from '../../src/data/validate-data.ts';
import { TableError, type TableFault } from '../../src/engine/engine.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { fakeEngine, type FakeAnswers } from './fake-engine.ts';

const PATH = '/machine/data/birds.csv';

function request(
  schema: object,
  engine: DataRequest['engine'],
  more: Partial<DataRequest> = {},
): DataRequest {
  const { schema: parsed, locate } = parseDataSchema(JSON.stringify(schema), 'birds.schema.json');
  return {
    engine,
    dataset: 'birds',
    source: { path: PATH },
    displayPath: 'data/birds.csv',
    schema: parsed,
    examples: 5,
    severity: 'fail',
    locateSchema: locate,
    ...more,
  };
}

function validate(
  schema: object,
  answers: FakeAnswers,
  more: Partial<DataRequest> = {},
): Promise<DataResult> {
  return validateData(request(schema, fakeEngine(answers).engine, more));
}

function find(result: DataResult, id: string): Check {
  const check = result.checks.find((candidate) => candidate.id === `data/birds/${id}`);
  if (check === undefined)
    throw new Error(`no check ${id}: ${result.checks.map((other) => other.id).join(', ')}`);
  return check;
}

const SPEED = { properties: { speed: { type: 'integer', minimum: 0 } } };

describe('validateData', () => {
  it('says what is wrong, where, how often, and what to do', async () => {
    const id = 'speed/INT_TYPE_SMALL_INT';
    const result = await validate(SPEED, {
      columns: ['speed'],
      violations: { [id]: 3 },
      examples: { [id]: [{ row: 17, value: -3 }] },
    });
    expect(find(result, id)).toEqual({
      id: 'data/birds/speed/INT_TYPE_SMALL_INT',
      name: 'INT_TYPE_SMALL_INT',
      about: { dataset: 'birds', column: 'speed' },
      verdict: 'fail',
      severity: 'fail',
      observed: -3,
      expected: 'at least 0',
      message:
        '3 of 10,000 rows have a negative `speed` (smallest allowed: 0), first in row 17: -3. Correct these cells, or lower the bound if they are right.',
      violations: 3,
      rows: 10_000,
      examples: [{ row: 17, column: 'speed', value: -3 }],
      source: { file: 'birds.schema.json', key: 'properties.speed.minimum', line: 1, column: 42 },
    });
  });

  it('answers every rule, the passed ones too', async () => {
    const result = await validate(SPEED, { columns: ['speed'], rows: 5 });
    expect(result.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['data/birds/DATA_UNREADABLE', 'pass'],
      ['data/birds/DATASET_LOW_NUM_EXAMPLES', 'pass'],
      ['data/birds/speed/UNEXPECTED_DATA_TYPE', 'pass'],
      ['data/birds/speed/INT_TYPE_SMALL_INT', 'pass'],
    ]);
    expect(result).toMatchObject({ rows: 5, columns: 1, format: 'csv' });
    expect(find(result, 'DATA_UNREADABLE').message).toBe('Read 5 rows and 1 column of data/birds.csv.');
  });

  it('asks the engine once, and for examples only of what failed', async () => {
    const id = 'a/STRING_TOO_LONG';
    const schema = {
      properties: { a: { maxLength: 3, minLength: 1 } },
      dataset: { unique: [['a'], ['a', 'b']], 'null-fraction': { a: { 'at-most': 0.5 } } },
    };
    const passing = fakeEngine({ columns: ['a', 'b'] });
    await validateData(request(schema, passing.engine));
    expect([passing.plans.length, passing.examplePlans.length]).toEqual([1, 0]);
    expect(passing.plans[0]?.absent).toEqual(['a']);
    const failing = fakeEngine({
      columns: ['a', 'b'],
      violations: { [id]: 1 },
      duplicates: { 'a+b/DUPLICATE_KEY': 2 },
    });
    await validateData(request(schema, failing.engine));
    expect(
      failing.examplePlans.map(({ cells, unique, limit }) => [
        cells.map((cell) => cell.id),
        unique.map((key) => key.id),
        limit,
      ]),
    ).toEqual([[[id], ['a+b/DUPLICATE_KEY'], 5]]);
    const quiet = fakeEngine({ columns: ['a', 'b'], violations: { [id]: 1 } });
    const result = await validateData(request(schema, quiet.engine, { examples: 0 }));
    expect(quiet.examplePlans).toEqual([]);
    expect(find(result, id).message).toContain('1 of 10,000 rows has `a` of more than 3 characters. Correct');
  });

  it('keeps ids apart and stable', async () => {
    const column = {
      type: ['number', 'null'],
      minimum: 0,
      exclusiveMinimum: 0,
      maximum: 1,
      exclusiveMaximum: 2,
      enum: [1],
      const: 1,
    };
    const schema = {
      properties: { 'a/b': column, 'a+b': {}, 'n\nl': {}, ['x'.repeat(400)]: { const: 'a' } },
      required: ['a/b'],
      dataset: {
        unique: [['a+b'], ['a/b', 'a+b'], ['a+b']],
        'null-fraction': { 'a/b': { 'at-least': 0, 'at-most': 1 } },
      },
    };
    const { checks } = await validate(schema, { columns: ['a/b', 'a+b'] });
    const ids = checks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(300);
    expect(ids).toContain('data/birds/a%2Fb/FLOAT_TYPE_SMALL_FLOAT');
    expect(ids).toContain('data/birds/a%2Fb/FLOAT_TYPE_SMALL_FLOAT/exclusive');
    expect(ids).toContain('data/birds/a%2Fb/ENUM_TYPE_UNEXPECTED_STRING_VALUES/const');
    expect(ids).toContain('data/birds/a%2Fb+a%2Bb/DUPLICATE_KEY');
  });

  it('bounds what examples hold', async () => {
    const id = 'a/STRING_TOO_LONG';
    const examples = {
      [id]: [
        { row: 1, value: '😀'.repeat(400) },
        { row: 2, value: Number.NaN },
        { row: 3, value: undefined },
      ],
    };
    const result = await validate(
      { properties: { a: { maxLength: 3 } } },
      { columns: ['a'], violations: { [id]: 3 }, examples },
    );
    const check = find(result, id);
    expect(check.examples?.map(({ value }) => value)).toEqual([`${'😀'.repeat(299)}…`, 'NaN', undefined]);
    expect(check.message.length).toBeLessThan(400);
  });

  it('hands the signal and the progress on', async () => {
    const seen: unknown[] = [];
    const { engine } = fakeEngine({ columns: ['speed'] });
    const { signal } = new AbortController();
    const onProgress = (share: number): number => seen.push(share);
    await validateData(
      request(
        SPEED,
        {
          ...engine,
          checkTable: (plan, options) => {
            seen.push(options);
            return engine.checkTable(plan, options);
          },
        },
        { signal, onProgress },
      ),
    );
    expect(seen).toEqual([{ signal, onProgress }]);
  });

  it('does not let an answer that is missing pass', async () => {
    const { engine } = fakeEngine({ columns: ['speed'] });
    const broken = {
      ...engine,
      checkTable: () => Promise.resolve({ rows: 5, violations: {}, duplicates: {}, absent: {} }),
    };
    await expect(validateData(request(SPEED, broken))).rejects.toThrow('unanswered');
  });
});

describe('columns', () => {
  const REQUIRED = {
    properties: { speed: { type: 'integer' }, height: { type: 'integer' } },
    required: ['speed'],
  };

  it('fails for a required column that is missing, with the nearest name there', async () => {
    const result = await validate(REQUIRED, { columns: ['sped', 'height'] });
    expect(find(result, 'speed/SCHEMA_MISSING_COLUMN')).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
      message:
        '`speed` is missing from the table, which has `sped`: was it renamed? Columns there: `sped` and `height`. Restore or rename the column, or take it out of `required`.',
    });
    expect(find(result, 'speed/UNEXPECTED_DATA_TYPE')).toMatchObject({
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
    });
  });

  it('skips, and says so, what is asked of a missing column that is not required', async () => {
    const result = await validate(REQUIRED, { columns: ['speed'] });
    expect(find(result, 'height/UNEXPECTED_DATA_TYPE')).toMatchObject({
      verdict: 'skipped',
      reason: 'missing',
      message: 'Not checked, because the table does not have `height`, which the schema does not require.',
    });
  });

  it('fails for a key or a share that needs a missing column', async () => {
    const schema = {
      ...SPEED,
      dataset: { unique: [['idd']], 'null-fraction': { agee: { 'at-most': 0.1 } } },
    };
    const result = await validate(schema, { columns: ['speed', 'id', 'age'] });
    expect(find(result, 'idd/DUPLICATE_KEY').message).toContain(
      '`idd` is missing from the table, which has `id`: was it renamed?',
    );
    expect(find(result, 'agee/FEATURE_TYPE_LOW_FRACTION_PRESENT/null-fraction')).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
    });
  });

  it('requires columns that are not described', async () => {
    const result = await validate(
      { ...SPEED, required: ['id'] },
      { columns: ['speed', 'id'], violations: { 'id/FEATURE_TYPE_LOW_FRACTION_PRESENT': 2 } },
    );
    expect(find(result, 'id/FEATURE_TYPE_LOW_FRACTION_PRESENT').message).toContain(
      '2 of 10,000 rows have no value in `id`, which is required.',
    );
  });

  it('names the columns that are not allowed', async () => {
    const schema = { ...SPEED, additionalProperties: false };
    const result = await validate(schema, { columns: ['speed', 'x', 'y'] });
    expect(find(result, 'SCHEMA_NEW_COLUMN')).toMatchObject({
      verdict: 'fail',
      violations: 2,
      message:
        'The table has 2 columns that the schema does not list: `x` and `y`. Add the column to `properties`, or drop it from the data.',
    });
    expect(find(await validate(schema, { columns: ['speed'] }), 'SCHEMA_NEW_COLUMN').verdict).toBe('pass');
  });

  it('fails when the file has none of the columns, and says that the delimiter looks wrong', async () => {
    const result = await validate(SPEED, {
      columns: ['speed;height'],
      hint: `${PATH} seems to be delimited by semicolon.`,
    });
    expect(result.checks.map(({ verdict }) => verdict)).toEqual(['fail', 'skipped', 'skipped', 'skipped']);
    expect(find(result, 'DATA_UNREADABLE')).toMatchObject({
      reason: 'unreadable',
      message:
        'data/birds.csv has none of the columns of the schema; its columns: `speed;height`. data/birds.csv seems to be delimited by semicolon. Write the file again, with the delimiter that its extension promises and with quotes around fields that hold it.',
    });
  });

  it('asks whether file and schema belong together where nothing looks wrong with the delimiter', async () => {
    const result = await validate(SPEED, { columns: ['name', 'height'] });
    expect(find(result, 'DATA_UNREADABLE').message).toBe(
      'data/birds.csv has none of the columns of the schema; its columns: `name` and `height`. Give the schema of this file, or the file of this schema.',
    );
  });
});

describe('rows and shares', () => {
  it('asks for one row when the schema says nothing', async () => {
    const result = await validate(SPEED, { columns: ['speed'], rows: 0 });
    expect(find(result, 'DATASET_LOW_NUM_EXAMPLES')).toMatchObject({
      verdict: 'fail',
      reason: 'empty',
      observed: 0,
      message:
        'The table has 0 rows; at least 1 is asked for. Find out where rows were lost, or lower `dataset.rows.at-least`.',
    });
    expect(find(result, 'speed/INT_TYPE_SMALL_INT')).toMatchObject({ verdict: 'skipped', reason: 'empty' });
  });

  it('bounds rows on both sides', async () => {
    const schema = { ...SPEED, dataset: { rows: { 'at-least': 10, 'at-most': 20 } } };
    const few = await validate(schema, { columns: ['speed'], rows: 9 });
    expect([
      find(few, 'DATASET_LOW_NUM_EXAMPLES').verdict,
      find(few, 'DATASET_HIGH_NUM_EXAMPLES').verdict,
    ]).toEqual(['fail', 'pass']);
    const many = await validate(schema, { columns: ['speed'], rows: 21 });
    expect(find(many, 'DATASET_HIGH_NUM_EXAMPLES').message).toContain(
      'The table has 21 rows; at most 20 are allowed.',
    );
  });

  it('bounds the share of absent cells on both sides', async () => {
    const schema = {
      ...SPEED,
      dataset: { 'null-fraction': { speed: { 'at-least': 0.1, 'at-most': 0.25 } } },
    };
    const at = (absent: number) =>
      validate(schema, { columns: ['speed'], rows: 100, absent: { speed: absent } });
    const low = 'speed/FEATURE_HIGH_FRACTION_PRESENT/null-fraction';
    const high = 'speed/FEATURE_TYPE_LOW_FRACTION_PRESENT/null-fraction';
    expect([find(await at(25), high).verdict, find(await at(10), low).verdict]).toEqual(['pass', 'pass']);
    expect(find(await at(26), high)).toMatchObject({ verdict: 'fail', observed: 0.26, violations: 26 });
    expect(find(await at(26), high).message).toContain(
      '26 of 100 rows (26%) have no value in `speed`; at most 25% may be.',
    );
    expect(find(await at(9), low).verdict).toBe('fail');
  });

  it('shows which key is repeated', async () => {
    const id = 'a+b/DUPLICATE_KEY';
    const schema = { properties: { a: {}, b: {} }, dataset: { unique: [['a', 'b']] } };
    const result = await validate(schema, {
      columns: ['a', 'b'],
      duplicates: { [id]: 1 },
      examples: { [id]: [{ row: 7, value: 'x, y' }] },
    });
    expect(find(result, id)).toMatchObject({
      about: { dataset: 'birds' },
      message:
        '1 row repeats the `a` + `b` of another row, first in row 7: "x, y". Remove the repeated rows, or add the column that tells them apart to the key.',
      examples: [{ row: 7, column: 'a, b', value: 'x, y' }],
    });
  });
});

function failing(fault: TableFault, help?: string): DataRequest['engine'] {
  return {
    ...fakeEngine({ columns: [] }).engine,
    describeTable: () => Promise.reject(new TableError(fault, PATH, `${PATH} is bad.`, help)),
  };
}

describe('files that cannot be read', () => {
  it.each([
    ['empty', 'empty'],
    ['ragged', 'unreadable'],
    ['duplicate-columns', 'unreadable'],
  ] as const)('makes %s a failing check that shows no path of the machine', async (fault, reason) => {
    const { checks, rows } = await validateData(request(SPEED, failing(fault, 'Write it again.')));
    expect(checks[0]).toMatchObject({
      verdict: 'fail',
      reason,
      message: 'data/birds.csv is bad. Write it again.',
    });
    expect(checks.slice(1).map(({ verdict, reason: why }) => [verdict, why])).toEqual(
      Array.from({ length: 3 }, () => ['skipped', 'depends-on-failed-check']),
    );
    expect(rows).toBeUndefined();
  });

  it('makes a row that turns out ragged during the scan a failing check', async () => {
    const { engine } = fakeEngine({ columns: ['speed'] });
    const late = {
      ...engine,
      checkTable: () => Promise.reject(new TableError('ragged', PATH, `Line 9 of ${PATH} has 2 cells.`)),
    };
    const { checks } = await validateData(request(SPEED, late));
    expect(checks[0]?.message).toContain('Line 9 of data/birds.csv has 2 cells. Write the file again');
  });

  it.each([
    'missing-file',
    'not-a-file',
    'no-permission',
    'not-its-format',
    'out-of-memory',
    'cancelled',
    'engine-died',
  ] as const)('throws %s on', async (fault) => {
    await expect(validateData(request(SPEED, failing(fault)))).rejects.toMatchObject({
      name: 'TableError',
      fault,
    });
  });
});

describe('wording', () => {
  it.each([
    [
      { type: ['integer', 'null'] },
      'UNEXPECTED_DATA_TYPE',
      'something else than a whole number or `null` in `c`',
    ],
    [{ minimum: 5 }, 'FLOAT_TYPE_SMALL_FLOAT', '`c` below 5, the smallest allowed'],
    [{ exclusiveMinimum: 0 }, 'FLOAT_TYPE_SMALL_FLOAT/exclusive', '`c` not above 0'],
    [{ maximum: 5 }, 'FLOAT_TYPE_BIG_FLOAT', '`c` above 5, the largest allowed'],
    [{ type: 'integer', exclusiveMaximum: 5 }, 'INT_TYPE_BIG_INT/exclusive', '`c` not below 5'],
    [{ multipleOf: 0.5 }, 'NUMBER_NOT_MULTIPLE', '`c` that is no multiple of 0.5'],
    [{ minLength: 2 }, 'STRING_TOO_SHORT', '`c` of fewer than 2 characters'],
    [{ pattern: '^a$' }, 'STRING_PATTERN_MISMATCH', '`c` that does not match `^a$`'],
    [{ format: 'date' }, 'STRING_FORMAT_MISMATCH', '`c` that is no valid date'],
    [{ enum: ['a', 'b'] }, 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', '`c` other than "a" or "b"'],
    [
      { enum: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
      'ENUM_TYPE_UNEXPECTED_STRING_VALUES',
      '`c` other than 1, 2, 3, 4, 5, 6, 7, 8, … (9 in all)',
    ],
    [{ const: null }, 'ENUM_TYPE_UNEXPECTED_STRING_VALUES/const', '`c` other than null'],
  ])('%j', async (column, rule, words) => {
    const id = `c/${rule}`;
    const schema = { properties: { c: column } };
    const failed = await validate(schema, { columns: ['c'], violations: { [id]: 2 } });
    expect(find(failed, id).message).toContain(`2 of 10,000 rows have ${words}.`);
    expect(find(await validate(schema, { columns: ['c'] }), id).message).toBe(
      `No row of 10,000 has ${words}.`,
    );
  });
});
