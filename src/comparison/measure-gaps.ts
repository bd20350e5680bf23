import { toInterval, type Estimate } from '../metrics/estimate.ts';
import { releaseForm } from '../metrics/form.ts';
import { formOf } from '../metrics/form-of.ts';
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
 * common, so they are two samples.
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

function measureGap(metric: Metric, rows: Uint32Array, request: GapRequest): Gap {
  const { outcomes } = request;
  const outside = complementOf(rows, outcomes.n);
  if (outside.length === 0) return { rest: null, n: 0, difference: null };
  const [slice, rest] = [rows, outside].map((own) => measurePart(metric, selectRows(outcomes, own), request));
  if (slice === undefined || rest === undefined) return { rest: null, n: outside.length, difference: null };
  const level = 1 - 2 * request.alpha;
  const difference = estimateUnpaired(slice, rest, { scale: 1, level });
  const isKnown = Number.isFinite(difference.value);
  const { limitsAt } = difference;
  const method = (difference.interval?.method ?? '').replace('unpaired, ', 'slice against the rest, ');
  const interval =
    limitsAt === undefined
      ? undefined
      : toInterval(limitsAt(level), level, method, difference.interval?.degenerate === true);
  return {
    rest: Number.isFinite(rest.value) ? rest.value : null,
    n: Number.isFinite(rest.value) ? rest.n : outside.length,
    difference: isKnown ? difference.value : null,
    ...(isKnown && interval !== undefined ? { interval } : {}),
  };
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
  part: Outcomes,
  { alpha, seed, resamples }: GapRequest,
): Estimate | undefined {
  const form = formOf(name, part);
  if (form === undefined) return undefined;
  const estimate = measureForm(form, {
    level: 1 - 2 * alpha,
    random: streamOf(seed, `gap ${name} ${about.slice ?? ''}`),
    resamples,
    groups: part.groups,
    strata: part.strata?.codes,
    weights: part.weights,
  });
  releaseForm(form);
  return estimate;
}
