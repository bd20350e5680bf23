/** `mlgate metrics import|list|explain`. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TASKS } from '../../src/metrics/examples.ts';
import { listFormats } from '../../src/metrics/importers/recognise-format.ts';
import { SCHEMAS } from '../../src/schemas/validate.ts';
import { startRecordedMlflow } from '../helpers/mlflow/server.ts';
import { mlgate, mlgateJson, useFolders } from './harness.ts';

const makeFolder = useFolders();
const FIXTURES = resolve('test/fixtures');

/** What `--json` prints must be what evidence holds. */
function findFaults(document: unknown): unknown {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  ajv.addSchema(SCHEMAS.evidence);
  const id = SCHEMAS.evidence.$id;
  const validate = ajv.compile({
    type: 'object',
    required: ['import', 'metrics'],
    additionalProperties: false,
    properties: {
      import: { $ref: `${id}#/$defs/import` },
      metrics: { type: 'array', items: { $ref: `${id}#/$defs/metric` } },
    },
  });
  validate(document);
  return validate.errors;
}

describe('mlgate metrics import', () => {
  it('shows the numbers of a file whose format it recognises', async () => {
    const { exitCode, out, err } = await mlgate(FIXTURES, ['metrics', 'import', 'scikit-learn/binary.json']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain("classification-report: scikit-learn's classification_report");
    expect(out).toMatch(/^accuracy +0\.85 +200 +higher$/mu);
  });

  it.each([
    ['scikit-learn/binary.json', [], 0],
    ['optuna/studies.db', ['--run', 'tune'], 0],
    ['mlflow/mlruns', ['--run', 'good'], 0],
    ['mlflow/MLmodel', [], 0],
    ['notebook/secret.ipynb', [], 1],
    ['notebook/failed.ipynb', [], 1],
    ['optuna/studies.db', ['--run', 'cut-off'], 1],
    ['dvc/metrics.json', ['--format', 'dvc'], 0],
  ])('prints %s %j as evidence would hold it, and ends with %i', async (file, words, exitCode) => {
    const result = await mlgateJson(FIXTURES, ['metrics', 'import', file, ...words]);
    expect({ exitCode: result.exitCode, err: result.err, faults: findFaults(result.document) }).toEqual({
      exitCode,
      err: '',
      faults: null,
    });
  });

  it('names the checks that failed', async () => {
    const { out } = await mlgate(FIXTURES, ['metrics', 'import', 'notebook/failed.ipynb']);
    expect(out).toContain('failed. Cells that ended in an error: 3.');
    expect(out).toMatch(/fail +cell 3: It ended in ZeroDivisionError\./u);
  });

  it.each([
    [['mlflow/mlflow.db'], 'mlflow/mlflow.db has 4 runs, and none is named: `'],
    [['mlflow/mlflow.db', '--run', 'goood'], 'Did you mean `good`?'],
    [['dvc/metrics.json', '--format', 'dcv'], 'There is no format `dcv`. Did you mean `dvc`?'],
    [['none.json'], 'The file none.json does not exist.'],
    [['scikit-learn/model.pkl'], 'scikit-learn/model.pkl is a Python pickle'],
    [['scikit-learn/report.txt'], 'scikit-learn/report.txt is in no format that is known here.'],
    [['dvc/metrics.json', '--samples', 'x.jsonl'], 'dvc/metrics.json has no grades of single examples'],
    [['mlflow:abc'], 'MLFLOW_TRACKING_URI is not set'],
    [['mlflow:abc', '--run', 'b'], '--run says nothing beside `mlflow:abc`'],
  ])('%j: %s', async (words, message) => {
    const { exitCode, out, err } = await mlgate(FIXTURES, ['metrics', 'import', ...words]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(message);
  });

  it('writes no control character of a file to the terminal', async () => {
    const rest = 'run_name: "\\e]0;owned\\a"\nstatus: 3\n';
    const folder = await makeFolder({
      'mlruns/0/a/meta.yaml': `run_id: a\n${rest}`,
      'mlruns/0/b/meta.yaml': `run_id: b\n${rest}`,
    });
    const refused = await mlgate(folder, ['metrics', 'import', 'mlruns']);
    expect(refused.err).toContain('`b` (⟨U+001B⟩]0;owned⟨U+0007⟩)');
    const { out } = await mlgate(folder, ['metrics', 'import', 'mlruns', '--run', 'a']);
    expect(out).toContain('⟨U+001B⟩]0;owned⟨U+0007⟩');
  });

  it('reads a run of a server that the user names, and of no other', async () => {
    const server = await startRecordedMlflow();
    onTestFinished(() => server.close());
    const environment = { MLFLOW_TRACKING_URI: server.url };
    const result = await mlgateJson(FIXTURES, ['metrics', 'import', `mlflow:${server.run}`], { environment });
    expect({ exitCode: result.exitCode, faults: findFaults(result.document) }).toEqual({
      exitCode: 0,
      faults: null,
    });
    expect(result.document).toMatchObject({
      import: { format: 'mlflow-rest', run: server.run, status: 'complete' },
      metrics: expect.arrayContaining([
        expect.objectContaining({ name: 'loss', value: 0.4, direction: 'lower-is-better' }),
        expect.objectContaining({ name: 'broken', value: null }),
        expect.objectContaining({ name: 'endless', value: null }),
      ]),
    });
    const missing = await mlgate(FIXTURES, ['metrics', 'import', 'mlflow:nobody'], { environment });
    expect(missing).toMatchObject({ exitCode: 2, err: expect.stringContaining('has no run `nobody`') });
  });

  it('writes grades of single examples as predictions', async () => {
    const folder = await makeFolder();
    const path = (await readdirOf('lm-eval/complete')).find((name) => name.startsWith('samples_'));
    const out = join(folder, 'grades.jsonl');
    const words = ['metrics', 'import', `lm-eval/complete/${path ?? ''}`, '--samples', out];
    expect((await mlgate(FIXTURES, words)).exitCode).toBe(0);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
    const first = JSON.parse(lines[0] ?? '') as Readonly<Record<string, unknown>>;
    expect(Object.keys(first)).toEqual(expect.arrayContaining(['id', 'task']));
    expect(new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id)).size).toBe(lines.length);
  });
});

