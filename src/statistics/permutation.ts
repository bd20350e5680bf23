/** Permutation tests: exact where all rearrangements can be visited, Monte Carlo otherwise. */

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

/** Tails of the visited values around the observed one. */
function tailsOf(observed: number, scale: number, visitAll: (visit: (value: number) => void) => void) {
  const slack = RELATIVE_SLACK * scale;
  let [count, above, below] = [0, 0, 0];
  visitAll((value) => {
    count++;
    if (value >= observed - slack) above++;
    if (value <= observed + slack) below++;
  });
  const [pGreater, pLess] = [above / count, below / count];
  return { permutations: count, pGreater, pLess, pTwoSided: Math.min(1, 2 * Math.min(pGreater, pLess)) };
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
  const tails = tailsOf(statistic, scale, (visit) =>
    visitSums(pooled, m, (sum) => {
      visit(differenceOf(sum));
    }),
  );
  return { statistic, ...tails };
}
