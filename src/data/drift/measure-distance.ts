/** One distance between two sets of counts, and what it is where nothing has changed. */
import {
  bridgeVector,
  fitAbsoluteSum,
  gammaUpperQuantile,
  multinomialVector,
  type GammaFit,
} from '../../statistics/absolute-sums.ts';
import { bergsmaV, fisherPValue, independenceTest } from '../../statistics/contingency.ts';
import { kolmogorovSurvival } from '../../statistics/distributions.ts';
import { categoricalDistances, populationStabilityIndex } from '../../statistics/divergences.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import { mergeBins } from './merge-bins.ts';
import { METHODS, type DriftMethod } from './methods.ts';
import { middlesOf, sumOf, type CountPair } from './pair-columns.ts';

export interface Distance {
  /** The counts that it is made of. */
  readonly pair: CountPair;
  /** Undefined where too few rows are left in any two bins, or the reference does not vary. */
  readonly value: number | undefined;
  readonly nullQuantile: number | undefined;
  readonly p: number | undefined;
}

/** Share of unchanged data whose distance may lie above the null quantile. */
const TAIL = 0.01;

/**
 * Tail at which a fitted gamma distribution is asked for its quantile: sums of absolute values have a heavier one
 * around 1 %. At half of it the quantile is at least the simulated one for 500 rows and more.
 */
const GAMMA_TAIL = TAIL / 2;

/** Below this expected count two cells are tested exactly. */
const LEAST_FOR_APPROXIMATION = 20;

/** Most that PSI adds to each count, so that an empty bin has no logarithm of 0. */
const PSI_ADDED = 0.5;

/** How far apart the two are by a method, the null quantile and the p-value of the same counts. */
export function measureDistance(method: DriftMethod, fine: CountPair): Distance {
  if (method === 'difference') return measureDifference(fine);
  if (method === 'wasserstein') return measureWasserstein(fine);
  if (method === 'kolmogorov-smirnov') return measureLargestGap(fine);
  const pair = mergeBins(fine);
  if (pair.reference.length < 2) return undecided(pair);
  const { value, nullQuantile } = measureUnordered(method, pair);
  return { pair, value, nullQuantile, p: testCells(pair) };
}

function undecided(pair: CountPair): Distance {
  return { pair, value: undefined, nullQuantile: undefined, p: undefined };
}

/** What the variance of a difference of shares is multiplied with: 1/m + 1/n. */
function varianceFactor({ reference, current }: CountPair): number {
  return 1 / sumOf(reference) + 1 / sumOf(current);
}

function pooledShares({ reference, current }: CountPair): readonly number[] {
  const total = sumOf(reference) + sumOf(current);
  return reference.map((count, bin) => (count + (current[bin] ?? 0)) / total);
}

/** Differences of cumulative shares at the end of each bin but the last. */
function listGaps({ reference, current }: CountPair): readonly number[] {
  const [m, n] = [sumOf(reference), sumOf(current)];
  let [before, now] = [0, 0];
  return reference.slice(0, -1).map((count, bin) => {
    before += count;
    now += current[bin] ?? 0;
    return Math.abs(before / m - now / n);
  });
}

function measureWasserstein(pair: CountPair): Distance {
  const { edges = [], scale } = pair;
  if (scale === undefined) return undecided(pair);
  const middles = middlesOf(edges);
  const steps = middles.slice(1).map((middle, bin) => (middle - (middles[bin] ?? middle)) / scale);
  const value = listGaps(pair).reduce((sum, gap, bin) => sum + gap * (steps[bin] ?? 0), 0);
  const fit = fitAbsoluteSum(steps, bridgeVector(pooledShares(pair)));
  return { pair, value, nullQuantile: quantileOfFit(fit, pair), p: testOrdered(pair) };
}

function quantileOfFit(fit: GammaFit | undefined, pair: CountPair): number {
  return fit === undefined ? 0 : gammaUpperQuantile(GAMMA_TAIL, fit) * Math.sqrt(varianceFactor(pair));
}

function measureLargestGap(pair: CountPair): Distance {
  const value = Math.max(0, ...listGaps(pair));
  // Twice exp(-2 x^2) is Kolmogorov's tail out there, to ten digits; ties and bins make it an upper bound.
  const nullQuantile = Math.sqrt((-Math.log(TAIL / 2) / 2) * varianceFactor(pair));
  return { pair, value, nullQuantile, p: testLargestGap(pair) };
}

