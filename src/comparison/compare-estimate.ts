/** What evidence says of one metric beside the baseline's, however the difference was estimated. */
import type { Estimate } from '../metrics/estimate.ts';
import { toInterval } from '../metrics/estimate.ts';
import type { LimitsAt } from '../metrics/limits.ts';
import { invertInterval } from '../statistics/interval.ts';
import { minimumDetectableEffect, nonInferioritySampleSize } from '../statistics/power.ts';
import type { Interval, Metric, MetricComparison, TrainingNoise } from '../schemas/evidence.generated.ts';
import type { Margin } from '../schemas/parse-margin.ts';
import type { BoundValues } from './gate.ts';
import { addTrainingNoise, scaleOf } from './training-noise.ts';

/** Two values of a metric and how to estimate their difference. */
export interface Difference {
  readonly method: Extract<MetricComparison['method'], 'paired' | 'unpaired' | 'noise' | 'folds' | 'seeds'>;
  /** The baseline's value. */
  readonly baseline: number;
  readonly direction: Metric['direction'];
  /** Candidate - baseline. */
  readonly whole: Estimate;
  /** Candidate - scale * baseline. */
  readonly estimateAt: (scale: number) => Estimate;
  /** How much the metric moves when main's recipe is trained again. */
  readonly trainingNoise?: TrainingNoise | undefined;
  /** For people: what the interval does not say. */
  readonly detail?: string | undefined;
}

export interface ComparisonLevels {
  /** One-sided error rate. */
  readonly alpha: number;
  readonly power: number;
}

/** The comparison with its interval, what was tested for the bounds, and what the sample could have shown. */
export function compareEstimate(
  difference: Difference,
  bounds: BoundValues | undefined,
  levels: ComparisonLevels,
): MetricComparison {
  const { method, baseline, direction, trainingNoise, detail } = difference;
  const estimate = estimateWithNoise(difference, 1, levels);
  const { maxRegression } = bounds ?? {};
  const relative =
    maxRegression?.kind === 'relative'
      ? testShare(difference, estimate, -maxRegression.value, levels)
      : undefined;
  const relatives = listShares(bounds).flatMap((change) => {
    const tested = testShare(difference, estimate, change, levels);
    return tested === undefined ? [] : [{ change, value: tested.value, interval: tested.interval }];
  });
  const pWorse = pOf(estimate, relative, maxRegression, direction);
  return {
    baseline,
    difference: estimate.value,
    ...(estimate.interval === undefined ? {} : { interval: estimate.interval }),
    method,
    ...(detail === undefined ? {} : { detail }),
    ...(method === 'paired' ? { pairs: estimate.n } : {}),
    ...marginOf(maxRegression),
    ...(relative === undefined ? {} : { relative: { value: relative.value, interval: relative.interval } }),
    ...(relatives.length === 0 ? {} : { relatives }),
    ...planOf(difference, estimate, relative?.spread, bounds, levels),
    ...(estimate.groups === undefined ? {} : { groups: estimate.groups }),
    ...(pWorse === undefined ? {} : { pWorse }),
    ...(trainingNoise === undefined ? {} : { trainingNoise }),
  };
}

/** The margin of a `max-regression` as a comparison has it. */
export function marginOf(margin: Margin | undefined): { margin?: number; relativeMargin?: number } {
  if (margin === undefined) return {};
  return margin.kind === 'absolute' ? { margin: margin.value } : { relativeMargin: margin.value };
}

function estimateWithNoise(difference: Difference, scale: number, { alpha }: ComparisonLevels): Estimate {
  const estimate = scale === 1 ? difference.whole : difference.estimateAt(scale);
  const { trainingNoise } = difference;
  if (trainingNoise === undefined || estimate.limitsAt === undefined) return estimate;
  const limitsAt = addTrainingNoise(estimate.value, estimate.limitsAt, trainingNoise, scale);
  const level = 1 - 2 * alpha;
  const method = `${estimate.interval?.method ?? ''}, widened by training noise`;
  const degenerate = estimate.interval?.degenerate === true;
  return { ...estimate, limitsAt, interval: toInterval(limitsAt(level), level, method, degenerate) };
}

interface TestedShare {
  readonly value: number;
  readonly interval: Interval;
  readonly spread: number;
  /** Limits of the quantity, turned as the value is. */
  readonly limitsAt: LimitsAt;
}

/**
 * The tested quantity of a share of the baseline, oriented so that positive is better than that share. Where the
 * difference has no spread, this quantity has only the spread of the baseline, of whose share it is made: that says
 * nothing of the two.
 */
