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

/** How much two models differ from example to example; undefined what is not known. */
export interface KnownSpread {
  /** Standard deviation of one example's contribution to the difference. */
  readonly deviation: number | undefined;
  /** For metrics that are the share of examples answered right: the share on which the models differ. */
  readonly discordance: number | undefined;
}

export type PlannedUses = Pick<BudgetConfig, 'uses' | 'adaptivity' | 'guarantee' | 'reliability'>;

/**
 * Examples that keep every verdict of the planned uses right with the planned reliability, at a margin: ease.ml/ci's
 * accounting, δ / H for uses whose answers stay hidden or end with the first pass, and δ / 2^H where every answer is seen.
 * `asymptotic`: by the normal approximation, from the deviation. `finite-sample`: the smaller of Hoeffding's bound and,
 * where the discordance is known, Bennett's; for shares only. Not rounded; undefined where the spread is not known.
 * Source: C. Renggli et al., Continuous Integration of Machine Learning Models with ease.ml/ci, MLSys (2019).
 */
export function countExamplesForUses(
  margin: number,
  { deviation, discordance }: KnownSpread,
  budget: PlannedUses,
): number | undefined {
  const reliability = {
    errorProbability: 1 - budget.reliability,
    tests: budget.uses,
    adaptivity: budget.adaptivity === 'full' ? ('full' as const) : ('none' as const),
  };
  if (budget.guarantee === 'asymptotic') {
    return deviation === undefined ? undefined : normalSampleSize(margin, reliability, deviation);
  }
  const hoeffding = hoeffdingSampleSize(margin, reliability, VARIABLES);
  return discordance === undefined
    ? hoeffding
    : Math.min(hoeffding, bennettSampleSize(margin, reliability, discordance));
}

/**
 * The examples that a budget needs at the margin that this metric was tested at, for models that differ as these do.
 * Undefined where the metric was not compared by its examples, or has no bound of the kind that the budget asks for.
 */
export function countNeededExamples(metric: Metric, budget: BudgetConfig): number | undefined {
  const { comparison } = metric;
  const margin = comparison && marginOf(comparison);
  if (comparison === undefined || margin === undefined) return undefined;
  if (budget.guarantee === 'finite-sample' && !SHARES_OF_EXAMPLES.includes(metric.name)) return undefined;
  const deviation = deviationOf(comparison);
  const discordance =
    deviation === undefined ? undefined : deviation ** 2 + (comparison.difference ?? 0) ** 2;
  const needed = countExamplesForUses(margin, { deviation, discordance }, budget);
  return needed === undefined ? undefined : Math.ceil(needed);
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
