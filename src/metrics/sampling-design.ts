/** How the examples of a test set were drawn, and what that does to standard errors. */

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
