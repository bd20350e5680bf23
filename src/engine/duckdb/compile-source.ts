/** A file as a relation of numbered columns, and a cell of it as SQL expressions that know JSON's types. */
import { FALSE_TEXTS, readsAsText, TRUE_TEXTS } from '../cell-values.ts';
import type { ColumnDescription, JsonType, TableFormat } from '../engine.ts';
import { quoteText, quoteTexts } from './sql-text.ts';

type Compression = 'none' | 'gzip' | 'zstd';

/** A file whose columns are known. */
export interface TableShape {
  readonly format: TableFormat;
  /** Its files: absolute, without glob characters. */
  readonly paths: readonly string[];
  readonly compression: Compression;
  /** In the file's order; empty for JSONL, whose rows say themselves what they hold. */
  readonly columns: readonly ShapeColumn[];
  /** Of an Arrow file, which the database does not read itself. */
  readonly metadata?: ArrowShape['metadata'];
  /** Which of several tables of one question it is, from 0. */
  readonly place?: number;
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
}

/**
 * What each thread reads at a time, and the longest record that can be read. DuckDB's default of 32 MiB takes 70 MiB
 * more memory with two threads and is no faster.
 */
export const CSV_BUFFER_BYTES = 8 * 1024 * 1024;
const MAXIMUM_JSON_LINE_BYTES = 16 * 1024 * 1024;

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
    case 'jsonl':
      return `read_ndjson_objects(${quoteTexts(shape.paths)}, compression = '${
        JSON_COMPRESSIONS[shape.compression]
      }', maximum_object_size = ${MAXIMUM_JSON_LINE_BYTES}) AS t(j)`;
    case 'parquet':
      return `read_parquet(${quoteTexts(shape.paths)}) AS t(${shape.columns
        .map((_, index) => `c${index}`)
        .join(', ')})`;
    case 'arrow':
      return nameArrowTable(shape.place);
  }
}

/**
 * One cell as SQL. Each of `number` (DOUBLE, finite), `boolean` and `text` is NULL where the cell is of another type,
 * and undefined where it never is of that type.
 */
export interface CellSql {
  /** NULL where the cell is absent. What uniqueness compares. */
  readonly raw: string;
  readonly number?: string;
  readonly boolean?: string;
  readonly text?: string;
  /** Conditions, never NULL where the cell is present. */
  readonly isInteger?: string;
  readonly isNull?: string;
  readonly isArray?: string;
  readonly isObject?: string;
  /** The value as people read it, VARCHAR. */
  readonly shown: string;
}

/** A named expression; a later stage may use the names of the earlier ones. */
interface Definition {
  readonly name: string;
  readonly sql: string;
}

interface CompiledCell {
  readonly cell: CellSql;
  readonly stages: readonly (readonly Definition[])[];
}

function finite(name: string): string {
  return `CASE WHEN isfinite(${name}) THEN ${name} END`;
}

function oneOfTexts(sql: string, texts: readonly string[]): string {
  return `${sql} IN (${texts.map(quoteText).join(', ')})`;
}

/** A cell of CSV: `readTextCell` in SQL. */
function compileTextCell(column: number, index: number, types: readonly JsonType[]): CompiledCell {
  const raw = `c${column}`;
  if (readsAsText(types)) {
    return { cell: { raw, text: raw, shown: raw }, stages: [] };
  }
  const [d, n, b, t] = [`d${index}`, `n${index}`, `b${index}`, `t${index}`];
  const numeric = types.includes('integer') || types.includes('number');
  const logical = types.includes('boolean');
  const isOther = [...(numeric ? [`${n} IS NULL`] : []), ...(logical ? [`${b} IS NULL`] : [])].join(' AND ');
  const parsed = `TRY_CAST(${raw} AS DOUBLE)`;
  const truth = `CASE WHEN ${oneOfTexts(raw, TRUE_TEXTS)} THEN true WHEN ${oneOfTexts(raw, FALSE_TEXTS)} THEN false END`;
  return {
    cell: {
      raw,
      text: t,
      shown: raw,
      ...(numeric ? { number: n, isInteger: `${n} = trunc(${n})` } : {}),
      ...(logical ? { boolean: b } : {}),
    },
    stages: [
      [...(numeric ? [{ name: d, sql: parsed }] : []), ...(logical ? [{ name: b, sql: truth }] : [])],
      numeric ? [{ name: n, sql: finite(d) }] : [],
      [{ name: t, sql: isOther === '' ? raw : `CASE WHEN ${isOther} THEN ${raw} END` }],
    ],
  };
}

