import type { EstimateOptions, Estimate } from '../metrics/estimate.ts';
import { formOf, type Form } from '../metrics/forms.ts';
import { computeValue } from '../metrics/measure.ts';
import { streamOf } from '../metrics/stream-of.ts';
import { minimumDetectableEffect, nonInferioritySampleSize } from '../statistics/power.ts';
import { normalQuantile } from '../statistics/normal.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../outcomes/pair-outcomes.ts';
import type { Figure, Interval, Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import { addBaselineToFigures } from './compare-figures.ts';
import { estimateDifference } from './estimate-difference.ts';
import { isSameSubject, type MetricGate } from './gate.ts';
import { isUnchanged } from './is-unchanged.ts';
import type { Margin } from '../schemas/parse-margin.ts';

export interface ModelComparisonRequest {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
  /** The candidate's metrics and figures, as measured. */
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly gates: readonly MetricGate[];
  /** Whether both models' files have the same digest. */
  readonly sameSubject: boolean;
  readonly alpha: number;
  readonly power: number;
  readonly seed: number;
  readonly resamples: number;
}

/**
 * The candidate's metrics beside the baseline's on the same examples: difference with interval, what the test set could
 * have seen, what would decide. Metrics without a margin are compared too. Where the two cannot be paired, every metric
 * says why instead.
 */
export function compareModel(request: ModelComparisonRequest): {
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
} {
  const { candidate, baseline, metrics, figures } = request;
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind === 'unpaired') {
    const { reason, detail } = pairing;
    const values = baselineValues(baseline, metrics);
    return {
      metrics: metrics.map((metric) => withoutPair(metric, values.get(metric.name) ?? null, reason, detail)),
      figures,
    };
  }
  const { pair } = pairing;
  const unchanged = isUnchanged(pair, request.sameSubject);
  return {
    metrics: metrics.map((metric) => compareMetric(metric, pair, unchanged, request)),
    figures: addBaselineToFigures(figures, pair, request.alpha),
  };
}

/**
 * Metrics that cannot be compared example by example, because the baseline's outcomes were not kept: each says so, with
 * the value that the baseline's evidence has for it.
 */
export function markIncomparable(
  metrics: readonly Metric[],
  baselineMetrics: readonly Metric[],
  detail: string,
): readonly Metric[] {
  return metrics.map((metric) => {
    const same = baselineMetrics.find(
      (other) => other.name === metric.name && isSameSubject(metric.about, other.about),
    );
    return same === undefined
      ? withoutPair(metric, null, 'not-in-baseline', 'The baseline has no such metric.')
      : withoutPair(metric, same.value, 'outcomes-missing', detail);
  });
}

function withoutPair(
  metric: Metric,
  baseline: number | null,
  reason: NonNullable<MetricComparison['reason']>,
  detail: string,
): Metric {
  return { ...metric, comparison: { baseline, difference: null, method: 'none', reason, detail } };
}

function baselineValues(baseline: Outcomes, metrics: readonly Metric[]): ReadonlyMap<string, number | null> {
  return new Map(
    metrics.map(({ name }) => {
      const form = formOf(name, baseline);
      const value = form === undefined ? Number.NaN : computeValue(form);
      return [name, Number.isFinite(value) ? value : null];
    }),
  );
}

function compareMetric(
  metric: Metric,
  pair: OutcomesPair,
  unchanged: boolean,
  request: ModelComparisonRequest,
): Metric {
  const [candidate, baseline] = [formOf(metric.name, pair.candidate), formOf(metric.name, pair.baseline)];
  if (candidate === undefined || baseline === undefined) {
    return withoutPair(
      metric,
      null,
      'not-in-baseline',
      'The baseline has no scores to compute this metric from.',
    );
  }
  const value = computeValue(baseline);
  if (metric.value === null || !Number.isFinite(value)) {
    const whose = metric.value === null ? "The candidate's" : "The baseline's";
    const known = Number.isFinite(value) ? value : null;
    return withoutPair(metric, known, 'not-finite', `${whose} value is undefined on this test set.`);
  }
  const margin = request.gates.find(
    (gate) => gate.metric === metric.name && isSameSubject(gate.about, metric.about),
  )?.maxRegression;
  const comparison = unchanged
    ? ({
        baseline: value,
        difference: 0,
        method: 'unchanged',
        pairs: pair.candidate.n,
        ...marginOf(margin),
      } as const)
    : comparePaired(metric, { candidate, baseline, value }, margin, request);
  return { ...metric, comparison };
}

