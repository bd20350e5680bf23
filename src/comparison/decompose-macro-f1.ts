import { countCells, tabulate } from '../metrics/cells.ts';
import { f1OfClass, type ClassTable } from '../metrics/class-table.ts';
import { LABEL_RATIOS, scoreLabels } from '../metrics/label-counts.ts';
import type { OutcomesPair } from '../outcomes/pair-outcomes.ts';
import type { PartOfChange } from './compare-part.ts';

type MulticlassPair = Extract<OutcomesPair, { readonly task: 'multiclass-classification' }>;

/**
 * Macro F1 by class: it is the mean of the classes' F1, so each adds its own over the number of classes. A class that
 * occurs neither in the truth nor in a model's predictions has no F1 there and is none of that model's classes.
 * @param names of the classes, by their codes
 */
export function decomposeMacroF1(
  { candidate, baseline }: MulticlassPair,
  names: readonly string[],
): readonly PartOfChange[] {
  const cells = countCells(names.length, candidate.target, candidate.predicted, baseline.predicted);
  const now = scoreClasses(tabulate(cells, 'first'));
  const before = scoreClasses(tabulate(cells, 'second'));
  const actual = tabulate(cells, 'first').actual;
  return names.flatMap((name, label) => {
    const [own, other] = [now.scores[label] ?? null, before.scores[label] ?? null];
    if (own === null && other === null) return [];
    const contribution = (own ?? 0) / now.classes - (other ?? 0) / before.classes;
    return [{ name, n: actual[label] ?? 0, baseline: other, candidate: own, contribution }];
  });
}

/** Macro F1 by label of examples with several: the mean of the F1 of all labels, 0 for one that never occurs. */
export function decomposeLabels(
  { candidate, baseline }: Extract<OutcomesPair, { readonly task: 'multilabel-classification' }>,
  names: readonly string[],
): readonly PartOfChange[] {
  const [now, before] = [scoreLabels(candidate, LABEL_RATIOS.f1), scoreLabels(baseline, LABEL_RATIOS.f1)];
  return names.map((name, label) => {
    const [own, other] = [now.values[label] ?? 0, before.values[label] ?? 0];
    return {
      name,
      n: now.has[label] ?? 0,
      baseline: other,
      candidate: own,
      contribution: (own - other) / names.length,
    };
  });
}

/** F1 of each class, null for one that does not occur, and the number of those that do. */
function scoreClasses(table: ClassTable): {
  readonly scores: readonly (number | null)[];
  readonly classes: number;
} {
  const scores = Array.from(table.hits, (_, label) => {
    const score = f1OfClass(table, label);
    return Number.isNaN(score) ? null : score;
  });
  return { scores, classes: scores.filter((score) => score !== null).length };
}
