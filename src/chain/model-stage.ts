import type { BaselineFound } from '../baseline/find-baseline.ts';
import { compareModel, markIncomparable } from '../comparison/compare-model.ts';
import {
  explainModel,
  NO_EXPLANATION,
  type Explanation,
  type ExplanationRequest,
} from '../comparison/explain-model.ts';
import { CHANGE_BOUNDS, keepBounds, OWN_BOUNDS, type MetricGate } from '../comparison/gate.ts';
import { judgeFlips, listFlipGates, skipFlips, type FlipGate } from '../comparison/judge-flips.ts';
import { listUndecidable, noteUndecidable, type Undecidable } from '../comparison/list-undecidable.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import { listRuledSlices, listRules } from '../comparison/rules/list-rules.ts';
import { findMetric } from '../metrics/find-metric.ts';
import { measureModel, measureSlices } from '../model/measure-model.ts';
import type { LoadedOutcomes } from '../outcomes/load-outcomes.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes } from '../outcomes/pair-outcomes.ts';
import { countSlices, listSlices, MAX_SLICES, type OutcomesSlice } from '../outcomes/slices.ts';
import { encodeOutcomes } from '../outcomes/stored-form.ts';
import type { Check, Figure, Metric, Subject } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects, ChainRequest, Stage, StoredOutcomes } from './chain.ts';
import { describeSubject } from './describe-subject.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { loadPredictions, type Candidate, type PredictionsRequest } from './load-predictions.ts';
import { isUnpaired, readModelBaseline, type ModelBaseline } from './model-baseline.ts';
import {
  reportGiven,
  reportGivenUnpaired,
  reportRead,
  reportSurplusSlices,
  skipGate,
} from './model-checks.ts';
import { readModelSeeds } from './model-seeds.ts';
import { noteVanished } from './note-vanished.ts';
import { readSource } from './read-source.ts';

export interface ModelStage {
  readonly findings: Findings;
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
  /** Models whose baseline was scored again, on the candidate's test set. */
  readonly rescored: readonly string[];
}

interface ModelRequest extends PredictionsRequest {
  readonly gates: readonly MetricGate[];
  readonly flipGates: readonly FlipGate[];
  /** Undefined where nothing is compared. */
  readonly baseline: BaselineFound | undefined;
}

/** Every model of the config: its metrics, and beside the baseline's where there is one. */
export async function runModelStage(
  request: ChainRequest,
  effects: ChainEffects,
  baseline: BaselineFound | undefined,
): Promise<ModelStage> {
  const { parsed, stages } = request;
  if (!stages.includes('model') && !stages.includes('comparison'))
    return { findings: NO_FINDINGS, outcomes: new Map(), rescored: [] };
  const gates = listGates(parsed.config, parsed.locate);
  const flipGates = stages.includes('comparison') ? listFlipGates(parsed.config, parsed.locate) : [];
  const findings: Findings[] = [];
  const outcomes = new Map<string, StoredOutcomes>();
  const rescored: string[] = [];
  for (const [name, model] of Object.entries(parsed.config.models ?? {})) {
    beginStep(effects, `models/${name}`);
    const own = gates.filter((gate) => gate.about.model === name).map((gate) => narrowGate(gate, stages));
    const ofFlips = flipGates.filter((gate) => gate.model === name);
    const asked = { name, model, parsed, gates: own, flipGates: ofFlips, baseline };
    const tested = await testOne(asked, effects);
    findings.push(tested.findings);
    if (tested.stored !== undefined) outcomes.set(name, tested.stored);
    if (tested.rescored) rescored.push(name);
  }
  return { findings: mergeFindings(findings), outcomes, rescored };
}

/** Bounds on the candidate itself belong to the stage `model`, margins to `comparison`. */
function narrowGate(gate: MetricGate, stages: readonly Stage[]): MetricGate {
  return keepBounds(gate, [
    ...(stages.includes('model') ? OWN_BOUNDS : []),
    ...(stages.includes('comparison') ? CHANGE_BOUNDS : []),
  ]);
}

interface TestedModel {
  readonly findings: Findings;
  readonly rescored: boolean;
  readonly stored?: StoredOutcomes;
}

async function testOne(request: ModelRequest, effects: ChainEffects): Promise<TestedModel> {
  const { name, model, parsed } = request;
  const file = { role: 'predictions', path: model.predictions.path, ownGroups: true } as const;
  const { input, loaded } = await loadPredictions(request, file, effects);
  const artifact = await describeArtifact(request, loaded, effects);
  if (loaded.kind === 'findings') {
    const skipped = [
      ...request.gates.flatMap((gate) => skipGate(gate, 'the predictions')),
      ...skipFlips(request.flipGates, 'the predictions'),
    ];
    const found = { ...NO_FINDINGS, inputs: [input], checks: [...loaded.checks, ...skipped] };
    return { findings: mergeFindings([artifact, found]), rescored: false };
  }
  const { outcomes } = loaded;
  const checks = [reportRead(name, outcomes.n, parsed.locate)];
  const read: Findings = { ...NO_FINDINGS, inputs: [input], checks };
  const { findings, rescored } = await measureOne(request, loaded, artifact.subjects, effects);
  return {
    findings: mergeFindings([artifact, read, findings]),
    rescored,
    stored: { testSetDigest: outcomes.testSetDigest, bytes: encodeOutcomes(outcomes) },
  };
}

