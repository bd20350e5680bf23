import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aucDifferenceInterval,
  aucDifferenceSkewness,
  aucDifferenceTest,
  aucInterval,
  delongAuc,
  delongDifference,
} from '../../src/statistics/auc.ts';

/** 1 for a pair in the right order, 1/2 for a tie. */
function kernel(positive: number, negative: number): number {
  if (positive === negative) return 0.5;
  return positive > negative ? 1 : 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** DeLong's structural components straight from their definition, in O(n^2). */
function componentsOf(labels: readonly number[], scores: readonly number[]) {
  const positives = scores.filter((_, index) => labels[index] === 1);
  const negatives = scores.filter((_, index) => labels[index] === 0);
  return {
    auc: mean(positives.map((x) => mean(negatives.map((y) => kernel(x, y))))),
    ofPositives: positives.map((x) => mean(negatives.map((y) => kernel(x, y)))),
    ofNegatives: negatives.map((y) => mean(positives.map((x) => kernel(x, y)))),
  };
}

function covariance(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  return x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0) / (x.length - 1);
}

const scoreValues = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1, noNaN: true }));
const examples = fc
  .array(fc.tuple(fc.constantFrom(0, 1), scoreValues, scoreValues), { minLength: 4, maxLength: 60 })
  .filter((rows) => {
    const positives = rows.filter(([label]) => label === 1).length;
    return positives >= 2 && rows.length - positives >= 2;
  });

