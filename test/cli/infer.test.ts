/** `mlgate infer`: from files to schemas, on a real engine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validateDocument } from '../../src/schemas/validate.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';

const makeFolder = useFolders();

const PLANS = ['free', 'paid', 'team'];

/** Customers with an id, a mail address, a category, a flag, gaps, a text for what is missing, and codes. */
function customers(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    [
      row + 1,
      `c${row}@example.org`,
      PLANS[row % PLANS.length],
      row % 2,
      row % 10 === 0 ? '' : (row * 1.5).toFixed(1),
      row % 20 === 0 ? 'NA' : row % 7,
      String(row % 30).padStart(4, '0'),
      `2026-01-${String((row % 28) + 1).padStart(2, '0')}`,
    ].join(','),
  );
  return `${['customer_id,email,plan,churned,spent,visits,zip,signed_up', ...lines].join('\n')}\n`;
}

async function* streamCustomers(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(await Promise.resolve(customers(400)));
}

const EXPECTED = {
  properties: {
    customer_id: { type: 'integer' },
    email: { type: 'string', format: 'email' },
    plan: { type: 'string', enum: PLANS },
    churned: { type: 'integer', enum: [0, 1] },
    spent: { type: 'number' },
    visits: { type: 'integer' },
    zip: { type: 'string' },
    signed_up: { type: 'string', format: 'date' },
  },
  required: ['customer_id', 'email', 'plan', 'churned', 'zip', 'signed_up'],
  dataset: {
    rows: { 'at-least': 1 },
    unique: [['customer_id']],
    'null-fraction': { spent: { 'at-most': 0.17 }, visits: { 'at-most': 0.1 } },
    'column-cells': { visits: { 'null-values': ['NA'] } },
  },
};

describe('mlgate infer', () => {
  it('writes a schema that its file passes, and says what it found and what to do next', async () => {
    const folder = await makeFolder({ 'data/customers.csv': customers(400) });
    const { exitCode, out, err } = await mlgate(folder, [
      'infer',
      'data/customers.csv',
      '-o',
      'schemas/c.json',
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('400 rows, 8 columns');
    expect(out).toMatch(/visits +integer +5\.0 % +NA taken for no value/);
    expect(out).toContain('Unique: `customer_id`.');
    expect(out).toContain('Personal by their names, so no values are listed: `email`');
    expect(out).toContain('mlgate validate data/customers.csv --schema schemas/c.json');
    const written = JSON.parse(await readFile(join(folder, 'schemas/c.json'), 'utf8')) as unknown;
    expect(written).toMatchObject(EXPECTED);
    const validated = await mlgate(folder, ['validate', 'data/customers.csv', '-s', 'schemas/c.json']);
    expect(validated).toMatchObject({ exitCode: 0 });
  });

  it('prints one data schema with --json', async () => {
    const folder = await makeFolder({ 'customers.csv.gz': gzipSync(customers(400)) });
    const { document } = await mlgateJson(folder, ['infer', 'customers.csv.gz']);
    expect(document).toMatchObject(EXPECTED);
    expect(validateDocument('data-schema', document)).toMatchObject({ ok: true });
  });

  it('writes YAML by the name of the file, bounds with --ranges, and over nothing without --force', async () => {
    const folder = await makeFolder({ 'a.csv': customers(400), 's.yml': 'mine\n' });
    const words = ['infer', 'a.csv', '--ranges', '--output', 's.yml'];
    const refused = await mlgate(folder, words);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toContain('s.yml is there already.');
    expect(await readFile(join(folder, 's.yml'), 'utf8')).toBe('mine\n');
    expect((await mlgate(folder, [...words, '--force'])).exitCode).toBe(0);
    expect(parse(await readFile(join(folder, 's.yml'), 'utf8'))).toMatchObject({
      properties: { spent: { minimum: 1.5, maximum: 598.5 }, customer_id: { minimum: 1, maximum: 400 } },
    });
  });

  it('finds keys of several columns, and takes nothing for a key that differs by chance', async () => {
    const rows = Array.from(
      { length: 600 },
      (_, row) => `${row % 30},${Math.floor(row / 30) + 1},${(row * 7919) % 99991}`,
    );
    const folder = await makeFolder({ 'a.csv': `shop_id,week,income\n${rows.join('\n')}\n` });
    const { document } = await mlgateJson(folder, ['infer', 'a.csv']);
    expect(document).toMatchObject({ dataset: { unique: [['shop_id', 'week']] } });
  });

  it('lists no rare values, no values of people, and says which may stand for none', async () => {
    const rows = Array.from({ length: 300 }, (_, row) =>
      [
        ['ada', 'bob', 'eve'][row % 3],
        50_777 + row,
        row < 100 ? `city ${row}` : 'Rome',
        row % 3 === 0 ? 'NULL' : 'x',
      ].join(','),
    );
    const folder = await makeFolder({ 'a.csv': `first_name,phone,city,grade\n${rows.join('\n')}\n` });
    const { out, err } = await mlgate(folder, ['infer', 'a.csv', '--ranges']);
    expect(JSON.parse(out)).toMatchObject({
      properties: {
        first_name: { type: 'string' },
        city: { type: 'string' },
        grade: { enum: ['NULL', 'x'] },
      },
    });
    expect(`${out}${err}`).not.toMatch(/ada|bob|eve|Rome|50777/);
    expect(err).toContain('`grade` holds "NULL" 100 times');
  });

  it('infers what lists and objects hold', async () => {
    const rows = Array.from({ length: 60 }, (_, row) =>
      JSON.stringify({
        id: row,
        tags: row % 2 === 0 ? ['a'] : [],
        place: { lat: row / 7, ...(row > 9 ? { note: null } : {}) },
        mixed: row % 2 === 0 ? 1 : 'one',
      }),
    );
    const folder = await makeFolder({ 'a.jsonl': `${rows.join('\n')}\n` });
    const { document } = await mlgateJson(folder, ['infer', 'a.jsonl']);
    expect(document).toMatchObject({
      properties: {
        tags: { type: 'array', items: { type: 'string' } },
        place: {
          type: 'object',
          properties: { lat: { type: 'number' }, note: { type: 'null' } },
          required: ['lat'],
        },
        mixed: { type: ['integer', 'string'] },
      },
    });
  });

  it('reads standard input', async () => {
    const folder = await makeFolder();
    const { document } = await mlgateJson(folder, ['infer', '-', '--format', 'csv'], {
      input: streamCustomers,
    });
    expect(document).toMatchObject({
      ...EXPECTED,
      $comment: expect.stringContaining('400 rows of standard input') as unknown,
    });
  });

  it.each([
    ['a file that is not there', [], 2, 'does not exist'],
    ['an empty file', [''], 2, 'is empty'],
    ['rows that do not fit the header', ['a,b\n1,2,3\n'], 2, 'a.csv'],
    [
      'names that are values',
      [`${Array.from({ length: 2001 }, (_, at) => `k${at}`).join(',')}\n`],
      2,
      '2,001 columns',
    ],
  ] as const)('says what is wrong with %s', async (_name, [content], exitCode, said) => {
    const folder = await makeFolder(content === undefined ? {} : { 'a.csv': content });
    const result = await mlgate(folder, ['infer', 'a.csv', '-o', 's.json']);
    expect(result.exitCode).toBe(exitCode);
    expect(result.err).toContain(said);
    await expect(readFile(join(folder, 's.json'))).rejects.toThrow('ENOENT');
  });
});
