/**
 * The query engine as the rest of mlgate sees it: a plan of checks and aggregates in, figures out.
 * No SQL crosses this border; each engine compiles the plan into its own language.
 */
import type { InspectionAnswer, InspectionRequest } from './inspections.ts';
import type { Aggregate, AggregateFigures } from './aggregates.ts';
import type { TableQuestion, TableQuestionAnswer } from './table-questions.ts';
import type { CellReading } from './cell-reading.ts';
import type { DiffRequest, TableDiff } from './diff-tables.ts';
import type { ProfilePlan, TableSummary } from './profile.ts';
import type { RowCheck } from './row-check.ts';
import type { DistinctEstimate, DistinctRequest, SurveyRequest, TableSurvey } from './survey.ts';

export const TABLE_FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'parquet', 'arrow'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A file to read as a table, or several. Compression (`.gz`, `.zst`) is seen from the name. */
export interface TableSource {
  readonly path: string;
  /** What messages call the file, where that is not its path: as the user wrote it. */
  readonly named?: string;
  /** The files that are one table together, in their order; `path` then only names them all in messages. */
  readonly shards?: readonly string[];
  /** What messages call each of them, where that is not its path. */
  readonly shardNames?: readonly string[];
  /** Columns of Parquet that only the files' folders say (`day=1/`), with the value of each shard; a column of the files' own is nearer. */
  readonly partitions?: Partitions;
  /** Without it, the file's name decides. */
  readonly format?: TableFormat;
  /** How its cells become values, where not by default; names of columns that the table lacks mean nothing. */
  readonly cells?: CellReading;
}

/** By column, one value for each shard; null where there is none. */
export type Partitions = Readonly<Record<string, readonly (string | null)[]>>;

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** A scalar of JSON: what `enum` may list and what an example shows. */
export type Scalar = string | number | boolean | null;

/**
 * What must hold for one cell. As in JSON Schema, a condition on a kind of value says nothing about other
 * kinds: `minimum` holds for every string, `pattern` for every number; and every condition but `present`
 * holds for an absent cell. A cell is absent when its CSV text is empty, its Parquet value is NULL, or its
 * JSON object lacks the key (an explicit JSON `null` is a value of type `null`).
 * A CSV cell has no type of its own: it is read as the declared types allow, see `readTextCell`.
 */
export type CellCondition =
  | { readonly kind: 'present' }
  | { readonly kind: 'type'; readonly types: readonly JsonType[] }
  | { readonly kind: 'minimum'; readonly value: number; readonly exclusive: boolean }
  | { readonly kind: 'maximum'; readonly value: number; readonly exclusive: boolean }
  | { readonly kind: 'multiple-of'; readonly value: number }
  /** Lengths in Unicode code points, as JSON Schema counts them (section 6.3). */
  | { readonly kind: 'min-length'; readonly value: number }
  | { readonly kind: 'max-length'; readonly value: number }
  /** An ECMA-262 regular expression with the `u` flag, not anchored. */
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'one-of'; readonly values: readonly Scalar[] }
  | { readonly kind: 'format'; readonly format: CellFormat };

export const CELL_FORMATS = [
  'date',
  'date-time',
  'time',
  'email',
  'uuid',
  'ipv4',
  'ipv6',
  'uri',
  'hostname',
  'duration',
  'uri-reference',
  'uri-template',
  'regex',
  'json-pointer',
  'relative-json-pointer',
] as const;
export type CellFormat = (typeof CELL_FORMATS)[number];

export interface CellCheck {
  /** Names the check in the answer; unique in its plan. */
  readonly id: string;
  readonly column: string;
  /** The JSON types that the schema declares for this column; decides how text cells become values. Empty: any. */
  readonly declaredTypes: readonly JsonType[];
  readonly condition: CellCondition;
}

/**
 * Rows of which the values of these columns, taken together, stand in another row too. Rows where all are absent do
 * not count. Text is compared as it is written ("1" and "1.0" differ in CSV and JSONL), typed values as values.
 */
export interface UniquenessCheck {
  readonly id: string;
  readonly columns: readonly string[];
}

/**
 * Everything that one scan of a table answers. A column that the table does not have is a `PlanError`: describe the
 * table first. Only JSON has no fixed columns: there an unknown key is absent in every row.
 */
export interface TablePlan {
  readonly source: TableSource;
  readonly cells: readonly CellCheck[];
  /** What whole rows must satisfy; violations count rows. */
  readonly rows?: readonly RowCheck[];
  readonly unique: readonly UniquenessCheck[];
  /** Columns whose absent cells are counted. */
  readonly absent: readonly string[];
  readonly aggregates?: readonly Aggregate[];
  /** What is profiled in the same scan. */
  readonly profile?: ProfilePlan;
}

export interface TableFigures {
  readonly rows: number;
  /** Cells that break the condition, or rows, by check id. */
  readonly violations: Readonly<Record<string, number>>;
  /** Rows beyond the first of each repeated key, by check id: 0 means unique. */
  readonly duplicates: Readonly<Record<string, number>>;
  /** Absent cells, by column. */
  readonly absent: Readonly<Record<string, number>>;
  readonly aggregates?: AggregateFigures;
  readonly profile?: TableSummary;
}

