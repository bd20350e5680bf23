/** A cell of each kind of file as SQL expressions that know JSON's types. */
import type { CellRules } from '../cell-reading.ts';
import {
  BIG_INTEGER_PATTERN,
  BLANK_CHARACTERS,
  compileNumberNotation,
  FALSE_TEXTS,
  FIRST_BIG_INTEGER,
  hasNotation,
  NOT_FINITE_PATTERN,
  readsAsText,
  TRUE_TEXTS,
} from '../cell-values.ts';
import { compileDateNotation } from '../date-notation.ts';
import type { JsonType } from '../engine.ts';
import { MOMENT_PATTERN } from './formats.ts';
import { quoteText } from './sql-text.ts';

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
  /** TIMESTAMP in UTC; NULL where the cell is no date and no date-time, undefined where it never is one. */
  readonly time?: string;
  /** The number where the double of `number` may have lost digits of it: see `ExactNumber`. */
  readonly exact?: ExactNumber;
  /** Of a column of dates or times: where its text is of a format for certain. */
  readonly certain?: { readonly format: 'date' | 'date-time'; readonly sql: string };
  /** Conditions, never NULL where the cell is present. */
  readonly isInteger?: string;
  readonly isNull?: string;
  readonly isArray?: string;
  readonly isObject?: string;
  /** The value as people read it, VARCHAR. */
  readonly shown: string;
}

/**
 * A number with all its digits. Rounding keeps order, so two numbers whose doubles differ compare as their doubles do,
 * and only of equal doubles this has the last word.
 */
export interface ExactNumber {
  /** NULL where the double is exact, or where more digits are written than `type` has. */
  readonly sql: string;
  /** DuckDB's type of it: HUGEINT, or a DECIMAL of more digits than a double has. */
  readonly type: string;
}

/** A named expression; a later stage may use the names of the earlier ones. */
interface Definition {
  readonly name: string;
  readonly sql: string;
}

export interface CompiledCell {
  readonly cell: CellSql;
  readonly stages: readonly (readonly Definition[])[];
}

function finite(name: string): string {
  return `CASE WHEN isfinite(${name}) THEN ${name} END`;
}

function isOneOf(sql: string, texts: readonly string[]): string {
  return texts.length === 0 ? 'false' : `${sql} IN (${texts.map(quoteText).join(', ')})`;
}

function matchesInFull(sql: string, pattern: string): string {
  return `regexp_full_match(${sql}, ${quoteText(pattern)})`;
}

/** A text of RFC 3339 as a time; a date is its first moment. */
function compileTime(text: string): string {
  const written = `upper(${text})`;
  const hasOffset = `strlen(${text}) > 10 AND substr(${text}, -6, 1) IN ('+', '-')`;
  // The cast to TIMESTAMP would drop an offset; the other one costs five times as much.
  const moment = `CASE WHEN ${hasOffset} THEN TRY_CAST(${written} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' ELSE TRY_CAST(${written} AS TIMESTAMP) END`;
  return `CASE WHEN ${matchesInFull(text, MOMENT_PATTERN)} THEN ${moment} END`;
}

function trimmed(sql: string, { trim }: CellRules): string {
  return trim === true ? `trim(${sql}, ${quoteText(BLANK_CHARACTERS)})` : sql;
}

/** A text in one of the notations as RFC 3339 writes it. */
function compileDates(text: string, { dates = [] }: CellRules): string {
  const cases = dates
    .flatMap(compileDateNotation)
    .map(
      ({ pattern, replacement }) =>
        `WHEN ${matchesInFull(text, pattern)} THEN regexp_replace(${text}, ${quoteText(`^(?:${pattern})$`)}, ${quoteText(replacement)})`,
    );
  return cases.length === 0 ? text : `CASE ${cases.join(' ')} ELSE ${text} END`;
}

/** The text of a cell of CSV; NULL where it stands for no value. */
function compileWritten(column: string, rules: CellRules): string {
  const text = trimmed(column, rules);
  const nulls = [...(rules.trim === true ? [''] : []), ...(rules.nullValues ?? [])];
  const isNull = [
    ...(nulls.length > 0 ? [isOneOf(text, nulls)] : []),
    ...(rules.notFinite === 'null' ? [matchesInFull(text, NOT_FINITE_PATTERN)] : []),
  ];
  return isNull.length === 0 ? text : `CASE WHEN NOT (${isNull.join(' OR ')}) THEN ${text} END`;
}

