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

interface ExamplesOfAnyTask {
  readonly n: number;
}

export interface BinaryExamples extends ExamplesOfAnyTask {
  readonly task: 'binary-classification';
  /** 1 for a positive example, 0 for a negative one. */
  readonly target: Uint8Array;
  /** 1 where the model says positive. */
  readonly predicted: Uint8Array;
  /** Probability of the positive class, from 0 to 1; undefined where the model gives labels only. */
  readonly score: Float64Array | undefined;
  /** The negative label, then the positive one. */
  readonly labels: readonly [string, string];
}

export interface MulticlassExamples extends ExamplesOfAnyTask {
  readonly task: 'multiclass-classification';
  /** Index into `labels`. */
  readonly target: Uint16Array;
  /** Index into `labels`. */
  readonly predicted: Uint16Array;
  /** Every label of target and prediction, sorted. */
  readonly labels: readonly string[];
  /** Probability that was given to the true label. */
  readonly trueProbability?: Float64Array;
  /** Place of the true label by score, 1 at the top: 1 + labels with a larger score, + those of an equal one that sort after it. */
  readonly trueRank?: Uint32Array;
  /** Sum over all labels of (probability - truth)^2. */
  readonly squaredErrors?: Float64Array;
  /** Probabilities, one column for each label. */
  readonly scores?: readonly Float64Array[];
}

export interface MultilabelExamples {
  readonly task: 'multilabel-classification';
  readonly n: number;
  readonly labels: readonly string[];
  /** One column for each label: 1 where an example has it. */
  readonly target: readonly Uint8Array[];
  /** One column for each label: 1 where the model says so. */
  readonly predicted: readonly Uint8Array[];
  /** One column for each label: its probability. */
  readonly score: readonly Float64Array[] | undefined;
}

export interface RegressionExamples {
  readonly task: 'regression';
  readonly n: number;
  readonly target: Float64Array;
  readonly predicted: Float64Array;
}

export interface QuantileExamples {
  readonly task: 'quantile-regression';
  readonly n: number;
  readonly target: Float64Array;
  /** Levels between 0 and 1, ascending. */
  readonly levels: readonly number[];
  /** One column for each level. */
  readonly predicted: readonly Float64Array[];
}

export interface RankingExamples {
  readonly task: 'ranking';
  /** Queries. */
  readonly n: number;
  /** Where the items of each query end: those of query q stand from `ends[q - 1]` (0 for the first) to `ends[q]`. */
  readonly ends: Uint32Array;
  /** Of each item; not negative, 0 for no relevance. */
  readonly relevance: Float64Array;
  /** Of each item: the larger, the earlier it is shown. */
  readonly score: Float64Array;
}

export interface ForecastingExamples {
  readonly task: 'forecasting';
  readonly n: number;
  readonly target: Float64Array;
  /** The point forecast; undefined where there are quantiles only. */
  readonly predicted: Float64Array | undefined;
  /** Mean absolute error of the naive forecast on the training part of the example's series. */
  readonly scale: Float64Array | undefined;
  /** Levels of predicted quantiles, ascending; empty where there are none. */
  readonly levels: readonly number[];
  /** One column for each level. */
  readonly quantiles: readonly Float64Array[];
}

export interface GradedExamples {
  readonly task: 'graded';
  readonly n: number;
  readonly names: readonly string[];
  /** One column for each grade. */
  readonly grades: readonly Float64Array[];
  readonly directions: readonly ('higher-is-better' | 'lower-is-better')[];
  /** Least and greatest possible value of each grade, where they are declared. */
  readonly bounds: readonly (readonly [number, number] | undefined)[];
}

export type Examples =
  | BinaryExamples
  | MulticlassExamples
  | MultilabelExamples
  | RegressionExamples
  | QuantileExamples
  | RankingExamples
  | ForecastingExamples
  | GradedExamples;

/** The examples of one task. */
export type ExamplesOf<Kind extends Task> = Extract<Examples, { readonly task: Kind }>;
