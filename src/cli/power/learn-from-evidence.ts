/** What an earlier comparison tells about the next one. */
import { withoutTrainingNoise } from '../../comparison/training-noise.ts';
import { findMetric } from '../../metrics/find-metric.ts';
import { findNearest } from '../../evidence/find-nearest.ts';
import { UserError } from '../../evidence/errors.ts';
import type { Evidence, Interval, Metric } from '../../schemas/evidence.generated.ts';
import { normalQuantile } from '../../statistics/normal.ts';

export interface Learned {
  readonly model: string;
  readonly metric: string;
  readonly examples: number;
  /** Of the paired difference of one example, in the metric's unit. */
  readonly standardDeviation: number;
  /** Share of examples on which the models differ, for a metric that counts right answers. */
  readonly discordance: number | undefined;
  /** In the metric's unit. */
  readonly margin: number | undefined;
  /** Whether the interval counted groups of examples instead of examples. */
  readonly isClustered: boolean;
  /** Standard deviation of the metric over trainings of main's recipe, which no number of examples narrows. */
  readonly trainingNoise?: number;
}

/** A metric with an interval of its difference. */
interface Compared {
  readonly metric: Metric;
  readonly model: string;
  readonly interval: Interval;
  readonly pairs: number;
}

/**
 * How much the two models of a comparison differ, from the interval of their difference: its half-width is the normal
 * quantile times sd / sqrt(n). Throws a UserError if the evidence has no such comparison, or several to choose from.
 */
export function learnFromEvidence(
  evidence: Evidence,
  wanted: { readonly model: string | undefined; readonly metric: string | undefined },
): Learned {
  const { metric, model, interval, pairs } = choose(listCompared(evidence), wanted);
  const quantile = -normalQuantile((1 - interval.level) / 2);
  const half = (interval.high - interval.low) / 2;
  const { comparison } = metric;
  const standardDeviation = (half / quantile) * Math.sqrt(pairs);
  return {
    model,
    metric: metric.name,
    examples: pairs,
    standardDeviation,
    discordance:
      metric.name === 'accuracy'
        ? Math.min(1, standardDeviation ** 2 + (comparison?.difference ?? 0) ** 2)
        : undefined,
    margin: marginOf(metric),
    isClustered: comparison?.groups !== undefined,
    ...(comparison?.trainingNoise === undefined
      ? {}
      : { trainingNoise: comparison.trainingNoise.standardDeviation }),
  };
}

function marginOf({ comparison }: Metric): number | undefined {
  const { margin, relativeMargin, baseline } = comparison ?? {};
  const size =
    margin ??
    (relativeMargin === undefined || typeof baseline !== 'number'
      ? undefined
      : relativeMargin * Math.abs(baseline));
  return size !== undefined && size > 0 ? size : undefined;
}

function listCompared({ body }: Evidence): readonly Compared[] {
  return body.metrics.flatMap((metric): readonly Compared[] => {
    const { model, slice } = metric.about;
    const { comparison } = metric;
    if (comparison === undefined) return [];
    // More examples narrow what these two models leave open, and not how far training again moves them.
    const { interval, pairs } = withoutTrainingNoise(comparison, metric.direction) ?? comparison;
    if (model === undefined || slice !== undefined || interval === undefined || pairs === undefined)
      return [];
    const isUseful = interval.degenerate !== true && interval.high > interval.low && pairs > 1;
    return isUseful ? [{ metric, model, interval, pairs }] : [];
  });
}

function choose(
  compared: readonly Compared[],
  { model, metric }: { readonly model: string | undefined; readonly metric: string | undefined },
): Compared {
  const models = [...new Set(compared.map((item) => item.model))];
  if (models.length === 0) {
    throw new UserError('The evidence has no comparison of two models with an interval.', {
      help: 'Take evidence of a run that found a baseline, or give --discordance.',
    });
  }
  if (model === undefined && models.length > 1)
    throw new UserError(`The evidence has several models: ${models.join(', ')}.`, {
      help: 'Name one with --model.',
    });
  const own = compared.filter((item) => model === undefined || item.model === model);
  if (own.length === 0) throw refuse('model', model ?? '', models);
  if (metric === undefined) {
    const [first] = own;
    const bounded = own.find((item) => marginOf(item.metric) !== undefined) ?? first;
    if (bounded !== undefined) return bounded;
  }
  const name = findMetric(metric ?? '')?.name ?? metric;
  const found = own.find((item) => item.metric.name === name);
  if (found !== undefined) return found;
  throw refuse(
    'metric',
    metric ?? '',
    own.map((item) => item.metric.name),
  );
}

function refuse(kind: 'model' | 'metric', wanted: string, known: readonly string[]): UserError {
  const nearest = findNearest(wanted, known);
  const hint = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
  return new UserError(
    `The evidence has no comparison of the ${kind} \`${wanted}\`.${hint} It has: ${known.join(', ')}.`,
  );
}
