import type { BaselineFound } from '../baseline/find-baseline.ts';
import { CHANGE_BOUNDS, keepBounds, OWN_BOUNDS, type MetricGate } from '../comparison/gate.ts';
import { listFlipGates, skipFlips } from '../comparison/judge-flips.ts';
import { listGates } from '../comparison/list-gates.ts';
import type { LoadedOutcomes } from '../outcomes/load-outcomes.ts';
import { encodeOutcomes } from '../outcomes/stored-form.ts';
import { beginStep } from './begin-step.ts';
import type { ChainEffects, ChainRequest, StoredOutcomes } from './chain.ts';
import type { Stage } from './stages.ts';
import { judgeModel } from './compare-with-baseline.ts';
import { describeSubject } from './describe-subject.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { inspectModel, skipInspection } from './inspect-model.ts';
import { loadPredictions } from './load-predictions.ts';
import { measureAlone, reportAlone, type ModelRequest } from './measure-alone.ts';
import { reportRead, skipGate } from './model-checks.ts';
import { readSource } from './read-source.ts';

export interface ModelStage {
  readonly findings: Findings;
  readonly outcomes: ReadonlyMap<string, StoredOutcomes>;
  /** Models whose baseline was scored again, on the candidate's test set. */
  readonly rescored: readonly string[];
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
    const asked = { name, model, parsed, stages, gates: own, flipGates: ofFlips, baseline };
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
  const { name, model, parsed, stages } = request;
  const file = { role: 'predictions', path: model.predictions.path, ownGroups: true } as const;
  const { input, others, loaded } = await loadPredictions(request, file, effects);
  const artifact = await describeArtifact(request, loaded, effects);
  const read: Findings = { ...NO_FINDINGS, inputs: [input, ...others] };
  if (loaded.kind === 'findings') {
    const checks = [...loaded.checks, ...skipModel(request, 'the predictions')];
    return { findings: mergeFindings([artifact, { ...read, checks }]), rescored: false };
  }
  const { outcomes } = loaded;
  const alone = measureAlone(request, outcomes);
  const judged = await judgeModel(request, loaded, alone, artifact.subjects, effects);
  const inspected = stages.includes('model')
    ? await inspectModel(request, loaded, alone.metrics, effects)
    : NO_FINDINGS;
  const checks = [reportRead(name, outcomes.n, parsed.locate), ...loaded.warnings];
  return {
    findings: mergeFindings([
      artifact,
      { ...read, checks },
      judged.findings,
      reportAlone(request, alone),
      inspected,
    ]),
    rescored: judged.rescored,
    ...(parsed.config.baseline.outcomes === 'none'
      ? {}
      : { stored: { testSetDigest: outcomes.testSetDigest, bytes: encodeOutcomes(outcomes) } }),
  };
}

/** Everything that needs what could not be read is not judged. */
function skipModel(request: ModelRequest, why: string) {
  return [
    ...request.gates.flatMap((gate) => skipGate(gate, why)),
    ...skipFlips(request.flipGates, why),
    ...(request.stages.includes('model') ? skipInspection(request, why) : []),
  ];
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
        ownLabels: model.predictions.prediction !== undefined,
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
