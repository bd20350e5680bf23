/** How the examples of a test set were drawn, and what that does to values and standard errors. */
import { sumOf } from '../statistics/means.ts';

/**
 * Examples that were not drawn one by one. Groups (a user, a document) are drawn as a whole. Strata (the tasks of a
 * benchmark) have a fixed size each. Where both are given groups count, and strata are left out, which errs to the wide
 * side.
 */
export interface SamplingDesign {
  /** Group of each example, as numbers from 0. */
  readonly groups?: Uint32Array | undefined;
  /** Stratum of each example, as numbers from 0. */
  readonly strata?: Uint32Array | undefined;
  /**
   * How many examples of the population each stands for, up to a factor that does not matter: not negative. A sum over
   * examples becomes a weighted one, and a standard error that of a ratio of weighted sums, by linearisation (C. E.
   * Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), section 5.7). So weights that count equal
   * rows and weights that correct for how rows were drawn give one value, and an interval that is right for the latter
   * and wide for the former.
   */
  readonly weights?: Float64Array | undefined;
}

const known = new WeakMap<Float64Array, Float64Array | undefined>();

/** Weights with mean 1; undefined where there are none or all are alike. Made once for as long as the column lives. */
export function relativeWeights(weights: Float64Array | undefined): Float64Array | undefined {
  if (weights === undefined) return undefined;
  if (known.has(weights)) return known.get(weights);
  const relative = divideByMean(weights);
  known.set(weights, relative);
  return relative;
}

function divideByMean(weights: Float64Array): Float64Array | undefined {
  const [first = 0] = weights;
  if (weights.every((weight) => weight === first)) return undefined;
  const mean = sumOf(weights) / weights.length;
  return weights.map((weight) => weight / mean);
}

/** Whether weights leave nothing to measure. */
export function isWeightless(weights: Float64Array | undefined): boolean {
  return weights !== undefined && weights.every((weight) => weight === 0);
}

/** The design with weights of mean 1, as the forms compute with. */
export function withRelativeWeights<Design extends SamplingDesign>(design: Design): Design {
  return { ...design, weights: relativeWeights(design.weights) };
}

/**
 * Share of the examples that count beside these weights: (sum w)^2 / (n sum w^2), 1 without weights.
 * Source: L. Kish, Survey Sampling (1965), section 11.7.
 * @param among 1 for each example that counts; all of them where it is left out
 */
export function kishShare(weights: Float64Array | undefined, among?: Uint8Array): number {
  if (weights === undefined) return 1;
  let [n, sum, squares] = [0, 0, 0];
  for (let row = 0; row < weights.length; row++) {
    if (among !== undefined && among[row] !== 1) continue;
    const weight = weights[row] ?? 0;
    n += 1;
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / (n * squares) : 1;
}

/** The product of a column and weights; a copy of the column without weights. */
export function weigh(column: Float64Array, weights: Float64Array | undefined): Float64Array {
  const product = column.slice();
  if (weights === undefined) return product;
  for (let row = 0; row < product.length; row++)
    product[row] = (product[row] ?? Number.NaN) * (weights[row] ?? 0);
  return product;
}

/** Mean of a column under weights of mean 1. */
export function weightedMean(column: ArrayLike<number>, weights: Float64Array | undefined): number {
  if (weights === undefined) return sumOf(column) / column.length;
  let [sum, compensation] = [0, 0];
  for (let row = 0; row < column.length; row++) {
    const value = (column[row] ?? Number.NaN) * (weights[row] ?? 0);
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (Number.isFinite(sum) ? sum + compensation : sum) / column.length;
}

/** Fewer groups than this are too few for the normal theory of clusters alone. */
export const FEW_GROUPS = 40;

/** Numbers from 0 without gaps that part examples as a column does. */
export interface Codes {
  readonly of: Uint32Array;
  readonly count: number;
}

/**
 * The numbers of a column without gaps, in the order of their first example.
 * @param among 1 for each example that counts; all of them where it is left out
 */
export function compactCodes(column: Uint32Array, among?: Uint8Array): Codes {
  const chosen = among === undefined ? column : column.filter((_, row) => among[row] === 1);
  const known = new Uint32Array(chosen.reduce((most, code) => Math.max(most, code), 0) + 1);
  const of = new Uint32Array(chosen.length);
  let count = 0;
  for (let row = 0; row < chosen.length; row++) {
    const code = chosen[row] ?? 0;
    // Numbers are kept one higher, because 0 is what has not been seen.
    if (known[code] === 0) known[code] = ++count;
    of[row] = (known[code] ?? 0) - 1;
  }
  return { of, count };
}

/** Sum of a column over the examples of each group. */
export function sumByGroup(column: Float64Array, groups: Codes): Float64Array {
  const sums = new Float64Array(groups.count);
  for (let row = 0; row < column.length; row++) {
    const group = groups.of[row] ?? 0;
    sums[group] = (sums[group] ?? 0) + (column[row] ?? Number.NaN);
  }
  return sums;
}

/** How many examples each group has. */
export function sizesOf(groups: Codes): Float64Array {
  const sizes = new Float64Array(groups.count);
  for (const group of groups.of) sizes[group] = (sizes[group] ?? 0) + 1;
  return sizes;
}

/**
 * Effects of single examples (mean 0) as deviations from the mean of their stratum, whose size is fixed, scaled so that
 * the spread over all is the stratified standard error. The only example of a stratum keeps its effect.
 * Source: W. G. Cochran, Sampling Techniques (1977), section 5.4, equation 5.11 with proportional weights.
 */
export function centreByStratum(effects: Float64Array, strata: Codes): Float64Array {
  const [sums, sizes] = [sumByGroup(effects, strata), sizesOf(strata)];
  return effects.map((effect, row) => {
    const stratum = strata.of[row] ?? 0;
    const size = sizes[stratum] ?? 0;
    return size < 2 ? effect : (effect - (sums[stratum] ?? 0) / size) * Math.sqrt(size / (size - 1));
  });
}
