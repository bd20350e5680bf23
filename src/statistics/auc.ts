/** The area under the ROC curve, its variance, and the difference of two areas. */
import { studentTSurvival, studentTUpperQuantile } from './distributions.ts';
import {
  invertInterval,
  tailProbability,
  type ConfidenceInterval,
  type OneSidedPValues,
} from './interval.ts';
import { ascendingOrder } from './order.ts';
import { wilsonInterval } from './proportion.ts';
import { releaseMemory } from './release-memory.ts';

/** An area under the ROC curve with DeLong's variance. */
export interface AucEstimate {
  readonly auc: number;
  readonly variance: number;
  /** Third cumulant of the area, to first order. */
  readonly thirdCumulant: number;
  readonly positives: number;
  readonly negatives: number;
  /** Infinity, or for clustered examples one less than the number of clusters. */
  readonly degreesOfFreedom: number;
  /** The variance says nothing: the area is 0 or 1, or a class has a single example. Never call it significant. */
  readonly degenerate: boolean;
}

/** The difference first - second of two areas, on the same examples or on independent ones. */
export interface AucDifference {
  readonly first: AucEstimate;
  readonly second: AucEstimate;
  readonly difference: number;
  readonly covariance: number;
  /** Variance of the difference. */
  readonly variance: number;
  /**
   * Third cumulants of the two areas: of the first; of twice the first and once the second; of once the first and twice
   * the second; of the second. That of first - c second is k0 - 3 c k1 + 3 c^2 k2 - c^3 k3.
   */
  readonly thirdCumulants: readonly [number, number, number, number];
  readonly degreesOfFreedom: number;
  /** The variance of the difference is zero or cannot be estimated. */
  readonly degenerate: boolean;
}

type Numbers = ArrayLike<number>;

/**
 * Placement values: for each positive the share of negatives below it, for each negative that of positives above; and
 * the area itself.
 */
interface Placements {
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
  readonly auc: number;
  /** The area too, but for rounding. */
  readonly meanOfNegatives: number;
}

/** The clusters of the positive and of the negative examples, in the order of their placements. */
interface ClassClusters {
  readonly count: number;
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

/** Scores (or clusters) of one class, in the order of the examples. */
function chooseClass(labels: Numbers, values: Numbers, label: 0 | 1, size: number): Float64Array {
  const chosen = new Float64Array(size);
  let next = 0;
  for (let index = 0; index < labels.length; index++) {
    if (labels[index] === label) chosen[next++] = values[index] ?? Number.NaN;
  }
  return chosen;
}

/** Bits of a marked position: a positive example is there, and no higher one has its score. */
export const IS_POSITIVE = 1;
export const ENDS_TIE = 2;

/**
 * What each position of an ascending order of scores is. Examples lie anywhere in memory: a loop that does nothing else
 * waits for many of them at once.
 */
export function markPositions(labels: Numbers, scores: Numbers, order: Uint32Array): Uint8Array {
  const marks = new Uint8Array(order.length);
  let next = scores[order[0] ?? 0];
  for (let at = 0; at < order.length; at++) {
    const score = next;
    next = scores[order[at + 1] ?? -1];
    marks[at] = (labels[order[at] ?? 0] ?? 0) + (next === score ? 0 : ENDS_TIE);
  }
  return marks;
}

/** Scores in ascending order. */
export interface SortedScores {
  /** Positions of the scores from the smallest to the largest. */
  readonly order: Uint32Array;
  /** What each place of that order is, as markPositions says it. */
  readonly marks: Uint8Array;
}

function sortScores(labels: Numbers, scores: Numbers): SortedScores {
  const order = ascendingOrder(scores);
  return { order, marks: markPositions(labels, scores, order) };
}

/**
 * The placement value of every example, in the order of the examples: of a positive the share of negatives below it, of
 * a negative that of positives above it, ties half.
 */
function placeExamples({ order, marks }: SortedScores, positives: number): Float64Array {
  const placements = new Float64Array(order.length);
  const negatives = order.length - positives;
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let from = 0; from < order.length;) {
    let [to, tied] = [from, 0];
    for (let mark = 0; mark < ENDS_TIE && to < order.length; to++) {
      mark = marks[to] ?? 0;
      tied += mark & IS_POSITIVE;
    }
    const ofPositive = (negativesBelow + (to - from - tied) / 2) / negatives;
    const ofNegative = 1 - (positivesBelow + tied / 2) / positives;
    for (let at = from; at < to; at++) {
      placements[order[at] ?? 0] = ((marks[at] ?? 0) & IS_POSITIVE) === 1 ? ofPositive : ofNegative;
    }
    positivesBelow += tied;
    negativesBelow += to - from - tied;
    from = to;
  }
  return placements;
}

