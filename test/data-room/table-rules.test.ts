import { afterAll, describe, expect, it } from 'vitest';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { validateData, type DataRequest, type WholeTable } from '../../src/data/validate-data.ts';
import type { Check } from '../../src/schemas/evidence.generated.ts';
import { openTestEngine } from '../engine/open-test-engine.ts';

const test = openTestEngine();
afterAll(async () => {
  await test.close();
});

const NOW = new Date('2026-03-10T12:00:00Z');

const PROPERTIES = {
  id: { type: 'integer' },
  region: { type: 'string' },
  day: { type: 'string', format: 'date' },
  net: { type: 'number' },
  tax: { type: 'number' },
  gross: { type: 'number' },
  city: { type: 'string' },
};

const ROWS = [
  ['1', 'north', '2026-03-01', '1', '0.2', '1.2', 'Oslo'],
  ['2', 'north', '2026-03-02', '2', '0.4', '2.4', 'Oslo'],
  ['3', 'south', '2026-03-03', '3', '0.6', '3.6', 'Rome'],
  ['4', 'south', '2026-03-10', '4', '0.8', '4.8', 'Rome'],
  ['5', '', '', '', '', '', ''],
];
const HEADER = Object.keys(PROPERTIES);

type Rows = readonly (readonly string[])[];

/** The same rows in each format: an empty cell is absent, a Parquet NULL, a missing key. */
async function writeTable(format: 'csv' | 'jsonl' | 'parquet', name: string, rows: Rows): Promise<string> {
  const csv = [HEADER, ...rows].map((row) => row.join(',')).join('\n');
  const path = test.write(`${name}.csv`, `${csv}\n`);
  if (format === 'csv') return path;
  if (format === 'jsonl') {
    const lines = rows.map((row) => {
      const cells = HEADER.map((column, index) => [column, row[index] ?? ''] as const);
      const values = cells
        .filter(([, text]) => text !== '')
        .map(([column, text]) => [column, /^[0-9.]+$/u.test(text) ? Number(text) : text]);
      return JSON.stringify(Object.fromEntries(values));
    });
    return test.write(`${name}.jsonl`, `${lines.join('\n')}\n`);
  }
  return await test.makeWithSql(
    (to) =>
      `COPY (SELECT id::BIGINT AS id, region, day::DATE AS day, net::DOUBLE AS net, tax::DOUBLE AS tax, gross::DOUBLE AS gross, city FROM read_csv('${path}', all_varchar = true, nullstr = '')) TO '${to}' (FORMAT parquet)`,
    `${name}.parquet`,
  );
}

interface Asked {
  readonly rows?: Rows;
  readonly format?: 'csv' | 'jsonl' | 'parquet';
  readonly properties?: object;
  readonly required?: readonly string[];
  readonly whole?: Partial<WholeTable>;
  readonly request?: Partial<DataRequest>;
}

let tables = 0;

async function validate(dataset: object, asked: Asked = {}): Promise<readonly Check[]> {
  const { rows = ROWS, format = 'csv', properties = PROPERTIES, required = [], whole, request } = asked;
  tables += 1;
  const path = await writeTable(format, `t${tables}`, rows);
  const text = JSON.stringify({ properties, required, dataset });
  const { schema, locate } = parseDataSchema(text, 'd.schema.json');
  const { checks } = await validateData({
    engine: test.engine,
    dataset: 'd',
    source: { path },
    displayPath: 'd',
    schema,
    examples: 5,
    severity: 'fail',
    locateSchema: locate,
    whole: {
      now: NOW,
      askTable: test.engine.askTable,
      openTable: async () => await Promise.reject(new Error('no other table')),
      findBaselineRows: async () => await Promise.resolve(undefined),
      ...whole,
    },
    ...request,
  });
  return checks;
}

function find(checks: readonly Check[], id: string): Check {
  const check = checks.find((candidate) => candidate.id === `data/d/${id}`);
  if (check === undefined) throw new Error(`no ${id}: ${checks.map((other) => other.id).join(' ')}`);
  return check;
}

