import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logGamma } from '../../src/statistics/gamma.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { correctedTangoTest, tangoTest } from '../../src/statistics/paired-proportions.ts';
import {
  correctedScaledShareInterval,
  correctedScaledShareTest,
  scaledShareInterval,
  scaledShareTest,
} from '../../src/statistics/scaled-shares.ts';

const LEVEL = 0.9;
const Z = -normalQuantile(0.05);

function term(count: number, p: number): number {
  return count === 0 ? 0 : count * Math.log(p);
}

/** Standard error under first = ratio * second, by maximising the likelihood on a grid that is refined. */
function maximiseNumerically(a: number, b: number, c: number, d: number, ratio: number): number {
  const n = a + b + c + d;
  const some = (a + b + c) / n;
  const logLikelihood = (p10: number): number => {
    const p01 = ratio * p10 - (ratio - 1) * some;
    const p11 = some - p10 - p01;
    if (p10 < 0 || p01 < 0 || p11 < 0) return Number.NEGATIVE_INFINITY;
    return term(a, p11) + term(b, p10) + term(c, p01);
  };
  let [low, high] = [Math.max(0, ((ratio - 1) * some) / ratio), (ratio * some) / (1 + ratio)];
  for (let round = 0; round < 300; round++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (logLikelihood(left) < logLikelihood(right)) low = left;
    else high = right;
  }
  const p10 = (low + high) / 2;
  const p01 = ratio * p10 - (ratio - 1) * some;
  return Math.sqrt((ratio * (p10 + p01)) / n);
}

function lowerLimitWithoutDiscordance(n: number): number {
  return scaledShareInterval({ both: n, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.98, LEVEL).low;
}

describe('the score interval of a scaled share', () => {
  const count = integer({ min: 1, max: 80 });
  test('has the standard error of the restricted likelihood', () => {
    assert(
      property(count, count, count, count, constantFrom(0.5, 0.8, 0.95, 1.05, 1.3), (a, b, c, d, ratio) => {
        const interval = scaledShareInterval(
          { both: a, onlyFirst: b, onlySecond: c, neither: d },
          ratio,
          LEVEL,
        );
        const error = (interval.high - interval.low) / (2 * Z);
        expect(error).toBeCloseTo(maximiseNumerically(a, b, c, d, ratio), 6);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test("decides as Tango's test at 0 does when the ratio is 1", () => {
    assert(
      property(count, count, count, count, (both, onlyFirst, onlySecond, neither) => {
        const counts = { both, onlyFirst, onlySecond, neither };
        const { low, high, estimate } = scaledShareInterval(counts, 1, LEVEL);
        const { z } = tangoTest(counts, 0);
        expect(estimate / ((high - low) / (2 * Z))).toBeCloseTo(z, 8);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test('without a discordant pair it excludes 0 only when there are enough pairs', () => {
    expect(lowerLimitWithoutDiscordance(10)).toBeLessThan(0);
    expect(lowerLimitWithoutDiscordance(130)).toBeLessThan(0);
    expect(lowerLimitWithoutDiscordance(140)).toBeGreaterThan(0);
  });

  test('and the corrected one exclude 0 exactly when their tests reject', () => {
    assert(
      property(count, count, count, count, constantFrom(0.5, 0.9, 1, 1.1), (a, b, c, d, ratio) => {
        const counts = { both: a, onlyFirst: b, onlySecond: c, neither: d };
        const [plain, corrected] = [
          [scaledShareInterval(counts, ratio, LEVEL), scaledShareTest(counts, ratio)] as const,
          [
            correctedScaledShareInterval(counts, ratio, LEVEL),
            correctedScaledShareTest(counts, ratio),
          ] as const,
        ];
        for (const [{ low, high }, { pGreater, pLess }] of [plain, corrected]) {
          expect(pGreater < 0.05).toBe(low > 0);
          expect(pLess < 0.05).toBe(high < 0);
        }
        expect(corrected[0].low).toBeLessThan(plain[0].low);
        expect(corrected[1].pGreater).toBeGreaterThanOrEqual(plain[1].pGreater);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test('corrected is the corrected Tango test at 0 when the ratio is 1', () => {
    assert(
      property(count, count, count, count, (both, onlyFirst, onlySecond, neither) => {
        const counts = { both, onlyFirst, onlySecond, neither };
        const [got, wanted] = [correctedScaledShareTest(counts, 1), correctedTangoTest(counts, 0)];
        expect(got.pGreater).toBeCloseTo(wanted.pGreater, 9);
        expect(got.pLess).toBeCloseTo(wanted.pLess, 9);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test.each([
    ['about', scaledShareInterval, 0.02, 0.06],
    ['corrected, at most', correctedScaledShareInterval, 0.01, 0.05],
  ] as const)(
    'passes a model that is worse by exactly the margin in %s 5 % of test sets',
    (_, interval, least, most) => {
      const [n, ratio, second, onlyFirst] = [150, 0.95, 0.8, 0.02];
      const onlySecond = second - (ratio * second - onlyFirst);
      const probabilities = [second - onlySecond, onlyFirst, onlySecond, 1 - second - onlyFirst];
      let size = 0;
      for (let b = 0; b <= 30; b++) {
        for (let c = 0; c <= 40; c++) {
          for (let a = 60; a <= n - b - c; a++) {
            const cells = [a, b, c, n - a - b - c];
            const log = cells.reduce(
              (sum, cell, index) => sum + cell * Math.log(probabilities[index] ?? 0) - logGamma(cell + 1),
              logGamma(n + 1),
            );
            const counts = { both: a, onlyFirst: b, onlySecond: c, neither: n - a - b - c };
            if (interval(counts, ratio, LEVEL).low >= 0) size += Math.exp(log);
          }
        }
      }
      expect(size).toBeGreaterThan(least);
      expect(size).toBeLessThan(most);
    },
  );

  test('no pairs are refused', () => {
    expect(() =>
      scaledShareInterval({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.9, LEVEL),
    ).toThrow(RangeError);
  });
});
