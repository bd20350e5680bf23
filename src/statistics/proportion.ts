/** Intervals for one proportion. */
import { betaQuantile } from './beta.ts';
import { tailProbability, type ConfidenceInterval } from './interval.ts';
import { normalQuantile } from './normal.ts';

function requireShare(successes: number, trials: number): void {
  if (!(successes >= 0 && trials >= successes && trials > 0 && trials < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`A proportion needs 0 <= successes <= trials > 0, not ${successes} of ${trials}.`);
  }
}

function requireCounts(successes: number, trials: number): void {
  requireShare(successes, trials);
  if (!Number.isInteger(successes) || !Number.isInteger(trials)) {
    throw new RangeError(`An exact interval needs whole counts, not ${successes} of ${trials}.`);
  }
}

/**
 * Wilson's score interval for a proportion; its limits lie in [0, 1] and contain the estimate.
 * Trials need not be whole: an effective sample size will do.
 * Source: E. B. Wilson, JASA 22 (1927) 209-212.
 * @throws RangeError unless 0 <= successes <= trials and trials > 0.
 */
export function wilsonInterval(successes: number, trials: number, level: number): ConfidenceInterval {
  requireShare(successes, trials);
  const z = -normalQuantile(tailProbability(level));
  const failures = trials - successes;
  const square = z * z;
  const half = z * Math.sqrt((successes * failures) / trials + square / 4);
  const centre = successes + square / 2;
  const denominator = trials + square;
  return {
    low: successes === 0 ? 0 : (centre - half) / denominator,
    high: failures === 0 ? 1 : (centre + half) / denominator,
    level,
    method: 'wilson',
  };
}

/**
 * Wilson's interval with a continuity correction of half a success, which two-sample limits need to keep their level
 * with few examples. Never narrower than Wilson's, and in [0, 1].
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, method 4.
 * @throws RangeError as wilsonInterval.
 */
export function correctedWilsonInterval(
  successes: number,
  trials: number,
  level: number,
): ConfidenceInterval {
  requireShare(successes, trials);
  const z = -normalQuantile(tailProbability(level));
  const lower = (hits: number): number => {
    const square = z * z;
    const misses = trials - hits;
    const root = Math.sqrt(Math.max(0, square - 2 - 1 / trials + (4 * hits * (misses + 1)) / trials));
    return hits === 0 ? 0 : Math.max(0, (2 * hits + square - 1 - z * root) / (2 * (trials + square)));
  };
  // The upper limit of the successes is the lower one of the failures.
  return { low: lower(successes), high: 1 - lower(trials - successes), level, method: 'wilson-corrected' };
}

/**
 * Exact interval of Clopper and Pearson (Biometrika 26, 1934): at least the stated coverage for every proportion.
 * @throws RangeError as wilsonInterval, and when a count is not whole.
 */
export function clopperPearsonInterval(successes: number, trials: number, level: number): ConfidenceInterval {
  requireCounts(successes, trials);
  return { ...kornGraubardInterval(successes, trials, level), method: 'clopper-pearson' };
}

/**
 * Clopper and Pearson's interval for counts that need not be whole: those of as many independent examples as examples
 * in groups are worth. Source: E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201, section 2.
 * @throws RangeError as wilsonInterval.
 */
export function kornGraubardInterval(successes: number, trials: number, level: number): ConfidenceInterval {
  requireShare(successes, trials);
  const tail = tailProbability(level);
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    // By symmetry, so that the quantile is always asked for by its small tail.
    high: failures === 0 ? 1 : 1 - betaQuantile(tail, failures, successes + 1),
    level,
    method: 'korn-graubard',
  };
}

/**
 * Jeffreys' interval: equal-tailed quantiles of Beta(successes + 1/2, failures + 1/2), also at 0 and n successes.
 * Source: Brown, Cai, DasGupta, Statistical Science 16 (2001), section 3.1.3 without its boundary modification.
 * @throws RangeError as clopperPearsonInterval.
 */
export function jeffreysInterval(successes: number, trials: number, level: number): ConfidenceInterval {
  requireCounts(successes, trials);
  const tail = tailProbability(level);
  const [a, b] = [successes + 0.5, trials - successes + 0.5];
  return { low: betaQuantile(tail, a, b), high: 1 - betaQuantile(tail, b, a), level, method: 'jeffreys' };
}

/**
 * Agresti and Coull's interval (The American Statistician 52, 1998), cut to [0, 1].
 * @throws RangeError as clopperPearsonInterval.
 */
export function agrestiCoullInterval(successes: number, trials: number, level: number): ConfidenceInterval {
  requireCounts(successes, trials);
  const z = -normalQuantile(tailProbability(level));
  const size = trials + z * z;
  const centre = (successes + (z * z) / 2) / size;
  const half = z * Math.sqrt((centre * (1 - centre)) / size);
  return {
    low: Math.max(0, centre - half),
    high: Math.min(1, centre + half),
    level,
    method: 'agresti-coull',
  };
}

/**
 * Exact one-sided upper limit of a failure rate after n trials without a failure: 1 - alpha^(1/n), alpha = 1 - level.
 * About 3 / n at level 0.95, the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983).
 */
export function zeroFailuresUpperLimit(trials: number, level: number): number {
  requireCounts(0, trials);
  return -Math.expm1(Math.log1p(-level) / trials);
}
