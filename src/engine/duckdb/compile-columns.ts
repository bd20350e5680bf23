/** Whole columns as SQL, as numbers or as text. */
import { rulesOf } from '../cell-reading.ts';
import { FALSE_TEXTS, NOT_FINITE_PATTERN, TRUE_TEXTS } from '../cell-values.ts';
import type { ColumnKind, ColumnRequest, ColumnsRequest, TableFormat } from '../engine.ts';
import { castToDouble, type CellSql } from './compile-cell.ts';
import { type CellRequest, compileRelation, isJson, isText, type TableShape } from './compile-source.ts';
import { quoteText } from './sql-text.ts';

/** What a query says when it meets text in a column of numbers; the row is then looked up. */
export const NOT_A_NUMBER_MARK = 'mlgate: not a number';

/** JavaScript switches to an exponent at these (ECMA-262 section 6.1.6.1.20); DuckDB at 1e-4 and 1e16. */
const [LARGEST_PLAIN, SMALLEST_PLAIN] = ['1e21', '1e-6'];

/**
 * A double as JavaScript prints it. Both print the shortest digits that read back as the same double, so only their
 * arrangement is mended here.
 */
function printDouble(sql: string): string {
  const shortest = `CAST(${sql} AS VARCHAR)`;
  const size = `abs(${sql})`;
  const digits = `replace(regexp_extract(${shortest}, '^-?([0-9.]+)', 1), '.', '')`;
  const exponent = `CAST(regexp_extract(${shortest}, 'e([+-][0-9]+)$', 1) AS INTEGER)`;
  const sign = `CASE WHEN ${sql} < 0 THEN '-' ELSE '' END`;
  return `CASE WHEN ${sql} IS NULL THEN NULL WHEN isnan(${sql}) THEN 'NaN' WHEN isinf(${sql}) THEN CASE WHEN ${sql} > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN ${sql} = 0 THEN '0' WHEN NOT contains(${shortest}, 'e') THEN regexp_replace(${shortest}, '[.]0$', '') WHEN ${size} >= ${LARGEST_PLAIN}::DOUBLE OR ${size} < ${SMALLEST_PLAIN}::DOUBLE THEN regexp_replace(regexp_replace(${shortest}, 'e([+-])0+', 'e\\1'), '[.]0e', 'e') WHEN ${size} >= 1 THEN ${sign} || rpad(${digits}, ${exponent} + 1, '0') ELSE ${sign} || '0.' || repeat('0', -${exponent} - 1) || ${digits} END`;
}

function refuse(known: string, raw: string): string {
  return `CASE WHEN ${raw} IS NULL THEN NULL ELSE coalesce(${known}, CAST(error('${NOT_A_NUMBER_MARK}') AS DOUBLE)) END`;
}

/** The cast also reads NaN and infinities, in any case and with a sign. */
function parseWritten(text: string): string {
  const isTrue = `${text} IN (${TRUE_TEXTS.map(quoteText).join(', ')})`;
  const isFalse = `${text} IN (${FALSE_TEXTS.map(quoteText).join(', ')})`;
  return `coalesce(${castToDouble(text)}, CASE WHEN ${isTrue} THEN 1 WHEN ${isFalse} THEN 0 END)`;
}

/** How a column of each format becomes numbers and text. */
interface ColumnSql {
  readonly number: string;
  readonly text: string;
}

function compileJsonColumn(cell: CellSql): ColumnSql {
  const value = `CASE WHEN ${cell.raw} = 'null' THEN NULL ELSE ${cell.raw} END`;
  const isText = `left(${cell.raw}, 1) = '"'`;
  const number = `CASE WHEN NOT ${isText} THEN ${parseWritten(cell.raw)} END`;
  const isFraction = `regexp_full_match(${cell.raw}, '-?[0-9]+[.eE][0-9.eE+-]*')`;
  const printed = printDouble(`TRY_CAST(${cell.raw} AS DOUBLE)`);
  return {
    number: refuse(number, value),
    text: `CASE WHEN ${cell.raw} = 'null' THEN NULL WHEN ${isText} THEN ${cell.text ?? 'NULL'} WHEN ${isFraction} THEN ${printed} ELSE ${cell.raw} END`,
  };
}

function compileTypedColumn(cell: CellSql, type: string): ColumnSql {
  if (cell.text !== undefined) {
    return { number: refuse(parseWritten(cell.text), cell.raw), text: cell.text };
  }
  const isFraction = type === 'FLOAT' || type === 'DOUBLE' || type.startsWith('DECIMAL');
  const isNumeric = cell.number !== undefined || cell.boolean !== undefined;
  const double = `CAST(${cell.raw} AS DOUBLE)`;
  return {
    number: isNumeric ? double : refuse('NULL', cell.raw),
    text: isFraction ? printDouble(double) : cell.shown,
  };
}

function compileColumn(format: TableFormat, cell: CellSql, type: string): ColumnSql {
  if (isJson(format)) {
    return compileJsonColumn(cell);
  }
  if (!isText(format)) return compileTypedColumn(cell, type);
  const number = cell.number === undefined ? parseWritten(cell.raw) : parseByRules(cell);
  return { number: refuse(number, cell.raw), text: cell.raw };
}