function placementsOf(labels: Numbers, sorted: SortedScores, positives: number): Placements {
  const placements = placeExamples(sorted, positives);
  const ofPositives = new Float64Array(positives);
  let [positive, negative] = [0, 0];
  for (let index = 0; index < placements.length; index++) {
    const placement = placements[index] ?? Number.NaN;
    if (labels[index] === 1) ofPositives[positive++] = placement;
    // Behind the reader: millions of placements need not be kept twice.
    else placements[negative++] = placement;
  }
  const ofNegatives = placements.subarray(0, negative);
  return { ofPositives, ofNegatives, auc: meanOf(ofPositives), meanOfNegatives: meanOf(ofNegatives) };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? Number.NaN;
  return sum / values.length;
}

/** Sample covariance (n - 1) of two vectors of one length with known means; 0 for a single pair. */
function covarianceOf(x: Float64Array, y: Float64Array, meanX: number, meanY: number): number {
  if (x.length < 2) return 0;
  let sum = 0;
  for (let index = 0; index < x.length; index++) {
    sum += ((x[index] ?? Number.NaN) - meanX) * ((y[index] ?? Number.NaN) - meanY);
  }
  return sum / (x.length - 1);
}

/** Sum of the deviations from the area in each cluster, and whether the cluster has an example of the class at all. */
function sumByCluster(placements: Float64Array, clusters: Float64Array, auc: number, count: number) {
  const [sums, present] = [new Float64Array(count), new Uint8Array(count)];
  placements.forEach((placement, index) => {
    const cluster = clusters[index] ?? 0;
    sums[cluster] = (sums[cluster] ?? 0) + placement - auc;
    present[cluster] = 1;
  });
  return { sums, clusters: present.reduce((sum, one) => sum + one, 0) };
}

function dotProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < x.length; index++) sum += (x[index] ?? 0) * (y[index] ?? 0);
  return sum;
}

function correctionOf(groups: number): number {
  return groups > 1 ? groups / (groups - 1) : 0;
}

/**
 * Covariance of two areas of clustered examples.
 * Source: N. A. Obuchowski, Biometrics 53 (1997) 567-578, equations 2 to 4; with clusters of one example DeLong's.
 */
function obuchowskiCovariance(a: Placements, b: Placements, clusters: ClassClusters): number {
  const sum = (placements: Placements, side: 'ofPositives' | 'ofNegatives') =>
    sumByCluster(placements[side], clusters[side], placements.auc, clusters.count);
  const [positiveA, negativeA] = [sum(a, 'ofPositives'), sum(a, 'ofNegatives')];
  const [positiveB, negativeB] = [sum(b, 'ofPositives'), sum(b, 'ofNegatives')];
  const [positives, negatives] = [a.ofPositives.length, a.ofNegatives.length];
  const cross = dotProduct(positiveA.sums, negativeB.sums) + dotProduct(negativeA.sums, positiveB.sums);
  return (
    (correctionOf(positiveA.clusters) * dotProduct(positiveA.sums, positiveB.sums)) / positives ** 2 +
    (correctionOf(negativeA.clusters) * dotProduct(negativeA.sums, negativeB.sums)) / negatives ** 2 +
    (correctionOf(clusters.count) * cross) / (positives * negatives)
  );
}

function areaCovariance(a: Placements, b: Placements, clusters: ClassClusters | undefined): number {
  if (clusters !== undefined) return obuchowskiCovariance(a, b, clusters);
  return (
    covarianceOf(a.ofPositives, b.ofPositives, a.auc, b.auc) / a.ofPositives.length +
    covarianceOf(a.ofNegatives, b.ofNegatives, a.meanOfNegatives, b.meanOfNegatives) / a.ofNegatives.length
  );
}

/** First-order effect of each cluster on the area: the sum over its examples of (placement - area) / class size. */
function effectsOf({ ofPositives, ofNegatives, auc }: Placements, clusters: ClassClusters): Float64Array {
  const effects = new Float64Array(clusters.count);
  const add = (placements: Float64Array, units: Float64Array): void => {
    for (let index = 0; index < placements.length; index++) {
      const unit = units[index] ?? 0;
      effects[unit] = (effects[unit] ?? 0) + ((placements[index] ?? Number.NaN) - auc) / placements.length;
    }
  };
  add(ofPositives, clusters.ofPositives);
  add(ofNegatives, clusters.ofNegatives);
  return effects;
}

/** Adds the third moments of the pairs (a - centreA, b - centreB) / size. */
function addCubes(sums: [number, number, number, number], x: Effects, y: Effects): void {
  let [aaa, aab, abb, bbb] = sums;
  for (let unit = 0; unit < x.values.length; unit++) {
    const a = ((x.values[unit] ?? Number.NaN) - x.centre) / x.size;
    const b = ((y.values[unit] ?? Number.NaN) - y.centre) / y.size;
    aaa += a * a * a;
    aab += a * a * b;
    abb += a * b * b;
    bbb += b * b * b;
  }
  sums[0] = aaa;
  sums[1] = aab;
  sums[2] = abb;
  sums[3] = bbb;
}

