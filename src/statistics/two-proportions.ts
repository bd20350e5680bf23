/** Two proportions on different examples: intervals for their difference and their ratio. */
import {
  invertInterval,
  tailProbability,
  type ConfidenceInterval,
  type OneSidedPValues,
} from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import { correctScore } from './paired-proportions.ts';
import { wilsonInterval } from './proportion.ts';
import { findRoot, findRootByBrent } from './root.ts';

/** Successes among trials. */
export interface Share {
  readonly successes: number;
  readonly trials: number;
}

function requireShare({ successes, trials }: Share): void {
  if (!(successes >= 0 && trials >= successes && trials > 0)) {
    throw new RangeError(`A proportion needs 0 <= successes <= trials > 0, not ${successes} of ${trials}.`);
  }
}

/** p (1 - p) / n. */
function binomialVariance(p: number, trials: number): number {
  return (p * (1 - p)) / trials;
}

/** A difference over the root of its variance; 0 for no difference, infinite for one without variance. */
function standardise(difference: number, variance: number): number {
  if (difference === 0) return 0;
  return variance > 0 ? difference / Math.sqrt(variance) : difference * Number.POSITIVE_INFINITY;
}

/**
 * Newcombe's hybrid score interval for first - second: Wilson limits, squared and added.
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
 * @throws RangeError unless 0 <= successes <= trials and trials > 0 in both.
 */
export function newcombeInterval(first: Share, second: Share, level: number): ConfidenceInterval {
  const a = wilsonInterval(first.successes, first.trials, level);
  const b = wilsonInterval(second.successes, second.trials, level);
  const [p1, p2] = [first.successes / first.trials, second.successes / second.trials];
  return {
    low: p1 - p2 - Math.hypot(p1 - a.low, b.high - p2),
    high: p1 - p2 + Math.hypot(a.high - p1, p2 - b.low),
    level,
    method: 'newcombe-hybrid',
  };
}

/** The test of first - second = difference that newcombeInterval is the inverse of. */
export function newcombeTest(first: Share, second: Share, difference: number): OneSidedPValues {
  return invertInterval((level) => newcombeInterval(first, second, level), difference);
}

/** The second proportion's maximum-likelihood value when the first is fixed at second + difference. */
function constrainedSecond(first: Share, second: Share, difference: number): number {
  const total = first.trials + second.trials;
  const successes = first.successes + second.successes;
  const quadratic = (first.trials + 2 * second.trials) * difference - total - successes;
  const linear = (second.trials * difference - total - 2 * second.successes) * difference + successes;
  const constant = second.successes * difference * (1 - difference);
  const shift = quadratic / (3 * total);
  const q = shift ** 3 - (linear * quadratic) / (6 * total * total) + constant / (2 * total);
  const magnitude = Math.sqrt(Math.max(0, shift * shift - linear / (3 * total)));
  const p = q < 0 ? -magnitude : magnitude;
  const cosine = p === 0 ? 0 : Math.min(1, Math.max(-1, q / p ** 3));
  const root = 2 * p * Math.cos((Math.PI + Math.acos(cosine)) / 3) - shift;
  return Math.min(1, 1 - difference, Math.max(0, -difference, root));
}

/** Miettinen and Nurminen's score for a hypothesised difference. */
function differenceScore(first: Share, second: Share, difference: number): number {
  const total = first.trials + second.trials;
  const estimate = first.successes / first.trials - second.successes / second.trials;
  const p2 = constrainedSecond(first, second, difference);
  const p1 = Math.min(1, Math.max(0, p2 + difference));
  const variance = binomialVariance(p1, first.trials) + binomialVariance(p2, second.trials);
  return standardise(estimate - difference, (variance * total) / (total - 1));
}

/** A score test of a hypothesis about two independent proportions. */
export interface ProportionScoreTest extends OneSidedPValues {
  readonly z: number;
}

function scoreTestFrom(z: number): ProportionScoreTest {
  return { z, pGreater: normalSurvival(z), pLess: normalCdf(z) };
}

/**
 * Miettinen and Nurminen's score test that first - second has a hypothesised value. Non-inferiority at margin m is
 * pGreater at -m. Source: Statistics in Medicine 4 (1985) 213-226, equation 9.
 * @throws RangeError as newcombeInterval, and when the difference is outside [-1, 1].
 */
export function miettinenNurminenTest(first: Share, second: Share, difference: number): ProportionScoreTest {
  requireShare(first);
  requireShare(second);
  if (!(difference >= -1 && difference <= 1)) {
    throw new RangeError(`A difference of proportions lies in [-1, 1], not ${difference}.`);
  }
  return scoreTestFrom(differenceScore(first, second, difference));
}

/**
 * Miettinen and Nurminen's score interval for first - second, with their factor N / (N - 1).
 * Source: O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226, equations 8 and 9, appendix I.
 * @throws RangeError as newcombeInterval.
 */
