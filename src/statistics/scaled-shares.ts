/** Whether one paired proportion is a given multiple of the other: margins relative to what the baseline reaches. */
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import { correctScore, type PairedCounts, type ScoreTest } from './paired-proportions.ts';

/** First - ratio * second, with the moments of one pair's value under the hypothesis that it is 0. */
interface ScaledDifference {
  readonly n: number;
  readonly estimate: number;
  readonly variance: number;
  readonly thirdMoment: number;
}

/**
 * The discordant cells stand at their restricted maximum-likelihood values. The quadratic is derived anew from the
 * likelihood of the three cells with at least one success.
 */
function estimateScaled(counts: PairedCounts, ratio: number): ScaledDifference {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const some = both + onlyFirst + onlySecond;
  const n = some + neither;
  if (!(n > 0 && ratio > 0)) throw new RangeError(`No test for ${n} pairs and a ratio of ${ratio}.`);
  const square = ratio * ratio;
  const leading = 2 * ratio * (1 + ratio);
  const linear = both * (square - 1) + onlyFirst * (2 * square - 1) + onlySecond * square;
  const constant = onlyFirst * ratio * (ratio - 1) * some;
  const restrictedFirst = (linear + Math.sqrt(Math.max(0, linear ** 2 - 2 * leading * constant))) / leading;
  const restrictedSecond = ratio * restrictedFirst - (ratio - 1) * some;
  const restrictedBoth = some - restrictedFirst - restrictedSecond;
  const cubes = restrictedBoth * (1 - ratio) ** 3 + restrictedFirst - restrictedSecond * ratio ** 3;
  return {
    n,
    estimate: (both + onlyFirst - ratio * (both + onlySecond)) / n,
    variance: (ratio * Math.max(0, restrictedFirst + restrictedSecond)) / n,
    thirdMoment: cubes / n,
  };
}

/**
 * Score test that the first of two paired proportions is `ratio` times the second. For ratio 1 it is Tango's at 0.
 * Non-inferiority at the relative margin m is pGreater at ratio 1 - m.
 * Source: J.-M. Nam and W. C. Blackwelder, Statistics in Medicine 21 (2002) 689-699, section 2.
 * @throws RangeError when there are no pairs or the ratio is not positive.
 */
export function scaledShareTest(counts: PairedCounts, ratio: number): ScoreTest {
  const { n, estimate, variance } = estimateScaled(counts, ratio);
  const z = estimate === 0 ? 0 : estimate / Math.sqrt(variance / n);
  return { z, pGreater: normalSurvival(z), pLess: normalCdf(z) };
}

/**
 * Interval for first - ratio * second of two paired proportions, made so that it excludes 0 exactly when
 * scaledShareTest rejects: the standard error is the one under that hypothesis.
 * @throws RangeError as scaledShareTest.
 */
export function scaledShareInterval(
  counts: PairedCounts,
  ratio: number,
  level: number,
): ConfidenceInterval & { readonly estimate: number } {
  const { n, estimate, variance } = estimateScaled(counts, ratio);
  const half = -normalQuantile(tailProbability(level)) * Math.sqrt(variance / n);
  return { estimate, low: estimate - half, high: estimate + half, level, method: 'nam-blackwelder-score' };
}

/**
 * scaledShareTest with the corrections of correctedTangoTest for continuity and skewness, which keep both one-sided error
 * rates at or below the nominal one. The two p-values add up to more than 1.
 * @throws RangeError as scaledShareTest.
 */
export function correctedScaledShareTest(counts: PairedCounts, ratio: number): OneSidedPValues {
  const { n, estimate, variance, thirdMoment } = estimateScaled(counts, ratio);
  return {
    pGreater: normalSurvival(correctScore(n * estimate, n, variance, thirdMoment)),
    pLess: normalSurvival(correctScore(-n * estimate, n, variance, -thirdMoment)),
  };
}

/**
 * Interval for first - ratio * second that excludes 0 exactly when correctedScaledShareTest rejects: the one to gate
 * shares by. @throws RangeError as scaledShareTest.
 */
export function correctedScaledShareInterval(
  counts: PairedCounts,
  ratio: number,
  level: number,
): ConfidenceInterval & { readonly estimate: number } {
  const { n, estimate, variance, thirdMoment } = estimateScaled(counts, ratio);
  const z = -normalQuantile(tailProbability(level));
  const half = (moment: number): number => {
    const skewness = variance > 0 ? (Math.max(0, moment) * Math.max(0, z * z - 1)) / (6 * variance) : 0;
    return (0.5 + z * Math.sqrt(n * variance) + skewness) / n;
  };
  const [low, high] = [estimate - half(thirdMoment), estimate + half(-thirdMoment)];
  return { estimate, low, high, level, method: 'nam-blackwelder-score-corrected' };
}