async function describeArtifact(
  { name, model, parsed }: ModelRequest,
  loaded: LoadedOutcomes,
  effects: ChainEffects,
): Promise<Findings> {
  if (model.artifact === undefined) return NO_FINDINGS;
  const { subject, checks, inputs } = await describeSubject(
    {
      model: name,
      artifact: model.artifact,
      predictions: model.predictions.path,
      source: await readSource(model.predictions, effects),
      configSource: parsed.locate(['models', name, 'artifact']),
      recompute: model.recompute && {
        recompute: model.recompute,
        id: model.predictions.id,
        loaded:
          loaded.kind === 'loaded' ? { outcomes: loaded.outcomes, order: loaded.order.order } : undefined,
        seed: parsed.config.comparison.seed,
        showIds: model['error-examples'] > 0,
        configSource: parsed.locate(['models', name, 'recompute']),
      },
    },
    effects,
  );
  return { ...NO_FINDINGS, subjects: [subject], checks, inputs };
}

interface Measured {
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly slices: readonly OutcomesSlice[];
  /** Margins that the test set is too small for. */
  readonly undecidable: readonly Undecidable[];
  readonly explanation: Explanation;
}

async function measureOne(
  request: ModelRequest,
  loaded: Candidate,
  subjects: readonly Subject[],
  effects: ChainEffects,
): Promise<Pick<TestedModel, 'findings' | 'rescored'>> {
  const candidate = loaded.outcomes;
  const alone = measureAlone(request, candidate);
  const surplus = {
    ...NO_FINDINGS,
    checks: checkSlices(request, candidate),
    notes: noteUndecidable(request.name, alone.undecidable),
  };
  const found = request.baseline;
  if (found === undefined) {
    return { findings: mergeFindings([judgeAlone(alone, request), surplus]), rescored: false };
  }
  const baseline = await readModelBaseline({ ...request, found, candidate: loaded }, effects);
  const seeds = await readModelSeeds(request, loaded, effects);
  const findings =
    baseline.kind === 'unusable'
      ? judgeWithoutMargins(alone, request, "the baseline's predictions", baseline.checks)
      : seeds.checks.length > 0
        ? judgeWithoutMargins(alone, request, 'the predictions of further trainings', seeds.checks)
        : judgeCompared(
            request,
            candidate,
            baseline,
            compareOne(request, candidate, baseline, alone, subjects, seeds.outcomes),
          );
  const given = baseline.kind === 'given' || baseline.kind === 'unusable' ? [baseline.input] : [];
  const inputs = { ...NO_FINDINGS, inputs: [...given, ...seeds.inputs] };
  return {
    findings: mergeFindings([findings, surplus, inputs]),
    rescored: baseline.used.rescored !== undefined,
  };
}

/** The model by itself: on the whole test set, and on each slice. */
function measureAlone({ name, model, parsed, gates }: ModelRequest, candidate: Outcomes): Measured {
  const { alpha, seed, resamples } = parsed.config.comparison;
  const options = { model: name, alpha, seed, resamples };
  const whole = measureModel(candidate, options);
  const slices = listSlices(candidate, model.slices?.by ?? []);
  const bounded = Object.keys(model.slices?.['max-regression'] ?? {}).flatMap(
    (key) => findMetric(key)?.name ?? [],
  );
  const ruled = listRuledSlices(listRules(parsed.config, parsed.locate), name);
  const namesOf = (slice: string): readonly string[] => [
    ...bounded,
    ...ruled.flatMap((rule) => (rule.slice === slice ? [rule.metric] : [])),
  ];
  const ofSlices = measureSlices(candidate, slices, namesOf, options);
  const metrics = [...whole.metrics, ...ofSlices];
  const { unpaired } = model;
  const undecidable = listUndecidable({ outcomes: candidate, gates, slices, unpaired, alpha });
  return { metrics, figures: whole.figures, slices, undecidable, explanation: NO_EXPLANATION };
}

function checkSlices({ name, model, parsed }: ModelRequest, candidate: Outcomes): readonly Check[] {
  if (model.slices?.by === undefined) return [];
  const found = countSlices(candidate, model.slices.by);
  return found > MAX_SLICES ? [reportSurplusSlices(name, found, model.slices.severity, parsed.locate)] : [];
}

