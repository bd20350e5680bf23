/** The committed bundle tests models and reads other tools' results, as a user and as a runner run it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { machineEnvironment } from '../helpers/run-process.ts';
import { REPOSITORY_ROOT } from '../helpers/run-action.ts';
import { makeTravelFiles } from '../helpers/travel-project.ts';

const FIXTURES = join(REPOSITORY_ROOT, 'test', 'fixtures');
/** Fetched packages are kept between runs of the tests. */
const TOOL_CACHE = join(REPOSITORY_ROOT, 'node_modules', '.cache', 'mlgate-test-tools');

const root = mkdtempSync(join(tmpdir(), 'mlgate-models-'));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'project-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function mlgate(...words: readonly string[]) {
  const env = { ...machineEnvironment(), HOME: root, RUNNER_TOOL_CACHE: TOOL_CACHE };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY_ROOT, 'dist', 'cli.js'), ...words],
    { cwd: folder, encoding: 'utf8', env, maxBuffer: 1e8 },
  );
  return { status, stdout, stderr };
}

/** `mlgate test` of the folder's config; its log is in the message where it ends otherwise. */
function testModels(expected: number): Evidence {
  const { status, stdout, stderr } = mlgate('test', '--json');
  expect({ status, stderr }).toEqual({ status: expected, stderr: '' });
  return parseEvidence(stdout, 'standard output');
}

function readResult(name: string): string {
  return readFileSync(join(folder, '.mlgate', name), 'utf8');
}

