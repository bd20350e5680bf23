import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPValues, type Adjustment } from '../../src/statistics/multiple-testing.ts';
import { judgeNonInferiority } from '../../src/statistics/non-inferiority.ts';
import {
  mcnemarSampleSize,
  minimumDetectableEffect,
  nonInferioritySampleSize,
} from '../../src/statistics/power.ts';
import { quantileOfSorted } from '../../src/statistics/quantile.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 25 });
const methods: readonly Adjustment[] = [
  'bonferroni',
  'holm',
  'hochberg',
  'hommel',
  'benjamini-hochberg',
  'benjamini-yekutieli',
  'sidak',
  'holm-sidak',
];

describe('adjusted p-values', () => {
  it.each(methods)(
    '%s: never below the p-value, never above 1, in the same order, wherever they stand',
    (method) => {
      fc.assert(
        fc.property(pValues, (p) => {
          const adjusted = adjustPValues(p, method);
          const order = p.map((_, index) => index).toSorted((x, y) => p[x]! - p[y]!);
          order.forEach((index, rank) => {
            expect(adjusted[index]).toBeGreaterThanOrEqual(p[index]! * (1 - 1e-12));
            expect(adjusted[index]).toBeLessThanOrEqual(1);
            const before = rank === 0 ? 0 : adjusted[order[rank - 1]!]!;
            expect(adjusted[index]).toBeGreaterThanOrEqual(before * (1 - 1e-12));
          });
          const reversed = adjustPValues(p.toReversed(), method).reverse();
          reversed.forEach((value, index) => expect(value).toBeCloseTo(adjusted[index]!, 12));
        }),
      );
    },
  );

  it('each method is at most as strict as the one it improves on', () => {
    const chains: readonly (readonly Adjustment[])[] = [
      ['bonferroni', 'holm', 'hochberg', 'hommel', 'benjamini-hochberg'],
      ['benjamini-yekutieli', 'benjamini-hochberg'],
      ['bonferroni', 'sidak', 'holm-sidak'],
    ];
    fc.assert(
      fc.property(pValues, fc.constantFrom(...chains), (p, chain) => {
        const adjusted = chain.map((method) => adjustPValues(p, method));
        for (let step = 1; step < chain.length; step++) {
          p.forEach((_, index) => {
            expect(adjusted[step]![index]).toBeLessThanOrEqual(adjusted[step - 1]![index]! * (1 + 1e-12));
          });
        }
      }),
    );
  });

  it('a single p-value stays as it is', () => {
    expect(methods.map((method) => adjustPValues([0.03], method)[0])).toEqual(
      methods.map(() => expect.closeTo(0.03, 14)),
    );
    expect(adjustPValues([0.03], 'two-stage-benjamini-hochberg', 0.01)).toEqual([0.03]);
  });

  it('refuse what is not a probability', () => {
    expect(() => adjustPValues([0.5, 1.5], 'holm')).toThrow(RangeError);
    expect(() => adjustPValues([Number.NaN], 'holm')).toThrow(RangeError);
  });
});

describe('the verdict of non-inferiority', () => {
  it('passes at equality, fails strictly below, and proves nothing from NaN', () => {
    expect(judgeNonInferiority({ low: -0.01, high: 0.02 }, 0.01)).toBe('pass');
    expect(judgeNonInferiority({ low: -0.05, high: -0.01 }, 0.01)).toBe('inconclusive');
    expect(judgeNonInferiority({ low: -0.05, high: -0.011 }, 0.01)).toBe('fail');
    expect(judgeNonInferiority({ low: Number.NaN, high: Number.NaN }, 0.01)).toBe('inconclusive');
  });
});

describe('planning', () => {
  const target = { alpha: 0.05, power: 0.8 };

  it('the effect that n examples can show is the margin that n examples decide', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1e6 }),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        (n, sd) => {
          const margin = minimumDetectableEffect(sd, n, target);
          expect(nonInferioritySampleSize(sd, margin, target) / n).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('a change that is itself as bad as the margin can never be shown harmless', () => {
    expect(nonInferioritySampleSize(0.3, 0.02, target, -0.02)).toBe(Number.POSITIVE_INFINITY);
    expect(nonInferioritySampleSize(0.3, 0.02, target, 0.02)).toBeLessThan(
      nonInferioritySampleSize(0.3, 0.02, target),
    );
  });

  it('smaller differences need more pairs', () => {
    expect(mcnemarSampleSize(0.1, 0.01, target)).toBeGreaterThan(mcnemarSampleSize(0.1, 0.02, target));
  });
});

describe('sample quantiles', () => {
  it('lie between the extremes and grow with p, by every definition', () => {
    const sorted = fc
      .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 })
      .map((values) => Float64Array.from(values).sort());
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const type = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9);
    fc.assert(
      fc.property(sorted, probability, probability, type, (values, p, q, type) => {
        const [low, high] = [Math.min(p, q), Math.max(p, q)].map((at) =>
          quantileOfSorted(values, at, type as 7),
        );
        expect(low).toBeGreaterThanOrEqual(values[0]! - 1e-9);
        expect(high).toBeLessThanOrEqual(values.at(-1)! + 1e-9);
        expect(high! - low!).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('refuse no values and levels outside [0, 1]', () => {
    expect(() => quantileOfSorted([], 0.5)).toThrow(RangeError);
    expect(() => quantileOfSorted([1], 1.5)).toThrow(RangeError);
    expect(() => quantileOfSorted([1], Number.NaN)).toThrow(RangeError);
  });
});
