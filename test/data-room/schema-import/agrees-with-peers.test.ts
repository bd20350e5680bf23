/**
 * The imported schema says of a table what the tool says whose schema it was: rule by rule, on a table as it should be and
 * on a broken one. The tools' answers are recorded by the generators in test/fixtures/generate/.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mlgate } from '../../cli/harness.ts';

const FIXTURES = resolve('test/fixtures/schema-import');

interface Answers {
  readonly tool: string;
  readonly rules: Readonly<Record<string, { readonly good: boolean; readonly broken: boolean }>>;
}

interface Table {
  readonly name: string;
  readonly schema: unknown;
  readonly carried: readonly {
    readonly from: string;
    readonly to: readonly string[];
    readonly checks: readonly string[];
  }[];
  readonly left: readonly { readonly from: string; readonly why: string }[];
}

const CASES = [
  ['great-expectations.json', 'great-expectations.answers.json'],
  ['great-expectations-legacy.json', 'great-expectations-legacy.answers.json'],
  ['pandera.yaml', 'pandera.answers.json'],
  ['pandera-legacy.yaml', 'pandera-legacy.answers.json'],
  ['frictionless.json', 'frictionless.answers.json'],
  ['dbt.yml', 'dbt.answers.json'],
  ['tfdv.pbtxt', 'tfdv.answers.json'],
  ['MLmodel', 'MLmodel.answers.json'],
] as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlgate-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function importAll(file: string): Promise<readonly Table[]> {
  const { out, err } = await mlgate(FIXTURES, ['schema', 'import', file, '--json']);
  expect(err).toBe('');
  return (JSON.parse(out) as { readonly tables: readonly Table[] }).tables;
}

/** Verdicts of the checks by their ids, without `data/<dataset>/`. */
async function validate(table: Table, name: string): Promise<ReadonlyMap<string, string>> {
  const schema = join(folder, `${name}.schema.json`);
  await writeFile(schema, JSON.stringify(withFiles(table.schema)));
  const { out, err } = await mlgate(FIXTURES, [
    'validate',
    `orders-${name}.csv`,
    '--schema',
    schema,
    '--json',
  ]);
  const evidence = JSON.parse(out === '' ? err : out) as {
    readonly body: { readonly checks: readonly { readonly id: string; readonly verdict: string }[] };
  };
  return new Map(
    evidence.body.checks.map(({ id, verdict }) => [
      id.replace(/^data\/[^/]+\//u, '').replace('orders-good.csv', 'customers'),
      verdict,
    ]),
  );
}

/** The other table of a key is a dataset of the config; here there is none, and the good table holds the same values. */
function withFiles(schema: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll('"dataset":"customers"', '"path":"orders-good.csv"');
  return JSON.parse(text) as unknown;
}

describe.each(CASES)('%s', (file, answersFile) => {
  test('every rule is carried over or left behind, and what is carried over answers as the tool does', async () => {
    const answers = JSON.parse(await readFile(join(FIXTURES, answersFile), 'utf8')) as Answers;
    const tables = await importAll(file);
    const [table] = tables;
    if (table === undefined) throw new Error(`${file} describes no table`);
    const places = tables.flatMap(({ carried, left }) => [...carried, ...left]).map(({ from }) => from);
    const verdicts = { good: await validate(table, 'good'), broken: await validate(table, 'broken') };
    const differing: string[] = [];
    const lost: string[] = [];
    let compared = 0;
    for (const [place, expected] of Object.entries(answers.rules)) {
      const carried = table.carried.filter(({ from }) => from === place);
      const left = table.left.filter(({ from }) => from === place || from.startsWith(`${place}.`));
      if (!places.some((one) => one === place || one.startsWith(`${place}.`))) lost.push(place);
      if (carried.length === 0 || left.length > 0) continue;
      for (const name of ['good', 'broken'] as const) {
        const checks = carried.flatMap((one) => one.checks);
        const holds = checks.every((check) =>
          ['pass', 'skipped'].includes(verdicts[name].get(check) ?? 'unanswered'),
        );
        compared += 1;
        if (holds !== expected[name]) {
          differing.push(
            `${place} on the ${name} table: ${String(expected[name])} there; here ${checks
              .map((check) => `${check} ${verdicts[name].get(check) ?? 'unanswered'}`)
              .join(', ')}`,
          );
        }
      }
    }
    expect({ lost, differing }).toEqual({ lost: [], differing: [] });
    expect(compared).toBeGreaterThan(10);
  });
});
