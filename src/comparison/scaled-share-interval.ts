import { tailProbability, type ConfidenceInterval } from '../statistics/interval.ts';
import { normalQuantile } from '../statistics/normal.ts';
import type { PairedCounts } from '../statistics/paired-proportions.ts';

/**
 * Interval for first - ratio * second of two paired proportions, made so that it excludes 0 exactly when the score test
 * of first = ratio * second rejects: the standard error is the one under that hypothesis, with the discordant cells at
 * their restricted maximum-likelihood values. For ratio 1 that test is Tango's at 0.
 * Source: J.-M. Nam and W. C. Blackwelder, Statistics in Medicine 21 (2002) 689-699, section 2; the quadratic is
 * derived anew from the likelihood of the three cells with at least one success.
 * @throws RangeError when there are no pairs or the ratio is not positive.
 */
export function scaledShareInterval(
  counts: PairedCounts,
  ratio: number,
  level: number,
): ConfidenceInterval & { readonly estimate: number } {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const some = both + onlyFirst + onlySecond;
  const n = some + neither;
  if (!(n > 0 && ratio > 0)) throw new RangeError(`No interval for ${n} pairs and a ratio of ${ratio}.`);
  const estimate = (both + onlyFirst - ratio * (both + onlySecond)) / n;
  const square = ratio * ratio;
  const leading = 2 * ratio * (1 + ratio);
  const linear = both * (square - 1) + onlyFirst * (2 * square - 1) + onlySecond * square;
  const constant = onlyFirst * ratio * (ratio - 1) * some;
  const restrictedFirst = (linear + Math.sqrt(Math.max(0, linear ** 2 - 2 * leading * constant))) / leading;
  const restrictedSecond = ratio * restrictedFirst - (ratio - 1) * some;
  const variance = (ratio * Math.max(0, restrictedFirst + restrictedSecond)) / (n * n);
  const half = -normalQuantile(tailProbability(level)) * Math.sqrt(variance);
  return { estimate, low: estimate - half, high: estimate + half, level, method: 'nam-blackwelder-score' };
}
