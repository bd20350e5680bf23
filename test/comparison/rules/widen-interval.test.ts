import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widenInterval } from '../../../src/comparison/rules/widen-interval.ts';
import { estimateMean, meanInterval } from '../../../src/statistics/means.ts';
import { pairedDifference, correctedTangoInterval } from '../../../src/statistics/paired-proportions.ts';

const COUNTS = fc.record({
  both: fc.nat(300),
  onlyFirst: fc.nat(30),
  onlySecond: fc.nat(30),
  neither: fc.integer({ min: 1, max: 300 }),
});

test('widened limits hold the corrected Tango limits at the smaller rate, also where there is no flip', () => {
  fc.assert(
    fc.property(COUNTS, fc.integer({ min: 1, max: 20 }), (counts, parts) => {
      const widened = widenInterval(
        pairedDifference(counts),
        correctedTangoInterval(counts, 0.9),
        0.05 / parts,
      );
      const exact = correctedTangoInterval(counts, 1 - 0.1 / parts);
      expect(widened.low).toBeLessThanOrEqual(exact.low + 1e-9);
      expect(widened.high).toBeGreaterThanOrEqual(exact.high - 1e-9);
    }),
  );
});

test("widened limits hold Student's at the smaller rate", () => {
  const values = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 4, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 4 }), (losses, parts) => {
      const estimate = estimateMean(losses);
      const widened = widenInterval(estimate.mean, meanInterval(estimate, 0.9), 0.05 / parts);
      const exact = meanInterval(estimate, 1 - 0.1 / parts);
      expect(widened.low).toBeLessThanOrEqual(exact.low + 1e-9);
      expect(widened.high).toBeGreaterThanOrEqual(exact.high - 1e-9);
    }),
  );
});

test('the rate of the interval itself changes nothing, and a larger one does not narrow it', () => {
  const interval = { low: -1, high: 3, level: 0.9, method: 'm' };
  for (const rate of [0.05, 0.2]) {
    const { low, high } = widenInterval(0, interval, rate);
    expect(low).toBeCloseTo(-1, 12);
    expect(high).toBeCloseTo(3, 12);
  }
});