export interface TableDescription {
  readonly format: TableFormat;
  /** In the file's order. For JSON: every key seen in any row. */
  readonly columns: readonly ColumnDescription[];
  /** Present when the shape looks like a mistake (another delimiter, say): one sentence to append to a message. */
  readonly hint?: string;
}

export interface ColumnDescription {
  readonly name: string;
  /** What the file itself says (Parquet, JSON) or what the text looks like (CSV): a hint for `init` and for messages. */
  readonly type: JsonType | 'date' | 'date-time';
}

/** Rows that break a check, for people to look at. */
export interface ExamplePlan {
  readonly source: TableSource;
  readonly cells: readonly CellCheck[];
  readonly rows?: readonly RowCheck[];
  readonly unique: readonly UniquenessCheck[];
  /** At most this many rows for each check. */
  readonly limit: number;
}

export interface ExampleRow {
  /** 1 for the first row of data: a CSV header is not counted. */
  readonly row: number;
  /** The cell's value (or the values of a key, joined by ", "), cut to a bounded length; undefined where the cell is absent. */
  readonly value: Scalar | undefined;
  /** Of a check of whole rows: what is wrong with this one, without any of its values. */
  readonly why?: string;
}

export type Examples = Readonly<Record<string, readonly ExampleRow[]>>;

/** `text` is for values that mostly differ, `label` for those that mostly repeat. */
export type ColumnKind = 'number' | 'text' | 'label';

export interface ColumnRequest {
  /**
   * The column. Several are read as one text, from which each can be told again: joined by `|`, with `\` before each
   * `|` and `\` of a cell. A row that lacks one of them lacks all.
   */
  readonly name: string | readonly string[];
  readonly as: ColumnKind;
  /** Which number of a list (from 0) or which key of an object is read, where the cells hold such. */
  readonly element?: number | string;
}

/** Columns of one table. */
export interface ColumnsRequest {
  readonly source: TableSource;
  readonly columns: readonly ColumnRequest[];
  /** Every combination of values once, in no order that means anything, with the first row of each. */
  readonly distinct?: boolean;
  /** About which share of the rows is read: by their numbers, so the same ones each time. Without it, all. */
  readonly sample?: number;
}

/** What the cells of a column hold, where it is lists or objects. */
export type NestedColumn =
  | { readonly kind: 'list'; readonly shortest: number; readonly longest: number }
  /** Every key that some cell has, sorted. */
  | { readonly kind: 'object'; readonly keys: readonly string[] }
  | { readonly kind: 'other' };

/**
 * Scores of many labels for each example, reduced while they are read: ten thousand labels of a million examples would
 * fill any memory. Labels are numbered in the order in which the scores are given.
 */
export interface ScoresRequest {
  readonly source: TableSource;
  readonly scores:
    | { readonly kind: 'columns'; readonly names: readonly string[] }
    /** One column of lists: of each label the place in the list. */
    | { readonly kind: 'list'; readonly name: string; readonly places: readonly number[] }
    | { readonly kind: 'object'; readonly name: string; readonly keys: readonly string[] }
    /** A row for each example and label: rows of one example are gathered and come out sorted bytewise by id. */
    | {
        readonly kind: 'long';
        readonly id: string | readonly string[];
        readonly label: string;
        readonly score: string;
        /** How each label is written: several spellings may be one label. */
        readonly spellings: readonly (readonly string[])[];
      };
  /** The number of each example's true label, in the order of the answer; `NO_LABEL` where it has no score. */
  readonly truth: Uint16Array;
  /** Whether the scores themselves are wanted too. */
  readonly keep: boolean;
}

/** Truth of an example whose label has no score. */
export const NO_LABEL = 0xff_ff;

/** Of what a row of probabilities may be guilty; `length`: a list that is too short or too long; `repeated`: a label twice. */
export const SCORE_FAULTS = ['not-finite', 'outside', 'sum', 'length', 'repeated'] as const;
export type ScoreFault = (typeof SCORE_FAULTS)[number];

/** How far from 1 the sum of an example's probabilities may be: what rounding to four digits does to ten labels, and no more. */
export const SUM_TOLERANCE = 1e-3;

export interface ScoreFaultFound {
  readonly fault: ScoreFault;
  readonly count: number;
  /** The first of them: the example, from 0, and the value that is wrong. */
  readonly examples: readonly { readonly row: number; readonly value: number }[];
}

export interface ScoresAnswer {
  readonly rows: number;
  /** Of examples that are at fault what stands below means nothing. */
  readonly faults: readonly ScoreFaultFound[];
  readonly trueProbability: Float64Array;
  /** 1 + labels with a larger score than the true one, + those of an equal score with a larger number. */
  readonly trueRank: Uint32Array;
  /** Sum over labels of (score - truth)^2. */
  readonly squaredErrors: Float64Array;
  /** The label with the largest score, the first of equal ones. */
  readonly predicted: Uint16Array;
  /** One column for each label; empty unless they were to be kept. */
  readonly scores: readonly Float64Array[];
}