/** The path of a key of the row's object: a JSON pointer (RFC 6901), the one path syntax in which any key can be said. */
function pointTo({ column, element }: CellRequest): string {
  const keys = element === undefined ? [column] : [column, String(element)];
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Of a key that stands twice in one object DuckDB takes the first, JSON.parse the last; RFC 8259 section 4 leaves it open.
 * NaN and Infinity, which Python writes, are values of no JSON type and so break `type`.
 *
 * A cell of JSONL, typed by the first character of its JSON text: cheaper than asking for its type once per condition.
 */
function compileJsonCell(position: number, index: number): CompiledCell {
  const [x, f, d, n, b, t] = ['x', 'f', 'd', 'n', 'b', 't'].map((letter) => `${letter}${index}`) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    cell: {
      raw: x,
      number: n,
      boolean: b,
      text: t,
      isInteger: `${n} = trunc(${n})`,
      isNull: `${x} = 'null'`,
      isArray: `${f} = '['`,
      isObject: `${f} = '{'`,
      shown: `coalesce(${t}, ${x})`,
    },
    stages: [
      [{ name: x, sql: `CAST(l[${position + 1}] AS VARCHAR)` }],
      [{ name: f, sql: `left(${x}, 1)` }],
      [
        { name: d, sql: `CASE WHEN ${f} BETWEEN '-' AND '9' THEN TRY_CAST(${x} AS DOUBLE) END` },
        { name: b, sql: `CASE ${f} WHEN 't' THEN true WHEN 'f' THEN false END` },
        { name: t, sql: `CASE WHEN ${f} = '"' THEN CAST(${x} AS JSON) ->> '$' END` },
      ],
      [{ name: n, sql: finite(d) }],
    ],
  };
}

const WHOLE_NUMBERS = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/u;

/**
 * A cell of Parquet, typed by its column. Dates and times become the texts of RFC 3339; a timestamp without a zone
 * (what pandas writes) is taken as UTC.
 */
function compileTypedCell(column: number, type: string): CellSql {
  const raw = `c${column}`;
  const shown = `CAST(${raw} AS VARCHAR)`;
  if (WHOLE_NUMBERS.test(type)) {
    return { raw, number: `CAST(${raw} AS DOUBLE)`, isInteger: `${raw} IS NOT NULL`, shown };
  }
  if (type === 'FLOAT' || type === 'DOUBLE' || type.startsWith('DECIMAL')) {
    const number = finite(`CAST(${raw} AS DOUBLE)`);
    return { raw, number, isInteger: `${number} = trunc(${number})`, shown };
  }
  if (type === 'BOOLEAN') {
    return { raw, boolean: raw, shown };
  }
  if (type.endsWith(']')) {
    return { raw, isArray: `${raw} IS NOT NULL`, shown: `CAST(to_json(${raw}) AS VARCHAR)` };
  }
  if (type.startsWith('STRUCT') || type.startsWith('MAP')) {
    return { raw, isObject: `${raw} IS NOT NULL`, shown: `CAST(to_json(${raw}) AS VARCHAR)` };
  }
  const text = compileTypedText(raw, type);
  return { raw, text, shown: text };
}

function compileTypedText(raw: string, type: string): string {
  if (type === 'VARCHAR') {
    return raw;
  }
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    return `replace(CAST((${raw} AT TIME ZONE 'UTC') AS VARCHAR), ' ', 'T') || 'Z'`;
  }
  if (type.startsWith('TIMESTAMP')) {
    return `replace(CAST(${raw} AS VARCHAR), ' ', 'T') || 'Z'`;
  }
  return type === 'TIME' ? `CAST(${raw} AS VARCHAR) || 'Z'` : `CAST(${raw} AS VARCHAR)`;
}

/** Whether the cells of a format are texts without types of their own. */
export function isText(format: TableFormat): format is 'csv' | 'tsv' {
  return format === 'csv' || format === 'tsv';
}

/** A number within a list or an object of Parquet or Arrow; NULL where there is none. */
function compileElement(cell: CellSql, type: string, element: number | string | undefined): CellSql {
  if (element === undefined) return cell;
  const place = typeof element === 'number' ? String(element + 1) : quoteText(element);
  const raw = type.startsWith('STRUCT') ? `struct_extract(${cell.raw}, ${place})` : `(${cell.raw})[${place}]`;
  return { raw, number: `TRY_CAST(${raw} AS DOUBLE)`, shown: `CAST(${raw} AS VARCHAR)` };
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
    ...(shape.format === 'jsonl'
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
  if (shape.format === 'jsonl') {
    return compileJsonCell(index, index);
  }
  const column = shape.columns.findIndex(({ name }) => name === request.column);
  const found = shape.columns[column];
  if (found === undefined) {
    throw new RangeError(`no column ${request.column}`);
  }
  if (isText(shape.format)) {
    return compileTextCell(column, index, request.declaredTypes);
  }
  return {
    cell: compileElement(compileTypedCell(column, found.type), found.type, request.element),
    stages: [],
  };
}
