import type { Decisions } from '../../metrics/fairness-rates.ts';
import { isSameLabel } from '../../outcomes/read-labels.ts';
import type { BinaryOutcomes, MulticlassOutcomes, Outcomes } from '../../outcomes/outcomes.ts';

/**
 * The outcomes as decisions for or against a favourable label.
 * @param favourable the label; undefined for the positive one of a binary classification
 * @returns undefined where the task has no labels, no label is named for several, or none is called so
 */
export function decide(outcomes: Outcomes, favourable: string | undefined): Decisions | undefined {
  if (outcomes.task === 'binary-classification') return decideBinary(outcomes, favourable);
  if (outcomes.task === 'multiclass-classification') return decideMulticlass(outcomes, favourable);
  return undefined;
}

function decideBinary(
  { labels, target, predicted, score }: BinaryOutcomes,
  favourable: string | undefined,
): Decisions | undefined {
  const [negative, positive] = labels;
  if (favourable === undefined || isSameLabel(positive, favourable)) return { target, predicted, score };
  if (!isSameLabel(negative, favourable)) return undefined;
  return { target: flip(target), predicted: flip(predicted), score: score?.map((value) => 1 - value) };
}

function flip(column: Uint8Array): Uint8Array {
  return column.map((value) => 1 - value);
}

function decideMulticlass(
  { labels, target, predicted, scores }: MulticlassOutcomes,
  favourable: string | undefined,
): Decisions | undefined {
  const code = favourable === undefined ? -1 : labels.findIndex((label) => isSameLabel(label, favourable));
  if (code === -1) return undefined;
  const is = (column: Uint16Array): Uint8Array =>
    Uint8Array.from(column, (label) => (label === code ? 1 : 0));
  return { target: is(target), predicted: is(predicted), score: scores?.[code] };
}
