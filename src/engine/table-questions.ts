/** Questions about a whole table that need a query of their own, each with its answer. */
import type {
  Aggregate,
  AggregateFigures,
  DependencyTest,
  RowFilter,
  SumTest,
  TypedColumn,
} from './aggregates.ts';
import type { ExampleRow } from './engine.ts';

/** How the values of a column are ordered: `text` by code point. */
export type OrderedAs = 'number' | 'time' | 'text';

export type TableQuestion =
  /** The rows that break something which an aggregate counted. */
  | {
      readonly kind: 'sum-examples';
      readonly test: SumTest;
      readonly where?: RowFilter;
      readonly limit: number;
    }
  | {
      readonly kind: 'contradiction-examples';
      readonly test: DependencyTest;
      readonly where?: RowFilter;
      readonly limit: number;
    }
  /** Rows whose value does not follow that of the row before, among rows of one value of `by`. */
  | {
      readonly kind: 'order';
      readonly column: TypedColumn;
      readonly as: OrderedAs;
      readonly direction: 'increasing' | 'decreasing';
      readonly strict: boolean;
      readonly by: readonly string[];
      readonly limit: number;
    }
  /** Rows whose values are not found in the other table. Values are compared as texts. */
  | {
      readonly kind: 'foreign-key';
      readonly columns: readonly string[];
      readonly otherColumns: readonly string[];
      readonly limit: number;
    }
  /** The same aggregates for each combination of values of some columns. */
  | {
      readonly kind: 'groups';
      readonly by: readonly string[];
      readonly aggregates: readonly Aggregate[];
      /** With more groups than this, none is answered. */
      readonly limit: number;
    }
  /** A query of the user's own. */
  | {
      readonly kind: 'query';
      readonly sql: string;
      /** What the query calls the tables: this one first, then the others. */
      readonly tables: readonly QueriedTable[];
      /** How long it may take. */
      readonly seconds: number;
      readonly limit: number;
    };

export interface QueriedTable {
  readonly name: string;
  /** How its columns are read; any other as text, or as the file itself types it. */
  readonly columns: readonly (TypedColumn & { readonly isTime: boolean })[];
}

export interface TableGroup {
  /** By the columns of the question; null where absent. */
  readonly values: readonly (string | null)[];
  readonly rows: number;
  readonly figures: AggregateFigures;
}

export type TableQuestionAnswer =
  | {
      readonly kind: 'found';
      readonly count: number;
      readonly examples: readonly ExampleRow[];
      /** Where examples are rows of an answer, not of the table: `row` counts those then. */
      readonly withoutRows?: boolean;
    }
  /** Sorted by their values. */
  | { readonly kind: 'groups'; readonly groups: readonly TableGroup[]; readonly tooMany: boolean };
