/** Tables of counts: tests of independence and the strength of association. */
import { chiSquaredSurvival } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { tailProbability, type ConfidenceInterval } from './interval.ts';
import { findRoot } from './root.ts';

/** A test of independence of rows and columns. */
export interface IndependenceTest {
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** Likelihood-ratio statistic and its p-value. */
  readonly g: number;
  readonly gP: number;
  /** Counts expected under independence. */
  readonly expected: readonly (readonly number[])[];
  /** Cramer's V, which for two by two is |phi|. */
  readonly cramersV: number;
  /** Cramer's V with Bergsma's correction for its upward bias. */
  readonly correctedV: number;
}

type Table = readonly (readonly number[])[];

function sumsOf(table: Table): {
  readonly rows: number[];
  readonly columns: number[];
  readonly total: number;
} {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = (table[0] ?? []).map((_, column) =>
    table.reduce((sum, row) => sum + (row[column] ?? 0), 0),
  );
  const total = rows.reduce((sum, row) => sum + row, 0);
  const wrong = table.some((row) => row.length !== columns.length || row.some((count) => !(count >= 0)));
  if (wrong || !(total > 0))
    throw new RangeError('A table of counts is rectangular, with counts >= 0, not all zero.');
  return { rows, columns, total };
}

/** Bergsma's corrected Cramer's V: Journal of the Korean Statistical Society 42 (2013) 323-328. */
function bergsmaV(phiSquared: number, rows: number, columns: number, total: number): number {
  const corrected = Math.max(0, phiSquared - ((rows - 1) * (columns - 1)) / (total - 1));
  const [r, c] = [rows, columns].map((size) => size - (size - 1) ** 2 / (total - 1)) as [number, number];
  const least = Math.min(r, c) - 1;
  return least > 0 ? Math.sqrt(corrected / least) : 0;
}

/**
 * Pearson's chi-squared and the likelihood-ratio test of independence; rows and columns without any count are left out.
 * @param continuity Yates' correction, for two by two tables.
 * @throws RangeError when the table is not rectangular, has a negative count, or is empty.
 */
export function independenceTest(table: Table, continuity = false): IndependenceTest {
  const { rows, columns, total } = sumsOf(table);
  const expected = rows.map((row) => columns.map((column) => (row * column) / total));
  let [chiSquared, g] = [0, 0];
  table.forEach((row, r) => {
    row.forEach((count, c) => {
      const mean = expected[r]?.[c] ?? 0;
      if (mean === 0) return;
      const gap = Math.abs(count - mean);
      chiSquared += (gap - (continuity ? Math.min(0.5, gap) : 0)) ** 2 / mean;
      if (count > 0) g += 2 * count * Math.log(count / mean);
    });
  });
  const [r, c] = [rows, columns].map((sums) => sums.filter((sum) => sum > 0).length) as [number, number];
  const degreesOfFreedom = (r - 1) * (c - 1);
  const survival = (x: number): number =>
    degreesOfFreedom === 0 ? 1 : chiSquaredSurvival(x, degreesOfFreedom);
  const least = Math.min(r, c) - 1;
  return {
    chiSquared,
    degreesOfFreedom,
    p: survival(chiSquared),
    g,
    gP: survival(g),
    expected,
    cramersV: least === 0 ? 0 : Math.sqrt(chiSquared / total / least),
    correctedV: bergsmaV(chiSquared / total, r, c, total),
  };
}

/** Pearson's test that counts come from given expectations; df = number of cells - 1. */
export function goodnessOfFitTest(
  observed: readonly number[],
  expected: readonly number[],
): { readonly chiSquared: number; readonly degreesOfFreedom: number; readonly p: number } {
  const chiSquared = observed.reduce((sum, count, cell) => {
    const mean = expected[cell] ?? Number.NaN;
    return sum + (count - mean) ** 2 / mean;
  }, 0);
  const degreesOfFreedom = observed.length - 1;
  return { chiSquared, degreesOfFreedom, p: chiSquaredSurvival(chiSquared, degreesOfFreedom) };
}

/** Tables whose probabilities differ by rounding only are equally extreme. */
const PROBABILITY_SLACK = 1 + 1e-7;

function logFactorial(n: number): number {
  return logGamma(n + 1);
}

/** The first cell's possible values given the margins, with the logarithm of their hypergeometric probabilities. */
function hypergeometric(table: Table): {
  readonly values: number[];
  readonly logWeights: number[];
  readonly at: number;
} {
  const { rows, columns, total } = sumsOf(table);
  const [row, column] = [rows[0] ?? 0, columns[0] ?? 0];
  const least = Math.max(0, row + column - total);
  const values = Array.from({ length: Math.min(row, column) - least + 1 }, (_, index) => least + index);
  const logWeights = values.map(
    (x) =>
      -logFactorial(x) -
      logFactorial(row - x) -
      logFactorial(column - x) -
      logFactorial(total - row - column + x),
  );
  return { values, logWeights, at: (table[0]?.[0] ?? 0) - least };
}

/** Probabilities proportional to the weights times odds^value. */
function tilt(values: readonly number[], logWeights: readonly number[], logOdds: number): number[] {
  const exponents = logWeights.map((weight, index) => weight + logOdds * (values[index] ?? 0));
  const largest = exponents.reduce((x, y) => Math.max(x, y));
  const scaled = exponents.map((exponent) => Math.exp(exponent - largest));
  const total = scaled.reduce((sum, weight) => sum + weight, 0);
  return scaled.map((weight) => weight / total);
}

/** Beyond e^40 an odds ratio of counts is not told from infinity. */
const LARGEST_LOG_ODDS = 40;

function sum(values: readonly number[]): number {
  return values.reduce((x, y) => x + y, 0);
}

/** Fisher's exact test of a two by two table. */
export interface FisherTest {
  /** Two-sided: all tables that are at most as probable. */
  readonly p: number;
  /** Conditional maximum-likelihood odds ratio; 0 or Infinity at an extreme table. */
  readonly oddsRatio: number;
  readonly interval: ConfidenceInterval;
}

/**
 * Fisher's exact test of independence in a two by two table, with the conditional odds ratio and its exact interval.
 * Source: A. Agresti, Categorical Data Analysis (2002), sections 3.5.1 and 3.6.1; J. Cornfield (1956) for the interval.
 * @throws RangeError as independenceTest.
 */
export function fisherTest(table: Table, level: number): FisherTest {
  const { values, logWeights, at } = hypergeometric(table);
  const tail = tailProbability(level);
  const central = tilt(values, logWeights, 0);
  const observed = central[at] ?? Number.NaN;
  const solve = (excess: (probabilities: readonly number[]) => number): number =>
    Math.exp(
      findRoot((logOdds) => excess(tilt(values, logWeights, logOdds)), -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS),
    );
  const [first, last] = [at === 0, at === values.length - 1];
  const meanExcess = (probabilities: readonly number[]): number =>
    sum(probabilities.map((probability, index) => probability * (index - at)));
  const odds = (): number => (last ? Number.POSITIVE_INFINITY : solve(meanExcess));
  return {
    p: Math.min(1, sum(central.filter((probability) => probability <= observed * PROBABILITY_SLACK))),
    oddsRatio: first ? 0 : odds(),
    interval: {
      low: first ? 0 : solve((probabilities) => sum(probabilities.slice(at)) - tail),
      high: last
        ? Number.POSITIVE_INFINITY
        : solve((probabilities) => sum(probabilities.slice(0, at + 1)) - tail),
      level,
      method: 'fisher-exact',
    },
  };
}
