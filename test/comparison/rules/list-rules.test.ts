import { describe, expect, test } from 'vitest';
import { listRules, listRuledMetrics } from '../../../src/comparison/rules/list-rules.ts';
import type { Condition } from '../../../src/comparison/rules/rule.ts';
import { parseWholeConfig } from '../../../src/chain/connect.ts';
import { UserError } from '../../../src/evidence/errors.ts';

const CONFIG = {
  version: 1,
  models: {
    churn: {
      task: 'binary-classification',
      predictions: { path: 'p.csv', id: 'id', target: 't', score: 's' },
      slices: {
        by: [
          'region',
          ['region', 'plan'],
          { column: 'age', bins: 3 },
          { name: 'at night', where: "time = 'Night'" },
        ],
      },
    },
    'churn.small': {
      task: 'binary-classification',
      predictions: { path: 'q.csv', id: 'id', target: 't', prediction: 'p' },
    },
    price: { task: 'regression', predictions: { path: 'r.csv', id: 'id', target: 't', prediction: 'p' } },
  },
  metrics: {
    serving: { path: 'm.json', gates: { p95_ms: { 'at-most': 900, direction: 'lower-is-better' } } },
    training: { path: 'n.json' },
  },
};

function list(require: string) {
  const text = JSON.stringify({ ...CONFIG, rules: { r: { require } } }, null, 1);
  const { config, locate } = parseWholeConfig(text, 'mlgate.yml');
  return listRules(config, locate);
}

function conditionOf(require: string): Condition {
  const tree = list(require)[0]?.tree;
  if (tree?.kind !== 'condition') throw new Error('no condition');
  return tree;
}

function mistakeOf(require: string): string {
  try {
    list(require);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`${require} is taken.`);
}

