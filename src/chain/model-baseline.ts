import type { BaselineFound } from '../baseline/find-baseline.ts';
import { UserError } from '../evidence/errors.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';
import { decodeOutcomes } from '../outcomes/stored-form.ts';
import type { ModelConfig } from '../schemas/config.generated.ts';
import type { BaselineUsed, Check, Evidence, Input } from '../schemas/evidence.generated.ts';
import type { ChainEffects } from './chain.ts';
import { loadPredictions, type Candidate, type PredictionsRequest } from './load-predictions.ts';
import { renameFindings } from './model-checks.ts';

interface ModelBaselineRequest extends PredictionsRequest {
  readonly found: BaselineFound;
  readonly candidate: Candidate;
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
      /** What main recorded, where these predictions stand in for its outcomes. */
      readonly evidence: Evidence | undefined;
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

/**
 * The configured predictions where no baseline of main was found, or where files are all there is; else what main kept.
 * With `rescore` the configured predictions also stand in where main's outcomes are of another test set or were not kept.
 */
export async function readModelBaseline(
  request: ModelBaselineRequest,
  effects: ChainEffects,
): Promise<ModelBaseline> {
  const { found, model, name, parsed } = request;
  const given = model['baseline-predictions'];
  if (given !== undefined && (found.used.rung === 'none' || found.used.rung === 'file')) {
    const used: BaselineUsed =
      found.used.rung === 'none' ? { ...found.used, rung: 'file', path: given } : found.used;
    return await readGivenPredictions(request, given, used, effects);
  }
  if (found.used.rung === 'none') return { kind: 'none', used: found.used };
  const kept = readKeptOutcomes(request);
  const fits = model.unpaired
    ? kept.outcomes !== undefined
    : kept.outcomes?.testSetDigest === request.candidate.outcomes.testSetDigest;
  if (given === undefined || fits || !parsed.config.baseline.rescore) {
    return { kind: 'kept', used: found.used, evidence: found.evidence, ...kept };
  }
  return await readGivenPredictions(request, given, { ...found.used, rescored: [name] }, effects);
}

/** Outcomes on a ref may be damaged: then metrics say that they could not be compared, and the run goes on. */
function readKeptOutcomes({ name, found }: ModelBaselineRequest): {
  readonly outcomes: Outcomes | undefined;
  readonly notes: readonly string[];
} {
  const kept = found.outcomes.get(name);
  if (kept === undefined) {
    const why = found.outcomesMissing?.get(name);
    return { outcomes: undefined, notes: why === undefined ? [] : [`${name}: ${why}`] };
  }
  try {
    return { outcomes: decodeOutcomes(kept, `The baseline of ${name}`), notes: [] };
  } catch (error) {
    if (error instanceof UserError) return { outcomes: undefined, notes: [error.message] };
    throw error;
  }
}

async function readGivenPredictions(
  request: ModelBaselineRequest,
  path: string,
  used: BaselineUsed,
  effects: ChainEffects,
): Promise<ModelBaseline> {
  const { name, model, parsed, found } = request;
  const { candidate } = request;
  const file = { role: 'baseline-predictions', path, ownGroups: model.unpaired, candidate } as const;
  const { input, loaded } = await loadPredictions(request, file, effects);
  if (loaded.kind === 'findings') {
    const checks = renameFindings(name, ['baseline-predictions'], loaded.checks, parsed.locate);
    return { kind: 'unusable', used, input, checks };
  }
  return { kind: 'given', used, evidence: found.evidence, path, outcomes: loaded.outcomes, input };
}

/**
 * Whether candidate and baseline are compared as two independent samples: where the config says so, or declares the
 * baseline's test set to be of the same kind.
 */
export function isUnpaired(model: ModelConfig, candidate: Outcomes, baseline: Outcomes): boolean {
  const { testSetDigest } = baseline;
  if (model.unpaired) return true;
  return (
    testSetDigest !== candidate.testSetDigest &&
    (model['compatible-test-sets'] ?? []).some((prefix) => testSetDigest.startsWith(prefix))
  );
}