describe('mlgate test', () => {
  it('finds what is unfair and where the model is weak, and writes the files for other programs', () => {
    write(
      makeTravelFiles({
        isFair: false,
        report: 'exports: [junit, sarif, openmetrics, in-toto, blessing]',
      }),
    );
    const { body } = testModels(1);
    expect(body.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([
      'model/travel/fairness/sex/accuracy/max-difference',
    ]);
    expect(body.metrics.map(({ name, about }) => [about.slice, name])).toContainEqual([
      'place=hills',
      'accuracy',
    ]);
    expect(body.calibrations).toHaveLength(1);
    expect(readResult('report.md')).toContain('accuracy by sex');
    expect(readResult('report.junit.xml')).toMatch(/<failure/u);
    expect(JSON.parse(readResult('report.sarif'))).toMatchObject({ version: '2.1.0' });
    expect(readResult('report.openmetrics.txt')).toMatch(/# EOF\n$/u);
    expect(JSON.parse(readResult('report.intoto.json'))).toMatchObject({
      predicateType: expect.stringContaining('test-result'),
    });
    expect(readResult('NOT_BLESSED')).toBe('');
  });

  it('of a fair model finds the slice that was put in', () => {
    write(makeTravelFiles());
    const { body } = testModels(0);
    const slices = body.weakSlices?.[0]?.slices ?? [];
    expect(slices.filter(({ confirmed }) => confirmed).map(({ name }) => name)).toContain(
      'place=hills, weather=rain',
    );
  });

  it('reads Arrow', () => {
    cpSync(join(FIXTURES, 'arrow', 'zstd.feather'), join(folder, 'p.feather'));
    const predictions = { path: 'p.feather', id: 'id', target: 'y', scores: 'p_*' };
    write({
      'mlgate.yml': JSON.stringify({
        version: 1,
        models: { m: { task: 'multiclass-classification', predictions } },
      }),
    });
    const { body } = testModels(0);
    expect(body.metrics.find(({ name }) => name === 'accuracy')).toMatchObject({ value: 1, n: 600 });
  });
});

describe('a model is run again', () => {
  const answers = JSON.parse(readFileSync(join(FIXTURES, 'onnx-models', 'answers.json'), 'utf8')) as {
    readonly binary: { readonly probabilities: readonly (readonly number[])[] };
  };
  const scores = answers.binary.probabilities.map(([, score]) => score ?? Number.NaN);

  function writeProject(settings: object, changed = 0): void {
    cpSync(join(FIXTURES, 'onnx-models'), folder, { recursive: true });
    const rows = scores.map(
      (score, row) => `r${String(row).padStart(2, '0')},${row % 2},${score + (row === 3 ? changed : 0)}\n`,
    );
    const model = {
      task: 'binary-classification',
      artifact: 'binary.onnx',
      predictions: { path: 'p.csv', id: 'id', target: 'y', score: 'p' },
      recompute: { features: 'features.csv', ...settings },
    };
    write({
      'p.csv': `id,y,p\n${rows.join('')}`,
      'mlgate.yml': JSON.stringify({ version: 1, models: { m: model } }),
    });
  }

  it('by ONNX Runtime, which is fetched', { timeout: 300_000 }, () => {
    writeProject({ inputs: { X: ['a', 'b', 'c'] } });
    const { status, stdout } = mlgate('test', '--json');
    expect(status).toBe(0);
    expect(parseEvidence(stdout, 'standard output').body.subjects).toMatchObject([
      { binding: 'recomputed', format: 'onnx', recomputed: { rows: 20, agreeing: 20 } },
    ]);
  });

  it('by ONNX Runtime: a prediction that is not of these bytes fails', { timeout: 300_000 }, () => {
    writeProject({ inputs: { X: ['a', 'b', 'c'] } }, 0.01);
    const { status, stdout } = mlgate('test', '--json');
    expect(status).toBe(1);
    expect(parseEvidence(stdout, 'standard output').body.subjects[0]?.binding).not.toBe('recomputed');
  });

  it('by a program', () => {
    write({
      'answer.mjs': `import { createInterface } from 'node:readline';
        const scores = ${JSON.stringify(scores)};
        for await (const line of createInterface({ input: process.stdin })) {
          const { id } = JSON.parse(line);
          console.log(JSON.stringify({ id, score: scores[Number(id.slice(1))] }));
        }`,
    });
    writeProject({ command: [process.execPath, 'answer.mjs', '{artifact}'] });
    expect(testModels(0).body.subjects).toMatchObject([
      { binding: 'recomputed', recomputed: { rows: 20, agreeing: 20 } },
    ]);
  });
});

describe('mlgate metrics', () => {
  /** One or two of each way in which files are parsed: each may sit in a chunk of its own. */
  const FILES: readonly (readonly [string, string, string, string])[] = [
    ['dvc/metrics.json', 'dvc', 'complete', 'JSON'],
    ['dvc/metrics.toml', 'dvc', 'complete', 'TOML'],
    ['dvc/metrics.yaml', 'dvc', 'complete', 'YAML'],
    ['dvc/loss.tsv', 'dvc', 'complete', 'TSV'],
    ['scikit-learn/binary.json', 'classification-report', 'complete', 'JSON'],
    ['junit/pytest-clean.xml', 'junit', 'complete', 'XML'],
    ['inspect-ai/success.eval', 'inspect-ai', 'complete', 'a zip'],
    ['inspect-ai/killed.eval', 'inspect-ai', 'partial', 'a zip without its end'],
    ['lm-eval/complete', 'lm-eval', 'complete', 'a folder of JSON lines'],
    ['tensorboard/tf2', 'tensorboard', 'complete', 'records of protocol buffers'],
    ['tfma/validated', 'tfma', 'complete', 'records of protocol buffers'],
    ['onnx/model.onnx', 'onnx', 'complete', 'protocol buffers'],
    ['wandb/run-failed.wandb', 'wandb-log', 'failed', 'a log of protocol buffers'],
    ['notebook/good.ipynb', 'notebook', 'complete', 'a notebook'],
    ['safetensors/model.safetensors', 'safetensors', 'complete', 'a header of JSON'],
  ];
  it.each(FILES)('imports %s', (file, format, status) => {
    const ended = mlgate('metrics', 'import', join(FIXTURES, file), '--json');
    expect(ended.stderr).toBe('');
    expect(JSON.parse(ended.stdout)).toMatchObject({ import: { format, status } });
  });

  it('imports a run of several from SQLite, and lists them when none is named', () => {
    const studies = join(FIXTURES, 'optuna', 'studies.db');
    const unnamed = mlgate('metrics', 'import', studies);
    expect(unnamed.status).toBe(2);
    expect(unnamed.stderr).toContain('`tune`, `two-goals`, `cut-off` (partial), `empty` (failed)');
    const named = mlgate('metrics', 'import', studies, '--run', 'tune', '--json');
    expect(JSON.parse(named.stdout)).toMatchObject({
      import: { format: 'optuna', run: 'tune', status: 'complete' },
    });
  });

  it('refuses a pickle', () => {
    const { status, stderr } = mlgate('metrics', 'import', join(FIXTURES, 'scikit-learn', 'model.pkl'));
    expect(status).toBe(2);
    expect(stderr).toContain('is a Python pickle, which runs code when it is read, so it is not read.');
  });

  it('lists metrics and formats, and explains one', () => {
    const listed = JSON.parse(mlgate('metrics', 'list', '--json').stdout) as {
      readonly metrics: readonly { readonly task: string; readonly name: string }[];
      readonly formats: readonly { readonly format: string }[];
    };
    expect(new Set(listed.metrics.map(({ task }) => task)).size).toBeGreaterThanOrEqual(6);
    expect(listed.formats.map(({ format }) => format)).toEqual(
      expect.arrayContaining(['junit', 'mlflow-db', 'tfma']),
    );
    expect(mlgate('metrics', 'explain', 'ece').stdout).toContain('Kumar');
  });
});
