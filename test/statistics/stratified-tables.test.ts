import { describe, expect, it } from 'vitest';
import { cochranMantelHaenszelTest } from '../../src/statistics/stratified-tables.ts';

/** Admissions to Berkeley in 1973 by department (R, datasets::UCBAdmissions): women, then men. */
const BERKELEY = [
  { first: { successes: 89, trials: 108 }, second: { successes: 512, trials: 825 } },
  { first: { successes: 17, trials: 25 }, second: { successes: 353, trials: 560 } },
  { first: { successes: 202, trials: 593 }, second: { successes: 120, trials: 325 } },
  { first: { successes: 131, trials: 375 }, second: { successes: 138, trials: 417 } },
  { first: { successes: 94, trials: 393 }, second: { successes: 53, trials: 191 } },
  { first: { successes: 24, trials: 341 }, second: { successes: 22, trials: 373 } },
];

describe("Cochran, Mantel and Haenszel's test", () => {
  it('Berkeley: p 0.217 and a common odds ratio near 1, as R prints', () => {
    // mantelhaen.test(UCBAdmissions, correct = FALSE): X-squared = 1.5246, p = 0.2169, common odds ratio 0.9047.
    const test = cochranMantelHaenszelTest(BERKELEY);
    expect(test.chiSquared).toBeCloseTo(1.5246, 4);
    expect(test.p).toBeCloseTo(0.2169, 4);
    expect(1 / test.oddsRatio).toBeCloseTo(0.9047, 4);
    expect(test.informative).toBe(6);
    // With the correction: X-squared = 1.4269, p = 0.2323.
    expect(cochranMantelHaenszelTest(BERKELEY, true).p).toBeCloseTo(0.2323, 4);
  });

  it('strata with one group, or one answer, say nothing', () => {
    const silent = [
      { first: { successes: 3, trials: 5 }, second: { successes: 0, trials: 0 } },
      { first: { successes: 5, trials: 5 }, second: { successes: 4, trials: 4 } },
    ];
    expect(cochranMantelHaenszelTest(silent)).toMatchObject({ p: 1, informative: 0 });
    expect(cochranMantelHaenszelTest([...BERKELEY, ...silent])).toEqual(cochranMantelHaenszelTest(BERKELEY));
  });
});