const withBaseline = (rows: number | undefined): Asked => ({
  whole: { findBaselineRows: async () => await Promise.resolve(rows) },
});

const openTable = async (): Promise<{ readonly path: string }> =>
  await Promise.resolve({ path: test.write('regions.csv', 'name,weight\nnorth,1\neast,4\n') });

const lacking = (): Asked => ({
  required: ['city'],
  request: { source: { path: test.write('serving.csv', 'id,region\n1,north\n') } },
});

/** One rule of each kind: what passes, what fails, and how that is told. */
const CASES: readonly {
  readonly kind: string;
  readonly id: string;
  readonly passes: object;
  readonly fails: object;
  readonly told: Partial<Check>;
  readonly message: RegExp;
  /** What is said of a table without the column. */
  readonly column?: string;
  /** What is said of an empty table, where that is not that nothing was looked at. */
  readonly counts?: boolean;
}[] = [
  {
    kind: 'a mean',
    id: 'net/STATISTIC_TOO_LOW/mean',
    passes: { statistics: { net: { mean: { 'at-least': 2.5 } } } },
    fails: { statistics: { net: { mean: { 'at-least': 2.6 } } } },
    told: { observed: 2.5, expected: 'at least 2.6' },
    message: /^The mean of `net` is 2\.5; at least 2\.6 is asked for\./u,
    column: 'net',
  },
  {
    kind: 'a standard deviation',
    id: 'net/STATISTIC_TOO_HIGH/standard-deviation',
    passes: { statistics: { net: { 'standard-deviation': { 'at-most': 1.3 } } } },
    fails: { statistics: { net: { 'standard-deviation': { 'at-most': 1.29 } } } },
    told: { observed: expect.closeTo(Math.sqrt(5 / 3), 10) as number },
    message: /standard deviation of `net` is 1\.29099/u,
    column: 'net',
  },
  {
    kind: 'a quantile',
    id: 'net/STATISTIC_TOO_HIGH/quantile-0.9',
    passes: { statistics: { net: { quantiles: { '0.9': { 'at-most': 3.7 } } } } },
    fails: { statistics: { net: { quantiles: { '0.9': { 'at-most': 3.6 } } } } },
    told: { observed: expect.closeTo(3.7, 10) as number },
    message: /^The 0\.9 quantile of `net` is 3\.7/u,
    column: 'net',
  },
  {
    kind: 'different values',
    id: 'region/FEATURE_TYPE_HIGH_UNIQUE/distinct',
    passes: { statistics: { region: { distinct: { 'at-most': 2 } } } },
    fails: { statistics: { region: { distinct: { 'at-most': 1 } } } },
    told: { observed: 2 },
    message: /number of different values of `region` is 2/u,
    column: 'region',
  },
  {
    kind: 'the share of different values',
    id: 'region/FEATURE_TYPE_LOW_UNIQUE/distinct-share',
    passes: { statistics: { region: { 'distinct-share': { 'at-least': 0.5 } } } },
    fails: { statistics: { region: { 'distinct-share': { 'at-least': 0.9 } } } },
    told: { observed: 0.5 },
    message: /is 50%; at least 90%/u,
    column: 'region',
  },
  {
    kind: 'order of dates',
    id: 'day/ORDER_BROKEN',
    passes: { order: [{ column: 'day', strict: true }] },
    fails: { order: [{ column: 'day', direction: 'decreasing' }] },
    told: {
      violations: 3,
      examples: [2, 3, 4].map((row, at) => ({ row, column: 'day', value: ROWS[at + 1]?.[2] ?? '' })),
    },
    message: /^In 3 rows `day` is out of order: it must be decreasing\./u,
    column: 'day',
  },
  {
    kind: 'order within a column',
    id: 'net/ORDER_BROKEN/by/region',
    passes: { order: [{ column: 'net', by: ['region'] }] },
    fails: { order: [{ column: 'net', by: ['region'], direction: 'decreasing' }] },
    told: { violations: 2 },
    message: /within each `region`/u,
    column: 'net',
  },
  {
    kind: 'freshness',
    id: 'day/DATA_STALE',
    passes: { freshness: { day: { 'at-most': '13h' } } },
    fails: { freshness: { day: { 'at-most': '11h' } } },
    told: { observed: '2026-03-10T00:00:00.000Z' },
    message: /^The newest `day` is 2026-03-10T00:00:00\.000Z, which is more than 11h ago\./u,
    column: 'day',
  },
  {
    kind: 'sums of rows',
    id: 'net+tax=gross/SUM_MISMATCH',
    passes: { sums: [{ columns: ['net', 'tax'], equals: 'gross' }] },
    fails: { sums: [{ columns: ['net', 'tax'], equals: 'net' }], severity: { 'net+tax=net': 'warn' } },
    told: {},
    message: /./u,
  },
  {
    kind: 'functional dependencies',
    id: 'region>city/FUNCTIONAL_DEPENDENCY_BROKEN',
    passes: { 'functional-dependencies': [{ columns: ['region'], determine: ['city'] }] },
    fails: { 'functional-dependencies': [{ columns: ['region'], determine: ['day'] }] },
    told: {},
    message: /./u,
  },
];

