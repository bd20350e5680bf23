/** A candidate that was measured, beside its baseline: differences, the bounds on them, and what explains them. */
import { compareModel, markIncomparable } from '../comparison/compare-model.ts';
import {
  explainModel,
  NO_EXPLANATION,
  type Explanation,
  type ExplanationRequest,
} from '../comparison/explain-model.ts';
import { CHANGE_BOUNDS, keepBounds, OWN_BOUNDS } from '../comparison/gate.ts';
import { judgeFlips, skipFlips } from '../comparison/judge-flips.ts';
import { judgeMetrics } from '../comparison/judge-metrics.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes } from '../outcomes/pair-outcomes.ts';
import { listSliceNeeds } from '../outcomes/slice-entries.ts';
import { deriveSliceColumns, MAX_SLICES } from '../outcomes/slices.ts';
import type { Check, Figure, Metric, Subject } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import type { Candidate } from './load-predictions.ts';
import type { MeasuredAlone, ModelRequest } from './measure-alone.ts';
import { isUnpaired, readModelBaseline, type ModelBaseline } from './model-baseline.ts';
import { reportGiven, reportGivenUnpaired, skipGate } from './model-checks.ts';
import { readModelSeeds } from './model-seeds.ts';
import { noteVanished } from './note-vanished.ts';

export interface JudgedModel {
  readonly findings: Findings;
  /** Whether the baseline was scored again, on the candidate's test set. */
  readonly rescored: boolean;
}

/** Every bound of a model judged: on the candidate itself, and on its change where there is a baseline. */
export async function judgeModel(
  request: ModelRequest,
  loaded: Candidate,
  alone: MeasuredAlone,
  subjects: readonly Subject[],
  effects: ChainEffects,
): Promise<JudgedModel> {
  const found = request.baseline;
  if (found === undefined) return { findings: judgeAlone(alone, request), rescored: false };
  const baseline = await readModelBaseline({ ...request, found, candidate: loaded }, effects);
  const seeds = await readModelSeeds(request, loaded, effects);
  const findings =
    baseline.kind === 'unusable'
      ? judgeWithoutMargins(alone, request, "the baseline's predictions", baseline.checks)
      : seeds.checks.length > 0
        ? judgeWithoutMargins(alone, request, 'the predictions of further trainings', seeds.checks)
        : judgeCompared(
            request,
            alone,
            baseline,
            compareOne(request, alone, baseline, subjects, seeds.outcomes),
          );
  const given = baseline.kind === 'given' || baseline.kind === 'unusable' ? [baseline.input] : [];
  const inputs = { ...NO_FINDINGS, inputs: [...given, ...seeds.inputs] };
  return {
    findings: mergeFindings([findings, inputs]),
    rescored: baseline.used.rescored !== undefined,
  };
}

type UsableBaseline = Exclude<ModelBaseline, { readonly kind: 'unusable' }>;

function judgeAlone({ metrics, figures }: MeasuredAlone, { gates, parsed }: ModelRequest): Findings {
  const { alpha } = parsed.config.comparison;
  const checks = judgeMetrics({ metrics, gates, alpha, baseline: undefined });
  return { ...NO_FINDINGS, metrics, figures, checks };
}

/** A file that the comparison needs is bad: that is said once, and what needs it is not judged. */
function judgeWithoutMargins(
  alone: MeasuredAlone,
  request: ModelRequest,
  what: string,
  checks: readonly Check[],
): Findings {
  const bounds = request.gates.map((gate) => keepBounds(gate, OWN_BOUNDS));
  const judged = judgeAlone(alone, { ...request, gates: bounds });
  const margins = [
    ...request.gates.flatMap((gate) => skipGate(keepBounds(gate, CHANGE_BOUNDS), what)),
    ...skipFlips(request.flipGates, what),
  ];
  return { ...judged, checks: [...checks, ...judged.checks, ...margins] };
}

/** What a comparison adds to what was measured. */
interface Compared {
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly explanation: Explanation;
}

function compareOne(
  request: ModelRequest,
  alone: MeasuredAlone,
  baseline: UsableBaseline,
  subjects: readonly Subject[],
  seeds: readonly Outcomes[],
): Compared {
  const { metrics, figures, candidate, slices } = alone;
  if (baseline.kind === 'none') return { metrics, figures, explanation: NO_EXPLANATION };
  const recorded = baseline.evidence?.body;
  if (baseline.outcomes === undefined) {
    const detail =
      'The outcomes of the baseline for each example are not there, so the two cannot be paired.';
    return {
      metrics: markIncomparable(metrics, recorded?.metrics ?? [], detail),
      figures,
      explanation: NO_EXPLANATION,
    };
  }
  const { parsed, gates, model } = request;
  const { alpha, power, seed, resamples } = parsed.config.comparison;
  const sameSubject = isSameSubject(subjects, recorded?.subjects ?? []);
  const outcomes = deriveBaseline(request, alone, baseline.outcomes);
  const compared = compareModel({
    candidate,
    baseline: outcomes,
    metrics,
    figures,
    slices,
    unpaired: isUnpaired(model, candidate, outcomes),
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
    explanation: explainOne(request, { candidate, baseline: outcomes, seeds, sameSubject }),
  };
}

/** A baseline with columns of its own has the candidate's bins and conditions too. */
function deriveBaseline({ model }: ModelRequest, { edges }: MeasuredAlone, outcomes: Outcomes): Outcomes {
  const by = model.slices?.by ?? [];
  const { sliced, labels, numbers } = listSliceNeeds({ by });
  const hasAll =
    [...sliced, ...labels].every((column) => outcomes.sliceColumns.has(column)) &&
    numbers.every((column) => outcomes.numericColumns.has(column));
  return hasAll ? deriveSliceColumns(outcomes, by, edges).outcomes : outcomes;
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

function judgeCompared(
  request: ModelRequest,
  alone: MeasuredAlone,
  baseline: UsableBaseline,
  { metrics, figures, explanation }: Compared,
): Findings {
  const { gates, flipGates, parsed } = request;
  const { alpha, power } = parsed.config.comparison;
  const { used } = baseline;
  const { flips } = explanation;
  const undecidable = new Map(alone.undecidable.map(({ check, message }) => [check, message]));
  return {
    ...NO_FINDINGS,
    ...explanation,
    metrics,
    figures,
    checks: [
      ...checkGiven(request, alone.candidate, baseline),
      ...judgeMetrics({ metrics, gates, alpha, baseline: used, undecidable }),
      ...judgeFlips({ flips, metrics, gates: flipGates, baseline: used, alpha, power }),
    ],
    notes: [
      ...(baseline.kind === 'kept' ? baseline.notes : []),
      ...noteVanished(request.name, 'slices', listVanishedSlices(request, alone, baseline)),
    ],
  };
}

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

/** Slices that main recorded; whether one is gone is not known where only the largest are looked at. */
function listVanishedSlices(
  { name, model }: ModelRequest,
  { slices }: MeasuredAlone,
  baseline: UsableBaseline,
): readonly string[] {
  if (model.slices === undefined || slices.length >= MAX_SLICES || baseline.kind === 'none') return [];
  const present = new Set(slices.map((slice) => slice.name));
  const recorded = (baseline.evidence?.body.metrics ?? []).flatMap(({ about }) =>
    about.model === name && about.slice !== undefined ? [about.slice] : [],
  );
  return [...new Set(recorded)].filter((slice) => !present.has(slice));
}
