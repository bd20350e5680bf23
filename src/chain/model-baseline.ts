import type { BaselineFound } from '../baseline/find-baseline.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import { loadOutcomes } from '../outcomes/load-outcomes.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { decodeOutcomes } from '../outcomes/stored-form.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { BaselineUsed, Check, Evidence, Input } from '../schemas/evidence.generated.ts';
import { queryOptions } from './begin-step.ts';
import type { ChainEffects } from './chain.ts';
import { renameFindings } from './model-checks.ts';
import { readSource } from './read-source.ts';

interface ModelBaselineRequest {
  readonly name: string;
  readonly model: ModelConfig;
  readonly parsed: ParsedConfig;
  readonly found: BaselineFound;
}

/**
 * What one model is compared with. `none`: nothing. `kept`: what main recorded, with outcomes only if they were kept.
 * `given`: the file that the config names. `unusable`: that file, whose content is bad.
 */
export type ModelBaseline =
  | { readonly kind: 'none'; readonly used: BaselineUsed }
  | {
      readonly kind: 'kept';
      readonly used: BaselineUsed;
      readonly evidence: Evidence | undefined;
      readonly outcomes: Outcomes | undefined;
      /** Why outcomes that were kept cannot be used. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'given';
      readonly used: BaselineUsed;
      readonly path: string;
      readonly outcomes: Outcomes;
      readonly input: Input;
    }
  | {
      readonly kind: 'unusable';
      readonly used: BaselineUsed;
      readonly input: Input;
      readonly checks: readonly Check[];
    };

/** The configured predictions where no baseline of main was found, or where files are all there is; else what main kept. */
export async function readModelBaseline(
  request: ModelBaselineRequest,
  effects: ChainEffects,
): Promise<ModelBaseline> {
  const { found, model } = request;
  const given = model['baseline-predictions'];
  if (given !== undefined && (found.used.rung === 'none' || found.used.rung === 'file'))
    return await readGivenPredictions(request, given, effects);
  if (found.used.rung === 'none') return { kind: 'none', used: found.used };
  return { kind: 'kept', used: found.used, evidence: found.evidence, ...readKeptOutcomes(request) };
}

/** Outcomes on a ref may be damaged: then metrics say that they could not be compared, and the run goes on. */
function readKeptOutcomes({ name, found }: ModelBaselineRequest): {
  readonly outcomes: Outcomes | undefined;
  readonly notes: readonly string[];
} {
  const kept = found.outcomes.get(name);
  if (kept === undefined) return { outcomes: undefined, notes: [] };
  try {
    return { outcomes: decodeOutcomes(kept, `The baseline of ${name}`), notes: [] };
  } catch (error) {
    if (error instanceof UserError) return { outcomes: undefined, notes: [error.message] };
    throw error;
  }
}

async function readGivenPredictions(
  { name, model, parsed, found }: ModelBaselineRequest,
  path: string,
  effects: ChainEffects,
): Promise<ModelBaseline> {
  const predictions = { ...model.predictions, path };
  const source = await readSource(predictions, effects);
  const input: Input = { role: 'baseline-predictions', name, path, ...(await effects.identifyFile(path)) };
  const loaded = await loadOutcomes({
    engine: effects.engine,
    model: name,
    task: model.task,
    predictions,
    source,
    locate: parsed.locate,
    ...queryOptions(effects),
  });
  const used: BaselineUsed = found.used.rung === 'none' ? { ...found.used, rung: 'file', path } : found.used;
  if (loaded.kind === 'findings') {
    return { kind: 'unusable', used, input, checks: renameFindings(name, loaded.checks, parsed.locate) };
  }
  const { outcomes } = loaded;
  return { kind: 'given', used, path, outcomes, input: { ...input, rows: outcomes.n } };
}
