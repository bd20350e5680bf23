import { describe, expect, it } from 'vitest';
import {
  judgeGeneralisation,
  skipGeneralisation,
} from '../../../src/comparison/generalisation/judge-generalisation.ts';
import { listGeneralisationGates } from '../../../src/comparison/generalisation/list-generalisation-gates.ts';
import {
  measureGain,
  measureOverfitting,
} from '../../../src/comparison/generalisation/measure-generalisation.ts';
import { listTrivialModels } from '../../../src/comparison/generalisation/trivial-models.ts';
import type { ModelConfig } from '../../../src/schemas/config.generated.ts';
import type { Outcomes } from '../../../src/outcomes/outcomes.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { binaryOutcomes, multiclassOutcomes, regressionOutcomes } from '../../outcomes/outcomes-of.ts';

const ALPHA = 0.05;
const DRAWN = { about: { model: 'm' }, alpha: ALPHA, seed: 3, resamples: 200 };

function locate(path: readonly string[]) {
  return { file: 'mlgate.yml', key: path.join('.') };
}

function modelOf(settings: Partial<ModelConfig>): ModelConfig {
  return {
    task: 'binary-classification',
    predictions: { path: 'p.csv', id: 'id', target: 'y', score: 'p', threshold: 0.5 },
    metrics: {},
    'flip-examples': 0,
    'error-examples': 0,
    unpaired: false,
    ...settings,
  };
}

function gatesOf(settings: Partial<ModelConfig>) {
  return listGeneralisationGates({ models: { m: modelOf(settings) } }, locate);
}

/** Scores that are right with a probability, `share` of the examples positive. */
function draw(seed: number, n: number, right: number, share = 0.3): ReturnType<typeof binaryOutcomes> {
  const random = createRandom(seed);
  const target = Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0));
  const score = target.map((y) => {
    const isRight = random.uniform() < right;
    return (y === 1) === isRight ? 0.6 + 0.4 * random.uniform() : 0.4 * random.uniform();
  });
  return binaryOutcomes(target, score);
}

describe('overfitting', () => {
  const training = {
    training: { path: 't.csv', severity: 'fail', 'max-gap': { accuracy: 0.05, log_loss: 0.05 } },
  } as const;

  it('the gap is how much better the model is on its training set, whatever the direction', () => {
    const gates = gatesOf(training);
    const found = measureOverfitting(draw(1, 2000, 0.7), draw(2, 4000, 0.9), { ...DRAWN, gates });
    const accuracy = found.find(({ metric }) => metric === 'accuracy');
    expect(accuracy?.difference).toBeCloseTo((accuracy?.reference ?? 0) - (accuracy?.value ?? 0), 12);
    const loss = found.find(({ metric }) => metric === 'log_loss');
    expect(loss?.difference).toBeCloseTo((loss?.value ?? 0) - (loss?.reference ?? 0), 12);
    expect(loss?.difference).toBeGreaterThan(0);
    expect(loss?.interval?.low).toBeLessThan(loss?.difference ?? 0);
    expect([accuracy?.n, accuracy?.referenceN]).toEqual([2000, 4000]);
    const checks = judgeGeneralisation({ generalisations: found, gates, alpha: ALPHA });
    expect(checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['model/m/training/accuracy/max-gap', 'fail'],
      ['model/m/training/log_loss/max-gap', 'fail'],
    ]);
    expect(checks[0]?.message).toMatch(/better on the training set/);
  });

  it('the same quality passes with enough examples, and few cannot tell', () => {
    const gates = gatesOf({ training: { ...training.training, 'max-gap': { accuracy: 0.05 } } });
    const verdictOf = (n: number) =>
      judgeGeneralisation({
        generalisations: measureOverfitting(draw(1, n, 0.8), draw(2, n, 0.8), { ...DRAWN, gates }),
        gates,
        alpha: ALPHA,
      })[0];
    expect(verdictOf(6000)?.verdict).toBe('pass');
    expect(verdictOf(60)).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
    expect(verdictOf(60)?.neededExamples ?? 61).toBeGreaterThan(60);
  });

  it('what was not measured is never a pass', () => {
    const gates = gatesOf(training);
    expect(
      judgeGeneralisation({ generalisations: [], gates, alpha: ALPHA }).map(({ reason }) => reason),
    ).toEqual(['missing', 'missing']);
    expect(skipGeneralisation(gates, 'the file')[0]).toMatchObject({ verdict: 'skipped' });
    const empty = {
      about: { model: 'm' },
      metric: 'accuracy',
      against: 'training',
      value: null,
      reference: 1,
      difference: null,
    } as const;
    expect(judgeGeneralisation({ generalisations: [empty], gates, alpha: ALPHA })[0]).toMatchObject({
      verdict: 'fail',
      reason: 'not-finite',
    });
  });
});

