import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherTableTest, fisherTest, R_ROOT_TOLERANCE } from '../../src/statistics/contingency.ts';
import { logGamma } from '../../src/statistics/gamma.ts';
import { createRandom } from '../../src/statistics/random.ts';
import {
  andersonDarlingStatistic,
  cramerVonMisesTest,
  eppsSingletonTest,
} from '../../src/statistics/two-sample.ts';

/** All ways to choose which of the values belong to the first sample. */
function chooseAll(values: readonly number[], size: number): number[][][] {
  if (size === 0) return [[[], [...values]]];
  if (values.length < size) return [];
  const [first = Number.NaN, ...rest] = values;
  return [
    ...chooseAll(rest, size - 1).map(([a, b]) => [[first, ...a!], b!]),
    ...chooseAll(rest, size).map(([a, b]) => [a!, [first, ...b!]]),
  ];
}

const distinct = (n: number) =>
  fc.uniqueArray(fc.integer({ min: -99, max: 99 }), { minLength: n, maxLength: n });

describe('Cramer and von Mises', () => {
  it('counts the arrangements at least as extreme', () => {
    const generated = fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }))
      .chain(([m, n]) => fc.tuple(fc.constant(m), distinct(m + n)));
    fc.assert(
      fc.property(generated, ([m, pooled]) => {
        const observed = cramerVonMisesTest(pooled.slice(0, m), pooled.slice(m));
        const all = chooseAll(pooled, m).map(([a, b]) => cramerVonMisesTest(a!, b!).statistic);
        const extreme = all.filter((statistic) => statistic >= observed.statistic - 1e-9).length;
        expect(observed.pExact).toBeCloseTo(extreme / all.length, 12);
      }),
      { numRuns: 25 },
    );
  });

  it('has an asymptotic p that comes near the exact one, and alone for large samples', () => {
    const random = createRandom(2);
    const draw = (n: number): number[] => Array.from({ length: n }, random.uniform);
    const [x, y] = [draw(20), draw(20).map((value) => value + 0.2)];
    const test = cramerVonMisesTest(x, y);
    expect(test.pAsymptotic).toBeCloseTo(test.pExact!, 2);
    expect(cramerVonMisesTest(draw(21), x).pExact).toBeUndefined();
    expect(cramerVonMisesTest([1, 2], [2, 1]).pAsymptotic).toBeGreaterThan(0.9);
    expect(() => cramerVonMisesTest([1], [2, 3])).toThrow(RangeError);
  });
});

describe('Anderson-Darling and Epps-Singleton', () => {
  it('do not depend on the order of the samples, nor on location and scale', () => {
    const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 5, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        fc.pre(new Set([...x, ...y]).size > 6);
        const [movedX, movedY] = [x, y].map((values) => values.map((value) => 3 * value + 7));
        const statistic = andersonDarlingStatistic([x, y]);
        expect(andersonDarlingStatistic([y, x])).toBeCloseTo(statistic, 9);
        expect(andersonDarlingStatistic([movedX!, movedY!])).toBeCloseTo(statistic, 9);
        const [own, swapped] = [eppsSingletonTest(x, y), eppsSingletonTest(y, x)];
        expect(swapped === undefined).toBe(own === undefined);
        expect(swapped?.p ?? 1).toBeCloseTo(own?.p ?? 1, 5);
      }),
    );
  });

  it('refuse or leave out what cannot be compared', () => {
    expect(() =>
      andersonDarlingStatistic([
        [1, 1],
        [1, 1],
      ]),
    ).toThrow(RangeError);
    expect(eppsSingletonTest([1, 1, 1, 1, 1], [1, 1, 1, 1, 1])).toBeUndefined();
    expect(() => eppsSingletonTest([1, 2], [1, 2, 3, 4, 5])).toThrow(RangeError);
    expect(() =>
      andersonDarlingStatistic([
        [1, Number.NaN],
        [1, 2],
      ]),
    ).toThrow(/Value 1/);
  });
});

