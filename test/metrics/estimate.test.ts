import { describe, expect, test } from 'vitest';
import { unseenShare } from '../../src/metrics/estimate.ts';
import type { Examples } from '../../src/metrics/examples.ts';
import { formOf } from '../../src/metrics/form-of.ts';
import { measureForm } from '../../src/metrics/measure.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';
import { tangoInterval } from '../../src/statistics/paired-proportions.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { clopperPearsonInterval, wilsonInterval } from '../../src/statistics/proportion.ts';
import { binaryExamples, multiclassExamples, regressionExamples } from './examples-of.ts';

const LEVEL = 0.9;

function measure(name: string, examples: Examples, seed = 1) {
  const form = formOf(name, examples);
  if (form === undefined) throw new Error(`${name} has no form`);
  return measureForm(form, { level: LEVEL, random: createRandom(seed), resamples: 1000 });
}

describe('intervals of one model', () => {
  test('shares are exact, over those that they are shares of', () => {
    const examples = binaryExamples([1, 1, 1, 0, 0, 0, 0, 0], [0.9, 0.8, 0.1, 0.7, 0.1, 0.1, 0.1, 0.1]);
    expect(measure('accuracy', examples)).toMatchObject({ value: 0.75, n: 8 });
    expect(measure('recall', examples)).toMatchObject({ value: 2 / 3, n: 3 });
    expect(measure('precision', examples)).toMatchObject({ value: 2 / 3, n: 3 });
    const { low, high } = clopperPearsonInterval(2, 3, LEVEL);
    expect(measure('recall', examples).interval).toEqual({
      level: LEVEL,
      low,
      high,
      method: 'Clopper-Pearson',
    });
    expect(measure('precision', examples).interval).toEqual({
      level: LEVEL,
      low,
      high,
      method: 'Clopper-Pearson',
    });
  });

  test('an area of 1 is not certain', () => {
    const { value, interval } = measure('roc_auc', binaryExamples([0, 0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9, 1]));
    expect(value).toBe(1);
    expect(interval).toMatchObject({ high: 1, method: 'Wilson score of the smaller class' });
    expect(interval?.low).toBeLessThan(0.6);
  });

  test('an F1 of 1 is not certain', () => {
    const perfect = binaryExamples([0, 0, 1, 1, 1], [0.1, 0.2, 0.8, 0.9, 1]);
    expect(measure('f1', perfect).interval?.low).toBeLessThan(0.6);
    expect(measure('f1', perfect).interval?.method).toBe('unseen-flips bound');
    const inGroups = measureForm(formOf('f1', perfect)!, {
      level: 0.9,
      random: streamOf(1, 'groups'),
      resamples: 50,
      groups: Uint32Array.of(0, 1, 2, 3, 4),
    });
    expect(inGroups.interval?.method).toBe('unseen-flips bound, clustered by group');
  });

  test('bootstrap and normal approximation agree where they meet, at 5,000 examples', () => {
    const random = createRandom(9);
    const errors = Array.from({ length: 5001 }, () => random.uniform() ** 8);
    const zeros = errors.map(() => 0);
    const below = measure('mae', regressionExamples(zeros.slice(1), errors.slice(1)));
    const above = measure('mae', regressionExamples(zeros, errors));
    expect(below.interval?.method).toBe('bootstrap (BCa)');
    expect(above.interval?.method).toBe('Student t');
    expect((below.interval?.low ?? 0) / (above.interval?.low ?? 1)).toBeCloseTo(1, 2);
    expect((below.interval?.high ?? 0) / (above.interval?.high ?? 1)).toBeCloseTo(1, 2);
  });

  test('rmse and r2 by the delta method agree with their bootstrap', () => {
    const random = createRandom(9);
    const target = Array.from({ length: 5001 }, () => 10 * random.uniform());
    const predicted = target.map((value) => value + random.uniform() - 0.5);
    for (const name of ['rmse', 'r2']) {
      const below = measure(name, regressionExamples(target.slice(1), predicted.slice(1)));
      const above = measure(name, regressionExamples(target, predicted));
      expect(above.interval?.method).toBe('delta method');
      const widths = [below, above].map(({ interval }) => (interval?.high ?? 0) - (interval?.low ?? 0));
      expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeGreaterThan(0.95);
      expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeLessThan(1.15);
    }
  });

  test('macro F1 of very many cells is by the delta method', () => {
    const random = createRandom(4);
    const labels = Array.from({ length: 90 }, (_, label) => `c${label}`);
    const draw = (): string => labels[random.integer(labels.length)] ?? '';
    const target = Array.from({ length: 20_000 }, draw);
    const examples = multiclassExamples(target, target.map(draw));
    expect(measure('macro_f1', examples).interval?.method).toBe('delta method');
  });

  test('values without spread have no meaningful interval', () => {
    const constant = measure('brier', binaryExamples([1, 0, 1], [0.9, 0.1, 0.9]));
    expect(constant.interval).toMatchObject({ degenerate: true });
    const single = measure('mae', regressionExamples([1], [3]));
    expect(single).toMatchObject({ value: 2, interval: { degenerate: true } });
  });

  test('few examples are never more certain than Student says', () => {
    const { interval } = measure('mae', regressionExamples([0, 0, 0], [1, 1.1, 1.3]));
    // t(2 df, 0.95) = 2.920; standard deviation 0.1528.
    const half = (2.919986 * 0.152753) / Math.sqrt(3);
    expect(interval?.low).toBeLessThanOrEqual(1.133333 - half + 1e-5);
    expect(interval?.high).toBeGreaterThanOrEqual(1.133333 + half - 1e-5);
  });

  test('few and skewed examples are less certain still', () => {
    const errors = Array.from({ length: 30 }, (_, row) => Math.exp(row / 6));
    const { value, interval } = measure(
      'mae',
      regressionExamples(
        errors.map(() => 0),
        errors,
      ),
    );
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + (error - value) ** 2, 0) / 29);
    // t(29 df, 0.95) = 1.699; the long tail lies above, so that the upper limit moves out.
    expect(interval?.high).toBeGreaterThan(value + (1.15 * 1.699127 * spread) / Math.sqrt(30));
    expect(interval?.method).toBe('bootstrap (BCa, studentised)');
  });

  test('a constant target that is no short binary fraction is still constant', () => {
    expect(measure('r2', regressionExamples([0.1, 0.1, 0.1], [0.1, 0.2, 0.1])).value).toBe(0);
    expect(measure('r2', regressionExamples([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).value).toBe(1);
  });

  test('the same seed gives the same interval, another seed another', () => {
    const errors = Array.from({ length: 200 }, (_, row) => (row / 200) ** 20);
    const examples = regressionExamples(
      errors.map(() => 0),
      errors,
    );
    expect(measure('mae', examples, 7).interval).toEqual(measure('mae', examples, 7).interval);
    expect(measure('mae', examples, 7).interval).not.toEqual(measure('mae', examples, 8).interval);
  });

  test('metrics that need a score have no form without one', () => {
    const labels = { ...binaryExamples([0, 1, 1], [0.2, 0.4, 0.7]), score: undefined };
    const names = ['accuracy', 'roc_auc', 'log_loss', 'brier', 'macro_f1', 'mae'];
    expect(names.filter((name) => formOf(name, labels) !== undefined)).toEqual(['accuracy']);
    expect(formOf('roc_auc', multiclassExamples(['a'], ['a']))).toBeUndefined();
    expect(formOf('accuracy', regressionExamples([1], [1]))).toBeUndefined();
  });
});

describe('the share that n examples cannot exclude', () => {
  test.each([1, 10, 300, 1e6])(
    "is the limit of Wilson's and of Tango's interval without a case, n = %d",
    (n) => {
      expect(unseenShare(n, LEVEL)).toBeCloseTo(wilsonInterval(0, n, LEVEL).high, 12);
      const none = { both: n, onlyFirst: 0, onlySecond: 0, neither: 0 };
      expect(unseenShare(n, LEVEL)).toBeCloseTo(-tangoInterval(none, LEVEL).low, 9);
    },
  );
});

describe('streams of random numbers', () => {
  test('depend on the seed and the purpose alone', () => {
    const first = streamOf(1, 'f1').bits();
    expect(streamOf(1, 'f1').bits()).toBe(first);
    expect(streamOf(2, 'f1').bits()).not.toBe(first);
    expect(streamOf(1, 'compare f1').bits()).not.toBe(first);
  });
});
