/** A row of a table as the JSON object that a schema is about: how its cells leave the database, and what they become. */
import type { CellSql } from '../compile-cell.ts';
import type { SqlValue } from '../database.ts';
import { parseSqlType, type SqlType } from './sql-type.ts';

/** A cell as one text: a letter for its type, then its value. NULL where it is absent. */
export function packCell(cell: CellSql): string {
  const isNested = [cell.isArray, cell.isObject].filter((test) => test !== undefined);
  const cases = [
    `WHEN ${cell.raw} IS NULL THEN NULL`,
    ...(cell.number === undefined
      ? []
      : [`WHEN ${cell.number} IS NOT NULL THEN 'n' || CAST(${cell.number} AS VARCHAR)`]),
    ...(cell.boolean === undefined
      ? []
      : [`WHEN ${cell.boolean} IS NOT NULL THEN 'b' || CAST(${cell.boolean} AS VARCHAR)`]),
    ...(cell.text === undefined ? [] : [`WHEN ${cell.text} IS NOT NULL THEN 's' || ${cell.text}`]),
    ...(cell.isNull === undefined ? [] : [`WHEN ${cell.isNull} THEN 'jnull'`]),
    ...(isNested.length === 0
      ? []
      : [
          `WHEN ${isNested.map((test) => `coalesce(${test}, false)`).join(' OR ')} THEN 'j' || ${cell.shown}`,
        ]),
  ];
  return `CASE ${cases.join(' ')} ELSE 'x' END`;
}

/** What reads the cells of a column; `type` is the database's, where the file has types. */
export function createCellReader(type: string | undefined): (packed: SqlValue) => unknown {
  const nested = type === undefined ? undefined : parseSqlType(type);
  return (packed) => {
    const text = String(packed);
    const value = text.slice(1);
    switch (text.charAt(0)) {
      case 'n':
        return Number(value);
      case 'b':
        return value === 'true';
      case 's':
        return value;
      case 'j': {
        const parsed = parseJson(value);
        return nested === undefined ? parsed : shapeNested(parsed, nested);
      }
      default:
        return NOT_OF_JSON;
    }
  };
}

/** Of no type of JSON, as NaN and the infinities are that some programs write. */
const NOT_OF_JSON = Number.POSITIVE_INFINITY;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return JSON.parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Inf(?:inity)?)/giu, (token) =>
        token.startsWith('"') ? token : '1e999',
      ),
    ) as unknown;
  }
}

/** A field without a value is absent, and moments are written as RFC 3339 has them: as in the cells of a whole column. */
function shapeNested(value: unknown, type: SqlType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => shapeNested(item, type.items)) : value;
    case 'struct':
      return shapeFields(value, (name) => type.fields.get(name));
    case 'map':
      return shapeFields(value, () => type.values);
    case 'scalar':
      return typeof value === 'string' ? shapeText(value, type.name) : value;
  }
}

function shapeFields(value: unknown, typeOf: (name: string) => SqlType | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(
    present.map(([name, field]): [string, unknown] => {
      const type = typeOf(name);
      return [name, type === undefined ? field : shapeNested(field, type)];
    }),
  );
}

function shapeText(text: string, type: string): string {
  if (type.startsWith('TIMESTAMP')) return `${text.replace(' ', 'T').replace(/[+]00$/u, '')}Z`;
  return type === 'TIME' ? `${text}Z` : text;
}