function judgeCompared(
  request: ModelRequest,
  candidate: Outcomes,
  baseline: UsableBaseline,
  { metrics, figures, slices, undecidable, explanation }: Measured,
): Findings {
  const { gates, flipGates, parsed } = request;
  const { alpha, power } = parsed.config.comparison;
  const { used } = baseline;
  const { flips } = explanation;
  return {
    ...NO_FINDINGS,
    ...explanation,
    metrics,
    figures,
    checks: [
      ...checkGiven(request, candidate, baseline),
      ...judgeMetrics({ metrics, gates, alpha, baseline: used, undecidable: messagesOf(undecidable) }),
      ...judgeFlips({ flips, metrics, gates: flipGates, baseline: used, alpha, power }),
    ],
    notes: [
      ...(baseline.kind === 'kept' ? baseline.notes : []),
      ...noteVanished(request.name, 'slices', listVanishedSlices(request, slices, baseline)),
    ],
  };
}

/** Slices that main recorded; whether one is gone is not known where only the largest are looked at. */
function listVanishedSlices(
  { name, model }: ModelRequest,
  slices: readonly OutcomesSlice[],
  baseline: UsableBaseline,
): readonly string[] {
  if (model.slices === undefined || slices.length >= MAX_SLICES || baseline.kind === 'none') return [];
  const present = new Set(slices.map((slice) => slice.name));
  const recorded = (baseline.evidence?.body.metrics ?? []).flatMap(({ about }) =>
    about.model === name && about.slice !== undefined ? [about.slice] : [],
  );
  return [...new Set(recorded)].filter((slice) => !present.has(slice));
}

function messagesOf(undecidable: readonly Undecidable[]): ReadonlyMap<string, string> {
  return new Map(undecidable.map(({ check, message }) => [check, message]));
}

function judgeAlone({ metrics, figures }: Measured, { gates, parsed }: ModelRequest): Findings {
  const { alpha } = parsed.config.comparison;
  const checks = judgeMetrics({ metrics, gates, alpha, baseline: undefined });
  return { ...NO_FINDINGS, metrics, figures, checks };
}

/** A file that the comparison needs is bad: that is said once, and what needs it is not judged. */
function judgeWithoutMargins(
  alone: Measured,
  request: ModelRequest,
  what: string,
  checks: readonly Check[],
): Findings {
  const bounds = request.gates.map((gate) => narrowGate(gate, ['model']));
  const judged = judgeAlone(alone, { ...request, gates: bounds });
  const margins = [
    ...request.gates.flatMap((gate) => skipGate(narrowGate(gate, ['comparison']), what)),
    ...skipFlips(request.flipGates, what),
  ];
  return { ...judged, checks: [...checks, ...judged.checks, ...margins] };
}

type UsableBaseline = Exclude<ModelBaseline, { readonly kind: 'unusable' }>;

function checkGiven(
  { name, model, parsed }: ModelRequest,
  candidate: Outcomes,
  baseline: UsableBaseline,
): readonly Check[] {
  if (baseline.kind !== 'given') return [];
  const { path, outcomes } = baseline;
  if (isUnpaired(model, candidate, outcomes)) {
    return [reportGivenUnpaired(name, path, outcomes.n, parsed.locate)];
  }
  return [reportGiven(name, path, pairOutcomes(candidate, outcomes), parsed.locate)];
}

function compareOne(
  request: ModelRequest,
  candidate: Outcomes,
  baseline: UsableBaseline,
  alone: Measured,
  subjects: readonly Subject[],
  seeds: readonly Outcomes[],
): Measured {
  if (baseline.kind === 'none') return alone;
  const recorded = baseline.evidence?.body;
  if (baseline.outcomes === undefined) {
    const detail =
      'The outcomes of the baseline for each example are not there, so the two cannot be paired.';
    return { ...alone, metrics: markIncomparable(alone.metrics, recorded?.metrics ?? [], detail) };
  }
  const { parsed, gates, model } = request;
  const { alpha, power, seed, resamples } = parsed.config.comparison;
  const sameSubject = isSameSubject(subjects, recorded?.subjects ?? []);
  const compared = compareModel({
    candidate,
    baseline: baseline.outcomes,
    metrics: alone.metrics,
    figures: alone.figures,
    slices: alone.slices,
    unpaired: isUnpaired(model, candidate, baseline.outcomes),
    seeds,
    recorded: recorded?.metrics ?? [],
    sameSubject,
    gates,
    alpha,
    power,
    seed,
    resamples,
  });
  return {
    ...compared,
    slices: alone.slices,
    undecidable: alone.undecidable,
    explanation: explainOne(request, { candidate, baseline: baseline.outcomes, seeds, sameSubject }),
  };
}

function explainOne(
  { name, model, parsed, gates }: ModelRequest,
  models: Pick<ExplanationRequest, 'candidate' | 'baseline' | 'seeds' | 'sameSubject'>,
): Explanation {
  if (isUnpaired(model, models.candidate, models.baseline)) return NO_EXPLANATION;
  return explainModel({
    ...models,
    about: { model: name, datasetDigest: models.candidate.testSetDigest },
    alpha: parsed.config.comparison.alpha,
    examples: model['flip-examples'],
    threshold: model.predictions.threshold,
    metrics: gates.map(({ metric }) => metric),
  });
}

function isSameSubject(own: readonly Subject[], baseline: readonly Subject[]): boolean {
  return own.some((subject) =>
    baseline.some((other) => other.name === subject.name && other.sha256 === subject.sha256),
  );
}
