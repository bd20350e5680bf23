/** Two proportions on the same examples: the difference, its score interval and its tests. */
import { binomialCdf, binomialProbability, chiSquaredSurvival } from './distributions.ts';
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import { wilsonInterval } from './proportion.ts';
import { findRoot } from './root.ts';

/**
 * How many examples were right under both, only the first, only the second, and neither of two treatments. For score
 * tests and intervals they need not be whole: an effective sample size will do.
 */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/** A score test of first - second = hypothesised difference. */
export interface ScoreTest extends OneSidedPValues {
  readonly z: number;
}

function totalOf(counts: PairedCounts): number {
  const cells = [counts.both, counts.onlyFirst, counts.onlySecond, counts.neither];
  const total = cells.reduce((sum, cell) => sum + cell, 0);
  if (!(total > 0 && total < Number.POSITIVE_INFINITY) || cells.some((cell) => cell < 0)) {
    throw new RangeError(`Paired counts are numbers >= 0, not all zero: ${cells.join(', ')}.`);
  }
  return total;
}

function requireDifference(difference: number): void {
  if (!(difference >= -1 && difference <= 1)) {
    throw new RangeError(`A difference of proportions lies in [-1, 1], not ${difference}.`);
  }
}

/** The observed difference of the two proportions, first - second. */
export function pairedDifference(counts: PairedCounts): number {
  return (counts.onlyFirst - counts.onlySecond) / totalOf(counts);
}

/** Restricted maximum-likelihood variance of one pair's difference, under a hypothesised mean difference. */
function restrictedVariance(counts: PairedCounts, total: number, difference: number): number {
  const { onlyFirst: b, onlySecond: c } = counts;
  const quadratic = 2 * total;
  const linear = -b - c + (2 * total - b + c) * difference;
  const constant = -c * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
  // The larger root of the quadratic, in the form that does not cancel.
  const discordant = linear > 0 ? (-2 * constant) / (linear + root) : (root - linear) / (2 * quadratic);
  return Math.max(0, 2 * discordant + difference * (1 - difference));
}

/** Tango's score statistic for a hypothesised difference, from -1 to 1. */
function scoreStatistic(counts: PairedCounts, total: number, difference: number): number {
  const numerator = counts.onlyFirst - counts.onlySecond - total * difference;
  if (numerator === 0) return 0;
  const variance = total * restrictedVariance(counts, total, difference);
  return variance > 0 ? numerator / Math.sqrt(variance) : numerator * Number.POSITIVE_INFINITY;
}

/**
 * Tango's score test that the difference of two paired proportions equals a given value. Non-inferiority at margin m
 * is pGreater at -m; the claim that the first is worse by more than m is pLess at -m.
 * Source: T. Tango, Statistics in Medicine 17 (1998) 891-908, equations 7 and 13.
 * @throws RangeError when a count is negative, all are zero, or the difference is outside [-1, 1].
 */
export function tangoTest(counts: PairedCounts, difference: number): ScoreTest {
  const total = totalOf(counts);
  requireDifference(difference);
  const z = scoreStatistic(counts, total, difference);
  return { z, pGreater: normalSurvival(z), pLess: normalCdf(z) };
}

/**
 * Tango's score interval for the difference of two paired proportions, first - second. It contains the estimate,
 * stays in [-1, 1], and has positive width also without any discordant pair.
 * Source: T. Tango, Statistics in Medicine 17 (1998) 891-908, section 3.
 * @throws RangeError when a count is negative or all are zero.
 */
export function tangoInterval(counts: PairedCounts, level: number): ConfidenceInterval {
  const total = totalOf(counts);
  const z = -normalQuantile(tailProbability(level));
  const estimate = pairedDifference(counts);
  const excess = (target: number) => (difference: number) =>
    scoreStatistic(counts, total, difference) - target;
  return {
    low: estimate === -1 ? -1 : findRoot(excess(z), -1, estimate),
    high: estimate === 1 ? 1 : findRoot(excess(-z), estimate, 1),
    level,
    method: 'tango',
  };
}

/**
 * The normal deviate whose one-sided tail a score of count differences deserves: half a step is taken off for
 * continuity, and the skewness of the sum is allowed for where that costs significance (Cornish and Fisher's first term,
 * from one standard deviation on).
 * @param excess sum of the values less its hypothesised mean.
 * @param variance of one value under the hypothesis.
 * @param thirdMoment central, of one value under the hypothesis.
 */
