import type { Estimate } from '../metrics/estimate.ts';
import { findNearest } from '../evidence/find-nearest.ts';
import type { Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import { compareEstimate, marginOf, type ComparisonLevels } from './compare-estimate.ts';
import { describeDefinitions } from './compare-model.ts';
import { isGateOf, isSameSubject, type MetricGate } from './gate.ts';
import {
  addNumberInterval,
  estimateNumberDifference,
  findTooFewTrainings,
  findUnequalLists,
  spreadOf,
  type HistoryNoise,
  type Spread,
} from './number-spread.ts';

export interface NumbersRequest {
  readonly metrics: readonly Metric[];
  readonly gates: readonly MetricGate[];
  /** Noise of a number from main's history, by its key; undefined where history is too short. */
  readonly noiseOf: (key: string) => HistoryNoise | undefined;
  readonly levels: ComparisonLevels;
}

/** Numbers with the intervals that the config's word on their noise, folds or seeds gives them. */
export function addNumberIntervals({ metrics, gates, noiseOf, levels }: NumbersRequest): readonly Metric[] {
  return metrics.map((metric) => {
    const gate = gates.find((one) => isGateOf(one, metric));
    return addNumberInterval(metric, spreadOf(gate, noiseOf), 1 - 2 * levels.alpha);
  });
}

/**
 * Numbers of somebody else's files beside the baseline's: by how much they are known to vary, or, where nobody knows
 * that, by the point rule. The evidence says which.
 */
export function comparePoints(
  request: NumbersRequest,
  baselineMetrics: readonly Metric[],
): readonly Metric[] {
  const vanished = listVanished(request.metrics, baselineMetrics);
  return addNumberIntervals(request).map((metric) => {
    const same = baselineMetrics.find(
      (other) => other.name === metric.name && isSameSubject(metric.about, other.about),
    );
    const comparison =
      same === undefined ? explainNew(metric, vanished) : compareNumber(metric, same, request);
    return { ...metric, comparison };
  });
}

/** Keys of the same files that the baseline has and the candidate has not. */
export function listVanished(
  metrics: readonly Metric[],
  baselineMetrics: readonly Metric[],
): readonly string[] {
  const files = new Set(metrics.map(({ about }) => about.metricsFile));
  return baselineMetrics
    .filter(({ about }) => about.metricsFile !== undefined && files.has(about.metricsFile))
    .filter(
      (other) =>
        !metrics.some((metric) => metric.name === other.name && isSameSubject(metric.about, other.about)),
    )
    .map(({ name }) => name);
}

const NOTHING = { difference: null, method: 'none' } as const;

function explainNew(metric: Metric, vanished: readonly string[]): MetricComparison {
  const nearest = findNearest(metric.name, vanished);
  const renamed = nearest === undefined ? '' : ` It has \`${nearest}\`, which is gone now: was it renamed?`;
  const detail = `The baseline has no such number.${renamed}`;
  return { baseline: null, ...NOTHING, reason: 'not-in-baseline', detail };
}

function compareNumber(metric: Metric, same: Metric, request: NumbersRequest): MetricComparison {
  const { gates, noiseOf, levels } = request;
  const [value, baseline] = [metric.value, same.value];
  if (same.definition !== metric.definition) {
    const detail = describeDefinitions(metric, same);
    return { baseline, ...NOTHING, reason: 'definition-changed', detail };
  }
  if (value === null || baseline === null) {
    const detail = `${value === null ? "The candidate's" : "The baseline's"} value is not a finite number.`;
    return { baseline, ...NOTHING, reason: 'not-finite', detail };
  }
  const gate = gates.find((one) => isGateOf(one, metric));
  const spread = spreadOf(gate, noiseOf);
  if (spread !== undefined) {
    const numbers = {
      candidate: { value, values: metric.values ?? [] },
      baseline: { value: baseline, values: same.values ?? [] },
    };
    return compareSpread(metric, numbers, spread, gate, levels);
  }
  const short =
    gate?.noise === 'history' ? { detail: "Main's history is too short to say how much it varies." } : {};
  return {
    baseline,
    difference: value - baseline,
    method: 'point-rule',
    ...short,
    ...marginOf(gate?.maxRegression),
  };
}

function compareSpread(
  { direction }: Metric,
  numbers: Parameters<typeof estimateNumberDifference>[0],
  spread: Spread,
  gate: MetricGate | undefined,
  levels: ComparisonLevels,
): MetricComparison {
  const baseline = numbers.baseline.value;
  const [own, other] = [numbers.candidate.values, numbers.baseline.values];
  const unequal = findUnequalLists(spread, own, other);
  if (unequal !== undefined) {
    return { baseline, ...NOTHING, reason: 'outcomes-missing', detail: unequal };
  }
  const level = 1 - 2 * levels.alpha;
  const detail =
    spread.kind === 'seeds' ? findTooFewTrainings(own.length, other.length, levels.alpha) : undefined;
  const estimateAt = (scale: number): Estimate => estimateNumberDifference(numbers, spread, { scale, level });
  return compareEstimate(
    { method: spread.kind, baseline, direction, whole: estimateAt(1), estimateAt, detail },
    gate,
    levels,
  );
}
