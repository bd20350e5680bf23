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
}

export interface RegressionOutcomes extends OutcomesOfAnyTask {
  readonly task: 'regression';
  readonly target: Float64Array;
  readonly predicted: Float64Array;
}

export type Outcomes = BinaryOutcomes | MulticlassOutcomes | RegressionOutcomes;
