/** Generated from action-schema/data-schema.schema.json by npm run generate. Do not edit. */

/**
 * A type of JSON. `integer` accepts 12 and 12.0.
 */
export type CellType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';
/**
 * What the check is when it fails: `fail` blocks, `warn` is only shown.
 */
export type CheckSeverity = 'fail' | 'warn';

/**
 * A data schema: JSON Schema 2020-12 for one row of a table, plus a `dataset` block for what only the whole table can show. A cell without a value (an empty CSV cell, a Parquet NULL, a missing JSON key) is an absent property.
 */
export interface DataSchema {
  /**
   * The dialect, for editors.
   */
  readonly $schema?: string;
  /**
   * Identifier of this schema.
   */
  readonly $id?: string;
  /**
   * A note for maintainers.
   */
  readonly $comment?: string;
  /**
   * The table's name for people.
   */
  readonly title?: string;
  /**
   * What one row is.
   */
  readonly description?: string;
  /**
   * Example rows, for people.
   */
  readonly examples?: readonly unknown[];
  /**
   * Whether it should no longer be used; for people.
   */
  readonly deprecated?: boolean;
  /**
   * For people: nobody but its owner writes it.
   */
  readonly readOnly?: boolean;
  /**
   * For people: it is written and never shown.
   */
  readonly writeOnly?: boolean;
  /**
   * What stands for an absent value, for people: nothing is filled in.
   */
  readonly default?: unknown;
  /**
   * A row is an object.
   */
  readonly type: 'object';
  /**
   * The columns, by name.
   */
  readonly properties: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * Columns that the table must have and whose every cell must hold a value.
   */
  readonly required: readonly string[];
  /**
   * Whether columns that are not listed in `properties` are allowed, or what their cells must satisfy.
   */
  readonly additionalProperties: boolean | ColumnSchema;
  /**
   * Properties that must be there where another one is: of a row those with a value.
   */
  readonly dependentRequired?: {
    readonly [key: string]: readonly string[];
  };
  /**
   * Schemas that a row must satisfy where a property is there.
   */
  readonly dependentSchemas?: {
    readonly [key: string]: ColumnSchema;
  };
  readonly propertyNames?: ColumnSchema;
  /**
   * What the properties must satisfy whose names match an ECMA-262 regular expression.
   */
  readonly patternProperties?: {
    readonly [key: string]: ColumnSchema;
  };
  readonly unevaluatedProperties?: ColumnSchema;
  /**
   * Fewest properties of a row.
   */
  readonly minProperties?: number;
  /**
   * Most properties of a row.
   */
  readonly maxProperties?: number;
  /**
   * Schemas that must all hold.
   *
   * @minItems 1
   */
  readonly allOf?: readonly ColumnSchema[];
  /**
   * Schemas of which at least one must hold.
   *
   * @minItems 1
   */
  readonly anyOf?: readonly ColumnSchema[];
  /**
   * Schemas of which exactly one must hold.
   *
   * @minItems 1
   */
  readonly oneOf?: readonly ColumnSchema[];
  readonly not?: ColumnSchema;
  readonly if?: ColumnSchema;
  readonly then?: ColumnSchema;
  readonly else?: ColumnSchema;
  /**
   * Another schema that must hold too: `#/$defs/<name>` of this file, `#<anchor>`, or another file by its path from this one, with or without such an end. Nothing is fetched from the network.
   */
  readonly $ref?: string;
  /**
   * Schemas under names, for `$ref`.
   */
  readonly $defs?: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * The older name of `$defs`.
   */
  readonly definitions?: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * A name by which `$ref` finds this schema: `#<anchor>`.
   */
  readonly $anchor?: string;
  /**
   * As `$ref`, to the outermost schema on the way here that has such a `$dynamicAnchor`.
   */
  readonly $dynamicRef?: string;
  /**
   * A name that `$dynamicRef` looks for.
   */
  readonly $dynamicAnchor?: string;
  /**
   * Vocabularies of a dialect; for other tools.
   */
  readonly $vocabulary?: {
    readonly [key: string]: boolean;
  };
  /**
   * The only rows allowed.
   *
   * @minItems 1
   */
  readonly enum?: readonly unknown[];
  /**
   * The only row allowed.
   */
  readonly const?: unknown;
  readonly dataset: DatasetRules;
}
/**
 * What every cell of one column that holds a value must satisfy: any schema of JSON Schema 2020-12. As there, a keyword says nothing about values of other types. `true` allows anything, `false` nothing.
 */
