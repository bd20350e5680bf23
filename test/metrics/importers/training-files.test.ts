/** Hugging Face's, scikit-learn's, SHAP's and W&B's JSON. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CLASSIFICATION_REPORT } from '../../../src/metrics/importers/classification-report.ts';
import type { Importer } from '../../../src/metrics/importers/importer.ts';
import { recogniseFormat } from '../../../src/metrics/importers/recognise-format.ts';
import { SHAP } from '../../../src/metrics/importers/shap.ts';
import { TRAINER_RESULTS } from '../../../src/metrics/importers/trainer-results.ts';
import { TRAINER_STATE } from '../../../src/metrics/importers/trainer-state.ts';
import { WANDB } from '../../../src/metrics/importers/wandb.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FIXTURES = 'test/fixtures';

async function readOne(importer: Importer, path: string) {
  const source = await fileSource(`${FIXTURES}/${path}`);
  expect((await recogniseFormat(source)).format).toBe(importer.format);
  const [run] = await importer.read(source);
  if (run === undefined) throw new Error('no run');
  return { ...run, byKey: Object.fromEntries(run.numbers.map(({ key, value }) => [key, value])) };
}

test.each([
  [TRAINER_STATE, 'transformers/trainer_state.json'],
  [TRAINER_STATE, 'transformers/interrupted.json'],
  [CLASSIFICATION_REPORT, 'scikit-learn/binary.json'],
  [CLASSIFICATION_REPORT, 'scikit-learn/multilabel.json'],
  [CLASSIFICATION_REPORT, 'scikit-learn/undefined.json'],
  [SHAP, 'shap/explanation.json'],
])('%o: %s, cut or changed', async (importer, path) => {
  expect(await findFlaws(importer, `${FIXTURES}/${path}`)).toEqual([]);
});

describe("the Trainer's state", () => {
  test('gives the last value of everything that was logged', async () => {
    const run = await readOne(TRAINER_STATE, 'transformers/trainer_state.json');
    expect(run.status).toBe('complete');
    expect(run.byKey).toEqual({
      loss: 0.5,
      grad_norm: Number.NaN,
      learning_rate: 1e-5,
      eval_loss: 0.55,
      eval_accuracy: 0.84,
      eval_runtime: 1.4,
      total_flos: 0,
      train_loss: 0.6,
      train_runtime: 9,
      train_samples_per_second: 10,
      train_steps_per_second: 2,
      best_metric: 0.84,
    });
  });

  test('of a training that was interrupted is partial', async () => {
    const run = await readOne(TRAINER_STATE, 'transformers/interrupted.json');
    expect(run).toMatchObject({ status: 'partial', detail: 'The training is at step 10 of 20.' });
  });

  test('that is almost right says where', async () => {
    const text = '{"global_step": 20, "max_steps": 20, "log_history": [{"loss": 1}, 7]}';
    await expect(TRAINER_STATE.read(memorySource('trainer_state.json', text))).rejects.toThrow(
      'trainer_state.json: `log_history[1]` is 7; it must be a mapping.',
    );
  });
});

test("the Trainer's results count the examples of each split", async () => {
  const text =
    '{"epoch": 3.0, "eval_accuracy": 0.84, "eval_runtime": 1.4, "eval_samples": 872, "train_loss": NaN}';
  const source = memorySource('out/all_results.json', text);
  expect((await recogniseFormat(source)).format).toBe('trainer-results');
  const [run] = await TRAINER_RESULTS.read(source);
  expect(run?.numbers).toEqual([
    { key: 'epoch', value: 3 },
    { key: 'eval_accuracy', value: 0.84, n: 872 },
    { key: 'eval_runtime', value: 1.4 },
    { key: 'eval_samples', value: 872 },
    { key: 'train_loss', value: Number.NaN },
  ]);
  await expect(
    TRAINER_RESULTS.read(memorySource('all_results.json', '{"eval_accuracy": "high"}')),
  ).rejects.toThrow('all_results.json has no number in it');
});

describe('the classification report', () => {
  test('has examples for accuracy and for the recall of each class', async () => {
    const run = await readOne(CLASSIFICATION_REPORT, 'scikit-learn/binary.json');
    expect(run.status).toBe('complete');
    expect(run.numbers.filter(({ n }) => n !== undefined).map(({ key, n }) => [key, n])).toEqual([
      ['accuracy', 200],
      ['0.recall', 101],
      ['1.recall', 99],
    ]);
    expect(run.byKey['macro avg.f1-score']).toBeCloseTo(0.84994, 5);
  });

  test('of several labels has a micro average in the place of accuracy', async () => {
    const run = await readOne(CLASSIFICATION_REPORT, 'scikit-learn/multilabel.json');
    expect(run.status).toBe('complete');
    expect(run.byKey['micro avg.recall']).toBeCloseTo(2 / 3, 9);
    expect(run.byKey['accuracy']).toBeUndefined();
  });

  test('with metrics that are undefined has NaN for them', async () => {
    const run = await readOne(CLASSIFICATION_REPORT, 'scikit-learn/undefined.json');
    expect(run.byKey['1.precision']).toBeNaN();
  });

  test('with a class that is called as a row is incomplete, because scikit-learn wrote over it', async () => {
    const run = await readOne(CLASSIFICATION_REPORT, 'scikit-learn/class-named-accuracy.json');
    expect(run.status).toBe('partial');
    expect(run.detail).toContain('Its classes have 1 examples and its averages 2');
  });

  test('as a pickle is refused', async () => {
    await expect(recogniseFormat(await fileSource(`${FIXTURES}/scikit-learn/model.pkl`))).rejects.toThrow(
      'model.pkl is a Python pickle, which runs code when it is read, so it is not read.',
    );
  });
});

describe('SHAP values', () => {
  test('give the importances that SHAP itself computes of them, with their standard errors', async () => {
    const run = await readOne(SHAP, 'shap/explanation.json');
    const expected = JSON.parse(await readFile(`${FIXTURES}/shap/importances.json`, 'utf8')) as Record<
      string,
      number
    >;
    for (const [name, value] of Object.entries(expected)) {
      expect(run.byKey[`mean_abs.${name}`]).toBeCloseTo(value, 12);
    }
    const shares = run.numbers.filter(({ key }) => key.startsWith('share.')).map(({ value }) => value);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(run.numbers.filter(({ standardError }) => standardError !== undefined)).toHaveLength(4);
  });

  test('of several classes are averaged over them', async () => {
    const text = '{"feature_names": ["a", "b"], "values": [[[1, -3], [0, 0]], [[2, 2], [4, 4]]]}';
    const [run] = await SHAP.read(memorySource('shap.json', text));
    expect(run?.numbers.map(({ key, value }) => [key, value])).toEqual([
      ['mean_abs.a', 2],
      ['share.a', 0.5],
      ['mean_abs.b', 2],
      ['share.b', 0.5],
    ]);
  });

  test('of another number of features say where', async () => {
    const text = '{"feature_names": ["a", "b"], "values": [[1, 2], [1]]}';
    await expect(SHAP.read(memorySource('shap.json', text))).rejects.toThrow(
      'shap.json: `values[1]` is a list; it must be a list of 2, one for each of `feature_names`.',
    );
  });
});

test("W&B's summary is flattened, without what W&B says of itself", async () => {
  const text =
    '{"acc": {"max": 0.92}, "loss": "NaN", "_step": 2, "_runtime": 4.5, "_timestamp": 1795281668.6, "_wandb": {"runtime": 4}}';
  const source = memorySource('files/wandb-summary.json', text);
  expect((await recogniseFormat(source)).format).toBe('wandb');
  expect(await WANDB.read(source)).toMatchObject([
    {
      numbers: [
        { key: 'acc.max', value: 0.92 },
        { key: 'loss', value: Number.NaN },
      ],
      attributes: { step: 2, runtime: 4.5, timestamp: 1795281668.6 },
    },
  ]);
});
