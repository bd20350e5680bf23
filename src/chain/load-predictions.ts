import type { ParsedConfig } from '../config/parse-config.ts';
import { loadOutcomes, type IdOrder, type LoadedOutcomes } from '../outcomes/load-outcomes.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { Input } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { readSource } from './read-source.ts';

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
   * Whether groups, strata and slices are read from it. Predictions on the same test set need not repeat them: they
   * are the candidate's.
   */
  readonly ownGroups: boolean;
  /** How the candidate's file is sorted. */
  readonly knownOrder?: IdOrder;
}

/** A predictions file as the model's config reads its predictions, and what evidence says of the file. */
export async function loadPredictions(
  { name, model, parsed }: PredictionsRequest,
  { role, path, ownGroups, knownOrder }: PredictionsFile,
  effects: ChainEffects,
): Promise<{ readonly input: Input; readonly loaded: LoadedOutcomes }> {
  const { group, stratum, ...columns } = model.predictions;
  const groups = {
    ...(group === undefined ? {} : { group }),
    ...(stratum === undefined ? {} : { stratum }),
  };
  const predictions = { ...columns, ...(ownGroups ? groups : {}), path };
  const source = await readSource(predictions, effects);
  const identity = await effects.identifyFile(path);
  const loaded = await loadOutcomes({
    engine: effects.engine,
    model: name,
    task: model.task,
    predictions,
    source,
    locate: parsed.locate,
    ...(ownGroups && model.slices?.by !== undefined ? { slices: model.slices.by } : {}),
    ...(knownOrder === undefined ? {} : { knownOrder }),
    ...queryOptions(effects),
  });
  const rows = loaded.kind === 'loaded' ? { rows: loaded.outcomes.n } : {};
  return { input: { role, name, path, ...identity, ...rows }, loaded };
}
