import { describe, expect, test } from 'vitest';
import { compareStated, estimateStated } from '../../src/comparison/stated-spread.ts';
import { STATED_INTERVAL } from '../../src/metrics/measure-numbers.ts';
import { wilsonInterval } from '../../src/statistics/proportion.ts';
import type { Metric } from '../../src/schemas/evidence.generated.ts';

const NUMBER: Metric = {
  name: 'score',
  about: { metricsFile: 'eval' },
  definition: 1,
  direction: 'higher-is-better',
  value: 0.5,
};

describe('the uncertainty that a file states', () => {
  test('is undefined where it states none, or there is no value', () => {
    expect(estimateStated(NUMBER, 0.9)).toBeUndefined();
    expect(estimateStated({ ...NUMBER, n: 100 }, 0.9)).toBeUndefined();
    expect(estimateStated({ ...NUMBER, value: null, standardError: 0.1 }, 0.9)).toBeUndefined();
  });

  test('is a standard error, by the normal distribution or, where examples are counted, by t', () => {
    const normal = estimateStated({ ...NUMBER, standardError: 0.1 }, 0.95);
    expect(normal?.interval?.high).toBeCloseTo(0.5 + 1.959964 * 0.1, 6);
    const student = estimateStated({ ...NUMBER, standardError: 0.1, n: 5 }, 0.95);
    expect(student?.interval?.high).toBeCloseTo(0.5 + 2.776445 * 0.1, 6);
  });

  test('is an interval of another level, each of whose sides keeps its share', () => {
    const interval = { low: 0.3, high: 0.6, level: 0.95, method: STATED_INTERVAL };
    const estimate = estimateStated({ ...NUMBER, interval }, 0.9);
    expect(estimate?.interval?.low).toBeCloseTo(0.5 - (0.2 * 1.644854) / 1.959964, 6);
    expect(estimate?.interval?.high).toBeCloseTo(0.5 + (0.1 * 1.644854) / 1.959964, 6);
  });

  test('of a share of counted examples is exact; of any other number it is unknown', () => {
    const share = { ...NUMBER, name: 'eval/accuracy', value: 0.9, n: 10 };
    expect(estimateStated(share, 0.95)?.interval?.low).toBeCloseTo(0.554984, 6);
    expect(estimateStated({ ...share, value: 0.905 }, 0.95)).toBeUndefined();
    for (const name of ['f1', 'balanced_accuracy', 'macro_recall'])
      expect(estimateStated({ ...share, name }, 0.95)).toBeUndefined();
    for (const name of ['acc', 'eval_accuracy', 'mmlu.acc,none', 'cat.recall'])
      expect(estimateStated({ ...share, name }, 0.95)?.interval?.method).toBe('Clopper-Pearson');
  });

  test('of a share that all examples agree on is not 0', () => {
    const all = { ...NUMBER, name: 'task.exact_match,strict', value: 1, n: 12, standardError: 0 };
    const estimate = estimateStated(all, 0.9);
    // The rule of three for 12 examples: 0.05 to the power of 1/12.
    expect(estimate?.interval?.low).toBeCloseTo(0.05 ** (1 / 12), 9);
    expect(estimate?.interval?.degenerate).toBeUndefined();
  });

  test('of no spread at all is degenerate', () => {
    expect(estimateStated({ ...NUMBER, standardError: 0 }, 0.9)?.interval?.degenerate).toBe(true);
  });

  test("is not an interval that the config's word on noise gave to a recorded number", () => {
    const interval = { low: 0.3, high: 0.6, level: 0.9, method: 'normal, of stated noise' };
    expect(estimateStated({ ...NUMBER, interval }, 0.9)).toBeUndefined();
  });
});

describe('two numbers that state it', () => {
  test('differ with the root of both squares', () => {
    const estimate = compareStated(
      { ...NUMBER, standardError: 0.03 },
      { ...NUMBER, value: 0.4, standardError: 0.04 },
      { scale: 1, level: 0.9 },
    );
    expect(estimate?.value).toBeCloseTo(0.1, 12);
    expect(estimate?.interval?.low).toBeCloseTo(0.1 - 1.644854 * 0.05, 6);
  });

  test('of which only one has counts use the limits of each', () => {
    const own = { ...NUMBER, name: 'acc', value: 0.9, n: 50 };
    const other = { ...NUMBER, name: 'acc', value: 0.8, standardError: 0.05 };
    const estimate = compareStated(own, other, { scale: 1, level: 0.9 });
    const low = 0.9 - (estimateStated(own, 0.9)?.interval?.low ?? 0);
    expect(estimate?.interval?.low).toBeCloseTo(0.1 - Math.hypot(low, 1.644854 * 0.05), 6);
    expect(estimate?.interval?.method).toBe('unpaired, square-and-add of limits of each');
  });

  test('as shares differ by no less than the square-and-add of their Wilson intervals', () => {
    const [own, other] = [0.9, 0.8].map((value) => ({ ...NUMBER, name: 'acc', value, n: 50 }));
    const estimate = compareStated(own as Metric, other as Metric, { scale: 1, level: 0.9 });
    const [first, second] = [wilsonInterval(45, 50, 0.9), wilsonInterval(40, 50, 0.9)];
    const low = 0.1 - Math.hypot(0.9 - first.low, second.high - 0.8);
    expect(estimate?.interval?.low).toBeLessThanOrEqual(low);
    expect(estimate?.interval?.low).toBeGreaterThan(low - 0.03);
  });
});
