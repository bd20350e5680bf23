/** Rates by which groups of people are compared, beside the catalogue's metrics: names, and what they are shares of. */
import type { Task } from './examples.ts';
import { meanForm, type Form, type ShareForm } from './form.ts';

/** Decisions about examples: 1 is the label that is good for the person. */
export interface Decisions {
  readonly target: Uint8Array;
  readonly predicted: Uint8Array;
  /** Probability of that label; undefined where the model gives none. */
  readonly score: Float64Array | undefined;
}

/** Shares of decisions, in the order in which they are shown. */
export const DECISION_RATES = ['selection_rate', 'recall', 'false_positive_rate', 'precision'] as const;
export type DecisionRate = (typeof DECISION_RATES)[number];

/** The larger gap (the smaller ratio) of recall and of the false positive rate. */
export const EQUALISED_ODDS = 'equalised_odds';

/** The rates that equalised odds are about. */
export const ODDS_RATES = ['recall', 'false_positive_rate'] as const satisfies readonly DecisionRate[];

/** Mean probability less the share of favourable truths: 0 where the group's mean is right. */
export const CALIBRATION_IN_THE_LARGE = 'calibration_in_the_large';

/** Means of a regression: of what is predicted, and of prediction less truth. */
export const MEAN_RATES = ['mean_prediction', 'mean_error'] as const;

const ALIASES: Readonly<Record<string, string>> = {
  demographic_parity: 'selection_rate',
  statistical_parity: 'selection_rate',
  predicted_positive_rate: 'selection_rate',
  equal_opportunity: 'recall',
  true_positive_rate: 'recall',
  tpr: 'recall',
  sensitivity: 'recall',
  predictive_equality: 'false_positive_rate',
  fpr: 'false_positive_rate',
  predictive_parity: 'precision',
  positive_predictive_value: 'precision',
  ppv: 'precision',
  equalized_odds: EQUALISED_ODDS,
};

/** The rates of a task that are not metrics of the catalogue, or are shown for each group. */
export function listFairnessRates(task: Task): readonly string[] {
  if (task === 'binary-classification' || task === 'multiclass-classification')
    // Accuracy is the model's over all labels, whichever is favourable.
    return [...DECISION_RATES, 'accuracy', EQUALISED_ODDS, CALIBRATION_IN_THE_LARGE];
  return task === 'regression' ? MEAN_RATES : [];
}

/** The rate of a name or an alias; undefined where the task has none, though the catalogue may. */
export function findFairnessRate(name: string, task: Task): string | undefined {
  const normalised = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const meant = ALIASES[normalised] ?? normalised;
  return listFairnessRates(task).find((rate) => rate === meant);
}

/** Which decisions are hits, among which: the share that a rate is. */
export function shareOfDecisions(rate: DecisionRate, { target, predicted }: Decisions): ShareForm {
  switch (rate) {
    case 'selection_rate':
      return { kind: 'share', hits: predicted, among: undefined };
    case 'recall':
      return { kind: 'share', hits: predicted, among: target };
    case 'false_positive_rate':
      return { kind: 'share', hits: predicted, among: target.map((value) => 1 - value) };
    case 'precision':
      return { kind: 'share', hits: target, among: predicted };
  }
}

/** How far the probabilities are off on average; undefined without probabilities. */
export function calibrationForm({ target, score }: Decisions): Form | undefined {
  return score === undefined ? undefined : meanForm(score.map((value, row) => value - (target[row] ?? 0)));
}
