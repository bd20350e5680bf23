/**
 * What a metric is computed from: columns of one value for each example, in any order that is the same in all of them.
 * The outcomes of a model have this shape; so do plain arrays in a test.
 */

export const TASKS = [
  'binary-classification',
  'multiclass-classification',
  'multilabel-classification',
  'regression',
  'quantile-regression',
  'ranking',
  'forecasting',
  'graded',
] as const;
export type Task = (typeof TASKS)[number];

export interface BinaryExamples {
  readonly task: 'binary-classification';
  readonly n: number;
  /** 1 for a positive example, 0 for a negative one. */
  readonly target: Uint8Array;
  /** 1 where the model says positive. */
  readonly predicted: Uint8Array;
  /** Probability of the positive class, from 0 to 1; undefined where the model gives labels only. */
  readonly score: Float64Array | undefined;
  /** The negative label, then the positive one. */
  readonly labels: readonly [string, string];
}

export interface MulticlassExamples {
  readonly task: 'multiclass-classification';
  readonly n: number;
  /** Index into `labels`. */
  readonly target: Uint16Array;
  /** Index into `labels`. */
  readonly predicted: Uint16Array;
  /** Every label of target and prediction, sorted. */
  readonly labels: readonly string[];
}

export interface RegressionExamples {
  readonly task: 'regression';
  readonly n: number;
  readonly target: Float64Array;
  readonly predicted: Float64Array;
}

export type Examples = BinaryExamples | MulticlassExamples | RegressionExamples;
