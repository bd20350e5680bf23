/** Permutation tests: exact where all rearrangements can be visited, Monte Carlo otherwise. */
import type { OneSidedPValues } from './interval.ts';
import { sumOf } from './means.ts';
import type { Random } from './random.ts';

/**
 * Monte Carlo p-value from how many of the random permutations were at least as extreme: (b + 1) / (m + 1), never 0.
 * Source: B. Phipson and G. K. Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010), article 39.
 */
export function permutationPValue(exceedances: number, permutations: number): number {
  return (exceedances + 1) / (permutations + 1);
}

/** An exact permutation test of a difference of means. */
export interface ExactPermutationTest {
  readonly statistic: number;
  readonly permutations: number;
  readonly pGreater: number;
  readonly pLess: number;
  /** Twice the smaller tail. */
  readonly pTwoSided: number;
}

/** Differences that rounding alone separates from the observed one count as equal to it. */
const RELATIVE_SLACK = 1e-12;

/** More rearrangements than these are not visited. */
const LARGEST_ENUMERATION = 5_000_000;

/** Calls `visit` with the sum of every choice of `size` of the values. */
function visitSums(values: readonly number[], size: number, visit: (sum: number) => void): void {
  const choose = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      visit(sum);
      return;
    }
    for (let index = from; index <= values.length - left; index++) {
      choose(index + 1, left - 1, sum + (values[index] ?? Number.NaN));
    }
  };
  choose(0, size, 0);
}

function chooseCount(n: number, k: number): number {
  let count = 1;
  for (let index = 1; index <= k; index++) count = (count * (n - k + index)) / index;
  return Math.round(count);
}

/** How many of the visited values are at least, and at most, the observed one. */
function countTails(observed: number, scale: number, visitAll: (visit: (value: number) => void) => void) {
  const slack = RELATIVE_SLACK * scale;
  let [count, above, below] = [0, 0, 0];
  visitAll((value) => {
    count++;
    if (value >= observed - slack) above++;
    if (value <= observed + slack) below++;
  });
  return { count, above, below };
}

/** One-sided p-values with twice the smaller. */
function withTwoSided(pGreater: number, pLess: number) {
  return { pGreater, pLess, pTwoSided: Math.min(1, 2 * Math.min(pGreater, pLess)) };
}

/**
 * Exact permutation test of mean(first) - mean(second) for two independent samples. It tests exchangeability, not
 * non-inferiority. Source: R. A. Fisher, The Design of Experiments (1935), section 21; two-sided as twice the tail.
 * @throws RangeError when a sample is empty or there are more than 5 million rearrangements.
 */
export function exactPermutationTest(
  first: readonly number[],
  second: readonly number[],
): ExactPermutationTest {
  const [m, n] = [first.length, second.length];
  const pooled = [...first, ...second];
  if (m === 0 || n === 0 || chooseCount(m + n, m) > LARGEST_ENUMERATION) {
    throw new RangeError(`An exact permutation test of ${m} against ${n} values is empty or too large.`);
  }
  const total = pooled.reduce((sum, value) => sum + value, 0);
  const scale = Math.max(...pooled.map((value) => Math.abs(value)));
  const differenceOf = (sum: number): number => sum / m - (total - sum) / n;
  const statistic = differenceOf(first.reduce((sum, value) => sum + value, 0));
  const { count, above, below } = countTails(statistic, scale, (visit) =>
    visitSums(pooled, m, (sum) => {
      visit(differenceOf(sum));
    }),
  );
  return { statistic, permutations: count, ...withTwoSided(above / count, below / count) };
}

/** A sign-flip test of a mean difference. */
export interface SignFlipTest extends OneSidedPValues {
  readonly pTwoSided: number;
  /** All flips were visited; otherwise random ones. */
  readonly exact: boolean;
  readonly permutations: number;
}

export interface SignFlipOptions {
  /** The value whose difference from each value is equally likely of either sign; 0 by default. */
  readonly hypothesised?: number;
  /** Cluster of each value, as numbers 0, 1, 2, ... without gaps: a cluster flips as one. */
  readonly clusters?: ArrayLike<number>;
  readonly random: Random;
  /** Random flips where the exact test has too many; 9,999 give p-values to 0.0001. */
  readonly permutations: number;
}

/** Up to so many signs all flips are visited. */
const LARGEST_EXACT_SIGNS = 20;

/** Sums of all choices of signs, in the order of a Gray code, so that each differs from the last by one sign. */
function visitSignedSums(values: readonly number[], visit: (sum: number) => void): void {
  const signs = values.map(() => 1);
  let sum = sumOf(values);
  visit(sum);
  for (let code = 1; code < 2 ** values.length; code++) {
    const flipped = 31 - Math.clz32(code & -code);
    const sign = signs[flipped] ?? 1;
    sum -= 2 * sign * (values[flipped] ?? 0);
    signs[flipped] = -sign;
    visit(sum);
  }
}

/** Sums of random choices of signs, 32 signs from each word of random bits. */
function visitRandomSums(
  values: readonly number[],
  options: SignFlipOptions,
  visit: (sum: number) => void,
): void {
  for (let permutation = 0; permutation < options.permutations; permutation++) {
    let [sum, bits] = [0, 0];
    values.forEach((value, index) => {
      if (index % 32 === 0) bits = options.random.bits();
      sum += (bits & 1) === 1 ? value : -value;
      bits >>>= 1;
    });
    visit(sum);
  }
}

/**
 * Test of a mean difference by flipping signs: exact for up to 20 values (or clusters), Monte Carlo beyond, two-sided as
 * twice the smaller tail. It tests that the differences from the hypothesised value are symmetric about 0; with k values
 * no two-sided p is below 2^(1 - k).
 * Source: R. A. Fisher, The Design of Experiments (1935), section 21.
 * @throws RangeError when there are no values or the lengths differ.
 */
export function signFlipTest(differences: ArrayLike<number>, options: SignFlipOptions): SignFlipTest {
  const { hypothesised = 0, clusters } = options;
  if (differences.length === 0 || (clusters !== undefined && clusters.length !== differences.length)) {
    throw new RangeError(`A sign-flip test needs values, and a cluster for each, not ${differences.length}.`);
  }
  const units: number[] = [];
  for (let index = 0; index < differences.length; index++) {
    const unit = clusters === undefined ? index : (clusters[index] ?? 0);
    units[unit] = (units[unit] ?? 0) + (differences[index] ?? Number.NaN) - hypothesised;
  }
  const observed = sumOf(units);
  const scale = units.reduce((total, value) => total + Math.abs(value), 0);
  const exact = units.length <= LARGEST_EXACT_SIGNS;
  const { count, above, below } = countTails(observed, scale, (visit) => {
    if (exact) visitSignedSums(units, visit);
    else visitRandomSums(units, options, visit);
  });
  const pOf = (extreme: number): number => (exact ? extreme / count : permutationPValue(extreme, count));
  return { ...withTwoSided(pOf(above), pOf(below)), exact, permutations: count };
}
