/** The real ONNX Runtime, fetched as for users, on models that scikit-learn wrote: see test/fixtures/generate. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError, WorldError } from '../../../src/evidence/errors.ts';
import { sha256 } from '../../../src/evidence/digest.ts';
import type { FeatureColumn } from '../../../src/platform/model-runtimes/onnx/protocol.ts';
import {
  runOnnxModel,
  type OnnxOutcome,
  type OnnxRun,
} from '../../../src/platform/model-runtimes/run-onnx-model.ts';
import { locateOnnxRuntime } from '../../../src/platform/native-packages.ts';
import { ONNX_RUNTIME_PINS } from '../../../src/platform/native-pins.generated.ts';

const MODELS = resolve('test/fixtures/onnx-models');
const FETCH_TIMEOUT_MILLISECONDS = 240_000;

const [header = '', ...lines] = readFileSync(join(MODELS, 'features.csv'), 'utf8').trim().split('\n');
const FEATURES: readonly FeatureColumn[] = header
  .split(',')
  .map((name, at) => ({ name, cells: lines.map((line) => line.split(',')[at] ?? '') }));

type Answers = Readonly<Record<string, Readonly<Record<string, readonly (number | string | number[])[]>>>>;
const ANSWERS = JSON.parse(readFileSync(join(MODELS, 'answers.json'), 'utf8')) as Answers;

let module: string;
let temporary: string;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'mlgate-onnx-'));
  module = await locateOnnxRuntime({ environment: process.env, remark: () => undefined });
}, FETCH_TIMEOUT_MILLISECONDS);

afterAll(() => rmSync(temporary, { recursive: true }));

async function run(model: string, overrides: Partial<OnnxRun> = {}): Promise<OnnxOutcome> {
  return await runOnnxModel({
    workerPath: resolve('src/platform/model-runtimes/onnx/worker-main.ts'),
    locateRuntime: async () => await Promise.resolve(module),
    environment: { ...process.env, RUNNER_TEMP: temporary },
    artifact: join(MODELS, `${model}.onnx`),
    rows: lines.length,
    columns: FEATURES,
    inputs: {},
    timeoutSeconds: 60,
    ...overrides,
  });
}

const ABC = { X: ['a', 'b', 'c'] };

function flat(model: string, output: string): readonly unknown[] {
  return (ANSWERS[model]?.[output] ?? []).flat();
}

describe('a model', () => {
  it('gives what ONNX Runtime for Python gives, and says which bytes it is', async () => {
    const outcome = await run('binary', { inputs: ABC });
    if (outcome.kind !== 'answered') throw new Error(outcome.message);
    expect(outcome.version).toBe(ONNX_RUNTIME_PINS.platforms['linux-x64']?.version);
    expect(outcome.sha256).toBe(sha256(readFileSync(join(MODELS, 'binary.onnx'))));
    const [label, probabilities] = outcome.outputs;
    expect(label).toEqual({ name: 'label', type: 'int64', dims: [20], data: flat('binary', 'label') });
    expect(probabilities).toMatchObject({ name: 'probabilities', type: 'float32', dims: [20, 2] });
    flat('binary', 'probabilities').forEach((value, at) =>
      expect(probabilities?.data[at]).toBeCloseTo(Number(value), 6),
    );
  });

  it('takes numbers, whole numbers and texts, each from the column of its input’s name', async () => {
    const outcome = await run('columns');
    if (outcome.kind !== 'answered') throw new Error(outcome.message);
    expect(outcome.outputs[0]?.data).toEqual(flat('columns', 'label'));
    flat('columns', 'probabilities').forEach((value, at) =>
      expect(outcome.outputs[1]?.data[at]).toBeCloseTo(Number(value), 6),
    );
  });

  it('gives values', async () => {
    const outcome = await run('regression', { inputs: ABC });
    if (outcome.kind !== 'answered') throw new Error(outcome.message);
    flat('regression', 'variable').forEach((value, at) =>
      expect(outcome.outputs[0]?.data[at]).toBeCloseTo(Number(value), 2),
    );
  });

  it('that takes one row at a time is run row by row', async () => {
    const outcome = await run('one-by-one', { inputs: ABC });
    const [a, b, c] = [1, 2, 3].map((at) => FEATURES[at]?.cells.map(Number) ?? []);
    const expected = a?.map((value, row) => value + 2 * (b?.[row] ?? 0) + 4 * (c?.[row] ?? 0)) ?? [];
    if (outcome.kind !== 'answered') throw new Error(outcome.message);
    expect(outcome.outputs[0]?.dims).toEqual([20, 1]);
    expected.forEach((value, row) => expect(outcome.outputs[0]?.data[row]).toBeCloseTo(value, 5));
  });

  it('takes truth values, and a missing number', async () => {
    const columns = ['true', 'FALSE', '1'].map((cell, at) => ({ name: `c${at}`, cells: [cell] }));
    const inputs = { X: columns.map(({ name }) => name) };
    const outcome = await run('truth', { columns, inputs, rows: 1 });
    expect(outcome).toMatchObject({ outputs: [{ data: [5] }] });
    const missing = FEATURES.map((column) => ({ ...column, cells: ['', ...column.cells.slice(1)] }));
    const nan = await run('one-by-one', { columns: missing, inputs: ABC, rows: 1 });
    expect(nan).toMatchObject({ outputs: [{ data: [NaN] }] });
  });

  it('with a sequence of maps names it and gives the rest', async () => {
    const outcome = await run('zipmap', { inputs: ABC });
    expect(outcome).toMatchObject({
      outputs: [{ name: 'output_label', data: flat('binary', 'label') }],
      others: ['output_probability'],
    });
  });
});

describe('refuses', () => {
  it('weights in another file, wherever it lies', async () => {
    const message =
      'The model keeps its weights in another file, which the digest of the artifact does not cover. Save it as one file.';
    expect(await run('external', { inputs: ABC })).toEqual({ kind: 'failed', message });
    cpSync(MODELS, join(temporary, 'copy'), { recursive: true });
    const copied = join(temporary, 'copy', 'external.onnx');
    expect(await run('', { artifact: copied, inputs: ABC })).toEqual({ kind: 'failed', message });
  });

  it.each([
    ['is no ONNX', Buffer.from('pickle me')],
    ['is empty', Buffer.alloc(0)],
    ['is cut off', readFileSync(join(MODELS, 'columns.onnx')).subarray(0, 700)],
  ])('a file that %s', async (_name, bytes) => {
    const artifact = join(temporary, 'bad.onnx');
    writeFileSync(artifact, bytes);
    const outcome = await run('', { artifact });
    expect(outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^ONNX Runtime could not load the model: ./),
    });
  });

  it('an input that nothing feeds', async () => {
    const failure = run('binary');
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(
      "Nothing says which columns feed the model's input `X` (float32, [?, 3]): the features have none of that name.",
    );
  });

  it('a text where the model wants a number', async () => {
    const outcome = await run('binary', { inputs: { X: ['a', 'city', 'c'] } });
    expect(outcome).toEqual({ kind: 'failed', message: '"Bonn" in column `city` is no number.' });
  });
});

/** A worker that is none of ours. */
async function runWorker(script: string, overrides: Partial<OnnxRun> = {}): Promise<OnnxOutcome> {
  const workerPath = join(temporary, 'worker.mjs');
  writeFileSync(workerPath, script);
  return await run('binary', { workerPath, ...overrides });
}

