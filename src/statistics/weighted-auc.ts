/** The area under the ROC curve of examples that do not count alike. */
import type { AucDifference, AucEstimate } from './auc.ts';
import { ascendingOrder } from './order.ts';

type Numbers = ArrayLike<number>;

/** How the examples were drawn. */
interface WeightedDesign {
  /** Not negative. */
  readonly weights: Numbers;
  /** The cluster of each example, as numbers 0, 1, 2, ... without gaps; undefined where each is one. */
  readonly clusters?: Numbers | undefined;
}

/** An area with the first-order effect of each example on it. */
interface AreaEffects {
  readonly auc: number;
  /** Weight times (placement - area) / weight of the class: their sum is 0. */
  readonly effects: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** Kish's effective number: (sum w)^2 / sum w^2. */
function effectiveNumber(labels: Numbers, weights: Numbers, label: 0 | 1): number {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] !== label) continue;
    const weight = weights[row] ?? 0;
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

/**
 * The area P(positive above negative) + P(equal) / 2 under weights, and the effect of each example: its weight times what
 * the Mann-Whitney functional's influence function gives; undefined when a class has no weight.
 * @param order positions of the scores from the smallest to the largest, where they are known.
 */
export function weightedAreaEffects(
  labels: Numbers,
  scores: Numbers,
  weights: Numbers,
  order: Uint32Array = ascendingOrder(scores),
): AreaEffects | undefined {
  let [ofPositives, ofNegatives] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 1) ofPositives += weights[row] ?? 0;
    else ofNegatives += weights[row] ?? 0;
  }
  if (!(ofPositives > 0 && ofNegatives > 0)) return undefined;
  const effects = new Float64Array(labels.length);
  let [positivesBelow, negativesBelow, auc] = [0, 0, 0];
  for (let from = 0; from < order.length;) {
    const score = scores[order[from] ?? 0];
    let [to, positives, negatives] = [from, 0, 0];
    for (; to < order.length && scores[order[to] ?? 0] === score; to++) {
      const row = order[to] ?? 0;
      if (labels[row] === 1) positives += weights[row] ?? 0;
      else negatives += weights[row] ?? 0;
    }
    const ofPositive = (negativesBelow + negatives / 2) / ofNegatives;
    const ofNegative = 1 - (positivesBelow + positives / 2) / ofPositives;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      effects[row] = labels[row] === 1 ? ofPositive : ofNegative;
    }
    auc += (positives / ofPositives) * ofPositive;
    positivesBelow += positives;
    negativesBelow += negatives;
    from = to;
  }
  for (let row = 0; row < effects.length; row++) {
    const total = labels[row] === 1 ? ofPositives : ofNegatives;
    effects[row] = ((weights[row] ?? 0) * ((effects[row] ?? Number.NaN) - auc)) / total;
  }
  return {
    auc,
    effects,
    positives: effectiveNumber(labels, weights, 1),
    negatives: effectiveNumber(labels, weights, 0),
  };
}

/** Root of n / (n - 1). */
function correctionOf(units: number): number {
  return units > 1 ? Math.sqrt(units / (units - 1)) : 0;
}

/** Effects of the independent units: of each example, scaled as its class's n / (n - 1) asks, or summed by cluster. */
function unitsOf({ effects }: AreaEffects, labels: Numbers, clusters: Numbers | undefined): Float64Array {
  const n = effects.length;
  if (clusters === undefined) {
    let positives = 0;
    for (let row = 0; row < n; row++) positives += labels[row] ?? 0;
    const [ofPositives, ofNegatives] = [correctionOf(positives), correctionOf(n - positives)];
    return effects.map((effect, row) => effect * (labels[row] === 1 ? ofPositives : ofNegatives));
  }
  let count = 0;
  for (let row = 0; row < n; row++) count = Math.max(count, (clusters[row] ?? 0) + 1);
  const sums = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    const cluster = clusters[row] ?? 0;
    sums[cluster] = (sums[cluster] ?? 0) + (effects[row] ?? 0);
  }
  return sums.map((sum) => sum * correctionOf(count));
}

/** Sums of aaa, aab, abb and bbb over two vectors. */
function cubesOf(a: Float64Array, b: Float64Array): [number, number, number, number] {
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let unit = 0; unit < a.length; unit++) {
    const [x, y] = [a[unit] ?? 0, b[unit] ?? 0];
    sums[0] += x * x * x;
    sums[1] += x * x * y;
    sums[2] += x * y * y;
    sums[3] += y * y * y;
  }
  return sums;
}

function productOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let unit = 0; unit < a.length; unit++) sum += (a[unit] ?? 0) * (b[unit] ?? 0);
  return sum;
}

function estimateFrom(
  { auc, positives, negatives }: AreaEffects,
  units: Float64Array,
  thirdCumulant: number,
  isClustered: boolean,
): AucEstimate {
  const degreesOfFreedom = isClustered ? units.length - 1 : Number.POSITIVE_INFINITY;
  return {
    auc,
    variance: productOf(units, units),
    thirdCumulant,
    positives,
    negatives,
    degreesOfFreedom,
    degenerate: auc === 0 || auc === 1 || positives < 2 || negatives < 2 || degreesOfFreedom < 1,
  };
}

/**
 * Area under weights with its variance by linearisation: DeLong's where weights are alike, and by clusters the
 * cluster-robust one. Its numbers of examples are effective ones. Undefined when a class has no weight.
 * Source: E. R. DeLong et al., Biometrics 44 (1988), equations 4 to 6; D. A. Binder, International Statistical Review 51
 * (1983) 279-292, for the variance of a function of weighted sums.
 */
export function weightedAuc(
  labels: Numbers,
  scores: Numbers,
  { weights, clusters }: WeightedDesign,
  order?: Uint32Array,
): AucEstimate | undefined {
  const area = weightedAreaEffects(labels, scores, weights, order);
  if (area === undefined) return undefined;
  const units = unitsOf(area, labels, clusters);
  return estimateFrom(area, units, cubesOf(units, units)[0], clusters !== undefined);
}

/** Difference of two areas on the same weighted examples; undefined when a class has no weight. Source: weightedAuc. */
export function weightedAucDifference(
  labels: Numbers,
  first: Numbers,
  second: Numbers,
  { weights, clusters }: WeightedDesign,
  [firstOrder, secondOrder]: readonly Uint32Array[] = [],
): AucDifference | undefined {
  const [a, b] = [
    weightedAreaEffects(labels, first, weights, firstOrder),
    weightedAreaEffects(labels, second, weights, secondOrder),
  ];
  if (a === undefined || b === undefined) return undefined;
  const [unitsA, unitsB] = [unitsOf(a, labels, clusters), unitsOf(b, labels, clusters)];
  const cumulants = cubesOf(unitsA, unitsB);
  const isClustered = clusters !== undefined;
  const [own, other] = [
    estimateFrom(a, unitsA, cumulants[0], isClustered),
    estimateFrom(b, unitsB, cumulants[3], isClustered),
  ];
  const covariance = productOf(unitsA, unitsB);
  const variance = Math.max(0, own.variance + other.variance - 2 * covariance);
  return {
    first: own,
    second: other,
    difference: own.auc - other.auc,
    covariance,
    variance,
    thirdCumulants: cumulants,
    degreesOfFreedom: own.degreesOfFreedom,
    degenerate: variance === 0 || own.degenerate || other.degenerate,
  };
}
