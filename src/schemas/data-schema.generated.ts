/** Generated from action-schema/data-schema.schema.json by npm run generate. Do not edit. */

/**
 * A type of JSON. `integer` accepts 12 and 12.0.
 */
export type CellType = 'string' | 'number' | 'integer' | 'boolean' | 'null';

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
   * Whether columns that are not listed in `properties` are allowed.
   */
  readonly additionalProperties: boolean;
  readonly dataset: DatasetRules;
}
/**
 * What every cell of one column that holds a value must satisfy. As in JSON Schema, a keyword says nothing about values of other types.
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
   * Type of the values, or a list of types. Text cells (CSV) are read as the types allow.
   */
  readonly type?: CellType | readonly CellType[];
  /**
   * The only values allowed.
   *
   * @minItems 1
   */
  readonly enum?: readonly (string | number | boolean | null)[];
  /**
   * The only value allowed.
   */
  readonly const?: string | number | boolean | null;
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
  readonly format?: 'date' | 'date-time' | 'time' | 'email' | 'uuid' | 'ipv4' | 'ipv6' | 'uri' | 'hostname';
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
  };
  /**
   * Keys: lists of columns whose values, taken together, stand in one row only. Rows where all of them are absent do not count.
   */
  readonly unique: readonly (readonly string[])[];
  /**
   * Bounds on the share of absent cells, by column.
   */
  readonly 'null-fraction': {
    readonly [key: string]: FractionBounds;
  };
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
