import type { Outcomes } from '../../outcomes/outcomes.ts';
import { textAt } from '../../outcomes/packed-texts.ts';
import type { About, LabelError, LabelErrors } from '../../schemas/evidence.generated.ts';
import { estimateConfidentJoint } from '../../statistics/label-errors.ts';
import { probabilitiesOf } from '../probabilities-of.ts';

/** The table of all pairs of more classes than this is not made. */
const MAX_CLASSES = 1000;

/** Longest label and id that evidence holds. */
const MAX_TEXT = 300;

/**
 * Labels that are likely to be wrong, by confident learning on the probabilities of the test set, which the model did not
 * learn from. The likeliest are those whose own label has the least probability. Nothing where there are no
 * probabilities of every class. Never a gate: a model that is sure and wrong looks the same.
 * @param count how many are listed by id; with 0 only their number is told
 */
export function findLabelErrors(outcomes: Outcomes, about: About, count: number): readonly LabelErrors[] {
  if (outcomes.task !== 'binary-classification' && outcomes.task !== 'multiclass-classification') return [];
  const columns = probabilitiesOf(outcomes);
  const { target, labels, ids, n } = outcomes;
  if (columns === undefined || n === 0 || columns.length > MAX_CLASSES) return [];
  const { joint, suspects, likely } = estimateConfidentJoint(target, columns);
  const diagonal = joint.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  const confidenceOf = (row: number): number => columns[target[row] ?? 0]?.[row] ?? Number.NaN;
  const examples = suspects
    .map((row, at) => ({ row, found: likely[at] ?? 0, score: confidenceOf(row) }))
    .sort((a, b) => a.score - b.score || a.row - b.row)
    .slice(0, ids === undefined ? 0 : count)
    .map(({ row, found, score }): LabelError => ({
      id: ids === undefined ? row : textAt(ids, row).slice(0, MAX_TEXT),
      given: (labels[target[row] ?? 0] ?? '').slice(0, MAX_TEXT),
      likely: (labels[found] ?? '').slice(0, MAX_TEXT),
      score,
    }));
  // The joint is scaled to the whole: where nothing is confident it has no diagonal.
  const estimated = suspects.length === 0 ? 0 : Math.round(n * (1 - diagonal));
  return [{ about, estimated, n, examples }];
}