function testShare(
  difference: Difference,
  whole: Estimate,
  change: number,
  levels: ComparisonLevels,
): TestedShare | undefined {
  if (difference.baseline <= 0) return undefined;
  const scale = scaleOf(change, difference.direction);
  // With a margin of 100 % of a metric that is better when higher, nothing of the baseline is left to beat.
  if (scale <= 0) return undefined;
  const { interval, limitsAt, value, spread } = estimateWithNoise(difference, scale, levels);
  if (interval === undefined || limitsAt === undefined) return undefined;
  const isStill = whole.interval === undefined || whole.interval.degenerate === true;
  const tested: Interval = isStill ? { ...interval, degenerate: true } : interval;
  if (difference.direction !== 'lower-is-better') return { value, interval: tested, spread, limitsAt };
  return {
    value: -value,
    interval: { ...tested, low: -tested.high, high: -tested.low },
    spread,
    limitsAt: (level) => {
      const { low, high } = limitsAt(level);
      return { low: -high, high: -low };
    },
  };
}

function shareOf(margin: Margin | undefined): readonly number[] {
  return margin?.kind === 'relative' ? [margin.value] : [];
}

/** Shares of the baseline that bounds other than `max-regression` ask about. */
function listShares(bounds: BoundValues | undefined): readonly number[] {
  const better = [...shareOf(bounds?.minImprovement), ...shareOf(bounds?.maxImprovement)];
  const both = shareOf(bounds?.maxChange);
  return [...new Set([...better, ...both, ...both.map((share) => -share)])];
}

function pOf(
  estimate: Estimate,
  relative: TestedShare | undefined,
  margin: Margin | undefined,
  direction: Metric['direction'],
): number | undefined {
  if (margin?.kind === 'relative') {
    return relative === undefined ? undefined : invertInterval(relative.limitsAt, 0).pLess;
  }
  if (margin === undefined || estimate.limitsAt === undefined) return undefined;
  return direction === 'lower-is-better'
    ? invertInterval(estimate.limitsAt, margin.value).pGreater
    : invertInterval(estimate.limitsAt, -margin.value).pLess;
}

/** What this test set could have seen, and how many examples would decide at the margin if both are equally good. */
function planOf(
  { method, baseline, trainingNoise }: Difference,
  estimate: Estimate,
  relativeSpread: number | undefined,
  bounds: BoundValues | undefined,
  { alpha, power }: ComparisonLevels,
): { smallestVisibleChange?: number; examplesToDecide?: number } {
  const { n, spread, reach = 0 } = estimate;
  if (n === 0 || !Number.isFinite(spread)) return {};
  const isOfExamples = method === 'paired' || method === 'unpaired';
  // Two trainings differ by this much on any number of examples.
  const noise = (trainingNoise?.standardDeviation ?? 0) * Math.SQRT2;
  const atOnce = Math.hypot(spread, noise * Math.sqrt(n));
  const smallestVisibleChange = Math.max(minimumDetectableEffect(atOnce, n, { alpha, power }), reach);
  const planned = bounds?.maxRegression ?? bounds?.maxChange;
  const margin = planned?.kind === 'relative' ? planned.value * Math.abs(baseline) : planned?.value;
  if (margin === undefined || margin === 0 || !isOfExamples) return { smallestVisibleChange };
  // To be the same both ends must be kept, each of which is missed by half of what power leaves.
  const target = { alpha, power: bounds?.maxRegression === undefined ? (1 + power) / 2 : power };
  const share = (minimumDetectableEffect(noise, 1, target) / margin) ** 2;
  if (share >= 1) return { smallestVisibleChange };
  const bySpread = nonInferioritySampleSize(relativeSpread ?? spread, margin, target) / (1 - share);
  const byReach = planForReach(n, reach, margin);
  const examples = Math.ceil(Math.max(bySpread, byReach, 1));
  return {
    smallestVisibleChange,
    ...(Number.isSafeInteger(examples) ? { examplesToDecide: examples } : {}),
  };
}

/**
 * Examples that bring down to a margin what unseen examples could do to a metric: z² / (k + z²) of the k that count,
 * which are a fixed share of all; for a metric that such a share does not bound it is taken to shrink as 1 / n.
 */
export function planForReach(n: number, reach: number, margin: number): number {
  const isShare = reach < 1 && margin < 1;
  return ((n * reach) / margin) * (isShare ? (1 - margin) / (1 - reach) : 1);
}
