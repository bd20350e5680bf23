import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { validateDocument } from '../../src/schemas/validate.ts';
import { mlgate } from './harness.ts';

const FIXTURES = resolve('test/fixtures/schema-import');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-schema-import-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('mlgate schema import', () => {
  test.each([
    'great-expectations.json',
    'dbt.yml',
    'datapackage.json',
    'tfdv.pbtxt',
    'MLmodel',
    'pandera.yaml',
  ])('--json of %s is valid against its schema', async (file) => {
    const { exitCode, out } = await mlgate(FIXTURES, ['schema', 'import', file, '--json']);
    expect(exitCode).toBe(0);
    expect(validateDocument('schema-import', JSON.parse(out))).toMatchObject({ ok: true });
  });

  test('writes a file that `schema check` accepts, as YAML too, and never over another without --force', async () => {
    const write = async (name: string, ...more: readonly string[]) =>
      await mlgate(folder, ['schema', 'import', join(FIXTURES, 'frictionless.json'), '-o', name, ...more]);
    expect(await write('a/orders.schema.json')).toMatchObject({ exitCode: 0 });
    expect(await write('orders.yml')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(folder, 'orders.yml'), 'utf8')).toMatch(/^\$schema: https/u);
    for (const file of ['a/orders.schema.json', 'orders.yml']) {
      expect(await mlgate(folder, ['schema', 'check', file])).toMatchObject({ exitCode: 0 });
    }
    const again = await write('orders.yml');
    expect([again.exitCode, again.err]).toEqual([2, expect.stringContaining('orders.yml is there already')]);
    expect(await write('orders.yml', '--force')).toMatchObject({ exitCode: 0 });
  });

  test('several tables go into a folder, or one of them is chosen', async () => {
    const file = join(FIXTURES, 'dbt.yml');
    const several = await mlgate(folder, ['schema', 'import', file]);
    expect([several.exitCode, several.err]).toEqual([
      2,
      expect.stringContaining('orders, customers, visits'),
    ]);
    const all = await mlgate(folder, ['schema', 'import', file, '--output', 'schemas/']);
    expect(all.out).toContain('Wrote schemas/visits.schema.json.');
    const one = await mlgate(folder, ['schema', 'import', file, '--table', 'visits']);
    expect(JSON.parse(one.out)).toMatchObject({ dataset: { freshness: { seen_at: { 'at-most': '36h' } } } });
  });

  test('what is left behind is listed beside the schema, with its place, the reason and a cure', async () => {
    const { out, err } = await mlgate(FIXTURES, ['schema', 'import', 'great-expectations.json']);
    expect(JSON.parse(out)).toHaveProperty('properties');
    expect(err).toContain('left behind:');
    expect(err).toMatch(
      /expectations\[44\] +expect_column_values_to_be_json_parseable: nothing here says\s+the same/u,
    );
  });

  test('a file that contradicts itself, a folder and a missing file are mistakes of the user', async () => {
    await writeFile(
      join(folder, 'bad.json'),
      '{"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": 5, "maximum": 1}}]}',
    );
    const bad = await mlgate(folder, ['schema', 'import', 'bad.json']);
    expect([bad.exitCode, bad.err]).toEqual([2, expect.stringContaining('no value can satisfy both')]);
    expect(await mlgate(folder, ['schema', 'import', '.'])).toMatchObject({ exitCode: 2 });
    expect(await mlgate(folder, ['schema', 'import', 'none.json'])).toMatchObject({ exitCode: 2 });
  });

  test('names of tables lead nowhere', async () => {
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({
        resources: ['../../x', '/etc/passwd'].map((name) => ({ name, schema: { fields: [{ name: 'a' }] } })),
      }),
    );
    const { out } = await mlgate(folder, ['schema', 'import', 'package.json', '-o', 'out/']);
    expect(out).toContain('Wrote out/-x.schema.json.');
    expect(out).toContain('Wrote out/-etc-passwd.schema.json.');
  });
});
