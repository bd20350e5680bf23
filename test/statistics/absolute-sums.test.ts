import { describe, expect, it } from 'vitest';
import {
  bridgeVector,
  fitAbsoluteSum,
  gammaSurvival,
  gammaUpperQuantile,
  multinomialVector,
} from '../../src/statistics/absolute-sums.ts';
import { chiSquaredSurvival } from '../../src/statistics/distributions.ts';
import { drawMultinomial } from '../../src/statistics/multinomial.ts';
import { createRandom } from '../../src/statistics/random.ts';

const SHARES = [0.4, 0.3, 0.2, 0.1];

/** Sums of weight times |difference of shares|, in units of its spread, of two samples of one distribution. */
function simulate(weights: readonly number[], isCumulative: boolean, runs: number): Float64Array {
  const random = createRandom(5);
  const size = 20_000;
  const draw = (): Float64Array => {
    const counts = new Float64Array(SHARES.length);
    drawMultinomial(
      random,
      Float64Array.from(SHARES, (share) => share * size),
      counts,
    );
    return counts;
  };
  return Float64Array.from({ length: runs }, () => {
    const [first, second] = [draw(), draw()];
    let [gap, total] = [0, 0];
    weights.forEach((weight, cell) => {
      const difference = ((first[cell] ?? 0) - (second[cell] ?? 0)) / size;
      gap = isCumulative ? gap + difference : difference;
      total += weight * Math.abs(gap);
    });
    return total / Math.sqrt(2 / size);
  }).sort();
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('fitAbsoluteSum', () => {
  it.each([
    ['cumulative shares', [2, 0.5, 1], true, bridgeVector(SHARES)],
    ['shares', [0.5, 0.5, 0.5, 0.5], false, multinomialVector(SHARES)],
  ] as const)(
    'has the mean, the variance and about the tail of sums over %s',
    (_, weights, isCumulative, vector) => {
      const sums = simulate(weights, isCumulative, 20_000);
      const fit = fitAbsoluteSum(weights, vector);
      expect(fit).toBeDefined();
      if (fit === undefined) return;
      const mean = meanOf(sums);
      expect((fit.shape * fit.scale) / mean).toBeCloseTo(1, 1);
      const variance = meanOf(sums.map((sum) => (sum - mean) ** 2));
      expect((fit.shape * fit.scale ** 2) / variance).toBeCloseTo(1, 1);
      expect(gammaUpperQuantile(0.01, fit) / (sums[19_800] ?? 0)).toBeCloseTo(1, 1);
      expect(gammaUpperQuantile(0.005, fit)).toBeGreaterThan(sums[19_800] ?? 0);
    },
  );

  it('of one number is the half-normal distribution, by its first two moments', () => {
    const fit = fitAbsoluteSum([3], { deviations: [2], correlate: () => 1 });
    expect((fit?.shape ?? 0) * (fit?.scale ?? 0)).toBeCloseTo(6 * Math.sqrt(2 / Math.PI), 12);
    expect((fit?.shape ?? 0) * (fit?.scale ?? 0) ** 2).toBeCloseTo(36 * (1 - 2 / Math.PI), 12);
  });

  it('of numbers that are always 0 is none', () => {
    expect(fitAbsoluteSum([1, 1], multinomialVector([1, 0]))).toBeUndefined();
    expect(fitAbsoluteSum([], bridgeVector([1]))).toBeUndefined();
  });
});

describe('gammaUpperQuantile', () => {
  it.each([0.5, 0.01, 1e-6])('is where %s lies above, and chi-squared is one of them', (tail) => {
    const fit = { shape: 3.5, scale: 2 };
    const value = gammaUpperQuantile(tail, fit);
    expect(gammaSurvival(value, fit)).toBeCloseTo(tail, 10);
    expect(chiSquaredSurvival(value, 7)).toBeCloseTo(tail, 10);
  });
});
