import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCdf } from '../../src/statistics/distributions.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import {
  mcnemarTest,
  pairedBonettPriceInterval,
  pairedDifference,
  pairedNewcombeInterval,
  pairedWaldInterval,
  tangoInterval,
  tangoTest,
} from '../../src/statistics/paired-proportions.ts';
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  correctedWilsonInterval,
  jeffreysInterval,
  wilsonInterval,
  zeroFailuresUpperLimit,
} from '../../src/statistics/proportion.ts';
import { findRoot } from '../../src/statistics/root.ts';
import {
  katzRatioInterval,
  koopmanInterval,
  miettinenNurminenInterval,
  newcombeInterval,
  ratioMiettinenNurminenInterval,
} from '../../src/statistics/two-proportions.ts';

const share = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat())
  .map(([trials, draw]) => ({ successes: draw % (trials + 1), trials }));
const someSuccess = share.map(({ successes, trials }) => ({ successes: Math.max(1, successes), trials }));
const levels = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const cell = fc.oneof(fc.nat(3), fc.nat(2000));
const paired = fc
  .record({ both: cell, onlyFirst: cell, onlySecond: cell, neither: cell })
  .filter(({ both, onlyFirst, onlySecond, neither }) => both + onlyFirst + onlySecond + neither > 0);

