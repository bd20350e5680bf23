import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialProbability } from '../../src/statistics/distributions.ts';
import { logGamma } from '../../src/statistics/gamma.ts';
import { invertInterval, type OneSidedPValues } from '../../src/statistics/interval.ts';
import { estimateMean, meanInterval, tTest } from '../../src/statistics/means.ts';
import { equivalencePValue } from '../../src/statistics/non-inferiority.ts';
import { ascendingOrder } from '../../src/statistics/order.ts';
import {
  correctedTangoInterval,
  correctedTangoTest,
  tangoInterval,
  tangoTest,
  type PairedCounts,
} from '../../src/statistics/paired-proportions.ts';
import { signFlipTest } from '../../src/statistics/permutation.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { correctedResampledMean } from '../../src/statistics/resampled-runs.ts';
import {
  koopmanInterval,
  miettinenNurminenInterval,
  miettinenNurminenTest,
  newcombeInterval,
  newcombeTest,
  ratioScoreTest,
} from '../../src/statistics/two-proportions.ts';

const count = fc.integer({ min: 0, max: 60 });
const pairedCounts = fc
  .record({ both: count, onlyFirst: count, onlySecond: count, neither: count })
  .filter(({ both, onlyFirst, onlySecond, neither }) => both + onlyFirst + onlySecond + neither > 0);
const share = fc
  .tuple(fc.integer({ min: 1, max: 80 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, p]) => ({ successes: Math.round(p * trials), trials }));
const shift = fc.integer({ min: -950, max: 950 }).map((thousandths) => (thousandths + 0.3) / 1000);

interface Limits {
  readonly low: number;
  readonly high: number;
}

/** Whether limits and p-values of one method agree about a hypothesised value; at a limit itself both may be. */
function agree(limits: Limits, p: OneSidedPValues, hypothesised: number): boolean {
  const isAt = (limit: number): boolean => Math.abs(limit - hypothesised) < 1e-7;
  return (
    (isAt(limits.low) || p.pGreater < 0.05 === limits.low > hypothesised) &&
    (isAt(limits.high) || p.pLess < 0.05 === limits.high < hypothesised)
  );
}

