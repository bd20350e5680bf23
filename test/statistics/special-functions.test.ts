import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile, betaQuantileOdds, incompleteBeta } from '../../src/statistics/beta.ts';
import {
  binomialCdf,
  binomialProbability,
  chiSquaredSurvival,
  fSurvival,
  kolmogorovSurvival,
  noncentralTSurvival,
  studentTSurvival,
  studentTUpperQuantile,
} from '../../src/statistics/distributions.ts';
import { incompleteGamma, logGamma } from '../../src/statistics/gamma.ts';
import {
  erfc,
  normalCdf,
  normalDensity,
  normalQuantile,
  normalSurvival,
} from '../../src/statistics/normal.ts';

type Row = readonly [number, number, number, number];

const reference = JSON.parse(
  readFileSync(new URL('../data/special-functions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly Row[]>>;

/** Largest relative error allowed, in the body and in the tails alike. */
const RELATIVE = 1e-12;

/** Relative error of a value that is not zero. */
function errorOf(got: number, wanted: number): number {
  return Math.abs(got / wanted - 1);
}

/** Rows of a function whose error is too large, with it: empty when all is well. */
function inaccurateRows(name: string, f: (...values: number[]) => number): unknown[] {
  const rows: readonly (readonly number[])[] = reference[name]!;
  return rows
    .map((row) => [...row, errorOf(f(...row.slice(0, -1)), row.at(-1)!)])
    .filter((row) => !(row.at(-1)! < RELATIVE));
}

function real(min: number, max: number) {
  return fc.double({ min, max, noNaN: true });
}

const functions = {
  logGamma,
  erfc,
  normalSurvival,
  normalQuantile,
  studentTSurvival,
  studentTUpperQuantile,
  binomialCdf,
  binomialProbability,
  fSurvival,
  chiSquaredSurvival,
  noncentralTSurvival,
  kolmogorovSurvival,
};

describe('special functions against values at 60 digits', () => {
  it.each(Object.entries(functions))('%s', (name, f) => {
    expect(reference[name]!.length).toBeGreaterThan(5);
    expect(inaccurateRows(name, f)).toEqual([]);
  });

  it.each(['lower', 'upper'] as const)('incomplete gamma and beta, %s tail', (tail) => {
    const wanted = (row: readonly number[]): number => row.at(tail === 'lower' ? -2 : -1)!;
    const gamma = reference['gamma']!.map((row) =>
      errorOf(incompleteGamma(row[0], row[1])[tail], wanted(row)),
    );
    const beta = reference['beta']!.map((row) =>
      errorOf(incompleteBeta(row[0], row[1], row[2])[tail], wanted(row)),
    );
    expect(Math.max(...gamma)).toBeLessThan(RELATIVE);
    expect(Math.max(...beta)).toBeLessThan(RELATIVE);
  });

  it('the far tails that other libraries lose', () => {
    expect(errorOf(normalSurvival(37.5), 4.605353009581955e-308)).toBeLessThan(RELATIVE);
    expect(errorOf(chiSquaredSurvival(20000, 20000), 0.4986701916600448)).toBeLessThan(RELATIVE);
    expect(errorOf(chiSquaredSurvival(1000, 10), 1.8702907209159498e-208)).toBeLessThan(RELATIVE);
    expect(errorOf(studentTSurvival(6, 1e6), 9.869249061772174e-10)).toBeLessThan(RELATIVE);
  });
});

describe('special functions at and beyond the borders of their domains', () => {
  it('log-gamma', () => {
    expect(logGamma(1)).toBe(0);
    expect(logGamma(2)).toBe(0);
    expect(logGamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(logGamma(0)).toBeNaN();
    expect(logGamma(-1.5)).toBeNaN();
  });

  it('incomplete gamma and chi-squared', () => {
    expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 });
    expect(incompleteGamma(2, Number.POSITIVE_INFINITY)).toEqual({ lower: 1, upper: 0 });
    expect(incompleteGamma(-1, 2).upper).toBeNaN();
    expect(chiSquaredSurvival(-3, 2)).toBe(1);
  });

  it('incomplete beta and its quantile', () => {
    expect(incompleteBeta(2, 3, 0)).toEqual({ lower: 0, upper: 1 });
    expect(incompleteBeta(2, 3, 1)).toEqual({ lower: 1, upper: 0 });
    expect(incompleteBeta(0, 3, 0.5).lower).toBeNaN();
    expect(betaQuantile(0, 2, 3)).toBe(0);
    expect(betaQuantile(1, 2, 3)).toBe(1);
    expect(betaQuantile(0.5, 2, -3)).toBeNaN();
    expect(betaQuantileOdds(0.5, 0.5, 4, 4)).toBeCloseTo(1, 14);
  });

  it('the normal quantile', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });

  it('the normal tails at infinity', () => {
    expect(normalSurvival(Number.POSITIVE_INFINITY)).toBe(0);
    expect(normalSurvival(Number.NEGATIVE_INFINITY)).toBe(1);
    expect(normalCdf(1e200)).toBe(1);
    expect(erfc(Number.POSITIVE_INFINITY)).toBe(0);
    expect(erfc(Number.NEGATIVE_INFINITY)).toBe(2);
    expect(normalSurvival(Number.NaN)).toBeNaN();
  });

  it("Student's t", () => {
    expect(studentTSurvival(0, 3)).toBe(0.5);
    expect(studentTSurvival(1.5, Number.POSITIVE_INFINITY)).toBe(normalSurvival(1.5));
    expect(studentTUpperQuantile(0.025, Number.POSITIVE_INFINITY)).toBe(-normalQuantile(0.025));
    expect(studentTUpperQuantile(0.5, 7)).toBe(0);
    expect(studentTUpperQuantile(0, 7)).toBeNaN();
  });

  it('F and the binomial', () => {
    expect(fSurvival(0, 2, 3)).toBe(1);
    expect(binomialProbability(-1, 5, 0.5)).toBe(0);
    expect(binomialProbability(6, 5, 0.5)).toBe(0);
    expect(binomialProbability(0, 5, 0)).toBe(1);
    expect(binomialProbability(5, 5, 1)).toBe(1);
    expect(binomialProbability(4, 5, 1)).toBe(0);
    expect(binomialCdf(-1, 5, 0.5)).toBe(0);
    expect(binomialCdf(5, 5, 0.5)).toBe(1);
  });
});

describe('laws of the distributions', () => {
  it('the two tails of the normal distribution add up to 1, and the quantile inverts them', () => {
    fc.assert(
      fc.property(real(-8, 8), (x) => {
        expect(normalCdf(x) + normalSurvival(x)).toBeCloseTo(1, 15);
      }),
    );
    fc.assert(
      fc.property(real(-37, 5), (x) => {
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-9 * Math.max(1, Math.abs(x)));
      }),
    );
  });

  it('the density is the slope of the distribution function', () => {
    fc.assert(
      fc.property(real(-6, 6), (x) => {
        const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
        expect(slope).toBeCloseTo(normalDensity(x), 9);
      }),
    );
  });

  it('incomplete gamma: tails add up to 1 and Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1)', () => {
    fc.assert(
      fc.property(real(0.01, 200), real(0.001, 400), (a, x) => {
        const { lower, upper } = incompleteGamma(a, x);
        expect(lower + upper).toBeCloseTo(1, 14);
        const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
        expect(incompleteGamma(a + 1, x).upper).toBeCloseTo(upper + step, 11);
      }),
    );
  });

  it('incomplete beta: I_x(a, b) = 1 - I_1-x(b, a), and it grows with x', () => {
    fc.assert(
      fc.property(real(0.05, 300), real(0.05, 300), real(0.001, 0.998), (a, b, x) => {
        const got = incompleteBeta(a, b, x, 1 - x);
        const mirrored = incompleteBeta(b, a, 1 - x, x);
        expect(got.lower).toBeCloseTo(mirrored.upper, 13);
        expect(incompleteBeta(a, b, x + 0.001).lower).toBeGreaterThanOrEqual(got.lower - 1e-13);
      }),
    );
  });

  it('the quantiles of beta and t invert their distribution functions', () => {
    fc.assert(
      fc.property(real(1e-10, 0.999), real(0.1, 500), real(0.1, 500), (p, a, b) => {
        const odds = betaQuantileOdds(p, 1 - p, a, b);
        const back = incompleteBeta(a, b, odds / (1 + odds), 1 / (1 + odds)).lower;
        expect(Math.abs(back / p - 1)).toBeLessThan(1e-10);
      }),
    );
    fc.assert(
      fc.property(real(1e-10, 0.499), real(0.5, 1e5), (q, df) => {
        expect(Math.abs(studentTSurvival(studentTUpperQuantile(q, df), df) / q - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('binomial probabilities add up to the distribution function', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), real(0, 1), fc.nat(), (n, p, draw) => {
        const k = draw % (n + 1);
        let sum = 0;
        for (let x = 0; x <= k; x++) sum += binomialProbability(x, n, p);
        expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 12);
      }),
    );
  });
});