describe('listRules', () => {
  test.each([
    [
      'value(churn."F1@0.30") >= 0.8',
      { quantity: 'value', metric: 'f1@0.3', about: { model: 'churn' }, bound: 'at-least', threshold: 0.8 },
    ],
    [
      'value(churn.acc) >= 0.8',
      { quantity: 'value', metric: 'accuracy', about: { model: 'churn' }, bound: 'at-least', threshold: 0.8 },
    ],
    ['value(churn.accuracy) >= 80 points', { threshold: 0.8, relative: false }],
    [
      'regression(churn.accuracy) <= 0.5 points',
      { quantity: 'change', bound: 'at-least', threshold: -0.005 },
    ],
    ['regression(churn.accuracy) >= 2 points', { quantity: 'change', bound: 'at-most', threshold: -0.02 }],
    [
      'improvement(churn.log_loss) >= 0.1 nats',
      { direction: 'lower-is-better', bound: 'at-least', threshold: 0.1 },
    ],
    [
      'improvement(serving.p95_ms) >= 20 %',
      { about: { metricsFile: 'serving' }, direction: 'lower-is-better', threshold: 0.2, relative: true },
    ],
    ['value(serving.p95_ms) <= 0.2 s', { threshold: 200, relative: false }],
    ['regression(serving.p95_ms) <= 20ms', { bound: 'at-least', threshold: -20 }],
    [
      'regression(training.val_loss) <= 0',
      { metric: 'val_loss', direction: 'lower-is-better', threshold: 0 },
    ],
    ['value(training."some key, with signs") >= 3', { metric: 'some key, with signs', direction: undefined }],
    ['value(churn.small.accuracy) >= 0.8', { about: { model: 'churn.small' }, metric: 'accuracy' }],
    ['value(models.churn.accuracy) >= 0.8', { about: { model: 'churn' } }],
    ['value(churn[region=north].accuracy) >= 0.8', { about: { model: 'churn', slice: 'region=north' } }],
    [
      'value(churn[plan="a, b", region=""].accuracy) >= 0.8',
      { about: { model: 'churn', slice: 'region=, plan="a, b"' } },
    ],
  ])('%s', (require, expected) => {
    expect(conditionOf(require)).toMatchObject(expected);
  });

  test.each([
    [
      'value(chrun.accuracy) >= 0.8',
      /no model and no metrics file `chrun`. Did you mean `churn`\?.*Metrics files: serving, training/,
    ],
    ['value(churn) >= 0.8', /`churn` needs a metric, such as `churn.accuracy`/],
    [
      'value(churn.acuracy) >= 0.8',
      /no metric of the model `churn`. Did you mean `accuracy`\?.*Metrics of binary-classification/,
    ],
    ['value(price.accuracy) >= 0.8', /no metric of the model `price`.*mae, rmse/],
    ['value(churn.small.roc_auc) >= 0.8', /needs a score/],
    [
      'value(churn[regoin=north].accuracy) >= 0.8',
      /no slices by `regoin`. Did you mean `region`\?.*slices.by/,
    ],
    ['value(churn[region].accuracy) >= 0.8', /no condition `region` by itself.*`\[column=value\]`/],
    ['value(churn["at nigth"].accuracy) >= 0.8', /no condition `at nigth`.*Did you mean `at night`\?/],
    ['value(price[region=north].mae) <= 3', /It has none/],
    ['value(serving[region=north].p95_ms) <= 3', /metrics file, which has no slices/],
    ['value(churn.accuracy) >= 80 %', /relative to the baseline.*Write `0.8`/],
    ['value(churn.accuracy) >= 80', /can never be true.*Did you mean 0.8\?/],
    ['value(churn.accuracy) >= 0', /can only be true/],
    ['value(churn.accuracy) <= 1', /can only be true/],
    ['value(churn.log_loss) <= -1', /can never be true/],
    ['regression(churn.accuracy) <= 5', /can only be true: the regression of `accuracy` is at most 1/],
    ['improvement(churn.accuracy) >= 5', /can never be true/],
    ['regression(churn.accuracy) <= 100 %', /can only be true/],
    ['improvement(churn.log_loss) >= 120 %', /can never be true/],
    ['regression(churn.accuracy) <= -1 points', /an improvement: write `improvement\(...\) >= 1 points`/],
    ['regression(churn.accuracy) <= 5 ms', /`ms` does not fit. `accuracy` has no unit/],
    ['value(serving.p95_ms) <= 5 MB', /`MB` does not fit. `p95_ms` is in ms: write ns, us, ms, s, min, h/],
    ['regression(churn.log_loss) <= 2 points', /`log_loss` is no share/],
    ['regression(training.accuracy) <= 2 points', /may count in shares or in percent/],
    [
      'regression(training.p95_latency) <= 2',
      /nobody can tell which way is worse.*metrics.training.gates.p95_latency.direction/,
    ],
    ['regression(price.mae) <= 2 constructor', /`constructor` does not fit/],
  ])('%s is refused', (require, told) => {
    expect(mistakeOf(require)).toMatch(told);
  });

  test('all mistakes are listed, with line, key, character and a mark', () => {
    const text = JSON.stringify(
      {
        ...CONFIG,
        rules: {
          a: { require: 'value(churn.acc) > 1' },
          b: { require: 'value(churn.f2) >= 1\n or value(x.y) >= 1' },
        },
      },
      null,
      1,
    );
    expect(() => parseWholeConfig(text, 'mlgate.yml')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^mlgate\.yml:\d+:\d+: `rules\.a\.require`: at character 18: `>` stands.*\n {4}value\(churn\.acc\) > 1\n {21}\^\nmlgate\.yml:\d+:\d+: `rules\.b\.require`: at character 7: `f2`.*\n.*\n {10}\^\n.*at character 32: there is no model/,
        ),
      }),
    );
  });

  test('a name with dots that can be read twice must be written clearly', () => {
    const metrics = { churn: { path: 'x.json' } };
    const config = (require: string) => JSON.stringify({ ...CONFIG, metrics, rules: { r: { require } } });
    expect(() => parseWholeConfig(config('value(churn.accuracy) >= 0.8'), 'f')).toThrow(
      /`models.churn."accuracy"` or `metrics.churn."accuracy"`/,
    );
    expect(() => parseWholeConfig(config('value(metrics.churn."accuracy") >= 0.8'), 'f')).not.toThrow();
  });

  test('a key that only says which way is better is taken where there are rules', () => {
    const metrics = { serving: { path: 'm.json', gates: { p95: { direction: 'lower-is-better' } } } };
    const rules = { r: { require: 'regression(serving.p95) <= 5 %' } };
    const { config, locate } = parseWholeConfig(JSON.stringify({ version: 1, metrics, rules }), 'f');
    expect(listRules(config, locate)[0]?.tree).toMatchObject({
      direction: 'lower-is-better',
      threshold: -0.05,
    });
    expect(() => parseWholeConfig(JSON.stringify({ version: 1, metrics }), 'f')).toThrow(/has no bound/);
  });

  test('finds bins by their edges and conditions by their name', () => {
    expect(conditionOf('value(churn[age=18..65].accuracy) >= 0.8').about.slice).toBe('age=18..65');
    expect(conditionOf('value(churn["at night"].accuracy) >= 0.8').about.slice).toBe('at night');
  });

  test('says which metrics have to be measured, and on which slices', () => {
    const rules = list('value(churn[region=north].accuracy) >= 0.8 or value(churn.recall) >= 0.5');
    expect(listRuledMetrics(rules, 'churn')).toEqual([
      { slice: 'region=north', metric: 'accuracy' },
      { slice: undefined, metric: 'recall' },
    ]);
    expect(listRuledMetrics(rules, 'price')).toEqual([]);
  });
});
