/** Generated from action-schema/schema-diff.schema.json by npm run generate. Do not edit. */

/**
 * What becomes of the data that are allowed. `none`: the same are; `loosening`: all that were, and maybe more; `tightening`: none but those that were; `both`: some more and some fewer, maybe; `unknown`: it cannot be told. The first three are never said wrongly.
 */
export type SchemaEffect = 'none' | 'loosening' | 'tightening' | 'both' | 'unknown';

/**
 * What `mlgate schema diff --json` prints: what changed from one data schema to another, and what each change does to the data that are allowed.
 */
export interface SchemaDiff {
  /**
   * Version of this format.
   */
  readonly version: 1;
  /**
   * The schema as it was: a file, `REVISION:file`, or null where there was none.
   */
  readonly before: string | null;
  /**
   * The schema as it is.
   */
  readonly after: string;
  readonly effect: SchemaEffect;
  /**
   * Every change, the columns first.
   *
   * @maxItems 10000
   */
  readonly changes: readonly SchemaChange[];
  /**
   * How many further changes are not listed; their effect counts.
   */
  readonly omitted?: number;
}
/**
 * One change.
 */
export interface SchemaChange {
  /**
   * Keys and indexes that lead to what changed, in the schema that has it.
   */
  readonly path: readonly string[];
  /**
   * The column that it is about.
   */
  readonly column?: string;
  readonly effect: SchemaEffect;
  /**
   * One sentence; names and values in it stand as JSON writes them.
   */
  readonly text: string;
}
