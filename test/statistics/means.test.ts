import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimateClusteredMean,
  estimateMean,
  meanInterval,
  sumOf,
  tTest,
  welchDifference,
} from '../../src/statistics/means.ts';

const value = fc.double({ min: -1000, max: 1000, noNaN: true });
const values = fc.array(value, { minLength: 2, maxLength: 200 });

describe('means', () => {
  it('keep their digits under a large offset (NIST NumAcc3: certified standard deviation 0.1)', () => {
    const data = Array.from({ length: 1001 }, (_, i) =>
      i === 0 ? 1000000.2 : i % 2 === 1 ? 1000000.1 : 1000000.3,
    );
    expect(estimateMean(data).mean).toBeCloseTo(1000000.2, 9);
    expect(estimateMean(data).standardDeviation).toBeCloseTo(0.1, 9);
  });

  it('add up what cancels', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf([])).toBe(0);
  });

  it('have an interval centred on the estimate that narrows with the level', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const estimate = estimateMean(sample);
        const [narrow, wide] = [meanInterval(estimate, 0.8), meanInterval(estimate, 0.99)];
        expect(narrow.low).toBeLessThanOrEqual(estimate.mean);
        expect(narrow.high).toBeGreaterThanOrEqual(estimate.mean);
        expect(wide.high - wide.low).toBeGreaterThanOrEqual(narrow.high - narrow.low);
      }),
    );
  });

  it('the limits of the interval are where the t-test just rejects', () => {
    const estimate = estimateMean([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]);
    const { low, high } = meanInterval(estimate, 0.9);
    expect(tTest(estimate, low).pGreater).toBeCloseTo(0.05, 12);
    expect(tTest(estimate, high).pLess).toBeCloseTo(0.05, 12);
    expect(tTest(estimate, estimate.mean)).toMatchObject({ t: 0, pTwoSided: 1 });
  });

  it('one cluster per value gives the ordinary standard error', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const clustered = estimateClusteredMean(
          sample,
          sample.map((_, index) => index),
        );
        const plain = estimateMean(sample);
        expect(clustered.degreesOfFreedom).toBe(plain.degreesOfFreedom);
        expect(clustered.standardError).toBeCloseTo(plain.standardError, 9);
      }),
    );
  });

  it('Welch with equal sizes and variances is the pooled test', () => {
    const [first, second] = [estimateMean([1, 2, 3, 4]), estimateMean([3, 4, 5, 6])];
    const test = tTest(welchDifference(first, second), 0);
    expect(test.degreesOfFreedom).toBeCloseTo(6, 12);
    expect(test.pLess + test.pGreater).toBeCloseTo(1, 14);
    expect(test.t).toBeCloseTo(-2 / Math.sqrt((2 * (5 / 3)) / 4), 12);
  });

  it('Welch of first - ratio * second scales the second sample', () => {
    const [first, second] = [estimateMean([1, 2, 4, 4]), estimateMean([3, 4, 5, 9])];
    const scaled = estimateMean([3, 4, 5, 9].map((value) => 0.9 * value));
    const [got, wanted] = [welchDifference(first, second, 0.9), welchDifference(first, scaled)];
    expect(got.mean).toBeCloseTo(wanted.mean, 12);
    expect(got.standardError).toBeCloseTo(wanted.standardError, 12);
    expect(got.degreesOfFreedom).toBeCloseTo(wanted.degreesOfFreedom, 10);
  });

  it('flag what has no spread instead of claiming certainty', () => {
    expect(estimateMean([4])).toMatchObject({ n: 1, mean: 4, standardError: 0, degenerate: true });
    const constant = estimateMean([1, 1, 1]);
    expect(meanInterval(constant, 0.9)).toMatchObject({ low: 1, high: 1 });
    expect(tTest(constant, 0)).toMatchObject({ pGreater: 0, pLess: 1, pTwoSided: 0 });
    expect(tTest(constant, 1)).toMatchObject({ t: 0, pGreater: 0.5 });
    expect(tTest(constant, 2)).toMatchObject({ pGreater: 1, pLess: 0 });
    expect(estimateClusteredMean([1, 2, 3], [0, 0, 0]).degenerate).toBe(true);
    const single = welchDifference(estimateMean([4]), estimateMean([1, 2, 3]));
    expect(single).toMatchObject({ mean: 2, standardError: 0, degenerate: true });
    expect(welchDifference(constant, estimateMean([1, 2, 3]))).toMatchObject({
      degenerate: false,
      degreesOfFreedom: 2,
    });
  });

  it('refuse what has no mean', () => {
    expect(() => estimateMean([])).toThrow(RangeError);
    expect(() => estimateMean([1, Number.NaN])).toThrow(RangeError);
    expect(() => estimateMean([1, Number.POSITIVE_INFINITY])).toThrow(RangeError);
    expect(() => estimateClusteredMean([1, 2], [0])).toThrow(/do not match/);
  });
});
