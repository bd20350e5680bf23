import type { Outcomes } from '../outcomes/outcomes.ts';
import { pairOutcomes } from '../outcomes/pair-outcomes.ts';
import type { Decomposition, Flips } from '../schemas/evidence.generated.ts';
import { findChangedMeaning } from './compare-model.ts';
import { decomposeChange, type DecomposeOptions } from './decompose-change.ts';
import { measureFlips, type FlipOptions } from './flips.ts';
import { isUnchanged } from './is-unchanged.ts';

export interface ExplanationRequest extends FlipOptions, DecomposeOptions {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
  /** Whether both models' files have the same digest. */
  readonly sameSubject: boolean;
}

export interface Explanation {
  readonly flips: readonly Flips[];
  readonly decompositions: readonly Decomposition[];
}

export const NO_EXPLANATION: Explanation = { flips: [], decompositions: [] };

/**
 * What changed between two models example by example and part by part. Nothing where the two cannot be compared (their
 * metrics say why); an unchanged model has flips, all of them zero, and nothing to decompose.
 */
export function explainModel(request: ExplanationRequest): Explanation {
  const { candidate, baseline } = request;
  const pairing = pairOutcomes(candidate, baseline);
  if (pairing.kind === 'unpaired' || findChangedMeaning(candidate, baseline) !== undefined)
    return NO_EXPLANATION;
  const { pair } = pairing;
  const flips = measureFlips(pair, request);
  return {
    flips: flips === undefined ? [] : [flips],
    decompositions: isUnchanged(pair, request.sameSubject) ? [] : decomposeChange(pair, request),
  };
}
