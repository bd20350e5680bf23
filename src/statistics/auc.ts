/** The area under the ROC curve, its variance, and the difference of two areas on the same examples. */
import { tailProbability, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';
import { normalCdf, normalQuantile, normalSurvival } from './normal.ts';
import { wilsonInterval } from './proportion.ts';

/** An area under the ROC curve with DeLong's variance. */
export interface AucEstimate {
  readonly auc: number;
  readonly variance: number;
  readonly positives: number;
  readonly negatives: number;
  /** The variance says nothing: the area is 0 or 1, or a class has a single example. Never call it significant. */
  readonly degenerate: boolean;
}

/** The difference first - second of two areas on the same examples. */
export interface AucDifference {
  readonly first: AucEstimate;
  readonly second: AucEstimate;
  readonly difference: number;
  readonly covariance: number;
  /** Variance of the difference. */
  readonly variance: number;
  /** The variance of the difference is zero or cannot be estimated. */
  readonly degenerate: boolean;
}

type Numbers = ArrayLike<number>;

/** Placement values: for each positive the share of negatives below it, for each negative that of positives above. */
interface Placements {
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

/** How many of the sorted values lie below x, those equal to x counted half. */
function countBelow(sorted: Float64Array, x: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? Number.NaN) < x) from = middle + 1;
    else to = middle;
  }
  const first = from;
  if (first === sorted.length || (sorted[first] ?? Number.NaN) > x) return first;
  to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? Number.NaN) <= x) from = middle + 1;
    else to = middle;
  }
  return (first + from) / 2;
}

/** Scores of one class, in the order of the examples. */
function scoresOf(labels: Numbers, scores: Numbers, label: 0 | 1, size: number): Float64Array {
  const chosen = new Float64Array(size);
  let next = 0;
  for (let index = 0; index < labels.length; index++) {
    if (labels[index] === label) chosen[next++] = scores[index] ?? Number.NaN;
  }
  return chosen;
}

function placementsOf(labels: Numbers, scores: Numbers, positives: number): Placements {
  const positive = scoresOf(labels, scores, 1, positives);
  const negative = scoresOf(labels, scores, 0, labels.length - positives);
  const sortedPositive = positive.slice().sort();
  const sortedNegative = negative.slice().sort();
  return {
    ofPositives: positive.map((score) => countBelow(sortedNegative, score) / negative.length),
    ofNegatives: negative.map((score) => 1 - countBelow(sortedPositive, score) / positive.length),
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample covariance (n - 1) of two vectors of one length; 0 for a single pair. */
function covarianceOf(x: Float64Array, y: Float64Array): number {
  if (x.length < 2) return 0;
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let sum = 0;
  for (let index = 0; index < x.length; index++) {
    sum += ((x[index] ?? Number.NaN) - meanX) * ((y[index] ?? Number.NaN) - meanY);
  }
  return sum / (x.length - 1);
}

function delongCovariance(a: Placements, b: Placements): number {
  return (
    covarianceOf(a.ofPositives, b.ofPositives) / a.ofPositives.length +
    covarianceOf(a.ofNegatives, b.ofNegatives) / a.ofNegatives.length
  );
}

function estimateFrom(placements: Placements): AucEstimate {
  const auc = meanOf(placements.ofPositives);
  const [positives, negatives] = [placements.ofPositives.length, placements.ofNegatives.length];
  return {
    auc,
    variance: delongCovariance(placements, placements),
    positives,
    negatives,
    degenerate: auc === 0 || auc === 1 || positives < 2 || negatives < 2,
  };
}

/** Number of ones among labels that are all 0 or 1, beside scores that are all numbers. */
function countPositives(labels: Numbers, scores: Numbers): number {
  if (labels.length !== scores.length) {
    throw new RangeError(`${labels.length} labels do not match ${scores.length} scores.`);
  }
  let positives = 0;
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index];
    if (label !== 0 && label !== 1) throw new RangeError(`Label ${index} is ${label}, neither 0 nor 1.`);
    if (Number.isNaN(scores[index])) throw new RangeError(`Score ${index} is not a number.`);
    positives += label;
  }
  return positives;
}

/**
 * Area under the ROC curve (ties counted half) and its variance, in O(n log n); undefined when a class is absent.
 * Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988) 837-845, equations 4 to 6. The placement values are
 * those that Sun and Xu (IEEE Signal Processing Letters 21, 2014) get from midranks, found here by binary search.
 * @param labels 1 for a positive example, 0 for a negative one.
 * @param scores higher means more likely positive; the order alone matters.
 * @throws RangeError when lengths differ, a label is neither 0 nor 1, or a score is NaN.
 */