const NAMED = CASES.filter(({ message }) => message.source !== '.');

describe('rules of a whole table', () => {
  for (const { kind, id, passes, fails, told, message } of NAMED) {
    it.each(['csv', 'jsonl', 'parquet'] as const)(`${kind}: the same answer of %s`, async (format) => {
      expect(find(await validate(passes, { format }), id).verdict).toBe('pass');
      const failed = find(await validate(fails, { format }), id);
      expect(failed.verdict).toBe('fail');
      expect(failed.message).toMatch(message);
      expect(failed).toMatchObject(told);
    });
  }

  it.each(CASES)('$kind: nothing is looked at in an empty table', async ({ id, passes }) => {
    const check = find(await validate(passes, { rows: [] }), id);
    expect(check).toMatchObject({ verdict: 'skipped', reason: 'empty' });
  });

  it.each(CASES.filter(({ column }) => column !== undefined))(
    '$kind: a column that is not there is a failure',
    async ({ id, passes, column }) => {
      const index = HEADER.indexOf(column ?? '');
      const path = test.write(
        `lacking-${encodeURIComponent(id)}.csv`,
        [HEADER, ...ROWS].map((row) => row.filter((_, at) => at !== index).join(',')).join('\n'),
      );
      const request = { source: { path } };
      expect(find(await validate(passes, { request }), id)).toMatchObject({
        verdict: 'fail',
        reason: 'missing',
      });
      const required = [column ?? ''];
      expect(find(await validate(passes, { request, required }), id)).toMatchObject({
        verdict: 'skipped',
        reason: 'depends-on-failed-check',
      });
    },
  );

  it.each(['net', 'day'])('a column %s without any value fails, and is never silent', async (column) => {
    const rows = [['1', 'north', '', '', '', '', '']];
    const checks = await validate(
      { statistics: { net: { mean: { 'at-least': 0 } } }, freshness: { day: { 'at-most': '1d' } } },
      { rows },
    );
    const check = checks.find(({ id }) => id.startsWith(`data/d/${column}/`) && /STATISTIC|STALE/u.test(id));
    expect(check?.verdict).toBe('fail');
  });
});

