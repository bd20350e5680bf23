/** Drift and skew from a config and files to evidence that is judged again, with the real engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { BaselineFound } from '../../../src/baseline/find-baseline.ts';
import { runChain } from '../../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../../src/chain/connect.ts';
import { judgeAgain } from '../../../src/chain/judge-again.ts';
import { printProfile } from '../../../src/data/profile/profile-file.ts';
import { profileTable } from '../../../src/data/profile/profile-table.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Evidence } from '../../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../../src/schemas/validate.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { startUnitEngine } from '../../helpers/unit-engine.ts';
import { NO_BASELINE } from '../memory-effects.ts';
import { drawNormal } from '../../../bench/drift/worlds.ts';

let engine: Engine;
let folder: string;
/** How often a table was scanned. */
let scans = 0;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-drift-'));
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      age: { type: 'number' },
      region: { type: 'string' },
      active: { type: 'boolean' },
      joined: { type: 'string', format: 'date' },
    },
  };
  writeFileSync(join(folder, 'customers.schema.json'), JSON.stringify(schema));
  writeTable('then.csv', 1, 1500, 0);
  writeTable('same.csv', 2, 2000, 0);
  writeTable('moved.csv', 3, 2000, 1);
  writeFileSync(join(folder, 'broken.csv'), 'id,age\n1\n1,2,3\n');
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Rows of which, with a shift, age has moved by a standard deviation, a region has come and a fifth of ages is gone. */
function writeTable(name: string, seed: number, rows: number, shift: number): void {
  const random = createRandom(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = random.uniform() < 0.2 * shift ? '' : (40 + 10 * (drawNormal(random) + shift)).toFixed(3);
    const region = ['north', 'south', shift > 0 ? 'west' : 'east'][random.integer(3)];
    const joined = `2024-0${1 + random.integer(9)}-1${random.integer(10)}`;
    return [row + 1_000_000 * shift, age, region, random.uniform() < 0.4, joined].join(',');
  });
  writeFileSync(join(folder, name), `id,age,region,active,joined\n${lines.join('\n')}\n`);
}

function dataset(path: string, more: object = {}): object {
  return { path, schema: 'customers.schema.json', columns: { id: ['id'] }, ...more };
}

async function parse(data: object) {
  writeFileSync(join(folder, 'mlgate.yml'), JSON.stringify({ version: 1, data }));
  return await readConfig(openWorkspace('mlgate.yml', folder));
}

async function run(data: object, baseline: BaselineFound = NO_BASELINE): Promise<Evidence> {
  const { evidence } = await runChain(
    { parsed: await parse(data), stages: ['data'], source: { event: 'local' }, version: '0.0.0-test' },
    {
      ...connectFiles(openWorkspace('mlgate.yml', folder)),
      engine: {
        ...engine,
        checkTable: async (...asked) => {
          scans += 1;
          return await engine.checkTable(...asked);
        },
      },
      findBaseline: async () => baseline,
      now: () => new Date(0),
      onStep: () => undefined,
    },
  );
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return evidence;
}

/** What main recorded of a file. */
async function record(path: string): Promise<BaselineFound> {
  const evidence = await run({ customers: dataset(path) });
  return { ...NO_BASELINE, used: { rung: 'exact', commit: 'a'.repeat(40), tried: [] }, evidence };
}

function listVerdicts({ body }: Evidence, end = 'drift') {
  return Object.fromEntries(
    body.checks.filter(({ id }) => id.endsWith(`/${end}`)).map(({ id, verdict }) => [id, verdict]),
  );
}

function reasonOf({ body }: Evidence): string | undefined {
  return body.checks.find(({ name }) => name === 'DATASET_DRIFT')?.reason;
}

function valuesOf({ body }: Evidence) {
  return body.drifts?.[0]?.columns.map(({ column, aspect, value }) => [column, aspect, value]);
}

const MOVED = {
  'data/customers/drift': 'fail',
  'data/customers/age/drift': 'fail',
  'data/customers/region/drift': 'fail',
};

