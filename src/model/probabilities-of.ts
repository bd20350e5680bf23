import { confidencesOf } from '../metrics/class-confidence.ts';
import type { Outcomes } from '../outcomes/outcomes.ts';

/** A probability for each example, and whether what it was given to came true. */
export interface Claims {
  readonly probability: Float64Array;
  /** 0 or 1. */
  readonly outcome: Uint8Array;
}

/**
 * What a classifier claims: the probability of the positive class, or of several classes the confidence in the one that
 * is predicted. Undefined where the model gives no probabilities, or those of all classes are too many to be held.
 */
export function claimsOf(outcomes: Outcomes): Claims | undefined {
  if (outcomes.task === 'binary-classification')
    return outcomes.score === undefined
      ? undefined
      : { probability: outcomes.score, outcome: outcomes.target };
  if (outcomes.task !== 'multiclass-classification') return undefined;
  const confidences = confidencesOf(outcomes);
  return confidences && { probability: confidences.score, outcome: confidences.target };
}

/** Probabilities of every class, one column for each; undefined as for claims. */
export function probabilitiesOf(outcomes: Outcomes): readonly Float64Array[] | undefined {
  if (outcomes.task === 'multiclass-classification') return outcomes.scores;
  if (outcomes.task !== 'binary-classification' || outcomes.score === undefined) return undefined;
  const { score } = outcomes;
  const ofOther = new Float64Array(score.length);
  for (let row = 0; row < ofOther.length; row++) ofOther[row] = 1 - (score[row] ?? Number.NaN);
  return [ofOther, score];
}