function logFactorial(n: number): number {
  return logGamma(n + 1);
}

/** Weight of a table among those with its margins. */
function weigh(table: readonly (readonly number[])[]): number {
  return Math.exp(-table.flat().reduce((sum, count) => sum + logFactorial(count), 0));
}

/** All tables with the given margins, row by row. */
function listTables(rows: readonly number[], columns: readonly number[]): number[][][] {
  const [row, ...others] = rows;
  if (row === undefined) return columns.every((left) => left === 0) ? [[]] : [];
  const fill = (left: number, sums: readonly number[]): number[][] => {
    const [most, ...rest] = sums;
    if (most === undefined) return left === 0 ? [[]] : [];
    const counts = Array.from({ length: Math.min(left, most) + 1 }, (_, count) => count);
    return counts.flatMap((count) => fill(left - count, rest).map((tail) => [count, ...tail]));
  };
  return fill(row, columns).flatMap((line) =>
    listTables(
      others,
      columns.map((sum, at) => sum - line[at]!),
    ).map((tail) => [line, ...tail]),
  );
}

describe("Fisher's exact test of larger tables", () => {
  it('adds up all tables that are at most as probable', () => {
    const row = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 3 }), (table) => {
        fc.pre(table.flat().some((count) => count > 0));
        const columns = [0, 1, 2].map((at) => table.reduce((sum, line) => sum + line[at]!, 0));
        const rows = table.map((line) => line.reduce((sum, count) => sum + count, 0));
        const all = listTables(rows, columns).map(weigh);
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const observed = weigh(table) * (1 + 1e-7);
        const extreme = all.filter((weight) => weight <= observed).reduce((sum, weight) => sum + weight, 0);
        expect(fisherTableTest(table)).toBeCloseTo(extreme / total, 10);
      }),
      { numRuns: 40 },
    );
  });

  it('is the two by two test for two by two tables', () => {
    const cell = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        fc.pre(a + b + c + d > 0);
        const table = [
          [a, b],
          [c, d],
        ];
        expect(fisherTableTest(table)).toBeCloseTo(fisherTest(table, 0.95).p, 10);
      }),
    );
  });

  it('refuses tables that it cannot visit, and fractions', () => {
    const large = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => 40));
    expect(() => fisherTableTest(large, 1000)).toThrow(/too large/);
    expect(() => fisherTableTest([[0.5, 1]])).toThrow(/integers/);
  });
});

/** Mean of the first cell given the margins of 48, 32, 12, 28 and an odds ratio. */
function meanOfFirstCell(oddsRatio: number): number {
  const logs = Array.from({ length: 41 }, (_, at) => {
    const x = 20 + at;
    const ways = logFactorial(x) + logFactorial(80 - x) + logFactorial(60 - x) + logFactorial(x - 20);
    return { x, log: x * Math.log(oddsRatio) - ways };
  });
  const largest = Math.max(...logs.map(({ log }) => log));
  const weights = logs.map(({ x, log }) => ({ x, weight: Math.exp(log - largest) }));
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return weights.reduce((sum, { x, weight }) => sum + x * weight, 0) / total;
}

describe("the odds ratio of Fisher's test", () => {
  const table = [
    [48, 32],
    [12, 28],
  ];

  it("is where the mean of the cell is the observed 48; R's, solved to its tolerance, misses it", () => {
    const { oddsRatio } = fisherTest(table, 0.95);
    expect(Math.abs(meanOfFirstCell(oddsRatio) - 48)).toBeLessThan(1e-10);
    const likeR = fisherTest(table, 0.95, R_ROOT_TOLERANCE).oddsRatio;
    expect(likeR).toBeCloseTo(3.46190364942904, 12);
    expect(Math.abs(meanOfFirstCell(likeR) - 48)).toBeGreaterThan(1e-4);
  });
});
