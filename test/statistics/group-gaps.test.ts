import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  combineDifference,
  combineRatio,
  correlateGroups,
  measureGap,
  worseGap,
  type GroupValue,
} from '../../src/statistics/group-gaps.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { correctedRatioInterval, correctedDifferenceInterval } from '../../src/statistics/two-proportions.ts';
import { wilsonInterval } from '../../src/statistics/proportion.ts';

const ALPHA = 0.05;

function shareOf(successes: number, trials: number): GroupValue {
  if (trials === 0) return { value: Number.NaN, limitsAt: undefined };
  return {
    value: successes / trials,
    limitsAt: (level) => wilsonInterval(successes, trials, level),
    share: { successes, trials },
  };
}

function meanOf(value: number, standardError: number): GroupValue {
  return {
    value,
    limitsAt: (level) => {
      const half = -normalQuantile((1 - level) / 2) * standardError;
      return { low: value - half, high: value + half };
    },
  };
}

describe('the largest gap between groups', () => {
  it('EEOC: 48 of 80 and 12 of 40 break four fifths, 4 and 6 of 10 cannot tell', () => {
    const ratio = measureGap([shareOf(48, 80), shareOf(12, 40)], { form: 'ratio', alpha: ALPHA });
    expect(ratio.value).toBeCloseTo(0.5, 12);
    expect([ratio.lowest, ratio.highest, ratio.pairs]).toEqual([1, 0, 1]);
    expect(ratio.limits?.low).toBeCloseTo(
      correctedRatioInterval({ successes: 12, trials: 40 }, { successes: 48, trials: 80 }, 0.9).low,
      12,
    );
    expect(ratio.limits?.high).toBeLessThan(0.8);
    const small = measureGap([shareOf(4, 10), shareOf(6, 10)], { form: 'ratio', alpha: 0.025 });
    expect(small.value).toBeCloseTo(2 / 3, 12);
    // Koopman's own limit: corrections reach farther.
    expect(small.limits?.low).toBeLessThan(0.25539591819407736);
    expect(small.limits?.high).toBe(1);
  });

  it('Berkeley: the difference has the limits of Miettinen and Nurminen', () => {
    const gap = measureGap([shareOf(1198, 2691), shareOf(557, 1835)], { form: 'difference', alpha: 0.025 });
    expect(gap.limits?.high).toBeGreaterThan(0.1696448416295224);
    expect(gap.limits?.high).toBeCloseTo(0.1696448416295224, 3);
    // The near limit spends a fiftieth of its rate on the other direction.
    const exact = correctedDifferenceInterval(
      { successes: 1198, trials: 2691 },
      { successes: 557, trials: 1835 },
      0.95,
    );
    expect(gap.limits?.low).toBeLessThan(exact.low);
    expect(gap.limits?.low).toBeGreaterThan(exact.low - 0.001);
  });

  it('a group without examples keeps the far limit at the end of the scale', () => {
    const groups = [shareOf(480, 800), shareOf(470, 800), shareOf(0, 0)];
    expect(measureGap(groups, { form: 'ratio', alpha: ALPHA }).limits?.low).toBe(0);
    expect(measureGap(groups, { form: 'difference', alpha: ALPHA }).limits?.high).toBe(Infinity);
    expect(measureGap([shareOf(3, 5)], { form: 'ratio', alpha: ALPHA })).toMatchObject({
      value: Number.NaN,
      limits: undefined,
    });
  });

  it('with a reference only the pairs with it count', () => {
    const groups = [shareOf(500, 1000), shareOf(450, 1000), shareOf(550, 1000)];
    const all = measureGap(groups, { form: 'difference', alpha: ALPHA });
    const held = measureGap(groups, { form: 'difference', alpha: ALPHA, reference: 0 });
    expect([all.pairs, held.pairs]).toEqual([3, 2]);
    expect(all.value).toBeCloseTo(0.1, 12);
    expect(held.value).toBeCloseTo(0.05, 12);
  });

  const share = fc
    .integer({ min: 1, max: 60 })
    .chain((trials) => fc.integer({ min: 0, max: trials }).map((successes) => shareOf(successes, trials)));

  it('neither the order of groups nor which is called first matters', () => {
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 2, maxLength: 5 }),
        fc.constantFrom('ratio' as const, 'difference' as const),
        (groups, form) => {
          const [gap, turned] = [groups, groups.toReversed()].map((list) =>
            measureGap(list, { form, alpha: ALPHA }),
          );
          expect(turned?.value).toBeCloseTo(gap?.value ?? Number.NaN, 12);
          expect(turned?.limits?.low).toBeCloseTo(gap?.limits?.low ?? Number.NaN, 6);
          expect(turned?.limits?.high).toBeCloseTo(gap?.limits?.high ?? Number.NaN, 6);
          expect(gap?.limits?.low).toBeLessThanOrEqual((gap?.value ?? 0) + 1e-9);
          expect(gap?.limits?.high).toBeGreaterThanOrEqual((gap?.value ?? 0) - 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the ratio of two groups is the inverse when they change places', () => {
    const positive = fc.record({
      value: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      error: fc.double({ min: 0.001, max: 0.02, noNaN: true }),
    });
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [first, second] = [meanOf(a.value, a.error), meanOf(b.value, b.error)];
        const limits = combineRatio(first, second, 0)?.(0.9);
        const inverse = combineRatio(second, first, 0)?.(0.9);
        expect(inverse?.low).toBeCloseTo(1 / (limits?.high ?? 0), 8);
        expect((inverse?.high ?? 0) / (1 / (limits?.low ?? 0))).toBeCloseTo(1, 8);
      }),
    );
  });

  it('a negative correlation widens, and of equal normal limits the difference is exact', () => {
    const [first, second] = [meanOf(0.6, 0.03), meanOf(0.5, 0.04)];
    const plain = combineDifference(first, second, 0)?.(0.9);
    expect((plain?.high ?? 0) - 0.1).toBeCloseTo(1.6448536269514722 * 0.05, 10);
    const opposed = combineDifference(first, second, -1)?.(0.9);
    expect((opposed?.high ?? 0) - 0.1).toBeCloseTo(1.6448536269514722 * 0.07, 10);
  });

  it('of two rates the worse counts, and neither is left out', () => {
    const options = { form: 'difference', alpha: ALPHA, rates: 2 } as const;
    const first = measureGap([shareOf(80, 100), shareOf(70, 100)], options);
    const second = measureGap([shareOf(30, 100), shareOf(10, 100)], options);
    const worse = worseGap('difference', first, second);
    expect(worse.value).toBeCloseTo(0.2, 12);
    expect(worse.limits?.high).toBe(Math.max(first.limits?.high ?? 0, second.limits?.high ?? 0));
    const unknown = { ...first, limits: undefined };
    expect(worseGap('difference', unknown, second).limits).toBeUndefined();
  });

  it('one of two applicants chosen for each opening: the groups go against each other', () => {
    const residuals = Float64Array.from([0.5, -0.5, -0.5, 0.5, 0.5, -0.5]);
    const of = correlateGroups({
      groupOf: [0, 1, 0, 1, 0, 1],
      residuals,
      clusters: Uint32Array.from([0, 0, 1, 1, 2, 2]),
      count: 2,
    });
    expect(of(0, 1)).toBeCloseTo(-1, 12);
    const same = correlateGroups({
      groupOf: [0, 1, 0, 1],
      residuals: Float64Array.from([1, 1, -1, -1]),
      clusters: Uint32Array.from([0, 0, 1, 1]),
      count: 2,
    });
    expect(same(0, 1)).toBe(0);
  });
});

