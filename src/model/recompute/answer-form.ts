/** What a model must answer for each example, so that it can be held against the predictions file. */
import type { Outcomes } from '../../outcomes/outcomes.ts';

/** By task, in the words of the answers. */
export type AnswerForm =
  /** Probability of the positive class. */
  | { readonly kind: 'score'; readonly labels: readonly [string, string] }
  /** The predicted label, one of `labels` if the model is the one that made the file. */
  | { readonly kind: 'label'; readonly labels: readonly string[]; readonly isBinary: boolean }
  /** The predicted value. */
  | { readonly kind: 'value' }
  /** A probability for each label. */
  | { readonly kind: 'scores'; readonly labels: readonly string[] }
  /** For each label whether the model says so. */
  | { readonly kind: 'predictions'; readonly labels: readonly string[] }
  /** A value for each level. */
  | { readonly kind: 'quantiles'; readonly levels: readonly number[] };

/** An answer in parts: numbers that agree within a tolerance, texts that agree exactly. The names are the answers' own. */
export type AnswerParts = ReadonlyMap<string, number | string>;

/** Name of the part of a label or of a level: `scores.cat`, `quantiles.0.9`. */
export function partOf(kind: 'scores' | 'predictions' | 'quantiles', of: string | number): string {
  return `${kind}.${of}`;
}

/**
 * All that the predictions file says of an example: labels that stand in a column of their own are asked for beside the
 * scores, or a file could have the model's scores and somebody else's labels. Empty where a file says nothing that one
 * answer could be held against.
 * @param ownLabels whether labels are read from the file, and not derived from scores
 */
export function formsOf(outcomes: Outcomes, ownLabels: boolean): readonly AnswerForm[] {
  switch (outcomes.task) {
    case 'binary-classification': {
      const { labels, score } = outcomes;
      const label: AnswerForm = { kind: 'label', labels, isBinary: true };
      if (score === undefined) return [label];
      return [{ kind: 'score', labels }, ...(ownLabels ? [label] : [])];
    }
    case 'multiclass-classification': {
      const { labels, scores } = outcomes;
      const label: AnswerForm = { kind: 'label', labels, isBinary: false };
      if (scores === undefined) return [label];
      return [{ kind: 'scores', labels }, ...(ownLabels ? [label] : [])];
    }
    case 'multilabel-classification': {
      const { labels, score } = outcomes;
      const decisions: AnswerForm = { kind: 'predictions', labels };
      if (score === undefined) return [decisions];
      return [{ kind: 'scores', labels }, ...(ownLabels ? [decisions] : [])];
    }
    case 'regression':
      return [{ kind: 'value' }];
    case 'quantile-regression':
      return [{ kind: 'quantiles', levels: outcomes.levels }];
    case 'forecasting': {
      const { levels, predicted } = outcomes;
      return [
        ...(predicted === undefined ? [] : [{ kind: 'value' } as const]),
        ...(levels.length === 0 ? [] : [{ kind: 'quantiles', levels } as const]),
      ];
    }
    // Items lose their ids when they are loaded; grades are no answers of a model.
    case 'ranking':
    case 'graded':
      return [];
  }
}

/** What the predictions file says of one example, in the parts of its forms. */
export function readParts(outcomes: Outcomes, forms: readonly AnswerForm[], row: number): AnswerParts {
  const asked = new Set(forms.map(({ kind }) => kind));
  const all = listParts(outcomes, row);
  return new Map(all.flatMap(([kind, parts]) => (asked.has(kind) ? [...parts] : [])));
}

type KindParts = readonly [AnswerForm['kind'], Iterable<readonly [string, number | string]>];

function listParts(outcomes: Outcomes, row: number): readonly KindParts[] {
  const at = (column: ArrayLike<number> | undefined): number => column?.[row] ?? NaN;
  switch (outcomes.task) {
    case 'binary-classification': {
      const { score, predicted, labels } = outcomes;
      return [
        ['score', [['score', at(score)]]],
        ['label', [['prediction', labels[at(predicted) === 1 ? 1 : 0]]]],
      ];
    }
    case 'multiclass-classification': {
      const { scores = [], predicted, labels } = outcomes;
      return [
        ['scores', byName('scores', labels, scores, row)],
        ['label', [['prediction', labels[at(predicted)] ?? '']]],
      ];
    }
    case 'multilabel-classification': {
      const { score = [], predicted, labels } = outcomes;
      return [
        ['scores', byName('scores', labels, score, row)],
        ['predictions', byName('predictions', labels, predicted, row)],
      ];
    }
    case 'regression':
      return [['value', [['prediction', at(outcomes.predicted)]]]];
    case 'quantile-regression':
      return [['quantiles', byName('quantiles', outcomes.levels, outcomes.predicted, row)]];
    case 'forecasting':
      return [
        ['value', [['prediction', at(outcomes.predicted)]]],
        ['quantiles', byName('quantiles', outcomes.levels, outcomes.quantiles, row)],
      ];
    case 'ranking':
    case 'graded':
      return [];
  }
}

function byName(
  kind: 'scores' | 'predictions' | 'quantiles',
  names: readonly (string | number)[],
  columns: readonly ArrayLike<number>[],
  row: number,
): readonly (readonly [string, number])[] {
  return names.map((name, index) => [partOf(kind, name), columns[index]?.[row] ?? NaN]);
}

/** Parts of an answer in these forms. */
export function countParts(forms: readonly AnswerForm[]): number {
  return forms.reduce((sum, form) => sum + sizeOf(form), 0);
}

function sizeOf(form: AnswerForm): number {
  switch (form.kind) {
    case 'score':
    case 'label':
    case 'value':
      return 1;
    case 'scores':
    case 'predictions':
      return form.labels.length;
    case 'quantiles':
      return form.levels.length;
  }
}

/** How a form is asked for, for messages: `"score": a number`. */
export function describeForm(form: AnswerForm): string {
  switch (form.kind) {
    case 'score':
      return '`score`, the probability of the positive class';
    case 'label':
      return '`prediction`, the predicted label';
    case 'value':
      return '`prediction`, the predicted number';
    case 'scores':
      return '`scores`, an object with a probability for each label';
    case 'predictions':
      return '`predictions`, an object with 1 or 0 for each label';
    case 'quantiles':
      return `\`quantiles\`, an object with a number for each level (${form.levels.join(', ')})`;
  }
}
