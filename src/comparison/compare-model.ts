import type { Estimate, EstimateOptions } from '../metrics/estimate.ts';
import { releaseForm, type Form } from '../metrics/form.ts';
import { formOf } from '../metrics/form-of.ts';
import { computeValue, measureForm } from '../metrics/measure.ts';
import { streamOf } from '../metrics/stream-of.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes, type OutcomesPair } from '../outcomes/pair-outcomes.ts';
import { selectRows } from '../outcomes/select-rows.ts';
import type { OutcomesSlice } from '../outcomes/slices.ts';
import type { Figure, Metric, MetricComparison, TrainingNoise } from '../schemas/evidence.generated.ts';
import { compareEstimate, marginOf, type Difference } from './compare-estimate.ts';
import { addBaselineToFigures } from './compare-figures.ts';
import { estimateDifference, type PairedEstimate } from './estimate-difference.ts';
import { estimateUnpaired } from './estimate-unpaired.ts';
import { isGateOf, isSameSubject, type MetricGate } from './gate.ts';
import { isUnchanged } from './is-unchanged.ts';
import { measureTrainingNoise } from './training-noise.ts';

export interface ModelComparisonRequest {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
  /** The candidate's metrics and figures, as measured, on the whole test set and on slices. */
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly gates: readonly MetricGate[];
  /** The parts of the test set that metrics are about. */
  readonly slices: readonly OutcomesSlice[];
  /** Compare as two independent samples. */
  readonly unpaired: boolean;
  /** Further trainings of the baseline's recipe, on the candidate's test set. */
  readonly seeds: readonly Outcomes[];
  /**
   * What main recorded of its own. Where it holds the noise of training a metric again, that counts and not the one of
   * `seeds`: those files come with the change, which could make them as wild as it needs.
   */
  readonly recorded?: readonly Metric[];
  /** Whether both models' files have the same digest. */
  readonly sameSubject: boolean;
  readonly alpha: number;
  readonly power: number;
  readonly seed: number;
  readonly resamples: number;
}

/**
 * The candidate's metrics beside the baseline's on the same examples: difference with interval, what the test set could
 * have seen, what would decide. Metrics without a margin are compared too. Where the two cannot be paired, and are not
 * to be compared as two samples, every metric says why instead.
 */
export function compareModel(request: ModelComparisonRequest): {
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
} {
  const { candidate, baseline, metrics, figures, unpaired } = request;
  const changed = findChangedMeaning(candidate, baseline);
  if (changed !== undefined) {
    return {
      metrics: metrics.map((metric) => withoutPair(metric, null, 'definition-changed', changed)),
      figures,
    };
  }
  if (unpaired) return { metrics: compareParts(request, metrics, { candidate, baseline }), figures };
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind === 'unpaired') {
    const { reason, detail } = pairing;
    return {
      metrics: metrics.map((metric) => withoutPair(metric, baselineValue(metric, baseline), reason, detail)),
      figures,
    };
  }
  const { pair } = pairing;
  return {
    metrics: compareParts(request, metrics, pair),
    figures: addBaselineToFigures(figures, pair, request.alpha),
  };
}

/**
 * Where the label that was negative is positive now, the same numbers mean something else. Labels that are only spelled
 * in another way do not matter.
 */
export function findChangedMeaning(candidate: Outcomes, baseline: Outcomes): string | undefined {
  if (candidate.task !== 'binary-classification' || baseline.task !== 'binary-classification')
    return undefined;
  const [negative, positive] = candidate.labels;
  if (positive !== baseline.labels[0] && negative !== baseline.labels[1]) return undefined;
  return `The positive label changed: it is ${quoteLabel(positive)} now and was ${quoteLabel(baseline.labels[1])} in the baseline. The next run on main records a baseline with the new one.`;
}

function quoteLabel(label: string): string {
  return JSON.stringify(label.slice(0, 80));
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
    if (same === undefined)
      return withoutPair(metric, null, 'not-in-baseline', 'The baseline has no such metric.');
    return same.definition === metric.definition
      ? withoutPair(metric, same.value, 'outcomes-missing', detail)
      : withoutPair(metric, same.value, 'definition-changed', describeDefinitions(metric, same));
  });
}

/** Why two numbers of one name are not compared. */
export function describeDefinitions(metric: Metric, baseline: Metric): string {
  return `Its definition changed: version ${metric.definition} now, ${baseline.definition} in the baseline. The next run on main records the new one.`;
}

function withoutPair(
  metric: Metric,
  baseline: number | null,
  reason: NonNullable<MetricComparison['reason']>,
  detail: string,
): Metric {
  return { ...metric, comparison: { baseline, difference: null, method: 'none', reason, detail } };
}

/** The baseline's own value on its own test set; null where there is none, or where it is of a part of the test set. */
function baselineValue({ name, about }: Metric, baseline: Outcomes): number | null {
  const form = about.slice === undefined ? formOf(name, baseline) : undefined;
  const value = form === undefined ? Number.NaN : computeValue(form, baseline.weights);
  return Number.isFinite(value) ? value : null;
}

/** Both models on one part of the test set, or on all of it. */
interface Part {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
  readonly seeds: readonly Outcomes[];
  readonly unchanged: boolean;
}

function compareParts(
  request: ModelComparisonRequest,
  metrics: readonly Metric[],
  whole: OutcomesPair | { readonly candidate: Outcomes; readonly baseline: Outcomes },
): readonly Metric[] {
  const unchanged = !request.unpaired && 'task' in whole && isUnchanged(whole, request.sameSubject);
  const parts = new Map<string | undefined, Part | undefined>([
    [undefined, { candidate: whole.candidate, baseline: whole.baseline, seeds: request.seeds, unchanged }],
  ]);
  return metrics.map((metric) => {
    const { slice } = metric.about;
    if (!parts.has(slice)) parts.set(slice, selectPart(request, whole, slice, unchanged));
    const part = parts.get(slice);
    if (part === undefined) {
      const detail =
        'The baseline was recorded without the columns of the slices, and its examples are others.';
      return withoutPair(metric, null, 'outcomes-missing', detail);
    }
    return compareMetric(metric, part, request);
  });
}

