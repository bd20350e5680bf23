/**
 * How each metric is computed: not by a function of its own, but by one of four forms, because value, interval,
 * paired difference and sample size all follow from the form.
 */
import { releaseMemory } from '../statistics/release-memory.ts';
import type { TableMetric } from './class-table.ts';

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

/** The mean of a column. */
export function meanForm(column: Float64Array, bounds?: Bounds): MeansForm {
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

/** The root of the mean of a column. */
export function rootForm(squares: Float64Array): MeansForm {
  return {
    kind: 'means',
    columns: [squares],
    plain: false,
    value: rootOfMean,
    gradient: (means) => [0.5 / rootOfMean(means)],
  };
}

/** Gives back the memory of the columns that were made for a form, which cannot be used any more. */
export function releaseForm(form: Form): void {
  if (form.kind === 'means') releaseMemory(...form.columns);
}