function testLargestGap(pair: CountPair): number {
  return kolmogorovSurvival(Math.max(0, ...listGaps(pair)) / Math.sqrt(varianceFactor(pair)));
}

/**
 * Kolmogorov and Smirnov's test sees shifts, chi-squared over ten bins what happens at the ends and to the spread: the
 * smaller p of the two, doubled (Bonferroni). Neither asks how the values are distributed, so a heavy tail raises no alarm.
 */
function testOrdered(pair: CountPair): number {
  const coarse = mergeBins(pair);
  const cells = coarse.reference.length < 2 ? 1 : testCells(coarse);
  return Math.min(1, 2 * Math.min(testLargestGap(pair), cells));
}

/** Pearson's test over the cells; of two cells Fisher's exact one where few are expected, else with Yates' correction. */
function testCells({ reference, current }: CountPair): number {
  const table = [reference, current];
  if (reference.length > 2) return Math.min(1, independenceTest(table).p);
  const [m, n] = [sumOf(reference), sumOf(current)];
  const columns = reference.map((count, cell) => count + (current[cell] ?? 0));
  const least = (Math.min(m, n) * Math.min(...columns)) / (m + n);
  return Math.min(1, least < LEAST_FOR_APPROXIMATION ? fisherPValue(table) : independenceTest(table, true).p);
}

function measureDifference(pair: CountPair): Distance {
  const factor = varianceFactor(pair);
  const [, absent = 0] = pooledShares(pair);
  const spread = Math.sqrt(absent * (1 - absent) * factor);
  return {
    pair,
    value: listGaps(pair)[0],
    // Shares of counts move in steps: half of one for continuity.
    nullQuantile: normalQuantile(1 - TAIL / 2) * spread + factor / 2,
    p: testCells(pair),
  };
}

function chiSquaredUpperQuantile(degreesOfFreedom: number): number {
  return gammaUpperQuantile(TAIL, { shape: degreesOfFreedom / 2, scale: 2 });
}

/** JS^2 is chi-squared / 8, PSI chi-squared, each times 1/m + 1/n, to first order: Taylor's series in p - q. */
function measureUnordered(
  method: Exclude<DriftMethod, 'difference' | 'wasserstein' | 'kolmogorov-smirnov'>,
  pair: CountPair,
): { readonly value: number; readonly nullQuantile: number } {
  const { reference, current } = pair;
  const factor = varianceFactor(pair);
  const cells = reference.length;
  const distances = categoricalDistances(reference, current);
  const chiSquared = chiSquaredUpperQuantile(cells - 1);
  switch (method) {
    case 'jensen-shannon':
      return { value: distances.jensenShannon, nullQuantile: Math.sqrt((chiSquared * factor) / 8) };
    case 'psi':
      return {
        value: populationStabilityIndex(reference, current, { add: PSI_ADDED }),
        nullQuantile: chiSquared * factor,
      };
    case 'cramers-v': {
      const total = sumOf(reference) + sumOf(current);
      return {
        value: independenceTest([reference, current]).correctedV,
        nullQuantile: bergsmaV(chiSquared / total, 2, cells, total),
      };
    }
    case 'total-variation': {
      const halves = reference.map(() => 0.5);
      const fit = fitAbsoluteSum(halves, multinomialVector(pooledShares(pair)));
      return { value: distances.totalVariation, nullQuantile: quantileOfFit(fit, pair) };
    }
    case 'l-infinity':
      return { value: distances.largestDifference, nullQuantile: quantileOfLargest(pair) };
    default:
      return method satisfies never;
  }
}

/** The largest of several differences by Bonferroni, each at its own spread. */
function quantileOfLargest(pair: CountPair): number {
  const shares = pooledShares(pair);
  const z = normalQuantile(1 - TAIL / 2 / shares.length);
  const spreads = shares.map((share) => Math.sqrt(share * (1 - share)));
  return z * Math.max(...spreads) * Math.sqrt(varianceFactor(pair));
}

/** What is chosen where nobody chose: numbers know an order, and a reference that never varies has no unit for it. */
export function chooseMethod({ aspect, kind, scale }: CountPair): DriftMethod {
  if (aspect === 'missing') return 'difference';
  if (kind === 'categorical' || kind === 'boolean') return 'jensen-shannon';
  return scale === undefined ? 'total-variation' : 'wasserstein';
}

/** Whether a method can be used on these counts: an order needs bins of numbers. */
export function isUsable(method: DriftMethod, { edges }: CountPair): boolean {
  return !METHODS[method].isOrdered || edges !== undefined;
}
