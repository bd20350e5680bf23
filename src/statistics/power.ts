/** How small a change n examples can show, and how many examples a given change needs. */
import { noncentralTSurvival, studentTUpperQuantile } from './distributions.ts';
import { normalQuantile } from './normal.ts';
import { findRoot } from './root.ts';

/** Error rates that a sample size is planned for. */
export interface PowerTarget {
  /** Probability of a false positive, in the tail or tails that the function names. */
  readonly alpha: number;
  /** Probability of finding a change that is there, for example 0.8. */
  readonly power: number;
}

function upperQuantile(tail: number): number {
  return -normalQuantile(tail);
}

/**
 * Smallest true mean difference that a one-sided test at alpha finds with the given power: (z_alpha + z_power) sd /
 * sqrt(n), where sd is that of the paired differences. For 0/1 outcomes sd is about the root of the discordant share.
 */
export function minimumDetectableEffect(standardDeviation: number, n: number, target: PowerTarget): number {
  return ((upperQuantile(target.alpha) + normalQuantile(target.power)) * standardDeviation) / Math.sqrt(n);
}

/**
 * Examples that a one-sided non-inferiority test of a mean needs: ((z_alpha + z_power) sd / (margin + difference))^2,
 * where difference is the true one (0: equally good). Not rounded; Infinity when margin + difference <= 0.
 */
export function nonInferioritySampleSize(
  standardDeviation: number,
  margin: number,
  target: PowerTarget,
  difference = 0,
): number {
  if (margin + difference <= 0) return Number.POSITIVE_INFINITY;
  const quantiles = upperQuantile(target.alpha) + normalQuantile(target.power);
  return ((quantiles * standardDeviation) / (margin + difference)) ** 2;
}

/**
 * Pairs that the two-sided McNemar test at alpha needs to find a difference of proportions, given the discordant share
 * of pairs. Not rounded. Source: R. J. Connor, Biometrics 43 (1987) 207-211.
 */
export function mcnemarSampleSize(discordance: number, difference: number, target: PowerTarget): number {
  const atNull = upperQuantile(target.alpha / 2) * Math.sqrt(discordance);
  const atAlternative = normalQuantile(target.power) * Math.sqrt(discordance - difference ** 2);
  return ((atNull + atAlternative) / difference) ** 2;
}

/**
 * Power of a two-sided t-test to find a mean difference in its own direction (the other tail is left out, as R does).
 * @param standardErrorAtOne standard error of the difference times sqrt(n): sd for pairs, sd sqrt(2) for two groups of n.
 * @param degreesOfFreedom n - 1 for pairs, 2 (n - 1) for two groups.
 */
export function tTestPower(
  difference: number,
  standardErrorAtOne: number,
  n: number,
  degreesOfFreedom: number,
  alpha: number,
): number {
  const critical = studentTUpperQuantile(alpha / 2, degreesOfFreedom);
  return noncentralTSurvival(
    critical,
    degreesOfFreedom,
    (Math.sqrt(n) * Math.abs(difference)) / standardErrorAtOne,
  );
}

/** Pairs that a two-sided paired t-test at alpha needs to find a mean difference with the given power. Not rounded. */
export function pairedTSampleSize(
  difference: number,
  standardDeviation: number,
  target: PowerTarget,
): number {
  const excess = (n: number): number =>
    tTestPower(difference, standardDeviation, n, n - 1, target.alpha) - target.power;
  const quantiles = upperQuantile(target.alpha / 2) + normalQuantile(target.power);
  const normal = ((quantiles * standardDeviation) / difference) ** 2;
  if (excess(2) >= 0) return 2;
  // The t-test needs more than the normal approximation says, but only a few pairs more.
  return findRoot(excess, 2, 2 * normal + 1000);
}

/**
 * Examples in each of two groups that a two-sided test at alpha of equal proportions needs. Not rounded.
 * Source: J. L. Fleiss, Statistical Methods for Rates and Proportions (1981), equation 3.14, as R's power.prop.test.
 */
export function twoProportionSampleSize(p1: number, p2: number, target: PowerTarget): number {
  const atNull = upperQuantile(target.alpha / 2) * Math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2));
  const atAlternative = normalQuantile(target.power) * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return ((atNull + atAlternative) / (p1 - p2)) ** 2;
}

/**
 * Questions that a two-sided paired comparison of two answer-sampling models needs. Not rounded.
 * Source: E. Miller, Adding Error Bars to Evals (arXiv 2411.00640, 2024), equation 9.
 * @param betweenQuestions variance over questions of the difference of expected scores.
 * @param withinQuestions for each model the variance of one answer's score and the number of answers to each question.
 */
export function questionSampleSize(
  difference: number,
  betweenQuestions: number,
  withinQuestions: readonly { readonly variance: number; readonly answers: number }[],
  target: PowerTarget,
): number {
  const quantiles = upperQuantile(target.alpha / 2) + normalQuantile(target.power);
  const within = withinQuestions.reduce((sum, { variance, answers }) => sum + variance / answers, 0);
  return (quantiles / difference) ** 2 * (betweenQuestions + within);
}
