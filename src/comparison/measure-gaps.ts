import { toInterval, type Estimate } from '../metrics/estimate.ts';
import { releaseForm, type Form } from '../metrics/form.ts';
import { formOf } from '../metrics/form-of.ts';
import { influencesOf } from '../metrics/influences.ts';
import { studentLimits, widest, type LimitsAt } from '../metrics/limits.ts';
import { measureForm } from '../metrics/measure.ts';
import { streamOf } from '../metrics/stream-of.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { selectRows } from '../outcomes/select-rows.ts';
import type { OutcomesSlice } from '../outcomes/slices.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { estimateUnpaired } from './estimate-unpaired.ts';
import type { MetricGate } from './gate.ts';

export interface GapRequest {
  readonly outcomes: Outcomes;
  readonly slices: readonly OutcomesSlice[];
  readonly gates: readonly MetricGate[];
  /** One-sided error rate: intervals have the two-sided level 1 - 2 alpha. */
  readonly alpha: number;
  readonly seed: number;
  readonly resamples: number;
}

type Gap = NonNullable<Metric['gap']>;

/**
 * Metrics of slices with the gap to all examples outside, where a `max-gap` asks for it. Slice and rest have no example in
 * common, so they are two samples: unless some groups have examples in both, whose effects on either are then added up
 * by group. The interval is the wider of the two, because groups that are alike in both parts would make it narrower than
 * what few of them can show.
 */
export function addGaps(metrics: readonly Metric[], request: GapRequest): readonly Metric[] {
  const asked = new Set(request.gates.flatMap((gate) => (gate.maxGap === undefined ? [] : [gate.metric])));
  if (asked.size === 0) return metrics;
  const rows = new Map(request.slices.map((slice) => [slice.name, slice.rows]));
  return metrics.map((metric) => {
    const own = rows.get(metric.about.slice ?? '');
    if (metric.about.slice === undefined || own === undefined || !asked.has(metric.name)) return metric;
    return { ...metric, gap: measureGap(metric, own, request) };
  });
}

/** A slice, or all outside it. */
interface MeasuredPart {
  readonly form: Form;
  readonly estimate: Estimate;
  readonly rows: Uint32Array;
  readonly weights: Float64Array | undefined;
}

function measureGap(metric: Metric, rows: Uint32Array, request: GapRequest): Gap {
  const { outcomes } = request;
  const outside = complementOf(rows, outcomes.n);
  if (outside.length === 0) return { rest: null, n: 0, difference: null };
  const [slice, rest] = [rows, outside].map((own) => measurePart(metric, own, request));
  if (slice === undefined || rest === undefined) return { rest: null, n: outside.length, difference: null };
  const { value: ofRest, n } = rest.estimate;
  const isKnown = Number.isFinite(slice.estimate.value) && Number.isFinite(ofRest);
  const interval = isKnown ? estimateGap(slice, rest, outcomes.groups, 1 - 2 * request.alpha) : undefined;
  releaseForm(slice.form);
  releaseForm(rest.form);
  return {
    rest: Number.isFinite(ofRest) ? ofRest : null,
    n: Number.isFinite(ofRest) ? n : outside.length,
    difference: isKnown ? slice.estimate.value - ofRest : null,
    ...(interval === undefined ? {} : { interval }),
  };
}

function estimateGap(
  slice: MeasuredPart,
  rest: MeasuredPart,
  groups: Uint32Array | undefined,
  level: number,
): Gap['interval'] {
  const independent = estimateUnpaired(slice.estimate, rest.estimate, { scale: 1, level });
  if (independent.limitsAt === undefined) return undefined;
  const clustered = groups === undefined ? undefined : clusterParts(slice, rest, groups);
  const limitsAt = clustered === undefined ? independent.limitsAt : widest([independent.limitsAt, clustered]);
  const known = (independent.interval?.method ?? '').replace('unpaired, ', '');
  const method = `slice against the rest, ${known}${clustered === undefined ? '' : ' and by groups of both'}`;
  return toInterval(limitsAt(level), level, method, independent.interval?.degenerate === true);
}

/** Limits of the difference where groups have examples in both parts; undefined where none has. */
function clusterParts(slice: MeasuredPart, rest: MeasuredPart, groups: Uint32Array): LimitsAt | undefined {
  const [ofSlice, ofRest] = [slice, rest].map(({ rows }) => new Set(Array.from(rows, (row) => groups[row])));
  if (ofSlice === undefined || ofRest === undefined || ![...ofSlice].some((group) => ofRest.has(group)))
    return undefined;
  const effects = new Map<number, number>();
  for (const [part, sign] of [
    [slice, 1],
    [rest, -1],
  ] as const) {
    const influences = influencesOf(part.form, part.weights);
    if (influences === undefined) return undefined;
    part.rows.forEach((row, index) => {
      const group = groups[row] ?? 0;
      const effect = (sign * (influences[index] ?? 0)) / influences.length;
      effects.set(group, (effects.get(group) ?? 0) + effect);
    });
  }
  const fewest = Math.min(ofSlice.size, ofRest.size);
  if (fewest < 2) return undefined;
  let squares = 0;
  for (const effect of effects.values()) squares += effect * effect;
  const standardError = Math.sqrt((squares * effects.size) / (effects.size - 1));
  return studentLimits(slice.estimate.value - rest.estimate.value, standardError, fewest - 1);
}

function complementOf(rows: Uint32Array, n: number): Uint32Array {
  const isOwn = new Uint8Array(n);
  for (const row of rows) isOwn[row] = 1;
  const outside = new Uint32Array(n - rows.length);
  let at = 0;
  for (let row = 0; row < n; row++) if (isOwn[row] === 0) outside[at++] = row;
  return outside;
}

function measurePart(
  { name, about }: Metric,
  rows: Uint32Array,
  { outcomes, alpha, seed, resamples }: GapRequest,
): MeasuredPart | undefined {
  const part = selectRows(outcomes, rows);
  const form = formOf(name, part);
  if (form === undefined) return undefined;
  const { groups, strata, weights } = part;
  const estimate = measureForm(form, {
    level: 1 - 2 * alpha,
    random: streamOf(seed, `gap ${name} ${about.slice ?? ''}`),
    resamples,
    groups,
    strata: strata?.codes,
    weights,
  });
  return { form, estimate, rows, weights };
}
