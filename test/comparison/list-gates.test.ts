import { describe, expect, test } from 'vitest';
import { listGates } from '../../src/comparison/list-gates.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type { Config, ModelConfig, NumberGate } from '../../src/schemas/config.generated.ts';

const PREDICTIONS = { path: 'p.csv', id: 'id', target: 'y', score: 'p', threshold: 0.5 };

type Gates = Readonly<Record<string, Omit<ModelConfig['metrics'][string], 'severity'>>>;

function modelConfig(gates: Gates, model: Partial<ModelConfig> = {}): Pick<Config, 'models'> {
  const metrics = Object.fromEntries(
    Object.entries(gates).map(([name, gate]) => [name, { ...gate, severity: 'fail' as const }]),
  );
  return {
    models: {
      churn: {
        task: 'binary-classification',
        predictions: PREDICTIONS,
        metrics,
        'flip-examples': 10,
        'error-examples': 10,
        unpaired: false,
        ...model,
      },
    },
  };
}

function locate(path: readonly string[]) {
  return { file: 'mlgate.yml', key: path.join('.'), line: path.length, column: 3 };
}

function mistakes(config: Pick<Config, 'models' | 'metrics'>): string {
  try {
    listGates(config, locate);
  } catch (error) {
    if (error instanceof UserError) return `${error.message}\n${error.help ?? ''}`;
    throw error;
  }
  return 'nothing was thrown';
}

function numberGate(extra: Partial<NumberGate>): NumberGate {
  return { 'max-regression': 0.1, severity: 'warn', ...extra };
}

