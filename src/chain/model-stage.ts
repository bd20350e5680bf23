import type { BaselineFound } from '../baseline/find-baseline.ts';
import { compareModel, markIncomparable } from '../comparison/compare-model.ts';
import type { MetricGate } from '../comparison/gate.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import { findMetric } from '../metrics/find-metric.ts';
import { measureModel, measureSlices } from '../model/measure-model.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes } from '../outcomes/pair-outcomes.ts';
import { countSlices, listSlices, MAX_SLICES, type OutcomesSlice } from '../outcomes/slices.ts';
import { encodeOutcomes } from '../outcomes/stored-form.ts';
import type { Check, Figure, Input, Metric, Subject } from '../schemas/evidence.generated.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects, ChainRequest, Stage, StoredOutcomes } from './chain.ts';
import { describeSubject } from './describe-subject.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { loadPredictions, type PredictionsRequest } from './load-predictions.ts';
import { isUnpaired, readModelBaseline, type ModelBaseline } from './model-baseline.ts';
import {
  reportGiven,
  reportGivenUnpaired,
  reportRead,
  reportSurplusSlices,
  skipGate,
} from './model-checks.ts';
import { readModelSeeds } from './model-seeds.ts';
import { readSource } from './read-source.ts';

export interface ModelStage {
  readonly findings: Findings;
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
  /** Models whose baseline was scored again, on the candidate's test set. */
  readonly rescored: readonly string[];
}

interface ModelRequest extends PredictionsRequest {
  readonly gates: readonly MetricGate[];
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
  const findings: Findings[] = [];
  const outcomes = new Map<string, StoredOutcomes>();
  const rescored: string[] = [];
  for (const [name, model] of Object.entries(parsed.config.models ?? {})) {
    beginStep(effects, `models/${name}`);
    const own = gates.filter((gate) => gate.about.model === name).map((gate) => narrowGate(gate, stages));
    const tested = await testOne({ name, model, parsed, gates: own, baseline }, effects);
    findings.push(tested.findings);
    if (tested.stored !== undefined) outcomes.set(name, tested.stored);
    if (tested.rescored) rescored.push(name);
  }
  return { findings: mergeFindings(findings), outcomes, rescored };
}

/** Bounds on the candidate itself belong to the stage `model`, margins to `comparison`. */
function narrowGate(gate: MetricGate, stages: readonly Stage[]): MetricGate {
  const { atLeast, atMost, maxRegression, ...rest } = gate;
  return {
    ...rest,
    ...(stages.includes('model') && atLeast !== undefined ? { atLeast } : {}),
    ...(stages.includes('model') && atMost !== undefined ? { atMost } : {}),
    ...(stages.includes('comparison') && maxRegression !== undefined ? { maxRegression } : {}),
  };
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
  const artifact = await describeArtifact(request, effects);
  if (loaded.kind === 'findings') {
    const skipped = request.gates.flatMap((gate) => skipGate(gate, 'the predictions'));
    const found = { ...NO_FINDINGS, inputs: [input], checks: [...loaded.checks, ...skipped] };
    return { findings: mergeFindings([artifact, found]), rescored: false };
  }
  const { outcomes } = loaded;
  const checks = [reportRead(name, outcomes.n, parsed.locate)];
  const read: Findings = { ...NO_FINDINGS, inputs: [input], checks };
  const { findings, rescored } = await measureOne(request, outcomes, artifact.subjects, effects);
  return {
    findings: mergeFindings([artifact, read, findings]),
    rescored,
    stored: { testSetDigest: outcomes.testSetDigest, bytes: encodeOutcomes(outcomes) },
  };
}

async function describeArtifact(
  { name, model, parsed }: ModelRequest,
  effects: ChainEffects,
): Promise<Findings> {
  if (model.artifact === undefined) return NO_FINDINGS;
  const { subject, check } = await describeSubject(
    {
      model: name,
      artifact: model.artifact,
      predictions: model.predictions.path,
      source: await readSource(model.predictions, effects),
      configSource: parsed.locate(['models', name, 'artifact']),
    },
    effects,
  );
  const { sha256, bytes } = subject;
  const input: Input = { role: 'artifact', name, path: model.artifact, sha256, bytes };
  return { ...NO_FINDINGS, subjects: [subject], checks: [check], inputs: [input] };
}

interface Measured {
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly slices: readonly OutcomesSlice[];
}