describe('gain over a trivial model', () => {
  it('the most frequent class for accuracy, the prior for scores', () => {
    const test = draw(5, 3000, 0.9);
    const gates = gatesOf({ 'min-gain': { accuracy: 0.02, log_loss: '10%', roc_auc: 0.1 } });
    const found = measureGain(test, undefined, { ...DRAWN, gates });
    const prior = test.target.reduce((sum, y) => sum + y, 0) / test.n;
    const of = (metric: string) => found.find((one) => one.metric === metric);
    expect(of('accuracy')?.reference).toBeCloseTo(1 - prior, 12);
    expect(of('accuracy')?.detail).toMatch(/^always `0`, of the test set itself/);
    expect(of('log_loss')?.reference).toBeCloseTo(
      -prior * Math.log(prior) - (1 - prior) * Math.log(1 - prior),
      12,
    );
    expect(of('roc_auc')?.reference).toBe(0.5);
    expect(of('roc_auc')?.difference).toBeCloseTo((of('roc_auc')?.value ?? 0) - 0.5, 12);
    const loss = of('log_loss');
    expect(loss?.relative?.value).toBeCloseTo(0.9 * (loss?.reference ?? 0) - (loss?.value ?? 0), 12);
    const checks = judgeGeneralisation({ generalisations: found, gates, alpha: ALPHA });
    expect(Object.fromEntries(checks.map(({ metric, verdict }) => [metric, verdict]))).toEqual({
      accuracy: 'pass',
      log_loss: 'pass',
      roc_auc: 'pass',
    });
  });

  it('a share that was not measured decides nothing', () => {
    const gates = gatesOf({ 'min-gain': { accuracy: '5%' } });
    const found = measureGain(draw(5, 300, 0.9), undefined, { ...DRAWN, gates });
    const other = gatesOf({ 'min-gain': { accuracy: '50%' } });
    expect(judgeGeneralisation({ generalisations: found, gates: other, alpha: ALPHA })[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'degenerate',
      expected: '50%',
    });
  });

  it('a model that always says the most frequent class gains nothing and fails', () => {
    const target = Array.from({ length: 3000 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const test = binaryOutcomes(
      target,
      target.map(() => 0.2),
    );
    const gates = gatesOf({ 'min-gain': { accuracy: 0.02 } });
    const found = measureGain(test, undefined, { ...DRAWN, gates });
    expect(found[0]).toMatchObject({ difference: 0 });
    expect(judgeGeneralisation({ generalisations: found, gates, alpha: ALPHA })[0]?.verdict).toBe('fail');
  });

  it('knows the training set where there is one', () => {
    const target = ['a', 'a', 'a', 'b'];
    const test = multiclassOutcomes(target, ['a', 'b', 'a', 'b']);
    const training = multiclassOutcomes(['c', 'b', 'b', 'a'], ['c', 'b', 'b', 'a']);
    const predictedBy = (known: Outcomes): unknown => {
      const [model] = listTrivialModels(test, known);
      return model?.outcomes.task === 'multiclass-classification'
        ? model.outcomes.labels[model.outcomes.predicted[0] ?? 0]
        : undefined;
    };
    expect(predictedBy(test)).toBe('a');
    expect(predictedBy(training)).toBe('b');
    expect(measureGain(test, training, { ...DRAWN, gates: [] })[0]).toMatchObject({
      reference: 0.25,
      referenceN: 4,
      detail: expect.stringMatching(/training set/),
    });
  });

  it('several classes with scores: ranks, probabilities and squared errors of the prior', () => {
    const plain = multiclassOutcomes(['a', 'a', 'b', 'c'], ['a', 'a', 'b', 'c']);
    const test = {
      ...plain,
      trueProbability: new Float64Array(4),
      trueRank: new Uint32Array(4),
      squaredErrors: new Float64Array(4),
    };
    const outcomes = listTrivialModels(test, test)[0]?.outcomes;
    if (outcomes?.task !== 'multiclass-classification') throw new Error('No trivial model.');
    expect([...(outcomes.trueProbability ?? [])]).toEqual([0.5, 0.5, 0.25, 0.25]);
    // b and c are tied, and the one that sorts later comes first.
    expect([...(outcomes.trueRank ?? [])]).toEqual([1, 1, 3, 2]);
    expect(outcomes.squaredErrors?.[0]).toBeCloseTo(0.25 + 0.0625 + 0.0625, 12);
    expect(outcomes.squaredErrors?.[2]).toBeCloseTo(0.25 + 0.5625 + 0.0625, 12);
  });

  it('the median for absolute errors, the mean for squared ones', () => {
    const target = [0, 0, 0, 0, 10];
    const test = regressionOutcomes(target, [0, 1, 0, 1, 9]);
    const gates = gatesOf({ task: 'regression', 'min-gain': { mae: 0.1, rmse: 0.1 } });
    const found = measureGain(test, undefined, { ...DRAWN, gates });
    const detailOf = (metric: string) => found.find((one) => one.metric === metric)?.detail;
    expect(detailOf('mae')).toMatch(/^the median/);
    expect(detailOf('rmse')).toMatch(/^the mean/);
    expect(found.find(({ metric }) => metric === 'mae')?.reference).toBe(2);
    expect(found.find(({ metric }) => metric === 'rmse')?.reference).toBe(4);
  });

  it.each([
    [{ 'min-gain': { acuracy: 0.1 } }, /Did you mean `accuracy`/],
    [{ task: 'ranking', 'min-gain': { 'ndcg@10': 0.1 } } as const, /the task ranking has none/],
  ])('%o is a mistake', (settings, message) => {
    expect(() => gatesOf(settings)).toThrow(message);
  });
});

describe('error rates of min-gain, by simulation', () => {
  it('a model without the gain that is asked for passes at most alpha of the time', () => {
    const gates = gatesOf({ 'min-gain': { accuracy: 0.1 } });
    const runs = 400;
    let passed = 0;
    for (let run = 0; run < runs; run++) {
      // Truly 0.8 against 0.7 of the trivial model, whose prior is taken from the test set itself.
      const test = draw(100 + run, 200, 0.8);
      const found = measureGain(test, undefined, { ...DRAWN, gates });
      if (judgeGeneralisation({ generalisations: found, gates, alpha: ALPHA })[0]?.verdict === 'pass')
        passed += 1;
    }
    expect(passed / runs).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / runs));
  });
});
