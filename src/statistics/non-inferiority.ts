/** The decision of a non-inferiority test with three outcomes. */

export type NonInferiority = 'pass' | 'fail' | 'inconclusive';

/**
 * Judges a difference (higher is better) by its interval: pass when even its lower limit is at least -margin, fail
 * when even its upper limit is below -margin, otherwise inconclusive. The level is the interval's: with a two-sided 90 %
 * interval each error has probability 5 %. A limit that is not a number proves nothing.
 */
export function judgeNonInferiority(
  interval: { readonly low: number; readonly high: number },
  margin: number,
): NonInferiority {
  if (interval.low >= -margin) return 'pass';
  return interval.high < -margin ? 'fail' : 'inconclusive';
}
