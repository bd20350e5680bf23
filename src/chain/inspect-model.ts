import { judgeFairness, skipFairness } from '../comparison/fairness/judge-fairness.ts';
import { listFairnessGates } from '../comparison/fairness/list-fairness-gates.ts';
import {
  judgeGeneralisation,
  skipGeneralisation,
} from '../comparison/generalisation/judge-generalisation.ts';
import { listGeneralisationGates } from '../comparison/generalisation/list-generalisation-gates.ts';
import { measureGain, measureOverfitting } from '../comparison/generalisation/measure-generalisation.ts';
import { calibrateModel } from '../model/calibration/measure-calibration.ts';
import { findModelErrors } from '../model/error-examples/find-model-errors.ts';
import { measureFairness } from '../model/fairness/measure-fairness.ts';
import { countSharedIds, SHARED_EXAMPLES } from '../model/generalisation/count-shared-ids.ts';
import { drawTraining } from '../model/generalisation/draw-training.ts';
import { noteTooGood } from '../model/generalisation/note-too-good.ts';
import { findLabelErrors } from '../model/label-errors/find-label-errors.ts';
import { columnsOf, nameColumns } from '../outcomes/list-groups.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { countSlices, MAX_SLICES } from '../outcomes/slices.ts';
import type { About, Check, Input, Metric } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';
import { mergeFindings, NO_FINDINGS, type Findings } from './findings.ts';
import { warnOfUnseenLabels } from '../outcomes/unseen-labels.ts';
import { loadPredictions, type Candidate, type PredictionsRequest } from './load-predictions.ts';
import { renameFindings } from './model-checks.ts';

/**
 * What there is to know of a model beyond its metrics: how it treats groups, whether its probabilities are what they
 * say, how it does beside its training set and a trivial model, which labels it doubts, and where it errs.
 * @param metrics as they were measured
 */
export async function inspectModel(
  request: PredictionsRequest,
  loaded: Candidate,
  metrics: readonly Metric[],
  effects: ChainEffects,
): Promise<Findings> {
  const { name, model, parsed } = request;
  const { outcomes } = loaded;
  const { alpha } = parsed.config.comparison;
  const about: About = { model: name, datasetDigest: outcomes.testSetDigest };
  const training = await readTraining(request, effects);
  const count = model['error-examples'];
  return mergeFindings([
    inspectFairness(request, outcomes),
    {
      ...NO_FINDINGS,
      calibrations: calibrateModel(outcomes, about, alpha),
      labelErrors: findLabelErrors(outcomes, about, count),
      errors: findModelErrors(outcomes, about, count),
      notes: noteTooGood(name, outcomes, metrics),
    },
    inspectGeneralisation(request, outcomes, training, about),
    { ...NO_FINDINGS, checks: warnOfUnseen(request, outcomes, training) },
  ]);
}

/** The same bounds where the predictions could not be used: they are not judged. */
export function skipInspection({ name, parsed }: PredictionsRequest, why: string): readonly Check[] {
  const { config, locate } = parsed;
  return [
    ...skipFairness(
      listFairnessGates(config, locate).filter((gate) => gate.model === name),
      why,
    ),
    ...skipGeneralisation(
      listGeneralisationGates(config, locate).filter((gate) => gate.model === name),
      why,
    ),
  ];
}

function inspectFairness({ name, model, parsed }: PredictionsRequest, outcomes: Outcomes): Findings {
  const settings = model.fairness;
  if (settings === undefined) return NO_FINDINGS;
  const { alpha, seed, resamples } = parsed.config.comparison;
  const gates = listFairnessGates(parsed.config, parsed.locate).filter((gate) => gate.model === name);
  const fairness = measureFairness(outcomes, { model: name, alpha, seed, resamples, fairness: settings });
  const surplus = settings.groups.flatMap((entry): readonly Check[] => {
    const found = countSlices(outcomes, [columnsOf(entry)]);
    if (found <= MAX_SLICES) return [];
    const column = nameColumns(entry);
    return [
      {
        id: `model/${name}/fairness/${column}/count`,
        name: 'count',
        about: { model: name },
        verdict: 'fail',
        severity: settings.severity,
        observed: found,
        expected: MAX_SLICES,
        message: `${column} makes ${found.toLocaleString('en-US')} groups, of which only the ${MAX_SLICES} largest were compared. Cross fewer columns, or write columns with fewer values.`,
        source: parsed.locate(['models', name, 'fairness', 'groups']),
      },
    ];
  });
  return { ...NO_FINDINGS, fairness, checks: [...surplus, ...judgeFairness({ fairness, gates, alpha })] };
}

