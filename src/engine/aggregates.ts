/** Numbers about a table, or about some of its rows, that one scan answers beside the checks of cells. */
import type { JsonType } from './engine.ts';

/** A column as its schema declares it: decides how text cells become values. */
export interface TypedColumn {
  readonly column: string;
  readonly declaredTypes: readonly JsonType[];
}

/** Which rows count. A text is compared without blanks around it, and `3.0` as `3`; the empty text is an absent cell. */
export type RowFilter =
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly sign: '<=' | '>=' | '!=' | '=' | '<' | '>';
      /** Several for `=` (one of them) and `!=` (none of them). Where one is a number, the column is read as numbers. */
      readonly values: readonly (string | number)[];
    }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly RowFilter[] }
  | { readonly kind: 'not'; readonly part: RowFilter };

export type StatisticName =
  | 'minimum'
  | 'maximum'
  | 'mean'
  /** Of the sample: n - 1. */
  | 'standard-deviation'
  | 'median'
  | 'sum';

/** Columns that add up to a column or to a number. Rows that lack one of them do not count. */
export interface SumTest {
  readonly columns: readonly TypedColumn[];
  readonly equals: TypedColumn | number;
  /** Without it: what rounding does to doubles of this size. */
  readonly tolerance?: number;
}

/** Rows that agree in `columns` agree in `determine`. Rows that lack one of them do not count. */
export interface DependencyTest {
  readonly columns: readonly string[];
  readonly determine: readonly string[];
}

export type Measure =
  | { readonly kind: 'rows' }
  /** Absent cells. */
  | { readonly kind: 'absent'; readonly column: string }
  /** Rows beyond the first of each repeated key; rows without any part of it do not count. */
  | { readonly kind: 'duplicates'; readonly columns: readonly string[] }
  | { readonly kind: 'statistic'; readonly of: StatisticName; readonly column: TypedColumn }
  /** Type 7 of Hyndman and Fan (1996): linear between neighbours. */
  | { readonly kind: 'quantile'; readonly probability: number; readonly column: TypedColumn }
  /** Different values; `share` divides by how many there are. */
  | { readonly kind: 'distinct'; readonly column: string; readonly share: boolean }
  /** The last time that is not after `upTo`, both in milliseconds of Unix time. */
  | { readonly kind: 'newest'; readonly column: TypedColumn; readonly upTo: number }
  /** Rows that do not add up. */
  | { readonly kind: 'broken-sums'; readonly test: SumTest }
  /** Total of the columns less that of what they must equal. */
  | { readonly kind: 'total-difference'; readonly test: SumTest }
  /** Combinations beyond the first that some values of `columns` have of `determine`: 0 means that they decide them. */
  | { readonly kind: 'contradictions'; readonly test: DependencyTest };

export interface Aggregate {
  /** Names it in the answer; unique in its plan. */
  readonly id: string;
  readonly measure: Measure;
  /** Without it: all rows. */
  readonly where?: RowFilter;
}

/** By id; null where no row has a value. A number too large for a double is an infinity. */
export type AggregateFigures = Readonly<Record<string, number | null>>;