/** A text as a DOUBLE, NaN and infinities included; NULL where it is none. DuckDB reads numbers with `_` wrongly. */
export function castToDouble(text: string): string {
  return `CASE WHEN NOT contains(${text}, '_') THEN TRY_CAST(${text} AS DOUBLE) END`;
}

/** A number in its own notation as SQL writes it; NULL where it is none. */
function compilePlainNumber(text: string, rules: CellRules): string {
  if (!hasNotation(rules)) return text;
  const { thousands, decimal = '.' } = rules;
  const digits = thousands === undefined ? text : `replace(${text}, ${quoteText(thousands)}, '')`;
  return `CASE WHEN ${matchesInFull(text, compileNumberNotation(rules))} THEN replace(${digits}, ${quoteText(decimal)}, '.') END`;
}

/** Whether a number is written as a whole one that a double need not hold. */
function isBigInteger(number: string, plain: string): string {
  return `abs(${number}) >= ${FIRST_BIG_INTEGER}::DOUBLE AND ${matchesInFull(plain, BIG_INTEGER_PATTERN)}`;
}

function compileExact(number: string, plain: string): ExactNumber {
  return {
    sql: `CASE WHEN ${isBigInteger(number, plain)} THEN TRY_CAST(replace(${plain}, '+', '') AS HUGEINT) END`,
    type: 'HUGEINT',
  };
}

/** A cell of CSV: `readTextCell` in SQL. */
export function compileTextCell(
  column: number,
  index: number,
  types: readonly JsonType[],
  rules: CellRules,
): CompiledCell {
  const written = compileWritten(`c${column}`, rules);
  const isAsWritten = written === `c${column}`;
  const raw = isAsWritten ? written : `w${index}`;
  const first = isAsWritten ? [] : [[{ name: raw, sql: written }]];
  const typed = readsAsText(types)
    ? compileStringCell(raw, index, rules)
    : compileParsedCell(raw, index, types, rules);
  return { cell: typed.cell, stages: [...first, ...typed.stages] };
}

function compileStringCell(raw: string, index: number, rules: CellRules): CompiledCell {
  const sql = compileDates(raw, rules);
  const text = sql === raw ? raw : `t${index}`;
  return {
    cell: { raw, text, time: compileTime(text), shown: raw },
    stages: sql === raw ? [] : [[{ name: text, sql }]],
  };
}

/** A cell whose text is a number or a boolean where it can be read as such. */
function compileParsedCell(
  raw: string,
  index: number,
  types: readonly JsonType[],
  rules: CellRules,
): CompiledCell {
  const [d, n, b, t] = [`d${index}`, `n${index}`, `b${index}`, `t${index}`];
  const numeric = types.includes('integer') || types.includes('number');
  const logical = types.includes('boolean');
  const isOther = [...(numeric ? [`${n} IS NULL`] : []), ...(logical ? [`${b} IS NULL`] : [])].join(' AND ');
  const plain = hasNotation(rules) ? `p${index}` : raw;
  const { trueValues = TRUE_TEXTS, falseValues = FALSE_TEXTS } = rules;
  const unlessNumber = numeric ? `WHEN ${n} IS NOT NULL THEN NULL ` : '';
  const truth = `CASE ${unlessNumber}WHEN ${isOneOf(raw, trueValues)} THEN true WHEN ${isOneOf(raw, falseValues)} THEN false END`;
  const refused = rules.bigIntegers === 'error' ? ` AND NOT (${isBigInteger(d, plain)})` : '';
  return {
    cell: {
      raw,
      text: t,
      shown: raw,
      ...(numeric ? { number: n, isInteger: `${n} = trunc(${n})`, exact: compileExact(n, plain) } : {}),
      ...(logical ? { boolean: b } : {}),
    },
    stages: [
      numeric && plain !== raw ? [{ name: plain, sql: compilePlainNumber(raw, rules) }] : [],
      numeric ? [{ name: d, sql: castToDouble(plain) }] : [],
      numeric ? [{ name: n, sql: `CASE WHEN isfinite(${d})${refused} THEN ${d} END` }] : [],
      logical ? [{ name: b, sql: truth }] : [],
      [{ name: t, sql: isOther === '' ? raw : `CASE WHEN ${isOther} THEN ${raw} END` }],
    ],
  };
}

/** What NaN and the infinities of JavaScript are to DuckDB's reader of JSON. */
const NOT_FINITE_JSON = '-?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)';

/**
 * Of a key that stands twice in one object DuckDB takes the first, JSON.parse the last; RFC 8259 section 4 leaves it open.
 * NaN and Infinity, which Python writes, are values of no JSON type and so break `type`.
 *
 * A cell of JSONL, typed by the first character of its JSON text: cheaper than asking for its type once per condition.
 */