/** Texts side by side in one buffer: ten million ids as strings would take a gigabyte. */
export interface PackedTexts {
  readonly length: number;
  /** UTF-8, one text after another. */
  readonly bytes: Uint8Array;
  /** Where each text ends in `bytes`; it begins where the one before ends. */
  readonly ends: Uint32Array;
}

/** Texts as numbers: row `i` has the text `values[codes[i]]`. Each text stands once, in the order of its first row. */
export interface Labels {
  readonly codes: Uint8Array | Uint32Array;
  readonly values: readonly string[];
}

export type Column = Float64Array | PackedTexts | Labels;

/**
 * Columns in the order of the request, rows in the file's own. A cell that is absent (or JSON `null`) is NaN in a column
 * of numbers and an empty text elsewhere. Numbers may also be written NaN, inf, Infinity (any case, signed); booleans
 * count as 1 and 0; any other text in a column of numbers is the fault `not-a-number`. As text, a number is printed as
 * JavaScript prints it, whatever the file's own type.
 */
interface ColumnsAnswer {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Of distinct combinations: the first row of each, from 1. */
  readonly firstRows?: Float64Array;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Called with a share between 0 and 1 while a long query runs. */
  readonly onProgress?: (share: number) => void;
}

export interface Engine {
  readonly describeTable: (source: TableSource, options?: QueryOptions) => Promise<TableDescription>;
  readonly checkTable: (plan: TablePlan, options?: QueryOptions) => Promise<TableFigures>;
  readonly findExamples: (plan: ExamplePlan, options?: QueryOptions) => Promise<Examples>;
  /**
   * Answers what only a query of its own can tell of a table.
   * @param others the further tables that the question is about, in its order
   */
  readonly askTable: (
    source: TableSource,
    question: TableQuestion,
    others: readonly TableSource[],
    options?: QueryOptions,
  ) => Promise<TableQuestionAnswer>;
  readonly readColumns: (request: ColumnsRequest, options?: QueryOptions) => Promise<ColumnsAnswer>;
  readonly readScores: (request: ScoresRequest, options?: QueryOptions) => Promise<ScoresAnswer>;
  readonly describeNested: (
    source: TableSource,
    column: string,
    options?: QueryOptions,
  ) => Promise<NestedColumn>;
  /** The file's own key-value metadata (Parquet's footer, Arrow's schema; of shards the first one's); empty for formats that have none. */
  readonly readMetadata: (
    source: TableSource,
    options?: QueryOptions,
  ) => Promise<Readonly<Record<string, string>>>;
  /** Rows of two tables held against each other by a key. */
  readonly diffTables: (request: DiffRequest, options?: QueryOptions) => Promise<TableDiff>;
  /** What the cells of each column are like, counted. */
  readonly surveyTable: (request: SurveyRequest, options?: QueryOptions) => Promise<TableSurvey>;
  readonly estimateDistinct: (
    request: DistinctRequest,
    options?: QueryOptions,
  ) => Promise<readonly DistinctEstimate[]>;
  /** Faults that no schema names, in one table or between two. */
  readonly inspectTable: <Kind extends InspectionRequest['kind']>(
    request: Extract<InspectionRequest, { readonly kind: Kind }>,
    options?: QueryOptions,
  ) => Promise<InspectionAnswer<Kind>>;
  /** Ends the engine and removes its temporary files. A request that still runs is cancelled. */
  readonly close: () => Promise<void>;
}

/** Why a table could not be read. The chain turns it into an exit code and a message. */
export type TableFault =
  | 'missing-file' /* exit 2 */
  | 'not-a-file' /* exit 2: a directory, a device */
  | 'no-permission' /* exit 3 */
  | 'not-its-format' /* exit 2: truncated or foreign Parquet, truncated gzip, not UTF-8, a line that is no JSON object */
  | 'ragged' /* finding: rows with more or fewer cells than the header, quotes that do not close, mixed line ends */
  | 'empty' /* finding: no bytes, or not even a header */
  | 'duplicate-columns' /* finding: two columns of one name */
  | 'different-columns' /* finding: files of one table with other columns, or other types of them */
  | 'not-a-number' /* finding: text in a column that was asked for as numbers */
  | 'out-of-memory' /* exit 3 */
  | 'disk-full' /* exit 3 */
  | 'cancelled'
  | 'engine-died'; /* exit 3 */

/** A table that could not be read, with the reason as a value. The message is complete: what, where, what to do. */
export class TableError extends Error {
  readonly fault: TableFault;
  readonly path: string;
  readonly help: string | undefined;

  constructor(fault: TableFault, path: string, message: string, help?: string) {
    super(message);
    this.name = 'TableError';
    this.fault = fault;
    this.path = path;
    this.help = help;
  }
}

/** A plan that no engine can run: an unknown column, an invalid pattern. The message names the check. Exit code 2. */
export class PlanError extends Error {
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.name = 'PlanError';
    this.help = help;
  }
}
