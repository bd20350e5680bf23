import type { Outcomes } from '../../outcomes/outcomes.ts';
import { textAt } from '../../outcomes/packed-texts.ts';
import type { About, LabelError, LabelErrors } from '../../schemas/evidence.generated.ts';
import { estimateConfidentJoint } from '../../statistics/label-errors.ts';
import { releaseMemory } from '../../statistics/release-memory.ts';
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

/** Standard deviations by which doubted labels must outnumber those that chance gives a model that is right about itself. */
const SURE_EXCESS = 3;

/**
 * Labels that are likely to be wrong: those that confident learning suspects (off the diagonal of the confident joint, by
 * probabilities of the test set, which the model did not learn from) and of which the model is sure besides, because
 * the thresholds of a model that knows little are low. The likeliest are those whose own label has the least
 * probability. How many there are is what exceeds chance: of two thousand examples to which a model rightly gives 5 %
 * a hundred are positive, and none of those labels is wrong. Nothing where there are no probabilities of every class,
 * where the excess is not sure, or where so many are doubted that nothing is said of any. Never a gate: a model that is
 * sure and wrong looks the same.
 * @param count how many are listed by id; with 0 only their number is told
 */
export function findLabelErrors(outcomes: Outcomes, about: About, count: number): readonly LabelErrors[] {
  if (outcomes.task !== 'binary-classification' && outcomes.task !== 'multiclass-classification') return [];
  const columns = probabilitiesOf(outcomes);
  const { target, labels, ids, n } = outcomes;
  if (columns === undefined || n === 0 || columns.length > MAX_CLASSES) return [];
  const doubts = listDoubts(target, columns, ids === undefined ? 0 : count);
  // The column of the positive class is the model's own.
  if (outcomes.task === 'binary-classification') releaseMemory(...columns.slice(0, 1));
  const excess = doubts.count - doubts.expected;
  if (doubts.count > LARGEST_SHARE * n || !(excess - 0.5 > SURE_EXCESS * Math.sqrt(doubts.variance)))
    return [];
  const examples = doubts.shown.map(({ row, likely, score }): LabelError => ({
    id: ids === undefined ? row : textAt(ids, row).slice(0, MAX_TEXT),
    given: (labels[target[row] ?? 0] ?? '').slice(0, MAX_TEXT),
    likely: (labels[likely] ?? '').slice(0, MAX_TEXT),
    score,
  }));
  return [{ about, estimated: Math.round(excess), n, examples }];
}

interface Doubt {
  readonly row: number;
  readonly likely: number;
  readonly score: number;
}

interface Doubts {
  readonly count: number;
  /** How many would be doubted if labels were drawn by the model's own probabilities, and the variance of that. */
  readonly expected: number;
  readonly variance: number;
  readonly shown: readonly Doubt[];
}

/** Probability by the model itself that an example gets a label that is doubted, where it is sure of one. */
function chanceOfDoubt(row: number, likely: number, columns: readonly Float64Array[]): number {
  let sum = 0;
  columns.forEach((column, label) => {
    const p = column[row] ?? Number.NaN;
    if (label !== likely && p <= MOST_FOR_GIVEN) sum += p;
  });
  return sum;
}

/** How many labels are doubted, how many would be by chance, and those with the least probability. */
function listDoubts(target: ArrayLike<number>, columns: readonly Float64Array[], most: number): Doubts {
  const { confident } = estimateConfidentJoint(target, columns);
  const shown: Doubt[] = [];
  let [count, expected, variance] = [0, 0, 0];
  for (let row = 0; row < confident.length; row++) {
    const [likely, label] = [confident[row] ?? -1, target[row] ?? 0];
    if (likely === -1 || !((columns[likely]?.[row] ?? Number.NaN) > LEAST_FOR_LIKELY)) continue;
    const chance = chanceOfDoubt(row, likely, columns);
    expected += chance;
    variance += chance * (1 - chance);
    const score = columns[label]?.[row] ?? Number.NaN;
    if (likely === label || !(score <= MOST_FOR_GIVEN)) continue;
    count += 1;
    if (shown.length === most && !(score < (shown.at(-1)?.score ?? Number.NEGATIVE_INFINITY))) continue;
    const place = shown.findIndex((doubt) => doubt.score > score);
    shown.splice(place === -1 ? shown.length : place, 0, { row, likely, score });
    if (shown.length > most) shown.pop();
  }
  releaseMemory(confident);
  return { count, expected, variance, shown };
}
