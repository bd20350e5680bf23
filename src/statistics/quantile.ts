/** Sample quantiles. */

/** Hyndman and Fan's nine definitions; 7 is the default of R and NumPy. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** The plotting-position constants (alpha = beta but for type 4) of the six continuous types. */
const PLOTTING_POSITIONS = {
  4: [0, 1],
  5: [1 / 2, 1 / 2],
  6: [0, 0],
  7: [1, 1],
  8: [1 / 3, 1 / 3],
  9: [3 / 8, 3 / 8],
} as const;

/** Position (1-based, fractional) of the p-quantile among n sorted values. */
function positionOf(p: number, n: number, type: QuantileType): number {
  if (type === 1 || type === 2) return n * p;
  if (type === 3) return n * p - 0.5;
  const [alpha, beta] = PLOTTING_POSITIONS[type];
  return n * p + alpha + p * (1 - alpha - beta);
}

/** Weight of the upper neighbour for the three discontinuous types. */
function stepWeight(fraction: number, whole: number, type: 1 | 2 | 3): number {
  if (type === 3) return fraction === 0 && whole % 2 === 0 ? 0 : 1;
  if (fraction > 0) return 1;
  return type === 1 ? 0 : 0.5;
}

/** A product such as 11 * 0.1 that misses a whole number by rounding only is that whole number. */
function snap(position: number): number {
  const nearest = Math.round(position);
  return Math.abs(position - nearest) < 4 * Number.EPSILON * Math.max(1, Math.abs(nearest))
    ? nearest
    : position;
}

/**
 * The p-quantile (0 <= p <= 1) of values in ascending order, by one of the nine definitions of R. J. Hyndman and
 * Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996) 361-365.
 * @throws RangeError when there are no values or p is outside [0, 1].
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number, type: QuantileType = 7): number {
  const n = sorted.length;
  if (n === 0 || !(p >= 0 && p <= 1)) {
    throw new RangeError(`A quantile needs values and 0 <= p <= 1, not ${n} values and p = ${p}.`);
  }
  const discontinuous = type === 1 || type === 2 || type === 3;
  const position = snap(positionOf(p, n, type));
  const whole = Math.floor(position);
  const fraction = position - whole;
  const weight = discontinuous ? stepWeight(fraction, whole, type) : fraction;
  const at = (rank: number): number => sorted[Math.min(n, Math.max(1, rank)) - 1] ?? Number.NaN;
  const [low, high] = [at(whole), at(whole + 1)];
  return weight === 0 || low === high ? low : (1 - weight) * low + weight * high;
}

/** Quantiles of values in any order; undefined without values. @throws RangeError when a p is outside [0, 1]. */
export function quantilesOf(
  values: ArrayLike<number>,
  probabilities: readonly number[],
  type: QuantileType = 7,
): number[] | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return probabilities.map((p) => quantileOfSorted(sorted, p, type));
}