describe('drift against what main recorded', () => {
  it('passes what is as it was', async () => {
    const evidence = await run({ customers: dataset('same.csv', { drift: {} }) }, await record('then.csv'));
    expect(listVerdicts(evidence)).toEqual({ 'data/customers/drift': 'pass' });
    expect(evidence.body.drifts).toMatchObject([
      { against: { kind: 'baseline', commit: 'a'.repeat(40) }, rows: 2000, referenceRows: 1500 },
    ]);
    // The id moves by nature.
    expect(evidence.body.drifts?.[0]?.columns.map(({ column }) => column).toSorted()).toEqual([
      'active',
      'age',
      'joined',
      'region',
    ]);
  });

  it('finds what moved, and judges it again by the bounds of the base', async () => {
    const asked = { customers: dataset('moved.csv', { drift: { columns: { region: { critical: true } } } }) };
    const evidence = await run(asked, await record('then.csv'));
    expect(listVerdicts(evidence)).toEqual(MOVED);
    const age = evidence.body.drifts?.[0]?.columns.filter(({ column }) => column === 'age');
    expect(age?.map(({ aspect }) => aspect)).toEqual(['values', 'missing']);

    const trusted = { parsed: await parse(asked), schemaDigests: new Map(), schemas: new Map() };
    expect(listVerdicts(judgeAgain(evidence, trusted))).toEqual(MOVED);
    const lenient = {
      ...trusted,
      parsed: await parse({
        customers: dataset('moved.csv', {
          drift: { exclude: ['age'], columns: { region: { threshold: 0.9 } } },
        }),
      }),
    };
    expect(listVerdicts(judgeAgain(evidence, lenient))).toEqual({ 'data/customers/drift': 'pass' });
    const { drifts: _drifts, ...without } = evidence.body;
    const cut = judgeAgain({ ...evidence, body: { ...without, checks: [] } }, trusted);
    expect(listVerdicts(cut)).toEqual({ 'data/customers/drift': 'fail' });
  });

  it('is undecided without a record, or a record without a profile', async () => {
    const asked = { customers: dataset('same.csv', { drift: {} }) };
    expect(reasonOf(await run(asked))).toBe('no-baseline');
    const other = await run({ others: dataset('then.csv') });
    const found: BaselineFound = { ...NO_BASELINE, used: { rung: 'exact', tried: [] }, evidence: other };
    expect(reasonOf(await run(asked, found))).toBe('not-in-baseline');
  });

  it('is skipped where the file is no table', async () => {
    const evidence = await run({ customers: dataset('broken.csv', { drift: {} }) });
    expect(listVerdicts(evidence)).toEqual({ 'data/customers/drift': 'skipped' });
  });
});

describe('drift and skew against other data', () => {
  it('takes another dataset, each with checks of its own', async () => {
    const evidence = await run({
      customers: dataset('moved.csv', { drift: { against: 'then.csv' }, skew: { against: 'training' } }),
      training: dataset('same.csv'),
    });
    expect(listVerdicts(evidence)).toEqual(MOVED);
    expect(listVerdicts(evidence, 'skew')).toEqual({
      'data/customers/skew': 'fail',
      'data/customers/age/skew': 'fail',
      'data/customers/region/skew': 'fail',
    });
    expect(evidence.body.checks.find(({ id }) => id === 'data/customers/skew')?.name).toBe(
      'SCHEMA_TRAINING_SERVING_SKEW',
    );
    expect(evidence.body.inputs).toContainEqual(
      expect.objectContaining({ role: 'referenced-table', path: 'then.csv' }),
    );
  });

  it('is skipped where the other dataset is no table, and a mistake where a file is none', async () => {
    const evidence = await run({
      customers: dataset('same.csv', { drift: { against: 'broken' } }),
      broken: dataset('broken.csv'),
    });
    expect(listVerdicts(evidence)).toEqual({ 'data/customers/drift': 'skipped' });
    await expect(
      run({ customers: dataset('same.csv', { drift: { against: 'broken.csv' } }) }),
    ).rejects.toThrow(/broken\.csv/);
  });

  it('takes a profile that was kept, and gives the same numbers as the table that it is of', async () => {
    const { summary } = await profileTable({
      engine,
      dataset: 'then',
      source: { path: join(folder, 'then.csv') },
    });
    writeFileSync(join(folder, 'then.profile.json'), printProfile('then', summary));
    scans = 0;
    const evidence = await run({
      customers: dataset('moved.csv', { drift: { against: 'then.profile.json' } }),
    });
    expect(listVerdicts(evidence)).toEqual(MOVED);
    expect(scans).toBe(1);
    const whole = await run({ customers: dataset('moved.csv', { drift: {} }) }, await record('then.csv'));
    expect(valuesOf(evidence)).toEqual(valuesOf(whole));
    await expect(
      run({
        customers: dataset('same.csv', { drift: { against: 'then.profile.json', multivariate: true } }),
      }),
    ).rejects.toThrow(/holds no rows/);
  });

  it('lets a classifier look at the rows of both', async () => {
    const evidence = await run({
      customers: dataset('moved.csv', { drift: { against: 'then.csv', multivariate: true } }),
      same: dataset('same.csv', { drift: { against: 'then.csv', multivariate: true } }),
    });
    const found = evidence.body.checks.filter(({ name }) => name === 'COMPARATOR_TABLES_DIFFER');
    expect(found.map(({ about, verdict }) => [about.dataset, verdict])).toEqual([
      ['customers', 'fail'],
      ['same', 'pass'],
    ]);
    expect(evidence.body.drifts?.[0]?.multivariate?.columns?.toSorted()).toEqual(['age', 'region']);
  });

  it('refuses a classifier where main has no rows', async () => {
    await expect(run({ customers: dataset('same.csv', { drift: { multivariate: true } }) })).rejects.toThrow(
      /`data\.customers\.drift\.multivariate` needs the rows of both/,
    );
  });
});

describe('a sample of columns', () => {
  it('is the same rows each time, and about as many as asked for', async () => {
    const request = {
      source: { path: join(folder, 'same.csv') },
      columns: [{ name: 'id', as: 'number' as const }],
    };
    const [first, second] = [0, 1].map(async () => await engine.readColumns({ ...request, sample: 0.25 }));
    const answer = await first;
    expect(answer).toEqual(await second);
    expect(answer?.rows).toBeGreaterThan(400);
    expect(answer?.rows).toBeLessThan(600);
    expect((await engine.readColumns({ ...request, sample: 1 })).rows).toBe(2000);
  });
});