export function miettinenNurminenInterval(first: Share, second: Share, level: number): ConfidenceInterval {
  requireShare(first);
  requireShare(second);
  const z = -normalQuantile(tailProbability(level));
  const estimate = first.successes / first.trials - second.successes / second.trials;
  const score = (difference: number): number => differenceScore(first, second, difference);
  return {
    low: estimate === -1 ? -1 : findRoot((difference) => score(difference) - z, -1, estimate),
    high: estimate === 1 ? 1 : findRoot((difference) => score(difference) + z, estimate, 1),
    level,
    method: 'miettinen-nurminen',
  };
}

/**
 * Katz' logarithmic interval for the ratio first / second; undefined when either has no success.
 * Source: D. Katz, J. Baptista, S. P. Azen, M. C. Pike, Biometrics 34 (1978) 469-474, method C.
 */
export function katzRatioInterval(
  first: Share,
  second: Share,
  level: number,
): ConfidenceInterval | undefined {
  requireShare(first);
  requireShare(second);
  if (first.successes === 0 || second.successes === 0) return undefined;
  const z = -normalQuantile(tailProbability(level));
  const variance = 1 / first.successes - 1 / first.trials + (1 / second.successes - 1 / second.trials);
  const ratio = ((first.successes / first.trials) * second.trials) / second.successes;
  const factor = Math.exp(z * Math.sqrt(variance));
  return { low: ratio / factor, high: ratio * factor, level, method: 'katz-log' };
}

/** The second proportion's maximum-likelihood value when the first is fixed at ratio * second. */
function constrainedByRatio(first: Share, second: Share, ratio: number): number {
  const quadratic = (first.trials + second.trials) * ratio;
  const linear = first.trials * ratio + first.successes + second.trials + second.successes * ratio;
  const constant = first.successes + second.successes;
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
  return Math.min(1, 1 / ratio, (2 * constant) / (linear + root));
}

/** Score of first = ratio * second, its variance multiplied by a factor. */
function ratioScore(first: Share, second: Share, ratio: number, factor: number): number {
  const restricted = constrainedByRatio(first, second, ratio);
  const variance =
    binomialVariance(Math.min(1, ratio * restricted), first.trials) +
    ratio * ratio * binomialVariance(restricted, second.trials);
  const difference = first.successes / first.trials - (ratio * second.successes) / second.trials;
  return standardise(difference, variance * factor);
}

/**
 * Score test that the first of two independent proportions is `ratio` times the second: the one that koopmanInterval
 * is the inverse of. Non-inferiority at the relative margin m is pGreater at ratio 1 - m.
 * Source: P. A. R. Koopman, Biometrics 40 (1984) 513-517.
 * @throws RangeError as newcombeInterval, and when the ratio is not positive.
 */
export function ratioScoreTest(first: Share, second: Share, ratio: number): ProportionScoreTest {
  requireShare(first);
  requireShare(second);
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`A ratio of proportions is positive, not ${ratio}.`);
  }
  return scoreTestFrom(ratioScore(first, second, ratio, 1));
}

/** Beyond e^60 a ratio of two proportions is not told from infinity. */
const LARGEST_LOG_RATIO = 60;

/** Score interval for first / second, its variance multiplied by a factor. */
function ratioInterval(first: Share, second: Share, level: number, factor: number, method: string) {
  requireShare(first);
  requireShare(second);
  const z = -normalQuantile(tailProbability(level));
  const [p1, p2] = [first.successes / first.trials, second.successes / second.trials];
  const score = (logRatio: number): number => ratioScore(first, second, Math.exp(logRatio), factor);
  const clamp = (x: number): number => Math.min(LARGEST_LOG_RATIO, Math.max(-LARGEST_LOG_RATIO, x));
  const estimate = clamp(p1 === 0 && p2 === 0 ? 0 : Math.log(p1 / p2));
  const root = (target: number, from: number, to: number): number =>
    Math.exp(findRoot((logRatio) => score(logRatio) - target, from, to));
  return {
    low: p1 === 0 ? 0 : root(z, -LARGEST_LOG_RATIO, estimate),
    high: p2 === 0 ? Number.POSITIVE_INFINITY : root(-z, estimate, LARGEST_LOG_RATIO),
    level,
    method,
  };
}

/**
 * Koopman's score interval for the ratio first / second; it exists at zero counts too (limits 0 and Infinity).
 * Source: P. A. R. Koopman, Biometrics 40 (1984) 513-517, in the equivalent form of Gart and Nam (1988).
 * @throws RangeError as newcombeInterval.
 */
export function koopmanInterval(first: Share, second: Share, level: number): ConfidenceInterval {
  return ratioInterval(first, second, level, 1, 'koopman-score');
}

/**
 * Miettinen and Nurminen's score interval for the ratio first / second: Koopman's with the factor N / (N - 1).
 * Source: O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226, equation 10.
 * @throws RangeError as newcombeInterval.
 */
