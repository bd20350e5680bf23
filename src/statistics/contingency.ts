/** Tables of counts: tests of independence and the strength of association. */
import { chiSquaredSurvival } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { tailProbability, type ConfidenceInterval } from './interval.ts';
import { findRoot, findRootByBrent } from './root.ts';

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

/** Bergsma's corrected Cramer's V, from chi-squared over the total: Journal of the Korean Statistical Society 42 (2013) 323-328. */
export function bergsmaV(phiSquared: number, rows: number, columns: number, total: number): number {
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

/** Tolerance of R's uniroot, by which fisher.test solves: the fourth root of the machine epsilon. */
export const R_ROOT_TOLERANCE = Number.EPSILON ** 0.25;

/** R looks for the odds ratio in (0, 1], or for its inverse there, whichever lies in it (R 4.2, stats::fisher.test). */
function solveOddsLikeR(excess: (logOdds: number) => number, tolerance: number): number {
  const atOne = excess(0);
  const atZero = excess(-LARGEST_LOG_ODDS);
  const isBelowOne = atZero > 0 !== atOne > 0;
  if (isBelowOne)
    return findRootByBrent((odds) => (odds === 0 ? atZero : excess(Math.log(odds))), 0, 1, tolerance);
  return 1 / findRootByBrent((inverse) => excess(-Math.log(inverse)), Number.EPSILON, 1, tolerance);
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
 * Two-sided p-value of Fisher's exact test of a two by two table: all tables that are at most as probable.
 * @throws RangeError as independenceTest.
 */
export function fisherPValue(table: Table): number {
  const { values, logWeights, at } = hypergeometric(table);
  const central = tilt(values, logWeights, 0);
  const observed = central[at] ?? Number.NaN;
  return Math.min(1, sum(central.filter((probability) => probability <= observed * PROBABILITY_SLACK)));
}

/**
 * Fisher's exact test of independence in a two by two table, with the conditional odds ratio and its exact interval.
 * Source: A. Agresti, Categorical Data Analysis (2002), sections 3.5.1 and 3.6.1; J. Cornfield (1956) for the interval.
 * @param rootTolerance how closely the odds ratio and its limits are solved for: left out, to the last digits. With
 *   R_ROOT_TOLERANCE they are those that R's fisher.test prints, which are right to about four digits.
 * @throws RangeError as independenceTest.
 */
export function fisherTest(table: Table, level: number, rootTolerance?: number): FisherTest {
  const { values, logWeights, at } = hypergeometric(table);
  const tail = tailProbability(level);
  const solve = (excess: (probabilities: readonly number[]) => number): number => {
    const at = (logOdds: number): number => excess(tilt(values, logWeights, logOdds));
    return rootTolerance === undefined
      ? Math.exp(findRoot(at, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))
      : solveOddsLikeR(at, rootTolerance);
  };
  const [first, last] = [at === 0, at === values.length - 1];
  const meanExcess = (probabilities: readonly number[]): number =>
    sum(probabilities.map((probability, index) => probability * (index - at)));
  const odds = (): number => (last ? Number.POSITIVE_INFINITY : solve(meanExcess));
  return {
    p: fisherPValue(table),
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

/** Steps after which an exact test of a larger table is given up: a few seconds. */
const LARGEST_TABLE_STEPS = 2_000_000;

/** What remains of the row sums when some columns are filled, sorted, since rows that are exchanged are equally likely. */
interface TableNode {
  readonly rows: readonly number[];
  /** The products of 1 / x! so far, each with the number of ways that lead there. */
  readonly pasts: Map<number, { readonly log: number; readonly ways: number }>;
}

/** Calls `visit` with every way to fill a column of the given sum within the row sums. */
function visitColumns(
  rows: readonly number[],
  sum: number,
  visit: (column: readonly number[]) => void,
): void {
  const column = rows.map(() => 0);
  const after = rows.map((_, at) => rows.slice(at + 1).reduce((x, y) => x + y, 0));
  const fill = (at: number, left: number): void => {
    if (at === rows.length) {
      visit(column);
      return;
    }
    const most = Math.min(left, rows[at] ?? 0);
    for (let x = Math.max(0, left - (after[at] ?? 0)); x <= most; x++) {
      column[at] = x;
      fill(at + 1, left - x);
    }
  };
  fill(0, sum);
}

/** Logarithm of the product of 1 / x! over some counts. */
type LogWeight = (counts: readonly number[]) => number;

function createLogWeight(total: number): LogWeight {
  const logs = Float64Array.from({ length: total + 1 }, (_, n) => logFactorial(n));
  return (counts) => {
    let weight = 0;
    for (const count of counts) weight -= logs[count] ?? Number.NaN;
    return weight;
  };
}

/** Logarithms of the largest and the smallest weight of all ways to complete a table, by remaining rows and column. */
function createBounds(columns: readonly number[], logWeightOf: LogWeight, count: () => void) {
  const known = new Map<string, readonly [number, number]>();
  const boundsOf = (rows: readonly number[], at: number): readonly [number, number] => {
    if (at === columns.length - 1) {
      const last = logWeightOf(rows);
      return [last, last];
    }
    const key = `${at}:${rows.toSorted((x, y) => x - y).join(',')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let [largest, smallest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    visitColumns(rows, columns[at] ?? 0, (column) => {
      count();
      const weight = logWeightOf(column);
      const [high, low] = boundsOf(subtract(rows, column), at + 1);
      largest = Math.max(largest, weight + high);
      smallest = Math.min(smallest, weight + low);
    });
    known.set(key, [largest, smallest]);
    return [largest, smallest];
  };
  return boundsOf;
}

function subtract(rows: readonly number[], column: readonly number[]): number[] {
  return rows.map((row, at) => row - (column[at] ?? 0));
}

/** Log weights of all ways to fill the last two columns, ascending. */
function listCompletions(
  rows: readonly number[],
  columnSum: number,
  logWeightOf: LogWeight,
  count: () => void,
): Float64Array {
  const logs: number[] = [];
  visitColumns(rows, columnSum, (column) => {
    count();
    logs.push(logWeightOf(column) + logWeightOf(subtract(rows, column)));
  });
  return Float64Array.from(logs).sort();
}

/** Probability of the tables that complete one of the pasts and are at most as probable as the observed one. */
function sumCompletions(
  completions: Float64Array,
  pasts: readonly { readonly log: number; readonly ways: number }[],
  observed: number,
  constant: number,
): number {
  const largest = completions.at(-1) ?? 0;
  let cumulative = 0;
  const upTo = completions.map((log) => (cumulative += Math.exp(log - largest)));
  return sum(
    pasts.map(({ log, ways }) => {
      let [from, to] = [0, completions.length];
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (log + (completions[middle] ?? 0) <= observed) from = middle + 1;
        else to = middle;
      }
      return ways * Math.exp(constant + log + largest) * (upTo[from - 1] ?? 0);
    }),
  );
}

/** Logarithms that rounding alone tells apart share a key. */
const LOG_KEYS_PER_UNIT = 1e10;

/**
 * Fisher's exact test of independence in a table of any size (Freeman and Halton): the probability, given the margins, of
 * all tables at most as probable as this one. Column by column over the sorted remaining row sums; whatever is more, or
 * less, probable than the observed table however it is completed is not visited further.
 * Source: C. R. Mehta and N. R. Patel, JASA 78 (1983) 427-434.
 * @param mostSteps ways to fill a column that are looked at before the table is called too large.
 * @throws RangeError as independenceTest, when a count is not an integer, and when the table is too large.
 */
export function fisherTableTest(table: Table, mostSteps = LARGEST_TABLE_STEPS): number {
  const { rows, columns, total } = sumsOf(table);
  if (table.flat().some((count) => !Number.isInteger(count)))
    throw new RangeError('Counts of a table are integers.');
  let steps = 0;
  const count = (): void => {
    steps += 1;
    if (steps > mostSteps) throw new RangeError('This table is too large for an exact test.');
  };
  // The largest columns last: they are determined, or nearly so, by the others.
  const ordered = columns.filter((column) => column > 0).sort((x, y) => x - y);
  const logWeightOf = createLogWeight(total);
  const boundsOf = createBounds(ordered, logWeightOf, count);
  const constant = logWeightOf([total]) - logWeightOf(rows) - logWeightOf(ordered);
  const observed = logWeightOf(table.flat()) + Math.log(PROBABILITY_SLACK);
  const start = rows.filter((row) => row > 0).sort((x, y) => x - y);
  let nodes = new Map<string, TableNode>([['', { rows: start, pasts: new Map([[0, { log: 0, ways: 1 }]]) }]]);
  let p = 0;
  for (let at = 0; at < ordered.length; at++) {
    const next = new Map<string, TableNode>();
    const rest = ordered.slice(at);
    for (const node of nodes.values()) {
      const [largest, smallest] = boundsOf(node.rows, at);
      // All completions together: a multinomial coefficient.
      const all = logWeightOf(node.rows) + logWeightOf(rest) - logWeightOf([sum(node.rows)]);
      const open: { readonly log: number; readonly ways: number }[] = [];
      for (const past of node.pasts.values()) {
        if (past.log + largest <= observed) p += past.ways * Math.exp(constant + past.log + all);
        else if (past.log + smallest <= observed) open.push(past);
      }
      if (open.length === 0) continue;
      if (at === ordered.length - 2) {
        p += sumCompletions(
          listCompletions(node.rows, ordered[at] ?? 0, logWeightOf, count),
          open,
          observed,
          constant,
        );
        continue;
      }
      visitColumns(node.rows, ordered[at] ?? 0, (column) => {
        count();
        const remaining = subtract(node.rows, column).sort((x, y) => x - y);
        const key = remaining.join(',');
        const child = next.get(key) ?? { rows: remaining, pasts: new Map() };
        next.set(key, child);
        const weight = logWeightOf(column);
        for (const past of open) {
          const log = past.log + weight;
          const logKey = Math.round(log * LOG_KEYS_PER_UNIT);
          child.pasts.set(logKey, { log, ways: (child.pasts.get(logKey)?.ways ?? 0) + past.ways });
        }
      });
    }
    nodes = next;
  }
  return Math.min(1, p);
}