/** First-order effects of independent units on an area, as (value - centre) / size: none is stored a second time. */
interface Effects {
  readonly values: Float64Array;
  readonly centre: number;
  readonly size: number;
}

function listEffects(placements: Placements, clusters: ClassClusters | undefined): readonly Effects[] {
  if (clusters !== undefined) return [{ values: effectsOf(placements, clusters), centre: 0, size: 1 }];
  const { ofPositives, ofNegatives, auc: centre } = placements;
  return [ofPositives, ofNegatives].map((values) => ({ values, centre, size: values.length }));
}

function thirdCumulantsOf(a: readonly Effects[], b: readonly Effects[]): AucDifference['thirdCumulants'] {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  a.forEach((effects, part) => {
    addCubes(sums, effects, b[part] ?? effects);
  });
  return sums;
}

function estimateFrom(
  placements: Placements,
  clusters: ClassClusters | undefined,
  thirdCumulant: number,
): AucEstimate {
  const { auc } = placements;
  const [positives, negatives] = [placements.ofPositives.length, placements.ofNegatives.length];
  const degreesOfFreedom = clusters === undefined ? Number.POSITIVE_INFINITY : clusters.count - 1;
  return {
    auc,
    // The estimate for clusters is a difference of sums, and no variance is below 0.
    variance: Math.max(0, areaCovariance(placements, placements, clusters)),
    thirdCumulant,
    positives,
    negatives,
    degreesOfFreedom,
    degenerate: auc === 0 || auc === 1 || positives < 2 || negatives < 2 || degreesOfFreedom < 1,
  };
}

