/** Whether one paired proportion is a given multiple of the other: margins relative to what the baseline reaches. */
import { tailProbability, type ConfidenceInterval } from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import type { PairedCounts, ScoreTest } from './paired-proportions.ts';

/** First - ratio * second with its standard error under the hypothesis that it is 0. */
interface ScaledDifference {
  readonly estimate: number;
  readonly standardError: number;
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
  return {
    estimate: (both + onlyFirst - ratio * (both + onlySecond)) / n,
    standardError: Math.sqrt(ratio * Math.max(0, restrictedFirst + restrictedSecond)) / n,
  };
}

/**
 * Score test that the first of two paired proportions is `ratio` times the second. For ratio 1 it is Tango's at 0.
 * Non-inferiority at the relative margin m is pGreater at ratio 1 - m.
 * Source: J.-M. Nam and W. C. Blackwelder, Statistics in Medicine 21 (2002) 689-699, section 2.
 * @throws RangeError when there are no pairs or the ratio is not positive.
 */
export function scaledShareTest(counts: PairedCounts, ratio: number): ScoreTest {
  const { estimate, standardError } = estimateScaled(counts, ratio);
  const z = estimate === 0 ? 0 : estimate / standardError;
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
  const { estimate, standardError } = estimateScaled(counts, ratio);
  const half = -normalQuantile(tailProbability(level)) * standardError;
  return { estimate, low: estimate - half, high: estimate + half, level, method: 'nam-blackwelder-score' };
}
