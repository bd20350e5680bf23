/** Distances between distributions: over categories or bins, and between samples of numbers. */
import { chiSquaredSurvival } from './distributions.ts';
import { quantileOfSorted } from './quantile.ts';

/** Distances between two distributions over the same categories. */
export interface CategoricalDistances {
  /** Kullback-Leibler divergence of p from q in nats; Infinity where q is 0 and p is not. */
  readonly kullbackLeibler: number;
  /** Square root of the Jensen-Shannon divergence in nats; divide by sqrt(ln 2) for base 2. */
  readonly jensenShannon: number;
  readonly totalVariation: number;
  readonly largestDifference: number;
  readonly hellinger: number;
}

/**
 * Counts (or weights) as probabilities.
 * @throws RangeError when one is negative or all are zero.
 */
function normalise(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || counts.some((count) => count < 0)) {
    throw new RangeError('A distribution needs counts >= 0, not all zero.');
  }
  return counts.map((count) => count / total);
}

function relativeEntropy(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, cell) => {
    if (share === 0) return sum;
    return sum + share * Math.log(share / (q[cell] ?? 0));
  }, 0);
}

/**
 * The usual distances between two vectors of counts or probabilities over the same cells; both are normalised first.
 * Source: J. Lin, IEEE Transactions on Information Theory 37 (1991) 145-151 for Jensen-Shannon.
 * @throws RangeError as normalise.
 */
export function categoricalDistances(
  first: readonly number[],
  second: readonly number[],
): CategoricalDistances {
  const [p, q] = [normalise(first), normalise(second)];
  const middle = p.map((share, cell) => (share + (q[cell] ?? 0)) / 2);
  const gaps = p.map((share, cell) => Math.abs(share - (q[cell] ?? 0)));
  const roots = p.map((share, cell) => (Math.sqrt(share) - Math.sqrt(q[cell] ?? 0)) ** 2);
  const divergence = (relativeEntropy(p, middle) + relativeEntropy(q, middle)) / 2;
  return {
    kullbackLeibler: relativeEntropy(p, q),
    jensenShannon: Math.sqrt(Math.max(0, divergence)),
    totalVariation: gaps.reduce((sum, gap) => sum + gap, 0) / 2,
    largestDifference: Math.max(...gaps),
    hellinger: Math.sqrt(roots.reduce((sum, root) => sum + root, 0) / 2),
  };
}

/** What stands in for an empty bin: added to every count, or written over empty shares only. */
export type EmptyBinRule = { readonly add: number } | { readonly fill: number };

/**
 * Population stability index of binned counts. With an empty bin its value is set by the rule, so the rule belongs in
 * the result. Under no drift it is about chi-squared with B - 1 degrees of freedom times 1/n + 1/m.
 */
export function populationStabilityIndex(
  reference: readonly number[],
  current: readonly number[],
  rule: EmptyBinRule,
): number {
  const sharesOf = (counts: readonly number[]): number[] =>
    'add' in rule
      ? normalise(counts.map((count) => count + rule.add))
      : normalise(counts).map((share) => (share === 0 ? rule.fill : share));
  const [p, q] = [sharesOf(reference), sharesOf(current)];
  return p.reduce((sum, share, bin) => {
    const other = q[bin] ?? Number.NaN;
    return sum + (other - share) * Math.log(other / share);
  }, 0);
}

/** Probability that the index of so many bins exceeds a threshold although nothing drifted, for n and m examples. */
export function stabilityIndexFalseAlarm(threshold: number, bins: number, n: number, m: number): number {
  return chiSquaredSurvival(threshold / (1 / n + 1 / m), bins - 1);
}

/** Values with weights, ascending, and their cumulative shares. */
function cumulate(values: readonly number[], weights: readonly number[] | undefined) {
  const order = values.map((_, index) => index).sort((x, y) => (values[x] ?? 0) - (values[y] ?? 0));
  const shares = normalise(order.map((index) => (weights === undefined ? 1 : (weights[index] ?? 0))));
  return { values: order.map((index) => values[index] ?? Number.NaN), shares };
}

