import { findMetric } from '../../metrics/find-metric.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import type { Metric } from '../../schemas/evidence.generated.ts';

/** A value from here on is hardly ever learned: as often as not the features hold the answer. */
const TOO_GOOD = 0.995;

/** With fewer examples than this a perfect result is luck often enough. */
const LEAST_EXAMPLES = 100;

/** Metrics that are 1 for a perfect model, by task. */
const TELLING: Readonly<Partial<Record<Outcomes['task'], readonly string[]>>> = {
  'binary-classification': ['roc_auc', 'accuracy'],
  'multiclass-classification': ['accuracy'],
  regression: ['r2'],
};

/**
 * A remark on results that are too good to be true; none where there is nothing remarkable.
 * @param metrics of the model on these outcomes, with those that are always shown
 */
export function noteTooGood(
  model: string,
  outcomes: Outcomes,
  metrics: readonly Metric[],
): readonly string[] {
  if (outcomes.n < LEAST_EXAMPLES || hasOneClass(outcomes)) return [];
  for (const name of TELLING[outcomes.task] ?? []) {
    const value = metrics.find((metric) => metric.name === name && metric.about.slice === undefined)?.value;
    if (value === undefined || value === null || value < TOO_GOOD) continue;
    const title = findMetric(name, outcomes.task)?.title ?? name;
    return [
      `${title} of ${model} is ${value.toFixed(4)}: so good a result is often leakage. Look for a feature that is only known once the target is, and for examples that are in the training set too.`,
    ];
  }
  return [];
}

/** Always right about the only class there is no feat. */
function hasOneClass(outcomes: Outcomes): boolean {
  if (outcomes.task !== 'binary-classification' && outcomes.task !== 'multiclass-classification')
    return false;
  return outcomes.target.every((label) => label === outcomes.target[0]);
}