function splitClusters(
  labels: Numbers,
  clusters: Numbers | undefined,
  positives: number,
): ClassClusters | undefined {
  if (clusters === undefined) return undefined;
  if (clusters.length !== labels.length) {
    throw new RangeError(`${clusters.length} cluster numbers do not match ${labels.length} labels.`);
  }
  let count = 0;
  for (let index = 0; index < clusters.length; index++) count = Math.max(count, (clusters[index] ?? 0) + 1);
  return {
    count,
    ofPositives: chooseClass(labels, clusters, 1, positives),
    ofNegatives: chooseClass(labels, clusters, 0, labels.length - positives),
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
 * those that Sun and Xu (IEEE Signal Processing Letters 21, 2014) get from midranks, found here in one pass over the
 * sorted scores.
 * @param labels 1 for a positive example, 0 for a negative one.
 * @param scores higher means more likely positive; the order alone matters.
 * @param clusters the cluster of each example, as numbers 0, 1, 2, ... without gaps: the variance is then Obuchowski's.
 * @param sorted the scores in order, where that is known.
 * @throws RangeError when lengths differ, a label is neither 0 nor 1, or a score is NaN.
 */
export function delongAuc(
  labels: Numbers,
  scores: Numbers,
  clusters?: Numbers,
  sorted?: SortedScores,
): AucEstimate | undefined {
  const positives = countPositives(labels, scores);
  if (positives === 0 || positives === labels.length) return undefined;
  const placements = placementsOf(labels, sorted ?? sortScores(labels, scores), positives);
  const split = splitClusters(labels, clusters, positives);
  const effects = listEffects(placements, split);
  const estimate = estimateFrom(placements, split, thirdCumulantsOf(effects, effects)[0]);
  releaseMemory(placements.ofPositives, placements.ofNegatives);
  return estimate;
}

/**
 * What each example adds to the area, to first order and in the order of the examples: mean 0, and their standard
 * deviation over sqrt(n) is the area's standard error, also summed by cluster; undefined when a class is absent.
 * Source: the influence function of the Mann-Whitney functional; DeLong et al. (1988), equations 4 and 5.
 * @throws RangeError as delongAuc.
 */
export function aucInfluences(labels: Numbers, scores: Numbers): Float64Array | undefined {
  const n = labels.length;
  const positives = countPositives(labels, scores);
  if (positives === 0 || positives === n) return undefined;
  const placements = placeExamples(sortScores(labels, scores), positives);
  const auc = meanOf(chooseClass(labels, placements, 1, positives));
  return placements.map((placement, index) => {
    const size = labels[index] === 1 ? positives : n - positives;
    return ((placement - auc) * n) / size;
  });
}

function differenceFrom(
  first: AucEstimate,
  second: AucEstimate,
  covariance: number,
  thirdCumulants: AucDifference['thirdCumulants'],
): AucDifference {
  // Rounding can leave a negative crumb where the two areas are the same function of the examples.
  const variance = Math.max(0, first.variance + second.variance - 2 * covariance);
  return {
    first,
    second,
    difference: first.auc - second.auc,
    covariance,
    variance,
    thirdCumulants,
    degreesOfFreedom: Math.min(first.degreesOfFreedom, second.degreesOfFreedom),
    degenerate: variance === 0 || first.degenerate || second.degenerate,
  };
}

/**
 * Difference of two areas under the ROC curve on the same examples, with DeLong's variance of the difference;
 * undefined when a class is absent. Invalid for nested models scored on their own training data.
 * Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988) 837-845, equation 7.
 * @param orders of the first scores and the second, as delongAuc takes them.
 * @throws RangeError as delongAuc.
 */
export function delongDifference(
  labels: Numbers,
  first: Numbers,
  second: Numbers,
  clusters?: Numbers,
  [firstSorted, secondSorted]: readonly SortedScores[] = [],
): AucDifference | undefined {
  const positives = countPositives(labels, first);
  countPositives(labels, second);
  if (positives === 0 || positives === labels.length) return undefined;
  const a = placementsOf(labels, firstSorted ?? sortScores(labels, first), positives);
  const b = placementsOf(labels, secondSorted ?? sortScores(labels, second), positives);
  const split = splitClusters(labels, clusters, positives);
  const cumulants = thirdCumulantsOf(listEffects(a, split), listEffects(b, split));
  const estimate = differenceFrom(
    estimateFrom(a, split, cumulants[0]),
    estimateFrom(b, split, cumulants[3]),
    areaCovariance(a, b, split),
    cumulants,
  );
  releaseMemory(a.ofPositives, a.ofNegatives, b.ofPositives, b.ofNegatives);
  return estimate;
}

/** Difference of two areas on independent examples, for aucDifferenceInterval and aucDifferenceTest. */
export function independentAucDifference(first: AucEstimate, second: AucEstimate): AucDifference {
  return differenceFrom(first, second, 0, [first.thirdCumulant, 0, 0, second.thirdCumulant]);
}

/**
 * Skewness of first - ratio * second, to first order; 0 where it has no spread. By the third cumulants of the sum of
 * the examples' effects.
 */
export function aucDifferenceSkewness(estimate: AucDifference, ratio = 1): number {
  const { first, second, covariance, thirdCumulants } = estimate;
  const variance = first.variance + ratio ** 2 * second.variance - 2 * ratio * covariance;
  if (!(variance > 0)) return 0;
  const [aaa, aab, abb, bbb] = thirdCumulants;
  return (aaa - 3 * ratio * aab + 3 * ratio ** 2 * abb - ratio ** 3 * bbb) / variance ** 1.5;
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
  const z = studentTUpperQuantile(tailProbability(level), estimate.degreesOfFreedom);
  const centre = Math.log(auc / (1 - auc));
  const half = (z * Math.sqrt(variance)) / (auc * (1 - auc));
  return { low: expit(centre - half), high: expit(centre + half), level, method: 'delong-logit' };
}

/**
 * Interval for the difference of two areas, by the normal approximation (for clusters Student's t) and cut to [-1, 1]. A
 * degenerate difference gets the two areas' own intervals, squared and added as if independent: wide, never a false certainty.
 * Source: DeLong et al. (1988); for the degenerate case G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693.
 */
export function aucDifferenceInterval(estimate: AucDifference, level: number): ConfidenceInterval {
  const { difference, variance, first, second } = estimate;
  if (!estimate.degenerate) {
    const half =
      studentTUpperQuantile(tailProbability(level), estimate.degreesOfFreedom) * Math.sqrt(variance);
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
 * DeLong's test that the difference of two areas has a hypothesised value, by the normal distribution (for clusters
 * Student's t). Where the difference is degenerate z is 0 and the p-values are those that aucDifferenceInterval inverts.
 */
export function aucDifferenceTest(
  estimate: AucDifference,
  hypothesised: number,
): OneSidedPValues & { readonly z: number } {
  if (estimate.degenerate) {
    return { z: 0, ...invertInterval((level) => aucDifferenceInterval(estimate, level), hypothesised) };
  }
  const z = (estimate.difference - hypothesised) / Math.sqrt(estimate.variance);
  const survival = (x: number): number => studentTSurvival(x, estimate.degreesOfFreedom);
  return { z, pGreater: survival(z), pLess: survival(-z) };
}

/**
 * Variance of an area under the hypothesis that scores do not tell the classes apart and have no ties: the test of a
 * classifier that tries to separate two samples. Source: H. B. Mann and D. R. Whitney (1947), section 4.
 */
export function nullAucVariance(positives: number, negatives: number): number {
  return (positives + negatives + 1) / (12 * positives * negatives);
}
