/** What only a whole table can show: rules as values that say what they ask of the engine and how its answer is judged. */
import type { Measure, RowFilter } from '../../engine/aggregates.ts';
import type { JsonType, Scalar } from '../../engine/engine.ts';
import type { TableQuestion, TableQuestionAnswer } from '../../engine/table-questions.ts';
import type { DataSchema, TableReference } from '../../schemas/data-schema.generated.ts';
import type { Check } from '../../schemas/evidence.generated.ts';
import type { AnomalyName } from '../anomalies.ts';
import { columnTypes } from '../column-types.ts';
import { encodeName } from '../list-column-rules.ts';

/** What became of a rule. */
export interface Outcome {
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'skipped';
  readonly reason?: NonNullable<Check['reason']>;
  /** What was found, as one sentence or two; what to do is said after it. */
  readonly told: string;
  readonly observed?: Scalar;
  /** Offending rows. */
  readonly violations?: number;
}

/** The rows that a block of rules is about. */
export interface Scope {
  /** How the ids of its rules begin; empty for the whole table. */
  readonly prefix: string;
  /** Where in the schema its block stands. */
  readonly path: readonly string[];
  /** What tells its rows from all, for the end of a sentence: " where `status = 'open'`"; empty for all. */
  readonly words: string;
  /** Without it: all rows, or those of a group that the engine makes. */
  readonly where?: RowFilter;
  /** Nearer than any but a rule's own. */
  readonly severity?: Check['severity'];
}

export const WHOLE_TABLE: Scope = { prefix: '', path: ['dataset'], words: '' };

/** A number that was measured; null where no row has a value. */
export type FigureOf = (measure: string) => number | null;

export type Ask =
  /** Answered by the one scan. */
  | {
      readonly kind: 'measures';
      readonly measures: Readonly<Record<string, Measure>>;
      /** @param rows rows of the scope */
      readonly judge: (figureOf: FigureOf, rows: number) => Outcome;
      /** Rows to look at where it fails; a rule on a slice shows none. */
      readonly examples?: (limit: number) => TableQuestion;
    }
  /** A query of its own. */
  | {
      readonly kind: 'question';
      readonly question: (limit: number) => TableQuestion;
      readonly others: readonly TableReference[];
      readonly judge: (answer: TableQuestionAnswer & { readonly kind: 'found' }, rows: number) => Outcome;
    }
  /** The same measure of another table. */
  | {
      readonly kind: 'comparison';
      readonly own: Measure;
      readonly other: Measure;
      readonly with: TableReference;
      readonly judge: (own: number | null, other: number | null) => Outcome;
    }
  /** The number of rows that main recorded; undefined where there is none. */
  | { readonly kind: 'baseline'; readonly judge: (rows: number, baseline: number | undefined) => Outcome };

export interface TableRule {
  readonly name: AnomalyName;
  /** Unique in the schema, stable when other rules come and go. */
  readonly id: string;
  /** Where the schema asks for it. */
  readonly path: readonly string[];
  /** What it is about; all must be there. */
  readonly columns: readonly string[];
  /** What else must be there: the columns of a condition. */
  readonly needs?: readonly string[];
  readonly expected: Scalar;
  readonly severity?: Check['severity'];
  readonly where?: RowFilter;
  readonly ask: Ask;
}

/** What a kind of rule is listed from. */
export interface RuleContext {
  readonly schema: DataSchema;
  readonly scope: Scope;
  /** The moment of the check. */
  readonly now: Date;
}

/** Whether a column holds dates or times by its schema. */
export function isTimeColumn(schema: DataSchema, column: string): boolean {
  const kind = columnTypes(schema).get(column);
  return kind === 'date' || kind === 'date-time';
}

const NUMBER: readonly JsonType[] = ['number'];

/** A column read as numbers, whatever its schema says. */
export function asNumber(column: string): {
  readonly column: string;
  readonly declaredTypes: readonly JsonType[];
} {
  return { column, declaredTypes: NUMBER };
}

/** Several names as a part of an id. */
export function encodeNames(names: readonly string[]): string {
  return names.map(encodeName).join('+');
}

/** What every rule of a scope has in common. */
export function frameRule(
  { scope }: Pick<RuleContext, 'scope'>,
  name: AnomalyName,
  id: string,
  path: readonly string[],
  severity?: Check['severity'],
): Pick<TableRule, 'name' | 'id' | 'path' | 'severity' | 'where'> {
  const nearest = severity ?? scope.severity;
  return {
    name,
    id: `${scope.prefix}${id}`,
    path: [...scope.path, ...path],
    ...(nearest === undefined ? {} : { severity: nearest }),
    ...(scope.where === undefined ? {} : { where: scope.where }),
  };
}