export function correctScore(excess: number, n: number, variance: number, thirdMoment: number): number {
  const numerator = excess - 0.5;
  if (!(variance > 0)) return numerator > 0 ? Number.POSITIVE_INFINITY : Math.min(0, numerator);
  const score = numerator / Math.sqrt(n * variance);
  const skewness = Math.max(0, thirdMoment) / Math.sqrt(n * variance ** 3) / 6;
  if (!(score > 1 && skewness > 0)) return score;
  // The z > 1 with z + (z^2 - 1) skewness = score, in the form that does not cancel.
  const sum = skewness + score;
  return (2 * sum) / (1 + Math.sqrt(1 + 4 * skewness * sum));
}

/** The corrected score for the claim that first - second exceeds a value. */
function correctedExcess(counts: PairedCounts, total: number, difference: number): number {
  const variance = restrictedVariance(counts, total, difference);
  const discordance = variance + difference * difference;
  const thirdMoment = difference - 3 * difference * discordance + 2 * difference ** 3;
  return correctScore(
    counts.onlyFirst - counts.onlySecond - total * difference,
    total,
    variance,
    thirdMoment,
  );
}

/** The same pairs with the two treatments exchanged. */
function exchange({ both, onlyFirst, onlySecond, neither }: PairedCounts): PairedCounts {
  return { both, onlyFirst: onlySecond, onlySecond: onlyFirst, neither };
}

/**
 * Tango's score test with corrections for continuity and skewness, which keep both one-sided error rates at or below the
 * nominal one where few pairs are discordant (Tango's own exceeds it). The two p-values add up to more than 1.
 * Source: Tango (1998), equation 7; J. L. Fleiss, Statistical Methods for Rates and Proportions (1981), section 8.1, for
 * continuity; P. Hall, The Bootstrap and Edgeworth Expansion (1992), section 2.5, for the skewness.
 * @throws RangeError as tangoTest.
 */
export function correctedTangoTest(counts: PairedCounts, difference: number): OneSidedPValues {
  const total = totalOf(counts);
  requireDifference(difference);
  return {
    pGreater: normalSurvival(correctedExcess(counts, total, difference)),
    pLess: normalSurvival(correctedExcess(exchange(counts), total, -difference)),
  };
}

/** Lower limit of the corrected score interval. */
function correctedLower(counts: PairedCounts, total: number, z: number): number {
  const excess = (difference: number): number => correctedExcess(counts, total, difference) - z;
  return excess(-1) <= 0 ? -1 : findRoot(excess, -1, (counts.onlyFirst - counts.onlySecond) / total);
}

/**
 * The interval that correctedTangoTest is the inverse of: the one to gate shares by.
 * @throws RangeError as tangoInterval.
 */
export function correctedTangoInterval(counts: PairedCounts, level: number): ConfidenceInterval {
  const total = totalOf(counts);
  const z = -normalQuantile(tailProbability(level));
  return {
    low: correctedLower(counts, total, z),
    high: -correctedLower(exchange(counts), total, z),
    level,
    method: 'tango-corrected',
  };
}

/**
 * Newcombe's square-and-add interval with his correction of the correlation: no root finding.
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10.
 * @throws RangeError when a count is negative or all are zero.
 */
export function pairedNewcombeInterval(counts: PairedCounts, level: number): ConfidenceInterval {
  const total = totalOf(counts);
  const { both, onlyFirst, onlySecond, neither } = counts;
  const [rightFirst, rightSecond] = [both + onlyFirst, both + onlySecond];
  const first = wilsonInterval(rightFirst, total, level);
  const second = wilsonInterval(rightSecond, total, level);
  const [p1, p2] = [rightFirst / total, rightSecond / total];
  const product = rightFirst * (total - rightFirst) * rightSecond * (total - rightSecond);
  const cross = both * neither - onlyFirst * onlySecond;
  const corrected = cross > 0 ? Math.max(0, cross - total / 2) : cross;
  const correlation = product === 0 ? 0 : corrected / Math.sqrt(product);
  const half = (x: number, y: number): number => Math.sqrt(x * x - 2 * correlation * x * y + y * y);
  return {
    low: p1 - p2 - half(p1 - first.low, second.high - p2),
    high: p1 - p2 + half(p2 - second.low, first.high - p1),
    level,
    method: 'newcombe-square-and-add',
  };
}

