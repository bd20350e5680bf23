/** The expected calibration error without its upward bias, with limits, and what a Brier score is made of. */
import { sumByCluster, type CalibrationDesign } from './calibration.ts';
import { tailProbability } from './interval.ts';
import { binByMass, MAX_BINS } from './mass-bins.ts';
import { normalQuantile } from './normal.ts';
import { ascendingOrder } from './order.ts';
import { findRoot } from './root.ts';

/** Calibration over bins of about equal size. */
export interface BinnedCalibration {
  /** Examples. */
  readonly n: number;
  readonly bins: number;
  /**
   * Root of the mean squared gap between prediction and outcome over bins, less what chance adds to it; 0 where chance
   * explains all of it.
   */
  readonly error: number;
  /** The same with what chance adds: biased upward. */
  readonly plainError: number;
  /** Limits of the error at any two-sided level. */
  readonly limitsAt: (level: number) => { readonly low: number; readonly high: number };
  /** Brier score = reliability - resolution + uncertainty + within. */
  readonly brier: {
    readonly reliability: number;
    readonly resolution: number;
    readonly uncertainty: number;
    readonly within: number;
  };
}

interface Bin {
  /** Share of all weight. */
  readonly share: number;
  readonly prediction: number;
  readonly outcome: number;
  /** Variance of the predictions within it. */
  readonly spread: number;
  /** Variance of the mean outcome. */
  readonly variance: number;
  /** The same, not 0 where all outcomes are alike. */
  readonly cautiousVariance: number;
}

interface BinColumns {
  readonly predictions: ArrayLike<number>;
  readonly outcomes: ArrayLike<number>;
  readonly design: CalibrationDesign;
  readonly total: number;
}

/** The largest variance of a single example: what is assumed where none can be estimated. */
const LARGEST_VARIANCE = 0.25;

function summariseBin(rows: Uint32Array, { predictions, outcomes, design, total }: BinColumns): Bin {
  const { weights, clusters } = design;
  let [weight, squares, prediction, predictionSquares, outcome] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const own = weights?.[row] ?? 1;
    weight += own;
    squares += own * own;
    const predicted = predictions[row] ?? Number.NaN;
    prediction += own * predicted;
    predictionSquares += own * predicted * predicted;
    outcome += own * (outcomes[row] ?? Number.NaN);
  }
  // Of weight 0 nothing is known, and it counts nothing.
  if (weight === 0)
    return { share: 0, prediction: 0, outcome: 0, spread: 0, variance: 0, cautiousVariance: 0 };
  const mean = outcome / weight;
  // One over the number of equal examples that would be worth as much.
  const concentration = squares / weight ** 2;
  const spread = concentration < 1 ? concentration / (1 - concentration) : Number.NaN;
  const independent = Number.isNaN(spread) ? LARGEST_VARIANCE : mean * (1 - mean) * spread;
  const effective = 1 / concentration;
  const shrunk = (mean * effective + 0.5) / (effective + 1);
  const clustered =
    clusters === undefined ? 0 : clusterVariance(rows, outcomes, { weights, clusters }, mean) / weight ** 2;
  const variance = Math.max(independent, clustered);
  return {
    share: weight / total,
    prediction: prediction / weight,
    outcome: mean,
    spread: Math.max(0, predictionSquares / weight - (prediction / weight) ** 2),
    variance,
    cautiousVariance: Math.max(variance, shrunk * (1 - shrunk) * concentration),
  };
}

/** Variance of a bin's sum of outcomes by cluster. */
function clusterVariance(
  rows: Uint32Array,
  outcomes: ArrayLike<number>,
  { weights, clusters }: Required<CalibrationDesign>,
  mean: number,
): number {
  const residuals = Float64Array.from(
    rows,
    (row) => (weights?.[row] ?? 1) * ((outcomes[row] ?? Number.NaN) - mean),
  );
  const own = Uint32Array.from(rows, (row) => clusters?.[row] ?? 0);
  const { sums, count } = sumByCluster(residuals, own);
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return count < 2 ? LARGEST_VARIANCE * rows.length ** 2 : (squares * count) / (count - 1);
}

/**
 * Standard normal value of a noncentral chi-squared variable with any positive degrees of freedom.
 * Source: M. Sankaran, Biometrika 50 (1963) 199-204, second approximation (N. L. Johnson, S. Kotz, N. Balakrishnan,
 * Continuous Univariate Distributions 2 (1995), equation 29.61b).
 */
