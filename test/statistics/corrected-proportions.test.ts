import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialProbability } from '../../src/statistics/distributions.ts';
import {
  correctedDifferenceInterval,
  correctedRatioInterval,
  koopmanInterval,
  miettinenNurminenInterval,
} from '../../src/statistics/two-proportions.ts';

const LEVEL = 0.9;

/** Chances of each number of successes. */
function chances(n: number, p: number): number[] {
  return Array.from({ length: n + 1 }, (_, k) => binomialProbability(k, n, p));
}

/** The largest chance, over true shares, that a limit lies on the wrong side of the true gap. */
function worstErrors(
  n1: number,
  n2: number,
  form: 'ratio' | 'difference',
  gap: number,
  interval = form === 'ratio' ? correctedRatioInterval : correctedDifferenceInterval,
) {
  const outcomes = Array.from({ length: n1 + 1 }, (_a, a) =>
    Array.from({ length: n2 + 1 }, (_b, b) =>
      interval({ successes: a, trials: n1 }, { successes: b, trials: n2 }, LEVEL),
    ),
  );
  let [worstLow, worstHigh] = [0, 0];
  for (let second = 0.02; second <= 1; second += 0.02) {
    const first = form === 'ratio' ? gap * second : second + gap;
    if (first < 0 || first > 1) continue;
    const [of1, of2] = [chances(n1, first), chances(n2, second)];
    let [low, high] = [0, 0];
    outcomes.forEach((row, a) =>
      row.forEach((limits, b) => {
        const chance = (of1[a] ?? 0) * (of2[b] ?? 0);
        if (limits.low > gap) low += chance;
        if (limits.high < gap) high += chance;
      }),
    );
    [worstLow, worstHigh] = [Math.max(worstLow, low), Math.max(worstHigh, high)];
  }
  return { worstLow, worstHigh };
}

describe('corrected intervals of two independent shares', () => {
  it.each([
    [10, 10, 'ratio', 0.8],
    [20, 20, 'ratio', 0.8],
    [60, 60, 'ratio', 0.8],
    [10, 80, 'ratio', 0.8],
    [80, 10, 'ratio', 0.8],
    [25, 33, 'ratio', 1.25],
    [10, 10, 'difference', -0.1],
    [20, 20, 'difference', -0.1],
    [10, 80, 'difference', -0.1],
    [80, 10, 'difference', 0.2],
  ] as const)(
    '%d and %d examples, %s %f: no limit errs more often than 5 of 100 times, by enumeration',
    (n1, n2, form, gap) => {
      const { worstLow, worstHigh } = worstErrors(n1, n2, form, gap);
      expect(worstLow).toBeLessThanOrEqual(0.05);
      expect(worstHigh).toBeLessThanOrEqual(0.05);
      expect(Math.max(worstLow, worstHigh)).toBeGreaterThan(0.02);
    },
  );

  it('Koopman errs twice as often as he says where a small group meets a large one', () => {
    expect(worstErrors(10, 100, 'ratio', 0.8, koopmanInterval).worstLow).toBeCloseTo(0.104, 3);
    expect(worstErrors(10, 100, 'ratio', 0.8).worstLow).toBeLessThanOrEqual(0.05);
  });

  const share = fc
    .integer({ min: 1, max: 400 })
    .chain((trials) =>
      fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) }),
    );

  it('contain the estimate, turn round when the samples change places', () => {
    fc.assert(
      fc.property(share, share, fc.constantFrom(0.5, 0.9, 0.999), (first, second, level) => {
        const [p1, p2] = [first.successes / first.trials, second.successes / second.trials];
        const [difference, turned] = [
          correctedDifferenceInterval(first, second, level),
          correctedDifferenceInterval(second, first, level),
        ];
        expect(difference.low).toBeLessThanOrEqual(p1 - p2);
        expect(difference.high).toBeGreaterThanOrEqual(p1 - p2);
        expect(turned.low).toBeCloseTo(-difference.high, 12);
        const [ratio, inverse] = [
          correctedRatioInterval(first, second, level),
          correctedRatioInterval(second, first, level),
        ];
        expect(1 / inverse.high).toBeCloseTo(ratio.low, 9);
        expect(ratio.low).toBeLessThanOrEqual(p2 === 0 ? Infinity : p1 / p2 + 1e-12);
        expect(ratio.high).toBeGreaterThanOrEqual(p2 === 0 ? Infinity : p1 / p2 - 1e-12);
      }),
      {
        numRuns: 300,
        examples: [
          [{ trials: 1, successes: 0 }, { trials: 1, successes: 1 }, 0.9],
          [{ trials: 5, successes: 5 }, { trials: 400, successes: 0 }, 0.999],
        ],
      },
    );
  });

  it('come to the uncorrected ones with many examples', () => {
    const [first, second] = [
      { successes: 400_000, trials: 1_000_000 },
      { successes: 500_000, trials: 1_000_000 },
    ];
    expect(correctedRatioInterval(first, second, LEVEL).low).toBeCloseTo(
      koopmanInterval(first, second, LEVEL).low,
      5,
    );
    expect(correctedDifferenceInterval(first, second, LEVEL).high).toBeCloseTo(
      miettinenNurminenInterval(first, second, LEVEL).high,
      5,
    );
  });
});