describe('gates of a config', () => {
  test('have the names of the catalogue, their margins and where they stand', () => {
    const config = modelConfig({
      AUC: { 'at-least': 0.7, 'max-regression': '5%' },
      logloss: { 'at-most': 0.4 },
    });
    expect(listGates(config, locate)).toEqual([
      {
        about: { model: 'churn' },
        metric: 'roc_auc',
        atLeast: 0.7,
        maxRegression: { kind: 'relative', value: 0.05 },
        severity: 'fail',
        source: { file: 'mlgate.yml', key: 'models.churn.metrics.AUC', line: 4, column: 3 },
        boundSources: {
          'at-least': { file: 'mlgate.yml', key: 'models.churn.metrics.AUC.at-least', line: 5, column: 3 },
          'max-regression': {
            file: 'mlgate.yml',
            key: 'models.churn.metrics.AUC.max-regression',
            line: 5,
            column: 3,
          },
        },
      },
      {
        about: { model: 'churn' },
        metric: 'log_loss',
        atMost: 0.4,
        severity: 'fail',
        source: { file: 'mlgate.yml', key: 'models.churn.metrics.logloss', line: 4, column: 3 },
        boundSources: {
          'at-most': { file: 'mlgate.yml', key: 'models.churn.metrics.logloss.at-most', line: 5, column: 3 },
        },
      },
    ]);
  });

  test('of numbers keep their key and take the direction stated or known', () => {
    const gates = listGates(
      {
        metrics: {
          training: {
            path: 'm.json',
            gates: { val_loss: numberGate({}), wibble: numberGate({ direction: 'higher-is-better' }) },
          },
        },
      },
      locate,
    );
    expect(
      gates.map(({ about, metric, direction, severity }) => [about, metric, direction, severity]),
    ).toEqual([
      [{ metricsFile: 'training' }, 'val_loss', 'lower-is-better', 'warn'],
      [{ metricsFile: 'training' }, 'wibble', 'higher-is-better', 'warn'],
    ]);
  });

  test('all mistakes are listed at once, each with its place', () => {
    const config = {
      ...modelConfig({ acuracy: { 'at-least': 0.5 }, mae: { 'at-most': 1 }, perplexity: { 'at-most': 1 } }),
      metrics: {
        training: { path: 'm.json', gates: { wibble: { 'max-regression': 0.1, severity: 'fail' as const } } },
      },
    };
    const text = mistakes(config);
    expect(text).toContain(
      'mlgate.yml:4:3: `models.churn.metrics.acuracy`: is no metric that mlgate knows. Did you mean `accuracy`?',
    );
    expect(text).toContain(
      '`models.churn.metrics.mae`: is a metric of regression and forecasting, not of binary-classification.',
    );
    expect(text).toContain(
      '`models.churn.metrics.perplexity`: is not computed from predictions; it can be read from a metrics file.',
    );
    expect(text).toContain(
      '`metrics.training.gates.wibble`: is no metric that mlgate knows, so `max-regression` cannot tell',
    );
    expect(text).toContain('Metrics of binary-classification: accuracy, precision');
    expect(text).toContain('direction: higher-is-better');
  });

  test.each([
    ['precision_at_recal@0.9', 'precision_at_recall@0.9'],
    ['precision_at_recal', 'precision_at_recall@…'],
    ['f1_scor@0.4', 'f1@0.4'],
    ['roc_auk@3', 'roc_auc'],
  ])('a misspelt %s is told from its number', (key, meant) => {
    expect(mistakes(modelConfig({ [key]: { 'at-least': 0.5 } }))).toContain(`Did you mean \`${meant}\`?`);
  });

  test('a number without max-regression needs no direction', () => {
    const config = {
      metrics: { t: { path: 'm.json', gates: { wibble: { 'at-least': 1, severity: 'fail' as const } } } },
    };
    expect(listGates(config, locate)[0]).toMatchObject({ metric: 'wibble', atLeast: 1 });
    expect(listGates(config, locate)[0]).not.toHaveProperty('direction');
  });

  test('two names of one metric are refused', () => {
    expect(mistakes(modelConfig({ auc: { 'at-least': 0.5 }, roc_auc: { 'at-least': 0.6 } }))).toMatch(
      /roc_auc`: names the same metric as `auc`/,
    );
  });

  test('a metric of scores needs scores', () => {
    const { score: _score, ...predictions } = { ...PREDICTIONS, prediction: 'said' };
    expect(mistakes(modelConfig({ auc: { 'at-least': 0.5 } }, { predictions }))).toMatch(
      /ROC AUC needs a score/,
    );
  });

  test.each([
    [{ accuracy: { 'at-least': 75 } }, /at-least`: 75 can never decide\. Did you mean 0\.75\?/],
    [{ log_loss: { 'at-most': -1 } }, /at-most`: -1 can never decide\./],
    [{ accuracy: { 'max-regression': 2 } }, /2 would allow any change\. Did you mean 0\.02, or "2%"\?/],
    [{ brier: { 'max-regression': 1 } }, /would allow any change/],
    [{ accuracy: { 'max-regression': '100%' } }, /100% would allow any change/],
  ])('a bound that cannot be meant is refused: %j', (gates, message) => {
    expect(mistakes(modelConfig(gates))).toMatch(message);
  });

  test('an unbounded metric may have any margin', () => {
    expect(listGates(modelConfig({ log_loss: { 'max-regression': 2 } }), locate)).toHaveLength(1);
  });

  test('no models and no metrics are no gates', () => {
    expect(listGates({}, locate)).toEqual([]);
  });
});

function fileWith(gate: Partial<NumberGate>): Pick<Config, 'metrics'> {
  return { metrics: { t: { path: 'm.json', gates: { wibble: numberGate(gate) } } } };
}

function sliced(slices: Partial<ModelConfig['slices'] & {}>) {
  return modelConfig({}, { slices: { by: ['region'], severity: 'warn', ...slices } });
}

describe('bounds on a change', () => {
  test('are all read, with where they stand', () => {
    const [gate] = listGates(
      modelConfig({ accuracy: { 'min-improvement': 0.01, 'max-improvement': '10%' } }),
      locate,
    );
    expect(gate).toMatchObject({
      minImprovement: { kind: 'absolute', value: 0.01 },
      maxImprovement: { kind: 'relative', value: 0.1 },
      boundSources: { 'max-improvement': { key: 'models.churn.metrics.accuracy.max-improvement' } },
    });
  });

  test.each([
    [{ 'at-least': 0.9, 'at-most': 0.8 }, '0.9 is above the 0.8 of `at-most`'],
    [{ 'min-improvement': 0.05, 'max-improvement': 0.02 }, 'asks for more than `max-improvement` allows'],
    [{ 'max-change': 0.01, 'max-regression': 0.02 }, '`max-regression` one of them again'],
    [{ 'max-change': '1%', 'max-improvement': 0.02 }, '`max-improvement` one of them again'],
    [{ 'max-change': 0.01, 'min-improvement': 0.02 }, '`min-improvement` for something better'],
    [{ 'min-improvement': 2 }, '2 can never be reached. Did you mean 0.02, or "2%"?'],
    [{ 'max-change': 0 }, '0 can never pass'],
    [{ 'max-change': 5 }, '5 would allow any change. Did you mean 0.05, or "5%"?'],
    [{ 'max-change': '100%' }, '100% would allow any change.'],
  ])('%j contradict each other or mean nothing', (gate, text) => {
    expect(mistakes(modelConfig({ accuracy: gate }))).toContain(text);
  });

  test('that agree are taken', () => {
    const gate = {
      'at-least': 0.8,
      'at-most': 0.8,
      'min-improvement': '2%',
      'max-improvement': 0.01,
    } as const;
    expect(mistakes(modelConfig({ accuracy: gate }))).toBe('nothing was thrown');
  });

  test('of numbers: one word on how they vary, and a direction where one is needed', () => {
    const direction = 'higher-is-better' as const;
    expect(mistakes(fileWith({ direction, noise: 0.1, folds: { 'test-share': 0.2 } }))).toContain(
      'metrics.t.gates.wibble.folds`: says how the number varies, as `noise` does.',
    );
    expect(mistakes(fileWith({ direction, noise: 'history', seeds: true }))).toContain('as `noise` does');
    expect(listGates(fileWith({ direction, seeds: true }), locate)).toMatchObject([{ seeds: true }]);
    const undirected = { 'max-regression': undefined, 'min-improvement': 0.1 } as unknown as NumberGate;
    expect(mistakes(fileWith(undirected))).toContain('`min-improvement` cannot tell which way is worse');
    const either = { 'max-regression': undefined, 'max-change': 0.1 } as unknown as NumberGate;
    expect(mistakes(fileWith(either))).toBe('nothing was thrown');
  });
});

