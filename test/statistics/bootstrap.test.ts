import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  basicInterval,
  bcaInterval,
  bcaTest,
  percentileInterval,
} from '../../src/statistics/bootstrap-interval.ts';
import { bootstrapCounts, bootstrapRows, bootstrapWeights } from '../../src/statistics/bootstrap.ts';
import { estimateClusteredMean, estimateMean, meanInterval } from '../../src/statistics/means.ts';
import { createRandom } from '../../src/statistics/random.ts';

const options = (seed: number, replicates = 400) => ({ random: createRandom(seed), replicates });

function sample(n: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => random.uniform() ** 2);
}

const meanOfRows = (values: Float64Array) => (rows: Uint32Array) => {
  let sum = 0;
  for (const row of rows) sum += values[row]!;
  return sum / rows.length;
};

const meanOfWeights = (values: Float64Array) => (weights: Uint32Array) => {
  let [sum, total] = [0, 0];
  weights.forEach((weight, row) => {
    sum += weight * values[row]!;
    total += weight;
  });
  return sum / total;
};

/** Difference of two proportions from the four joint counts, whatever their total. */
function difference(cells: Float64Array): number {
  return (cells[1]! - cells[2]!) / cells.reduce((sum, cell) => sum + cell, 0);
}

describe('the bootstrap', () => {
  it('gives the same bytes for the same seed, and by rows the same as by weights', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 2, max: 60 }), (seed, n) => {
        const values = sample(n, 1);
        const first = bootstrapRows(n, meanOfRows(values), options(seed, 50));
        const second = bootstrapRows(n, meanOfRows(values), options(seed, 50));
        expect(second).toEqual(first);
        const weighted = bootstrapWeights(n, meanOfWeights(values), options(seed, 50));
        expect(weighted.acceleration).toBeCloseTo(first.acceleration, 9);
        weighted.sorted.forEach((value, index) => expect(value).toBeCloseTo(first.sorted[index]!, 12));
      }),
      { numRuns: 30 },
    );
  });

  it('agrees with the t interval for a mean of many rows', () => {
    const values = sample(3000, 9);
    const exact = meanInterval(estimateMean(values), 0.9);
    const drawn = bootstrapRows(3000, meanOfRows(values), options(4, 2000));
    for (const interval of [
      bcaInterval(drawn, 0.9),
      percentileInterval(drawn, 0.9),
      basicInterval(drawn, 0.9),
    ]) {
      expect(interval.low).toBeCloseTo(exact.low, 2.5);
      expect(interval.high).toBeCloseTo(exact.high, 2.5);
      expect(interval).toMatchObject({ replicates: 2000, undefinedReplicates: 0, degenerate: false });
    }
    expect(bcaInterval(drawn, 0.9).standardError / estimateMean(values).standardError).toBeCloseTo(1, 1);
  });

  it('by joint counts has the law of the bootstrap by rows', () => {
    const counts = [120, 30, 18, 32];
    const cellOf = counts.flatMap((count, cell) => Array.from({ length: count }, () => cell));
    const byRows = bootstrapRows(
      200,
      (rows) => {
        const cells = new Float64Array(4);
        for (const row of rows) cells[cellOf[row]!]! += 1;
        return difference(cells);
      },
      options(6, 4000),
    );
    const byCounts = bootstrapCounts(counts, difference, options(7, 4000));
    expect(byCounts.estimate).toBeCloseTo(byRows.estimate, 14);
    expect(byCounts.acceleration).toBeCloseTo(byRows.acceleration, 10);
    const [rows, cells] = [bcaInterval(byRows, 0.9), bcaInterval(byCounts, 0.9)];
    expect(cells.standardError / rows.standardError).toBeCloseTo(1, 1);
    expect(cells.low).toBeCloseTo(rows.low, 1.9);
    expect(cells.high).toBeCloseTo(rows.high, 1.9);
  });

  it('leaves out groups for more than 5,000 rows, with nearly the acceleration of the full jackknife', () => {
    const values = sample(6000, 21);
    let evaluations = 0;
    const drawn = bootstrapRows(
      6000,
      (rows) => {
        evaluations++;
        return meanOfRows(values)(rows);
      },
      options(1, 10),
    );
    expect(evaluations).toBe(10 + 200 + 1);
    const { mean } = estimateMean(values);
    const [squares, cubes] = [2, 3].map((power) => values.reduce((sum, x) => sum + (x - mean) ** power, 0));
    expect(drawn.acceleration).toBeCloseTo(cubes! / (6 * squares! ** 1.5), 2);
  });

  it('draws whole clusters, and so sees the spread between them', () => {
    const clusters = Array.from({ length: 600 }, (_, row) => Math.floor(row / 20));
    const noise = sample(600, 2);
    const levels = sample(30, 3);
    const values = Float64Array.from(noise, (value, row) => value / 10 + levels[clusters[row]!]!);
    const statistic = meanOfRows(values);
    const naive = percentileInterval(bootstrapRows(600, statistic, options(1, 1000)), 0.9);
    const clustered = percentileInterval(
      bootstrapRows(600, statistic, { ...options(1, 1000), clusters }),
      0.9,
    );
    expect(clustered.standardError / naive.standardError).toBeGreaterThan(3);
    const robust = estimateClusteredMean(values, clusters);
    expect(clustered.standardError / robust.standardError).toBeCloseTo(1, 0.9);
    expect(robust.degreesOfFreedom).toBe(29);
  });

  it('counts resamples on which the statistic is undefined and goes on without them', () => {
    const drawn = bootstrapRows(5, (rows) => (rows.includes(0) ? 1 + rows[0]! : NaN), options(3, 500));
    expect(drawn.undefinedReplicates).toBeGreaterThan(100);
    expect(drawn.undefinedReplicates + drawn.sorted.length).toBe(500);
    expect(Number.isFinite(bcaInterval(drawn, 0.9).low)).toBe(true);
  });

  it('has p-values that invert the interval', () => {
    const drawn = bootstrapRows(60, meanOfRows(sample(60, 5)), options(8, 4000));
    const { low, high } = bcaInterval(drawn, 0.9);
    expect(bcaTest(drawn, low).pGreater).toBeCloseTo(0.05, 2);
    expect(bcaTest(drawn, high).pLess).toBeCloseTo(0.05, 2);
    expect(bcaTest(drawn, -10).pGreater).toBeLessThan(0.001);
    expect(bcaTest(drawn, -10).pGreater).toBeGreaterThan(0);
    expect(bcaTest(drawn, 10).pLess).toBeGreaterThan(0);
  });

  it('marks what it cannot say', () => {
    const constant = bcaInterval(
      bootstrapRows(4, () => 7, options(1)),
      0.9,
    );
    expect(constant).toMatchObject({
      low: 7,
      high: 7,
      standardError: 0,
      degenerate: true,
      bias: 0,
      acceleration: 0,
    });
    const never = bcaInterval(
      bootstrapRows(4, () => Number.NaN, options(1)),
      0.9,
    );
    expect(never).toMatchObject({ degenerate: true, replicates: 0, undefinedReplicates: 400 });
    const oneSided = {
      estimate: 0,
      sorted: Float64Array.from([1, 2, 3]),
      undefinedReplicates: 0,
      acceleration: 0,
    };
    expect(bcaInterval(oneSided, 0.9)).toMatchObject({ degenerate: true, method: 'bootstrap-percentile' });
    const pole = {
      estimate: 2,
      sorted: Float64Array.from([1, 2, 3]),
      undefinedReplicates: 0,
      acceleration: 0.9,
    };
    expect(bcaInterval(pole, 0.99).degenerate).toBe(true);
    const nothing = { pGreater: 1, pLess: 1 };
    expect(bcaTest(oneSided, 0)).toEqual(nothing);
    expect(
      bcaTest(
        bootstrapRows(4, () => 7, options(1)),
        0,
      ),
    ).toEqual(nothing);
    expect(bcaTest({ ...pole, acceleration: 9 }, 0)).toEqual(nothing);
  });

  it('hands out whole tables of counts, and skips empty cells in the jackknife', () => {
    const totals = new Set<number>();
    bootstrapCounts(
      [5, 0, 7],
      (cells) => {
        totals.add(cells.reduce((sum, cell) => sum + cell, 0));
        expect(cells[1]).toBe(0);
        return cells[0]!;
      },
      options(2, 20),
    );
    expect([...totals].toSorted((a, b) => a - b)).toEqual([11, 12]);
  });

  it('refuses sizes that are not counts', () => {
    expect(() => bootstrapRows(0, () => 1, options(1))).toThrow(RangeError);
    expect(() => bootstrapWeights(2.5, () => 1, options(1))).toThrow(RangeError);
    expect(() => bootstrapRows(3, () => 1, options(1, 0))).toThrow(RangeError);
    expect(() => bootstrapRows(3, () => 1, { ...options(1), clusters: [0] })).toThrow(/do not match/);
    expect(() => bootstrapCounts([0, 0], () => 1, options(1))).toThrow(RangeError);
    expect(() => bootstrapCounts([1, 0.5], () => 1, options(1))).toThrow(RangeError);
  });
});
