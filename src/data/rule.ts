/** What a data schema asks, one rule for one check. */
import type { CellCondition, JsonType } from '../engine/engine.ts';
import type { CheckSeverity } from '../schemas/data-schema.generated.ts';
import type { SchemaObject } from '../schemas/subschemas.ts';
import type { AnomalyName } from './anomalies.ts';

interface RuleBase {
  readonly name: AnomalyName;
  /** Unique in the schema, stable when other rules come and go. */
  readonly id: string;
  /** Where the schema asks for it. */
  readonly path: readonly string[];
  /** What stands beside the rule itself. */
  readonly severity?: CheckSeverity;
}

export interface RowsRule extends RuleBase {
  readonly kind: 'rows';
  readonly side: 'at-least' | 'at-most';
  readonly bound: number;
}

/** No column but those listed. */
export interface NewColumnsRule extends RuleBase {
  readonly kind: 'new-columns';
}

interface MissingColumnRule extends RuleBase {
  readonly kind: 'missing-column';
  readonly column: string;
}

/** What must hold for each cell of a column. */
export interface CellRule extends RuleBase {
  readonly kind: 'cell';
  readonly column: string;
  readonly declaredTypes: readonly JsonType[];
  readonly condition: CellCondition;
  /** The share of values that must satisfy it, where not all must. */
  readonly least?: number;
}

/** Bounds on the share of absent cells. */
export interface FractionRule extends RuleBase {
  readonly kind: 'fraction';
  readonly column: string;
  readonly side: 'at-least' | 'at-most';
  readonly bound: number;
}

export interface KeyRule extends RuleBase {
  readonly kind: 'key';
  readonly columns: readonly string[];
}

/** What must hold for each row, or for each value of a column that SQL has no plain condition for. */
export interface RowRule extends RuleBase {
  readonly kind: 'row';
  /** The keyword that asks it. */
  readonly keyword: string;
  /** A schema of the row in one piece. */
  readonly schema: SchemaObject;
  /** Where it is about the values of one column. */
  readonly column?: string;
  /** The columns that it is about. */
  readonly columns: readonly string[];
  /** Whether it is about all other columns too. */
  readonly isAboutAll: boolean;
}

export type Rule =
  | RowsRule
  | NewColumnsRule
  | MissingColumnRule
  | CellRule
  | RowRule
  | FractionRule
  | KeyRule;
