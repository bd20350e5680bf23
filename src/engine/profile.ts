/** What a table holds, column by column, gathered in one scan in a form that merges: profiles are made from it. */
import type { NumberSummary } from '../statistics/number-summary.ts';
import type { JsonType } from './engine.ts';

export type ProfiledType = 'number' | 'integer' | 'boolean' | 'string' | 'date' | 'date-time' | 'other';

export interface ProfiledColumn {
  readonly name: string;
  /** As what its cells are summarised; those that are something else are only counted. */
  readonly type: ProfiledType;
  /** The JSON types that the schema declares; decides how text cells become values. Empty: any. */
  readonly declaredTypes: readonly JsonType[];
  /** Whether nothing may leave the engine from which a value could be told. */
  readonly withheld: boolean;
  /** Edges between which its numbers, or its times in milliseconds since 1970, are counted. */
  readonly edges?: readonly number[];
  /** The same for the lengths of its texts. */
  readonly lengthEdges?: readonly number[];
}

export interface ProfilePlan {
  readonly columns: readonly ProfiledColumn[];
  /** Most different values of a column that are kept, and most buckets of numbers: a power of two. */
  readonly buckets: number;
}

/** How often texts stand, as long as there are few different ones. */
export interface TextCounts {
  /** The most frequent first. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
  /** Texts that are too long to be shown: what tells them apart, and how often they stand. */
  readonly longHashes: readonly string[];
  readonly longCounts: readonly number[];
}

export interface TextSummary {
  /** In code points. */
  readonly lengths: NumberSummary;
  /** Left out where there are too many different ones, and where the column is withheld. */
  readonly counts?: TextCounts;
}

export interface ColumnSummary {
  readonly name: string;
  readonly type: ProfiledType;
  /** Whether nothing is here from which a value could be told. */
  readonly withheld: boolean;
  /** Cells that hold a value of any type. */
  readonly present: number;
  readonly absent: number;
  /** Present cells of another type, and numbers that are not finite. */
  readonly unread: number;
  /** How many of them are NaN or infinite, where the file itself says that they are numbers. */
  readonly notFinite?: number;
  /** Of numbers, and of times in milliseconds since 1970. */
  readonly numbers?: NumberSummary;
  readonly texts?: TextSummary;
  readonly booleans?: { readonly true: number; readonly false: number };
  /** For a count of different values, see `printRegisters`; where they are not all known. */
  readonly registers?: string;
  /** How many different values there are, where that can be told from nothing else here. */
  readonly distinct?: number;
}

export interface TableSummary {
  readonly rows: number;
  readonly buckets: number;
  /** What hashed the texts: summaries of different ones cannot be merged. */
  readonly hash: string;
  readonly columns: readonly ColumnSummary[];
}

/** Longest text that is a value worth telling, in code points. */
export const MAX_VALUE_LENGTH = 100;
