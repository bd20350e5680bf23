import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binPredictions,
  calibrationErrors,
  recalibrate,
  spiegelhalterTest,
} from '../../src/statistics/calibration.ts';
import { measureCalibration } from '../../src/statistics/calibration-error.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { generateVector } from './generators.ts';

/** Predictions that are off by a shift, and what came of them. */
function draw(seed: number, n: number, shift = 0) {
  const random = createRandom(seed);
  const predictions = Float64Array.from({ length: n }, () => random.uniform());
  const truth = (p: number): number => Math.min(1, Math.max(0, p + shift));
  const outcomes = Uint8Array.from(predictions, (p) => (random.uniform() < truth(p) ? 1 : 0));
  return { predictions, outcomes };
}

describe('calibration over bins of equal size', () => {
  it('agrees with the debiased error of bins of exactly equal size where none is tied', () => {
    const p = generateVector('mulberry32', 61, 3000);
    const u = generateVector('mulberry32', 62, 3000);
    const y = p.map((value, at) => ((u[at] ?? 0) < value * value * (3 - 2 * value) ? 1 : 0));
    const binned = calibrationErrors(binPredictions(p, y, 15, 'equal-mass'));
    const measured = measureCalibration(p, y);
    expect(measured.bins).toBe(15);
    expect(measured.error ** 2).toBeCloseTo(binned.squaredDebiased, 12);
    expect(measured.plainError ** 2).toBeCloseTo(binned.squared, 12);
  });

  it('the parts of a Brier score add up to it, with weights too', () => {
    const row = fc.record({
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.integer({ min: 0, max: 1 }),
      w: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 200 }), (rows) => {
        const weights = rows.map(({ w }) => w);
        const { brier, error, plainError, limitsAt } = measureCalibration(
          rows.map(({ p }) => p),
          rows.map(({ y }) => y),
          { weights },
        );
        const total = weights.reduce((sum, w) => sum + w, 0);
        const score = rows.reduce((sum, { p, y, w }) => sum + w * (p - y) ** 2, 0) / total;
        expect(brier.reliability - brier.resolution + brier.uncertainty + brier.within).toBeCloseTo(
          score,
          10,
        );
        expect(error).toBeLessThanOrEqual(plainError);
        const { low, high } = limitsAt(0.9);
        expect(low).toBeLessThanOrEqual(high);
        expect(Number.isFinite(high)).toBe(true);
      }),
    );
  });

  it('a weight of two is the same example twice, in what is estimated', () => {
    const { predictions, outcomes } = draw(1, 120, 0.1);
    const twice = measureCalibration([...predictions, ...predictions], [...outcomes, ...outcomes]);
    const once = measureCalibration(predictions, outcomes, { weights: predictions.map(() => 2) });
    expect(once.brier.uncertainty).toBeCloseTo(twice.brier.uncertainty, 12);
    const fit = recalibrate(predictions, outcomes, { weights: predictions.map(() => 2) });
    expect(fit?.slope).toBeCloseTo(recalibrate(predictions, outcomes)?.slope ?? 0, 9);
  });

  it('what has no weight does not keep two classes from being separated', () => {
    const [p, y] = [
      [0.1, 0.4, 0.6, 0.3, 0.8],
      [0, 0, 1, 1, 1],
    ];
    expect(recalibrate(p, y)).toBeDefined();
    expect(recalibrate(p, y, { weights: [1, 1, 1, 0, 1] })).toBeUndefined();
    expect(recalibrate(p, y, { weights: [1, 1, 0, 0, 0] })).toBeUndefined();
  });

  it('the order of rows changes nothing, though predictions are tied', () => {
    const p = Array.from({ length: 300 }, (_, row) => (row % 7) / 7);
    const y = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const [there, back] = [measureCalibration(p, y), measureCalibration(p.toReversed(), y.toReversed())];
    expect(back.error).toBeCloseTo(there.error, 12);
    expect(back.bins).toBe(there.bins);
  });

  it('its limits hold the true error at the level that they promise, near 0 and far from it', () => {
    // The true error of a shift is the shift, where it does not run into 0 or 1.
    for (const [shift, n] of [
      [0, 1000],
      [0.05, 1000],
      [0.15, 600],
      [0, 200],
    ] as const) {
      let [above, below, bias] = [0, 0, 0];
      const runs = 600;
      for (let run = 0; run < runs; run++) {
        const random = createRandom(1000 * n + run);
        const predictions = Float64Array.from({ length: n }, () => 0.2 + 0.6 * random.uniform());
        const outcomes = Uint8Array.from(predictions, (p) => (random.uniform() < p + shift ? 1 : 0));
        const { limitsAt, error, plainError } = measureCalibration(predictions, outcomes);
        const { low, high } = limitsAt(0.9);
        if (low > shift) above += 1;
        if (high < shift) below += 1;
        bias += (plainError - error) / runs;
      }
      const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);
      expect(above / runs).toBeLessThanOrEqual(most);
      expect(below / runs).toBeLessThanOrEqual(most);
      expect(bias).toBeGreaterThan(0);
    }
  });

  it.each([60, 99, 140])('fewer bins than usual promise no more: %i scores that know nothing', (n) => {
    // Scores from 0 to 1 for a coin: the root of their variance is the error, and in one bin nothing of it is seen.
    const truth = Math.sqrt(1 / 12);
    let below = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(7000 + run);
      const predictions = Float64Array.from({ length: n }, () => random.uniform());
      const outcomes = Uint8Array.from(predictions, () => (random.uniform() < 0.5 ? 1 : 0));
      if (measureCalibration(predictions, outcomes).limitsAt(0.9).high < truth) below += 1;
    }
    expect(below / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  });

  it('twins in clusters widen everything by the root of two', () => {
    const { predictions, outcomes } = draw(5, 2000, 0.1);
    const [p, y] = [
      [...predictions, ...predictions],
      [...outcomes, ...outcomes],
    ];
    const clusters = p.map((_, row) => row % 2000);
    const plain = recalibrate(predictions, outcomes);
    const clustered = recalibrate(p, y, { clusters });
    expect(clustered?.slope).toBeCloseTo(plain?.slope ?? 0, 9);
    expect((clustered?.slopeError ?? 0) / (plain?.slopeError ?? 1)).toBeCloseTo(1, 1);
    expect(clustered?.degreesOfFreedom).toBe(1999);
    const z = spiegelhalterTest(predictions, outcomes).z;
    expect(Math.abs(spiegelhalterTest(p, y, { clusters }).z)).toBeLessThan(Math.abs(z) * 1.15);
    const { low, high } = measureCalibration(predictions, outcomes).limitsAt(0.9);
    const wide = measureCalibration(p, y, { clusters }).limitsAt(0.9);
    expect(wide.high - wide.low).toBeCloseTo(high - low, 1);
    const naive = measureCalibration(p, y).limitsAt(0.9);
    expect(wide.high - wide.low).toBeGreaterThan(naive.high - naive.low);
  });

  it('what has no outcome at all is refused', () => {
    expect(() => measureCalibration([], [])).toThrow(RangeError);
    expect(() => measureCalibration([0.5], [0, 1])).toThrow(/do not match/);
  });
});
