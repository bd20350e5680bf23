import {
  bennettSampleSize,
  hoeffdingSampleSize,
  normalSampleSize,
} from '../../statistics/sample-size-bounds.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import type { BudgetConfig } from '../../schemas/config.generated.ts';
import type { Metric, MetricComparison } from '../../schemas/evidence.generated.ts';

/** Metrics that are the share of examples answered right: the only ones that finite-sample bounds are known for here. */
const SHARES_OF_EXAMPLES: readonly string[] = ['accuracy'];

/** Old and new accuracy: the two that a change is the difference of. */
const VARIABLES = 2;

/**
 * Examples that keep every verdict of the planned uses right with the planned reliability, at the margin that this
 * metric was tested at: ease.ml/ci's accounting, δ / H for uses whose answers stay hidden or end with the first pass, and
 * δ / 2^H where every answer is seen. `asymptotic`: from the standard error of the comparison at hand. `finite-sample`:
 * the smaller of Hoeffding's bound and, for as many differing answers as there are now, Bennett's. Undefined where the
 * metric was not compared by its examples, or has no such bound.
 * Source: C. Renggli et al., Continuous Integration of Machine Learning Models with ease.ml/ci, MLSys (2019).
 */
export function countNeededExamples(metric: Metric, budget: BudgetConfig): number | undefined {
  const { comparison } = metric;
  const margin = comparison && marginOf(comparison);
  if (comparison === undefined || margin === undefined) return undefined;
  const reliability = {
    errorProbability: 1 - budget.reliability,
    tests: budget.uses,
    adaptivity: budget.adaptivity === 'full' ? ('full' as const) : ('none' as const),
  };
  const deviation = deviationOf(comparison);
  if (budget.guarantee === 'asymptotic') {
    return deviation && Math.ceil(normalSampleSize(margin, reliability, deviation));
  }
  if (!SHARES_OF_EXAMPLES.includes(metric.name)) return undefined;
  const bounds = [hoeffdingSampleSize(margin, reliability, VARIABLES)];
  if (deviation !== undefined) {
    const discordance = deviation ** 2 + (comparison.difference ?? 0) ** 2;
    bounds.push(bennettSampleSize(margin, reliability, discordance));
  }
  return Math.ceil(Math.min(...bounds));
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
