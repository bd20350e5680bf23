import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBestSplit, findChangePoints } from '../../src/statistics/change-points.ts';
import { createRandom } from '../../src/statistics/random.ts';

function sumOfDistances(x: readonly number[], y: readonly number[]): number {
  return x.reduce((total, a) => total + y.reduce((part, b) => part + Math.abs(a - b), 0), 0);
}

/** The statistic Q of one split and end, pair by pair as it is defined. */
function energyStatistic(series: readonly number[], split: number, end: number): number {
  const [first, second] = [series.slice(0, split), series.slice(split, end)];
  const [m, n] = [first.length, second.length];
  const within = (x: readonly number[]): number => sumOfDistances(x, x) / (x.length * (x.length - 1));
  const between = (2 * sumOfDistances(first, second)) / (m * n);
  return ((m * n) / (m + n)) * (between - within(first) - within(second));
}

function noise(seed: number, n: number): number[] {
  const random = createRandom(seed);
  const one = (): number => Array.from({ length: 6 }, random.uniform).reduce((sum, u) => sum + u, -3);
  return Array.from({ length: n }, one);
}

const options = (seed: number, alpha = 0.05) => ({ random: createRandom(seed), alpha, permutations: 199 });

describe('the best split', () => {
  it('maximises the energy statistic over all splits and ends', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 14 });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 3 }), (series, least) => {
        let largest = Number.NEGATIVE_INFINITY;
        for (let end = 2 * least; end <= series.length; end++) {
          for (let split = least; split <= end - least; split++) {
            largest = Math.max(largest, energyStatistic(series, split, end));
          }
        }
        const best = findBestSplit(series, least)!;
        expect(best.statistic).toBeCloseTo(largest, 9);
        expect(energyStatistic(series, best.split, best.end)).toBeCloseTo(largest, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('does not exist in a series too short for two segments', () => {
    expect(findBestSplit([1, 2, 3, 9, 9], 3)).toBeUndefined();
  });
});

describe('change points', () => {
  const steps = noise(5, 60).map((value, index) => value + (index >= 20 ? 3 : 0) + (index >= 45 ? -4 : 0));

  it('are found where the level changes, with the means on both sides', () => {
    const { changePoints } = findChangePoints(steps, options(1));
    expect(changePoints.map(({ index }) => index)).toEqual([20, 45]);
    expect(changePoints.map(({ p }) => p)).toEqual([0.005, 0.005]);
    const [first, second] = changePoints;
    expect(first!.meanAfter - first!.meanBefore).toBeCloseTo(3, 0);
    expect(first!.meanAfter).toBe(second!.meanBefore);
  });

  it('do not depend on location and scale, and only the seed changes the p-values', () => {
    const moved = steps.map((value) => 100 - 7 * value);
    const [first, second] = [findChangePoints(steps, options(3)), findChangePoints(moved, options(3))];
    expect(second.changePoints.map(({ index }) => index)).toEqual(
      first.changePoints.map(({ index }) => index),
    );
    expect(second.changePoints.map(({ p }) => p)).toEqual(first.changePoints.map(({ p }) => p));
    expect(second.autocorrelation).toBeCloseTo(first.autocorrelation!, 9);
  });

  it('smaller than the minimum magnitude are left out', () => {
    const { changePoints } = findChangePoints(steps, { ...options(1), minimumMagnitude: 3.5 });
    expect(changePoints.map(({ index }) => index)).toEqual([45]);
  });

  it('have at least three values on each side', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 16 }), (series) => {
        const { changePoints } = findChangePoints(series, options(2, 0.3));
        const boundaries = [0, ...changePoints.map(({ index }) => index), series.length];
        const sizes = boundaries.slice(1).map((end, at) => end - boundaries[at]!);
        expect(changePoints.length === 0 || Math.min(...sizes) >= 3).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('are found in at most alpha of the series without any', () => {
    const runs = 300;
    const random = createRandom(17);
    let alarms = 0;
    for (let run = 0; run < runs; run++) {
      const series = Array.from({ length: 24 }, random.uniform);
      const { changePoints } = findChangePoints(series, { random, alpha: 0.05, permutations: 99 });
      if (changePoints.length > 0) alarms++;
    }
    expect(alarms / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    expect(alarms).toBeGreaterThan(0);
  });

  it('do not exist in a constant or an empty series', () => {
    const flat = Array.from({ length: 30 }, () => 5);
    expect(findChangePoints(flat, options(1))).toEqual({ changePoints: [], autocorrelation: undefined });
    expect(findChangePoints([], options(1))).toEqual({ changePoints: [], autocorrelation: undefined });
  });

  it('come with the autocorrelation that makes them doubtful', () => {
    const values = noise(8, 80);
    let level = 0;
    const walk = values.map((value) => (level = 0.9 * level + value));
    expect(findChangePoints(walk, options(1)).autocorrelation).toBeGreaterThan(0.35);
    expect(Math.abs(findChangePoints(values, options(1)).autocorrelation!)).toBeLessThan(0.25);
  });

  it('refuse what cannot be decided', () => {
    expect(() => findChangePoints([1, Number.NaN], options(1))).toThrow(/Value 1/);
    expect(() => findChangePoints([1, 2], { ...options(1), permutations: 9 })).toThrow(/9 permutations/);
    expect(() => findChangePoints([1, 2], { ...options(1), minimumSegment: 1 })).toThrow(/at least 2/);
  });
});