export function compileJsonCell(position: number, index: number, rules: CellRules): CompiledCell {
  const [x, f, d, n, b, s] = [`x${index}`, `f${index}`, `d${index}`, `n${index}`, `b${index}`, `s${index}`];
  const { raw, text, stages } = compileJsonText(x, s, index, rules);
  return {
    cell: {
      raw,
      number: n,
      boolean: b,
      text,
      time: compileTime(text),
      exact: compileExact(n, x),
      isInteger: `${n} = trunc(${n})`,
      isNull: `${x} = 'null'`,
      isArray: `${f} = '['`,
      isObject: `${f} = '{'`,
      shown: `coalesce(${text}, ${x})`,
    },
    stages: [
      [{ name: x, sql: `CAST(l[${position + 1}] AS VARCHAR)` }],
      [{ name: f, sql: `left(${x}, 1)` }],
      [
        { name: d, sql: `CASE WHEN ${f} BETWEEN '-' AND '9' THEN TRY_CAST(${x} AS DOUBLE) END` },
        { name: b, sql: `CASE ${f} WHEN 't' THEN true WHEN 'f' THEN false END` },
        { name: s, sql: trimmed(`CASE WHEN ${f} = '"' THEN CAST(${x} AS JSON) ->> '$' END`, rules) },
      ],
      [{ name: n, sql: finite(d) }],
      ...stages,
    ],
  };
}

/** What the rules make of a JSON value `x` with the text `s`. */
function compileJsonText(
  x: string,
  s: string,
  index: number,
  rules: CellRules,
): { readonly raw: string; readonly text: string; readonly stages: readonly (readonly Definition[])[] } {
  const isNull = [
    ...(rules.nullValues === undefined ? [] : [`coalesce(${isOneOf(s, rules.nullValues)}, false)`]),
    ...(rules.notFinite === 'null' ? [matchesInFull(x, NOT_FINITE_JSON)] : []),
  ];
  if (isNull.length === 0 && rules.trim !== true && rules.dates === undefined) {
    return { raw: x, text: s, stages: [] };
  }
  const [raw, present, text] = [`w${index}`, `p${index}`, `t${index}`];
  const absent = isNull.length === 0 ? 'false' : isNull.join(' OR ');
  const written = rules.trim === true ? `coalesce(CAST(to_json(${s}) AS VARCHAR), ${x})` : x;
  return {
    raw,
    text,
    stages: [
      [{ name: present, sql: `NOT (${absent})` }],
      [
        { name: raw, sql: `CASE WHEN ${present} THEN ${written} END` },
        { name: text, sql: `CASE WHEN ${present} THEN ${compileDates(s, rules)} END` },
      ],
    ],
  };
}

/** Types of columns of whole numbers. */
export const WHOLE_NUMBERS = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/u;
const LARGE_WHOLE_NUMBERS = /^U?(?:BIG|HUGE)INT$/u;

/** Digits that every double keeps. */
const DOUBLE_DIGITS = 15;

/**
 * A cell of Parquet or Arrow, typed by its column. Dates and times become the texts of RFC 3339; a timestamp without a
 * zone (what pandas writes) is taken as UTC.
 */
