import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherTest, goodnessOfFitTest, independenceTest } from '../../src/statistics/contingency.ts';
import {
  categoricalDistances,
  energyDistance,
  entropy,
  meanDiscrepancy,
  medianDistance,
  mutualInformation,
  populationStabilityIndex,
  wassersteinDistance,
} from '../../src/statistics/divergences.ts';
import {
  dkwHalfWidth,
  kolmogorovFiniteSurvival,
  kolmogorovSmirnovTest,
} from '../../src/statistics/kolmogorov-smirnov.ts';

const count = fc.nat(40);
const twoByTwo = fc
  .tuple(count, count, count, count)
  .filter((cells) => cells.some((cell) => cell > 0))
  .map(([a, b, c, d]) => [
    [a, b],
    [c, d],
  ]);
const numbers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 });
const counts = fc
  .array(fc.nat(50), { minLength: 4, maxLength: 4 })
  .filter((cells) => cells.some((x) => x > 0));

describe('tests of independence', () => {
  it("Fisher's test has the conditional odds ratio and interval that scipy and mpmath give", () => {
    const test = fisherTest(
      [
        [48, 32],
        [12, 28],
      ],
      0.95,
    );
    expect(test.oddsRatio).toBeCloseTo(3.46218009034265, 12);
    expect(test.interval.low).toBeCloseTo(1.4558358015587565, 12);
    expect(test.interval.high).toBeCloseTo(8.648503053787584, 11);
  });

  it("Fisher's p does not depend on how the table is turned, and the interval contains the odds ratio", () => {
    fc.assert(
      fc.property(twoByTwo, (table) => {
        const { p, oddsRatio, interval } = fisherTest(table, 0.9);
        const turned = [0, 1].map((column) => table.map((row) => row[column]!));
        expect(fisherTest(turned, 0.9).p).toBeCloseTo(p, 9);
        expect(interval.low).toBeLessThanOrEqual(oddsRatio * (1 + 1e-9));
        expect(interval.high).toBeGreaterThanOrEqual(oddsRatio * (1 - 1e-9));
      }),
    );
  });

  it('without association: statistic 0, p 1, no association reported', () => {
    const test = independenceTest([
      [10, 20],
      [30, 60],
    ]);
    expect(test).toMatchObject({ degreesOfFreedom: 1, cramersV: 0, correctedV: 0 });
    expect(test.p).toBeCloseTo(1, 12);
  });

  it("with full association Cramer's V is 1, and Yates' correction never exceeds the plain statistic", () => {
    expect(
      independenceTest([
        [5, 0, 0],
        [0, 5, 0],
        [0, 0, 5],
      ]).cramersV,
    ).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(twoByTwo, (table) => {
        const [plain, corrected] = [independenceTest(table), independenceTest(table, true)];
        expect(corrected.chiSquared).toBeLessThanOrEqual(plain.chiSquared + 1e-9);
        expect(plain.p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves empty rows and columns out, and refuses what is not a table', () => {
    expect(
      independenceTest([
        [3, 0],
        [5, 0],
      ]),
    ).toMatchObject({ degreesOfFreedom: 0, p: 1, cramersV: 0 });
    expect(() => independenceTest([[1, 2], [3]])).toThrow(RangeError);
    expect(() => independenceTest([[1, -2]])).toThrow(RangeError);
    expect(() =>
      fisherTest(
        [
          [0, 0],
          [0, 0],
        ],
        0.9,
      ),
    ).toThrow(RangeError);
  });

  it('what is as expected fits', () => {
    expect(goodnessOfFitTest([5, 6], [5, 6])).toEqual({ chiSquared: 0, degreesOfFreedom: 1, p: 1 });
  });
});

describe('distances between distributions', () => {
  it('are 0 between equals, symmetric where they should be, and bounded', () => {
    fc.assert(
      fc.property(counts, counts, (p, q) => {
        const [there, back] = [categoricalDistances(p, q), categoricalDistances(q, p)];
        expect(categoricalDistances(p, p)).toMatchObject({
          kullbackLeibler: 0,
          totalVariation: 0,
          hellinger: 0,
        });
        expect(there.jensenShannon).toBeCloseTo(back.jensenShannon, 12);
        expect(there.jensenShannon).toBeLessThanOrEqual(Math.sqrt(Math.LN2) + 1e-12);
        expect(there.totalVariation).toBeLessThanOrEqual(1 + 1e-12);
        expect(there.hellinger).toBeLessThanOrEqual(1 + 1e-12);
        expect(there.kullbackLeibler).toBeGreaterThanOrEqual(-1e-12);
        const [psi, reversed] = [
          populationStabilityIndex(p, q, { add: 0.5 }),
          populationStabilityIndex(q, p, { add: 0.5 }),
        ];
        expect(psi).toBeCloseTo(reversed, 9);
        expect(psi).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('refuse what is not a distribution', () => {
    expect(() => categoricalDistances([0, 0], [1, 1])).toThrow(RangeError);
    expect(() => entropy([-1, 2])).toThrow(RangeError);
  });

  it("a shift by d has Wasserstein distance |d|, and the distance is a metric's", () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.integer({ min: -9, max: 9 }), (x, y, z, shift) => {
        expect(
          wassersteinDistance(
            x,
            x.map((value) => value + shift),
          ),
        ).toBeCloseTo(Math.abs(shift), 9);
        const [xy, yx] = [wassersteinDistance(x, y), wassersteinDistance(y, x)];
        expect(xy).toBeCloseTo(yx, 9);
        expect(xy).toBeLessThanOrEqual(wassersteinDistance(x, z) + wassersteinDistance(z, y) + 1e-9);
        expect(energyDistance(x, y)).toBeGreaterThanOrEqual(-1e-9);
        expect(energyDistance(x, x)).toBeCloseTo(0, 12);
      }),
    );
  });

  it('mean discrepancy of a sample with itself is not positive, of distant ones it is', () => {
    const near = [
      [0, 0],
      [1, 0],
      [0, 1],
    ];
    const far = near.map(([x, y]) => [x! + 9, y! + 9]);
    expect(meanDiscrepancy(near, near, 0.5).biased).toBeCloseTo(0, 12);
    expect(meanDiscrepancy(near, far, 0.5).unbiased).toBeGreaterThan(1);
    expect(medianDistance(near)).toBeCloseTo(1, 12);
  });

  it('independent rows and columns share no information', () => {
    expect(
      mutualInformation([
        [2, 4],
        [3, 6],
      ]),
    ).toBeCloseTo(0, 12);
    expect(
      mutualInformation([
        [5, 0],
        [0, 5],
      ]),
    ).toBeCloseTo(Math.LN2, 12);
  });
});

describe('Kolmogorov and Smirnov', () => {
  it('the exact p lies in (0, 1], is symmetric, and ignoring ties never makes it smaller', () => {
    fc.assert(
      fc.property(numbers, numbers, (x, y) => {
        const [there, back] = [kolmogorovSmirnovTest(x, y), kolmogorovSmirnovTest(y, x)];
        expect(there.statistic).toBeCloseTo(back.statistic, 12);
        expect(there.pExact).toBeCloseTo(back.pExact!, 12);
        expect(there.pExact).toBeGreaterThan(0);
        expect(there.pIgnoringTies).toBeGreaterThanOrEqual(there.pExact! - 1e-12);
        expect(there.pIgnoringTies).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('the exact p is the share of all rearrangements that are as extreme', () => {
    const [x, y] = [
      [1, 2, 2, 5],
      [3, 5, 6],
    ];
    const pooled = [...x, ...y];
    const observed = kolmogorovSmirnovTest(x, y).statistic;
    let [extreme, total] = [0, 0];
    for (let mask = 0; mask < 1 << pooled.length; mask++) {
      const chosen = pooled.filter((_, index) => (mask >> index) % 2 === 1);
      if (chosen.length !== x.length) continue;
      const rest = pooled.filter((_, index) => (mask >> index) % 2 === 0);
      total++;
      if (kolmogorovSmirnovTest(chosen, rest).statistic >= observed - 1e-12) extreme++;
    }
    expect(kolmogorovSmirnovTest(x, y).pExact).toBeCloseTo(extreme / total, 12);
  });

  it('the law of finite samples approaches the limit, and the band shrinks with the root of n', () => {
    expect(kolmogorovFiniteSurvival(200, 1.3581 / Math.sqrt(200))).toBeCloseTo(0.0465, 3);
    expect(kolmogorovFiniteSurvival(1, 0.75)).toBeCloseTo(0.5, 12);
    expect(dkwHalfWidth(1000, 0.95)).toBeCloseTo(0.0429, 4);
    expect(dkwHalfWidth(4000, 0.95) * 2).toBeCloseTo(dkwHalfWidth(1000, 0.95), 12);
  });

  it('refuses empty samples and NaN, and leaves the exact p out for large samples', () => {
    expect(() => kolmogorovSmirnovTest([], [1])).toThrow(RangeError);
    expect(() => kolmogorovSmirnovTest([1, Number.NaN], [1])).toThrow(RangeError);
    const large = Float64Array.from({ length: 20_000 }, (_, index) => index);
    expect(kolmogorovSmirnovTest(large, large)).toMatchObject({
      statistic: 0,
      pExact: undefined,
      pAsymptotic: 1,
    });
  });
});
