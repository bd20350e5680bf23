/**
 * How each metric is computed: not by a function of its own, but by one of five forms, because value, interval,
 * paired difference and sample size all follow from the form.
 */
import { releaseMemory } from '../statistics/release-memory.ts';
import type { TableMetric } from './class-table.ts';
import type { SamplingDesign } from './sampling-design.ts';

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
  /** The value is a correlation. */
  readonly isCorrelation?: true;
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

/** Limits that a statistic gives itself. */
export interface OwnLimits {
  readonly limitsAt: (level: number) => Bounds;
  /** Name of the method. */
  readonly method: string;
}

/** Any function of examples that count more or less. */
export interface StatisticForm {
  readonly kind: 'statistic';
  readonly n: number;
  /** NaN where it is undefined. Undefined weights: each example counts once. */
  readonly value: (weights: ArrayLike<number> | undefined) => number;
  /**
   * First-order effect of each example on the value times the number of examples, in their order: under the weights it
   * has mean 0. Left out where it is not known: intervals then come of resamples, or of leaving out groups of examples.
   */
  readonly influences?: (weights: Float64Array | undefined) => Float64Array;
  /** The least and the most that the value can be, where that is known. */
  readonly bounds?: Bounds;
  /** 0 or 1 where the value needs examples of both: the rarer ones decide what the sample may lack. */
  readonly classes?: Uint8Array;
  /** The share of the examples that the value is about, where that is not all: so few decide what the sample may lack. */
  readonly basis?: number;
  /** The value is a correlation. */
  readonly isCorrelation?: true;
  /**
   * Of a value that is the largest of many, which a sample overshoots: what the choice that one half of the examples
   * would make is worth on the other, the mean of both ways.
   * @param half 0 or 1 for each example
   */
  readonly crossFit?: (weights: Float64Array | undefined, half: Uint8Array) => number;
  /** Limits of its own, where neither resamples nor first-order effects give good ones. */
  readonly limits?: (design: SamplingDesign) => OwnLimits;
  /** No interval says anything of it: a largest value, of which a sample knows only itself. */
  readonly isExtreme?: true;
}

export type Form = ShareForm | TableForm | MeansForm | RanksForm | StatisticForm;

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

/** The ratio of the means of two columns; undefined where the second has none. */
export function ratioForm(numerator: Float64Array, denominator: Float64Array): MeansForm {
  return {
    kind: 'means',
    columns: [numerator, denominator],
    plain: false,
    value: ({ 0: above = Number.NaN, 1: below = Number.NaN }) => (below === 0 ? Number.NaN : above / below),
    gradient: ({ 0: above = Number.NaN, 1: below = Number.NaN }) => [1 / below, -above / below ** 2],
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
