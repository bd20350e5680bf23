/** How much a metric moves when a recipe is trained again, as a part of the uncertainty of a comparison. */
import type { LimitsAt } from '../metrics/limits.ts';
import { studentTUpperQuantile } from '../statistics/distributions.ts';
import { tailProbability } from '../statistics/interval.ts';
import { estimateMean } from '../statistics/means.ts';
import type { Interval, Metric, MetricComparison, TrainingNoise } from '../schemas/evidence.generated.ts';

/**
 * Spread of a metric over trainings of one recipe with other seeds; undefined for fewer than two.
 * @param values the metric of each training on the same test set
 */
export function measureTrainingNoise(values: readonly number[]): TrainingNoise | undefined {
  if (values.length < 2 || values.some((value) => !Number.isFinite(value))) return undefined;
  return { standardDeviation: estimateMean(values).standardDeviation, trainings: values.length };
}

/** Half the width that the noise of two trainings gives to candidate - scale * baseline, at a two-sided level. */
function halfWidthOf({ standardDeviation, trainings }: TrainingNoise, scale: number, level: number): number {
  const quantile = studentTUpperQuantile(tailProbability(level), trainings - 1);
  return quantile * standardDeviation * Math.hypot(1, scale);
}

/**
 * Limits for the difference of two recipes from those for two trained models: the distances to the limits and those of
 * the training noise, each at its own quantile, are squared and added. The candidate's recipe is taken to be as noisy
 * as main's.
 * Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693-1702, equation 4, for the sum of two effects.
 */
export function addTrainingNoise(
  value: number,
  limitsAt: LimitsAt,
  noise: TrainingNoise,
  scale: number,
): LimitsAt {
  return (level) => {
    const { low, high } = limitsAt(level);
    const half = halfWidthOf(noise, scale, level);
    return { low: value - Math.hypot(value - low, half), high: value + Math.hypot(high - value, half) };
  };
}

/** What the baseline is multiplied by where a share of it is tested, which is negative for a change for the worse. */
export function scaleOf(change: number, direction: Metric['direction']): number {
  return direction === 'lower-is-better' ? 1 - change : 1 + change;
}

/** The comparison as it was before training noise was added: of these two models. Undefined where none was. */
export function withoutTrainingNoise(
  comparison: MetricComparison,
  direction: Metric['direction'],
): MetricComparison | undefined {
  const { trainingNoise, difference, interval, relative, relatives, relativeMargin = 0 } = comparison;
  if (trainingNoise === undefined || difference === null || interval === undefined) return undefined;
  const narrow = (value: number, wide: Interval, scale: number): Interval => {
    const half = halfWidthOf(trainingNoise, scale, wide.level);
    const shrink = (distance: number): number => Math.sqrt(Math.max(0, distance ** 2 - half ** 2));
    return { ...wide, low: value - shrink(value - wide.low), high: value + shrink(wide.high - value) };
  };
  const narrowShare = <Tested extends { readonly value: number; readonly interval: Interval }>(
    tested: Tested,
    change: number,
  ): Tested => ({ ...tested, interval: narrow(tested.value, tested.interval, scaleOf(change, direction)) });
  return {
    ...comparison,
    interval: narrow(difference, interval, 1),
    ...(relative === undefined ? {} : { relative: narrowShare(relative, -relativeMargin) }),
    ...(relatives === undefined
      ? {}
      : { relatives: relatives.map((tested) => narrowShare(tested, tested.change)) }),
  };
}
