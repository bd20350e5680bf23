/** How many labels guarantee a condition on accuracies: finite-sample bounds for conditions that are tested repeatedly. */

/** How much a developer learns from each answer: nothing, or every pass or fail. */
export type Adaptivity = 'none' | 'full';

/** Natural logarithm of the error probability left for one test of many. */
function logErrorPerTest(errorProbability: number, tests: number, adaptivity: Adaptivity): number {
  return Math.log(errorProbability) - (adaptivity === 'none' ? Math.log(tests) : tests * Math.LN2);
}

/**
 * Examples that one-sided Hoeffding bounds need so that every one of `tests` estimates of a linear combination of
 * proportions is within the tolerance with the given reliability: each of k variables gets tolerance / k and its share
 * of the error probability.
 * Source: C. Renggli et al., Continuous Integration of Machine Learning Models with ease.ml/ci, MLSys (2019), section 3.
 * @param variables 1 for n > c, 2 for n - o > c.
 */
export function hoeffdingSampleSize(
  tolerance: number,
  reliability: { readonly errorProbability: number; readonly tests: number; readonly adaptivity: Adaptivity },
  variables = 1,
): number {
  const { errorProbability, tests, adaptivity } = reliability;
  const logError = logErrorPerTest(errorProbability / variables, tests, adaptivity);
  return (-logError * variables * variables) / (2 * tolerance * tolerance);
}

/** The answer to a condition on an estimate that is known up to a tolerance. */
export type ThreeValued = 'true' | 'false' | 'unknown';

/**
 * Whether a value exceeds a threshold, given an estimate that is within the tolerance of it.
 * Source: Renggli et al. (2019), appendix A.2.
 */
export function exceedsThreshold(estimate: number, threshold: number, tolerance: number): ThreeValued {
  if (estimate > threshold + tolerance) return 'true';
  return estimate < threshold - tolerance ? 'false' : 'unknown';
}