describe('sums', () => {
  const rows = [...ROWS, ['6', 'west', '2026-03-11', '5', '1', '7', 'Oslo']];

  it('shows the rows that do not add up', async () => {
    const check = find(await validate(CASES[8]?.passes ?? {}, { rows }), 'net+tax=gross/SUM_MISMATCH');
    expect(check).toMatchObject({ verdict: 'fail', violations: 1, examples: [{ row: 6, value: '5, 1, 7' }] });
    expect(check.message).toMatch(/^In 1 row, `net` \+ `tax` = `gross` does not hold\./u);
  });

  it('allows what rounding does to doubles, and a tolerance', async () => {
    const exact = [['1', 'n', '2026-03-01', '0.1', '0.2', '0.3', 'x']];
    const id = 'net+tax=gross/SUM_MISMATCH';
    expect(find(await validate(CASES[8]?.passes ?? {}, { rows: exact }), id).verdict).toBe('pass');
    const tolerant = { sums: [{ columns: ['net', 'tax'], equals: 'gross', tolerance: 1 }] };
    expect(find(await validate(tolerant, { rows }), id).verdict).toBe('pass');
  });

  it('compares totals', async () => {
    const totals = { sums: [{ columns: ['net', 'tax'], equals: 'gross', over: 'table' }] };
    const id = 'net+tax=gross/SUM_MISMATCH/total';
    expect(find(await validate(totals), id).verdict).toBe('pass');
    expect(find(await validate(totals, { rows }), id)).toMatchObject({ verdict: 'fail', observed: -1 });
  });
});

describe('functional dependencies', () => {
  it('shows the rows that contradict each other', async () => {
    const rule = { 'functional-dependencies': [{ columns: ['city'], determine: ['region'] }] };
    const rows = [...ROWS, ['6', 'south', '2026-03-11', '1', '1', '2', 'Oslo']];
    const check = find(await validate(rule, { rows }), 'city>region/FUNCTIONAL_DEPENDENCY_BROKEN');
    expect(check).toMatchObject({ verdict: 'fail', violations: 1 });
    expect(check.examples?.map(({ row, value }) => [row, value])).toEqual([
      [1, 'Oslo, north'],
      [6, 'Oslo, south'],
    ]);
  });
});

describe('freshness', () => {
  it('does not count what is still to come', async () => {
    const rows = [...ROWS, ['6', 'south', '2099-01-01', '1', '1', '2', 'Oslo']];
    const check = find(
      await validate({ freshness: { day: { 'at-most': '13h' } } }, { rows }),
      'day/DATA_STALE',
    );
    expect(check).toMatchObject({ verdict: 'pass', observed: '2026-03-10T00:00:00.000Z' });
  });
});

describe('tolerated outsiders', () => {
  const properties = {
    ...PROPERTIES,
    region: { type: 'string', enum: ['north'] },
    net: { type: 'number', maximum: 3 },
  };

  it('is of listed values, and is no violation', async () => {
    const id = 'region/ENUM_TYPE_UNEXPECTED_STRING_VALUES';
    const passed = find(await validate({ 'min-domain-mass': { region: 0.5 } }, { properties }), id);
    expect(passed).toMatchObject({ verdict: 'pass', observed: 0.5 });
    expect(passed.violations).toBeUndefined();
    expect(passed.examples).toBeUndefined();
    const failed = find(await validate({ 'min-domain-mass': { region: 0.6 } }, { properties }), id);
    expect(failed).toMatchObject({ verdict: 'fail', violations: 2, examples: [{ row: 3 }, { row: 4 }] });
  });

  it('is of every keyword where `mostly` says so', async () => {
    const checks = await validate({ mostly: { net: 0.75 } }, { properties });
    expect(find(checks, 'net/FLOAT_TYPE_BIG_FLOAT')).toMatchObject({ verdict: 'pass', observed: 0.75 });
    expect(find(checks, 'region/ENUM_TYPE_UNEXPECTED_STRING_VALUES').verdict).toBe('fail');
  });
});

