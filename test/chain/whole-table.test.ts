/** Rules of whole tables from a config and real files to evidence: other datasets, main's record, environments, the base's severities. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChain } from '../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../src/chain/connect.ts';
import { digestCheckouts } from '../../src/chain/find-changed-measurement.ts';
import { judgeAgain } from '../../src/chain/judge-again.ts';
import { parseDataSchema } from '../../src/config/parse-data-schema.ts';
import { replaceBody } from '../../src/evidence/evidence.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';
import { NO_BASELINE, parse } from './memory-effects.ts';

let engine: Engine;
let folder: string;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-whole-'));
  writeFileSync(join(folder, 'orders.csv'), 'id,customer,amount\n1,7,10\n2,8,20\n3,9,30\n');
  writeFileSync(join(folder, 'customers.csv'), 'id,name\n7,a\n8,b\n');
  writeFileSync(join(folder, 'rates.csv'), 'amount\n10\n20\n30\n');
  writeFileSync(join(folder, 'any.json'), JSON.stringify({ properties: { id: {} } }));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

let schemas = 0;

/** One run of the data stage with a schema whose `dataset` block is given. */
async function run(
  dataset: object,
  more: object = {},
  baseline?: Evidence,
  properties: object = { id: {}, amount: { type: 'number' } },
): Promise<Evidence> {
  schemas += 1;
  const schema = `orders-${schemas}.json`;
  writeFileSync(join(folder, schema), JSON.stringify({ properties, dataset }));
  const data = {
    orders: { path: 'orders.csv', schema, profile: false, ...more },
    customers: { path: 'customers.csv', schema: 'any.json', profile: false },
  };
  writeFileSync(join(folder, 'mlgate.yml'), JSON.stringify({ version: 1, data }));
  const workspace = openWorkspace('mlgate.yml', folder);
  const { evidence } = await runChain(
    {
      parsed: await readConfig(workspace),
      stages: ['data'],
      source: { event: 'local' },
      version: '0.0.0-test',
    },
    {
      ...connectFiles(workspace),
      engine,
      findBaseline: async () =>
        await Promise.resolve(baseline === undefined ? NO_BASELINE : { ...NO_BASELINE, evidence: baseline }),
      now: () => new Date('2026-03-10T12:00:00Z'),
      onStep: () => undefined,
    },
  );
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return evidence;
}

function find({ body }: Evidence, id: string): Check {
  const check = body.checks.find((candidate) => candidate.id === `data/orders/${id}`);
  if (check === undefined) throw new Error(`no ${id}: ${body.checks.map((other) => other.id).join(' ')}`);
  return check;
}

