/** Tables as a config names them, from real files to evidence: patterns, folders, Arrow, and the truth in another file. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runChain } from '../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../src/chain/connect.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';

let engine: Engine;
let folder: string;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-tables-'));
  mkdirSync(join(folder, 'out'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function run(predictions: object, task: string): Promise<Evidence> {
  const config = { version: 1, models: { m: { task, predictions } } };
  writeFileSync(join(folder, 'mlgate.yml'), JSON.stringify(config));
  const workspace = openWorkspace('mlgate.yml', folder);
  const { evidence } = await runChain(
    {
      parsed: await readConfig(workspace),
      stages: ['model'],
      source: { event: 'local' },
      version: '0.0.0-test',
    },
    {
      ...connectFiles(workspace),
      engine,
      findBaseline: async () => await Promise.reject(new Error('nothing is compared')),
      now: () => new Date(0),
      onStep: () => undefined,
    },
  );
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return evidence;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('a pattern is one input, whose digest is that of a list of files', async () => {
  const [one, two] = ['id,y,p\na,1,0.9\nb,0,0.2\n', 'id,y,p\nc,1,0.8\nd,0,0.6\n'];
  writeFileSync(join(folder, 'out', 'p-1.csv'), one);
  writeFileSync(join(folder, 'out', 'p-2.csv'), two);
  const columns = { id: 'id', target: 'y', score: 'p' };
  const evidence = await run({ path: 'out/p-*.csv', ...columns }, 'binary-classification');
  const list = `${sha256(one)}  out/p-1.csv\n${sha256(two)}  out/p-2.csv\n`;
  expect(evidence.body.inputs).toEqual([
    {
      role: 'predictions',
      name: 'm',
      path: 'out/p-*.csv',
      sha256: sha256(list),
      bytes: one.length + two.length,
      rows: 4,
    },
  ]);
  const ofFolder = await run({ path: 'out', ...columns }, 'binary-classification');
  expect(ofFolder.body.metrics).toEqual(evidence.body.metrics);
  writeFileSync(join(folder, 'out', 'p-3.csv'), 'id,p,y\ne,0.5,1\n');
  const differing = await run({ path: 'out/p-*.csv', ...columns }, 'binary-classification');
  const message =
    'out/p-*.csv is not one table: out/p-3.csv has the columns "id", "p", "y", but the first file has "id", "y", "p".';
  expect(differing.body.checks).toMatchObject([
    { verdict: 'fail', reason: 'unreadable', message: expect.stringContaining(message) as string },
  ]);
});

test('a pattern does not lead out of the folder', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'mlgate-elsewhere-'));
  writeFileSync(join(elsewhere, 'p.csv'), 'id,y,p\na,1,0.9\n');
  symlinkSync(elsewhere, join(folder, 'linked'));
  const columns = { id: 'id', target: 'y', score: 'p' };
  await expect(run({ path: 'linked/*.csv', ...columns }, 'binary-classification')).rejects.toThrow(
    'leads out of',
  );
  await expect(run({ path: '../*/p.csv', ...columns }, 'binary-classification')).rejects.toThrow(
    'leads out of',
  );
  rmSync(elsewhere, { recursive: true });
});

test('Arrow and Parquet of the same predictions are the same metrics, also with the truth beside them', async () => {
  for (const name of ['lz4.feather', 'predictions.parquet']) {
    cpSync(resolve('test/fixtures/arrow', name), join(folder, name));
  }
  const columns = { id: 'id', target: 'y', scores: 'struct' };
  const arrow = await run({ path: 'lz4.feather', ...columns }, 'multiclass-classification');
  const parquet = await run({ path: 'predictions.parquet', ...columns }, 'multiclass-classification');
  expect(arrow.body.metrics).toEqual(parquet.body.metrics);
  expect(arrow.body.metrics.find(({ name }) => name === 'accuracy')).toMatchObject({ value: 1, n: 600 });
  const beside = await run(
    { path: 'lz4.feather', ...columns, targets: { path: 'predictions.parquet' } },
    'multiclass-classification',
  );
  expect(beside.body.metrics).toEqual(arrow.body.metrics);
  expect(beside.body.inputs.map(({ role, path }) => [role, path])).toEqual([
    ['predictions', 'lz4.feather'],
    ['targets', 'predictions.parquet'],
  ]);
});
