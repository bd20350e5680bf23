import { describe, expect, test } from 'vitest';
import { estimateDifference } from '../../src/comparison/estimate-difference.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { computeValue, measureForm } from '../../src/metrics/measure.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { binaryExamples, regressionExamples } from './examples-of.ts';

function normalOf(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Two models of one test set that err partly alike. */
function drawBinary(random: Random, n: number, share = 0.25) {
  const target = Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0));
  const common = target.map(() => normalOf(random));
  const score = (own: number) =>
    target.map((label, row) => {
      const noise = own === 0 ? common[row]! : 0.7 * common[row]! + Math.sqrt(0.51) * normalOf(random);
      return 1 / (1 + Math.exp(-(1.5 * label - 0.75 + noise)));
    });
  return [score(0), score(1)].map((scores) => binaryExamples(target, scores));
}

function drawRegression(random: Random, n: number) {
  const target = Array.from({ length: n }, () => 2 * normalOf(random));
  const common = target.map(() => normalOf(random));
  const predict = (own: number) =>
    target.map(
      (value, row) => value + (own === 0 ? common[row]! : 0.7 * common[row]! + 0.714 * normalOf(random)),
    );
  return [predict(0), predict(1)].map((predicted) => regressionExamples(target, predicted));
}

function optionsOf(seed: number, resamples = 100) {
  return { level: 0.9, random: createRandom(seed), resamples, scale: 1 };
}

/** Shares of intervals that miss the truth: of one model above and below it, and of the difference of two equal ones. */
function missShares(
  name: string,
  draw: typeof drawBinary | typeof drawRegression,
  repetitions: number,
  n: number,
) {
  const random = createRandom(21);
  const truth = computeValue(formOf(name, draw(random, 40_000)[0]!)!);
  const missed = { above: 0, below: 0, better: 0, worse: 0 };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const [first, second] = draw(random, n).map((examples) => formOf(name, examples)!);
    const { interval } = measureForm(first!, optionsOf(repetition));
    if (interval !== undefined && interval.low > truth) missed.above += 1 / repetitions;
    if (interval !== undefined && interval.high < truth) missed.below += 1 / repetitions;
    const change = estimateDifference(first!, second!, optionsOf(repetition))?.interval;
    if (change !== undefined && change.low > 0) missed.better += 1 / repetitions;
    if (change !== undefined && change.high < 0) missed.worse += 1 / repetitions;
  }
  return missed;
}

describe('intervals of statistics miss as often as they say', () => {
  test.each([
    ['average_precision', drawBinary, 80, 80],
    ['ks_statistic', drawBinary, 80, 80],
    ['gini', drawBinary, 80, 80],
    ['recall_at_budget@0.2', drawBinary, 80, 80],
    ['precision_at_recall@0.8', drawBinary, 80, 80],
    ['calibration_slope', drawBinary, 80, 100],
    ['median_absolute_error', drawRegression, 80, 80],
    ['pearson', drawRegression, 80, 60],
    ['spearman', drawRegression, 80, 60],
  ] as const)('%s', (name, draw, repetitions, n) => {
    // 5 % on each side, three standard errors of the simulation beyond.
    const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / repetitions);
    for (const share of Object.values(missShares(name, draw, repetitions, n))) {
      expect(share).toBeLessThanOrEqual(most);
    }
  });
});

describe('a share of the few that a budget is spent on', () => {
  test('knows no more than so many examples say', () => {
    const examples = binaryExamples(
      Array.from({ length: 60 }, (_, row) => (row < 18 ? 1 : 0)),
      Array.from({ length: 60 }, (_, row) => (60 - row) / 61),
    );
    const { value, interval } = measureForm(formOf('precision_at_budget@0.1', examples)!, optionsOf(1));
    expect(value).toBe(1);
    // Six of six: Wilson's lower limit is 6 / (6 + 1.645²).
    expect(interval?.low).toBeLessThanOrEqual(6 / (6 + 1.6448 ** 2));
  });
});

describe('statistics of many examples', () => {
  const many = drawBinary(createRandom(5), 8000)[0]!;

  test.each(['recall_at_budget@0.2', 'precision_at_recall@0.8', 'recall_at_fpr@0.05'])(
    'the jackknife of %s agrees with its bootstrap',
    (name) => {
      const form = formOf(name, many)!;
      const { interval, spread } = measureForm(form, optionsOf(1));
      expect(interval?.method).toBe('grouped jackknife');
      const random = createRandom(9);
      const values = Array.from({ length: 100 }, () => {
        const times = new Float64Array(many.n);
        for (let draw = 0; draw < many.n; draw++) times[random.integer(many.n)]! += 1;
        return computeValue(form, times);
      });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 99);
      expect(spread / Math.sqrt(many.n) / deviation).toBeGreaterThan(0.6);
      expect(spread / Math.sqrt(many.n) / deviation).toBeLessThan(1.6);
    },
  );

  test('groups of them are left out as a whole', () => {
    const groups = Uint32Array.from({ length: many.n }, (_, row) => Math.floor(row / 400));
    const form = formOf('recall_at_budget@0.2', many)!;
    const estimate = measureForm(form, { ...optionsOf(1, 50), groups });
    expect(estimate.groups).toBe(20);
    expect(estimate.interval?.method).toBe('bootstrap (BCa), clustered by group');
  });
});

describe('statistics that do not vary', () => {
  const perfect = binaryExamples([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]);

  test.each(['average_precision', 'ks_statistic', 'gini'])(
    'a perfect %s reaches what unseen examples could do',
    (name) => {
      const { value, interval } = measureForm(formOf(name, perfect)!, optionsOf(1));
      expect(value).toBe(1);
      expect(interval).toMatchObject({ high: 1, method: 'unseen-examples bound' });
      // 2.7 unseen examples beside three of each class.
      expect(interval?.low).toBeLessThan(0.6);
    },
  );

  test('two models that rank alike differ by what unseen examples could do', () => {
    const form = formOf('average_precision', perfect)!;
    const estimate = estimateDifference(form, form, optionsOf(1));
    expect(estimate?.value).toBe(0);
    expect(estimate?.interval?.degenerate).toBeUndefined();
    expect(estimate?.interval?.low).toBeLessThan(-0.4);
    expect(estimate?.interval?.high).toBeGreaterThan(0.4);
  });

  test('a largest error has no interval', () => {
    const form = formOf('max_error', regressionExamples([1, 2, 3], [1, 2.5, 3]))!;
    expect(measureForm(form, optionsOf(1)).interval).toMatchObject({ low: 0.5, high: 0.5, degenerate: true });
  });
});
