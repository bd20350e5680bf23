/** The data of pictures of predictions: plain columns in, points and counts out. */
import { binByMass } from '../statistics/mass-bins.ts';
import { wilsonInterval } from '../statistics/proportion.ts';
import { estimateMean, meanInterval, sumOf } from '../statistics/means.ts';
import type { CurvePoint } from '../schemas/evidence.generated.ts';
import { orderScores } from './score-order.ts';

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
export function reliabilityPoints(
  target: Uint8Array,
  score: Float64Array,
  level: number,
): readonly CurvePoint[] {
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
export function calibrationPoints(
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