describe('conditions', () => {
  it('looks at the rows that satisfy it alone', async () => {
    // As text: an object with `then` is a promise to whoever awaits it.
    const rules: unknown = JSON.parse(`[
      { "name": "the north", "when": "region = 'north' and net > 1", "then": {
        "rows": { "at-least": 1, "at-most": 1 },
        "null-fraction": { "city": { "at-most": 0 } },
        "statistics": { "net": { "maximum": { "at-most": 2 } } } } },
      { "name": "no region", "when": "region = ''", "then": { "null-fraction": { "city": { "at-most": 0 } } } },
      { "name": "nowhere", "when": "region = 'west'", "then": { "unique": [["city"]] } },
      { "name": "south", "when": "not region in (north)", "then": { "unique": [["city"]] }, "severity": "warn" }
    ]`);
    const checks = await validate({ rules });
    expect(find(checks, 'when/the north/DATASET_LOW_NUM_EXAMPLES').verdict).toBe('pass');
    expect(find(checks, 'when/the north/net/STATISTIC_TOO_HIGH/maximum')).toMatchObject({
      verdict: 'pass',
      rows: 1,
    });
    const absent = find(checks, 'when/no region/city/FEATURE_TYPE_LOW_FRACTION_PRESENT/null-fraction');
    expect(absent).toMatchObject({ verdict: 'fail', violations: 1, rows: 1 });
    expect(absent.about).toEqual({ dataset: 'd', column: 'city' });
    expect(absent.message).toContain("where `region = ''`");
    expect(find(checks, 'when/nowhere/city/DUPLICATE_KEY')).toMatchObject({
      verdict: 'skipped',
      reason: 'empty',
    });
    expect(find(checks, 'when/south/city/DUPLICATE_KEY')).toMatchObject({
      verdict: 'fail',
      severity: 'warn',
      violations: 1,
    });
  });
});

describe('slices', () => {
  it('has the same checks for each value, and an absent cell is a value', async () => {
    const slices = [{ by: ['region'], each: { rows: { 'at-least': 2 } }, severity: 'warn' }];
    const checks = await validate({ slices });
    expect(find(checks, 'slices/region/TOO_MANY_SLICES')).toMatchObject({ verdict: 'pass', observed: 3 });
    expect(find(checks, 'slices/region/region=north/DATASET_LOW_NUM_EXAMPLES').verdict).toBe('pass');
    expect(find(checks, 'slices/region/region=(empty)/DATASET_LOW_NUM_EXAMPLES')).toMatchObject({
      verdict: 'fail',
      severity: 'warn',
      observed: 1,
      message: expect.stringContaining('of region=(empty) is 1') as string,
    });
  });

  it('looks at none where there are too many', async () => {
    const slices = [{ by: ['id'], each: { rows: { 'at-least': 2 } }, 'max-slices': 3 }];
    const checks = await validate({ slices });
    expect(
      checks.filter(({ id }) => id.startsWith('data/d/slices/')).map(({ id, verdict }) => [id, verdict]),
    ).toEqual([['data/d/slices/id/TOO_MANY_SLICES', 'fail']]);
  });
});

describe('the number of rows beside the baseline', () => {
  const dataset = { rows: { 'at-least': 1, 'max-change': '20%' } };
  it.each([
    [5, 'pass', 'pass'],
    [6, 'pass', 'pass'],
    [7, 'fail', 'pass'],
    [4, 'pass', 'fail'],
  ])('of %i', async (baseline, low, high) => {
    const checks = await validate(dataset, withBaseline(baseline));
    expect(find(checks, 'COMPARATOR_LOW_NUM_EXAMPLES').verdict).toBe(low);
    expect(find(checks, 'COMPARATOR_HIGH_NUM_EXAMPLES').verdict).toBe(high);
  });

  it('is undecided without one', async () => {
    const check = find(await validate(dataset, withBaseline(undefined)), 'COMPARATOR_LOW_NUM_EXAMPLES');
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
  });
});

