/** The decisions of non-inferiority and equivalence tests. */
import type { OneSidedPValues } from './interval.ts';

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

/**
 * P-value of the claim that a quantity lies between two bounds: two one-sided tests, the larger p of both. The claim
 * holds at alpha exactly when the two-sided interval of level 1 - 2 alpha lies within the bounds.
 * Source: D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987) 657-680.
 * @param testAt the test of a hypothesised value.
 */
export function equivalencePValue(
  testAt: (hypothesised: number) => OneSidedPValues,
  bounds: { readonly low: number; readonly high: number },
): number {
  return Math.max(testAt(bounds.low).pGreater, testAt(bounds.high).pLess);
}
