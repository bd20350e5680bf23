import { UNDEFINED_ESTIMATE, type Estimate } from '../metrics/estimate.ts';
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
import { compareStated } from './stated-spread.ts';

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
 * Numbers of somebody else's files beside the baseline's: by how much they are known to vary, by what both files say of
 * their uncertainty, or, where nobody knows that, by the point rule. The evidence says which.
 */
export function comparePoints(
  request: NumbersRequest,
  baselineMetrics: readonly Metric[],
): readonly Metric[] {
  const vanished = listVanished(request.metrics, baselineMetrics);
  const shown = addNumberIntervals(request);
  return request.metrics.map((metric, position) => {
    const same = baselineMetrics.find(
      (other) => other.name === metric.name && isSameSubject(metric.about, other.about),
    );
    const comparison =
      same === undefined ? explainNew(metric, vanished) : compareNumber(metric, same, request);
    return { ...(shown[position] ?? metric), comparison };
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
  const stated = compareByWord(metric, same, gate, levels);
  if (stated !== undefined) return stated;
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

/** The comparison of two numbers whose files both say how sure they are; undefined where one does not. */
function compareByWord(
  metric: Metric,
  same: Metric,
  gate: MetricGate | undefined,
  levels: ComparisonLevels,
): MetricComparison | undefined {
  const level = 1 - 2 * levels.alpha;
  const whole = compareStated(metric, same, { scale: 1, level });
  if (whole === undefined || same.value === null) return undefined;
  const estimateAt = (scale: number): Estimate =>
    compareStated(metric, same, { scale, level }) ?? UNDEFINED_ESTIMATE;
  const { examplesToDecide, ...comparison } = compareEstimate(
    {
      method: 'unpaired',
      baseline: same.value,
      direction: metric.direction,
      whole,
      estimateAt,
      detail: 'By what the two files say of their own uncertainty, as if they shared no example.',
    },
    gate,
    levels,
  );
  // Where examples are not counted, nobody can say how many more it takes.
  return metric.n === undefined || examplesToDecide === undefined
    ? comparison
    : { ...comparison, examplesToDecide };
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