/** A number as the rules of its column have it, or NaN, an infinity or a boolean. */
function parseByRules({ raw, number = 'NULL', boolean = 'NULL' }: CellSql): string {
  const notFinite = `CASE WHEN regexp_full_match(${raw}, ${quoteText(NOT_FINITE_PATTERN)}) THEN TRY_CAST(${raw} AS DOUBLE) END`;
  return `coalesce(${number}, CASE WHEN ${boolean} THEN 1 WHEN NOT ${boolean} THEN 0 END, ${notFinite})`;
}

/** Where a column has rules of its own, they say what is a number; otherwise one cast of the text does. */
function readsByRules(shape: TableShape, column: string, as: ColumnKind): boolean {
  return as === 'number' && isText(shape.format) && rulesOf(shape.cells, column) !== undefined;
}

/** A column, or several read as one text. */
type ColumnName = ColumnRequest['name'];

function namesOf(name: ColumnName): readonly string[] {
  return typeof name === 'string' ? [name] : name;
}

/** How texts of several columns become one from which each can be told again; NULL where one of them is absent. */
function joinTexts(texts: readonly string[]): string {
  if (texts.length === 1) return texts.join('');
  const escaped = texts.map(
    (text) => `replace(replace(nullif(CAST(${text} AS VARCHAR), ''), '\\', '\\\\'), '|', '\\|')`,
  );
  return escaped.join(` || '|' || `);
}

/** Expressions of whole columns over a relation; never NULL. */
export interface CompiledColumns {
  readonly from: string;
  readonly selected: readonly string[];
}

/** The requested columns in the order of the request. */
export function compileColumnList(
  shape: TableShape,
  columns: readonly ColumnRequest[],
  options: { readonly parallel: boolean; readonly rowNumbers?: boolean },
): CompiledColumns {
  const requests = columns.flatMap(({ name, as, element }) =>
    namesOf(name).map((column): CellRequest => ({
      column,
      declaredTypes: readsByRules(shape, column, as) ? ['number', 'boolean'] : [],
      ...(element === undefined ? {} : { element }),
    })),
  );
  const { from, cells } = compileRelation(shape, requests, { rowNumbers: false, ...options });
  let used = 0;
  const selected = columns.map(({ name, as, element }) => {
    const parts = namesOf(name).map((part) => {
      const cell = cells[used];
      used += 1;
      if (cell === undefined) {
        throw new RangeError(`no cell was compiled for column ${part}`);
      }
      const type = shape.columns.find((column) => column.name === part)?.type ?? '';
      // A number of a list is of no type that the column has.
      return compileColumn(shape.format, cell, element === undefined ? type : 'DOUBLE');
    });
    return as === 'number'
      ? `coalesce(${parts.map(({ number }) => number).join('')}, CAST('NaN' AS DOUBLE))`
      : `coalesce(CAST(${joinTexts(parts.map(({ text }) => text))} AS VARCHAR), '')`;
  });
  return { from, selected };
}

/** The requested columns in the order of the request; of distinct combinations the first row comes last. */
export function compileColumns(
  shape: TableShape,
  { columns, distinct, sample = 1 }: Pick<ColumnsRequest, 'columns' | 'distinct' | 'sample'>,
  options: { readonly parallel: boolean },
): string {
  const rowNumbers = distinct === true || sample < 1;
  const { from, selected } = compileColumnList(shape, columns, { ...options, rowNumbers });
  const drawn = sample < 1 ? `${from} WHERE ${compileSample(sample)}` : from;
  return distinct === true
    ? `SELECT ${selected.join(', ')}, CAST(min(r) AS DOUBLE) FROM ${drawn} GROUP BY ALL`
    : `SELECT ${selected.join(', ')} FROM ${drawn}`;
}

/** Hashes are spread evenly over 64 bits, of which a double holds 53. */
function compileSample(share: number): string {
  return `hash(r) < ${BigInt(Math.floor(Math.max(0, share) * 2 ** 53)) << 11n}::UBIGINT`;
}

/**
 * Whether a column holds lists or objects: how many cells are lists, objects and present, the shortest and longest list,
 * and all keys as a JSON list. What a column's type says is not asked of each cell.
 */
export function compileNested(
  shape: TableShape,
  column: string,
  options: { readonly parallel: boolean },
): string {
  const { from, cells } = compileRelation(shape, [{ column, declaredTypes: [] }], {
    ...options,
    rowNumbers: false,
  });
  const raw = cells[0]?.raw ?? 'NULL';
  const type = shape.columns.find(({ name }) => name === column)?.type ?? '';
  if (type.endsWith(']')) {
    return `SELECT count(${raw}), 0, count(${raw}), min(len(${raw})), max(len(${raw})), '[]' FROM ${from}`;
  }
  const some = type.startsWith('STRUCT') ? `${from} WHERE ${raw} IS NOT NULL LIMIT 1` : from;
  const json = isJson(shape.format) ? `CAST(${raw} AS JSON)` : `to_json(${raw})`;
  const isList = `json_type(j) = 'ARRAY'`;
  const isObject = `json_type(j) = 'OBJECT'`;
  return `SELECT count(*) FILTER (${isList}), count(*) FILTER (${isObject}), count(j), min(json_array_length(j)) FILTER (${isList}), max(json_array_length(j)) FILTER (${isList}), to_json(list_sort(list_distinct(flatten(list(DISTINCT json_keys(j)) FILTER (${isObject}))))) FROM (SELECT ${json} AS j FROM ${some})`;
}
