import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { importRun } from '../../../src/metrics/importers/import-run.ts';
import type { ImportedRun } from '../../../src/metrics/importers/importer.ts';
import { MLFLOW_DB } from '../../../src/metrics/importers/mlflow-db.ts';
import { MLFLOW_FOLDER } from '../../../src/metrics/importers/mlflow-folder.ts';
import { MLMODEL } from '../../../src/metrics/importers/mlmodel.ts';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { openForeignSource } from '../../../src/platform/foreign-source.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memoryFolder, memorySource, useDatabaseFiles } from './sources.ts';

const FIXTURES = 'test/fixtures/mlflow';

/** What a run is, whatever its random id and time. */
function describeRun({ id, name, attributes, numbers, status }: ImportedRun) {
  const { started, ...rest } = attributes;
  return {
    hasId: /^[0-9a-f]{32}$/u.test(id),
    name,
    status,
    hasTime: typeof started === 'string',
    attributes: rest,
    numbers: Object.fromEntries(numbers.map(({ key, value }) => [key, value])),
  };
}

const GOOD = {
  hasId: true,
  name: 'good',
  status: 'complete',
  hasTime: true,
  attributes: {
    experiment: 'churn',
    'params.depth': '3',
    'params.rate': '0.1',
    'tags.dataset': 'holdout-2026-11',
  },
  numbers: {
    accuracy: 0.91,
    'val/loss': 0.31,
    undefined: Number.NaN,
    endless: Number.POSITIVE_INFINITY,
    negative: Number.NEGATIVE_INFINITY,
  },
};

describe.each([
  ['database', `${FIXTURES}/mlflow.db`, MLFLOW_DB],
  ['file store', `${FIXTURES}/mlruns`, MLFLOW_FOLDER],
])('MLflow %s', (_, path, importer) => {
  test('has every run that was not deleted, and says how each ended', async () => {
    const source = await fileSource(path);
    expect((await recogniseFormat(source)).format).toBe(importer.format);
    const runs = await importer.read(source);
    expect(Object.fromEntries(runs.map(({ name, status }) => [name, status]))).toEqual({
      good: 'complete',
      broken: 'failed',
      unfinished: 'partial',
      'never-began': 'partial',
    });
    const good = runs.find(({ name }) => name === 'good');
    expect(good === undefined ? undefined : describeRun(good)).toEqual(GOOD);
  });

  test('lists its runs where none is named, and finds one by its name or the beginning of its id', async () => {
    const source = await fileSource(path);
    await expect(importRun(source)).rejects.toThrow(/has 4 runs, and none is named: .*\(good, 20\d\d-/u);
    const { run } = await importRun(source, { run: 'good' });
    expect((await importRun(source, { run: run.id.slice(0, 8) })).run).toEqual(run);
    await expect(importRun(source, { run: 'brokn' })).rejects.toThrow('Did you mean `broken`?');
  });
});

test('a database that was cut or changed is no database', async () => {
  const sourceOf = await useDatabaseFiles();
  expect(
    await findFlaws(MLFLOW_DB, `${FIXTURES}/mlflow.db`, { sourceOf, prefixes: 12, mutations: 10 }),
  ).toEqual([]);
});

test('a run of the file store that was cut or changed', async () => {
  const source = await fileSource(`${FIXTURES}/mlruns`);
  const accuracy = (await source.list()).find((path) => path.endsWith('metrics/val/loss'));
  const meta = accuracy?.replace('metrics/val/loss', 'meta.yaml');
  for (const folder of [accuracy ?? '', meta ?? '']) {
    // A file of metrics may be cut between its lines, and a mapping between its keys.
    expect(
      await findFlaws(MLFLOW_FOLDER, `${FIXTURES}/mlruns`, { folder, undetectable: true, mutations: 100 }),
    ).toEqual([]);
  }
});

const META = 'run_id: a\nstatus: 3\n';

async function read(text: string) {
  return await MLFLOW_FOLDER.read(memoryFolder('run', { 'meta.yaml': META, 'metrics/acc': text }));
}

test('a metric whose last line is cut is partial, and one that is no metric is named', async () => {
  expect(await read('17 0.5 1\n18 0.4 1\n16 0.9 0\n')).toMatchObject([
    { status: 'complete', numbers: [{ key: 'acc', value: 0.4 }] },
  ]);
  expect(await read('17 0.5 1\n18 0.')).toMatchObject([{ status: 'partial' }]);
  await expect(read('17 0.5 1\n18 much 1\n')).rejects.toThrow(
    'run/metrics/acc, line 2: `18 much 1` is no metric',
  );
});

test('a state of a run that MLflow does not have is refused', async () => {
  const folder = memoryFolder('mlruns', { '0/a/meta.yaml': 'run_id: a\nstatus: 9\n' });
  await expect(MLFLOW_FOLDER.read(folder)).rejects.toThrow(
    'mlruns/0/a/meta.yaml: `status` is 9; it must be one of',
  );
});

test('links that lead out of the folder are not followed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-mlruns-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await cp(`${FIXTURES}/mlruns`, join(folder, 'mlruns'), { recursive: true });
  await symlink('/etc/passwd', join(folder, 'mlruns/0/secret'));
  const source = await openForeignSource(join(folder, 'mlruns'), 'mlruns');
  expect((await source.list()).filter((path) => path.includes('secret'))).toEqual([]);
  await expect(source.open('0/secret')).rejects.toThrow('leads out of');
  await expect(source.open('../../etc/passwd')).rejects.toThrow('leads out of');
  expect(await source.open('0/none')).toBeUndefined();
});

describe('MLmodel', () => {
  test('is described by its flavors, size and signature', async () => {
    const source = await fileSource(`${FIXTURES}/MLmodel`);
    expect((await recogniseFormat(source)).format).toBe('mlmodel');
    const [run] = await MLMODEL.read(source);
    expect(run?.numbers).toEqual([
      { key: 'model_size_bytes', value: 822, unit: 'bytes', direction: 'lower-is-better' },
    ]);
    expect(run?.attributes).toMatchObject({
      flavors: 'python_function, sklearn',
      mlflow_version: '3.17.2',
      'metadata.team': 'churn',
      'signature.inputs': 'age: double, visits: double',
      'signature.outputs': 'int64[-1]',
    });
  });

  test('cut or changed', async () => {
    expect(await findFlaws(MLMODEL, `${FIXTURES}/MLmodel`)).toEqual([]);
  });

  test('with a signature that is none says where', async () => {
    const text = await readFile(`${FIXTURES}/MLmodel`, 'utf8');
    await expect(
      MLMODEL.read(memorySource('MLmodel', text.replace('"type": "double"', '"kind": "double"'))),
    ).rejects.toThrow('MLmodel, signature.inputs: `[0].type` is missing; it must be a text');
  });
});
