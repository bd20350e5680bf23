// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema.
/**
 * Data commands of the committed bundle. Almost all that they need is in chunks that are loaded late: each test here
 * reaches some of them, and would fail if a chunk, or what it refers to, were missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import type { SchemaImport } from '../../src/schemas/schema-import.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { createNoise } from '../helpers/noise.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { machineEnvironment } from '../helpers/run-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlgate-data-commands-'));
const FIXTURES = join(REPOSITORY_ROOT, 'test', 'fixtures', 'schema-import');
const PASS = 0;
const GATE_SAYS_NO = 1;
/** Enough for drift to be decided. */
const ROWS = 2000;

function write(path: string, content: string): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

function toLines(rows: readonly object[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

function mlgate(words: readonly string[], script = join(REPOSITORY_ROOT, 'dist', 'cli.js')) {
  return spawnSync(process.execPath, [script, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...machineEnvironment(), HOME: folder },
  });
}

function mlgateJson(words: readonly string[], status: number): unknown {
  const answer = mlgate([...words, '--json']);
  expect(answer).toMatchObject({ status, stderr: '' });
  return JSON.parse(answer.stdout);
}

/** The checks that failed, by name, each with how many violations it counted, in alphabetical order. */
function failures({ body }: Evidence): readonly string[] {
  return body.checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name, violations }) => (violations === undefined ? name : `${name} ${violations}`))
    .toSorted();
}

interface People {
  readonly seed: number;
  readonly from?: number;
  readonly older?: number;
}

function makeCustomers({ seed, from = 0, older = 0 }: People): string {
  const noise = createNoise(seed);
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const [age, plan, churned] = [20 + 40 * noise() + older, noise() < 0.4 ? 'pro' : 'free', noise() < 0.3];
    const note = Array.from({ length: 8 }, () => `w${Math.floor(noise() * 500)}`).join(' ');
    return `c${String(from + index).padStart(5, '0')},${age.toFixed(1)},${plan},${churned},c${index}@example.org,${note}`;
  });
  return `${['id,age,plan,churned,email,note', ...rows].join('\n')}\n`;
}

/** Customers of the test split whose notes stand in the training split: to the letter, and but for one word. */
const LEAKED = makeCustomers({ seed: 1 })
  .split('\n')
  .slice(1, 81)
  .map((row, index) => `${row.replace(/^c0/u, 'c9').replace(/w[0-9]+$/u, index % 2 === 0 ? '$&' : 'else')}\n`)
  .join('');

/** What no query says: a look behind, an object within a row, a list that holds something, another file. */
const ORDER_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    code: { type: 'string', pattern: '^(?!X)[A-Z]{2}(?<=Z)$' },
    buyer: { $ref: 'parts/buyer.json' },
    items: { type: 'array', contains: { type: 'string', const: 'main' }, maxContains: 1 },
  },
  required: ['id', 'code'],
  if: { properties: { code: { const: 'AZ' } } },
  then: { required: ['items'] },
  unevaluatedProperties: false,
  dataset: { unique: [['id']], rows: { 'at-least': 2 } },
};
const BUYER_SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 1 }, age: { $ref: '#/$defs/age' } },
  dependentRequired: { age: ['name'] },
  $defs: { age: { type: 'integer', minimum: 0 } },
};

const CUSTOMER_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^c[0-9]{5}$' },
    age: { type: 'number', minimum: 0 },
    plan: { enum: ['free', 'pro'] },
    churned: { type: 'boolean' },
    email: { type: 'string', format: 'email' },
    note: { type: 'string' },
  },
  required: ['id', 'age', 'plan', 'churned'],
  dataset: {
    unique: [['id']],
    rows: { 'at-least': 100 },
    statistics: { age: { mean: { 'at-least': 30, 'at-most': 50 }, quantiles: { 0.5: { 'at-most': 50 } } } },
    'foreign-keys': [{ columns: ['plan'], references: { path: 'plans.csv', columns: ['plan'] } }],
    rules: [{ name: 'pros', when: "plan = 'pro'", then: { rows: { 'at-least': 50 } } }],
    slices: [{ by: ['plan'], each: { 'null-fraction': { age: { 'at-most': 0 } } } }],
    sql: [{ name: 'no-negative-age', query: 'SELECT id FROM data WHERE age < 0' }],
  },
};

const CONFIG = `version: 1
data:
  train:
    path: train.csv
    schema: schemas/customers.json
    columns: { id: [id], label: churned }
    drift: { against: older.profile.json, columns: { age: { critical: true } } }
    integrity: {}
    privacy: {}
  test:
    path: test.csv
    schema: schemas/customers.json
    columns: { id: [id], label: churned }
    drift: { against: train, multivariate: true }
    skew: { against: train }
    leakage: { against: [train], near-duplicates: { columns: [note] } }
`;

