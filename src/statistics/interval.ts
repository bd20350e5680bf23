/** What every interval of this room looks like. */

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
