/**
 * How each metric is computed: not by a function of its own, but by one of four forms, because value, interval,
 * paired difference and sample size all follow from the form.
 */
import { sumOf } from '../statistics/means.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import { F1, MACRO_F1, PRECISION, type TableMetric } from './class-table.ts';
import type { BinaryExamples, Examples, MulticlassExamples, RegressionExamples } from './examples.ts';
import { absoluteErrors, agreements, logLosses, squaredErrors } from './losses.ts';

/** The share of hits, among all examples or among those of a mask that does not depend on the model. */
export interface ShareForm {
  readonly kind: 'share';
  readonly hits: Uint8Array;
  readonly among: Uint8Array | undefined;
}

/** A function of the counts by class. */
export interface TableForm {
  readonly kind: 'table';
  readonly metric: TableMetric;
  readonly classes: number;
  readonly truth: Uint8Array | Uint16Array;
  readonly predicted: Uint8Array | Uint16Array;
}

/** The least and the most that a value can be. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A smooth function of the means of some columns. */
export interface MeansForm {
  readonly kind: 'means';
  readonly columns: readonly Float64Array[];
  /** True where the value is the mean of the only column. */
  readonly plain: boolean;
  /** Of the only column, where something bounds what an example can be. */
  readonly bounds?: Bounds;
  /** NaN where it is undefined. */
  readonly value: (means: ArrayLike<number>) => number;
  readonly gradient: (means: ArrayLike<number>) => readonly number[];
}

/** The area under the ROC curve. */
export interface RanksForm {
  readonly kind: 'ranks';
  readonly target: Uint8Array;
  readonly score: Float64Array;
}

export type Form = ShareForm | TableForm | MeansForm | RanksForm;

function meanForm(column: Float64Array, bounds?: Bounds): MeansForm {
  return {
    kind: 'means',
    columns: [column],
    plain: true,
    ...(bounds === undefined ? {} : { bounds }),
    value: (means) => means[0] ?? Number.NaN,
    gradient: () => [1],
  };
}

function rootOfMean(means: ArrayLike<number>): number {
  return Math.sqrt(means[0] ?? Number.NaN);
}

function rootForm(squares: Float64Array): MeansForm {
  return {
    kind: 'means',
    columns: [squares],
    plain: false,
    value: rootOfMean,
    gradient: (means) => [0.5 / rootOfMean(means)],
  };
}

/** Below this share of the mean square, a variance is rounding: the target is constant. */
const CONSTANT_VARIANCE = 1e-12;

/** Variance of the target from its mean and mean square, at positions 1 and 2. */
function targetVariance(means: ArrayLike<number>): number {
  const square = means[2] ?? Number.NaN;
  const variance = square - (means[1] ?? Number.NaN) ** 2;
  return variance <= CONSTANT_VARIANCE * square ? 0 : variance;
}

function determinationForm(examples: RegressionExamples): MeansForm {
  const { target, predicted, n } = examples;
  const isConstant = target.every((value) => value === target[0]);
  const mean = sumOf(target) / n;
  // Centred on a constant, so that the difference of mean square and squared mean keeps its digits.
  const centred = Float64Array.from(target, (value) => (isConstant ? 0 : value - mean));
  return {
    kind: 'means',
    columns: [
      squaredErrors(target, predicted),
      centred,
      Float64Array.from(centred, (value) => value * value),
    ],
    plain: false,
    value: (means) => {
      const [error, variance] = [means[0] ?? Number.NaN, targetVariance(means)];
      if (n < 2) return Number.NaN;
      if (variance === 0) return error === 0 ? 1 : 0;
      return 1 - error / variance;
    },
    gradient: (means) => {
      const [error, variance] = [means[0] ?? Number.NaN, targetVariance(means)];
      const slope = error / variance ** 2;
      return [-1 / variance, -2 * (means[1] ?? Number.NaN) * slope, slope];
    },
  };
}

function binaryForm(name: string, examples: BinaryExamples): Form | undefined {
  const { target, predicted, score } = examples;
  const table = { kind: 'table', classes: 2, truth: target, predicted } as const;
  if (name === 'accuracy') return { kind: 'share', hits: agreements(target, predicted), among: undefined };
  if (name === 'recall') return { kind: 'share', hits: predicted, among: target };
  if (name === 'precision') return { ...table, metric: PRECISION };
  if (name === 'f1') return { ...table, metric: F1 };
  if (score === undefined) return undefined;
  if (name === 'roc_auc') return { kind: 'ranks', target, score };
  if (name === 'log_loss') return meanForm(logLosses(target, score));
  if (name === 'brier') return meanForm(squaredErrors(target, score), { low: 0, high: 1 });
  return undefined;
}

function multiclassForm(name: string, examples: MulticlassExamples): Form | undefined {
  const { target, predicted, labels } = examples;
  if (name === 'accuracy') return { kind: 'share', hits: agreements(target, predicted), among: undefined };
  if (name === 'macro_f1') {
    return { kind: 'table', metric: MACRO_F1, classes: labels.length, truth: target, predicted };
  }
  return undefined;
}

function regressionForm(name: string, examples: RegressionExamples): Form | undefined {
  const { target, predicted } = examples;
  if (name === 'mae') return meanForm(absoluteErrors(target, predicted));
  if (name === 'rmse') return rootForm(squaredErrors(target, predicted));
  if (name === 'r2') return determinationForm(examples);
  return undefined;
}

/** Gives back the memory of the columns that were made for a form, which cannot be used any more. */
export function releaseForm(form: Form): void {
  if (form.kind === 'means') releaseMemory(...form.columns);
}

/** The form of a metric on these examples; undefined where they lack what it needs (a score) or it is of another task. */
export function formOf(name: string, examples: Examples): Form | undefined {
  if (examples.task === 'binary-classification') return binaryForm(name, examples);
  if (examples.task === 'multiclass-classification') return multiclassForm(name, examples);
  return regressionForm(name, examples);
}
