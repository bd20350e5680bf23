import type { Outcomes } from '../../outcomes/outcomes.ts';
import { textAt } from '../../outcomes/packed-texts.ts';
import type { About, LabelError, LabelErrors } from '../../schemas/evidence.generated.ts';
import { estimateConfidentJoint } from '../../statistics/label-errors.ts';
import { probabilitiesOf } from '../probabilities-of.ts';

/** The table of all pairs of more classes than this is not made. */
const MAX_CLASSES = 1000;

/** Longest label and id that evidence holds. */
const MAX_TEXT = 300;

/** A label is doubted where the model gives it at most this probability, and another one more than all others together. */
const MOST_FOR_GIVEN = 0.1;
const LEAST_FOR_LIKELY = 0.5;

/**
 * Share of doubted labels from which on it is the model that is doubtful, or the target that nobody could predict: three
 * times what ten much-used test sets have of wrong labels on average, at least 3.3 % (C. Northcutt, A. Athalye,
 * J. Mueller, NeurIPS Datasets and Benchmarks, 2021).
 */
const LARGEST_SHARE = 0.1;

/**
 * Labels that are likely to be wrong: those that confident learning suspects (off the diagonal of the confident joint, by
 * probabilities of the test set, which the model did not learn from) and of which the model is sure besides, because
 * the thresholds of a model that knows little are low. The likeliest are those whose own label has the least
 * probability. Nothing where there are no probabilities of every class, or so many are doubted that nothing is said of
 * any. Never a gate: a model that is sure and wrong looks the same.
 * @param count how many are listed by id; with 0 only their number is told
 */
export function findLabelErrors(outcomes: Outcomes, about: About, count: number): readonly LabelErrors[] {
  if (outcomes.task !== 'binary-classification' && outcomes.task !== 'multiclass-classification') return [];
  const columns = probabilitiesOf(outcomes);
  const { target, labels, ids, n } = outcomes;
  if (columns === undefined || n === 0 || columns.length > MAX_CLASSES) return [];
  const { suspects, likely } = estimateConfidentJoint(target, columns);
  const doubted = suspects
    .map((row, at) => ({
      row,
      found: likely[at] ?? 0,
      score: columns[target[row] ?? 0]?.[row] ?? Number.NaN,
      confidence: columns[likely[at] ?? 0]?.[row] ?? Number.NaN,
    }))
    .filter(({ score, confidence }) => score <= MOST_FOR_GIVEN && confidence > LEAST_FOR_LIKELY);
  if (doubted.length > LARGEST_SHARE * n) return [];
  const examples = doubted
    .sort((a, b) => a.score - b.score || a.row - b.row)
    .slice(0, ids === undefined ? 0 : count)
    .map(({ row, found, score }): LabelError => ({
      id: ids === undefined ? row : textAt(ids, row).slice(0, MAX_TEXT),
      given: (labels[target[row] ?? 0] ?? '').slice(0, MAX_TEXT),
      likely: (labels[found] ?? '').slice(0, MAX_TEXT),
      score,
    }));
  return [{ about, estimated: doubted.length, n, examples }];
}