/** How often groups with these rates are called fair, and unfair, by the four-fifths rule. */
function simulate(
  rates: readonly number[],
  n: number,
  form: 'ratio' | 'difference',
  bound: number,
  runs: number,
) {
  const random = createRandom(20251121 + n);
  let [passed, failed] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const groups = rates.map((rate) => {
      let successes = 0;
      for (let example = 0; example < n; example++) if (random.uniform() < rate) successes += 1;
      return shareOf(successes, n);
    });
    const { limits } = measureGap(groups, { form, alpha: ALPHA });
    if (limits === undefined) continue;
    if (form === 'ratio' ? limits.low >= bound : limits.high <= bound) passed += 1;
    if (form === 'ratio' ? limits.high < bound : limits.low > bound) failed += 1;
  }
  return { passed: passed / runs, failed: failed / runs };
}

describe('error rates of the verdict on fairness, by simulation', () => {
  const RUNS = 400;
  // Three standard errors of the simulation.
  const MOST = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

  it.each([
    ['two groups', [0.4, 0.5]],
    ['four groups', [0.4, 0.5, 0.45, 0.45]],
    ['eight groups', [0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
  ])('%s just at four fifths: neither passed nor failed more often than alpha', (_name, rates) => {
    const { passed, failed } = simulate(rates, 400, 'ratio', 0.8, RUNS);
    expect(passed).toBeLessThanOrEqual(MOST);
    expect(failed).toBeLessThanOrEqual(MOST);
  });

  it.each([30, 300])(
    'many alike groups of %d are not called unfair because the extremes were chosen',
    (n) => {
      const alike = Array.from({ length: 10 }, () => 0.5);
      const found = simulate(alike, n, 'difference', 0, 200);
      expect(found.failed).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / 200));
      // The difference alone, without limits, would call nearly all of them unfair.
      expect(found.passed).toBe(0);
    },
  );

  it('enough examples decide', () => {
    expect(simulate([0.5, 0.5], 2000, 'ratio', 0.8, 300).passed).toBeGreaterThan(0.95);
    expect(simulate([0.3, 0.5], 2000, 'ratio', 0.8, 300).failed).toBeGreaterThan(0.95);
  });
});