async function measureOne(
  request: ModelRequest,
  candidate: Outcomes,
  subjects: readonly Subject[],
  effects: ChainEffects,
): Promise<Pick<TestedModel, 'findings' | 'rescored'>> {
  const alone = measureAlone(request, candidate);
  const surplus = { ...NO_FINDINGS, checks: checkSlices(request, candidate) };
  const found = request.baseline;
  if (found === undefined) {
    return { findings: mergeFindings([judgeAlone(alone, request), surplus]), rescored: false };
  }
  const { testSetDigest } = candidate;
  const baseline = await readModelBaseline({ ...request, found, testSetDigest }, effects);
  const seeds = await readModelSeeds(request, candidate, effects);
  const findings =
    baseline.kind === 'unusable'
      ? judgeWithoutMargins(alone, request, "the baseline's predictions", baseline.checks)
      : seeds.checks.length > 0
        ? judgeWithoutMargins(alone, request, 'the predictions of further trainings', seeds.checks)
        : judgeCompared(
            request,
            candidate,
            baseline,
            compareOne(request, candidate, baseline, alone, subjects),
          );
  const given = baseline.kind === 'given' || baseline.kind === 'unusable' ? [baseline.input] : [];
  const inputs = { ...NO_FINDINGS, inputs: [...given, ...seeds.inputs] };
  return {
    findings: mergeFindings([findings, surplus, inputs]),
    rescored: baseline.used.rescored !== undefined,
  };
}

/** The model by itself: on the whole test set, and on each slice. */
function measureAlone({ name, model, parsed }: ModelRequest, candidate: Outcomes): Measured {
  const { alpha, seed, resamples } = parsed.config.comparison;
  const options = { model: name, alpha, seed, resamples };
  const whole = measureModel(candidate, options);
  const slices = model.slices === undefined ? [] : listSlices(candidate, model.slices.by);
  const names = Object.keys(model.slices?.['max-regression'] ?? {}).flatMap(
    (key) => findMetric(key)?.name ?? [],
  );
  const ofSlices = measureSlices(candidate, slices, names, options);
  return { metrics: [...whole.metrics, ...ofSlices], figures: whole.figures, slices };
}

function checkSlices({ name, model, parsed }: ModelRequest, candidate: Outcomes): readonly Check[] {
  if (model.slices === undefined) return [];
  const found = countSlices(candidate, model.slices.by);
  return found > MAX_SLICES ? [reportSurplusSlices(name, found, model.slices.severity, parsed.locate)] : [];
}

function judgeCompared(
  request: ModelRequest,
  candidate: Outcomes,
  baseline: UsableBaseline,
  { metrics, figures }: Measured,
): Findings {
  const { gates, parsed } = request;
  const { alpha } = parsed.config.comparison;
  return {
    ...NO_FINDINGS,
    metrics,
    figures,
    checks: [
      ...checkGiven(request, candidate, baseline),
      ...judgeMetrics({ metrics, gates, alpha, baseline: baseline.used }),
    ],
    notes: baseline.kind === 'kept' ? baseline.notes : [],
  };
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
  const margins = request.gates.flatMap((gate) => skipGate(narrowGate(gate, ['comparison']), what));
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
  { parsed, gates }: ModelRequest,
  candidate: Outcomes,
  baseline: UsableBaseline,
  alone: Measured,
  subjects: readonly Subject[],
): Measured {
  if (baseline.kind === 'none') return alone;
  const recorded = baseline.evidence?.body;
  if (baseline.outcomes === undefined) {
    const detail =
      'The outcomes of the baseline for each example are not there, so the two cannot be paired.';
    return { ...alone, metrics: markIncomparable(alone.metrics, recorded?.metrics ?? [], detail) };
  }
  const { alpha, power, seed, resamples } = parsed.config.comparison;
  const compared = compareModel({
    candidate,
    baseline: baseline.outcomes,
    metrics: alone.metrics.filter(({ about }) => about.slice === undefined),
    figures: alone.figures,
    sameSubject: isSameSubject(subjects, recorded?.subjects ?? []),
    gates,
    alpha,
    power,
    seed,
    resamples,
  });
  const ofSlices = alone.metrics.filter(({ about }) => about.slice !== undefined);
  return { ...compared, metrics: [...compared.metrics, ...ofSlices], slices: alone.slices };
}

function isSameSubject(own: readonly Subject[], baseline: readonly Subject[]): boolean {
  return own.some((subject) =>
    baseline.some((other) => other.name === subject.name && other.sha256 === subject.sha256),
  );
}