describe('other tables', () => {
  it('finds values that the other table lacks', async () => {
    const rule = {
      'foreign-keys': [{ columns: ['region'], references: { path: 'regions.csv', columns: ['name'] } }],
    };
    const check = find(
      await validate(rule, { whole: { openTable } }),
      'region/FOREIGN_KEY_NOT_FOUND/regions.csv',
    );
    expect(check).toMatchObject({
      verdict: 'fail',
      violations: 2,
      examples: [{ row: 3, value: 'south' }, { row: 4 }],
    });
    const whole = {
      openTable: async () => await Promise.resolve({ path: test.write('r.csv', 'region\nnorth\nsouth\n') }),
    };
    const plain = { 'foreign-keys': [{ columns: ['region'], references: { path: 'r.csv' } }] };
    expect(find(await validate(plain, { whole }), 'region/FOREIGN_KEY_NOT_FOUND/r.csv').verdict).toBe('pass');
  });

  it.each([
    [{ 'at-most': '250%' }, 'pass'],
    [{ 'at-most': '240%' }, 'fail'],
    [{ 'at-least': '251%' }, 'fail'],
    [{ 'max-difference': 3 }, 'pass'],
    [{ 'max-difference': '149%' }, 'fail'],
  ])('compares numbers: %j', async (bounds, verdict) => {
    const compare = [{ name: 'rows', statistic: 'rows', with: { path: 'regions.csv' }, ...bounds }];
    const check = find(
      await validate({ compare }, { whole: { openTable } }),
      'COMPARISON_OUT_OF_BOUNDS/rows',
    );
    expect(check).toMatchObject({ verdict, observed: 5 });
  });

  it('compares a column with one of another name', async () => {
    const compare = [
      {
        name: 'weights',
        statistic: 'sum',
        column: 'net',
        with: { path: 'regions.csv', columns: ['weight'] },
        'max-difference': 0,
      },
    ];
    const check = find(
      await validate({ compare }, { whole: { openTable } }),
      'COMPARISON_OUT_OF_BOUNDS/weights',
    );
    expect(check.message).toMatch(/^The sum of `net` is 10, and 5 in `regions\.csv` \(200% of it\)/u);
  });

  it('says that the other table is unreadable, and that this one is not', async () => {
    const whole = { openTable: async () => await Promise.resolve({ path: test.write('empty.csv', '') }) };
    const rule = { 'foreign-keys': [{ columns: ['region'], references: { path: 'empty.csv' } }] };
    const checks = await validate(rule, { whole });
    expect(find(checks, 'DATA_UNREADABLE').verdict).toBe('pass');
    expect(find(checks, 'region/FOREIGN_KEY_NOT_FOUND/empty.csv')).toMatchObject({
      verdict: 'fail',
      reason: 'unreadable',
    });
  });
});

describe('queries', () => {
  it('counts what one finds, with the numbers of rows where it names them', async () => {
    const sql = [
      { name: 'large', query: 'SELECT _row, net FROM data WHERE net > 2 -- what is large' },
      { name: 'none', query: "SELECT * FROM data WHERE day > DATE '2026-03-10'" },
      {
        name: 'regions',
        query: 'SELECT region FROM data WHERE region IS NOT NULL GROUP BY region HAVING count(*) > 1',
        severity: 'warn',
      },
    ];
    const checks = await validate({ sql });
    expect(find(checks, 'CUSTOM_VALIDATION/large')).toMatchObject({
      verdict: 'fail',
      violations: 2,
      message: expect.stringContaining('The query `large` finds 2 rows.') as string,
      examples: [{ row: 3, value: '{"_row":3,"net":3.0}' }, { row: 4 }],
    });
    expect(find(checks, 'CUSTOM_VALIDATION/none').verdict).toBe('pass');
    const grouped = find(checks, 'CUSTOM_VALIDATION/regions');
    expect(grouped).toMatchObject({ verdict: 'fail', severity: 'warn', violations: 2 });
    expect(grouped.examples).toBeUndefined();
    expect(grouped.message).toContain('The first: `{"region":"north"}`');
  });
});

