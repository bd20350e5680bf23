import { describe, expect, test } from 'vitest';
import { estimateMean, meanInterval, welchDifference } from '../../src/statistics/means.ts';
import { comparePart } from '../../src/statistics/part-difference.ts';
import { createRandom } from '../../src/statistics/random.ts';

const VALUES = Float64Array.of(3, 5, 4, 9, 1, 2, 8, 2.5, 3.5, 1.5);
const IS_PART = Uint8Array.of(1, 1, 0, 1, 0, 0, 1, 0, 0, 0);

function partOf(part: number): Float64Array {
  return VALUES.filter((_, row) => IS_PART[row] === part);
}

describe('a part beside the rest', () => {
  test('has the interval of Welch where values are independent', () => {
    const welch = welchDifference(estimateMean(partOf(1)), estimateMean(partOf(0)));
    const found = comparePart({ values: VALUES, isPart: IS_PART });
    expect(found?.difference).toBeCloseTo(welch.mean, 12);
    expect(found?.units).toEqual([4, 6]);
    const [own, known] = [found?.limitsAt(0.9), meanInterval(welch, 0.9)];
    expect(own?.low).toBeCloseTo(known.low, 10);
    expect(own?.high).toBeCloseTo(known.high, 10);
  });

  test('counts a weight as that many values in its means, and none as absent', () => {
    const weights = Float64Array.from(VALUES, (_, row) => (row === 3 ? 0 : row === 0 ? 2 : 1));
    const found = comparePart({ values: VALUES, isPart: IS_PART, weights });
    expect(found?.means[0]).toBeCloseTo((3 + 3 + 5 + 8) / 4, 12);
    expect(found?.units).toEqual([3, 6]);
  });

  test('where each value is repeated in its group is as sure as without the repetitions', () => {
    const twice = Float64Array.from([...VALUES, ...VALUES]);
    const isPart = Uint8Array.from([...IS_PART, ...IS_PART]);
    const groups = Uint32Array.from(twice, (_, row) => row % VALUES.length);
    const once = comparePart({ values: VALUES, isPart: IS_PART, groups: groups.subarray(0, 10) });
    const found = comparePart({ values: twice, isPart, groups });
    expect(found?.pLarger).toBeCloseTo(once?.pLarger ?? 0, 12);
    expect(found?.limitsAt(0.9).low).toBeCloseTo(once?.limitsAt(0.9).low ?? 0, 12);
    const naive = comparePart({ values: twice, isPart });
    expect(naive?.pLarger).toBeLessThan(found?.pLarger ?? 0);
  });

  test('is undefined without a rest, and proves nothing with a single unit', () => {
    expect(comparePart({ values: VALUES, isPart: new Uint8Array(10) })).toBeUndefined();
    const single = comparePart({ values: VALUES, isPart: Uint8Array.of(0, 0, 0, 1) });
    expect(single).toMatchObject({ pLarger: 1, degenerate: true });
  });

  test('that is all wrong is no surer than its size allows', () => {
    const isPart = Uint8Array.from({ length: 100 }, (_, row) => (row < 4 ? 1 : 0));
    const values = Float64Array.from({ length: 100 }, (_, row) => (row < 4 || row % 2 === 0 ? 1 : 0));
    // Four of four where half are: the exact probability is about 1/16.
    expect(comparePart({ values, isPart })?.pLarger).toBeGreaterThan(0.03);
  });

  test('is called larger in at most 5 % of cases where it is not, also with skewed values and few of them', () => {
    const random = createRandom(5);
    const isPart = Uint8Array.from({ length: 200 }, (_, row) => (row < 16 ? 1 : 0));
    const draw: readonly (() => number)[] = [
      () => -Math.log(1 - random.uniform()),
      () => (random.uniform() < 0.8 ? 1 : 0),
      () => (random.uniform() < 0.95 ? 1 : 0),
      () => Math.log(1 - random.uniform()),
      () => (random.uniform() < 0.05 ? 1 : 0),
    ];
    const rates = draw.map((one) => {
      const runs = Array.from({ length: 1000 }, () =>
        comparePart({ values: Float64Array.from(isPart, one), isPart }),
      );
      return runs.filter((run) => (run?.pLarger ?? 1) <= 0.05).length / 1000;
    });
    for (const rate of rates) expect(rate).toBeLessThan(0.06);
  });
});