describe('the child process', () => {
  it('sees no token, and starts in an empty folder that is removed', async () => {
    const script = `import { readdirSync } from 'node:fs';
      process.once('message', () => process.send({ kind: 'failed', message: JSON.stringify([process.env, readdirSync('.')]) }));`;
    const environment = {
      GITHUB_TOKEN: 'ghs',
      INPUT_TOKEN: 'x',
      PATH: '/bin',
      LANG: 'C',
      RUNNER_TEMP: temporary,
    };
    const outcome = await runWorker(script, { environment });
    expect(JSON.parse(outcome.kind === 'failed' ? outcome.message : '')).toEqual([
      expect.not.objectContaining({ GITHUB_TOKEN: 'ghs', INPUT_TOKEN: 'x', PATH: '/bin' }),
      [],
    ]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('mlgate-model-'))).toEqual([]);
  });

  it('is ended when its time is over', async () => {
    const outcome = await runWorker('setInterval(() => {}, 1000)', { timeoutSeconds: 0.5 });
    expect(outcome).toEqual({
      kind: 'failed',
      message: 'The model did not answer within 0.5 s (`timeout-seconds`), and was ended.',
    });
  });

  it('that crashes is the model’s fault; that is killed, the machine’s', async () => {
    const crash = await runWorker(`process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)`);
    expect(crash).toEqual({
      kind: 'failed',
      message: 'ONNX Runtime ended while it ran the model (signal SIGSEGV).',
    });
    await expect(
      runWorker(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`),
    ).rejects.toThrow('the machine most likely ran out of memory');
  });

  it('without a runtime is the machine’s fault', async () => {
    const failure = run('binary', {
      locateRuntime: async () => await Promise.resolve(join(temporary, 'nothing')),
      inputs: ABC,
    });
    await expect(failure).rejects.toThrow(WorldError);
    await expect(failure).rejects.toThrow(/^ONNX Runtime could not be loaded: .*Cannot find module/);
  });

  it('is ended when the run is stopped', async () => {
    const controller = new AbortController();
    const running = runWorker('setInterval(() => {}, 1000)', { signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(running).rejects.toThrow('The run was stopped while the model ran.');
    await expect(run('binary', { signal: controller.signal })).rejects.toThrow(WorldError);
  });
});
