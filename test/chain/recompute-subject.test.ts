/** Models run in the chain: real files, the real engine, real programs, the real ONNX Runtime. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runChain } from '../../src/chain/chain.ts';
import { connectFiles, openWorkspace, readConfig } from '../../src/chain/connect.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { sha256 } from '../../src/evidence/digest.ts';
import { parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { connectRuntimes } from '../../src/platform/model-runtimes/model-runtimes.ts';
import { locateOnnxRuntime } from '../../src/platform/native-packages.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';
import { NO_BASELINE } from './memory-effects.ts';

let engine: Engine;
let folder: string;

beforeAll(() => {
  engine = startUnitEngine();
});

afterAll(async () => await engine.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlgate-recompute-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const ROWS = 60;

/** The test set: `x` decides, the model scores `x / 100`. */
function featuresOf(row: number): { readonly id: string; readonly x: number; readonly y: number } {
  const x = (row * 37) % 100;
  return { id: `e${row}`, x, y: x >= 50 ? 1 : 0 };
}

const TABLE = Array.from({ length: ROWS }, (_, row) => featuresOf(row));

/** A model is a file with a number, and scores are `x` divided by it. */
const PROGRAM = `
  import { readFileSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  const divisor = Number(readFileSync(process.argv[2], 'utf8'));
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, x } = JSON.parse(line);
    console.log(JSON.stringify({ id, score: x / divisor }));
  }
`;

interface Project {
  readonly model?: string;
  readonly program?: string;
  /** Lines of \`recompute\` besides features and command. */
  readonly settings?: string;
  readonly features?: string;
  /** Lines of the model besides \`recompute\`. */
  readonly modelSettings?: string;
  readonly predictions?: string;
}

const FEATURES = `id,x,note\n${TABLE.toReversed()
  .map(({ id, x }) => `${id},${x},"a ""b"", c"\n`)
  .join('')}`;
const PREDICTIONS = `id,y,p\n${TABLE.map(({ id, x, y }) => `${id},${y},${x / 100}\n`).join('')}`;

function writeProject({
  model = '100',
  program = PROGRAM,
  settings = 'rows: 20',
  features = FEATURES,
  modelSettings = '',
  predictions = PREDICTIONS,
}: Project = {}): void {
  writeFileSync(join(folder, 'model.txt'), model);
  writeFileSync(join(folder, 'predict.mjs'), program);
  writeFileSync(join(folder, 'features.csv'), features);
  writeFileSync(join(folder, 'predictions.csv'), predictions);
  writeFileSync(
    join(folder, 'mlgate.yml'),
    `version: 1
models:
  churn:
    artifact: model.txt
    task: binary-classification
    predictions: { path: predictions.csv, id: id, target: y, score: p }
    ${modelSettings}
    recompute:
      features: features.csv
      command: [${JSON.stringify(process.execPath)}, predict.mjs, "{artifact}"]
      ${settings}
`,
  );
}

async function run(): Promise<Evidence> {
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
      findBaseline: async () => await Promise.resolve(NO_BASELINE),
      runtimes: connectRuntimes({
        environment: process.env,
        workerPath: resolve('src/platform/model-runtimes/onnx/worker-main.ts'),
        locateRuntime: async () =>
          await locateOnnxRuntime({ environment: process.env, remark: () => undefined }),
      }),
      now: () => new Date('2026-11-03T12:00:00Z'),
      onStep: () => undefined,
    },
  );
  return parseEvidence(printEvidence(evidence), 'evidence.json');
}

function recomputedOf({ body }: Evidence): Check {
  const check = body.checks.find(({ id }) => id === 'model/churn/recomputed');
  if (check === undefined) throw new Error('nothing was recomputed');
  return check;
}

/** Each id in two columns, of which the first holds the sign that ids are joined by. */
function splitIds(table: string): string {
  return table.replace('id,', 'store,day,').replaceAll(/^e(\d)(\d*),/gm, 'a|$1,0$2,');
}