function comparePaired(
  metric: Metric,
  forms: { readonly candidate: Form; readonly baseline: Form; readonly value: number },
  margin: Margin | undefined,
  request: ModelComparisonRequest,
): MetricComparison {
  const { candidate, baseline, value } = forms;
  const options = { level: 1 - 2 * request.alpha, resamples: request.resamples };
  // The same stream for both: the same resamples of the same examples.
  const stream = (): EstimateOptions => ({
    ...options,
    random: streamOf(request.seed, `compare ${metric.name}`),
  });
  const difference = estimateDifference(candidate, baseline, { ...stream(), scale: 1 });
  if (difference === undefined) throw new TypeError(`Two forms of ${metric.name} cannot be compared.`);
  const relative =
    margin?.kind === 'relative' && value > 0
      ? estimateRelative(candidate, baseline, difference, {
          ...stream(),
          share: margin.value,
          direction: metric.direction,
        })
      : undefined;
  return {
    baseline: value,
    difference: difference.value,
    ...(difference.interval === undefined ? {} : { interval: difference.interval }),
    method: 'paired',
    pairs: difference.n,
    ...marginOf(margin),
    ...(relative === undefined ? {} : { relative: { value: relative.value, interval: relative.interval } }),
    ...planOf(difference, relative, absoluteMargin(margin, value), request),
  };
}

function marginOf(margin: Margin | undefined): { margin?: number; relativeMargin?: number } {
  if (margin === undefined) return {};
  return margin.kind === 'absolute' ? { margin: margin.value } : { relativeMargin: margin.value };
}

function absoluteMargin(margin: Margin | undefined, baseline: number): number | undefined {
  if (margin === undefined) return undefined;
  return margin.kind === 'absolute' ? margin.value : margin.value * Math.abs(baseline);
}

interface RelativeOptions extends EstimateOptions {
  readonly share: number;
  readonly direction: Metric['direction'];
}

/**
 * The tested quantity of a relative margin, oriented so that it must not be negative. Where the difference has no
 * spread, this quantity has only the spread of the baseline, of whose share it is made: that says nothing of the two.
 */
function estimateRelative(
  candidate: Form,
  baseline: Form,
  difference: Estimate,
  { share, direction, ...options }: RelativeOptions,
): { readonly value: number; readonly interval: Interval; readonly spread: number } | undefined {
  const lower = direction === 'lower-is-better';
  const scale = lower ? 1 + share : 1 - share;
  // With a margin of 100 % of a metric that is better when higher, nothing of the baseline is left to beat.
  if (scale <= 0) return undefined;
  const estimate = estimateDifference(candidate, baseline, { ...options, scale });
  if (estimate?.interval === undefined) return undefined;
  const { value, spread } = estimate;
  const still = difference.interval === undefined || difference.interval.degenerate === true;
  const interval: Interval = still ? { ...estimate.interval, degenerate: true } : estimate.interval;
  if (!lower) return { value, interval, spread };
  return { value: -value, interval: { ...interval, low: -interval.high, high: -interval.low }, spread };
}

/** What this test set could have seen, and how many examples would decide at the margin if both are equally good. */
function planOf(
  difference: Estimate,
  relative: { readonly spread: number } | undefined,
  margin: number | undefined,
  request: ModelComparisonRequest,
): { smallestVisibleChange?: number; examplesToDecide?: number } {
  const { n, spread, reach = 0 } = difference;
  if (n === 0 || !Number.isFinite(spread)) return {};
  const target = { alpha: request.alpha, power: request.power };
  const smallestVisibleChange = Math.max(minimumDetectableEffect(spread, n, target), reach);
  if (margin === undefined || margin === 0) return { smallestVisibleChange };
  const bySpread = nonInferioritySampleSize(relative?.spread ?? spread, margin, target);
  // Reach shrinks as 1 / (n + z^2), so this many examples bring it down to the margin.
  const square = normalQuantile(request.alpha) ** 2;
  const byReach = (reach * (n + square)) / margin - square;
  const examples = Math.ceil(Math.max(bySpread, byReach, 1));
  return {
    smallestVisibleChange,
    ...(Number.isSafeInteger(examples) ? { examplesToDecide: examples } : {}),
  };
}
