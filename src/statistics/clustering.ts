/** How much examples that come in clusters say, in independent examples. */
import { studentTUpperQuantile } from './distributions.ts';
import { tailProbability } from './interval.ts';
import { estimateClusteredMean, estimateMean } from './means.ts';

/** What the clustering of examples does to the variance of a mean. */
export interface Clustering {
  readonly n: number;
  readonly clusters: number;
  /**
   * Variance of the mean by clusters over that of as many independent examples, at least 1. Without any variance it is
   * the mean size of a cluster: each cluster is then taken for a single example.
   */
  readonly designEffect: number;
  /** A single cluster, or no variance to take a design effect from. */
  readonly degenerate: boolean;
}

/**
 * Design effect of clusters (user, document, template) and of weights on the mean of per-example values: the variance of
 * the weighted mean as a ratio (Taylor linearisation, CR1 by clusters) over that of as many independent examples of
 * equal weight. Without any variance each cluster is taken for one example, and weights for Kish's effective number.
 * Source: L. Kish, Survey Sampling (1965), sections 8.2 and 11.7; W. G. Cochran, Sampling Techniques (1977), section 6.4.
 * @param clusters the cluster of each value, as numbers 0, 1, 2, ... without gaps; undefined where each is one.
 * @param weights of mean 1; undefined where all are alike.
 * @throws RangeError as estimateClusteredMean.
 */
export function measureClustering(
  values: ArrayLike<number>,
  clusters: ArrayLike<number> | undefined,
  weights?: ArrayLike<number>,
): Clustering {
  if (weights !== undefined) return measureWeighted(values, clusters, weights);
  const plain = estimateMean(values);
  if (clusters === undefined)
    return { n: plain.n, clusters: plain.n, designEffect: 1, degenerate: plain.degenerate };
  const robust = estimateClusteredMean(values, clusters);
  const groups = robust.degreesOfFreedom + 1;
  const degenerate = plain.degenerate || groups < 2;
  const designEffect = degenerate
    ? plain.n / groups
    : Math.max(1, (robust.standardError / plain.standardError) ** 2);
  return { n: plain.n, clusters: groups, designEffect, degenerate };
}

function measureWeighted(
  values: ArrayLike<number>,
  clusters: ArrayLike<number> | undefined,
  weights: ArrayLike<number>,
): Clustering {
  const n = values.length;
  let [sum, squaresOfWeights] = [0, 0];
  for (let index = 0; index < n; index++) {
    const weight = weights[index] ?? Number.NaN;
    sum += weight * (values[index] ?? Number.NaN);
    squaresOfWeights += weight * weight;
  }
  const mean = sum / n;
  const effects = new Float64Array(n);
  let squares = 0;
  for (let index = 0; index < n; index++) {
    const deviation = (values[index] ?? Number.NaN) - mean;
    effects[index] = (weights[index] ?? Number.NaN) * deviation;
    squares += (weights[index] ?? Number.NaN) * deviation * deviation;
  }
  const robust = clusters === undefined ? estimateMean(effects) : estimateClusteredMean(effects, clusters);
  const groups = robust.degreesOfFreedom + 1;
  const plain = squares / (n - 1) / n;
  const degenerate = !(plain > 0) || groups < 2;
  const designEffect = degenerate
    ? (n / groups) * (squaresOfWeights / n)
    : Math.max(1, robust.standardError ** 2 / plain);
  return { n, clusters: groups, designEffect, degenerate };
}

/**
 * Share of the examples that count at one level: the design effect's inverse, less the square of how much longer
 * Student's t is with G - 1 degrees of freedom than with n - 1. Multiply counts by it before any interval for
 * proportions; 1 where every cluster has one example, 0 for a single cluster.
 * Source: E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201, section 2.
 */
export function effectiveShare({ n, clusters, designEffect }: Clustering, level: number): number {
  if (clusters < 2) return 0;
  const tail = tailProbability(level);
  const lengthened = studentTUpperQuantile(tail, clusters - 1) / studentTUpperQuantile(tail, n - 1);
  return 1 / (designEffect * lengthened ** 2);
}