interface Training {
  readonly inputs: readonly Input[];
  readonly checks: readonly Check[];
  /** Undefined where none is declared, or it could not be used. */
  readonly outcomes: Outcomes | undefined;
}

function warnOfUnseen(
  { name, model, parsed }: PredictionsRequest,
  test: Outcomes,
  { outcomes }: Training,
): readonly Check[] {
  const { task, predictions } = model;
  return outcomes === undefined
    ? []
    : warnOfUnseenLabels(test, outcomes, { model: name, task, predictions, locate: parsed.locate });
}

async function readTraining(request: PredictionsRequest, effects: ChainEffects): Promise<Training> {
  const { name, model, parsed } = request;
  if (model.training === undefined) return { inputs: [], checks: [], outcomes: undefined };
  const file = { role: 'training-predictions', path: model.training.path, ownGroups: true } as const;
  const { input, loaded } = await loadPredictions(request, file, effects);
  const isLoaded = loaded.kind === 'loaded';
  const found = isLoaded ? loaded.warnings : loaded.checks;
  return {
    inputs: [input],
    checks: renameFindings(name, ['training'], found, parsed.locate),
    outcomes: isLoaded ? loaded.outcomes : undefined,
  };
}

function inspectGeneralisation(
  { name, model, parsed }: PredictionsRequest,
  test: Outcomes,
  { inputs, checks, outcomes: training }: Training,
  about: About,
): Findings {
  const { alpha, seed, resamples } = parsed.config.comparison;
  const gates = listGeneralisationGates(parsed.config, parsed.locate).filter((gate) => gate.model === name);
  const isUnusable = model.training !== undefined && training === undefined;
  const skipped = isUnusable ? gates.filter(({ against }) => against === 'training') : [];
  const judged = gates.filter((gate) => !skipped.includes(gate));
  const options = { about, alpha, seed, resamples, gates };
  const generalisations = [
    ...(training === undefined ? [] : measureOverfitting(test, training, options)),
    ...measureGain(test, training, options),
  ];
  return {
    ...NO_FINDINGS,
    inputs,
    generalisations,
    figures: training === undefined ? [] : drawTraining(test, training, about),
    checks: [
      ...checks,
      ...(training === undefined ? [] : reportShared(name, model, test, training, parsed.locate)),
      ...skipGeneralisation(skipped, 'the predictions on the training set'),
      ...judgeGeneralisation({ generalisations, gates: judged, alpha }),
    ],
  };
}

/** Ids that are shown where ids are not private. */
const SHOWN_IDS = 3;

/** Whether an example was learned from and tested on. */
function reportShared(
  name: string,
  model: PredictionsRequest['model'],
  test: Outcomes,
  training: Outcomes,
  locate: PredictionsRequest['parsed']['locate'],
): readonly Check[] {
  const shared = countSharedIds(test, training, model['error-examples'] === 0 ? 0 : SHOWN_IDS);
  if (shared === undefined) return [];
  const { count, examples } = shared;
  const base = {
    id: `model/${name}/training/shared-examples`,
    name: SHARED_EXAMPLES,
    about: { model: name },
    severity: model.training?.severity ?? 'fail',
    observed: count,
    expected: 0,
    rows: test.n,
    source: locate(['models', name, 'training', 'path']),
  } as const;
  if (count === 0)
    return [{ ...base, verdict: 'pass', message: 'No example of the test set is in the training set.' }];
  const named =
    examples.length === 0 ? '' : ` (such as ${examples.map((id) => JSON.stringify(id)).join(', ')})`;
  return [
    {
      ...base,
      verdict: 'fail',
      violations: count,
      message: `${count.toLocaleString('en-US')} of ${test.n.toLocaleString('en-US')} examples of the test set are in the training set too, by id${named}: what was learned by heart counts as success. Take them out of one of the two. If ids only number the rows of each file, use ids that name the examples.`,
    },
  ];
}
