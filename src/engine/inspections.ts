/** Looks at a table, or two, for faults that no schema names. Only counts leave the engine, unless asked for by name. */
import type { JsonType, TableSource } from './engine.ts';
import type { PersonalRequest, PersonalAnswer } from './personal/personal-request.ts';

export interface InspectedColumn {
  readonly name: string;
  readonly declaredTypes: readonly JsonType[];
}

/** Faults of single columns, repeated rows and contradicting labels. */
export interface IntegrityRequest {
  readonly kind: 'integrity';
  readonly source: TableSource;
  readonly columns: readonly string[];
  /** Columns that make two rows the same. */
  readonly rowColumns: readonly string[];
  readonly label?: string;
  /** Columns of which spellings may be told: none that may hold personal data. */
  readonly mayShow: readonly string[];
}

export interface Spelling {
  readonly text: string;
  readonly count: number;
}

export interface ColumnIntegrity {
  readonly name: string;
  readonly present: number;
  readonly numbers: number;
  readonly booleans: number;
  readonly texts: number;
  /** Texts that often stand for a missing value, of a closed list. */
  readonly nullSpellings: readonly Spelling[];
  readonly junk: number;
  /** Cells of the most frequent value; undefined where there are too many values to say. */
  readonly mostFrequent?: number;
  /** Number of values, where there are few. */
  readonly values?: number;
  /** Values that differ in case, form or white space only, and the cells that are not of the most frequent spelling. */
  readonly variants: {
    readonly groups: number;
    readonly cells: number;
    readonly examples: readonly string[];
  };
  /** An earlier column with the same value in every row. */
  readonly sameAs?: string;
}

export interface IntegrityAnswer {
  readonly rows: number;
  /** Rows beyond the first of each that is repeated. */
  readonly duplicateRows: number;
  readonly columns: readonly ColumnIntegrity[];
  readonly labels?: {
    readonly labelled: number;
    /** Number of labels and cells of the rarest; undefined where there are too many to be classes. */
    readonly classes?: number;
    readonly rarest?: number;
    /** Rows with the same values as another, and another label. */
    readonly conflicting: number;
  };
}

/** Parts of the rows, each predicted from the others. */
export const LABEL_FOLDS = 10;

/** How much each column alone tells of the label, on rows that it was not learned from. */
export interface LabelScoresRequest {
  readonly kind: 'label-scores';
  readonly source: TableSource;
  readonly label: InspectedColumn;
  readonly columns: readonly InspectedColumn[];
  /** Part of which rows fall into which fold. */
  readonly seed: number;
}

export interface LabelScore {
  /** Undefined for the order of the rows. */
  readonly column?: string;
  readonly rows: number;
  /** Share of the label's uncertainty that is gone: cross-entropy of classes, squared error of numbers. */
  readonly score: number;
  readonly standardError: number;
}

export interface LabelScoresAnswer {
  readonly labelled: number;
  /** Undefined for a label of numbers. */
  readonly classes?: number;
  /** Empty where the label has one value only, or too few rows. */
  readonly scores: readonly LabelScore[];
}

/** A whole table, or the rows of one split of it. */
export interface SplitSource {
  readonly source: TableSource;
  readonly only?: { readonly column: string; readonly value: string };
}

/** One split held against an earlier one. */
export interface SplitsRequest {
  readonly kind: 'splits';
  readonly earlier: SplitSource;
  readonly later: SplitSource;
  /** Columns that make two rows the same. */
  readonly features: readonly InspectedColumn[];
  readonly label?: InspectedColumn;
  readonly entity?: InspectedColumn;
  readonly time?: InspectedColumn;
  readonly near?: { readonly columns: readonly string[]; readonly similarity: number; readonly seed: number };
}

/** What one split has of the values of another. */
export interface CategoryChange {
  readonly column: string;
  /** Rows of the later split whose value the earlier one lacks. */
  readonly newRows: number;
  readonly newValues: number;
  /** Values of the earlier split that the later one lacks though that is not chance, and their rows in the earlier one. */
  readonly vanishedValues: number;
  readonly vanishedRows: number;
  /** Rows of the later split that have a value. */
  readonly rows: number;
}

export interface SplitsAnswer {
  readonly earlierRows: number;
  readonly laterRows: number;
  /** Rows of the later split that stand in the earlier one. */
  readonly shared: number;
  /** Rows of the earlier split that stand in it more than once. */
  readonly repeated: number;
  readonly near?: { readonly looked: number; readonly found: number; readonly isSample: boolean };
  readonly entities?: { readonly shared: number; readonly rows: number };
  readonly time?: { readonly overlapping: number; readonly rows: number };
  readonly label?: CategoryChange;
  /** Of columns with few values. */
  readonly categories: readonly CategoryChange[];
}

export type InspectionRequest = IntegrityRequest | LabelScoresRequest | SplitsRequest | PersonalRequest;

interface Answers {
  readonly integrity: IntegrityAnswer;
  readonly 'label-scores': LabelScoresAnswer;
  readonly splits: SplitsAnswer;
  readonly personal: PersonalAnswer;
}
export type InspectionAnswer<Kind extends InspectionRequest['kind'] = InspectionRequest['kind']> =
  Answers[Kind];

/** The tables that a request is about. */
export function listInspected(request: InspectionRequest): readonly [TableSource, ...TableSource[]] {
  return request.kind === 'splits' ? [request.earlier.source, request.later.source] : [request.source];
}
