/** Bounds on the slices of a model, each about every slice, and the slices that must be there. */
import type { MetricDefinition } from '../metrics/definition.ts';
import { isCondition } from '../outcomes/slice-entries.ts';
import type { ModelConfig, SlicesConfig } from '../schemas/config.generated.ts';
import type { ConfigSource } from '../schemas/evidence.generated.ts';
import { parseMargin } from '../schemas/parse-margin.ts';
import { findEmptyShare, findUnreachable } from './check-bounds.ts';
import { checkSliceEntries, explainSliceName } from './check-slices.ts';
import { metricsOfModel } from './find-model-metric.ts';
import type { Bound, BoundValues, MetricGate } from './gate.ts';
import {
  boundsOf,
  findMistake,
  listNamed,
  mistake,
  placeBounds,
  undirected,
  type Listed,
  type Locate,
} from './list-named-gates.ts';

/** The gates of `slices`, one for each metric whatever blocks name it, and what is wrong with any part of `slices`. */
export function listSliceGates(name: string, model: ModelConfig, locate: Locate): readonly Listed[] {
  const { slices } = model;
  if (slices === undefined) return [];
  const path = ['models', name, 'slices'];
  const context = { name, model, locate };
  const listed = [
    ...listNamed(slices.metrics ?? {}, { ...context, path: [...path, 'metrics'] }, (definition, gate, at) => {
      const found = findMistake(definition, gate, at, locate);
      if (found !== undefined) return found;
      // `fail` is also what an entry has that says nothing: then the block's severity counts.
      const severity = gate.severity === 'warn' ? 'warn' : slices.severity;
      return gateOf(name, definition, placeBounds(boundsOf(gate), severity, at, locate));
    }),
    ...listNamed(
      slices['max-regression'] ?? {},
      { ...context, path: [...path, 'max-regression'] },
      (definition, margin, at) => listMargin(context, slices, definition, margin, at),
    ),
    ...listNamed(slices['max-gap'] ?? {}, { ...context, path: [...path, 'max-gap'] }, (definition, gap, at) =>
      listGap(context, slices, definition, gap, at),
    ),
  ];
  const found = checkSliceEntries(slices, path, locate).map(({ source, text, help }) =>
    mistake(source, text, help),
  );
  return [...found, ...mergeByMetric(listed), ...listExpected(name, model, slices, locate)];
}

interface Context {
  readonly name: string;
  readonly locate: Locate;
}

type PlacedBounds = Omit<MetricGate, 'about' | 'metric' | 'direction'>;

function gateOf(model: string, { name }: MetricDefinition, placed: PlacedBounds): Listed {
  return { kind: 'gate', gate: { about: { model }, metric: name, everySlice: true, ...placed } };
}

/** A block that names one bound of a metric. */
function placeOne(
  bounds: BoundValues,
  bound: Bound,
  source: ConfigSource,
  severity: MetricGate['severity'],
): PlacedBounds {
  return { ...bounds, severity, source, boundSources: { [bound]: source } };
}

function listMargin(
  { name, locate }: Context,
  slices: SlicesConfig,
  definition: MetricDefinition,
  margin: number | string,
  at: readonly string[],
): Listed {
  if (definition.direction === 'none')
    return undirected(definition, 'max-regression', at.slice(0, -1), locate);
  const bounds = { maxRegression: parseMargin(margin) };
  const found =
    findUnreachable(definition, { 'max-regression': margin }) ?? findEmptyShare(definition, bounds);
  const source = locate(at);
  if (found !== undefined) return mistake(source, found.text, found.help);
  return gateOf(name, definition, placeOne(bounds, 'max-regression', source, slices.severity));
}

function listGap(
  { name, locate }: Context,
  slices: SlicesConfig,
  definition: MetricDefinition,
  gap: number,
  at: readonly string[],
): Listed {
  if (definition.direction === 'none') return undirected(definition, 'max-gap', at.slice(0, -1), locate);
  const found = findUnreachable(definition, { 'max-regression': gap });
  const source = locate(at);
  if (found !== undefined) return mistake(source, found.text, found.help);
  return gateOf(name, definition, placeOne({ maxGap: gap }, 'max-gap', source, slices.severity));
}

/**
 * One gate for each metric. What `metrics` says of it comes first, so that its severity counts; a bound that stands in two
 * blocks is a mistake.
 */
function mergeByMetric(listed: readonly Listed[]): readonly Listed[] {
  const merged = new Map<string, MetricGate>();
  const mistakes: Listed[] = [];
  for (const item of listed) {
    if (item.kind === 'mistake') {
      mistakes.push(item);
      continue;
    }
    const { gate } = item;
    const known = merged.get(gate.metric);
    const [again] = Object.keys(gate.boundSources).filter((bound) => bound in (known?.boundSources ?? {}));
    if (again === undefined) {
      const { severity, source, ...bounds } = gate;
      const boundSources = { ...known?.boundSources, ...gate.boundSources };
      const kept = known === undefined ? { severity, source } : {};
      merged.set(gate.metric, { severity, source, ...known, ...bounds, ...kept, boundSources });
    } else {
      mistakes.push(
        mistake(
          gate.source,
          `bounds \`${again}\` of ${gate.metric} a second time.`,
          'Keep it in `slices.max-regression` or in `slices.metrics`.',
        ),
      );
    }
  }
  return [...mistakes, ...Array.from(merged.values(), (gate): Listed => ({ kind: 'gate', gate }))];
}

/** Slices that are named must be there: those of `expect`, and those that a condition declares. */
function listExpected(
  name: string,
  model: ModelConfig,
  slices: SlicesConfig,
  locate: Locate,
): readonly Listed[] {
  // The first metric is measured on every slice.
  const [main] = metricsOfModel(model);
  if (main === undefined) throw new TypeError(`The task ${model.task} has no metrics.`);
  const path = ['models', name, 'slices'];
  const gateFor = (slice: string, source: ConfigSource): Listed => ({
    kind: 'gate',
    gate: {
      about: { model: name, slice },
      metric: main.name,
      expect: true,
      severity: slices.severity,
      source,
      boundSources: { expect: source },
    },
  });
  const by = slices.by ?? [];
  const conditions = by.flatMap((entry, index) =>
    isCondition(entry) ? [{ slice: entry.name, source: locate([...path, 'by', String(index)]) }] : [],
  );
  const expected = (slices.expect ?? []).map((slice, index) => {
    const source = locate([...path, 'expect', String(index)]);
    const wrong = explainSliceName(slice, by);
    return wrong === undefined ? gateFor(slice, source) : mistake(source, wrong.text, wrong.help);
  });
  const declared = conditions.filter(({ slice }) => slices.expect?.includes(slice) !== true);
  return [...expected, ...declared.map(({ slice, source }) => gateFor(slice, source))];
}