async function readdirOf(folder: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(join(FIXTURES, folder), { recursive: true })).toSorted();
}

describe('mlgate metrics list', () => {
  it('lists every task and every format', async () => {
    const { out } = await mlgate(FIXTURES, ['metrics', 'list']);
    for (const task of TASKS.filter((task) => task !== 'graded'))
      expect(out).toContain(`\n${task}`.trimStart());
    for (const format of listFormats()) expect(out).toMatch(new RegExp(`^ {2}${format} `, 'mu'));
    const { document } = await mlgateJson(FIXTURES, ['metrics', 'list', '--task', 'regression']);
    expect(document).toMatchObject({ formats: [] });
    expect(JSON.stringify(document)).toContain('"task":"regression","name":"rmse"');
  });

  it('knows its tasks', async () => {
    const { exitCode, err } = await mlgate(FIXTURES, ['metrics', 'list', '--task', 'regresion']);
    expect(exitCode).toBe(2);
    expect(err).toContain('There is no task `regresion`. Did you mean `regression`?');
  });
});

describe('mlgate metrics explain', () => {
  it.each([
    ['auc', 'roc_auc: ROC AUC'],
    ['recall@0.3', 'recall@0.3: Recall'],
    ['ndcg@10', 'ndcg@10: NDCG'],
    ['mlflow-db', 'mlflow-db: MLflow runs in its SQLite database'],
  ])('%s', async (name, head) => {
    const { exitCode, out } = await mlgate(FIXTURES, ['metrics', 'explain', name]);
    expect(exitCode).toBe(0);
    expect(out).toContain(head);
    const { document } = await mlgateJson(FIXTURES, ['metrics', 'explain', name]);
    expect(JSON.stringify(document)).toContain(JSON.stringify(head.split(':')[0]));
  });

  it('suggests the nearest', async () => {
    const { exitCode, err } = await mlgate(FIXTURES, ['metrics', 'explain', 'rocauk']);
    expect(exitCode).toBe(2);
    expect(err).toContain('There is no metric and no format `rocauk`. Did you mean `rocauc`?');
  });
});
