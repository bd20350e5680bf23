import {
  bennettSampleSize,
  hoeffdingSampleSize,
  normalSampleSize,
} from '../../statistics/sample-size-bounds.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import type { BudgetConfig } from '../../schemas/config.generated.ts';
import type { Metric, MetricComparison } from '../../schemas/evidence.generated.ts';
import { withoutTrainingNoise } from '../training-noise.ts';

/** Metrics that are the share of examples answered right: the only ones that finite-sample bounds are known for here. */
const SHARES_OF_EXAMPLES: readonly string[] = ['accuracy'];

/** Old and new accuracy: the two that a change is the difference of. */
const VARIABLES = 2;

export type PlannedUses = Pick<BudgetConfig, 'uses' | 'adaptivity' | 'guarantee' | 'reliability'>;

/** What a test set must decide, again and again. */
export interface Need {
  /** Largest tolerated change, in the metric's own unit. */
  readonly margin: number;
  /** Of one example's contribution to the difference; undefined where it is unknown. */
  readonly standardDeviation: number | undefined;
  /** Share of the examples that the two models answer differently; undefined where it is unknown. */
  readonly discordance: number | undefined;
  /** The metric is the share of examples answered right. */
  readonly isShare: boolean;
}

/**
 * Examples that keep every verdict of the planned uses right with the planned reliability: ease.ml/ci's accounting,
 * δ / H for uses whose answers stay hidden or end with the first pass, and δ / 2^H where every answer is seen.
 * `asymptotic`: by the normal approximation. `finite-sample`: the smaller of Hoeffding's bound and, where the discordance
 * is known, Bennett's. Undefined where the standard deviation is needed and unknown, or no bound exists.
 * Source: C. Renggli et al., Continuous Integration of Machine Learning Models with ease.ml/ci, MLSys (2019).
 */
export function planExamples(
  { margin, standardDeviation, discordance, isShare }: Need,
  budget: PlannedUses,
): number | undefined {
  const reliability = {
    errorProbability: 1 - budget.reliability,
    tests: budget.uses,
    adaptivity: budget.adaptivity === 'full' ? ('full' as const) : ('none' as const),
  };
  if (budget.guarantee === 'asymptotic') {
    return standardDeviation && Math.ceil(normalSampleSize(margin, reliability, standardDeviation));
  }
  if (!isShare) return undefined;
  const hoeffding = hoeffdingSampleSize(margin, reliability, VARIABLES);
  const bennett = discordance && bennettSampleSize(margin, reliability, discordance);
  return Math.ceil(Math.min(hoeffding, bennett || Number.POSITIVE_INFINITY));
}

/** The same for a metric that was compared, at the margin of its gate; undefined where its examples were not paired. */
export function countNeededExamples(metric: Metric, budget: BudgetConfig): number | undefined {
  const { comparison } = metric;
  const margin = comparison && marginOf(comparison);
  if (comparison === undefined || margin === undefined) return undefined;
  // How far training again moves a metric is no matter of examples.
  const standardDeviation = deviationOf(withoutTrainingNoise(comparison, metric.direction) ?? comparison);
  const discordance =
    standardDeviation === undefined ? undefined : standardDeviation ** 2 + (comparison.difference ?? 0) ** 2;
  const isShare = SHARES_OF_EXAMPLES.includes(metric.name);
  return planExamples({ margin, standardDeviation, discordance, isShare }, budget);
}

/** In the metric's own unit; undefined if it is 0, which no number of examples decides. */
function marginOf({ margin, relativeMargin, baseline }: MetricComparison): number | undefined {
  const absolute =
    margin ?? (relativeMargin === undefined || baseline === null ? 0 : Math.abs(relativeMargin * baseline));
  return absolute > 0 ? absolute : undefined;
}

/** Standard deviation of one example's contribution to the difference; undefined where it is unknown or 0. */
function deviationOf({ interval, pairs, method }: MetricComparison): number | undefined {
  if (interval === undefined || interval.degenerate === true || pairs === undefined || method !== 'paired') {
    return undefined;
  }
  const standardError = (interval.high - interval.low) / (-2 * normalQuantile((1 - interval.level) / 2));
  return standardError > 0 ? standardError * Math.sqrt(pairs) : undefined;
}