function selectPart(
  { slices, seeds, unpaired }: ModelComparisonRequest,
  whole: { readonly candidate: Outcomes; readonly baseline: Outcomes },
  name: string | undefined,
  unchanged: boolean,
): Part | undefined {
  const slice = slices.find((one) => one.name === name);
  if (slice === undefined) throw new TypeError(`The slice ${name ?? ''} is not among those of the request.`);
  const { rows } = slice;
  const ofBaseline = unpaired ? findRows(whole.baseline, slice.values) : rows;
  if (ofBaseline === undefined) return undefined;
  return {
    candidate: selectRows(whole.candidate, rows),
    baseline: selectRows(whole.baseline, ofBaseline),
    seeds: seeds.map((outcomes) => selectRows(outcomes, rows)),
    unchanged,
  };
}

/** The rows with these values in the columns of slices; undefined where the outcomes lack a column. */
function findRows(outcomes: Outcomes, values: OutcomesSlice['values']): Uint32Array | undefined {
  const wanted = Object.entries(values).map(([name, value]) => {
    const column = outcomes.sliceColumns.get(name);
    return column && { codes: column.codes, code: column.values.indexOf(value) };
  });
  if (wanted.includes(undefined)) return undefined;
  const all = Uint32Array.from({ length: outcomes.n }, (_, row) => row);
  return all.filter((row) => wanted.every((column) => column?.codes[row] === column?.code));
}

function compareMetric(metric: Metric, part: Part, request: ModelComparisonRequest): Metric {
  const [candidate, baseline] = [formOf(metric.name, part.candidate), formOf(metric.name, part.baseline)];
  if (candidate === undefined || baseline === undefined) {
    const detail = 'The baseline has no scores to compute this metric from.';
    return withoutPair(metric, null, 'not-in-baseline', detail);
  }
  const gate = request.gates.find((one) => isGateOf(one, metric));
  if (part.unchanged && metric.value !== null) {
    const { value } = metric;
    const comparison = {
      baseline: value,
      difference: 0,
      method: 'unchanged',
      pairs: part.candidate.n,
      ...marginOf(gate?.maxRegression),
    } as const;
    return { ...metric, comparison };
  }
  const difference = differenceOf(metric, { candidate, baseline }, part, request);
  const value = difference.baseline;
  if (metric.value === null || !Number.isFinite(value)) {
    const whose = metric.value === null ? "The candidate's" : "The baseline's";
    const known = Number.isFinite(value) ? value : null;
    return withoutPair(metric, known, 'not-finite', `${whose} value is undefined on this test set.`);
  }
  const comparison = compareEstimate(difference, gate, request);
  releaseForm(candidate);
  releaseForm(baseline);
  return { ...metric, comparison };
}

function differenceOf(
  metric: Metric,
  forms: { readonly candidate: Form; readonly baseline: Form },
  part: Part,
  request: ModelComparisonRequest,
): Difference {
  const { name, direction, about } = metric;
  const { candidate, baseline } = forms;
  const purpose = about.slice === undefined ? `compare ${name}` : `compare ${name} ${about.slice}`;
  const level = 1 - 2 * request.alpha;
  // The same stream each time: the same resamples of the same examples.
  const optionsOf = ({ groups, strata, weights }: Outcomes): EstimateOptions => ({
    level,
    resamples: request.resamples,
    random: streamOf(request.seed, purpose),
    groups,
    strata: strata?.codes,
    weights,
  });
  if (!request.unpaired) {
    const estimateAt = (scale: number): PairedEstimate => {
      const estimate = estimateDifference(candidate, baseline, { ...optionsOf(part.candidate), scale });
      if (estimate === undefined) throw new TypeError(`Two forms of ${name} cannot be compared.`);
      return estimate;
    };
    const whole = estimateAt(1);
    const trainingNoise = noiseOf(metric, whole.baseline, part.seeds, request.recorded);
    return { method: 'paired', baseline: whole.baseline, direction, whole, estimateAt, trainingNoise };
  }
  const own = measureForm(candidate, optionsOf(part.candidate));
  const other = measureForm(baseline, optionsOf(part.baseline));
  const estimateAt = (scale: number): Estimate => estimateUnpaired(own, other, { scale, level });
  return {
    method: 'unpaired',
    baseline: other.value,
    direction,
    whole: estimateAt(1),
    estimateAt,
    trainingNoise: noiseOf(metric, other.value, part.seeds, request.recorded),
    detail: `Two independent samples: ${own.n} examples now, ${other.n} in the baseline.`,
  };
}

/** How much the metric moves over the baseline and further trainings of its recipe. */
function noiseOf(
  { name, about }: Metric,
  baseline: number,
  seeds: readonly Outcomes[],
  recorded: readonly Metric[] = [],
): TrainingNoise | undefined {
  if (seeds.length === 0) return undefined;
  const known = recorded.find((metric) => metric.name === name && isSameSubject(metric.about, about));
  if (known?.comparison?.trainingNoise !== undefined) return known.comparison.trainingNoise;
  return measureTrainingNoise([baseline, ...seeds.map((outcomes) => valueOf(name, outcomes))]);
}

function valueOf(name: string, outcomes: Outcomes): number {
  const form = formOf(name, outcomes);
  return form === undefined ? Number.NaN : computeValue(form, outcomes.weights);
}