describe('severity', () => {
  it('goes from the nearest to the farthest', async () => {
    const dataset = {
      statistics: {
        net: { mean: { 'at-least': 99 }, sum: { 'at-least': 99 } },
        tax: { mean: { 'at-least': 99 } },
      },
      order: [{ column: 'net', direction: 'decreasing', severity: 'fail' }],
      unique: [{ columns: ['region'], severity: 'warn' }],
      severity: { net: 'warn', 'net/STATISTIC_TOO_LOW/sum': 'fail', STATISTIC_TOO_LOW: 'warn' },
    };
    const checks = await validate(dataset);
    const severities = checks
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ id, severity }) => [id.slice(7), severity]);
    expect(Object.fromEntries(severities)).toEqual({
      'net/STATISTIC_TOO_LOW/mean': 'warn',
      'net/STATISTIC_TOO_LOW/sum': 'fail',
      'tax/STATISTIC_TOO_LOW/mean': 'warn',
      'net/ORDER_BROKEN': 'fail',
      'region/DUPLICATE_KEY': 'warn',
    });
  });

  it('refuses a key that names no check, with the nearest that does', async () => {
    await expect(validate({ severity: { 'net/UNEXPECTED_DATA_TYP': 'warn' } })).rejects.toThrow(
      /no check of this schema is called `net\/UNEXPECTED_DATA_TYP`\. Did you mean `net\/UNEXPECTED_DATA_TYPE`\?/u,
    );
  });
});

describe('skip', () => {
  const reason = 'The repair is under way.';
  const dataset = (until: string): object => ({
    statistics: { net: { mean: { 'at-least': 99 } } },
    skip: [{ check: 'net/STATISTIC_TOO_LOW/mean', reason, until }],
  });
  const id = 'net/STATISTIC_TOO_LOW/mean';

  it('leaves a check out up to its last day, with the reason', async () => {
    expect(find(await validate(dataset('2026-03-10')), id)).toMatchObject({
      verdict: 'skipped',
      reason: 'left-out',
      message: `Left out until 2026-03-10: ${reason}`,
    });
  });

  it('runs it again after that day, and says so', async () => {
    const check = find(await validate(dataset('2026-03-09')), id);
    expect(check.verdict).toBe('fail');
    expect(check.message).toContain(
      `It was left out until 2026-03-09 (${reason}): that day has passed, so it counts again.`,
    );
  });

  it('asks the engine nothing of it', async () => {
    const asked: string[] = [];
    const whole = { askTable: async () => await Promise.reject(new Error('asked')) };
    const engine = {
      ...test.engine,
      checkTable: async (...[plan, options]: Parameters<typeof test.engine.checkTable>) => {
        asked.push(...(plan.aggregates ?? []).map((aggregate) => aggregate.id));
        return await test.engine.checkTable(plan, options);
      },
    };
    const more = { order: [{ column: 'net' }], skip: [{ check: 'net', reason, until: '2026-04-01' }] };
    const checks = await validate({ ...dataset('2026-04-01'), ...more }, { whole, request: { engine } });
    expect(asked).toEqual([]);
    expect(checks.filter((check) => check.reason === 'left-out').map((check) => check.id)).toContain(
      'data/d/net/ORDER_BROKEN',
    );
  });
});

describe('environments', () => {
  const dataset = {
    unique: [['city']],
    statistics: { city: { distinct: { 'at-least': 1 } } },
    environments: { serving: { absent: ['city'] } },
  };
  it('does not miss what is absent there', async () => {
    const asked = lacking();
    const checks = await validate(dataset, { ...asked, whole: { environment: 'serving' } });
    expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(find(checks, 'city/DUPLICATE_KEY')).toMatchObject({ verdict: 'skipped', reason: 'missing' });
    expect(find(checks, 'city/FEATURE_TYPE_LOW_UNIQUE/distinct').verdict).toBe('skipped');
  });

  it('misses it elsewhere', async () => {
    expect(find(await validate(dataset, lacking()), 'city/SCHEMA_MISSING_COLUMN').verdict).toBe('fail');
  });
});
