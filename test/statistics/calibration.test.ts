import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binPredictions,
  calibrationErrors,
  decomposeBrier,
  hosmerLemeshowTest,
  recalibrate,
  spiegelhalterTest,
} from '../../src/statistics/calibration.ts';
import {
  autocorrelation,
  EMPTY_MOMENTS,
  mergeMoments,
  momentsOf,
  pearsonCorrelation,
} from '../../src/statistics/moments.ts';
import { createRandom } from '../../src/statistics/random.ts';

const pairs = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
    minLength: 1,
    maxLength: 80,
  })
  .map((rows) => ({ p: rows.map(([p]) => p), y: rows.map(([, y]) => y) }));
const binning = fc.constantFrom('equal-width' as const, 'equal-mass' as const);

/** Outcomes drawn with exactly the predicted probabilities. */
function calibrated(n: number, seed: number) {
  const random = createRandom(seed);
  const p = Array.from({ length: n }, random.uniform);
  return { p, y: p.map((probability) => Number(random.uniform() < probability)) };
}

describe('calibration', () => {
  it('every example is in one bin, and the errors are ordered', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 12 }), binning, ({ p, y }, bins, how) => {
        const binned = binPredictions(p, y, bins, how);
        expect(binned.reduce((sum, bin) => sum + bin.n, 0)).toBe(p.length);
        const errors = calibrationErrors(binned);
        expect(errors.expected).toBeLessThanOrEqual(errors.largest + 1e-12);
        expect(errors.squared).toBeGreaterThanOrEqual(errors.expected ** 2 - 1e-12);
        expect(errors.squaredDebiased).toBeLessThanOrEqual(errors.squared);
      }),
    );
  });

  it('the parts of the Brier score add up to it', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 12 }), ({ p, y }, bins) => {
        const parts = decomposeBrier(p, y, bins);
        expect(parts.reliability - parts.resolution + parts.uncertainty + parts.withinBins).toBeCloseTo(
          parts.score,
          12,
        );
        expect(parts.resolution).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('calibrated predictions pass every test, squared ones none', () => {
    const { p, y } = calibrated(4000, 12);
    const bent = p.map((probability) => probability ** 2);
    const bins = (predictions: readonly number[]) => binPredictions(predictions, y, 10, 'equal-mass');
    expect(spiegelhalterTest(p, y).p).toBeGreaterThan(0.001);
    expect(spiegelhalterTest(bent, y).p).toBeLessThan(1e-6);
    expect(hosmerLemeshowTest(bins(p), 10).p).toBeGreaterThan(0.001);
    expect(hosmerLemeshowTest(bins(bent), 10).p).toBeLessThan(1e-6);
    expect(calibrationErrors(bins(p)).squaredDebiased).toBeLessThan(0.002);
    expect(recalibrate(p, y)?.slope).toBeCloseTo(1, 0.7);
    expect(recalibrate(p, y)?.inTheLarge).toBeCloseTo(0, 0.5);
  });

  it('what cannot be recalibrated is undefined, not a number', () => {
    expect(recalibrate([0.2, 0.7, 0.4], [1, 1, 1])).toBeUndefined();
    expect(recalibrate([0.5, 0.5], [0, 1])).toBeUndefined();
    expect(spiegelhalterTest([0.5, 0.5], [0, 1])).toEqual({ z: 0, p: 1 });
  });

  it('refuses what are not probabilities and outcomes', () => {
    expect(() => binPredictions([1.2], [1], 5, 'equal-width')).toThrow(/not a probability/);
    expect(() => binPredictions([0.2], [2], 5, 'equal-width')).toThrow(/neither 0 nor 1/);
    expect(() => binPredictions([0.2], [], 5, 'equal-width')).toThrow(/do not match/);
    expect(() => decomposeBrier([], [], 5)).toThrow(RangeError);
  });
});

describe('moments', () => {
  it('of shards merge into those of the whole, in any order', () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [whole, merged] = [momentsOf([...a, ...b]), mergeMoments(momentsOf(b), momentsOf(a))];
        expect(merged.n).toBe(whole.n);
        expect(merged.mean).toBeCloseTo(whole.mean, 9);
        for (const key of ['sum2', 'sum3', 'sum4'] as const) {
          expect(Math.abs(merged[key] - whole[key])).toBeLessThanOrEqual(1e-9 * (1 + whole.n * 100 ** 4));
        }
        expect(mergeMoments(EMPTY_MOMENTS, whole)).toEqual(whole);
      }),
    );
  });

  it('correlations lie in [-1, 1]; of a constant there is none', () => {
    expect(pearsonCorrelation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 14);
    expect(pearsonCorrelation([1, 1, 1], [1, 2, 3])).toBeUndefined();
    expect(() => pearsonCorrelation([1], [1, 2])).toThrow(RangeError);
    expect(autocorrelation([1, 2, 1, 2, 1, 2, 1, 2], 1)).toBeCloseTo(-0.875, 12);
  });
});
