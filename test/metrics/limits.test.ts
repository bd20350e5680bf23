import { describe, expect, test } from 'vitest';
import { skewedLimits, studentLimits } from '../../src/metrics/limits.ts';
import { estimateMean } from '../../src/statistics/means.ts';
import { createRandom } from '../../src/statistics/random.ts';

describe('limits of a skewed mean', () => {
  test('are Student limits without skewness, and farther out on one side with it', () => {
    const plain = studentLimits(1, 0.1, 50)(0.9);
    expect(skewedLimits(1, 0.1, 50, 0)(0.9)).toEqual(plain);
    const left = skewedLimits(1, 0.1, 50, -0.3)(0.9);
    expect(left.high).toBe(plain.high);
    expect(left.low).toBeLessThan(plain.low);
    const right = skewedLimits(1, 0.1, 50, 0.3)(0.9);
    expect(right.low).toBe(plain.low);
    expect(right.high - 1).toBeCloseTo(1 - left.low, 12);
  });

  test('are nested', () => {
    const limits = skewedLimits(0, 1, 30, 0.4);
    for (const level of [0.1, 0.5, 0.8, 0.9, 0.95]) {
      expect(limits(level + 0.04).high).toBeGreaterThan(limits(level).high);
      expect(limits(level + 0.04).low).toBeLessThan(limits(level).low);
    }
  });

  test('hold the mean of rare losses, which Student limits miss too often', () => {
    const random = createRandom(11);
    const [n, share, runs] = [1500, 0.022, 2000];
    let [missedByStudent, missed] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const values = Float64Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0));
      const { mean, standardError, standardDeviation } = estimateMean(values);
      let cubes = 0;
      for (const value of values) cubes += (value - mean) ** 3;
      const skewness = cubes / (n ** 1.5 * standardDeviation ** 3);
      if (studentLimits(mean, standardError, n - 1)(0.9).high < share) missedByStudent += 1;
      if (skewedLimits(mean, standardError, n - 1, skewness)(0.9).high < share) missed += 1;
    }
    // 5 % is allowed; the simulation is good to 1.5 %.
    expect(missedByStudent / runs).toBeGreaterThan(0.06);
    expect(missed / runs).toBeLessThan(0.06);
  });
});
