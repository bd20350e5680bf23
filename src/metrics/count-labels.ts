/** Counts of each label or class against all others, for the table of those with the most mistakes. */
import type { MulticlassExamples, MultilabelExamples } from './examples.ts';

/** Counts of one label. */
export interface CountsOfLabel {
  /** Examples that have it. */
  readonly actual: number;
  /** Examples of which the model says so. */
  readonly predicted: number;
  /** Both. */
  readonly hits: number;
}

/** Counts by label, in the order of the labels. */
export function countByLabel(examples: MulticlassExamples | MultilabelExamples): readonly CountsOfLabel[] {
  const { length } = examples.labels;
  const counts = Array.from({ length }, () => ({ actual: 0, predicted: 0, hits: 0 }));
  if (examples.task === 'multiclass-classification') {
    for (let row = 0; row < examples.n; row++) {
      const [truth, prediction] = [counts[examples.target[row] ?? 0], counts[examples.predicted[row] ?? 0]];
      if (truth !== undefined) truth.actual += 1;
      if (prediction !== undefined) prediction.predicted += 1;
      if (truth !== undefined && truth === prediction) truth.hits += 1;
    }
    return counts;
  }
  counts.forEach((own, label) => {
    const [truth, prediction] = [examples.target[label], examples.predicted[label]];
    for (let row = 0; row < examples.n; row++) {
      const [isTrue, isSaid] = [truth?.[row] ?? 0, prediction?.[row] ?? 0];
      own.actual += isTrue;
      own.predicted += isSaid;
      own.hits += isTrue * isSaid;
    }
  });
  return counts;
}
