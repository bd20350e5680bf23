import type { MulticlassExamples } from './examples.ts';
import type { ScoredExamples } from './score-statistics.ts';

const known = new WeakMap<MulticlassExamples, ScoredExamples>();

/**
 * Confidence in the predicted label of each example, and whether it is the true one. Undefined where the model gives no
 * probabilities, or those of all labels are too many to be held. Made once for as long as the examples live.
 */
export function confidencesOf(examples: MulticlassExamples): ScoredExamples | undefined {
  const { scores, predicted, target: truth, n } = examples;
  if (scores === undefined) return undefined;
  const before = known.get(examples);
  if (before !== undefined) return before;
  const [score, target] = [new Float64Array(n), new Uint8Array(n)];
  for (let row = 0; row < n; row++) {
    const label = predicted[row] ?? 0;
    // A probability that rounding alone lifts above 1.
    score[row] = Math.min(1, scores[label]?.[row] ?? Number.NaN);
    if (label === truth[row]) target[row] = 1;
  }
  const confidences = { score, target };
  known.set(examples, confidences);
  return confidences;
}
