import { describe, expect, it } from 'vitest';
import { estimateNoise } from '../../../src/comparison/trend/estimate-noise.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { normalQuantile } from '../../../src/statistics/normal.ts';

function drawNormal(count: number, seed: number, levelAt: (index: number) => number = () => 0) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    commit: String(index),
    value: levelAt(index) + 0.01 * normalQuantile(random.uniform()),
  }));
}

describe('estimateNoise', () => {
  it('pools what was measured again', () => {
    const points = [1, 3, 10, 12, 14].map((value, index) => ({ commit: index < 2 ? 'a' : 'b', value }));
    // Squares around the means of a (2) and b (12): 2 and 8, over 1 + 2 degrees of freedom.
    expect(estimateNoise(points)).toEqual({
      standardDeviation: Math.sqrt(10 / 3),
      method: 're-measured',
      degreesOfFreedom: 3,
    });
  });

  it('finds the noise of neighbours through jumps of the level', () => {
    const steady = estimateNoise(drawNormal(400, 1));
    const jumping = estimateNoise(drawNormal(400, 1, (index) => Math.floor(index / 50)));
    expect(steady?.method).toBe('first-differences');
    expect(steady?.standardDeviation).toBeGreaterThan(0.0085);
    expect(steady?.standardDeviation).toBeLessThan(0.0115);
    expect(jumping?.standardDeviation).toBeCloseTo(steady?.standardDeviation ?? Number.NaN, 3);
  });

  it('says nothing of a history that is too short, or of numbers that do not move', () => {
    expect(estimateNoise(drawNormal(8, 2))).toBeUndefined();
    expect(estimateNoise(drawNormal(9, 2))).toBeDefined();
    expect(
      estimateNoise(Array.from({ length: 30 }, (_, i) => ({ commit: String(i), value: 5 }))),
    ).toBeUndefined();
    expect(estimateNoise([{ commit: 'a', value: null }])).toBeUndefined();
  });
});
