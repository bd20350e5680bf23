/** The numbers that a model gave, whatever its task, so that keeping, rounding and comparing them is written once. */
import { createHash } from 'node:crypto';
import type { MulticlassOutcomes, MultilabelOutcomes, Outcomes } from './outcomes.ts';
import { roundResiduals, roundScores, roundNumbers, residualsOf } from './round-outputs.ts';

/** Names of outputs, as they are kept. */
type OutputName =
  | 'score'
  | 'scores'
  | 'true-probability'
  | 'squared-errors'
  | 'predicted'
  | 'quantiles'
  | 'grades';

/**
 * Columns of one meaning. `probability`: between 0 and 1, and the distance to both counts. `value`: beside the target,
 * and the distance to it counts. `number`: anything else.
 */
export interface ModelOutput {
  readonly name: OutputName;
  readonly kind: 'probability' | 'value' | 'number';
  readonly columns: readonly Float64Array[];
}

/** More probabilities of labels than this are not kept: the metrics that need all of them are then not compared. */
const MAX_STORED_SCORES = 2_000_000;

/** Whether a column for each label is small enough to be kept. */
function areFew(columns: readonly Float64Array[] | undefined, n: number): columns is readonly Float64Array[] {
  return columns !== undefined && columns.length * n <= MAX_STORED_SCORES;
}

function outputsOfLabels(outcomes: MulticlassOutcomes | MultilabelOutcomes): readonly ModelOutput[] {
  if (outcomes.task === 'multilabel-classification') {
    const { n, score } = outcomes;
    return areFew(score, n) ? [{ name: 'score', kind: 'probability', columns: score }] : [];
  }
  const { n, trueProbability, squaredErrors, scores } = outcomes;
  return [
    ...(trueProbability === undefined
      ? []
      : [{ name: 'true-probability', kind: 'probability', columns: [trueProbability] } as const]),
    ...(squaredErrors === undefined
      ? []
      : [{ name: 'squared-errors', kind: 'number', columns: [squaredErrors] } as const]),
    ...(areFew(scores, n) ? [{ name: 'scores', kind: 'probability', columns: scores } as const] : []),
  ];
}

/** The outputs of a model that are kept, in a fixed order; none for a classifier that gives labels only. */
export function outputsOf(outcomes: Outcomes): readonly ModelOutput[] {
  switch (outcomes.task) {
    case 'binary-classification':
      return outcomes.score === undefined
        ? []
        : [{ name: 'score', kind: 'probability', columns: [outcomes.score] }];
    case 'multiclass-classification':
    case 'multilabel-classification':
      return outputsOfLabels(outcomes);
    case 'regression':
      return [{ name: 'predicted', kind: 'value', columns: [outcomes.predicted] }];
    case 'quantile-regression':
      return [{ name: 'quantiles', kind: 'value', columns: outcomes.predicted }];
    case 'ranking':
      return [{ name: 'score', kind: 'number', columns: [outcomes.score] }];
    case 'forecasting':
      return [
        ...(outcomes.predicted === undefined
          ? []
          : [{ name: 'predicted', kind: 'value', columns: [outcomes.predicted] } as const]),
        ...(outcomes.levels.length === 0
          ? []
          : [{ name: 'quantiles', kind: 'value', columns: outcomes.quantiles } as const]),
      ];
    case 'graded':
      return [{ name: 'grades', kind: 'number', columns: outcomes.grades }];
  }
}

/** The same outcomes with other outputs in the place of those that are given. */
export function replaceOutputs<Own extends Outcomes>(outcomes: Own, outputs: readonly ModelOutput[]): Own {
  const columnsOf = new Map(outputs.map(({ name, columns }) => [name, columns]));
  const fields: Record<string, unknown> = {};
  const place = (name: OutputName, field: string, isOne: boolean): void => {
    const columns = columnsOf.get(name);
    if (columns !== undefined) fields[field] = isOne ? columns[0] : columns;
  };
  place('score', 'score', outcomes.task !== 'multilabel-classification');
  place('scores', 'scores', false);
  place('true-probability', 'trueProbability', true);
  place('squared-errors', 'squaredErrors', true);
  place('predicted', 'predicted', true);
  place('quantiles', outcomes.task === 'quantile-regression' ? 'predicted' : 'quantiles', false);
  place('grades', 'grades', false);
  return { ...outcomes, ...fields };
}

/** SHA-256 of all outputs to the last bit; 0 and -0 are one number. */
export function digestOutputs(outputs: readonly ModelOutput[]): string {
  const hash = createHash('sha256');
  for (const column of outputs.flatMap(({ columns }) => columns)) {
    const exact = column.some((value) => Object.is(value, -0)) ? column.map((value) => value + 0) : column;
    hash.update(new Uint8Array(exact.buffer, exact.byteOffset, exact.byteLength));
  }
  return hash.digest('hex');
}

/** Outputs as keeping rounds them; `value`s by their distance from the target. */
export function roundOutputs(
  outputs: readonly ModelOutput[],
  target: Float64Array | undefined,
): readonly ModelOutput[] {
  return outputs.map((output) => {
    const round = (column: Float64Array): Float64Array => {
      if (output.kind === 'probability') return roundScores(column);
      if (output.kind === 'number' || target === undefined) return roundNumbers(column);
      return addNumbers(target, roundResiduals(residualsOf(target, column)));
    };
    return { ...output, columns: output.columns.map(round) };
  });
}

/** Values whose distance from one target is the same from another, of which the first was rounded. */
export function moveOutputs(
  outputs: readonly ModelOutput[],
  from: Float64Array | undefined,
  to: Float64Array | undefined,
): readonly ModelOutput[] {
  if (from === undefined || to === undefined) return outputs;
  return outputs.map((output) =>
    output.kind === 'value'
      ? { ...output, columns: output.columns.map((column) => addNumbers(to, residualsOf(from, column))) }
      : output,
  );
}

/** Sums of two columns. */
export function addNumbers(first: Float64Array, second: Float64Array): Float64Array {
  const sums = new Float64Array(first.length);
  for (let row = 0; row < sums.length; row++) sums[row] = (first[row] ?? 0) + (second[row] ?? 0);
  return sums;
}

/** The target of tasks whose outputs are values beside it. */
export function numericTargetOf(outcomes: Outcomes): Float64Array | undefined {
  return outcomes.task === 'regression' ||
    outcomes.task === 'quantile-regression' ||
    outcomes.task === 'forecasting'
    ? outcomes.target
    : undefined;
}
