/** Names that other tools have for types of columns, as types and formats of JSON Schema. */
import { keyword, set, type Put } from './carry.ts';

export interface ColumnType {
  readonly type: string;
  readonly format?: string;
}

/** By name in lower case, from the first that fits. Names of pandas, NumPy, Arrow, Spark and SQL. */
const TYPES: readonly (readonly [RegExp, ColumnType])[] = [
  [
    /^(?:u?int(?:8|16|32|64)?|(?:big|small|tiny|medium)?int(?:eger)?|u?long|short|int[248]|hugeint|integertype|longtype|shorttype)(?:\[pyarrow\]|type)?$/u,
    { type: 'integer' },
  ],
  [
    /^(?:float(?:16|32|64|4|8)?|double(?:_precision)?|double precision|real|(?:decimal|numeric|number)(?:\(.*\))?|doubletype|floattype|decimaltype.*)(?:\[pyarrow\])?$/u,
    { type: 'number' },
  ],
  [/^(?:bool(?:ean)?|bool_|booleantype)(?:\[pyarrow\])?$/u, { type: 'boolean' }],
  [
    /^(?:str(?:ing)?|str_|string\[.*\]|large_string|text|(?:n?var)?char(?:acter varying)?(?:\(\d+\))?|stringtype)$/u,
    { type: 'string' },
  ],
  [/^(?:date|date32.*|datetype)$/u, { type: 'string', format: 'date' }],
  [
    /^(?:datetime|datetime64.*|timestamp.*|timestamptype|timestamp with.*)$/u,
    { type: 'string', format: 'date-time' },
  ],
];

/** What a name of a type means; undefined for one that says nothing of single cells (`object`, `category`). */
export function findColumnType(name: string): ColumnType | undefined {
  const lower = name
    .trim()
    .toLowerCase()
    .replace(/^(?:numpy|np|pandas|pd|pyarrow|pa|polars|pl)\./u, '');
  return TYPES.find(([pattern]) => pattern.test(lower))?.[1];
}

export function putType(column: string, { type, format }: ColumnType): readonly Put[] {
  return [
    keyword(column, 'type', type),
    ...(format === undefined ? [] : [keyword(column, 'format', format)]),
  ];
}

/** What is to be known of columns of times, which most tools read in any notation. */
export const TIME_NOTE =
  'Text cells must be dates and times as in RFC 3339, such as 2026-11-21T09:30:00Z, unless `dataset.cells` says how they are written.';

/** Directives that `dates` knows, and no other. */
const NOTATION = /^(?:[^%]|%[YymdHMSfz]|%%)+$/u;

/**
 * A column of dates or times that are written as strptime's notation says; undefined for one that is not known here, or
 * that leaves out a part of the date.
 */
export function putNotation(column: string, notation: string): readonly Put[] | undefined {
  if (!NOTATION.test(notation) || !['%d', '%m'].every((part) => notation.includes(part))) return undefined;
  if (!/%[Yy]/u.test(notation)) return undefined;
  const format = notation.includes('%H') ? 'date-time' : 'date';
  return [
    ...putType(column, { type: 'string', format }),
    ...(notation === '%Y-%m-%d' ? [] : [set(['column-cells', column, 'dates'], [notation])]),
  ];
}
