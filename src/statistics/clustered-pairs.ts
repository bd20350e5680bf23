/**
 * Two proportions on the same examples where the examples come in clusters: the score methods on the number of
 * independent examples that would say as much.
 */
import { effectiveShare, measureClustering, type Clustering } from './clustering.ts';
import { invertInterval, type ConfidenceInterval, type OneSidedPValues } from './interval.ts';
import { correctedTangoInterval, type PairedCounts } from './paired-proportions.ts';
import { correctedScaledShareInterval } from './scaled-shares.ts';

/** Paired counts with what their clustering costs. */
export interface ClusteredPairs {
  readonly counts: PairedCounts;
  /** The second proportion counts this many times: 1 for a difference. */
  readonly ratio: number;
  /** Of first - ratio * second. */
  readonly clustering: Clustering;
}

/**
 * Paired counts and the clustering of first - ratio * second. With weights the counts are sums of weights.
 * @param first 1 where the first treatment is right, 0 where it is wrong; `second` likewise.
 * @param clusters the cluster of each example, as numbers 0, 1, 2, ... without gaps; undefined where each is one.
 * @param weights of mean 1; undefined where all are alike.
 * @throws RangeError when lengths differ, there are no examples, or a value is neither 0 nor 1.
 */
export function clusterPairs(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  clusters: ArrayLike<number> | undefined,
  ratio = 1,
  weights?: ArrayLike<number>,
): ClusteredPairs {
  if (first.length !== second.length) {
    throw new RangeError(`${first.length} values do not match ${second.length}.`);
  }
  const cells = [0, 0, 0, 0];
  const differences = Float64Array.from(first, (x, index) => {
    const y = second[index];
    if ((x !== 0 && x !== 1) || (y !== 0 && y !== 1)) {
      throw new RangeError(`Pair ${index} is ${x} and ${y}, not two of 0 or 1.`);
    }
    const cell = 2 * x + y;
    cells[cell] = (cells[cell] ?? 0) + (weights?.[index] ?? 1);
    return x - ratio * y;
  });
  const [neither = 0, onlySecond = 0, onlyFirst = 0, both = 0] = cells;
  const counts = { both, onlyFirst, onlySecond, neither };
  return { counts, ratio, clustering: measureClustering(differences, clusters, weights) };
}

/** The counts of as many independent examples as say the same at one level. */
function effectiveCounts({ counts, clustering }: ClusteredPairs, level: number): PairedCounts {
  const share = effectiveShare(clustering, level);
  return {
    both: counts.both * share,
    onlyFirst: counts.onlyFirst * share,
    onlySecond: counts.onlySecond * share,
    neither: counts.neither * share,
  };
}

/**
 * Corrected Tango interval for first - second of clustered pairs, on the effective counts; the unclustered one where
 * every cluster has one example. A single cluster knows nothing: [-1, 1].
 */
export function clusteredTangoInterval(pairs: ClusteredPairs, level: number): ConfidenceInterval {
  const method = 'tango-corrected-clustered';
  if (pairs.clustering.clusters < 2) return { low: -1, high: 1, level, method };
  return { ...correctedTangoInterval(effectiveCounts(pairs, level), level), method };
}

/** The test of first - second = difference that clusteredTangoInterval is the inverse of. */
export function clusteredTangoTest(pairs: ClusteredPairs, difference: number): OneSidedPValues {
  return invertInterval((level) => clusteredTangoInterval(pairs, level), difference);
}

/**
 * Corrected score interval for first - ratio * second of clustered pairs, on the effective counts. A single cluster knows
 * nothing: [-ratio, 1].
 */
export function clusteredScaledShareInterval(pairs: ClusteredPairs, level: number): ConfidenceInterval {
  const method = 'nam-blackwelder-score-corrected-clustered';
  const { clustering, ratio } = pairs;
  if (clustering.clusters < 2) return { low: -ratio, high: 1, level, method };
  return { ...correctedScaledShareInterval(effectiveCounts(pairs, level), ratio, level), method };
}

/** The test of first = ratio * second that clusteredScaledShareInterval is the inverse of. */
export function clusteredScaledShareTest(pairs: ClusteredPairs): OneSidedPValues {
  return invertInterval((level) => clusteredScaledShareInterval(pairs, level), 0);
}
