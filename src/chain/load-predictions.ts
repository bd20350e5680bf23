import type { ParsedConfig } from '../config/parse-config.ts';
import { loadOutcomes, type LoadedOutcomes } from '../outcomes/load-outcomes.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { Input } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { identifyTable, readSource } from './read-source.ts';

export interface PredictionsRequest {
  /** Name of the model in the config. */
  readonly name: string;
  readonly model: ModelConfig;
  readonly parsed: ParsedConfig;
}

/** The candidate's predictions, as they were loaded. */
export type Candidate = Extract<LoadedOutcomes, { readonly kind: 'loaded' }>;

interface PredictionsFile {
  readonly role: Input['role'];
  readonly path: string;
  /**
   * Whether groups, strata, weights and slices are read from it. Predictions on the same test set need not repeat them:
   * they are the candidate's.
   */
  readonly ownGroups: boolean;
  /** The candidate, where the file is another model's on the same test set. */
  readonly candidate?: Candidate;
}

export interface LoadedPredictions {
  readonly input: Input;
  /** The file with the truth, where that is another: one that evidence names once. */
  readonly others: readonly Input[];
  readonly loaded: LoadedOutcomes;
}

/** A predictions file as the model's config reads its predictions, and what evidence says of the file. */
export async function loadPredictions(
  { name, model, parsed }: PredictionsRequest,
  file: PredictionsFile,
  effects: ChainEffects,
): Promise<LoadedPredictions> {
  const { role, path, candidate } = file;
  const predictions = { ...choosePredictions(model, file), path };
  const source = await readSource(predictions, effects);
  const identity = await identifyTable(path, effects);
  const { targets } = predictions;
  const loaded = await loadOutcomes({
    engine: effects.engine,
    model: name,
    task: model.task,
    predictions,
    source,
    locate: parsed.locate,
    ...chooseParts(model, file),
    ...(targets === undefined ? {} : { targets: await readSource(targets, effects) }),
    ...(candidate === undefined ? {} : { knownOrder: candidate.order }),
    ...queryOptions(effects),
  });
  const rows = loaded.kind === 'loaded' ? { rows: loaded.outcomes.n } : {};
  return {
    input: { role, name, path, ...identity, ...rows },
    others:
      targets === undefined || role !== 'predictions'
        ? []
        : [{ role: 'targets', name, path: targets.path, ...(await identifyTable(targets.path, effects)) }],
    loaded: candidate === undefined ? loaded : shareTestSet(loaded, candidate.outcomes),
  };
}

/** The file of a training holds its own truth: `targets` is that of the test set. */
function choosePredictions({ predictions }: ModelConfig, { role, ownGroups }: PredictionsFile) {
  const { group, stratum, weight, series, scale, targets, ...columns } = predictions;
  return {
    ...columns,
    ...(targets === undefined || role === 'training-predictions' ? {} : { targets }),
    ...(ownGroups
      ? {
          ...(group === undefined ? {} : { group }),
          ...(stratum === undefined ? {} : { stratum }),
          ...(weight === undefined ? {} : { weight }),
          ...(series === undefined ? {} : { series }),
          ...(scale === undefined ? {} : { scale }),
        }
      : {}),
  };
}

/** Slices are of test sets, and groups of fairness of the candidate alone. */
function chooseParts({ slices, fairness }: ModelConfig, { role, ownGroups }: PredictionsFile) {
  return {
    ...(slices === undefined || !ownGroups || role === 'training-predictions' ? {} : { slices }),
    ...(fairness === undefined || role !== 'predictions' ? {} : { fairness }),
  };
}

/** What belongs to the examples and not to the model is the candidate's, where both have the same test set. */
function shareTestSet(loaded: LoadedOutcomes, candidate: Outcomes): LoadedOutcomes {
  if (loaded.kind === 'findings' || loaded.outcomes.testSetDigest !== candidate.testSetDigest) return loaded;
  const { groups, strata, weights } = candidate;
  return { ...loaded, outcomes: withScale({ ...loaded.outcomes, groups, strata, weights }, candidate) };
}

function withScale(outcomes: Outcomes, candidate: Outcomes): Outcomes {
  return outcomes.task === 'forecasting' && candidate.task === 'forecasting'
    ? { ...outcomes, scale: candidate.scale }
    : outcomes;
}
