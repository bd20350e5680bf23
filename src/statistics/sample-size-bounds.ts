/** How many labels guarantee a condition on accuracies: finite-sample bounds for conditions that are tested repeatedly. */
import { normalQuantile } from './normal.ts';

/** How much a developer learns from each answer: nothing, or every pass or fail. */
type Adaptivity = 'none' | 'full';

/** What one answer of many must keep: the error probability of all together, how many there are, what they give away. */
interface Reliability {
  readonly errorProbability: number;
  readonly tests: number;
  readonly adaptivity: Adaptivity;
}

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
export function hoeffdingSampleSize(tolerance: number, reliability: Reliability, variables = 1): number {
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

/**
 * Examples that Bennett's inequality needs so that every one of `tests` estimates of the difference of two accuracies is
 * within the tolerance, where the two models answer differently on at most a share `discordance` of the examples. Half
 * of the error probability is spent on knowing that share, which needs no labels.
 * Source: Renggli et al. (2019), section 4.1, with h(u) = (1 + u) ln(1 + u) - u.
 */
export function bennettSampleSize(tolerance: number, reliability: Reliability, discordance: number): number {
  const { errorProbability, tests, adaptivity } = reliability;
  const ratio = tolerance / discordance;
  const exponent = discordance * ((1 + ratio) * Math.log1p(ratio) - ratio);
  return -logErrorPerTest(errorProbability / 4, tests, adaptivity) / exponent;
}

/** Below this the probability itself is hardly a floating-point number any more; its logarithm is. */
const SMALLEST_LOG_PROBABILITY = -700;

/** z with P(Z > z) = exp(logTail) for a standard normal Z; by Mills' ratio where the tail is too thin to be written. */
function quantileOfLogTail(logTail: number): number {
  if (logTail > SMALLEST_LOG_PROBABILITY) return -normalQuantile(Math.exp(logTail));
  const target = -2 * logTail - Math.log(2 * Math.PI);
  let z = Math.sqrt(target);
  for (let step = 0; step < 5; step++) z = Math.sqrt(target - 2 * Math.log(z));
  return z;
}

/**
 * Examples that the normal approximation needs for the same, one-sided, for any mean: n = (z sd / tolerance)². The tails
 * that many adaptive tests ask for are thinner than any approximation is good for: a plan, not a proof.
 * @param standardDeviation of one example's contribution; √discordance for a difference of two accuracies.
 */
export function normalSampleSize(
  tolerance: number,
  reliability: Reliability,
  standardDeviation: number,
): number {
  const { errorProbability, tests, adaptivity } = reliability;
  const z = quantileOfLogTail(logErrorPerTest(errorProbability, tests, adaptivity));
  return ((z * standardDeviation) / tolerance) ** 2;
}
