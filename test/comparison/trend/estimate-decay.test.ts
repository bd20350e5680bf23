import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateDecay } from '../../../src/comparison/trend/estimate-decay.ts';
import type { KnownPoint } from '../../../src/comparison/trend/find-level-changes.ts';
import { commitOf, shareInterval } from './history-of.ts';

const OPTIONS = {
  margin: { kind: 'absolute', value: 0.01 },
  alpha: 0.05,
  noise: undefined,
} as const;

/** Points on a test set of n examples; with `discordance`, each paired with the one before. */
function pointsOf(values: readonly number[], n: number, discordance?: number): readonly KnownPoint[] {
  return values.map((value, index) => {
    const difference = value - (values[index - 1] ?? value);
    const half = 1.6448536269514722 * Math.sqrt((discordance ?? 0) / n);
    return {
      commit: commitOf(index),
      value,
      interval: shareInterval(value, n),
      ...(discordance === undefined || index === 0
        ? {}
        : { change: { since: commitOf(index - 1), low: difference - half, high: difference + half } }),
    };
  });
}

const SLOW = [0.9, 0.895, 0.89, 0.885, 0.88, 0.875, 0.87];

describe('estimateDecay', () => {
  it('proves a loss of three points in six steps of half a point that each passed', () => {
    const decay = estimateDecay('higher-is-better', [pointsOf(SLOW, 5000)], OPTIONS);
    expect(decay).toMatchObject({ verdict: 'fail', method: 'intervals', references: 1 });
    expect(decay?.difference).toBeCloseTo(-0.03, 12);
    expect(decay?.high).toBeLessThan(-0.01);
  });

  it('suspects it where two separate intervals are too wide', () => {
    const decay = estimateDecay('higher-is-better', [pointsOf(SLOW, 1000)], OPTIONS);
    expect(decay).toMatchObject({ verdict: 'inconclusive' });
  });

  it('proves more by the paired comparisons of the steps, where they are narrow', () => {
    const points = pointsOf(SLOW, 1000, 0.0004);
    expect(estimateDecay('higher-is-better', [points], OPTIONS)).toMatchObject({ verdict: 'fail' });
    const broken = points.map((point, index) => {
      const { change: _, ...unpaired } = point;
      return index === 3 ? unpaired : point;
    });
    expect(estimateDecay('higher-is-better', [broken], OPTIONS)).toMatchObject({ verdict: 'inconclusive' });
  });

  it('compares with the best plateau, not only with the beginning', () => {
    const [low, high, now] = [
      [0.85, 0.85, 0.85],
      [0.9, 0.91, 0.9],
      [0.86, 0.86, 0.86],
    ].map((values, group) =>
      pointsOf(values, 20_000).map((point, index) => ({ ...point, commit: commitOf(10 * group + index) })),
    ) as [KnownPoint[], KnownPoint[], KnownPoint[]];
    const decay = estimateDecay('higher-is-better', [low, high, now], OPTIONS);
    expect(decay?.verdict).toBe('fail');
    expect(decay?.reference.commit).toBe(commitOf(12));
  });

  it('corrects for the number of references', () => {
    const plateaus = pointsOf([0.9, 0.9, 0.9, 0.875], 5000).map((point) => [point]);
    const one = estimateDecay('higher-is-better', [plateaus.flat()], OPTIONS);
    const three = estimateDecay('higher-is-better', plateaus, OPTIONS);
    expect([one?.references, three?.references]).toEqual([1, 3]);
    expect(three?.high).toBeGreaterThan(one?.high ?? Number.NaN);
  });

  it('reads a loss the other way round, and a relative margin as a ratio', () => {
    const points = pointsOf([0.2, 0.23], 1).map(({ commit, value }) => ({ commit, value }));
    const options = { ...OPTIONS, noise: { standardDeviation: 0.001, degreesOfFreedom: 100 } };
    expect(estimateDecay('lower-is-better', [points], options)).toMatchObject({
      verdict: 'fail',
      method: 'noise',
    });
    expect(estimateDecay('higher-is-better', [points], options)).toMatchObject({ verdict: 'pass' });
    const relative = (value: number) =>
      estimateDecay('lower-is-better', [points], { ...options, margin: { kind: 'relative', value } })
        ?.verdict;
    expect([relative(0.1), relative(0.149), relative(0.2)]).toEqual(['fail', 'inconclusive', 'pass']);
  });

  it('is careful with a noise that few repeats tell', () => {
    const points = [0.9, 0.897].map((value, index) => ({ commit: commitOf(index), value }));
    const verdictBy = (degreesOfFreedom: number) =>
      estimateDecay('higher-is-better', [points], {
        ...OPTIONS,
        margin: { kind: 'absolute', value: 0 },
        noise: { standardDeviation: 0.001, degreesOfFreedom },
      })?.verdict;
    // 3 / sqrt 2 = 2.12 standard errors, beside 1.66 and 2.35.
    expect([verdictBy(100), verdictBy(3)]).toEqual(['fail', 'inconclusive']);
  });

  it('judges points where nothing is known of their noise, and never a metric without a direction', () => {
    const points = [0.9, 0.88].map((value, index) => ({ commit: commitOf(index), value }));
    expect(estimateDecay('higher-is-better', [points], OPTIONS)).toMatchObject({
      verdict: 'fail',
      method: 'point-rule',
      low: 0.88 - 0.9,
      high: 0.88 - 0.9,
    });
    expect(estimateDecay('none', [points], OPTIONS)).toBeUndefined();
    expect(estimateDecay('higher-is-better', [points.slice(0, 1)], OPTIONS)).toBeUndefined();
    expect(estimateDecay('higher-is-better', [], OPTIONS)).toBeUndefined();
  });

  it('never fails what has not fallen by the margin, and always holds the difference between its limits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 0.99, noNaN: true }), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 50, max: 1e5 }),
        (values, n) => {
          const decay = estimateDecay('higher-is-better', [pointsOf(values, n, 0.01)], OPTIONS);
          if (decay === undefined) return;
          expect(decay.low).toBeLessThanOrEqual(decay.difference);
          expect(decay.high).toBeGreaterThanOrEqual(decay.difference);
          expect(decay.verdict !== 'fail' || decay.difference < -0.01).toBe(true);
        },
      ),
    );
  });
});