export function ratioMiettinenNurminenInterval(
  first: Share,
  second: Share,
  level: number,
): ConfidenceInterval {
  const total = first.trials + second.trials;
  return ratioInterval(first, second, level, total / (total - 1), 'miettinen-nurminen-ratio');
}

/** A hypothesis about two shares, first - ratio * second = difference, and the shares that are likeliest under it. */
interface SharesHypothesis {
  readonly ratio: number;
  readonly difference: number;
  readonly first: number;
  readonly second: number;
}

/** p (1 - p) (1 - 2 p): the third central moment of a yes or no. */
function thirdMoment(p: number): number {
  return p * (1 - p) * (1 - 2 * p);
}

/**
 * The normal deviate for the claim that first - ratio * second exceeds a difference: the score with Miettinen and
 * Nurminen's factor, half a step of the coarser of the two shares taken off for continuity, and the skewness allowed for
 * where that costs significance.
 */
function correctedExcess(first: Share, second: Share, hypothesis: SharesHypothesis): number {
  const { ratio, difference, first: p1, second: p2 } = hypothesis;
  const total = first.trials + second.trials;
  const variance =
    ((binomialVariance(p1, first.trials) + ratio * ratio * binomialVariance(p2, second.trials)) * total) /
    (total - 1);
  const third = thirdMoment(p1) / first.trials ** 2 - (ratio ** 3 * thirdMoment(p2)) / second.trials ** 2;
  const step = Math.max(1 / first.trials, ratio / second.trials);
  const excess = first.successes / first.trials - (ratio * second.successes) / second.trials - difference;
  return correctScore(excess / step, 1, variance / step ** 2, third / step ** 3);
}

/** How closely a corrected limit, or its logarithm, is solved for. */
const LIMIT_TOLERANCE = 1e-12;

/** Lower limit of the corrected interval for first - second. */
function correctedLowerDifference(first: Share, second: Share, z: number): number {
  const excess = (difference: number): number => {
    const p2 = constrainedSecond(first, second, difference);
    const p1 = Math.min(1, Math.max(0, p2 + difference));
    return correctedExcess(first, second, { ratio: 1, difference, first: p1, second: p2 }) - z;
  };
  const estimate = first.successes / first.trials - second.successes / second.trials;
  return excess(-1) <= 0 ? -1 : findRootByBrent(excess, -1, estimate, LIMIT_TOLERANCE);
}

/** Lower limit of the corrected interval for first / second. */
function correctedLowerRatio(first: Share, second: Share, z: number): number {
  if (first.successes === 0) return 0;
  const excess = (logRatio: number): number => {
    const ratio = Math.exp(logRatio);
    const p2 = constrainedByRatio(first, second, ratio);
    return (
      correctedExcess(first, second, { ratio, difference: 0, first: Math.min(1, ratio * p2), second: p2 }) - z
    );
  };
  const estimate = Math.log(first.successes / first.trials / (second.successes / second.trials));
  const to = Math.min(LARGEST_LOG_RATIO, estimate);
  let reach = 1;
  while (excess(to - reach) <= 0) {
    if (reach > LARGEST_LOG_RATIO) return 0;
    reach *= 2;
  }
  return Math.exp(findRootByBrent(excess, to - reach, to, LIMIT_TOLERANCE));
}

/**
 * Miettinen and Nurminen's interval for first - second with corrections for continuity and skewness, which keep both
 * one-sided error rates at or below the nominal one (their own exceeds it with few examples, most where one sample is
 * much the smaller). The one to gate by.
 * Source: Miettinen and Nurminen (1985); J. J. Gart and J. Nam, Biometrics 46 (1990) 637-643, for the skewness.
 * @throws RangeError as newcombeInterval.
 */
export function correctedDifferenceInterval(first: Share, second: Share, level: number): ConfidenceInterval {
  requireShare(first);
  requireShare(second);
  const z = -normalQuantile(tailProbability(level));
  return {
    low: correctedLowerDifference(first, second, z),
    high: -correctedLowerDifference(second, first, z),
    level,
    method: 'miettinen-nurminen-corrected',
  };
}

/**
 * Koopman's interval for first / second with the same corrections; limits 0 and Infinity where a share is 0.
 * Source: Koopman (1984); J. J. Gart and J. Nam, Biometrics 44 (1988) 323-338, for the skewness.
 * @throws RangeError as newcombeInterval.
 */
export function correctedRatioInterval(first: Share, second: Share, level: number): ConfidenceInterval {
  requireShare(first);
  requireShare(second);
  const z = -normalQuantile(tailProbability(level));
  return {
    low: correctedLowerRatio(first, second, z),
    high: 1 / correctedLowerRatio(second, first, z),
    level,
    method: 'koopman-corrected',
  };
}
