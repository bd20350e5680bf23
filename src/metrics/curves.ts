/** The data of pictures of predictions: plain columns in, points and counts out. */
import { binByMass } from '../statistics/mass-bins.ts';
import { wilsonInterval } from '../statistics/proportion.ts';
import { estimateMean, meanInterval, sumOf } from '../statistics/means.ts';
import type { CurvePoint } from '../schemas/evidence.generated.ts';
import type { Examples } from './examples.ts';
import { orderScores } from './score-order.ts';

/** Most points of a line that evidence holds. */
const MAX_POINTS = 200;

/** The values of some rows. */
function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = values[rows[index] ?? 0] ?? Number.NaN;
  return picked;
}

/**
 * Observed frequency of the positive class over the mean score, in at most 15 bins of about equal size (at least 50
 * examples each), with Wilson limits.
 */
function reliabilityPoints(target: Uint8Array, score: Float64Array, level: number): readonly CurvePoint[] {
  return binByMass(score, orderScores(score)).map((rows) => {
    const n = rows.length;
    const x = sumOf(pick(score, rows)) / n;
    let positives = 0;
    for (let index = 0; index < n; index++) positives += target[rows[index] ?? 0] ?? 0;
    const { low, high } = wilsonInterval(positives, n, level);
    return { x, y: positives / n, low, high, n };
  });
}

/** Mean target over mean prediction, in bins as above, with Student's t limits where a bin has spread. */
function calibrationPoints(
  target: Float64Array,
  predicted: Float64Array,
  level: number,
): readonly CurvePoint[] {
  return binByMass(predicted, orderScores(predicted)).map((rows) => {
    const n = rows.length;
    const x = sumOf(pick(predicted, rows)) / n;
    const estimate = estimateMean(pick(target, rows));
    if (estimate.degenerate) return { x, y: estimate.mean, n };
    const { low, high } = meanInterval(estimate, level);
    return { x, y: estimate.mean, low, high, n };
  });
}

/** Share of targets at or below the quantile of each level, with Wilson limits: on the diagonal where levels mean what they say. */
function coveragePoints(
  target: Float64Array,
  levels: readonly number[],
  quantiles: readonly Float64Array[],
  level: number,
): readonly CurvePoint[] {
  const n = target.length;
  return levels.slice(0, MAX_POINTS).map((x, place) => {
    const column = quantiles[place];
    let covered = 0;
    for (let row = 0; row < n; row++) {
      if ((target[row] ?? 0) <= (column?.[row] ?? Number.NaN)) covered += 1;
    }
    const { low, high } = wilsonInterval(covered, n, level);
    return { x, y: covered / n, low, high, n };
  });
}

/** Lines that a model's outcomes may have, with what stands beside them. */
export const CURVES = {
  reliability: { title: 'Reliability', x: 'Predicted probability', y: 'Observed frequency' },
  calibration: { title: 'Mean target by mean prediction', x: 'Predicted value', y: 'Mean target' },
  coverage: {
    title: 'Coverage of the quantiles',
    x: 'Level of the quantile',
    y: 'Share of targets at or below it',
  },
} as const;
export type CurveName = keyof typeof CURVES;

/** The points of a line; undefined where these examples have no such line. */
export function pointsOf(
  examples: Examples,
  curve: CurveName,
  level: number,
): readonly CurvePoint[] | undefined {
  if (curve === 'reliability') {
    if (examples.task !== 'binary-classification' || examples.score === undefined) return undefined;
    return reliabilityPoints(examples.target, examples.score, level);
  }
  if (curve === 'calibration') {
    const hasValues = examples.task === 'regression' || examples.task === 'forecasting';
    if (!hasValues || examples.predicted === undefined) return undefined;
    return calibrationPoints(examples.target, examples.predicted, level);
  }
  if (examples.task !== 'quantile-regression' && examples.task !== 'forecasting') return undefined;
  const { target, levels } = examples;
  const quantiles = examples.task === 'forecasting' ? examples.quantiles : examples.predicted;
  return levels.length === 0 ? undefined : coveragePoints(target, levels, quantiles, level);
}

/**
 * Counts over bins of equal width; the last bin includes the upper edge, and values outside are left out.
 * @param among which rows count; all of them without it.
 */
export function countBins(
  values: Float64Array,
  low: number,
  high: number,
  bins: number,
  among?: { readonly codes: Uint8Array; readonly code: number },
): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (let row = 0; row < values.length; row++) {
    if (among !== undefined && among.codes[row] !== among.code) continue;
    const value = values[row] ?? Number.NaN;
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Edges of bins of equal width. */
export function edgesOf(low: number, high: number, bins: number): readonly number[] {
  return Array.from({ length: bins + 1 }, (_, edge) => low + ((high - low) * edge) / bins);
}

/** Counts of predictions, one row for each true class. */
export function countConfusion(
  classes: number,
  target: Uint8Array | Uint16Array,
  predicted: Uint8Array | Uint16Array,
): readonly (readonly number[])[] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let row = 0; row < target.length; row++) {
    const own = counts[target[row] ?? 0];
    const label = predicted[row] ?? 0;
    if (own !== undefined) own[label] = (own[label] ?? 0) + 1;
  }
  return counts;
}
