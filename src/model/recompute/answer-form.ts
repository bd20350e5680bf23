/** What a model must answer for one example, so that it can be held against the predictions file. */
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
  /** A value for each level, and a point forecast if `point`. */
  | { readonly kind: 'quantiles'; readonly levels: readonly number[]; readonly point: boolean };

/** An answer in parts: numbers that agree within a tolerance, texts that agree exactly. The names are the answers' own. */
export type AnswerParts = ReadonlyMap<string, number | string>;

/** Name of the part of a label or of a level: `scores.cat`, `quantiles.0.9`. */
export function partOf(kind: 'scores' | 'predictions' | 'quantiles', of: string | number): string {
  return `${kind}.${of}`;
}

/** The strongest answers that the predictions file has something to hold against; undefined where it has none. */
export function formOf(outcomes: Outcomes): AnswerForm | undefined {
  switch (outcomes.task) {
    case 'binary-classification':
      return outcomes.score === undefined
        ? { kind: 'label', labels: outcomes.labels, isBinary: true }
        : { kind: 'score', labels: outcomes.labels };
    case 'multiclass-classification':
      return outcomes.scores === undefined
        ? { kind: 'label', labels: outcomes.labels, isBinary: false }
        : { kind: 'scores', labels: outcomes.labels };
    case 'multilabel-classification':
      return { kind: outcomes.score === undefined ? 'predictions' : 'scores', labels: outcomes.labels };
    case 'regression':
      return { kind: 'value' };
    case 'quantile-regression':
      return { kind: 'quantiles', levels: outcomes.levels, point: false };
    case 'forecasting':
      return outcomes.levels.length === 0
        ? { kind: 'value' }
        : { kind: 'quantiles', levels: outcomes.levels, point: outcomes.predicted !== undefined };
    // Items lose their ids when they are loaded; grades are no answers of a model.
    case 'ranking':
    case 'graded':
      return undefined;
  }
}

/** What the predictions file says of one example, in the parts of `formOf`. */
export function readParts(outcomes: Outcomes, row: number): AnswerParts {
  const at = (column: ArrayLike<number> | undefined): number => column?.[row] ?? NaN;
  switch (outcomes.task) {
    case 'binary-classification':
      return outcomes.score === undefined
        ? new Map([['prediction', outcomes.labels[at(outcomes.predicted) === 1 ? 1 : 0]]])
        : new Map([['score', at(outcomes.score)]]);
    case 'multiclass-classification':
      return outcomes.scores === undefined
        ? new Map([['prediction', outcomes.labels[at(outcomes.predicted)] ?? '']])
        : byLabel('scores', outcomes.labels, outcomes.scores, row);
    case 'multilabel-classification':
      return outcomes.score === undefined
        ? byLabel('predictions', outcomes.labels, outcomes.predicted, row)
        : byLabel('scores', outcomes.labels, outcomes.score, row);
    case 'regression':
      return new Map([['prediction', at(outcomes.predicted)]]);
    case 'quantile-regression':
      return byLabel('quantiles', outcomes.levels, outcomes.predicted, row);
    case 'forecasting':
      return new Map([
        ...(outcomes.predicted === undefined ? [] : [['prediction', at(outcomes.predicted)] as const]),
        ...byLabel('quantiles', outcomes.levels, outcomes.quantiles, row),
      ]);
    case 'ranking':
    case 'graded':
      return new Map();
  }
}

function byLabel(
  kind: 'scores' | 'predictions' | 'quantiles',
  names: readonly (string | number)[],
  columns: readonly ArrayLike<number>[],
  row: number,
): AnswerParts {
  return new Map(names.map((name, index) => [partOf(kind, name), columns[index]?.[row] ?? NaN]));
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
      return `${form.point ? '`prediction`, the point forecast, and ' : ''}\`quantiles\`, an object with a number for each level (${form.levels.join(', ')})`;
  }
}