describe("DeLong's area", () => {
  it('is the definition: pairs in the right order, ties half, variance of the components', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = rows.map(([label]) => label);
        const [a, b] = [
          componentsOf(
            labels,
            rows.map((row) => row[1]),
          ),
          componentsOf(
            labels,
            rows.map((row) => row[2]),
          ),
        ];
        const covarianceOf = (x: typeof a, y: typeof a): number =>
          covariance(x.ofPositives, y.ofPositives) / x.ofPositives.length +
          covariance(x.ofNegatives, y.ofNegatives) / x.ofNegatives.length;
        const got = delongDifference(
          labels,
          rows.map((row) => row[1]),
          rows.map((row) => row[2]),
        )!;
        expect(got.first.auc).toBeCloseTo(a.auc, 12);
        expect(got.second.auc).toBeCloseTo(b.auc, 12);
        expect(got.first.variance).toBeCloseTo(covarianceOf(a, a), 12);
        expect(got.covariance).toBeCloseTo(covarianceOf(a, b), 12);
        expect(got.difference).toBeCloseTo(a.auc - b.auc, 12);
        const variance = covarianceOf(a, a) + covarianceOf(b, b) - 2 * covarianceOf(a, b);
        expect(got.variance).toBeCloseTo(variance, 12);
        expect(
          delongAuc(
            labels,
            rows.map((row) => row[1]),
          ),
        ).toEqual(got.first);
      }),
    );
  });

  it('does not change when the scores are transformed monotonically, and mirrors when they are negated', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = Uint8Array.from(rows, ([label]) => label);
        const scores = rows.map((row) => row[1]);
        const plain = delongAuc(labels, scores)!;
        expect(
          delongAuc(
            labels,
            Float64Array.from(scores, (score) => 2 * score),
          )?.auc,
        ).toBe(plain.auc);
        const mirrored = delongAuc(
          labels,
          scores.map((score) => -score),
        )!;
        expect(mirrored.auc).toBeCloseTo(1 - plain.auc, 12);
        expect(mirrored.variance).toBeCloseTo(plain.variance, 12);
      }),
    );
  });

  it('has an interval that contains it and stays inside [0, 1]', () => {
    fc.assert(
      fc.property(examples, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (rows, level) => {
        const estimate = delongAuc(
          rows.map(([label]) => label),
          rows.map((row) => row[1]),
        )!;
        const { low, high } = aucInterval(estimate, level);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(estimate.auc + 1e-12);
        expect(high).toBeGreaterThanOrEqual(estimate.auc - 1e-12);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });

  it('is flagged where its variance says nothing, and bounded by Wilson instead', () => {
    const perfect = delongAuc([0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6])!;
    expect(perfect).toMatchObject({ auc: 1, variance: 0, degenerate: true });
    const interval = aucInterval(perfect, 0.9);
    expect(interval).toMatchObject({ high: 1, method: 'wilson-effective-size' });
    expect(interval.low).toBeLessThan(0.6);
    expect(delongAuc([0, 0, 0, 1], [1, 3, 4, 2])?.degenerate).toBe(true);
  });

  it('is undefined without both classes, and refuses what is not a label or a score', () => {
    expect(delongAuc([1, 1], [0.1, 0.2])).toBeUndefined();
    expect(delongAuc([], [])).toBeUndefined();
    expect(delongDifference([0, 0], [0.1, 0.2], [0.1, 0.2])).toBeUndefined();
    expect(() => delongAuc([0, 2], [0.1, 0.2])).toThrow(/neither 0 nor 1/);
    expect(() => delongAuc([0, 1], [0.1, Number.NaN])).toThrow(/not a number/);
    expect(() => delongDifference([0, 1], [0.1, 0.2], [0.1])).toThrow(/do not match/);
  });

  it('a difference has an interval inside [-1, 1] that contains it and whose limits are where the test rejects', () => {
    fc.assert(
      fc.property(examples, (rows) => {
        const labels = rows.map(([label]) => label);
        const [first, second] = [rows.map((row) => row[1]), rows.map((row) => row[2])];
        const estimate = delongDifference(labels, first, second)!;
        const { low, high } = aucDifferenceInterval(estimate, 0.9);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(estimate.difference);
        expect(high).toBeGreaterThanOrEqual(estimate.difference);
        expect(high).toBeGreaterThan(low);
        const { pGreater } = aucDifferenceTest(estimate, low);
        expect(pGreater).toBeCloseTo(low > -1 ? 0.05 : pGreater, 6);
      }),
    );
  });

  it('nothing is significant where the areas are perfect', () => {
    const perfect = delongDifference([0, 0, 1, 1], [1, 2, 3, 4], [1, 2, 3, 5])!;
    expect(aucDifferenceTest(perfect, -0.02).pGreater).toBeGreaterThan(0.3);
    expect(aucDifferenceInterval(perfect, 0.9).low).toBeLessThan(-0.3);
  });

  it('identical scores differ by nothing, with a degenerate variance', () => {
    const scores = [0.1, 0.4, 0.35, 0.8, 0.7];
    const got = delongDifference([0, 0, 1, 1, 0], scores, scores);
    expect(got).toMatchObject({ difference: 0, variance: 0, degenerate: true });
  });
});

function skewnessOf(labels: number[], first: number[], second: number[], ratio = 1): number {
  const difference = delongDifference(labels, first, second);
  if (difference === undefined) throw new Error('a class is absent');
  return aucDifferenceSkewness(difference, ratio);
}

describe('the skewness of a difference of areas', () => {
  it('is that of the structural components, and turns with the order of the two', () => {
    fc.assert(
      fc.property(examples, fc.double({ min: 0.5, max: 1.5, noNaN: true }), (rows, ratio) => {
        const labels = rows.map(([label]) => label);
        const [first, second] = [rows.map((row) => row[1]), rows.map((row) => row[2])];
        const [a, b] = [componentsOf(labels, first), componentsOf(labels, second)];
        const cubes = (x: readonly number[], y: readonly number[]): number =>
          x.reduce((sum, value, index) => sum + (value - a.auc - ratio * (y[index]! - b.auc)) ** 3, 0) /
          x.length ** 3;
        const variance = (x: readonly number[], y: readonly number[]): number => {
          const d = x.map((value, index) => value - ratio * y[index]!);
          return covariance(d, d) / d.length;
        };
        const total = variance(a.ofPositives, b.ofPositives) + variance(a.ofNegatives, b.ofNegatives);
        fc.pre(total > 1e-9);
        const wanted =
          (cubes(a.ofPositives, b.ofPositives) + cubes(a.ofNegatives, b.ofNegatives)) / total ** 1.5;
        expect(skewnessOf(labels, first, second, ratio)).toBeCloseTo(wanted, 6);
        expect(skewnessOf(labels, second, first)).toBeCloseTo(-skewnessOf(labels, first, second), 6);
      }),
    );
  });

  it('is negative where the first drops a rare positive to the bottom, and the same for clusters of one example', () => {
    const labels = Array.from({ length: 60 }, (_, row) => (row < 30 ? 1 : 0));
    const second = labels.map((label, row) => label * 0.4 + ((row * 37) % 60) / 60);
    const first = second.map((score, row) => (row === 3 ? -1 : score));
    const clusters = labels.map((_, row) => row);
    const [alone, clustered] = [
      delongDifference(labels, first, second),
      delongDifference(labels, first, second, clusters),
    ];
    expect(skewnessOf(labels, first, second)).toBeLessThan(-0.5);
    expect(clustered?.thirdCumulants[1]).toBeCloseTo(alone?.thirdCumulants[1] ?? Number.NaN, 15);
    expect(skewnessOf(labels, second, second)).toBe(0);
  });
});