/**
 * First Wasserstein distance between two weighted samples: the area between their distribution functions.
 * Source: S. S. Vallender, Theory of Probability and its Applications 18 (1974) 784-786.
 * @throws RangeError when a sample is empty or its weights are not a distribution.
 */
export function wassersteinDistance(
  first: readonly number[],
  second: readonly number[],
  weights: {
    readonly first?: readonly number[] | undefined;
    readonly second?: readonly number[] | undefined;
  } = {},
): number {
  const [a, b] = [cumulate(first, weights.first), cumulate(second, weights.second)];
  const points = [...a.values, ...b.values].sort((x, y) => x - y);
  let [i, j, gap, area] = [0, 0, 0, 0];
  points.forEach((point, index) => {
    for (; i < a.values.length && (a.values[i] ?? 0) <= point; i++) gap += a.shares[i] ?? 0;
    for (; j < b.values.length && (b.values[j] ?? 0) <= point; j++) gap -= b.shares[j] ?? 0;
    area += Math.abs(gap) * ((points[index + 1] ?? point) - point);
  });
  return area;
}

/** Mean of |x - y| over all pairs of two samples. */
function meanDistance(first: readonly number[], second: readonly number[]): number {
  let sum = 0;
  for (const x of first) for (const y of second) sum += Math.abs(x - y);
  return sum / (first.length * second.length);
}

/**
 * Energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of two samples, all pairs counted (V-statistic), quadratic in size.
 * Source: G. J. Szekely and M. L. Rizzo, Journal of Statistical Planning and Inference 143 (2013) 1249-1272.
 */
export function energyDistance(first: readonly number[], second: readonly number[]): number {
  return 2 * meanDistance(first, second) - meanDistance(first, first) - meanDistance(second, second);
}

type Point = readonly number[];

function squaredDistance(x: Point, y: Point): number {
  return x.reduce((sum, value, axis) => sum + (value - (y[axis] ?? Number.NaN)) ** 2, 0);
}

/** Median of the distances between all pairs of points: the usual bandwidth of a Gaussian kernel. */
export function medianDistance(points: readonly Point[]): number {
  const distances = points.flatMap((x, index) =>
    points.slice(index + 1).map((y) => Math.sqrt(squaredDistance(x, y))),
  );
  return quantileOfSorted(
    distances.sort((x, y) => x - y),
    0.5,
  );
}

/** Squared maximum mean discrepancy, without and with the bias of the diagonal. */
export interface MeanDiscrepancy {
  readonly unbiased: number;
  readonly biased: number;
}

/**
 * Squared maximum mean discrepancy with the kernel exp(-gamma d^2), quadratic in size.
 * Source: A. Gretton et al., JMLR 13 (2012) 723-773, equations 3 and 5.
 */
export function meanDiscrepancy(
  first: readonly Point[],
  second: readonly Point[],
  gamma: number,
): MeanDiscrepancy {
  const kernelSum = (a: readonly Point[], b: readonly Point[]): number =>
    a.reduce((sum, x) => b.reduce((inner, y) => inner + Math.exp(-gamma * squaredDistance(x, y)), sum), 0);
  const [m, n] = [first.length, second.length];
  const [xx, yy, xy] = [kernelSum(first, first), kernelSum(second, second), kernelSum(first, second)];
  const cross = (2 * xy) / (m * n);
  return {
    unbiased: (xx - m) / (m * (m - 1)) + (yy - n) / (n * (n - 1)) - cross,
    biased: xx / (m * m) + yy / (n * n) - cross,
  };
}

/** Shannon entropy of counts in nats. */
export function entropy(counts: readonly number[]): number {
  return normalise(counts).reduce((sum, share) => (share === 0 ? sum : sum - share * Math.log(share)), 0);
}

/** Mutual information of the rows and columns of a table of counts, in nats. */
export function mutualInformation(table: readonly (readonly number[])[]): number {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = (table[0] ?? []).map((_, column) =>
    table.reduce((sum, row) => sum + (row[column] ?? 0), 0),
  );
  return entropy(rows) + entropy(columns) - entropy(table.flat());
}
