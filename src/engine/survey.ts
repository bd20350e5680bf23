/** What the cells of a table are like, counted: from which a data schema can be inferred. */
import type { CellFormat, TableFormat, TableSource } from './engine.ts';

export interface SurveyRequest {
  readonly source: TableSource;
  readonly columns: readonly SurveyedColumn[];
}

export interface SurveyedColumn {
  readonly name: string;
  /** Whether values of it may be told: false for personal data. */
  readonly mayShowValues: boolean;
}

/** Texts that stand for no value in the files of others: pandas' `na_values`, and what people write besides. */
export const NULL_TOKENS = [
  '#N/A',
  '#NA',
  '-',
  '--',
  '.',
  '<NA>',
  '?',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'none',
  'null',
] as const;

/** Most values that a column of categories may have. */
export const MAX_CATEGORIES = 100;

/**
 * How many cells of a column are of which kind. A cell of text (CSV) counts as the most particular kind that its text can
 * be read as, see `readTextCell`; a text that is kept as text is of `texts`.
 */
export interface CellCounts {
  readonly present: number;
  /** JSON's null. */
  readonly nulls: number;
  readonly booleans: number;
  /** Finite numbers, whole ones too. */
  readonly numbers: number;
  /** Numbers written without point and exponent, or of a column of whole numbers. */
  readonly wholes: number;
  readonly texts: number;
  readonly arrays: number;
  readonly objects: number;
  /** Numbers of text that begin with a needless zero, as codes do: "007". */
  readonly zeroLed: number;
}

export interface Category {
  readonly value: string;
  readonly count: number;
}

export interface ColumnSurvey {
  readonly name: string;
  readonly counts: CellCounts;
  /** Of its finite numbers. */
  readonly least?: number;
  readonly greatest?: number;
  /** Fewest and most code points of its texts. */
  readonly shortest?: number;
  readonly longest?: number;
  /** Formats that no text which was looked at contradicts; the others are contradicted. */
  readonly formats: readonly CellFormat[];
  /** Every text with its count, sorted; only where they are few and may be told. */
  readonly categories?: readonly Category[];
  /** Of `NULL_TOKENS` those that are among the numbers, with their counts. */
  readonly nullTokens?: readonly Category[];
  /** False where two rows are known to have the same value; true where an estimate says that most differ. */
  readonly maybeUnique: boolean;
  /** Of cells that hold lists or objects. */
  readonly nested?: NestedSurvey;
}

export interface TableSurvey {
  readonly format: TableFormat;
  readonly rows: number;
  readonly columns: readonly ColumnSurvey[];
}

/** What values inside of lists and objects are like. */
export interface NestedSurvey {
  /** Values seen. */
  readonly count: number;
  readonly nulls: number;
  readonly booleans: number;
  readonly wholes: number;
  readonly fractions: number;
  readonly texts: number;
  /** Formats of all its texts. */
  readonly formats: readonly CellFormat[];
  readonly arrays: number;
  /** Of all elements of its lists; absent where there are none, or where nesting is too deep to follow. */
  readonly items?: NestedSurvey;
  readonly objects: number;
  /** By key, sorted; absent where there are too many keys for them to be names, or nesting is too deep. */
  readonly keys?: readonly (readonly [string, NestedSurvey])[];
}

/** Distinct values of sets of columns, estimated. */
export interface DistinctRequest {
  readonly source: TableSource;
  readonly sets: readonly (readonly string[])[];
}

/** One for each set: about how many combinations of values there are, or `repeats` where some rows looked at have the same. */
export type DistinctEstimate = number | 'repeats';
