/**
 * The published defaults of other tools, re-implemented: which columns of a table each calls drifted. They are rules of
 * thumb on two columns of cells, and this is what they do; the tools themselves are not run here.
 */
import { independenceTest } from '../../src/statistics/contingency.ts';
import { kolmogorovSurvival } from '../../src/statistics/distributions.ts';
import { categoricalDistances, populationStabilityIndex } from '../../src/statistics/divergences.ts';
import { describeShape, momentsOf } from '../../src/statistics/moments.ts';
import { quantileOfSorted } from '../../src/statistics/quantile.ts';
import type { Cells } from '../../test/helpers/build-profile.ts';

/** Whether a column is called drifted. */
type ColumnRule = (reference: Cells, current: Cells) => boolean;

export interface PeerRule {
  readonly id: string;
  /** What is published, and where. */
  readonly about: string;
  readonly isDrifted: ColumnRule;
}

const sorted = new WeakMap<Cells, Float64Array>();

/** The numbers among cells in rising order; each column is sorted once for all rules. */
function numbersOf(cells: Cells): Float64Array {
  const known = sorted.get(cells);
  if (known !== undefined) return known;
  const numbers = Float64Array.from(cells.filter((cell) => typeof cell === 'number')).sort();
  sorted.set(cells, numbers);
  return numbers;
}

function countPairs(reference: Cells, current: Cells): readonly [number[], number[]] {
  const counts = new Map<unknown, [number, number]>();
  [reference, current].forEach((cells, side) => {
    for (const cell of cells) {
      if (cell === undefined) continue;
      const pair = counts.get(cell) ?? [0, 0];
      pair[side] = (pair[side] ?? 0) + 1;
      counts.set(cell, pair);
    }
  });
  const pairs = [...counts.values()];
  return [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
}

/** Both distances of two sorted samples: the largest gap of their distribution functions, and the area between them. */
function compareSorted(first: Float64Array, second: Float64Array) {
  let [i, j, largest, area] = [0, 0, 0, 0];
  while (i < first.length || j < second.length) {
    const at = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
    while (first[i] === at) i++;
    while (second[j] === at) j++;
    const gap = Math.abs(i / first.length - j / second.length);
    largest = Math.max(largest, gap);
    const next = Math.min(first[i] ?? Number.POSITIVE_INFINITY, second[j] ?? Number.POSITIVE_INFINITY);
    if (gap > 0 && Number.isFinite(next)) area += gap * (next - at);
  }
  return { largest, area };
}

function isNumeric(cells: Cells): boolean {
  return cells.some((cell) => typeof cell === 'number');
}

/** Bins between quantiles of the reference, open at both ends. */
function countBins(sorted: Float64Array, cells: Float64Array, bins: number): number[] {
  const edges = [
    ...new Set(Array.from({ length: bins - 1 }, (_, at) => quantileOfSorted(sorted, (at + 1) / bins))),
  ];
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of cells) {
    const bin = edges.findIndex((edge) => value <= edge);
    const index = bin < 0 ? edges.length : bin;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Numbers of at most so many different values are categories to Evidently. */
const FEW_VALUES = 5;
const LARGEST_FOR_TESTS = 1000;

function byEvidently(reference: Cells, current: Cells): boolean {
  const isSmall = reference.length <= LARGEST_FOR_TESTS;
  if (isNumeric(reference) && new Set(reference).size > FEW_VALUES) {
    const [first, second] = [numbersOf(reference), numbersOf(current)];
    const { largest, area } = compareSorted(first, second);
    const [n, m] = [first.length, second.length];
    if (isSmall) return kolmogorovSurvival(largest * Math.sqrt((n * m) / (n + m))) <= 0.05;
    return area / Math.max(0.001, describeShape(momentsOf(first)).standardDeviation) >= 0.1;
  }
  const [first, second] = countPairs(reference, current);
  if (first.length < 2) return false;
  if (isSmall) return independenceTest([first, second]).p < 0.05;
  return categoricalDistances(first, second).jensenShannon >= 0.1;
}

function byDeepchecks(reference: Cells, current: Cells): boolean {
  if (isNumeric(reference)) return compareSorted(numbersOf(reference), numbersOf(current)).largest >= 0.2;
  const [first, second] = countPairs(reference, current);
  return first.length > 1 && independenceTest([first, second]).correctedV >= 0.2;
}

/** What is written over an empty bin's share, so that it has a logarithm. */
const EMPTY_SHARE = 1e-4;

function createIndexRule(threshold: number): ColumnRule {
  return (reference, current) => {
    const [first, second] = isNumeric(reference)
      ? [numbersOf(reference), numbersOf(current)].map((cells) => countBins(numbersOf(reference), cells, 10))
      : countPairs(reference, current);
    if (first === undefined || second === undefined) return false;
    return populationStabilityIndex(first, second, { fill: EMPTY_SHARE }) >= threshold;
  };
}

export const PEER_RULES: readonly PeerRule[] = [
  {
    id: 'evidently',
    about:
      'Evidently, registry of statistical tests: up to 1,000 rows of the reference KS or chi-squared with p < 0.05, beyond W1/sd or Jensen-Shannon distance >= 0.1',
    isDrifted: byEvidently,
  },
  {
    id: 'deepchecks',
    about: "deepchecks, feature drift: KS statistic or Cramér's V >= 0.2",
    isDrifted: byDeepchecks,
  },
  {
    id: 'psi-0.1',
    about: 'population stability index over ten bins >= 0.1 (moderate by the rule of thumb)',
    isDrifted: createIndexRule(0.1),
  },
  {
    id: 'psi-0.25',
    about: 'population stability index over ten bins >= 0.25 (large by the rule of thumb)',
    isDrifted: createIndexRule(0.25),
  },
];
