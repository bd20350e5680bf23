import type { BaselineUsed, Check, Metric } from '../schemas/evidence.generated.ts';
import type { Margin } from '../schemas/parse-margin.ts';
import { sha256 } from '../evidence/digest.ts';
import { correctForMany } from './correct-for-many.ts';
import { formatPercent } from './format-number.ts';
import {
  CHANGE_BOUNDS,
  changeBoundOf,
  isGateOf,
  listBounds,
  type Bound,
  type ChangeBound,
  type MetricGate,
} from './gate.ts';
import { judgeBound } from './judge-bound.ts';
import { judgeChange } from './judge-change.ts';
import { judgeGap } from './judge-gap.ts';
import { pBeyond } from './interval-p-value.ts';
import { missingFinding, type Judgement } from './judgement.ts';

export interface JudgeRequest {
  readonly metrics: readonly Metric[];
  readonly gates: readonly MetricGate[];
  /** What the metrics were compared with; undefined or rung `none` where there is nothing. */
  readonly baseline?: BaselineUsed | undefined;
  /** One-sided error rate of each test: intervals of another level are not accepted. */
  readonly alpha: number;
  /** By the id of a check: why its margin is too small for this test set, as `listUndecidable` says it. */
  readonly undecidable?: ReadonlyMap<string, string>;
}

/**
 * One check for each bound of each gate, and of a gate on every slice for each slice. A pure function of the metrics as
 * evidence has them, so that a trusted stage can judge a stranger's evidence again with its own thresholds. That a
 * metric is worse than its margin must hold after Holm's correction for all margins of its model.
 */
export function judgeMetrics(request: JudgeRequest): readonly Check[] {
  const answers = expandGates(request.gates, request.metrics).flatMap(({ gate, metric }) =>
    listBounds(gate).map((bound) => ({
      gate,
      bound,
      metric,
      judgement: judgeOne(gate, bound, metric, request),
    })),
  );
  return correctForMany(answers, request.alpha).map((answer) => toCheck(answer));
}

/** A bound of a gate with what was judged of it. */
export interface Answer {
  readonly gate: MetricGate;
  readonly bound: Bound;
  readonly metric: Metric | undefined;
  readonly judgement: Judgement;
}

/** Each gate with the metric that it bounds; a gate on every slice once for each slice that was measured. */
function expandGates(
  gates: readonly MetricGate[],
  metrics: readonly Metric[],
): readonly { readonly gate: MetricGate; readonly metric: Metric | undefined }[] {
  return gates.flatMap((gate) => {
    const bounded = metrics.filter((metric) => isGateOf(gate, metric));
    if (gate.everySlice !== true || bounded.length === 0) return [{ gate, metric: bounded[0] }];
    const { everySlice: _, ...rest } = gate;
    // Evidence of untrusted code may hold two metrics of one slice; the first counts, as it does without slices.
    const bySlice = new Map<string, Metric>();
    for (const metric of bounded) {
      const { slice = '' } = metric.about;
      if (!bySlice.has(slice)) bySlice.set(slice, metric);
    }
    return Array.from(bySlice, ([slice, metric]) => ({
      gate: { ...rest, about: { ...gate.about, slice } },
      metric,
    }));
  });
}

function judgeOne(
  gate: MetricGate,
  bound: Bound,
  metric: Metric | undefined,
  request: JudgeRequest,
): Judgement {
  if (metric === undefined) return missingFinding(gate, listNeighbours(gate, request.metrics));
  if (bound === 'expect') {
    return { verdict: 'pass', message: `The slice is there, with ${String(metric.n ?? 0)} examples.` };
  }
  const { alpha, baseline, undecidable } = request;
  if (bound === 'at-least') return judgeLimit(metric, bound, limitOf(gate.atLeast), alpha);
  if (bound === 'at-most') return judgeLimit(metric, bound, limitOf(gate.atMost), alpha);
  if (bound === 'max-gap') return judgeGap(metric, limitOf(gate.maxGap), alpha);
  const hint = undecidable?.get(gateCheckId(gate, bound));
  return judgeChange(metric, { gate, bound, margin: marginOf(gate, bound), baseline, alpha, hint });
}

