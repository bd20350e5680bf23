/** Calibration of probabilities of a binary outcome: binned errors, decompositions, and tests. */
import { chiSquaredSurvival } from './distributions.ts';
import { sumOf } from './means.ts';
import { normalSurvival } from './normal.ts';
import { releaseMemory } from './release-memory.ts';

type Numbers = ArrayLike<number>;

/** One bin of predictions. */
export interface CalibrationBin {
  readonly n: number;
  readonly meanPrediction: number;
  readonly meanOutcome: number;
}

/** How predictions are put into bins: of equal width on [0, 1], or of equal size after a stable sort. */
export type Binning = 'equal-width' | 'equal-mass';

function requirePairs(predictions: Numbers, outcomes: Numbers): void {
  if (predictions.length === 0 || predictions.length !== outcomes.length) {
    throw new RangeError(`${predictions.length} predictions do not match ${outcomes.length} outcomes.`);
  }
  for (let index = 0; index < predictions.length; index++) {
    const p = predictions[index] ?? Number.NaN;
    const y = outcomes[index];
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Prediction ${index} is ${p}, not a probability.`);
    if (y !== 0 && y !== 1) throw new RangeError(`Outcome ${index} is ${y}, neither 0 nor 1.`);
  }
}

/** The examples of each bin; equal-width bins may be empty. */
function membersOf(predictions: Numbers, bins: number, binning: Binning): number[][] {
  const members = Array.from({ length: bins }, (): number[] => []);
  const at = (index: number): number => predictions[index] ?? Number.NaN;
  const order = Array.from({ length: predictions.length }, (_, index) => index);
  if (binning === 'equal-width') {
    for (const index of order) members[Math.min(Math.floor(at(index) * bins), bins - 1)]?.push(index);
    return members;
  }
  order.sort((x, y) => at(x) - at(y) || x - y);
  const size = Math.floor(order.length / bins);
  const larger = order.length % bins;
  let from = 0;
  return members.map((_, bin) => {
    const to = from + size + (bin < larger ? 1 : 0);
    const chosen = order.slice(from, to);
    from = to;
    return chosen;
  });
}

function meanAt(values: Numbers, indices: readonly number[]): number {
  return sumOf(indices.map((index) => values[index] ?? Number.NaN)) / indices.length;
}

/**
 * Predictions and outcomes by bin; empty bins are left out.
 * @param outcomes 0 or 1 for each prediction.
 * @throws RangeError when there are none, lengths differ, or a value is not a probability or an outcome.
 */
export function binPredictions(
  predictions: Numbers,
  outcomes: Numbers,
  bins: number,
  binning: Binning,
): CalibrationBin[] {
  requirePairs(predictions, outcomes);
  return membersOf(predictions, bins, binning)
    .filter((indices) => indices.length > 0)
    .map((indices) => ({
      n: indices.length,
      meanPrediction: meanAt(predictions, indices),
      meanOutcome: meanAt(outcomes, indices),
    }));
}

/** Summaries of the gaps between prediction and outcome over bins. */
export interface CalibrationErrors {
  /** Expected calibration error: the mean absolute gap. Biased upwards. */
  readonly expected: number;
  readonly largest: number;
  /** Mean squared gap. */
  readonly squared: number;
  /** Mean squared gap less the variance of each bin's outcome: unbiased, and so below 0 at times. Use this one. */
  readonly squaredDebiased: number;
}

/**
 * Calibration errors of binned predictions.
 * Source: C. Guo et al., ICML (2017); for the debiased form A. Kumar, P. Liang, T. Ma, NeurIPS 32 (2019), section 5.
 */
export function calibrationErrors(bins: readonly CalibrationBin[]): CalibrationErrors {
  const total = bins.reduce((sum, bin) => sum + bin.n, 0);
  let [expected, largest, squared, noise] = [0, 0, 0, 0];
  for (const { n, meanPrediction, meanOutcome } of bins) {
    const gap = Math.abs(meanPrediction - meanOutcome);
    expected += (n / total) * gap;
    largest = Math.max(largest, gap);
    squared += (n / total) * gap * gap;
    // A bin with a single example has no variance to estimate: the largest possible one is taken off.
    noise += (n / total) * (n > 1 ? (meanOutcome * (1 - meanOutcome)) / (n - 1) : 0.25);
  }
  return { expected, largest, squared, squaredDebiased: squared - noise };
}

/** The parts of a Brier score: score = reliability - resolution + uncertainty + withinBins. */
export interface BrierParts {
  readonly score: number;
  readonly reliability: number;
  readonly resolution: number;
  readonly uncertainty: number;
  /** What remains because predictions differ within a bin. */
  readonly withinBins: number;
  /** 1 - score / uncertainty. */
  readonly skill: number;
}

/**
 * Murphy's decomposition of the Brier score over bins of equal width, with the remainder within bins.
 * Source: A. H. Murphy (1973); D. B. Stephenson, C. A. S. Coelho, I. T. Jolliffe, Weather and Forecasting 23 (2008) 752.
 * @throws RangeError as binPredictions.
 */
export function decomposeBrier(predictions: Numbers, outcomes: Numbers, bins: number): BrierParts {
  const binned = binPredictions(predictions, outcomes, bins, 'equal-width');
  const total = predictions.length;
  const base = sumOf(outcomes) / total;
  const at = (index: number): number => (predictions[index] ?? Number.NaN) - (outcomes[index] ?? Number.NaN);
  const score = sumOf(Array.from({ length: total }, (_, index) => at(index) ** 2)) / total;
  const over = (part: (bin: CalibrationBin) => number): number =>
    sumOf(binned.map((bin) => (bin.n / total) * part(bin)));
  const reliability = over((bin) => (bin.meanPrediction - bin.meanOutcome) ** 2);
  const resolution = over((bin) => (bin.meanOutcome - base) ** 2);
  const uncertainty = base * (1 - base);
  return {
    score,
    reliability,
    resolution,
    uncertainty,
    withinBins: score - (reliability - resolution + uncertainty),
    skill: 1 - score / uncertainty,
  };
}

/** How examples were drawn; without either each stands for itself and counts alike. */
export interface CalibrationDesign {
  /** What each example counts, finite and not negative. */
  readonly weights?: ArrayLike<number> | undefined;
  /** What each example belongs to (a user, a document), as numbers from 0. */
  readonly clusters?: ArrayLike<number> | undefined;
}

/** Sums of values over clusters, and how many clusters there are. */
export function sumByCluster(
  values: Numbers,
  clusters: ArrayLike<number>,
): { readonly sums: Float64Array; readonly count: number } {
  let [most, count] = [-1, 0];
  for (let row = 0; row < clusters.length; row++) most = Math.max(most, clusters[row] ?? 0);
  const [sums, isThere] = [new Float64Array(most + 1), new Uint8Array(most + 1)];
  for (let row = 0; row < values.length; row++) {
    const cluster = clusters[row] ?? 0;
    sums[cluster] = (sums[cluster] ?? 0) + (values[row] ?? 0);
    if (isThere[cluster] === 0) count += 1;
    isThere[cluster] = 1;
  }
  return { sums, count };
}

/**
 * Spiegelhalter's z: whether the Brier score is what calibrated predictions would give; two-sided p. Its variance is the
 * one that calibrated predictions have; of clusters, the one that is seen between them.
 * Source: D. J. Spiegelhalter, Statistics in Medicine 5 (1986) 421-433.
 * @throws RangeError as binPredictions.
 */
export function spiegelhalterTest(
  predictions: Numbers,
  outcomes: Numbers,
  { weights, clusters }: CalibrationDesign = {},
): { readonly z: number; readonly p: number } {
  requirePairs(predictions, outcomes);
  const terms = new Float64Array(clusters === undefined ? 0 : predictions.length);
  let [excess, variance] = [0, 0];
  for (let index = 0; index < predictions.length; index++) {
    const p = predictions[index] ?? Number.NaN;
    const weight = weights?.[index] ?? 1;
    const term = weight * ((outcomes[index] ?? Number.NaN) - p) * (1 - 2 * p);
    excess += term;
    variance += (weight * (1 - 2 * p)) ** 2 * p * (1 - p);
    if (clusters !== undefined) terms[index] = term;
  }
  if (clusters !== undefined) {
    let squares = 0;
    for (const sum of sumByCluster(terms, clusters).sums) squares += sum * sum;
    variance = Math.max(variance, squares);
  }
  const z = variance > 0 ? excess / Math.sqrt(variance) : 0;
  return { z, p: Math.min(1, 2 * normalSurvival(Math.abs(z))) };
}

/** Logistic recalibration: logit of the outcome's probability = intercept + slope * logit of the prediction. */
export interface Recalibration {
  readonly intercept: number;
  readonly slope: number;
  readonly slopeError: number;
  /** Intercept with the slope held at 1. */
  readonly inTheLarge: number;
  readonly inTheLargeError: number;
  /** Of both errors: infinite for independent examples, the clusters less one otherwise. */
  readonly degreesOfFreedom: number;
}

const NEWTON_STEPS = 50;

/** After a step of this size Newton's method is as near as its square. */
const NEWTON_TOLERANCE = 1e-8;

interface LogisticFit {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptError: number;
  readonly slopeError: number;
}

/** Newton's method for a logistic regression on one variable, the slope held at 1 or free. */
function fitLogistic(
  logits: Float64Array,
  outcomes: Numbers,
  freeSlope: boolean,
  design: CalibrationDesign,
): LogisticFit {
  const { weights } = design;
  let [intercept, slope] = [0, 1];
  let [h00, h01, h11, determinant] = [0, 0, 0, 0];
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let [g0, g1] = [0, 0];
    [h00, h01, h11] = [0, 0, 0];
    for (let index = 0; index < logits.length; index++) {
      const [x, own] = [logits[index] ?? Number.NaN, weights?.[index] ?? 1];
      const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
      const residual = own * ((outcomes[index] ?? Number.NaN) - p);
      const weight = own * p * (1 - p);
      g0 += residual;
      g1 += residual * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    determinant = h00 * h11 - h01 * h01;
    const moveIntercept = freeSlope ? (h11 * g0 - h01 * g1) / determinant : g0 / h00;
    const moveSlope = freeSlope ? (h00 * g1 - h01 * g0) / determinant : 0;
    intercept += moveIntercept;
    slope += moveSlope;
    if (Math.abs(moveIntercept) + Math.abs(moveSlope) < NEWTON_TOLERANCE) break;
  }
  // Rows of the inverse of the information, by which scores become errors.
  const [i00, i01, i11] = freeSlope
    ? [h11 / determinant, -h01 / determinant, h00 / determinant]
    : [1 / h00, 0, 0];
  if (weights === undefined && design.clusters === undefined)
    return { intercept, slope, interceptError: Math.sqrt(i00), slopeError: Math.sqrt(i11) };
  const scoreOf = (index: number): number => {
    const x = logits[index] ?? Number.NaN;
    const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
    return (weights?.[index] ?? 1) * ((outcomes[index] ?? Number.NaN) - p);
  };
  const effects = [i00, i01].map((own, which) =>
    Float64Array.from(logits, (x, index) => scoreOf(index) * (own + (which === 0 ? i01 : i11) * x)),
  );
  const [interceptError = Number.NaN, slopeError = Number.NaN] = effects.map((effect) =>
    robustError(effect, design.clusters),
  );
  releaseMemory(...effects);
  return { intercept, slope, interceptError, slopeError };
}

/**
 * Error of an estimate from the effect of each example on it (the sandwich), by cluster where there are any.
 * Source: A. C. Cameron and D. L. Miller, Journal of Human Resources 50 (2015), equations 10 and 12.
 */
function robustError(effects: Float64Array, clusters: ArrayLike<number> | undefined): number {
  const { sums, count } =
    clusters === undefined ? { sums: effects, count: effects.length } : sumByCluster(effects, clusters);
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return Math.sqrt((squares * count) / (count - 1));
}

/**
 * Whether some prediction has all of one class on one side, so that no finite slope is the likeliest. What has no weight
 * does not count.
 * Source: A. Albert and J. A. Anderson, Biometrika 71 (1984) 1-10.
 */
function isSeparated(logits: Float64Array, outcomes: Numbers, weights: Numbers | undefined): boolean {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const most = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < logits.length; index++) {
    if (weights?.[index] === 0) continue;
    const [x, y] = [logits[index] ?? Number.NaN, outcomes[index] ?? 0];
    least[y] = Math.min(least[y] ?? 0, x);
    most[y] = Math.max(most[y] ?? 0, x);
  }
  const [[leastNo = 0, leastYes = 0], [mostNo = 0, mostYes = 0]] = [least, most];
  return mostNo <= leastYes || mostYes <= leastNo;
}

/**
 * Cox's calibration intercept and slope by maximum likelihood; undefined where it does not exist: one class only, all
 * predictions equal, or classes that the predictions separate. Predictions are kept within [epsilon, 1 - epsilon].
 * With weights or clusters the errors are robust ones.
 * Source: D. R. Cox, Biometrika 45 (1958) 562-565.
 * @throws RangeError as binPredictions.
 */
export function recalibrate(
  predictions: Numbers,
  outcomes: Numbers,
  design: CalibrationDesign & { readonly epsilon?: number } = {},
): Recalibration | undefined {
  requirePairs(predictions, outcomes);
  const { epsilon = 1e-15, clusters } = design;
  // A loop: a callback for each of millions of predictions takes several times as long.
  const logits = new Float64Array(predictions.length);
  for (let index = 0; index < logits.length; index++) {
    const kept = Math.min(1 - epsilon, Math.max(epsilon, predictions[index] ?? Number.NaN));
    logits[index] = Math.log(kept / (1 - kept));
  }
  if (isSeparated(logits, outcomes, design.weights)) return undefined;
  const { intercept, slope, slopeError } = fitLogistic(logits, outcomes, true, design);
  const held = fitLogistic(logits, outcomes, false, design);
  releaseMemory(logits);
  const fit = {
    intercept,
    slope,
    slopeError,
    inTheLarge: held.intercept,
    inTheLargeError: held.interceptError,
  };
  if (!Object.values(fit).every(Number.isFinite)) return undefined;
  const count = clusters === undefined ? Number.POSITIVE_INFINITY : sumByCluster(outcomes, clusters).count;
  return { ...fit, degreesOfFreedom: count - 1 };
}

/**
 * Hosmer and Lemeshow's statistic over bins. Its degrees of freedom are the number of bins for predictions of data that
 * the model was not fitted to, two fewer on the fitting data. It rejects every model at large n.
 * Source: D. W. Hosmer and S. Lemeshow, Applied Logistic Regression (2000), section 5.2.2.
 */
export function hosmerLemeshowTest(
  bins: readonly CalibrationBin[],
  degreesOfFreedom: number,
): { readonly chiSquared: number; readonly p: number } {
  const chiSquared = bins.reduce((sum, { n, meanPrediction: p, meanOutcome: y }) => {
    return sum + (n * (y - p) ** 2) / (p * (1 - p));
  }, 0);
  return { chiSquared, p: chiSquaredSurvival(chiSquared, degreesOfFreedom) };
}