beforeAll(() => {
  write('train.csv', makeCustomers({ seed: 1 }));
  write('test.csv', `${makeCustomers({ seed: 2, from: ROWS })}${LEAKED}`);
  write('older.csv', makeCustomers({ seed: 3, older: 15 }));
  write('plans.csv', 'plan\nfree\npro\n');
  write('schemas/customers.json', JSON.stringify(CUSTOMER_SCHEMA));
  write('schemas/orders.json', JSON.stringify(ORDER_SCHEMA));
  write('schemas/parts/buyer.json', JSON.stringify(BUYER_SCHEMA));
  write('mlgate.yml', CONFIG);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('validate', () => {
  it('checks what SQL cannot say row by row', () => {
    const good = { id: 1, code: 'AZ', buyer: { name: 'Ada', age: 36 }, items: ['main', 'side'] };
    const bad = [
      { id: 2, code: 'XZ' },
      { id: 3, code: 'BZ', buyer: { age: 7 } },
      { id: 4, code: 'CZ', items: ['main', 'main'] },
      { id: 4, code: 'AZ' },
    ];
    write('good.jsonl', toLines([good, { ...good, id: 2 }]));
    write('bad.jsonl', toLines([good, ...bad]));
    const words = ['--schema', 'schemas/orders.json'];
    expect(mlgate(['validate', 'good.jsonl', ...words])).toMatchObject({ status: PASS, stderr: '' });
    const evidence = mlgateJson(['validate', 'bad.jsonl', ...words], GATE_SAYS_NO) as Evidence;
    expect(failures(evidence)).toEqual([
      'CONDITION_MISMATCH 1',
      'DEPENDENCY_MISMATCH 1',
      'DUPLICATE_KEY 1',
      'LIST_MISMATCH 1',
      'ROW_MISMATCH 1',
      'STRING_PATTERN_MISMATCH 1',
    ]);
  });

  it('checks the table: keys, statistics, another table, parts of the rows, a query', () => {
    const words = ['--schema', 'schemas/customers.json'];
    expect(mlgate(['validate', 'train.csv', ...words])).toMatchObject({ status: PASS, stderr: '' });
    const lines = makeCustomers({ seed: 1 }).replaceAll(',free,', ',gold,').split('\n').slice(0, 90);
    write('bad.csv', `${lines.join('\n').replace(/,[0-9.]+,/u, ',-2000,')}\n`);
    const evidence = mlgateJson(['validate', 'bad.csv', ...words], GATE_SAYS_NO) as Evidence;
    expect(failures(evidence)).toEqual([
      'CUSTOM_VALIDATION 1',
      'DATASET_LOW_NUM_EXAMPLES',
      'DATASET_LOW_NUM_EXAMPLES',
      'ENUM_TYPE_UNEXPECTED_STRING_VALUES 62',
      'FLOAT_TYPE_SMALL_FLOAT 1',
      'FOREIGN_KEY_NOT_FOUND 62',
      'STATISTIC_TOO_LOW',
    ]);
  });
});

describe('infer, profile, diff', () => {
  it('infers a schema that the data satisfy', () => {
    expect(mlgate(['infer', 'train.csv', '-o', 'inferred.json'])).toMatchObject({ status: PASS });
    expect(mlgate(['validate', 'train.csv', '-s', 'inferred.json'])).toMatchObject({ status: PASS });
    const change = mlgateJson(['schema', 'diff', 'schemas/customers.json', 'inferred.json'], PASS);
    expect(validateDocument('schema-diff', change)).toMatchObject({ ok: true });
    expect(change).toMatchObject({ effect: 'both' });
  });

  it('profiles parts, and merges them', () => {
    for (const part of ['train', 'older']) {
      const written = mlgate(['profile', `${part}.csv`, '-o', `${part}.profile.json`]);
      expect(written).toMatchObject({ status: PASS, stderr: '' });
    }
    const merged = mlgateJson(['profile', 'merge', 'train.profile.json', 'older.profile.json'], PASS);
    expect(validateDocument('profile', merged)).toMatchObject({ ok: true });
    expect(merged).toMatchObject({ rows: 2 * ROWS });
    expect(JSON.stringify(merged)).not.toContain('@example.org');
  });

  it('tells two tables apart', () => {
    const diff = mlgateJson(['diff', 'train.csv', 'test.csv', '--key', 'id'], PASS);
    expect(validateDocument('data-diff', diff)).toMatchObject({ ok: true });
    expect(diff).toMatchObject({ added: ROWS + 80, removed: ROWS, changed: 0 });
  });
});

describe('schema import', () => {
  it.each([
    'great-expectations.json',
    'pandera.yaml',
    'frictionless.json',
    'tfdv.pbtxt',
    'MLmodel',
    'dbt.yml',
  ])('reads %s', (file) => {
    const imported = mlgateJson(['schema', 'import', join(FIXTURES, file)], PASS);
    expect(validateDocument('schema-import', imported)).toMatchObject({ ok: true });
    expect((imported as SchemaImport).tables.length).toBeGreaterThan(0);
  });
});

describe('a run with all that can be asked of data', () => {
  it('finds what was planted, and is to the byte what the source makes', () => {
    mlgate(['profile', 'older.csv', '-o', 'older.profile.json', '-s', 'schemas/customers.json']);
    const { status, stdout, stderr } = mlgate(['run', '--json']);
    expect({ status, stderr }).toEqual({ status: GATE_SAYS_NO, stderr: '' });
    const evidence = parseEvidence(stdout, 'dist');
    expect(failures(evidence)).toEqual([
      'COMPARATOR_DISTANCE_HIGH',
      'NEAR_DUPLICATE_OVERLAP 40',
      `PERSONAL_DATA ${ROWS}`,
      'SPLIT_OVERLAP 40',
    ]);
    expect(evidence.body.profiles?.map(({ dataset }) => dataset)).toEqual(['train', 'test']);
    expect(evidence.body.drifts?.map(({ dataset, comparator }) => `${dataset} ${comparator}`)).toEqual([
      'train drift',
      'test drift',
      'test skew',
    ]);
    expect(evidence.body.drifts?.[1]?.multivariate).toMatchObject({
      value: expect.closeTo(0.5, 1) as number,
    });
    expect(stdout).not.toContain('@example.org');
    const source = mlgate(['run', '--json'], join(REPOSITORY_ROOT, 'scripts', 'mlgate.ts'));
    expect(evidence.digest).toBe(parseEvidence(source.stdout, 'source').digest);
  });
});