/** What somebody may have meant who names something that is not there. */
function listNeighbours({ about, expect }: MetricGate, metrics: readonly Metric[]): readonly string[] {
  return metrics
    .filter((metric) => metric.about.model === about.model && metric.about.metricsFile === about.metricsFile)
    .flatMap((metric) => (expect === true ? (metric.about.slice ?? []) : metric.name));
}

/** The bound of a slice is one of many: its p-value is what Holm's correction needs. */
function judgeLimit(metric: Metric, bound: 'at-least' | 'at-most', limit: number, alpha: number): Judgement {
  const judgement = judgeBound(metric, bound, limit, alpha);
  const { value, interval, about } = metric;
  if (about.slice === undefined || judgement.verdict !== 'fail' || value === null || interval === undefined)
    return judgement;
  return { ...judgement, pWorse: pBeyond(value, interval, limit, metric.n) };
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined) throw new TypeError('A bound that is set has a limit.');
  return limit;
}

function marginOf(gate: MetricGate, bound: ChangeBound): Margin {
  const margin = changeBoundOf(gate, bound);
  if (margin === undefined) throw new TypeError(`The gate of ${gate.metric} has no ${bound}.`);
  return margin;
}

/** Longest id that evidence holds, and what of a longer one stays readable. */
const MAX_ID = 300;
const READABLE = 200;

/**
 * `model/churn/roc_auc/max-regression`, `model/churn/region=north/accuracy/max-regression`,
 * `metrics/training/val_loss/at-most`: stable from run to run.
 */
export function gateCheckId(gate: Pick<MetricGate, 'about' | 'metric' | 'everySlice'>, bound: Bound): string {
  const { model, metricsFile, slice } = gate.about;
  const subject = model === undefined ? `metrics/${metricsFile ?? ''}` : `model/${model}`;
  const part = gate.everySlice === true ? ['slices'] : slice === undefined ? [] : [slice];
  const id = [subject, ...part, gate.metric, bound].join('/');
  return id.length <= MAX_ID ? id : `${id.slice(0, READABLE)}…${sha256(id).slice(0, 16)}/${bound}`;
}

function isChangeBound(bound: Bound): bound is ChangeBound {
  return CHANGE_BOUNDS.some((known) => known === bound);
}

function expectedOf(gate: MetricGate, bound: Bound): number | string | undefined {
  if (bound === 'at-least') return gate.atLeast;
  if (bound === 'at-most') return gate.atMost;
  if (bound === 'max-gap') return gate.maxGap;
  if (bound === 'expect') return undefined;
  const margin = changeBoundOf(gate, bound);
  return margin?.kind === 'relative' ? formatPercent(margin.value).replace(' ', '') : margin?.value;
}

function observedOf(metric: Metric | undefined, bound: Bound): number | null | undefined {
  if (bound === 'expect') return undefined;
  if (bound === 'max-gap') return metric?.gap?.difference;
  return isChangeBound(bound) ? metric?.comparison?.difference : metric?.value;
}

function toCheck({ gate, bound, metric, judgement }: Answer): Check {
  const { verdict, reason, message, correction, neededExamples } = judgement;
  const observed = observedOf(metric, bound);
  const expected = expectedOf(gate, bound);
  const rows = metric?.comparison?.pairs ?? metric?.n;
  return {
    id: gateCheckId(gate, bound),
    name: bound,
    about: metric?.about ?? gate.about,
    metric: gate.metric,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    severity: gate.severity,
    ...(observed === undefined || observed === null ? {} : { observed }),
    ...(expected === undefined ? {} : { expected }),
    ...correction,
    ...(neededExamples === undefined ? {} : { neededExamples }),
    message,
    ...(rows === undefined ? {} : { rows }),
    source: gate.boundSources[bound] ?? gate.source,
  };
}
