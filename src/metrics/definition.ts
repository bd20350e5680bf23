/** What the catalogue says of a metric, and how a task's file says it. */
import type { Examples } from './examples.ts';
import type { Form } from './form.ts';

/** Which way is better; none where the best value lies between others, such as a slope of 1. */
export type Direction = 'higher-is-better' | 'lower-is-better' | 'none';

/** What the number after the `@` of a metric's name means. */
export interface Parameter {
  /** As the beginning of a sentence: "Threshold: a score of at least this is predicted positive". */
  readonly meaning: string;
  /** Smallest and largest value. */
  readonly range: readonly [number, number];
  /** Only whole numbers. */
  readonly whole?: true;
  /** There is no metric of this name without a number. */
  readonly required?: true;
  /** Numbers with which the metric is shown without being asked for. */
  readonly shown?: readonly number[];
  /** How the title goes on: "F1" and "at a threshold of {}", "Recall at a budget" and "of {}". */
  readonly title: string;
  /** With a number the metric needs this, whatever it needs without one. */
  readonly needs?: 'score';
}

export interface MetricDefinition {
  readonly name: string;
  /** Name for people, in the form that begins a sentence. */
  readonly title: string;
  /** Names of the same quantity in scikit-learn, Keras, Hugging Face and others, in lower case with underscores. */
  readonly aliases: readonly string[];
  readonly direction: Direction;
  /** Left out where the value has none, or that of the target. */
  readonly unit?: string;
  /** Smallest and largest possible value. */
  readonly bounds: readonly [number, number];
  /** Columns of the predictions file that it needs besides id and target. */
  readonly needs: 'score' | 'prediction';
  /** Measured and shown without being asked for, where there is no parameter. */
  readonly shown?: true;
  readonly parameter?: Parameter;
  /** Rises by one when the same predictions would give another value. */
  readonly definition: number;
  readonly formula: string;
  /** When there is no value, as the end of the sentence "It is undefined ...". */
  readonly undefinedWhen?: string;
  /** Interval of one model's value. */
  readonly interval?: string;
  /** Interval of the paired difference of two models. */
  readonly comparison?: string;
  readonly source: string;
}

/** A metric of a task, with how it is computed. */
export interface TaskMetric<Kind extends Examples> extends MetricDefinition {
  readonly interval: string;
  readonly comparison: string;
  /**
   * How it is computed on these examples; undefined where they lack what it needs (a score).
   * @param at the number after the `@` of its name; undefined without one
   */
  readonly formOf: (examples: Kind, at: number | undefined) => Form | undefined;
}

/** Bounds that several tasks share. */
export const UNIT_INTERVAL = [0, 1] as const;
export const NOT_NEGATIVE = [0, Number.POSITIVE_INFINITY] as const;
export const CORRELATION = [-1, 1] as const;
export const ANY_NUMBER = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/** How intervals are made, in the words of the reference: by the kind of form. */
export const INTERVALS = {
  share: 'Clopper-Pearson',
  sharedDifference: 'Tango score, corrected for continuity and skewness',
  counts: 'BCa bootstrap of the joint counts, widened for unseen flips',
  manyCounts:
    'BCa bootstrap of the joint counts, widened for unseen flips; delta method above 5,000 different cells',
  mean: 'up to 5,000 examples BCa bootstrap, not narrower than Student t nor, up to 200, than the studentised bootstrap; above, Student t, widened for skewness',
  statistic:
    'up to 5,000 examples BCa bootstrap, not narrower than the delta method nor, up to 200, than the studentised bootstrap; above, delta method by its influence function, widened for skewness',
  squareAndAdd: "square-and-add of both models' own limits (Zou and Donner 2008)",
  resampled: 'up to 5,000 examples BCa bootstrap; above, jackknife by 50 groups of examples',
  means:
    'up to 5,000 examples BCa bootstrap, not narrower than the delta method nor, up to 200, than the studentised bootstrap; above, delta method, widened for skewness',
} as const;
