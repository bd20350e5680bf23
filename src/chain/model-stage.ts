import type { BaselineFound } from '../baseline/find-baseline.ts';
import { compareModel, markIncomparable } from '../comparison/compare-model.ts';
import type { MetricGate } from '../comparison/gate.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import { listGates } from '../comparison/list-gates.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { measureModel } from '../model/measure-model.ts';
import { loadOutcomes } from '../outcomes/load-outcomes.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes } from '../outcomes/pair-outcomes.ts';
import { encodeOutcomes } from '../outcomes/stored-form.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { Check, Figure, Input, Metric, Subject } from '../schemas/evidence.generated.ts';
import { beginStep, queryOptions } from './begin-step.ts';
import type { ChainEffects, ChainRequest, Stage, StoredOutcomes } from './chain.ts';
import { describeSubject } from './describe-subject.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { readModelBaseline, type ModelBaseline } from './model-baseline.ts';
import { reportGiven, reportRead, skipGate } from './model-checks.ts';
import { readSource } from './read-source.ts';

export interface ModelStage {
  readonly findings: Findings;
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
}

interface ModelRequest {
  readonly name: string;
  readonly model: ModelConfig;
  readonly parsed: ParsedConfig;
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
    return { findings: NO_FINDINGS, outcomes: new Map() };
  const gates = listGates(parsed.config, parsed.locate);
  const findings: Findings[] = [];
  const outcomes = new Map<string, StoredOutcomes>();
  for (const [name, model] of Object.entries(parsed.config.models ?? {})) {
    beginStep(effects, `models/${name}`);
    const own = gates.filter((gate) => gate.about.model === name).map((gate) => narrowGate(gate, stages));
    const tested = await testOne({ name, model, parsed, gates: own, baseline }, effects);
    findings.push(tested.findings);
    if (tested.stored !== undefined) outcomes.set(name, tested.stored);
  }
  return { findings: mergeFindings(findings), outcomes };
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
  readonly stored?: StoredOutcomes;
}

async function testOne(request: ModelRequest, effects: ChainEffects): Promise<TestedModel> {
  const { name, model, parsed } = request;
  const source = await readSource(model.predictions, effects);
  const identity = await effects.identifyFile(model.predictions.path);
  const loaded = await loadOutcomes({
    engine: effects.engine,
    model: name,
    task: model.task,
    predictions: model.predictions,
    source,
    locate: parsed.locate,
    ...queryOptions(effects),
  });
  const artifact = await describeArtifact(request, effects);
  const input: Input = { role: 'predictions', name, path: model.predictions.path, ...identity };
  if (loaded.kind === 'findings') {
    const skipped = request.gates.flatMap((gate) => skipGate(gate, 'the predictions'));
    const found = { ...NO_FINDINGS, inputs: [input], checks: [...loaded.checks, ...skipped] };
    return { findings: mergeFindings([artifact, found]) };
  }
  const { outcomes } = loaded;
  const read: Findings = {
    ...NO_FINDINGS,
    inputs: [{ ...input, rows: outcomes.n }],
    checks: [reportRead(name, outcomes.n, parsed.locate)],
  };
  const measured = await measureOne(request, outcomes, artifact.subjects, effects);
  return {
    findings: mergeFindings([artifact, read, measured]),
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
}

async function measureOne(
  request: ModelRequest,
  candidate: Outcomes,
  subjects: readonly Subject[],
  effects: ChainEffects,
): Promise<Findings> {
  const { name, model, parsed, gates } = request;
  const { alpha, seed, resamples } = parsed.config.comparison;
  const alone: Measured = measureModel(candidate, { model: name, alpha, seed, resamples });
  if (request.baseline === undefined) return judgeAlone(alone, gates, alpha);
  const baseline = await readModelBaseline({ name, model, parsed, found: request.baseline }, effects);
  if (baseline.kind === 'unusable') return judgeWithoutMargins(alone, request, baseline);
  const compared = compareOne(request, candidate, baseline, alone, subjects);
  const judged = judgeMetrics({ metrics: compared.metrics, gates, alpha, baseline: baseline.used });
  return {
    ...NO_FINDINGS,
    metrics: compared.metrics,
    figures: compared.figures,
    checks: [...checkGiven(request, candidate, baseline), ...judged],
    inputs: baseline.kind === 'given' ? [baseline.input] : [],
    notes: baseline.kind === 'kept' ? baseline.notes : [],
  };
}

function judgeAlone({ metrics, figures }: Measured, gates: readonly MetricGate[], alpha: number): Findings {
  const checks = judgeMetrics({ metrics, gates, alpha, baseline: undefined });
  return { ...NO_FINDINGS, metrics, figures, checks };
}

/** The file that stands for the baseline is bad: that is said once, and what needs it is not judged. */
function judgeWithoutMargins(
  alone: Measured,
  { gates, parsed }: ModelRequest,
  baseline: Extract<ModelBaseline, { readonly kind: 'unusable' }>,
): Findings {
  const bounds = gates.map((gate) => narrowGate(gate, ['model']));
  const judged = judgeAlone(alone, bounds, parsed.config.comparison.alpha);
  const margins = gates.flatMap((gate) =>
    skipGate(narrowGate(gate, ['comparison']), "the baseline's predictions"),
  );
  return {
    ...judged,
    checks: [...baseline.checks, ...judged.checks, ...margins],
    inputs: [baseline.input],
  };
}

function checkGiven(
  { name, parsed }: ModelRequest,
  candidate: Outcomes,
  baseline: ModelBaseline,
): readonly Check[] {
  if (baseline.kind !== 'given') return [];
  const pairing = pairOutcomes(candidate, baseline.outcomes);
  return [reportGiven(name, baseline.path, pairing, parsed.locate)];
}

function compareOne(
  { parsed, gates }: ModelRequest,
  candidate: Outcomes,
  baseline: Exclude<ModelBaseline, { readonly kind: 'unusable' }>,
  alone: Measured,
  subjects: readonly Subject[],
): Measured {
  if (baseline.kind === 'none') return alone;
  const recorded = baseline.kind === 'kept' ? baseline.evidence?.body : undefined;
  if (baseline.outcomes === undefined) {
    const detail =
      'The outcomes of the baseline for each example are not there, so the two cannot be paired.';
    return { ...alone, metrics: markIncomparable(alone.metrics, recorded?.metrics ?? [], detail) };
  }
  const { alpha, power, seed, resamples } = parsed.config.comparison;
  return compareModel({
    candidate,
    baseline: baseline.outcomes,
    metrics: alone.metrics,
    figures: alone.figures,
    sameSubject: isSameSubject(subjects, recorded?.subjects ?? []),
    gates,
    alpha,
    power,
    seed,
    resamples,
  });
}

function isSameSubject(own: readonly Subject[], baseline: readonly Subject[]): boolean {
  return own.some((subject) =>
    baseline.some((other) => other.name === subject.name && other.sha256 === subject.sha256),
  );
}