export interface ColumnSchema {
  /**
   * The column's name for people.
   */
  readonly title?: string;
  /**
   * What the column holds, with its unit.
   */
  readonly description?: string;
  /**
   * A note for maintainers.
   */
  readonly $comment?: string;
  /**
   * Example values, for people.
   */
  readonly examples?: readonly unknown[];
  /**
   * Whether it should no longer be used; for people.
   */
  readonly deprecated?: boolean;
  /**
   * For people: nobody but its owner writes it.
   */
  readonly readOnly?: boolean;
  /**
   * For people: it is written and never shown.
   */
  readonly writeOnly?: boolean;
  /**
   * What stands for an absent value, for people: nothing is filled in.
   */
  readonly default?: unknown;
  /**
   * Type of the values, or a list of types. Text cells (CSV) are read as the types allow.
   */
  readonly type?: CellType | readonly CellType[];
  /**
   * The only values allowed.
   *
   * @minItems 1
   */
  readonly enum?: readonly unknown[];
  /**
   * The only value allowed.
   */
  readonly const?: unknown;
  /**
   * Smallest number allowed.
   */
  readonly minimum?: number;
  /**
   * Largest number allowed.
   */
  readonly maximum?: number;
  /**
   * Numbers must be greater than this.
   */
  readonly exclusiveMinimum?: number;
  /**
   * Numbers must be less than this.
   */
  readonly exclusiveMaximum?: number;
  /**
   * Numbers must be a whole multiple of this.
   */
  readonly multipleOf?: number;
  /**
   * Fewest characters of a string, in Unicode code points.
   */
  readonly minLength?: number;
  /**
   * Most characters of a string, in Unicode code points.
   */
  readonly maxLength?: number;
  /**
   * ECMA-262 regular expression (flag u) that a string must match somewhere; anchor it with ^ and $.
   */
  readonly pattern?: string;
  /**
   * A format that strings must have.
   */
  readonly format?:
    | 'date'
    | 'date-time'
    | 'time'
    | 'email'
    | 'uuid'
    | 'ipv4'
    | 'ipv6'
    | 'uri'
    | 'hostname'
    | 'duration'
    | 'uri-reference'
    | 'uri-template'
    | 'regex'
    | 'json-pointer'
    | 'relative-json-pointer';
  /**
   * How a text encodes bytes; for people.
   */
  readonly contentEncoding?: string;
  /**
   * What a text holds; for people.
   */
  readonly contentMediaType?: string;
  readonly contentSchema?: ColumnSchema;
  /**
   * Schemas that must all hold.
   *
   * @minItems 1
   */
  readonly allOf?: readonly ColumnSchema[];
  /**
   * Schemas of which at least one must hold.
   *
   * @minItems 1
   */
  readonly anyOf?: readonly ColumnSchema[];
  /**
   * Schemas of which exactly one must hold.
   *
   * @minItems 1
   */
  readonly oneOf?: readonly ColumnSchema[];
  readonly not?: ColumnSchema;
  readonly if?: ColumnSchema;
  readonly then?: ColumnSchema;
  readonly else?: ColumnSchema;
  /**
   * What the first items of a list must satisfy, one schema for each.
   *
   * @minItems 1
   */
  readonly prefixItems?: readonly ColumnSchema[];
  readonly items?: ColumnSchema;
  readonly contains?: ColumnSchema;
  /**
   * Fewest items of a list that satisfy `contains`; 1 unless it says otherwise.
   */
  readonly minContains?: number;
  /**
   * Most items of a list that satisfy `contains`.
   */
  readonly maxContains?: number;
  /**
   * Fewest items of a list.
   */
  readonly minItems?: number;
  /**
   * Most items of a list.
   */
  readonly maxItems?: number;
  /**
   * Whether the items of a list must all differ.
   */
  readonly uniqueItems?: boolean;
  readonly unevaluatedItems?: ColumnSchema;
  /**
   * What the properties of an object must satisfy, by name.
   */
  readonly properties?: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * Properties that an object must have.
   */
  readonly required?: readonly string[];
  readonly additionalProperties?: ColumnSchema;
  /**
   * Properties that must be there where another one is: of an object those with a value.
   */
  readonly dependentRequired?: {
    readonly [key: string]: readonly string[];
  };
  /**
   * Schemas that an object must satisfy where a property is there.
   */
  readonly dependentSchemas?: {
    readonly [key: string]: ColumnSchema;
  };
  readonly propertyNames?: ColumnSchema;
  /**
   * What the properties must satisfy whose names match an ECMA-262 regular expression.
   */
  readonly patternProperties?: {
    readonly [key: string]: ColumnSchema;
  };
  readonly unevaluatedProperties?: ColumnSchema;
  /**
   * Fewest properties of an object.
   */
  readonly minProperties?: number;
  /**
   * Most properties of an object.
   */
  readonly maxProperties?: number;
  /**
   * Identifier of this schema, from which its references are read.
   */
  readonly $id?: string;
  /**
   * The dialect, for editors.
   */
  readonly $schema?: string;
  /**
   * Another schema that must hold too: `#/$defs/<name>` of this file, `#<anchor>`, or another file by its path from this one, with or without such an end. Nothing is fetched from the network.
   */
  readonly $ref?: string;
  /**
   * Schemas under names, for `$ref`.
   */
  readonly $defs?: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * The older name of `$defs`.
   */
  readonly definitions?: {
    readonly [key: string]: ColumnSchema;
  };
  /**
   * A name by which `$ref` finds this schema: `#<anchor>`.
   */
  readonly $anchor?: string;
  /**
   * As `$ref`, to the outermost schema on the way here that has such a `$dynamicAnchor`.
   */
  readonly $dynamicRef?: string;
  /**
   * A name that `$dynamicRef` looks for.
   */
  readonly $dynamicAnchor?: string;
  /**
   * Vocabularies of a dialect; for other tools.
   */
  readonly $vocabulary?: {
    readonly [key: string]: boolean;
  };
}
/**
 * What only the whole table can show.
 */
