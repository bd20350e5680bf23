/** Statistics of predicted numbers that are no functions of means: medians, ranks, extremes. */
import { normalQuantile } from '../statistics/normal.ts';
import { ascendingOrder } from '../statistics/order.ts';
import type { StatisticForm } from './form.ts';

type Weights = ArrayLike<number> | undefined;

function weightAt(weights: Weights, row: number): number {
  return weights === undefined ? 1 : (weights[row] ?? 0);
}

/** The value at which the weights of an ascending order reach a share of all; midway where they reach it exactly. */
function quantileUnder(values: Float64Array, order: Uint32Array, weights: Weights, share: number): number {
  let total = 0;
  for (let row = 0; row < values.length; row++) total += weightAt(weights, row);
  if (!(total > 0)) return Number.NaN;
  const wanted = share * total;
  const slack = 1e-12 * total;
  let [sum, lower] = [0, Number.NaN];
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0;
    const weight = weightAt(weights, row);
    if (weight === 0) continue;
    const value = values[row] ?? Number.NaN;
    // The weights before this one reached the share exactly.
    if (!Number.isNaN(lower)) return (lower + value) / 2;
    sum += weight;
    if (sum > wanted + slack) return value;
    if (sum >= wanted - slack) lower = value;
  }
  return lower;
}

/** Width of the band of shares from which the density at a quantile is read, by Bofinger. */
function bandwidthOf(n: number, share: number): number {
  const z = normalQuantile(share);
  const density = Math.exp(-z * z) / (2 * Math.PI);
  return Math.min(
    0.5 * Math.min(share, 1 - share),
    n ** -0.2 * ((4.5 * density ** 2) / (2 * z * z + 1) ** 2) ** 0.2,
  );
}

/**
 * The median of a column, with weights the midway inverse of their distribution. Its influence is (1/2 - [value below]) /
 * density, the density by the difference of two quantiles.
 * Source: F. R. Hampel, JASA 69 (1974) 383-393; E. Bofinger, Australian Journal of Statistics 17 (1975) 1-7, for the
 * bandwidth.
 */
export function medianForm(values: Float64Array): StatisticForm {
  const order = ascendingOrder(values);
  const n = values.length;
  return {
    kind: 'statistic',
    n,
    value: (weights) => quantileUnder(values, order, weights, 0.5),
    influences: (weights) => {
      const median = quantileUnder(values, order, weights, 0.5);
      const band = bandwidthOf(n, 0.5);
      const [low, high] = [0.5 - band, 0.5 + band].map((share) =>
        quantileUnder(values, order, weights, share),
      );
      // One over the density.
      const sparsity = ((high ?? Number.NaN) - (low ?? Number.NaN)) / (2 * band);
      const influences = new Float64Array(n);
      for (let row = 0; row < n; row++) {
        const value = values[row] ?? Number.NaN;
        const below = value < median ? 1 : value > median ? 0 : 0.5;
        influences[row] = weightAt(weights, row) * (0.5 - below) * sparsity;
      }
      return influences;
    },
  };
}

/** The largest value of those that count. */
export function largestForm(values: Float64Array): StatisticForm {
  return {
    kind: 'statistic',
    n: values.length,
    isExtreme: true,
    value: (weights) => {
      let largest = Number.NaN;
      for (let row = 0; row < values.length; row++) {
        const value = values[row] ?? Number.NaN;
        if (weightAt(weights, row) > 0 && !(value <= largest)) largest = value;
      }
      return largest;
    },
  };
}

/** Weight below each value and half of that at it: the midrank, up to a constant. */
function rankUnder(values: Float64Array, order: Uint32Array, weights: Weights, ranks: Float64Array): void {
  let below = 0;
  for (let from = 0; from < order.length;) {
    const value = values[order[from] ?? 0];
    let [to, tied] = [from, 0];
    for (; to < order.length && values[order[to] ?? 0] === value; to++)
      tied += weightAt(weights, order[to] ?? 0);
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = below + tied / 2;
    below += tied;
    from = to;
  }
}

/** Deviations of this share of the squares are rounding: the column does not vary. */
const ROUNDING = 1e-20;

/** Pearson's correlation of two columns under weights; NaN where one does not vary. */
function correlate(first: Float64Array, second: Float64Array, weights: Weights): number {
  let [total, sumX, sumY] = [0, 0, 0];
  for (let row = 0; row < first.length; row++) {
    const weight = weightAt(weights, row);
    total += weight;
    sumX += weight * (first[row] ?? Number.NaN);
    sumY += weight * (second[row] ?? Number.NaN);
  }
  const [meanX, meanY] = [sumX / total, sumY / total];
  let [xx, xy, yy, squaresX, squaresY] = [0, 0, 0, 0, 0];
  for (let row = 0; row < first.length; row++) {
    const weight = weightAt(weights, row);
    const [rawX, rawY] = [first[row] ?? Number.NaN, second[row] ?? Number.NaN];
    const [x, y] = [rawX - meanX, rawY - meanY];
    squaresX += weight * rawX * rawX;
    squaresY += weight * rawY * rawY;
    xx += weight * x * x;
    xy += weight * x * y;
    yy += weight * y * y;
  }
  const varies = xx > ROUNDING * squaresX && yy > ROUNDING * squaresY;
  return varies ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}

/** Spearman's correlation: Pearson's of the midranks, which are sums of weights. */
export function rankCorrelationForm(target: Float64Array, predicted: Float64Array): StatisticForm {
  const orders = [ascendingOrder(target), ascendingOrder(predicted)] as const;
  const [first, second] = [new Float64Array(target.length), new Float64Array(target.length)];
  return {
    kind: 'statistic',
    n: target.length,
    bounds: { low: -1, high: 1 },
    isCorrelation: true,
    value: (weights) => {
      rankUnder(target, orders[0], weights, first);
      rankUnder(predicted, orders[1], weights, second);
      return correlate(first, second, weights);
    },
  };
}
