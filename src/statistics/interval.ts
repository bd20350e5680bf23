/** What every interval of this room looks like, and how one becomes a test. */
import { findRoot } from './root.ts';

/** A two-sided confidence interval. Its limits are one-sided limits of level 1 - (1 - level) / 2. */
export interface ConfidenceInterval {
  readonly low: number;
  readonly high: number;
  /** Two-sided coverage, for example 0.9 for a one-sided test at 0.05. */
  readonly level: number;
  /** The standard name of the method, for example `wilson`. */
  readonly method: string;
}

/** Both one-sided p-values of a test that a quantity has a hypothesised value. */
export interface OneSidedPValues {
  /** Against the alternative that the true value is greater. Non-inferiority at margin m: pGreater at -m. */
  readonly pGreater: number;
  /** Against the alternative that the true value is less. "Worse by more than m": pLess at -m. */
  readonly pLess: number;
}

/**
 * Probability in each tail outside a two-sided interval.
 * @throws RangeError when the level is not strictly between 0 and 1.
 */
export function tailProbability(level: number): number {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`A confidence level lies strictly between 0 and 1, not ${level}.`);
  }
  return (1 - level) / 2;
}

/** Smallest p-value that inverting an interval can give: closer to 1 a level loses the digits of its tail. */
const LEAST_INVERTED_P = 1e-9;

/**
 * P-values of the test that an interval is the inverse of: pGreater is the tail at which the lower limit reaches the
 * hypothesised value. For limits that move outwards with the level and meet at the estimate as it goes to 0.
 * @param intervalAt the interval of a given level.
 * @returns p-values between 1e-9 and 1 - 1e-9.
 */
export function invertInterval(
  intervalAt: (level: number) => { readonly low: number; readonly high: number },
  hypothesised: number,
): OneSidedPValues {
  const least = Math.log(LEAST_INVERTED_P);
  // Over the logarithm of the tail, so that small p-values are as exact as large ones.
  const smallestTail = (
    distance: (limits: { readonly low: number; readonly high: number }) => number,
  ): number => {
    const excess = (logTail: number): number => distance(intervalAt(1 - 2 * Math.exp(logTail)));
    // Just short of 1/2, where the level would be 0.
    const largest = -Math.LN2 - LEAST_INVERTED_P;
    if (!(excess(largest) > 0)) return 0.5;
    return excess(least) > 0 ? LEAST_INVERTED_P : Math.exp(findRoot(excess, least, largest));
  };
  const pGreater = smallestTail(({ low }) => low - hypothesised);
  if (pGreater < 0.5) return { pGreater, pLess: 1 - pGreater };
  const pLess = smallestTail(({ high }) => hypothesised - high);
  return { pGreater: 1 - pLess, pLess };
}
