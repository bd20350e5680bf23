/** What the engine's two halves say to each other: the parent, which never loads native code, and its child. */
import type { DiffRequest, TableDiff } from './diff-tables.ts';
import type { CellReading } from './cell-reading.ts';
import type {
  Column,
  ColumnKind,
  ColumnsRequest,
  ExamplePlan,
  Examples,
  NestedColumn,
  Partitions,
  ScoreFaultFound,
  ScoresRequest,
  TableDescription,
  TableFault,
  TableFigures,
  TableFormat,
  TablePlan,
} from './engine.ts';
import type { TableQuestion, TableQuestionAnswer } from './table-questions.ts';
import type { DistinctEstimate, DistinctRequest, SurveyRequest, TableSurvey } from './survey.ts';
import type { InspectionAnswer, InspectionRequest } from './inspections.ts';

export interface WorkerSettings {
  /** What to load DuckDB's package by: its name, or the absolute path of its folder. */
  readonly duckdbModule: string;
  /** Where a package name is looked up from: an absolute path. */
  readonly resolveFrom: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  /** A folder of the engine's own, for what does not fit into memory. */
  readonly temporaryFolder: string;
}

/** A file that exists and can be read. */
export interface TableLocation {
  /** As the user wrote it: for messages. */
  readonly named: string;
  /** Absolute, all links resolved, no glob characters. */
  readonly path: string;
  readonly format: TableFormat;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Where the table is several files: all of them, the first being that of `path`. */
  readonly shards?: readonly Shard[];
  readonly partitions?: Partitions;
  /** How its cells become values, where not by default. */
  readonly cells?: CellReading;
}

type Shard = Pick<TableLocation, 'named' | 'path'>;

/** Each file of a table as a location of its own. */
export function listFiles({ shards, ...location }: TableLocation): readonly TableLocation[] {
  return shards === undefined ? [location] : shards.map((shard) => ({ ...location, ...shard }));
}

/** One question; `others` are further tables that it is about, after `location`. */
export type EngineQuestion = SingleQuestion & { readonly others?: readonly TableLocation[] };

type SingleQuestion =
  | { readonly kind: 'describe'; readonly location: TableLocation }
  | { readonly kind: 'check'; readonly location: TableLocation; readonly plan: TablePlan }
  | { readonly kind: 'examples'; readonly location: TableLocation; readonly plan: ExamplePlan }
  | { readonly kind: 'table'; readonly location: TableLocation; readonly question: TableQuestion }
  | { readonly kind: 'columns'; readonly location: TableLocation; readonly request: ColumnsRequest }
  | { readonly kind: 'scores'; readonly location: TableLocation; readonly request: ScoresRequest }
  | { readonly kind: 'nested'; readonly location: TableLocation; readonly column: string }
  | { readonly kind: 'metadata'; readonly location: TableLocation }
  | { readonly kind: 'inspection'; readonly location: TableLocation; readonly request: InspectionRequest }
  | { readonly kind: 'survey'; readonly location: TableLocation; readonly request: SurveyRequest }
  | { readonly kind: 'distinct'; readonly location: TableLocation; readonly request: DistinctRequest }
  /** `others` is the table as it was. */
  | { readonly kind: 'diff'; readonly location: TableLocation; readonly request: DiffRequest };

export type ToWorker =
  | { readonly kind: 'start'; readonly settings: WorkerSettings }
  | { readonly kind: 'ask'; readonly question: EngineQuestion }
  | { readonly kind: 'cancel' };

/**
 * Some rows of the columns that were asked for, in the order of the request. Ends of texts count from the batch's own
 * start; of labels only the values that no earlier batch had are listed, and codes count from the first batch.
 */
export type ColumnBatch = readonly Column[];

/** What was found out of the scores of some examples. */
export interface ScoresBatch {
  readonly trueProbability: Float64Array;
  readonly trueRank: Uint32Array;
  readonly squaredErrors: Float64Array;
  readonly predicted: Uint16Array;
  /** Example by example, all labels of each; empty unless they are kept. */
  readonly scores: Float64Array;
}

export type AnswerBatch =
  | { readonly kind: 'columns'; readonly columns: ColumnBatch }
  | { readonly kind: 'scores'; readonly scores: ScoresBatch };

export type EngineAnswer =
  | { readonly kind: 'description'; readonly description: TableDescription }
  | { readonly kind: 'figures'; readonly figures: TableFigures }
  | { readonly kind: 'examples'; readonly examples: Examples }
  | { readonly kind: 'table'; readonly found: TableQuestionAnswer }
  /** After the last batch. */
  | { readonly kind: 'columns'; readonly rows: number }
  | { readonly kind: 'scores'; readonly rows: number; readonly faults: readonly ScoreFaultFound[] }
  | { readonly kind: 'nested'; readonly nested: NestedColumn }
  | { readonly kind: 'metadata'; readonly metadata: Readonly<Record<string, string>> }
  | { readonly kind: 'inspection'; readonly found: InspectionAnswer }
  | { readonly kind: 'survey'; readonly survey: TableSurvey }
  | { readonly kind: 'distinct'; readonly estimates: readonly DistinctEstimate[] }
  | { readonly kind: 'diff'; readonly diff: TableDiff };

/** A failure as a value: errors lose their class on the way between processes. */
export type EngineFailure =
  | {
      readonly kind: 'table';
      readonly fault: TableFault;
      readonly path: string;
      readonly message: string;
      readonly help: string | undefined;
    }
  | { readonly kind: 'plan'; readonly message: string; readonly help: string | undefined }
  | { readonly kind: 'defect'; readonly message: string; readonly stack: string | undefined };

export type FromWorker =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'batch'; readonly batch: AnswerBatch }
  /** Forget the batches: the file is read again, more carefully. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'answer'; readonly answer: EngineAnswer }
  | { readonly kind: 'failure'; readonly failure: EngineFailure };

/** How the columns of a batch are read: the first row of each combination comes after what was asked for. */
export function listKinds({ columns, distinct }: ColumnsRequest): readonly ColumnKind[] {
  const kinds = columns.map(({ as }) => as);
  return distinct === true ? [...kinds, 'number'] : kinds;
}

export function countLabels({ scores }: Pick<ScoresRequest, 'scores'>): number {
  switch (scores.kind) {
    case 'columns':
      return scores.names.length;
    case 'list':
      return scores.places.length;
    case 'object':
      return scores.keys.length;
    case 'long':
      return scores.spellings.length;
  }
}