export interface DatasetRules {
  /**
   * Number of rows.
   */
  readonly rows?: {
    /**
     * Fewest rows allowed.
     */
    readonly 'at-least': number;
    /**
     * Most rows allowed.
     */
    readonly 'at-most'?: number;
    /**
     * How far the number of rows may be from that of the baseline, either way: a number of rows, or a share of the baseline's (`20%`).
     */
    readonly 'max-change'?: number | string;
  };
  /**
   * Keys: lists of columns whose values, taken together, stand in one row only. Rows where all of them are absent do not count.
   */
  readonly unique: readonly (string[] | UniqueKey)[];
  readonly cells?: CellRules;
  /**
   * How the cells of single columns become values, by column: each key given here stands in place of that of `cells`.
   */
  readonly 'column-cells'?: {
    readonly [key: string]: CellRules;
  };
  /**
   * Bounds on the share of absent cells, by column.
   */
  readonly 'null-fraction': {
    readonly [key: string]: FractionBounds;
  };
  /**
   * Share of the values of a column, at least, that must be among those of its `enum` or `const`: the rest may be outsiders. Without it: all.
   */
  readonly 'min-domain-mass'?: {
    readonly [key: string]: number;
  };
  /**
   * Share of the values of a column, at least, that must satisfy each of its keywords (type, bounds, lengths, `pattern`, `format`, `enum`). Without it: all. `min-domain-mass` is nearer where both are given.
   */
  readonly mostly?: {
    readonly [key: string]: number;
  };
  /**
   * Bounds on statistics of a column, by column.
   */
  readonly statistics?: {
    readonly [key: string]: ColumnStatistics;
  };
  /**
   * Columns whose values must follow each other in the order of the rows.
   *
   * @maxItems 16
   */
  readonly order?: readonly OrderRule[];
  /**
   * How old the newest value of a column of dates or times may be when the data are checked, by column. Values later than that moment do not count.
   */
  readonly freshness?: {
    readonly [key: string]: FreshnessRule;
  };
  /**
   * Columns whose values must be found in another table.
   *
   * @maxItems 16
   */
  readonly 'foreign-keys'?: readonly ForeignKey[];
  /**
   * Columns that must add up.
   *
   * @maxItems 16
   */
  readonly sums?: readonly SumRule[];
  /**
   * Columns that decide others: rows that agree in the first must agree in the second.
   *
   * @maxItems 16
   */
  readonly 'functional-dependencies'?: readonly FunctionalDependency[];
  /**
   * Checks of the rows that satisfy a condition. What must hold for each such row alone is said by `if` and `then` of JSON Schema.
   *
   * @maxItems 32
   */
  readonly rules?: readonly ConditionalRule[];
  /**
   * The same checks for each value of a column, or each combination of values of several.
   *
   * @maxItems 16
   */
  readonly slices?: readonly SliceRule[];
  /**
   * A number of this table beside the same number of another one.
   *
   * @maxItems 16
   */
  readonly compare?: readonly CompareRule[];
  /**
   * Queries that must find nothing: each row that one returns is a violation.
   *
   * @maxItems 16
   */
  readonly sql?: readonly SqlRule[];
  /**
   * Where the data are of another kind, by a name that `environment` of a dataset in mlgate.yml chooses.
   */
  readonly environments?: {
    readonly [key: string]: Environment;
  };
  /**
   * What a failed check is, where that is not what mlgate.yml says of the dataset: by the check's id without `data/<dataset>/`, by a column, or by an anomaly's name. The first of these that is given counts; `severity` beside a rule is nearer than all.
   */
  readonly severity?: {
    readonly [key: string]: CheckSeverity;
  };
  /**
   * Checks that are left out for now.
   *
   * @maxItems 64
   */
  readonly skip?: readonly SkippedCheck[];
}
/**
 * A key with a severity of its own.
 */
