/** A file as a relation of numbered columns, with the cells that a query wants of it. */
import { type CellReading, rulesOf } from '../cell-reading.ts';
import type { ColumnDescription, JsonType, TableFormat } from '../engine.ts';
import {
  type CellSql,
  type CompiledCell,
  compileElement,
  compileJsonCell,
  compileTextCell,
  compileTypedCell,
} from './compile-cell.ts';
import { quoteText, quoteTexts } from './sql-text.ts';

type Compression = 'none' | 'gzip' | 'zstd';

/** A file whose columns are known. */
export interface TableShape {
  readonly format: TableFormat;
  /** Its files: absolute, without glob characters. */
  readonly paths: readonly string[];
  readonly compression: Compression;
  /** In the file's order; empty for JSON, whose rows say themselves what they hold. */
  readonly columns: readonly ShapeColumn[];
  /** Of an Arrow file, which the database does not read itself. */
  readonly metadata?: ArrowShape['metadata'];
  /** Which of several tables of one question it is, from 0. */
  readonly place?: number;
  /** How its cells become values, where not by default. */
  readonly cells?: CellReading;
}

/** What an Arrow file says of itself. */
export interface ArrowShape {
  readonly columns: readonly ShapeColumn[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ShapeColumn {
  readonly name: string;
  /** DuckDB's name of the column's type; VARCHAR for all of CSV. */
  readonly type: string;
  /** For CSV: what the first cells look like. */
  readonly looksLike?: ColumnDescription['type'];
  /** Of a column that no file holds: its value in each of them, as SQL. */
  readonly partition?: readonly string[];
}

/**
 * What each thread reads at a time, and the longest record that can be read. DuckDB's default of 32 MiB takes 70 MiB
 * more memory with two threads and is no faster.
 */
export const CSV_BUFFER_BYTES = 8 * 1024 * 1024;
/** The largest object of JSON that is read. */
export const MAXIMUM_JSON_BYTES = 16 * 1024 * 1024;

/** The JSON reader has a word of its own for files that are not compressed. */
const JSON_COMPRESSIONS = { none: 'uncompressed', gzip: 'gzip', zstd: 'zstd' } as const;

export const DELIMITERS = { csv: ',', tsv: '\t' } as const;

/**
 * The dialect is fixed by the format, never guessed from a sample: a sample could change a verdict. `strict_mode`
 * refuses what RFC 4180 leaves open; a quoted empty cell is as absent as an empty one.
 */
function compileCsvSource(shape: TableShape, format: 'csv' | 'tsv', parallel: boolean): string {
  const columns = shape.columns.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  return `read_csv(${quoteTexts(shape.paths)}, auto_detect = false, header = true, delim = ${quoteText(
    DELIMITERS[format],
  )}, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = true, strict_mode = true, null_padding = false, compression = '${
    shape.compression
  }', buffer_size = ${CSV_BUFFER_BYTES}, max_line_size = ${CSV_BUFFER_BYTES}, parallel = ${String(
    parallel,
  )}, columns = {${columns}})`;
}

/** A name that no column has, being longer than all. */
function nameFileColumn({ columns }: TableShape): string {
  return 'f'.repeat(1 + columns.reduce((longest, { name }) => Math.max(longest, name.length), 0));
}

function compileParquetSource(shape: TableShape): string {
  const paths = quoteTexts(shape.paths);
  const columns = shape.columns.map(({ partition }, index) => ({ partition, name: `c${index}` }));
  const own = columns.filter(({ partition }) => partition === undefined).map(({ name }) => name);
  if (own.length === columns.length) return `read_parquet(${paths}) AS t(${own.join(', ')})`;
  const file = quoteText(nameFileColumn(shape));
  const added = columns.flatMap(({ partition, name }) =>
    partition === undefined
      ? []
      : [`list_extract([${partition.join(', ')}], list_position(${paths}, f)) AS ${name}`],
  );
  return `(SELECT ${[...own, ...added].join(', ')} FROM read_parquet(${paths}, filename = ${file}) AS t(${[...own, 'f'].join(', ')}))`;
}

/** The table that an Arrow file is loaded into: one for each file of a question. */
export function nameArrowTable(place = 0): string {
  return `arrow${place}`;
}

/** The FROM item of a file. `parallel: false` reads CSV with one thread, which never has to guess where a row starts. */
export function compileSource(shape: TableShape, parallel: boolean): string {
  switch (shape.format) {
    case 'csv':
    case 'tsv':
      return compileCsvSource(shape, shape.format, parallel);
    case 'json':
    case 'jsonl':
      return `read_json_objects(${quoteTexts(shape.paths)}, format = '${
        shape.format === 'json' ? 'array' : 'newline_delimited'
      }', compression = '${
        JSON_COMPRESSIONS[shape.compression]
      }', maximum_object_size = ${MAXIMUM_JSON_BYTES}) AS t(j)`;
    case 'parquet':
      return compileParquetSource(shape);
    case 'arrow':
      return nameArrowTable(shape.place);
  }
}

/** The path of a key of the row's object: a JSON pointer (RFC 6901), the one path syntax in which any key can be said. */
function pointTo({ column, element }: CellRequest): string {
  const keys = element === undefined ? [column] : [column, String(element)];
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Whether rows of a format are objects of JSON, which say themselves what columns they have. */
export function isJson(format: TableFormat): format is 'json' | 'jsonl' {
  return format === 'json' || format === 'jsonl';
}

/** Whether the cells of a format are texts without types of their own. */
export function isText(format: TableFormat): format is 'csv' | 'tsv' {
  return format === 'csv' || format === 'tsv';
}

/** What a query wants to know of one column. */
export interface CellRequest {
  readonly column: string;
  /** Which number of a list, or which key of an object, where not the whole cell. */
  readonly element?: number | string;
  readonly declaredTypes: readonly JsonType[];
}

export interface CompiledRelation {
  /** A FROM item whose columns the cells' expressions name. */
  readonly from: string;
  /** One for each request, in their order. */
  readonly cells: readonly CellSql[];
}

/**
 * A relation that offers the requested cells. Values derived from a cell are defined once, in nested projections, so
 * that several conditions on a column parse it once.
 *
 * @throws RangeError for a column that the shape does not have: callers look before.
 */
export function compileRelation(
  shape: TableShape,
  requests: readonly CellRequest[],
  options: { readonly parallel: boolean; readonly rowNumbers: boolean },
): CompiledRelation {
  const compiled = requests.map((request, index) => compileCell(shape, request, index));
  const depth = Math.max(0, ...compiled.map(({ stages }) => stages.length));
  const source = compileSource(shape, options.parallel);
  const base = [
    ...(options.rowNumbers ? ['row_number() OVER () AS r'] : []),
    ...(isJson(shape.format)
      ? [`json_type(j) AS kind, json_extract(j, ${quoteTexts(requests.map(pointTo))}) AS l`]
      : ['*']),
  ].join(', ');
  let from = `(SELECT ${base} FROM ${source})`;
  for (let stage = 0; stage < depth; stage += 1) {
    const definitions = compiled.flatMap(({ stages }) => stages[stage] ?? []);
    if (definitions.length > 0) {
      from = `(SELECT *, ${definitions.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')} FROM ${from})`;
    }
  }
  return { from, cells: compiled.map(({ cell }) => cell) };
}

function compileCell(shape: TableShape, request: CellRequest, index: number): CompiledCell {
  const rules = rulesOf(shape.cells, request.column) ?? {};
  if (isJson(shape.format)) {
    return compileJsonCell(index, index, rules);
  }
  const column = shape.columns.findIndex(({ name }) => name === request.column);
  const found = shape.columns[column];
  if (found === undefined) {
    throw new RangeError(`no column ${request.column}`);
  }
  if (isText(shape.format)) {
    return compileTextCell(column, index, request.declaredTypes, rules);
  }
  const compiled = compileTypedCell(column, index, found.type, rules);
  return request.element === undefined
    ? compiled
    : { ...compiled, cell: compileElement(compiled.cell, found.type, request.element) };
}