describe('gates of metrics with a number, without a direction, of other tasks', () => {
  test('a number after the name is part of it', () => {
    const gates = listGates(modelConfig({ 'F1@0.30': { 'at-least': 0.5 }, f1: { 'at-least': 0.5 } }), locate);
    expect(gates.map(({ metric }) => metric)).toEqual(['f1@0.3', 'f1']);
    expect(mistakes(modelConfig({ 'f1@3': { 'at-least': 0.5 } }))).toContain(
      'F1 asks for a number from 0 to 1 after the `@`: a score of at least this counts as predicted positive.',
    );
    const twice = { 'f1@0.3': { 'at-least': 0.5 }, 'F1@0.30': { 'at-least': 0.5 } };
    expect(mistakes(modelConfig(twice))).toContain('names the same metric as `f1@0.3`');
  });

  test('at a threshold a metric of labels needs a score', () => {
    const labels = { predictions: { path: 'p.csv', id: 'id', target: 't', prediction: 'p', threshold: 0.5 } };
    expect(mistakes(modelConfig({ f1: { 'at-least': 0.5 } }, labels))).toBe('nothing was thrown');
    expect(mistakes(modelConfig({ 'f1@0.3': { 'at-least': 0.5 } }, labels))).toContain(
      'F1 at a threshold of 0.3 needs a score, and `models.churn.predictions` names no `score` column.',
    );
  });

  test('of several classes the probabilities are named by `scores`', () => {
    const task = 'multiclass-classification';
    const labels = { path: 'p.csv', id: 'id', target: 't', prediction: 'p', threshold: 0.5 };
    const gates = { 'top_k_accuracy@3': { 'at-least': 0.5 } };
    expect(mistakes(modelConfig(gates, { task, predictions: labels }))).toContain('names no `scores`');
    expect(mistakes(modelConfig(gates, { task, predictions: { ...labels, scores: 'p_*' } }))).toBe(
      'nothing was thrown',
    );
  });

  test('grades are metrics under their own names', () => {
    const grades = {
      helpful: { direction: 'higher-is-better', bounds: [1, 5] },
      toxicity: { direction: 'lower-is-better' },
    } as const;
    const model = {
      task: 'graded',
      predictions: { path: 'p.csv', id: 'id', threshold: 0.5, grades },
    } as const;
    expect(listGates(modelConfig({ helpful: { 'at-least': 4 } }, model), locate)).toMatchObject([
      { metric: 'helpful', atLeast: 4 },
    ]);
    expect(mistakes(modelConfig({ helpful: { 'at-least': 6 } }, model))).toContain('6 can never decide');
    expect(mistakes(modelConfig({ helpfull: { 'at-least': 4 } }, model))).toContain(
      'Did you mean `helpful`?',
    );
  });

  test('what is best in between has no worse, but a change', () => {
    expect(mistakes(modelConfig({ calibration_slope: { 'max-regression': 0.1 } }))).toContain(
      'Calibration slope is neither better when higher nor when lower.',
    );
    expect(mistakes(sliced({ 'max-regression': { selection_rate: 0.1 } }))).toContain('neither better');
    const kept = { 'at-least': 0.9, 'at-most': 1.1, 'max-change': 0.1 };
    expect(mistakes(modelConfig({ calibration_slope: kept }))).toBe('nothing was thrown');
  });
});

describe('gates of slices', () => {
  test('are one for every slice, and one for each that must be there', () => {
    const gates = listGates(sliced({ 'max-regression': { acc: '5%' }, expect: ['region=north'] }), locate);
    expect(gates).toMatchObject([
      {
        about: { model: 'churn' },
        metric: 'accuracy',
        everySlice: true,
        maxRegression: { kind: 'relative', value: 0.05 },
        severity: 'warn',
        source: { key: 'models.churn.slices.max-regression.acc' },
      },
      { about: { model: 'churn', slice: 'region=north' }, metric: 'accuracy', expect: true },
    ]);
  });

  test.each([
    [{ 'max-regression': { accurcy: 0.05 } }, 'Did you mean `accuracy`?'],
    [
      { 'max-regression': { mae: 0.05 } },
      'is a metric of regression and forecasting, not of binary-classification',
    ],
    [{ 'max-regression': { accuracy: 5 } }, 'Did you mean 0.05, or "5%"?'],
    [{ 'max-regression': { accuracy: 0.05, acc: 0.04 } }, 'names the same metric as `accuracy`'],
    [{ expect: ['north'] }, '`north` is no name of a slice'],
  ])('%j is a mistake', (slices, text) => {
    expect(mistakes(sliced(slices))).toContain(text);
  });
});
