/** What every reader of another tool's results is given and gives. */

import type { ForeignSource } from '../../evidence/foreign-source.ts';

export type { ForeignSource };

/** A number that the other tool computed. */
export interface ImportedNumber {
  /** Keys from the outside in, joined by dots. */
  readonly key: string;
  /** May be NaN or infinite: those are read, so that they can be refused by name. */
  readonly value: number;
  /** Examples that it rests on, where the file says so. */
  readonly n?: number;
  readonly standardError?: number;
  readonly interval?: { readonly low: number; readonly high: number; readonly level: number };
  readonly direction?: 'higher-is-better' | 'lower-is-better';
  readonly unit?: string;
}

/** Several numbers under one key, such as those of folds. */
export interface ImportedList {
  readonly key: string;
  readonly values: readonly number[];
}

/** One check of the other tool's own. */
export interface ImportedResult {
  readonly name: string;
  readonly outcome: 'pass' | 'warn' | 'fail' | 'error' | 'skipped';
  readonly message?: string;
}

/** Grades of single examples, which pair by id with those of another run. */
export interface ImportedSamples {
  /** The task or suite that they are of. */
  readonly name: string;
  readonly ids: readonly string[];
  /** By metric; NaN where a sample has none. */
  readonly grades: Readonly<Record<string, readonly number[]>>;
}

export interface ImportedRun {
  /** Names the run among those of its file; an empty text where the file is one run. */
  readonly id: string;
  /** For people, where it has one besides its id. */
  readonly name?: string;
  /** Only a complete run counts. `partial`: interrupted, limited or without its end; `failed`: it says so itself. */
  readonly status: 'complete' | 'partial' | 'failed';
  /** What is missing or failed, and how that was seen. */
  readonly detail?: string;
  readonly numbers: readonly ImportedNumber[];
  readonly lists: readonly ImportedList[];
  readonly results: readonly ImportedResult[];
  readonly samples: readonly ImportedSamples[];
  /** What the file says of itself: model, dataset, versions, digests. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

export interface Importer {
  /** Name in the config and on the command line, in kebab case: `lm-eval`. */
  readonly format: string;
  /** For people: "lm-evaluation-harness results". */
  readonly title: string;
  /** How it was tested: against files that the tool itself wrote (`fixture`), against the running tool (`real`), or ours (`fake`). */
  readonly tested: 'real' | 'fixture' | 'fake';
  /** Tool and versions whose files were read. */
  readonly versions: string;
  /** Where the shape is described. */
  readonly source: string;
  /** Whether this looks like the format: by name and first bytes, or by a look into the file. Never throws. */
  readonly recognise: (source: ForeignSource) => Promise<boolean>;
  /** Every run of the file. Throws a UserError that says where the file is not what it should be. */
  readonly read: (source: ForeignSource) => Promise<readonly ImportedRun[]>;
}
