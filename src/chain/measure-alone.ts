/** A candidate by itself: on the whole test set, on each slice, and where it is weak. */
import type { BaselineFound } from '../baseline/find-baseline.ts';
import type { MetricGate } from '../comparison/gate.ts';
import type { FlipGate } from '../comparison/judge-flips.ts';
import { listUndecidable, noteUndecidable, type Undecidable } from '../comparison/list-undecidable.ts';
import { addGaps } from '../comparison/measure-gaps.ts';
import { listRuledMetrics, listRules } from '../comparison/rules/list-rules.ts';
import { measureModel, measureSlices } from '../model/measure-model.ts';
import { searchWeakSlices } from '../model/slice-search/search-weak-slices.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { columnsOf, type SliceEntries } from '../outcomes/slice-entries.ts';
import {
  countSlices,
  deriveSliceColumns,
  listSlices,
  MAX_SLICES,
  type BinnedEdges,
  type OutcomesSlice,
} from '../outcomes/slices.ts';
import type { SliceSearchConfig } from '../schemas/config.generated.ts';
import type { About, Check, Figure, Metric, WeakSlices } from '../schemas/evidence.generated.ts';
import { parseMargin } from '../schemas/parse-margin.ts';
import type { Stage } from './stages.ts';
import { NO_FINDINGS, type Findings } from './findings.ts';
import type { PredictionsRequest } from './load-predictions.ts';
import { reportSurplusSlices } from './model-checks.ts';

export interface ModelRequest extends PredictionsRequest {
  readonly stages: readonly Stage[];
  readonly gates: readonly MetricGate[];
  readonly flipGates: readonly FlipGate[];
  /** Undefined where nothing is compared. */
  readonly baseline: BaselineFound | undefined;
}

export interface MeasuredAlone {
  /** With a column for each column in bins and each condition. */
  readonly candidate: Outcomes;
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly slices: readonly OutcomesSlice[];
  /** Edges of bins that are not in the config. */
  readonly edges: readonly BinnedEdges[];
  /** Margins that the test set is too small for. */
  readonly undecidable: readonly Undecidable[];
  readonly weakSlices: readonly WeakSlices[];
}

/** The metrics of a model and its slices, with the gap to the rest where one is bounded, before anything is compared. */
export function measureAlone(request: ModelRequest, outcomes: Outcomes): MeasuredAlone {
  const { name, model, parsed, gates, stages } = request;
  const { alpha, seed, resamples } = parsed.config.comparison;
  const by = model.slices?.by ?? [];
  const { outcomes: candidate, edges } = deriveSliceColumns(outcomes, by, frozenEdges(request));
  const ruled = listRuledMetrics(listRules(parsed.config, parsed.locate), name);
  const asked = [
    ...gates.map(({ metric }) => metric),
    ...ruled.map(({ metric }) => metric),
    ...Object.keys(model['min-gain'] ?? {}),
  ];
  const options = { model: name, alpha, seed, resamples };
  const whole = measureModel(candidate, { ...options, asked });
  const slices = listSlices(candidate, by);
  const bounded = gates.flatMap((gate) => (gate.everySlice === true ? [gate.metric] : []));
  const namesOf = (slice: string): readonly string[] => [
    ...bounded,
    ...ruled.flatMap((rule) => (rule.slice === slice ? [rule.metric] : [])),
  ];
  // No metric needs them, and every slice would copy its part of them.
  const bare = { ...candidate, ids: undefined, sliceColumns: new Map(), numericColumns: new Map() };
  const ofSlices = measureSlices(bare, slices, namesOf, options);
  const { unpaired } = model;
  return {
    candidate,
    metrics: [
      ...whole.metrics,
      ...addGaps(ofSlices, { outcomes: bare, slices, gates, alpha, seed, resamples }),
    ],
    figures: whole.figures,
    slices,
    edges,
    undecidable: listUndecidable({ outcomes: bare, gates, slices, unpaired, alpha }),
    weakSlices: stages.includes('model') ? searchOne(request, outcomes) : [],
  };
}

/** Edges of the bins that main recorded, so that a slice is the same in every commit. */
function frozenEdges({ name, baseline }: ModelRequest): readonly BinnedEdges[] {
  return (baseline?.evidence?.body.sliceBins ?? []).flatMap(({ about, bins, edges }) =>
    about.model === name && about.column !== undefined ? [{ column: about.column, bins, edges }] : [],
  );
}

const SEARCH_LEVEL = 3;
const SEARCH_COUNT = 10;
const SEARCH_SHARE = '1%';

function searchOne({ name, model, parsed }: ModelRequest, outcomes: Outcomes): readonly WeakSlices[] {
  const { search = false, by = [] } = model.slices ?? {};
  if (search === false) return [];
  const { alpha, seed } = parsed.config.comparison;
  const settings: SliceSearchConfig = search === true ? {} : search;
  const { columns = listColumns(by), level = SEARCH_LEVEL, count = SEARCH_COUNT } = settings;
  const found = searchWeakSlices({
    outcomes,
    about: aboutOf(name, outcomes),
    columns,
    level,
    count,
    minShare: parseMargin(settings['min-share'] ?? SEARCH_SHARE).value,
    examples: model['error-examples'],
    alpha,
    seed,
  });
  return [found];
}

function listColumns(by: SliceEntries): readonly string[] {
  return [...new Set(columnsOf(by).flat())];
}

function aboutOf(model: string, { testSetDigest }: Outcomes): About {
  return { model, datasetDigest: testSetDigest };
}

/** What was found besides metrics, whatever they are compared with. */
export function reportAlone(request: ModelRequest, alone: MeasuredAlone): Findings {
  const { name } = request;
  return {
    ...NO_FINDINGS,
    checks: checkSlices(request, alone),
    sliceBins: alone.edges.map(({ column, bins, edges }) => ({
      about: { model: name, column },
      bins,
      edges,
    })),
    weakSlices: alone.weakSlices,
    notes: noteUndecidable(name, alone.undecidable),
  };
}

function checkSlices({ name, model, parsed }: ModelRequest, { candidate }: MeasuredAlone): readonly Check[] {
  if (model.slices?.by === undefined) return [];
  const found = countSlices(candidate, model.slices.by);
  return found > MAX_SLICES ? [reportSurplusSlices(name, found, model.slices.severity, parsed.locate)] : [];
}