/** The discordant share and difference as a normal approximation sees them, after adding pseudo-counts. */
function waldInterval(
  b: number,
  c: number,
  total: number,
  level: number,
  method: string,
): ConfidenceInterval {
  const z = -normalQuantile(tailProbability(level));
  const difference = (b - c) / total;
  const half = (z * Math.sqrt(Math.max(0, b + c - (b - c) ** 2 / total))) / total;
  return { low: Math.max(-1, difference - half), high: Math.min(1, difference + half), level, method };
}

/**
 * Wald's interval for the paired difference. It is here to be compared with: with few discordant pairs its one-sided
 * error is more than twice the nominal one.
 */
export function pairedWaldInterval(counts: PairedCounts, level: number): ConfidenceInterval {
  return waldInterval(counts.onlyFirst, counts.onlySecond, totalOf(counts), level, 'wald');
}

/**
 * Wald's interval after adding one discordant pair of each kind, in closed form and close to Tango's.
 * Source: D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37 (2012) 479-488.
 */
export function pairedBonettPriceInterval(counts: PairedCounts, level: number): ConfidenceInterval {
  const total = totalOf(counts);
  return waldInterval(counts.onlyFirst + 1, counts.onlySecond + 1, total + 2, level, 'bonett-price');
}

/** McNemar's test in its five usual forms; all p-values are two-sided. */
export interface McNemarTest {
  readonly chiSquared: number;
  readonly pAsymptotic: number;
  readonly chiSquaredCorrected: number;
  readonly pCorrected: number;
  readonly pExact: number;
  /** The one to use: it keeps its level and is less conservative than the exact p. */
  readonly pMid: number;
}

/**
 * McNemar's test that two treatments are right equally often on the same examples. Without discordant pairs p = 1.
 * Source: Fagerland, Lydersen, Laake, BMC Medical Research Methodology 13:91 (2013).
 * @throws RangeError when a count is not an integer >= 0.
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): McNemarTest {
  if (![onlyFirst, onlySecond].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`Discordant pairs are integers >= 0, not ${onlyFirst} and ${onlySecond}.`);
  }
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) {
    return { chiSquared: 0, pAsymptotic: 1, chiSquaredCorrected: 0, pCorrected: 1, pExact: 1, pMid: 1 };
  }
  const gap = Math.abs(onlyFirst - onlySecond);
  const chiSquared = gap ** 2 / discordant;
  const chiSquaredCorrected = Math.max(0, gap - 1) ** 2 / discordant;
  const smaller = Math.min(onlyFirst, onlySecond);
  const cumulative = 2 * binomialCdf(smaller, discordant, 0.5);
  const probability = binomialProbability(smaller, discordant, 0.5);
  return {
    chiSquared,
    pAsymptotic: chiSquaredSurvival(chiSquared, 1),
    chiSquaredCorrected,
    pCorrected: chiSquaredSurvival(chiSquaredCorrected, 1),
    pExact: Math.min(1, cumulative),
    pMid: gap === 0 ? 1 - probability : cumulative - probability,
  };
}

/** How the first of two treatments flips the second's results: first = new, second = old. */
export interface FlipRates {
  /** Share that only the second had right. */
  readonly negative: number;
  /** Share that only the first has right. */
  readonly positive: number;
  /** Negative flips over what independent errors of the same accuracies would give; undefined when that is 0. */
  readonly relativeNegative: number | undefined;
  /** Share of what the second had right that the first has right too; undefined when that was nothing. */
  readonly kept: number | undefined;
}

/**
 * Negative and positive flips. positive - negative is the difference of the two proportions.
 * Source: S. Yan et al., Positive-Congruent Training, CVPR (2021), section 3; G. Bansal et al., AAAI (2019) for `kept`.
 * @throws RangeError when a count is negative or all are zero.
 */
export function flipRates(counts: PairedCounts): FlipRates {
  const total = totalOf(counts);
  const { both, onlyFirst, onlySecond, neither } = counts;
  const independent = ((onlySecond + neither) * (both + onlySecond)) / total;
  return {
    negative: onlySecond / total,
    positive: onlyFirst / total,
    relativeNegative: independent === 0 ? undefined : onlySecond / independent,
    kept: both + onlySecond === 0 ? undefined : both / (both + onlySecond),
  };
}
