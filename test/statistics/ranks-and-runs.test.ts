import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noncentralTSurvival, studentTSurvival } from '../../src/statistics/distributions.ts';
import { tTest } from '../../src/statistics/means.ts';
import { exactPermutationTest, permutationPValue } from '../../src/statistics/permutation.ts';
import { pairedTSampleSize, tTestPower } from '../../src/statistics/power.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { rankSumTest, rankWithTies, signedRankTest } from '../../src/statistics/ranks.ts';
import {
  correctedResampledMean,
  friedmanTest,
  stochasticOrderViolation,
  trimmedMean,
} from '../../src/statistics/resampled-runs.ts';
import { exceedsThreshold, hoeffdingSampleSize } from '../../src/statistics/sample-size-bounds.ts';
import { decideOnline, mcnemarEValue, releaseByLadder } from '../../src/statistics/sequential.ts';

const integers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 14 });
const distinct = fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 9 });

describe('ranks', () => {
  it('add up to n (n + 1) / 2 and grow with the values', () => {
    fc.assert(
      fc.property(integers, (values) => {
        const { ranks, ties } = rankWithTies(values);
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(
          (values.length * (values.length + 1)) / 2,
          9,
        );
        expect(ties === 0).toBe(new Set(values).size === values.length);
        values.forEach((x, i) => {
          values.forEach((y, j) => expect(Math.sign(ranks[i]! - ranks[j]!)).toBe(Math.sign(x - y)));
        });
      }),
    );
  });

  it('the signed-rank p is the share of sign patterns that are as extreme', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (sizes, mask) => {
          const signed = (pattern: number): number[] =>
            sizes.map((size, index) => ((pattern >> index) % 2 === 1 ? size : -size));
          const pattern = mask % (1 << sizes.length);
          const observed = signedRankTest(signed(pattern));
          const all = Array.from(
            { length: 1 << sizes.length },
            (_, p) => signedRankTest(signed(p)).statistic,
          );
          const share = all.filter((statistic) => statistic >= observed.statistic).length / all.length;
          expect(observed.exact?.greater).toBeCloseTo(share, 12);
          expect(observed.shiftInterval![0]).toBeLessThanOrEqual(observed.shift!);
          expect(observed.shiftInterval![1]).toBeGreaterThanOrEqual(observed.shift!);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('the rank-sum p mirrors when the samples are exchanged, and counts pairs', () => {
    fc.assert(
      fc.property(integers, integers, (x, y) => {
        const [there, back] = [rankSumTest(x, y), rankSumTest(y, x)];
        const pairs = x.flatMap((a) => y.map((b) => (a === b ? 0.5 : Number(a > b))));
        expect(there.statistic).toBeCloseTo(
          pairs.reduce<number>((sum, pair) => sum + pair, 0),
          9,
        );
        expect(there.statistic + back.statistic).toBeCloseTo(x.length * y.length, 9);
        expect(there.normal.twoSided).toBeCloseTo(back.normal.twoSided, 12);
        expect(there.corrected.twoSided).toBeGreaterThanOrEqual(there.normal.twoSided - 1e-12);
        expect(there.exact?.greater ?? 0).toBeCloseTo(back.exact?.less ?? 0, 12);
      }),
    );
  });

  it('leave the exact p out for ties and large samples, and refuse what is not a number', () => {
    expect(signedRankTest([1, 1, 2]).exact).toBeUndefined();
    expect(signedRankTest(Array.from({ length: 51 }, (_, index) => index + 1)).exact).toBeUndefined();
    expect(signedRankTest([])).toMatchObject({ pairs: 0, shift: undefined, normal: { twoSided: 1 } });
    expect(() => signedRankTest([Number.NaN])).toThrow(RangeError);
    expect(() => rankSumTest([], [1])).toThrow(RangeError);
  });
});

describe('permutation tests', () => {
  it('give the same p for the exchanged samples, never 0', () => {
    fc.assert(
      fc.property(distinct, distinct, (x, y) => {
        const [there, back] = [exactPermutationTest(x, y), exactPermutationTest(y, x)];
        expect(there.pTwoSided).toBeCloseTo(back.pTwoSided, 12);
        expect(there.pGreater).toBeCloseTo(back.pLess, 12);
        expect(there.pGreater).toBeGreaterThan(0);
        expect(there.permutations).toBe(back.permutations);
      }),
      { numRuns: 25 },
    );
    expect(permutationPValue(0, 999)).toBe(0.001);
  });

  it('refuse what is too large to enumerate', () => {
    const many = Array.from({ length: 30 }, (_, index) => index);
    expect(() => exactPermutationTest(many, many)).toThrow(RangeError);
    expect(() => exactPermutationTest([], many)).toThrow(RangeError);
  });
});

describe('runs, folds and tasks', () => {
  it('the corrected test is more careful than the naive one, and equals it without a training set to overlap', () => {
    const differences = [0.1, 0.3, -0.1, 0.2, 0.4];
    const naive = tTest(correctedResampledMean(differences, { train: 1e300, test: 10 }), 0);
    const corrected = tTest(correctedResampledMean(differences, { train: 90, test: 10 }), 0);
    expect(corrected.t).toBeLessThan(naive.t);
    expect(corrected.t).toBeCloseTo(naive.t / Math.sqrt(1 + 5 / 9), 12);
  });

  it('trimming nothing is the mean, trimming much is the middle', () => {
    expect(trimmedMean([4, 1, 100, 2, 3], 0)).toBe(22);
    expect(trimmedMean([4, 1, 100, 2, 3], 0.4)).toBe(3);
    expect(() => trimmedMean([], 0.1)).toThrow(RangeError);
    expect(() => trimmedMean([1], 0.5)).toThrow(RangeError);
  });

  it('the violation ratios of the two directions add up to 1; a shifted sample dominates', () => {
    fc.assert(
      fc.property(distinct, distinct, (x, y) => {
        const [there, back] = [stochasticOrderViolation(x, y), stochasticOrderViolation(y, x)];
        expect((there ?? 0.5) + (back ?? 0.5)).toBeCloseTo(1, 9);
        expect(
          stochasticOrderViolation(
            x.map((value) => value + 1),
            x,
          ),
        ).toBe(0);
        expect(stochasticOrderViolation(x, x)).toBeUndefined();
      }),
    );
  });

  it('treatments that always tie do not differ', () => {
    expect(
      friedmanTest([
        [1, 1, 1],
        [2, 2, 2],
      ]),
    ).toMatchObject({ chiSquared: 0, p: 1 });
  });
});

function sizeFor(tests: number, adaptivity: 'none' | 'full'): number {
  return hoeffdingSampleSize(0.05, { errorProbability: 0.01, tests, adaptivity });
}

describe('streams of decisions', () => {
  it('spend less than alpha until the first discovery, and earn by discoveries', () => {
    const none = decideOnline(
      Array.from({ length: 200 }, () => 1),
      0.05,
    );
    expect(none.reduce((sum, { level }) => sum + level, 0)).toBeLessThan(0.005);
    const one = decideOnline([1e-9, ...Array.from({ length: 20 }, () => 1)], 0.05);
    expect(one[0]?.rejected).toBe(true);
    expect(one[1]!.level).toBeGreaterThan(none[1]!.level);
  });

  it('the e-value is a bet with expectation 1 when wins and losses are equally likely', () => {
    for (const n of [1, 5, 12]) {
      let [expectation, ways] = [0, 1];
      for (let wins = 0; wins <= n; wins++) {
        expectation += (ways / 2 ** n) * mcnemarEValue(wins, n);
        ways = (ways * (n - wins)) / (wins + 1);
      }
      expect(expectation).toBeCloseTo(1, 12);
    }
  });

  it('the Ladder never shows a worse score, and ignores noise', () => {
    const random = createRandom(31);
    const losses = Array.from({ length: 12 }, () =>
      Array.from({ length: 400 }, () => Number(random.uniform() < 0.3)),
    );
    const released = releaseByLadder(losses);
    released.slice(1).forEach((loss, index) => expect(loss).toBeLessThanOrEqual(released[index]!));
    expect(new Set(released).size).toBeLessThan(4);
  });

  it('bounds grow with the number of tests, faster when every answer is shown', () => {
    expect(sizeFor(1, 'none')).toBeCloseTo(-Math.log(0.01) / (2 * 0.0025), 9);
    expect(sizeFor(32, 'full')).toBeGreaterThan(sizeFor(32, 'none'));
    expect(exceedsThreshold(0.03, 0.02, 0.01)).toBe('unknown');
  });
});

describe('the power of a t-test', () => {
  it('without a difference is the level, and grows with n', () => {
    expect(noncentralTSurvival(2, 7, 0)).toBeCloseTo(studentTSurvival(2, 7), 14);
    expect(tTestPower(0, 1, 20, 19, 0.05)).toBeCloseTo(0.025, 12);
    expect(tTestPower(0.5, 1, 40, 39, 0.05)).toBeGreaterThan(tTestPower(0.5, 1, 20, 19, 0.05));
  });

  it('inverts to the number of pairs', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 3, noNaN: true }), (difference) => {
        const n = pairedTSampleSize(difference, 1, { alpha: 0.05, power: 0.8 });
        const power = tTestPower(difference, 1, n, n - 1, 0.05);
        expect(Math.abs(power - 0.8) < 1e-9 || (n === 2 && power > 0.8)).toBe(true);
      }),
      { numRuns: 20 },
    );
    expect(pairedTSampleSize(1000, 1, { alpha: 0.05, power: 0.8 })).toBe(2);
  });
});
