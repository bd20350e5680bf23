/** Per-example outcomes of one model on one test set, in columns and in the canonical order of the test set. */
import type { PackedTexts } from './packed-texts.ts';

/** A column of labels, coded: row `i` has the label `values[codes[i]]`. */
export interface CodedColumn {
  readonly codes: Uint32Array;
  readonly values: readonly string[];
}

interface OutcomesOfAnyTask {
  readonly n: number;
  /** Ids, sorted bytewise; undefined once stored, because ids may be private. */
  readonly ids: PackedTexts | undefined;
  /** SHA-256 of the sorted ids. */
  readonly idsDigest: string;
  /** SHA-256 of the sorted ids and the targets: two models with the same one were tested on the same test set. */
  readonly testSetDigest: string;
  /** SHA-256 of scores or predicted values as they were before they were rounded for keeping; absent where they are exact. */
  readonly exactDigest?: string;
  /** The number of each example's group, from 0; undefined where no group column is declared, or once stored. */
  readonly groups: Uint32Array | undefined;
  /** The stratum of each example; undefined where none is declared, or once stored. */
  readonly strata: CodedColumn | undefined;
  /** The columns that slices are made of, by name; empty where none is declared, or once stored. */
  readonly sliceColumns: ReadonlyMap<string, CodedColumn>;
  /** Numbers that bins, conditions and the search for weak slices use, by name, NaN where a cell is empty; as `sliceColumns`. */
  readonly numericColumns: ReadonlyMap<string, Float64Array>;
  /** How many examples of the population each stands for, finite and not negative; undefined where none is declared, or once stored. */
  readonly weights: Float64Array | undefined;
}

export interface BinaryOutcomes extends OutcomesOfAnyTask {
  readonly task: 'binary-classification';
  /** 1 for a positive example. */
  readonly target: Uint8Array;
  /** 1 where the model says positive. */
  readonly predicted: Uint8Array;
  /** Probability of the positive class; undefined where the model gives labels only. */
  readonly score: Float64Array | undefined;
  /** The negative label, then the positive one. */
  readonly labels: readonly [string, string];
}

export interface MulticlassOutcomes extends OutcomesOfAnyTask {
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
  /** Sum over all labels of (probability - truth)^2, truth 1 for the true label and 0 for the others. */
  readonly squaredErrors?: Float64Array;
  /** Probabilities, one column for each label; only where rows times labels are at most `MAX_KEPT_SCORES`. */
  readonly scores?: readonly Float64Array[];
}

/** Up to so many probabilities of all labels are held; beyond, only what each example's metrics need of them. */
export const MAX_KEPT_SCORES = 20_000_000;

export interface MultilabelOutcomes extends OutcomesOfAnyTask {
  readonly task: 'multilabel-classification';
  /** Sorted. */
  readonly labels: readonly string[];
  /** One column for each label: 1 where an example has it. */
  readonly target: readonly Uint8Array[];
  /** One column for each label: 1 where the model says so. */
  readonly predicted: readonly Uint8Array[];
  /** One column for each label: its probability. */
  readonly score: readonly Float64Array[] | undefined;
}

export interface RegressionOutcomes extends OutcomesOfAnyTask {
  readonly task: 'regression';
  readonly target: Float64Array;
  readonly predicted: Float64Array;
}

interface QuantileOutcomes extends OutcomesOfAnyTask {
  readonly task: 'quantile-regression';
  readonly target: Float64Array;
  /** Levels between 0 and 1, ascending. */
  readonly levels: readonly number[];
  /** One column for each level. */
  readonly predicted: readonly Float64Array[];
}

/** Examples are queries: ids, groups, strata, weights and slice columns have one entry for each of them. */
export interface RankingOutcomes extends OutcomesOfAnyTask {
  readonly task: 'ranking';
  /** Where the items of each query end: those of query q stand from `ends[q - 1]` (0 for the first) to `ends[q]`. */
  readonly ends: Uint32Array;
  /** Of each item, in the canonical order of items within their query; not negative, 0 for no relevance. */
  readonly relevance: Float64Array;
  /** Of each item: the larger, the earlier it is shown. */
  readonly score: Float64Array;
}

/** Series are groups. */
export interface ForecastingOutcomes extends OutcomesOfAnyTask {
  readonly task: 'forecasting';
  readonly target: Float64Array;
  /** The point forecast; undefined where there are quantiles only. */
  readonly predicted: Float64Array | undefined;
  /** Mean absolute error of the naive forecast on the training part of the example's series. */
  readonly scale: Float64Array | undefined;
  /** Levels of predicted quantiles between 0 and 1, ascending; empty where there are none. */
  readonly levels: readonly number[];
  /** One column for each level. */
  readonly quantiles: readonly Float64Array[];
}

export interface GradedOutcomes extends OutcomesOfAnyTask {
  readonly task: 'graded';
  /** Names of the grades, sorted. */
  readonly names: readonly string[];
  /** One column for each grade. */
  readonly grades: readonly Float64Array[];
  /** Which way each grade is better. */
  readonly directions: readonly ('higher-is-better' | 'lower-is-better')[];
  /** Least and greatest possible value of each grade, where they are declared. */
  readonly bounds: readonly (readonly [number, number] | undefined)[];
}

export type Outcomes =
  | BinaryOutcomes
  | MulticlassOutcomes
  | MultilabelOutcomes
  | RegressionOutcomes
  | QuantileOutcomes
  | RankingOutcomes
  | ForecastingOutcomes
  | GradedOutcomes;