describe('rules of whole tables in the chain', () => {
  test('a key into another dataset of the config', async () => {
    const rule = { columns: ['customer'], references: { dataset: 'customers', columns: ['id'] } };
    const evidence = await run({ 'foreign-keys': [rule] });
    const check = find(evidence, 'customer/FOREIGN_KEY_NOT_FOUND/customers');
    expect(check).toMatchObject({ verdict: 'fail', violations: 1, examples: [{ row: 3, value: '9' }] });
    expect(check.source?.key).toBe('dataset.foreign-keys.0');
  });

  test('a file that a rule refers to is an input, once', async () => {
    const references = { path: 'rates.csv' };
    const evidence = await run({
      'foreign-keys': [{ columns: ['amount'], references }],
      compare: [
        { name: 'totals', statistic: 'sum', column: 'amount', with: references, 'max-difference': 0 },
      ],
      sql: [
        {
          name: 'rates',
          query: 'SELECT * FROM data ANTI JOIN rates ON CAST(rates.amount AS DOUBLE) = data.amount',
          tables: { rates: references },
        },
      ],
    });
    expect(evidence.body.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    const referred = evidence.body.inputs.filter(({ role }) => role === 'referenced-table');
    expect(referred).toMatchObject([{ name: 'orders', path: 'rates.csv', bytes: 16 }]);
  });

  test('a dataset that is not there is told with its place and the nearest', async () => {
    const references = { dataset: 'customer', columns: ['id'] };
    await expect(run({ 'foreign-keys': [{ columns: ['customer'], references }] })).rejects.toThrow(
      /orders-\d+\.json.*there is no dataset `customer`\. Did you mean `customers`\?/u,
    );
  });

  test('the number of rows beside what main recorded', async () => {
    const rule = { rows: { 'at-least': 1, 'max-change': 1 } };
    const main = await run(rule);
    expect(find(main, 'COMPARATOR_LOW_NUM_EXAMPLES')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no-baseline',
    });
    expect(find(await run(rule, {}, main), 'COMPARATOR_LOW_NUM_EXAMPLES').verdict).toBe('pass');
    const inputs = main.body.inputs.map((input) => (input.name === 'orders' ? { ...input, rows: 5 } : input));
    const larger = { ...main, body: { ...main.body, inputs } };
    expect(find(await run(rule, {}, larger), 'COMPARATOR_LOW_NUM_EXAMPLES')).toMatchObject({
      verdict: 'fail',
      observed: 3,
    });
  });

  test('a file outside the folder is refused', async () => {
    for (const path of ['../../etc/passwd', '/etc/passwd']) {
      const asked = run({ 'foreign-keys': [{ columns: ['id'], references: { path } }] });
      await expect(asked).rejects.toThrow(/^The path `.*passwd` of the file /u);
    }
  });

  test('no personal value is an example or the name of a slice', async () => {
    writeFileSync(join(folder, 'people.csv'), 'email,n\nann@example.org,2\nbob@example.org,1\n');
    const dataset = {
      order: [{ column: 'email', direction: 'decreasing' }],
      slices: [{ by: ['email'], each: { rows: { 'at-least': 1 } } }],
      sql: [{ name: 'all', query: 'SELECT * FROM data' }],
    };
    const evidence = await run(dataset, { path: 'people.csv' }, undefined, { email: { type: 'string' } });
    expect(JSON.stringify(evidence)).not.toContain('@example.org');
    expect(find(evidence, 'email/ORDER_BROKEN')).toMatchObject({ verdict: 'fail', violations: 1 });
    expect(find(evidence, 'slices/email/TOO_MANY_SLICES')).toMatchObject({ observed: 2 });
  });

  test('an environment that the schema does not know', async () => {
    const environments = { serving: { absent: ['amount'] } };
    await run({ environments }, { environment: 'serving' });
    await expect(run({ environments }, { environment: 'servin' })).rejects.toThrow(
      /there is no environment `servin`\. Did you mean `serving`\?/u,
    );
  });

  test("a query that is refused is the user's mistake", async () => {
    const sql = [{ name: 'stolen', query: "SELECT * FROM read_csv('/etc/passwd')" }];
    await expect(run({ sql })).rejects.toThrow(
      /orders-\d+\.json:\d+: `dataset\.sql\.0`: The query reads `read_csv/u,
    );
  });
});

test("what a check counts is the base's data schema to say", async () => {
  const broken = { statistics: { amount: { mean: { 'at-least': 99 }, sum: { 'at-least': 99 } } } };
  const evidence = await run({ ...broken, severity: { STATISTIC_TOO_LOW: 'warn' } });
  expect(evidence.body.verdict).toBe('warn');
  const base = { ...broken, severity: { 'amount/STATISTIC_TOO_LOW/sum': 'warn' } };
  const text = JSON.stringify({ properties: { amount: { type: 'number' } }, dataset: base });
  const judged = judgeAgain(evidence, {
    parsed: parse({ data: { orders: { path: 'orders.csv', schema: 'orders.json' } } }),
    schemaDigests: new Map(),
    schemas: new Map([['orders', parseDataSchema(text, 'orders.json').schema]]),
  });
  expect(find(judged, 'amount/STATISTIC_TOO_LOW/mean').severity).toBe('fail');
  expect(find(judged, 'amount/STATISTIC_TOO_LOW/sum').severity).toBe('warn');
  expect(judged.body.verdict).toBe('fail');
});

const isMissed = ({ body }: Evidence): boolean => body.checks.some(({ id }) => id === 'data/orders/left-out');

test('a check of the schema that evidence leaves out is missed', async () => {
  const dataset = {
    unique: [['id']],
    statistics: { amount: { mean: { 'at-least': 1 } } },
    slices: [{ by: ['customer'], each: { rows: { 'at-least': 1 } } }],
    'null-fraction': { amount: { 'at-most': 0.5 } },
    skip: [
      {
        check: 'id/DUPLICATE_KEY',
        reason: 'The source repeats them until the next release.',
        until: '2999-01-01',
      },
    ],
  };
  const properties = { id: { minimum: 0 }, amount: { type: 'number' }, missing: { type: 'string' } };
  const evidence = await run(dataset, {}, undefined, properties);
  const schema = `orders-${schemas}.json`;
  const text = JSON.stringify({ properties, dataset });
  const judge = (left: (check: Check) => boolean): Evidence =>
    judgeAgain(replaceBody(evidence, { ...evidence.body, checks: evidence.body.checks.filter(left) }), {
      parsed: parse({ data: { orders: { path: 'orders.csv', schema, profile: false } } }),
      schemaDigests: new Map([['orders', digestCheckouts(text)]]),
      schemas: new Map([['orders', parseDataSchema(text, schema).schema]]),
    });
  expect(isMissed(judge(() => true))).toBe(false);
  const cut = judge(({ id }) => id !== 'data/orders/amount/STATISTIC_TOO_LOW/mean');
  expect(cut.body.verdict).toBe('fail');
  expect(find(cut, 'left-out').message).toContain('amount/STATISTIC_TOO_LOW/mean');
});