describe('a model that made the predictions', () => {
  it('binds them to its bytes', async () => {
    writeProject();
    const evidence = await run();
    expect(evidence.body.subjects).toMatchObject([
      {
        binding: 'recomputed',
        recomputed: {
          rows: 20,
          agreeing: 20,
          tolerance: 1e-5,
          largestDifference: 0,
          runtime: `${process.execPath} predict.mjs {artifact}`,
        },
      },
    ]);
    expect(recomputedOf(evidence)).toMatchObject({
      verdict: 'pass',
      observed: 20,
      expected: 20,
      source: { file: 'mlgate.yml', key: 'models.churn.recompute' },
    });
    expect(evidence.body.inputs.map(({ role }) => role)).toEqual(['artifact', 'features', 'predictions']);
    // Nobody declared anything, and nobody had to.
    expect(evidence.body.checks.map(({ name }) => name)).not.toContain('binding');
  });

  it('does so with the same evidence each time, and with another sample for another seed', async () => {
    const program = `${PROGRAM}\n  `;
    const answered = async (settings: string, seed: string) => {
      const log = `import { appendFileSync } from 'node:fs';\n${program.replace('console.log', 'appendFileSync("log", id + " ");\n    console.log')}`;
      writeProject({ settings, program: log });
      const config = readFileSync(join(folder, 'mlgate.yml'), 'utf8');
      writeFileSync(join(folder, 'mlgate.yml'), `${config}comparison: { seed: ${seed} }\n`);
      rmSync(join(folder, 'log'), { force: true });
      const { digest } = await run();
      return { digest, ids: readFileSync(join(folder, 'log'), 'utf8') };
    };
    const first = await answered('rows: 10', '1');
    expect(first.ids.trim().split(' ')).toHaveLength(10);
    expect(await answered('rows: 10', '1')).toEqual(first);
    expect((await answered('rows: 10', '2')).ids).not.toBe(first.ids);
    expect((await answered('rows: 1000', '1')).ids.trim().split(' ')).toHaveLength(ROWS);
  });

  it('whose ids are made of several columns', async () => {
    writeProject({
      predictions: splitIds(PREDICTIONS),
      features: splitIds(FEATURES),
      settings: `rows: ${ROWS}`,
    });
    const config = readFileSync(join(folder, 'mlgate.yml'), 'utf8');
    writeFileSync(join(folder, 'mlgate.yml'), config.replace('id: id', 'id: [store, day]'));
    const { body } = await run();
    expect(body.checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message)).toEqual([]);
    expect(body.subjects).toMatchObject([{ binding: 'recomputed', recomputed: { agreeing: ROWS } }]);
  });

  it('may be a declared one too, but a declaration of another refuses it', async () => {
    writeProject();
    writeFileSync(
      join(folder, 'predictions.csv.mlgate.json'),
      JSON.stringify({ version: 1, subject: { sha256: 'a'.repeat(64) } }),
    );
    const { body } = await run();
    expect(body.subjects).toMatchObject([{ binding: 'none', recomputed: { agreeing: 20 } }]);
    expect(body.checks.find(({ name }) => name === 'binding')).toMatchObject({ verdict: 'fail' });
  });
});

/** Predictions with a column of labels. */
function labelledPredictions(edit: (label: number, row: number) => number): string {
  const rows = TABLE.map(({ id, x, y }, row) => `${id},${y},${x / 100},${edit(x >= 50 ? 1 : 0, row)}\n`);
  return `id,y,p,label\n${rows.join('')}`;
}

function readLabels(): void {
  const text = readFileSync(join(folder, 'mlgate.yml'), 'utf8');
  writeFileSync(join(folder, 'mlgate.yml'), text.replace('score: p }', 'score: p, prediction: label }'));
}

describe('a model that did not make the predictions', () => {
  it('fails with examples: id, the file’s value, the model’s value', async () => {
    writeProject({ model: '200' });
    writeFileSync(
      join(folder, 'predictions.csv.mlgate.json'),
      // Declared in good faith by a training run that mixed up its files.
      JSON.stringify({
        version: 1,
        subject: { sha256: sha256('200') },
      }),
    );
    const evidence = await run();
    const check = recomputedOf(evidence);
    expect(check).toMatchObject({ verdict: 'fail', reason: 'recomputed-differently', rows: 20 });
    expect(check.message).toMatch(
      /^`model\.txt` answers differently for \d+ of the 20 examples that it was run on\. For example \("e\d+"\), `score` is 0\.\d+ in the file, and the model says 0\.\d+\. A different model made `predictions\.csv`, or `features\.csv` are not the inputs that it was given\.$/,
    );
    const [example] = check.examples ?? [];
    const row = (example?.row ?? 0) - 1;
    const { id, x } = featuresOf(row);
    expect(example).toEqual({
      row: row + 1,
      column: 'score',
      value: `${id}: file ${x / 100}, model ${x / 200}`,
    });
    expect(evidence.body.subjects[0]?.binding).toBe('none');
    expect(evidence.body.verdict).toBe('fail');
  });

  it('fails for labels that somebody else wrote beside its scores', async () => {
    const program = PROGRAM.replace('score: x / divisor', 'score: x / divisor, prediction: x >= 50 ? 1 : 0');
    writeProject({ program, settings: `rows: ${ROWS}`, predictions: labelledPredictions((label) => label) });
    readLabels();
    expect(recomputedOf(await run()).verdict).toBe('pass');
    writeProject({
      program,
      settings: `rows: ${ROWS}`,
      predictions: labelledPredictions((label, row) => (row === 7 ? 1 - label : label)),
    });
    readLabels();
    expect(recomputedOf(await run())).toMatchObject({
      verdict: 'fail',
      violations: 1,
      examples: [{ row: 8, column: 'prediction', value: 'e7: file 0, model 1' }],
    });
  });

  it('names no ids where they are private', async () => {
    writeProject({ model: '200', modelSettings: 'error-examples: 0' });
    const check = recomputedOf(await run());
    expect(check.verdict).toBe('fail');
    expect(JSON.stringify([check.message, check.examples])).not.toMatch(/\be\d+/);
  });
});