export interface UniqueKey {
  /**
   * The columns of the key.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly columns: readonly string[];
  readonly severity?: CheckSeverity;
}
/**
 * How cells become values. An empty cell of CSV never has one; whatever cannot be read as its column's `type` stays a text and so breaks `type`: it is never taken for a missing value. See docs/reference/cells.md.
 */
export interface CellRules {
  /**
   * Whether blanks (space, tab, line ends) before and after a text are taken away.
   */
  readonly trim?: boolean;
  /**
   * Texts that stand for no value, besides the empty cell of CSV.
   *
   * @maxItems 100
   */
  readonly 'null-values'?: readonly string[];
  /**
   * Texts of CSV that are `true` in a column of booleans, in place of true, True and TRUE.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly 'true-values'?: readonly string[];
  /**
   * Texts of CSV that are `false` in a column of booleans, in place of false, False and FALSE.
   *
   * @minItems 1
   * @maxItems 100
   */
  readonly 'false-values'?: readonly string[];
  /**
   * The decimal mark of numbers in CSV; `.` without it.
   */
  readonly decimal?: '.' | ',';
  /**
   * What may stand between groups of three digits in numbers of CSV (the blanks: U+0020, U+00A0, U+202F); without it, nothing.
   */
  readonly thousands?: ',' | '.' | ' ' | "'" | '_' | ' ' | ' ' | '’';
  /**
   * Notations of dates and times besides RFC 3339: %Y %y %m %d %H %M %S %f %z of strptime, and %-m %-d %-H for parts without leading zeros. Under `cells` they hold for columns of `format: date` and `date-time`; under `column-cells` for the column. Times without a zone are UTC.
   *
   * @minItems 1
   * @maxItems 10
   */
  readonly dates?: readonly string[];
  /**
   * What NaN and the infinities are among numbers: no number and so a violation of `type` (`error`), or no value (`null`).
   */
  readonly 'not-finite'?: 'error' | 'null';
  /**
   * What a whole number of 2^53 (9007199254740992) or more is: compared with all its digits (`exact`), or a violation of `type` (`error`), because programs that read numbers as doubles would change it.
   */
  readonly 'big-integers'?: 'exact' | 'error';
}
/**
 * Bounds on a share between 0 and 1.
 */
export interface FractionBounds {
  /**
   * Smallest share allowed.
   */
  readonly 'at-least'?: number;
  /**
   * Largest share allowed.
   */
  readonly 'at-most'?: number;
}
/**
 * Bounds on what the values of one column are together. Absent cells do not count; `distinct` and `distinct-share` are of all kinds of values, the others of numbers.
 */
export interface ColumnStatistics {
  readonly minimum?: NumberBounds;
  readonly maximum?: NumberBounds;
  readonly mean?: NumberBounds;
  readonly 'standard-deviation'?: NumberBounds;
  readonly median?: NumberBounds;
  readonly sum?: NumberBounds;
  /**
   * Quantiles by their probability, between neighbouring values linearly (type 7 of Hyndman and Fan, as NumPy and pandas).
   */
  readonly quantiles?: {
    readonly [key: string]: NumberBounds;
  };
  readonly distinct?: NumberBounds;
  readonly 'distinct-share'?: NumberBounds;
}
/**
 * Bounds on a number.
 */
export interface NumberBounds {
  /**
   * Smallest allowed.
   */
  readonly 'at-least'?: number;
  /**
   * Largest allowed.
   */
  readonly 'at-most'?: number;
}
/**
 * A column whose values follow each other in the order of the rows. Rows without a value are passed over.
 */
export interface OrderRule {
  /**
   * The column: numbers, dates or times by its type and format, else texts by code point.
   */
  readonly column: string;
  /**
   * Which way.
   */
  readonly direction: 'increasing' | 'decreasing';
  /**
   * Whether equal neighbours break the order.
   */
  readonly strict: boolean;
  /**
   * Columns within whose values the order must hold: each customer's rows, say, wherever they stand.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly by?: readonly string[];
  readonly severity?: CheckSeverity;
}
/**
 * How old the newest value may be.
 */
export interface FreshnessRule {
  /**
   * A whole number and a unit: `s`, `m`, `h`, `d` or `w`.
   */
  readonly 'at-most': string;
  readonly severity?: CheckSeverity;
}
/**
 * Columns whose values, taken together, must be found in another table. Rows that lack one of them do not count. Values are compared as texts.
 */
export interface ForeignKey {
  /**
   * The columns here.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly columns: readonly string[];
  readonly references: TableReference;
  readonly severity?: CheckSeverity;
}
/**
 * Another table: a dataset of mlgate.yml, or a file.
 */
export interface TableReference {
  /**
   * Name of a dataset in mlgate.yml.
   */
  readonly dataset?: string;
  /**
   * A file, relative to the folder of mlgate.yml.
   */
  readonly path?: string;
  /**
   * The columns there. Default: those of the same names.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly columns?: readonly string[];
}
/**
 * Columns that must add up to another one. Rows that lack one of them do not count.
 */
export interface SumRule {
  /**
   * The columns that are added.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly columns: readonly string[];
  /**
   * The column, or the number, that they must add up to.
   */
  readonly equals: string | number;
  /**
   * How far from it the sum may be. Without it: what rounding does to numbers of 64 bits.
   */
  readonly tolerance?: number;
  /**
   * Whether each row must add up, or the totals of the table.
   */
  readonly over: 'row' | 'table';
  readonly severity?: CheckSeverity;
}
/**
 * Rows that agree in some columns agree in others. A row that lacks one of the columns does not count.
 */
export interface FunctionalDependency {
  /**
   * The columns that decide.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly columns: readonly string[];
  /**
   * The columns that are decided.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly determine: readonly string[];
  readonly severity?: CheckSeverity;
}
/**
 * Checks of the rows that satisfy a condition.
 */
export interface ConditionalRule {
  /**
   * What it is called in reports and ids.
   */
  readonly name: string;
  /**
   * Which rows: columns beside values with `=`, `!=`, `<`, `<=`, `>`, `>=`, `in (…)`, joined by `and`, `or`, `not`, as in slices of models. A column or text with blanks or signs is quoted; `''` is an empty cell.
   */
  readonly when: string;
  readonly then: ScopedRules;
  readonly severity?: CheckSeverity;
}
/**
 * Checks of a part of the rows.
 */
export interface ScopedRules {
  readonly rows?: ScopedRows;
  /**
   * Keys, as in `dataset.unique`, among these rows.
   *
   * @maxItems 16
   */
  readonly unique?: readonly (readonly string[])[];
  /**
   * Bounds on the share of absent cells, by column.
   */
  readonly 'null-fraction'?: {
    readonly [key: string]: FractionBounds;
  };
  /**
   * Bounds on statistics, by column.
   */
  readonly statistics?: {
    readonly [key: string]: ColumnStatistics;
  };
  /**
   * Columns that must add up.
   *
   * @maxItems 16
   */
  readonly sums?: readonly SumRule[];
  /**
   * Columns that decide others.
   *
   * @maxItems 16
   */
  readonly 'functional-dependencies'?: readonly FunctionalDependency[];
  /**
   * How old the newest value may be, by column.
   */
  readonly freshness?: {
    readonly [key: string]: FreshnessRule;
  };
}
/**
 * Number of these rows.
 */
export interface ScopedRows {
  /**
   * Fewest allowed.
   */
  readonly 'at-least'?: number;
  /**
   * Most allowed.
   */
  readonly 'at-most'?: number;
}
/**
 * The same checks for each slice.
 */
export interface SliceRule {
  /**
   * The columns whose values make the slices; an absent cell is a value too.
   *
   * @minItems 1
   * @maxItems 16
   */
  readonly by: readonly string[];
  readonly each: ScopedRules;
  /**
   * Most slices that there may be: with more, none is looked at and the check of their number fails.
   */
  readonly 'max-slices': number;
  readonly severity?: CheckSeverity;
}
/**
 * A number of this table beside the same number of another one. At least one bound.
 */
export interface CompareRule {
  /**
   * What it is called in reports and ids.
   */
  readonly name: string;
  /**
   * Which number.
   */
  readonly statistic: 'rows' | 'distinct' | 'sum' | 'mean' | 'minimum' | 'maximum';
  /**
   * The column; none for `rows`.
   */
  readonly column?: string;
  readonly with: TableReference;
  /**
   * Smallest share of the other table's number.
   */
  readonly 'at-least'?: string;
  /**
   * Largest share of the other table's number.
   */
  readonly 'at-most'?: string;
  /**
   * How far the two may be apart, either way: a number, or a share of the other table's.
   */
  readonly 'max-difference'?: number | string;
  readonly severity?: CheckSeverity;
}
/**
 * A query that must find nothing.
 */
export interface SqlRule {
  /**
   * What it is called in reports and ids.
   */
  readonly name: string;
  /**
   * One SELECT, and nothing else, in DuckDB's dialect. The table is `data`, with the columns of the file; those with a type or a date format in `properties` are read as such. Files, settings and functions with effects are out of reach.
   */
  readonly query: string;
  /**
   * Other tables that the query may name, by the name that it calls them.
   */
  readonly tables?: {
    readonly [key: string]: OtherTable;
  };
  readonly severity?: CheckSeverity;
}
/**
 * Another table: a dataset of mlgate.yml, or a file.
 */
export interface OtherTable {
  /**
   * Name of a dataset in mlgate.yml.
   */
  readonly dataset?: string;
  /**
   * A file, relative to the folder of mlgate.yml.
   */
  readonly path?: string;
}
/**
 * How data of one kind differ from what the schema says.
 */
export interface Environment {
  /**
   * Columns that may be missing there; where they are there, they are checked as ever.
   *
   * @minItems 1
   * @maxItems 1000
   */
  readonly absent: readonly string[];
}
/**
 * A check that is left out until a day.
 */
export interface SkippedCheck {
  /**
   * The check, as under `severity`: its id without `data/<dataset>/`, a column, or an anomaly's name.
   */
  readonly check: string;
  /**
   * Why, for readers of reports.
   */
  readonly reason: string;
  /**
   * Last day, in UTC, on which it is left out. After it the check runs again.
   */
  readonly until: string;
}
