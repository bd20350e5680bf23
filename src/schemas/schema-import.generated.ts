/** Generated from action-schema/schema-import.schema.json by npm run generate. Do not edit. */

/**
 * What `mlgate schema import --json` prints: the data schemas that another tool's file describes, and what became of each part of it.
 */
export interface SchemaImport {
  /**
   * The file, as it was named.
   */
  readonly file: string;
  /**
   * Its format, as `--from` names it.
   */
  readonly format: string;
  /**
   * The format for people.
   */
  readonly title: string;
  /**
   * The tables that it describes.
   *
   * @minItems 1
   */
  readonly tables: readonly ImportedTable[];
}
/**
 * One table.
 */
export interface ImportedTable {
  /**
   * The table's name in the file.
   */
  readonly name: string;
  /**
   * Where its data schema was written, with --output.
   */
  readonly written?: string;
  /**
   * The data schema (data-schema.schema.json).
   */
  readonly schema: {};
  /**
   * What was carried over.
   */
  readonly carried: readonly CarriedOver[];
  /**
   * What could not be carried over.
   */
  readonly left: readonly LeftBehind[];
}
/**
 * What became of one thing that the file says.
 */
export interface CarriedOver {
  /**
   * Where it stands in the file; empty for the whole of it.
   */
  readonly from: string;
  /**
   * The keys of the data schema that say it now.
   */
  readonly to: readonly string[];
  /**
   * The checks that answer for it, without `data/<dataset>/`.
   */
  readonly checks: readonly string[];
  /**
   * What is not quite the same here.
   */
  readonly note?: string;
}
/**
 * What could not be carried over.
 */
export interface LeftBehind {
  /**
   * Where it stands in the file; empty for the whole of it.
   */
  readonly from: string;
  /**
   * What it is called there.
   */
  readonly what: string;
  /**
   * Why not.
   */
  readonly why: string;
  /**
   * What to do about it.
   */
  readonly instead: string;
}