export function compileTypedCell(
  column: number,
  index: number,
  type: string,
  rules: CellRules,
): CompiledCell {
  const raw = `c${column}`;
  const shown = `CAST(${raw} AS VARCHAR)`;
  const number = `CAST(${raw} AS DOUBLE)`;
  if (WHOLE_NUMBERS.test(type)) return { cell: compileWholeCell(raw, type, rules), stages: [] };
  if (type === 'FLOAT' || type === 'DOUBLE') return compileDoubleCell(raw, index, rules);
  if (type.startsWith('DECIMAL')) {
    const isLong = Number(/^DECIMAL\((\d+)/u.exec(type)?.[1] ?? 0) > DOUBLE_DIGITS;
    return {
      cell: {
        raw,
        number,
        isInteger: `${raw} = trunc(${raw})`,
        shown,
        ...(isLong ? { exact: { sql: raw, type } } : {}),
      },
      stages: [],
    };
  }
  if (type === 'BOOLEAN') return { cell: { raw, boolean: raw, shown }, stages: [] };
  if (type === 'VARCHAR') return compileTypedString(raw, index, rules);
  const isList = type.endsWith(']');
  if (isList || type.startsWith('STRUCT') || type.startsWith('MAP')) {
    const json = `CAST(to_json(${raw}) AS VARCHAR)`;
    const isNested = `${raw} IS NOT NULL`;
    return {
      cell: { raw, shown: json, ...(isList ? { isArray: isNested } : { isObject: isNested }) },
      stages: [],
    };
  }
  const text = compileTypedText(raw, type);
  const time = compileTypedTime(raw, type);
  const certain = compileCertainFormat(raw, type);
  return {
    cell: {
      raw,
      text,
      shown: text,
      ...(time === undefined ? {} : { time }),
      ...(certain === undefined ? {} : { certain }),
    },
    stages: [],
  };
}

/** Years of four digits are written as RFC 3339 has them: such cells need not be written out, nor matched. */
function compileCertainFormat(raw: string, type: string): CellSql['certain'] {
  if (type !== 'DATE' && type !== 'TIMESTAMP' && type !== 'TIMESTAMP WITH TIME ZONE') return undefined;
  const [first, last] = ['0001-01-02', '9999-12-30'].map((day) => `CAST('${day}' AS ${type})`);
  return {
    format: type === 'DATE' ? 'date' : 'date-time',
    sql: `${raw} BETWEEN ${first} AND ${last}`,
  };
}

function compileWholeCell(raw: string, type: string, { bigIntegers }: CellRules): CellSql {
  const double = `CAST(${raw} AS DOUBLE)`;
  const shown = `CAST(${raw} AS VARCHAR)`;
  if (!LARGE_WHOLE_NUMBERS.test(type)) {
    return { raw, number: double, isInteger: `${raw} IS NOT NULL`, shown };
  }
  const isSmall = `${raw} BETWEEN -${FIRST_BIG_INTEGER - 1} AND ${FIRST_BIG_INTEGER - 1}`;
  if (bigIntegers === 'error') {
    const number = `CASE WHEN ${isSmall} THEN ${double} END`;
    return { raw, number, isInteger: `${number} IS NOT NULL`, shown };
  }
  const exact = { sql: `TRY_CAST(${raw} AS HUGEINT)`, type: 'HUGEINT' };
  return { raw, number: double, isInteger: `${raw} IS NOT NULL`, exact, shown };
}

function compileDoubleCell(column: string, index: number, { notFinite }: CellRules): CompiledCell {
  const raw = notFinite === 'null' ? `w${index}` : column;
  const number = finite(`CAST(${raw} AS DOUBLE)`);
  return {
    cell: { raw, number, isInteger: `${number} = trunc(${number})`, shown: `CAST(${raw} AS VARCHAR)` },
    stages: notFinite === 'null' ? [[{ name: raw, sql: finite(column) }]] : [],
  };
}

function compileTypedString(column: string, index: number, rules: CellRules): CompiledCell {
  const { nullValues = [] } = rules;
  const text = trimmed(column, rules);
  const written =
    nullValues.length === 0 ? text : `CASE WHEN NOT ${isOneOf(text, nullValues)} THEN ${text} END`;
  const raw = written === column ? column : `w${index}`;
  const { cell, stages } = compileStringCell(raw, index, rules);
  return { cell, stages: [...(raw === column ? [] : [[{ name: raw, sql: written }]]), ...stages] };
}

function compileTypedText(raw: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    return `replace(CAST((${raw} AT TIME ZONE 'UTC') AS VARCHAR), ' ', 'T') || 'Z'`;
  }
  if (type.startsWith('TIMESTAMP')) {
    return `replace(CAST(${raw} AS VARCHAR), ' ', 'T') || 'Z'`;
  }
  return type === 'TIME' ? `CAST(${raw} AS VARCHAR) || 'Z'` : `CAST(${raw} AS VARCHAR)`;
}

function compileTypedTime(raw: string, type: string): string | undefined {
  if (type !== 'DATE' && !type.startsWith('TIMESTAMP')) return undefined;
  const time =
    type === 'TIMESTAMP WITH TIME ZONE' ? `(${raw} AT TIME ZONE 'UTC')` : `CAST(${raw} AS TIMESTAMP)`;
  return `CASE WHEN isfinite(${raw}) THEN ${time} END`;
}

/** A number within a list or an object of Parquet or Arrow; NULL where there is none. */
export function compileElement(cell: CellSql, type: string, element: number | string): CellSql {
  const place = typeof element === 'number' ? String(element + 1) : quoteText(element);
  const raw = type.startsWith('STRUCT') ? `struct_extract(${cell.raw}, ${place})` : `(${cell.raw})[${place}]`;
  return { raw, number: `TRY_CAST(${raw} AS DOUBLE)`, shown: `CAST(${raw} AS VARCHAR)` };
}