describe('tests of a shifted hypothesis', () => {
  it('reject what the interval of the same method excludes', () => {
    fc.assert(
      fc.property(pairedCounts, share, share, shift, (counts, first, second, at) => {
        const ratio = 1 + at;
        const agreements = {
          tango: agree(tangoInterval(counts, 0.9), tangoTest(counts, at), at),
          corrected: agree(correctedTangoInterval(counts, 0.9), correctedTangoTest(counts, at), at),
          score: agree(
            miettinenNurminenInterval(first, second, 0.9),
            miettinenNurminenTest(first, second, at),
            at,
          ),
          newcombe: agree(newcombeInterval(first, second, 0.9), newcombeTest(first, second, at), at),
          ratio: agree(koopmanInterval(first, second, 0.9), ratioScoreTest(first, second, ratio), ratio),
        };
        expect(Object.entries(agreements).filter(([, agrees]) => !agrees)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('grow stricter with the hypothesised value', () => {
    fc.assert(
      fc.property(pairedCounts, share, share, shift, shift, (counts, first, second, x, y) => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)];
        const slack = 1e-12;
        expect(correctedTangoTest(counts, from).pGreater).toBeLessThanOrEqual(
          correctedTangoTest(counts, to).pGreater + slack,
        );
        expect(miettinenNurminenTest(first, second, from).pGreater).toBeLessThanOrEqual(
          miettinenNurminenTest(first, second, to).pGreater + slack,
        );
        expect(newcombeTest(first, second, from).pGreater).toBeLessThanOrEqual(
          newcombeTest(first, second, to).pGreater + 1e-9,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('refuse what is no hypothesis', () => {
    const half = { successes: 1, trials: 2 };
    expect(() => miettinenNurminenTest(half, half, 1.5)).toThrow(RangeError);
    expect(() => ratioScoreTest(half, half, 0)).toThrow(RangeError);
    expect(() => correctedTangoTest({ both: 1, onlyFirst: 0, onlySecond: 0, neither: 0 }, -2)).toThrow(
      RangeError,
    );
  });
});

/** Exact chance that a rule on paired counts holds, for n pairs with the given discordant probabilities. */
function chanceOf(n: number, p10: number, p01: number, rule: (b: number, c: number) => boolean): number {
  let chance = 0;
  for (let b = 0; b <= n; b++) {
    for (let c = 0; c <= n - b; c++) {
      const log = logGamma(n + 1) - logGamma(b + 1) - logGamma(c + 1) - logGamma(n - b - c + 1);
      const part = log + b * Math.log(p10) + c * Math.log(p01) + (n - b - c) * Math.log1p(-p10 - p01);
      if (part > -40 && rule(b, c)) chance += Math.exp(part);
    }
  }
  return chance;
}

function countsOf(n: number, onlyFirst: number, onlySecond: number): PairedCounts {
  return { both: n - onlyFirst - onlySecond, onlyFirst, onlySecond, neither: 0 };
}

describe('the corrected Tango test', () => {
  it.each([
    [60, 0.02, 0.05, 0.005],
    [120, 0.01, 0.1, 0.0025],
    [150, 0.05, 0.02, 0.02],
  ])('errs at most nominally for n = %d, margin %d: p10 = %d', (n, margin, p10, extra) => {
    // The truth is exactly at the margin: both "not worse by more" and "worse by more" are wrong.
    const p01 = p10 + margin;
    const testOf = (b: number, c: number) => correctedTangoTest(countsOf(n, b, c), -margin);
    const pass = chanceOf(n, p10, p01, (b, c) => testOf(b, c).pGreater < 0.05);
    const fail = chanceOf(n, p10, p01, (b, c) => testOf(b, c).pLess < 0.05);
    expect(Math.max(pass, fail)).toBeLessThanOrEqual(0.05);
    expect(fail).toBeGreaterThan(extra);
  });

  it('errs less than Tango’s own, which exceeds the nominal rate with few discordant pairs', () => {
    const [plain, corrected] = [tangoTest, correctedTangoTest].map((test) =>
      chanceOf(300, 1e-9, 0.01, (b, c) => test(countsOf(300, b, c), -0.01).pLess < 0.05),
    );
    expect(plain).toBeGreaterThan(0.05);
    expect(corrected).toBeLessThanOrEqual(0.05);
  });
});

/** The p-values that inverting an interval can give. */
function keepInside(p: number): number {
  return Math.min(1 - 1e-9, Math.max(1e-9, p));
}

describe('an inverted interval', () => {
  it('gives the p-values of the test that it came from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 9 }),
        shift,
        (x, at) => {
          const estimate = estimateMean(x);
          if (estimate.degenerate) return;
          const wanted = tTest(estimate, at);
          const got = invertInterval((level) => meanInterval(estimate, level), at);
          expect(Math.log(got.pGreater)).toBeCloseTo(Math.log(keepInside(wanted.pGreater)), 5);
          expect(Math.log(got.pLess)).toBeCloseTo(Math.log(keepInside(wanted.pLess)), 5);
        },
      ),
    );
  });
});

describe('equivalence', () => {
  it('holds at alpha when the interval of level 1 - 2 alpha lies within the bounds', () => {
    const generated = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(generated, fc.integer({ min: 1, max: 6 }), (values, margin) => {
        const estimate = estimateMean(values);
        if (estimate.degenerate) return;
        const { low, high } = meanInterval(estimate, 0.9);
        const p = equivalencePValue((at) => tTest(estimate, at), { low: -margin, high: margin });
        expect(p < 0.05).toBe(low > -margin && high < margin);
      }),
    );
  });
});

describe('the corrected resampled mean', () => {
  it('has an interval that excludes what its test rejects, wider than that of independent runs', () => {
    const differences = [0.01, 0.02, -0.005, 0.015, 0.012];
    const estimate = correctedResampledMean(differences, { train: 80, test: 20 });
    expect(estimate.standardError / estimateMean(differences).standardError).toBeCloseTo(
      Math.sqrt(1 + 5 / 4),
      12,
    );
    const { low } = meanInterval(estimate, 0.9);
    expect(tTest(estimate, low).pGreater).toBeCloseTo(0.05, 12);
    expect(() => correctedResampledMean(differences, { train: 0, test: 20 })).toThrow(RangeError);
  });
});

describe('the sign-flip test', () => {
  const options = { random: createRandom(1), permutations: 999 };

  it('visits every choice of signs', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(values, fc.integer({ min: -3, max: 3 }), (differences, hypothesised) => {
        const moved = differences.map((value) => value - hypothesised);
        const observed = moved.reduce((sum, value) => sum + value, 0);
        const all = Array.from({ length: 2 ** moved.length }, (_, code) =>
          moved.reduce((sum, value, bit) => sum + ((code >> bit) & 1 ? -value : value), 0),
        );
        const got = signFlipTest(differences, { ...options, hypothesised });
        expect(got).toMatchObject({ exact: true, permutations: all.length });
        expect(got.pGreater).toBe(all.filter((sum) => sum >= observed).length / all.length);
        expect(got.pLess).toBe(all.filter((sum) => sum <= observed).length / all.length);
      }),
    );
  });

  it('of five seeds that all improve is 1 / 32, and of equal signs by symmetry 2^(1 - k) two-sided', () => {
    const got = signFlipTest([0.1, 0.2, 0.05, 0.3, 0.12], options);
    expect(got).toMatchObject({ pGreater: 1 / 32, pLess: 1, pTwoSided: 1 / 16 });
  });

  it('by chance comes near the sign test where all sizes are equal', () => {
    const ones = Array.from({ length: 40 }, (_, index) => (index < 26 ? 1 : -1));
    const exact = Array.from({ length: 15 }, (_, index) => binomialProbability(26 + index, 40, 0.5)).reduce(
      (sum, p) => sum + p,
      0,
    );
    const got = signFlipTest(ones, { random: createRandom(5), permutations: 20_000 });
    expect(got.exact).toBe(false);
    expect(Math.abs(got.pGreater - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
  });

  it('flips a cluster as one', () => {
    const values = [1, 1, 1, 2, 2, 2];
    expect(signFlipTest(values, { ...options, clusters: [0, 0, 0, 1, 1, 1] }).pGreater).toBe(0.25);
    expect(signFlipTest(values, options).pGreater).toBe(1 / 64);
    expect(() => signFlipTest(values, { ...options, clusters: [0] })).toThrow(RangeError);
    expect(() => signFlipTest([], options)).toThrow(RangeError);
  });
});

describe('the ascending order', () => {
  it('is stable and sorts as numbers do, few or many, NaN last', () => {
    const special = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -1.5];
    const number = fc.oneof(fc.constantFrom(...special), fc.double());
    const generated = fc.oneof(
      fc.array(number, { maxLength: 40 }),
      fc.array(number, { minLength: 600, maxLength: 700 }),
    );
    fc.assert(
      fc.property(generated, (values) => {
        const positions = values.map((_, index) => index);
        const [numbers, others] = [false, true].map((isOther) =>
          positions.filter((index) => Number.isNaN(values[index]) === isOther),
        );
        numbers!.sort((x, y) => Number(values[x]! > values[y]!) - Number(values[x]! < values[y]!) || x - y);
        expect(Array.from(ascendingOrder(values))).toEqual([...numbers!, ...others!]);
      }),
      { numRuns: 60 },
    );
  });
});