describe('a model that cannot be run', () => {
  it.each([
    [
      'because the program fails',
      { program: `console.error('No module named sklearn'); process.exit(1);` },
      'foreign-failure',
      'ended with exit code 1. It last wrote to its standard error: No module named sklearn',
    ],
    [
      'because it takes too long',
      { program: 'setInterval(() => {}, 1000);', settings: 'timeout-seconds: 1' },
      'foreign-failure',
      'did not end within 1 s',
    ],
    [
      'because it answers half',
      { program: PROGRAM.replace('console.log', 'if (x < 50) console.log') },
      'foreign-incomplete',
      'are missing',
    ],
    [
      'because it talks',
      { program: `console.log('Loading…');${PROGRAM}` },
      'foreign-failure',
      'is no JSON: Loading…',
    ],
    [
      'because it changes the model',
      { program: `${PROGRAM}; (await import('node:fs')).writeFileSync(process.argv[2], '100 ');` },
      'foreign-failure',
      '`model.txt` changed while it was run',
    ],
    [
      'because features are missing',
      { features: FEATURES.split('\n').slice(0, 30).join('\n') },
      'unmatched-ids',
      'of the 20 examples of the sample ("e',
    ],
    [
      'because features are there twice',
      { features: FEATURES + FEATURES.split('\n').slice(1).join('\n') },
      'unmatched-ids',
      'stands in several rows of features.csv',
    ],
    ['because there are no features', { features: '' }, 'empty', ''],
    [
      'because its predictions are bad',
      { predictions: PREDICTIONS.replace(/e5,(\d),[\d.]+/, 'e5,$1,2') },
      'depends-on-failed-check',
      'The predictions could not be read, so the model was not run.',
    ],
  ] as const)('is never bound, %s', async (_name, project, reason, message) => {
    writeProject(project);
    const { body, ...evidence } = await run();
    const check = recomputedOf({ ...evidence, body });
    expect(check).toMatchObject({ reason, message: expect.stringContaining(message) });
    expect(body.subjects[0]?.binding).toBe('none');
    expect(body.verdict).toBe('fail');
  });

  it('because there is no such program ends the run', async () => {
    writeProject({ program: '' });
    const config = readFileSync(join(folder, 'mlgate.yml'), 'utf8');
    writeFileSync(
      join(folder, 'mlgate.yml'),
      config.replace(JSON.stringify(process.execPath), 'no-such-program'),
    );
    await expect(run()).rejects.toThrow(
      '`no-such-program`, which `recompute.command` names, could not be started',
    );
  });

  it('because the config is wrong ends the run', async () => {
    writeProject({ settings: 'id: ids' });
    await expect(run()).rejects.toThrow(
      'features.csv has no column `ids` with the id of an example, which `models.churn.recompute` needs. Did you mean `id`?',
    );
  });
});

describe('an ONNX model', () => {
  const MODELS = resolve('test/fixtures/onnx-models');

  function writeOnnxProject(model: string, predictions: string, rest: string): void {
    cpSync(MODELS, folder, { recursive: true });
    writeFileSync(join(folder, 'predictions.csv'), predictions);
    writeFileSync(
      join(folder, 'mlgate.yml'),
      `version: 1\nmodels:\n  churn:\n    artifact: ${model}.onnx\n${rest}`,
    );
  }

  const answers = JSON.parse(readFileSync(join(MODELS, 'answers.json'), 'utf8')) as {
    readonly binary: { readonly probabilities: readonly (readonly number[])[] };
    readonly columns: { readonly label: readonly string[] };
  };
  const ids = Array.from({ length: 20 }, (_, row) => `r${String(row).padStart(2, '0')}`);

  it('binds scores', async () => {
    const scores = ids.map((id, row) => `${id},${row % 2},${answers.binary.probabilities[row]?.[1]}\n`);
    writeOnnxProject(
      'binary',
      `id,y,p\n${scores.join('')}`,
      `    task: binary-classification
    predictions: { path: predictions.csv, id: id, target: y, score: p }
    recompute: { features: features.csv, inputs: { X: [a, b, c] } }
`,
    );
    const { body } = await run();
    expect(body.subjects).toMatchObject([
      { binding: 'recomputed', format: 'onnx', recomputed: { rows: 20, agreeing: 20 } },
    ]);
    expect(body.subjects[0]?.recomputed?.runtime).toMatch(/^onnxruntime \d+\.\d+\.\d+$/);
    expect(body.subjects[0]?.recomputed?.largestDifference).toBeLessThan(1e-6);
  });

  it('binds labels', async () => {
    const labels = ids.map(
      (id, row) => `${id},${row % 2 === 0 ? 'low' : 'high'},${answers.columns.label[row]}\n`,
    );
    writeOnnxProject(
      'columns',
      `id,y,p\n${labels.join('')}`,
      `    task: multiclass-classification
    predictions: { path: predictions.csv, id: id, target: y, prediction: p }
    recompute: { features: features.csv }
`,
    );
    const { body } = await run();
    expect(body.subjects).toMatchObject([{ binding: 'recomputed', recomputed: { agreeing: 20 } }]);
  });
});