function normalOfChiSquared(x: number, degreesOfFreedom: number, noncentrality: number): number {
  const mean = degreesOfFreedom + noncentrality;
  const second = degreesOfFreedom + 2 * noncentrality;
  const h = 1 - (2 / 3) * ((mean * (degreesOfFreedom + 3 * noncentrality)) / second ** 2);
  const p = second / mean ** 2;
  const m = (h - 1) * (1 - 3 * h);
  const centre = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
  return ((x / mean) ** h - centre) / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p));
}

/**
 * Limits of the root of the mean squared gap. The plain mean of squares is taken for a scaled noncentral chi-squared
 * variable with the mean and the variance that it has under perfect calibration; its noncentrality is tested for. Where examples are too few for all
 * bins, the upper limit reaches the error of predictions that within a bin mean nothing, which no bin shows.
 */
function limitsOfError(bins: readonly Bin[], plainSquare: number): BinnedCalibration['limitsAt'] {
  const spread = bins.reduce((sum, bin) => sum + bin.share * bin.spread, 0);
  const unseen = bins.length < MAX_BINS ? Math.sqrt(spread) : 0;
  const parts = bins.map(({ share, cautiousVariance }) => share * cautiousVariance);
  const mean = parts.reduce((sum, part) => sum + part, 0);
  const square = parts.reduce((sum, part) => sum + part * part, 0);
  const scale = square / mean;
  const degreesOfFreedom = mean / scale;
  const solve = (x: number, z: number): number => {
    const excess = (noncentrality: number): number =>
      normalOfChiSquared(x, degreesOfFreedom, noncentrality) - z;
    if (excess(0) <= 0) return 0;
    let far = x + 10;
    while (excess(far) > 0) far *= 2;
    return Math.sqrt(scale * findRoot(excess, 0, far));
  };
  return (level) => {
    const z = -normalQuantile(tailProbability(level));
    const x = plainSquare / scale;
    // Predictions that fit better than chance would let them say no more than those that fit as chance does.
    return { low: solve(x, z), high: Math.hypot(solve(Math.max(x, degreesOfFreedom), -z), unseen) };
  };
}

/**
 * Calibration of probabilities over at most 15 bins of about equal size, of at least 50 examples each; with few
 * examples that is one bin. The error is the root of A. Kumar, P. Liang, T. Ma's debiased squared error (NeurIPS 32,
 * 2019, section 5), cut at 0. Groups widen each bin's variance by what clusters show; the covariance between bins is left
 * out. The Brier score is taken apart as in D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe (Weather and
 * Forecasting 23, 2008).
 * @param outcomes 0 or 1 for each prediction
 * @param order rows from the smallest prediction to the largest, where it is known
 * @throws RangeError when there are none, or lengths differ.
 */
export function measureCalibration(
  predictions: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  design: CalibrationDesign = {},
  order: Uint32Array = ascendingOrder(predictions),
): BinnedCalibration {
  const n = predictions.length;
  if (n === 0 || n !== outcomes.length)
    throw new RangeError(`${n} predictions do not match ${outcomes.length} outcomes.`);
  const { weights } = design;
  let [total, positives, score] = [0, 0, 0];
  for (let row = 0; row < n; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    positives += weight * (outcomes[row] ?? Number.NaN);
    score += weight * ((predictions[row] ?? Number.NaN) - (outcomes[row] ?? Number.NaN)) ** 2;
  }
  const columns = { predictions, outcomes, design, total };
  const bins = binByMass(predictions, order).map((rows) => summariseBin(rows, columns));
  const over = (part: (bin: Bin) => number): number =>
    bins.reduce((sum, bin) => sum + bin.share * part(bin), 0);
  const base = positives / total;
  const reliability = over((bin) => (bin.prediction - bin.outcome) ** 2);
  const resolution = over((bin) => (bin.outcome - base) ** 2);
  const uncertainty = base * (1 - base);
  const noise = over((bin) => bin.variance);
  return {
    n,
    bins: bins.length,
    error: Math.sqrt(Math.max(0, reliability - noise)),
    plainError: Math.sqrt(reliability),
    limitsAt: limitsOfError(bins, reliability),
    brier: {
      reliability,
      resolution,
      uncertainty,
      within: score / total - (reliability - resolution + uncertainty),
    },
  };
}