describe('intervals for one proportion', () => {
  it.each([
    [81, 263, 0.2535, 0.3682],
    [15, 148, 0.0598, 0.1644],
    [0, 20, 0, 0.2005],
    [1, 29, 0.0018, 0.1963],
  ])('corrected for continuity is as Newcombe (1998) prints it: %d of %d', (successes, trials, low, high) => {
    const interval = correctedWilsonInterval(successes, trials, 0.95);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('corrected for continuity is never narrower than without', () => {
    fc.assert(
      fc.property(share, levels, ({ successes, trials }, level) => {
        const [plain, corrected] = [
          wilsonInterval(successes, trials, level),
          correctedWilsonInterval(successes, trials, level),
        ];
        expect(corrected.low).toBeLessThanOrEqual(plain.low + 1e-12);
        expect(corrected.high).toBeGreaterThanOrEqual(plain.high - 1e-12);
        expect(corrected.low).toBeGreaterThanOrEqual(0);
        expect(corrected.high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['wilson', wilsonInterval],
    ['clopper-pearson', clopperPearsonInterval],
    ['agresti-coull', agrestiCoullInterval],
  ] as const)('%s contains the estimate and stays in [0, 1]', (method, interval) => {
    fc.assert(
      fc.property(share, levels, ({ successes, trials }, level) => {
        const { low, high, ...rest } = interval(successes, trials, level);
        expect(rest).toEqual({ level, method });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials + 1e-15);
        expect(high).toBeGreaterThanOrEqual(successes / trials - 1e-15);
      }),
    );
  });

  it("Wilson's limits are where the score test just rejects", () => {
    fc.assert(
      fc.property(share, levels, ({ successes, trials }, level) => {
        const z = -normalQuantile((1 - level) / 2);
        const { low, high } = wilsonInterval(successes, trials, level);
        for (const limit of [low, high]) {
          if (limit === 0 || limit === 1) continue;
          const score = Math.abs(successes / trials - limit) / Math.sqrt((limit * (1 - limit)) / trials);
          expect(score).toBeCloseTo(z, 6);
        }
      }),
    );
  });

  it("Clopper and Pearson's limits put alpha / 2 into each binomial tail", () => {
    fc.assert(
      fc.property(share, levels, ({ successes, trials }, level) => {
        const { low, high } = clopperPearsonInterval(successes, trials, level);
        const tail = (1 - level) / 2;
        const above = high < 1 ? binomialCdf(successes, trials, high) : tail;
        const below = low > 0 ? 1 - binomialCdf(successes - 1, trials, low) : tail;
        expect(above).toBeCloseTo(tail, 9);
        expect(below).toBeCloseTo(tail, 9);
      }),
    );
  });

  it("Jeffreys' interval lies inside Clopper and Pearson's", () => {
    fc.assert(
      fc.property(share, levels, ({ successes, trials }, level) => {
        const [inner, outer] = [
          jeffreysInterval(successes, trials, level),
          clopperPearsonInterval(successes, trials, level),
        ];
        expect(inner.high).toBeLessThanOrEqual(outer.high + 1e-12);
        expect(inner.low).toBeGreaterThanOrEqual(outer.low - 1e-12);
      }),
    );
  });

  it('no failures in n trials: the limit of the exact interval, about 3 / n', () => {
    expect(zeroFailuresUpperLimit(300, 0.95)).toBeCloseTo(clopperPearsonInterval(0, 300, 0.9).high, 14);
    expect(zeroFailuresUpperLimit(100_000, 0.95) * 100_000).toBeCloseTo(2.9957, 3);
  });

  it('refuse what is not a proportion', () => {
    for (const [successes, trials] of [
      [-1, 5],
      [6, 5],
      [0, 0],
      [Number.NaN, 5],
    ] as const) {
      expect(() => wilsonInterval(successes, trials, 0.9)).toThrow(RangeError);
      expect(() => clopperPearsonInterval(successes, trials, 0.9)).toThrow(RangeError);
    }
    expect(() => clopperPearsonInterval(1.5, 5, 0.9)).toThrow(/whole counts/);
    expect(wilsonInterval(1.5, 5, 0.9).low).toBeGreaterThan(0);
    for (const level of [0, 1, 95, Number.NaN]) expect(() => wilsonInterval(1, 5, level)).toThrow(RangeError);
  });
});

describe("Tango's score test and interval", () => {
  it('the interval contains the difference, stays in [-1, 1] and never has width 0', () => {
    fc.assert(
      fc.property(paired, levels, (counts, level) => {
        const { low, high, method } = tangoInterval(counts, level);
        const difference = pairedDifference(counts);
        expect(method).toBe('tango');
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });

  it('the limits are where the test just rejects', () => {
    fc.assert(
      fc.property(paired, levels, (counts, level) => {
        const { low, high } = tangoInterval(counts, level);
        const tail = (1 - level) / 2;
        const [above, below] = [
          low > -1 ? tangoTest(counts, low).pGreater : tail,
          high < 1 ? tangoTest(counts, high).pLess : tail,
        ];
        expect(above).toBeCloseTo(tail, 7);
        expect(below).toBeCloseTo(tail, 7);
      }),
    );
  });

  it('exchanging the two treatments mirrors the interval', () => {
    fc.assert(
      fc.property(paired, levels, (counts, level) => {
        const here = tangoInterval(counts, level);
        const there = tangoInterval(
          { ...counts, onlyFirst: counts.onlySecond, onlySecond: counts.onlyFirst },
          level,
        );
        expect(here.low).toBeCloseTo(-there.high, 9);
        expect(here.high).toBeCloseTo(-there.low, 9);
      }),
    );
  });

  it('without discordant pairs the limits are -+ z^2 / (N + z^2)', () => {
    const z = -normalQuantile(0.05);
    const { low, high } = tangoInterval({ both: 280, onlyFirst: 0, onlySecond: 0, neither: 20 }, 0.9);
    expect(low).toBeCloseTo((-z * z) / (300 + z * z), 14);
    expect(high).toBeCloseTo((z * z) / (300 + z * z), 14);
  });

  it('reproduces the interval that contingencytables prints for the CR table', () => {
    const { low, high } = tangoInterval({ both: 59, onlyFirst: 6, onlySecond: 16, neither: 80 }, 0.95);
    expect([low, high].map((limit) => limit.toFixed(4))).toEqual(['-0.1240', '-0.0054']);
  });

  it('when all pairs are discordant one way the limit is 1 itself', () => {
    const counts = { both: 0, onlyFirst: 7, onlySecond: 0, neither: 0 };
    expect(tangoInterval(counts, 0.9).high).toBe(1);
    expect(tangoTest(counts, 1)).toMatchObject({ z: 0, pGreater: 0.5 });
    expect(tangoTest(counts, -1)).toMatchObject({ z: Number.POSITIVE_INFINITY, pGreater: 0 });
  });

  it('a million pairs give what a hundred pairs of a ten-thousandth weight would, but narrower', () => {
    const small = { both: 80, onlyFirst: 5, onlySecond: 8, neither: 7 };
    const large = { both: 800_000, onlyFirst: 50_000, onlySecond: 80_000, neither: 70_000 };
    const width = (counts: typeof small): number =>
      tangoInterval(counts, 0.9).high - tangoInterval(counts, 0.9).low;
    expect(width(small) / width(large)).toBeGreaterThan(95);
    expect(width(small) / width(large)).toBeLessThan(110);
  });

  it('refuses what are not counts, and a difference outside [-1, 1]', () => {
    const counts = { both: 5, onlyFirst: 1, onlySecond: 1, neither: 1 };
    expect(() => tangoInterval({ ...counts, both: -1 }, 0.9)).toThrow(RangeError);
    expect(() => tangoInterval({ ...counts, both: Number.NaN }, 0.9)).toThrow(RangeError);
    expect(() => tangoInterval({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.9)).toThrow(
      RangeError,
    );
    expect(() => tangoTest(counts, 1.5)).toThrow(RangeError);
  });
});

describe('other paired intervals', () => {
  it.each([
    ['newcombe-square-and-add', pairedNewcombeInterval],
    ['wald', pairedWaldInterval],
    ['bonett-price', pairedBonettPriceInterval],
  ] as const)('%s is ordered, inside [-1, 1], and near Tango for many pairs', (method, interval) => {
    const large = { both: 8000, onlyFirst: 700, onlySecond: 500, neither: 800 };
    const tango = tangoInterval(large, 0.9);
    expect(interval(large, 0.9).low).toBeCloseTo(tango.low, 3);
    expect(interval(large, 0.9).high).toBeCloseTo(tango.high, 3);
    fc.assert(
      fc.property(paired, levels, (counts, level) => {
        const { low, high, ...rest } = interval(counts, level);
        expect(rest.method).toBe(method);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe("McNemar's test", () => {
  it('the mid-p lies between 0 and the exact p', () => {
    fc.assert(
      fc.property(cell, cell, (onlyFirst, onlySecond) => {
        const { pMid, pExact } = mcnemarTest(onlyFirst, onlySecond);
        expect(pMid).toBeGreaterThanOrEqual(0);
        expect(pMid).toBeLessThanOrEqual(pExact + 1e-12);
        expect(mcnemarTest(onlySecond, onlyFirst).pMid).toBe(pMid);
      }),
    );
  });

  it('refuses negative counts', () => {
    expect(() => mcnemarTest(-1, 3)).toThrow(RangeError);
  });
});

describe('two proportions on different examples', () => {
  it.each([
    ['newcombe-hybrid', newcombeInterval],
    ['miettinen-nurminen', miettinenNurminenInterval],
  ] as const)('%s contains the difference and mirrors when exchanged', (method, interval) => {
    fc.assert(
      fc.property(share, share, levels, (first, second, level) => {
        const { low, high, ...rest } = interval(first, second, level);
        const difference = first.successes / first.trials - second.successes / second.trials;
        expect(rest.method).toBe(method);
        expect(low).toBeLessThanOrEqual(difference + 1e-12);
        expect(high).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        const mirrored = interval(second, first, level);
        expect(low).toBeCloseTo(-mirrored.high, 6);
      }),
    );
  });

  it.each([
    ['koopman-score', koopmanInterval],
    ['miettinen-nurminen-ratio', ratioMiettinenNurminenInterval],
  ] as const)('%s contains the ratio, and its reciprocal when exchanged', (method, interval) => {
    fc.assert(
      fc.property(someSuccess, someSuccess, levels, (first, second, level) => {
        const { low, high, ...rest } = interval(first, second, level);
        const ratio = first.successes / first.trials / (second.successes / second.trials);
        expect(rest.method).toBe(method);
        expect(low).toBeLessThanOrEqual(ratio * (1 + 1e-12));
        expect(high).toBeGreaterThanOrEqual(ratio * (1 - 1e-12));
        const exchanged = interval(second, first, level);
        expect(low * exchanged.high).toBeCloseTo(1, 6);
      }),
    );
  });

  it('zero counts: a ratio has limits 0 and Infinity, the logarithmic interval does not exist', () => {
    const [none, some] = [
      { successes: 0, trials: 10 },
      { successes: 4, trials: 10 },
    ];
    expect(koopmanInterval(none, some, 0.95).low).toBe(0);
    expect(koopmanInterval(none, some, 0.95).high).toBeLessThan(1);
    expect(koopmanInterval(some, none, 0.95).high).toBe(Number.POSITIVE_INFINITY);
    expect(koopmanInterval(none, none, 0.95)).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY });
    expect(katzRatioInterval(none, some, 0.95)).toBeUndefined();
    expect(katzRatioInterval(some, some, 0.95)?.low).toBeLessThan(1);
  });

  it('refuse what is not a proportion', () => {
    const [wrong, right] = [
      { successes: 6, trials: 5 },
      { successes: 4, trials: 5 },
    ];
    expect(() => miettinenNurminenInterval(wrong, right, 0.9)).toThrow(RangeError);
    expect(() => koopmanInterval(right, wrong, 0.9)).toThrow(RangeError);
    expect(() => newcombeInterval(right, wrong, 0.9)).toThrow(RangeError);
  });
});

describe('finding a root', () => {
  it('to the last digits, also of functions that are flat or steep', () => {
    expect(findRoot((x) => x ** 3 - 2, 0, 2)).toBeCloseTo(Math.cbrt(2), 15);
    expect(findRoot((x) => (x - 0.3) ** 9, 0, 1)).toBeCloseTo(0.3, 1);
    expect(findRoot((x) => Math.atan(1e9 * (x - 0.123)), -5, 1)).toBeCloseTo(0.123, 14);
    expect(findRoot((x) => x, 0, 1)).toBe(0);
    expect(findRoot((x) => x - 1, 0, 1)).toBe(1);
  });

  it('only where the sign changes', () => {
    expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow(/No change of sign/);
    expect(() => findRoot(() => Number.NaN, -1, 1)).toThrow(RangeError);
  });
});