export function delongAuc(labels: Numbers, scores: Numbers): AucEstimate | undefined {
  const positives = countPositives(labels, scores);
  if (positives === 0 || positives === labels.length) return undefined;
  return estimateFrom(placementsOf(labels, scores, positives));
}

/**
 * Difference of two areas under the ROC curve on the same examples, with DeLong's variance of the difference;
 * undefined when a class is absent. Invalid for nested models scored on their own training data.
 * Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988) 837-845, equation 7.
 * @throws RangeError as delongAuc.
 */
export function delongDifference(
  labels: Numbers,
  first: Numbers,
  second: Numbers,
): AucDifference | undefined {
  const positives = countPositives(labels, first);
  countPositives(labels, second);
  if (positives === 0 || positives === labels.length) return undefined;
  const [a, b] = [placementsOf(labels, first, positives), placementsOf(labels, second, positives)];
  const [estimateA, estimateB] = [estimateFrom(a), estimateFrom(b)];
  const covariance = delongCovariance(a, b);
  // Rounding can leave a negative crumb where the two areas are the same function of the examples.
  const variance = Math.max(0, estimateA.variance + estimateB.variance - 2 * covariance);
  return {
    first: estimateA,
    second: estimateB,
    difference: estimateA.auc - estimateB.auc,
    covariance,
    variance,
    degenerate: variance === 0 || estimateA.degenerate || estimateB.degenerate,
  };
}

function expit(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Interval for one area on the logit scale (delta method), so that its limits stay in [0, 1]. A degenerate estimate
 * gets Wilson's interval for min(positives, negatives) trials instead of a false certainty.
 * Source: M. S. Pepe, The Statistical Evaluation of Medical Tests (2003), section 5.2.
 */
export function aucInterval(estimate: AucEstimate, level: number): ConfidenceInterval {
  const { auc, variance, positives, negatives } = estimate;
  if (estimate.degenerate || variance === 0) {
    const trials = Math.min(positives, negatives);
    return { ...wilsonInterval(auc * trials, trials, level), method: 'wilson-effective-size' };
  }
  const z = -normalQuantile(tailProbability(level));
  const centre = Math.log(auc / (1 - auc));
  const half = (z * Math.sqrt(variance)) / (auc * (1 - auc));
  return { low: expit(centre - half), high: expit(centre + half), level, method: 'delong-logit' };
}

/**
 * Interval for the difference of two areas, by the normal approximation and cut to [-1, 1]. A degenerate difference gets
 * the two areas' own intervals, squared and added as if independent: wide, never a false certainty.
 * Source: DeLong et al. (1988); for the degenerate case G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693.
 */
export function aucDifferenceInterval(estimate: AucDifference, level: number): ConfidenceInterval {
  const { difference, variance, first, second } = estimate;
  if (!estimate.degenerate) {
    const half = -normalQuantile(tailProbability(level)) * Math.sqrt(variance);
    const [low, high] = [Math.max(-1, difference - half), Math.min(1, difference + half)];
    return { low, high, level, method: 'delong' };
  }
  const [a, b] = [aucInterval(first, level), aucInterval(second, level)];
  return {
    low: difference - Math.hypot(first.auc - a.low, b.high - second.auc),
    high: difference + Math.hypot(a.high - first.auc, second.auc - b.low),
    level,
    method: 'square-and-add',
  };
}

/**
 * DeLong's test that the difference of two areas has a hypothesised value; z is 0 and both p-values are 1 where the
 * difference is degenerate, because nothing can be claimed then.
 */
export function aucDifferenceTest(
  estimate: AucDifference,
  hypothesised: number,
): OneSidedPValues & { readonly z: number } {
  if (estimate.degenerate) return { z: 0, pGreater: 1, pLess: 1 };
  const z = (estimate.difference - hypothesised) / Math.sqrt(estimate.variance);
  return { z, pGreater: normalSurvival(z), pLess: normalCdf(z) };
}

/**
 * Variance of an area under the hypothesis that scores do not tell the classes apart and have no ties: the test of a
 * classifier that tries to separate two samples. Source: H. B. Mann and D. R. Whitney (1947), section 4.
 */
export function nullAucVariance(positives: number, negatives: number): number {
  return (positives + negatives + 1) / (12 * positives * negatives);
}
