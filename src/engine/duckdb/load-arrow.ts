/** Arrow IPC as a table of DuckDB, whose own reader of it is an extension that nobody fetches here. */
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Batch, Column, DataType, Field, Table } from '@uwdata/flechette';

import { ArrowFault } from '../arrow/arrow-fault.ts';
import { readArrow } from '../arrow/read-arrow.ts';
import { TableError } from '../engine.ts';
import { listFiles, type TableLocation } from '../protocol.ts';
import { WRITE_A_TABLE } from '../recognise-content.ts';
import type { ArrowShape, ShapeColumn } from './compile-source.ts';
import type { Database, DuckDb, TableWriter } from './database.ts';
import { refuseDuplicates, refuseOtherColumns } from './refuse-columns.ts';

/** What a type of Arrow is to DuckDB, and how its values are written. */
interface Conversion {
  readonly type: DuckDBType;
  /** Of a value that is not null; undefined where it goes over as it is. */
  readonly convert?: (value: never) => DuckDBValue;
}

/** Type ids of format/Schema.fbs; a dictionary's is flechette's own. */
const [DICTIONARY, NULL, INT, FLOAT, UTF8, BOOL, DECIMAL, DATE, TIMESTAMP] = [
  -1, 1, 2, 3, 5, 6, 7, 8, 10,
] as const;
const LISTS: readonly number[] = [12, 16, 21];
const TEXTS: readonly number[] = [UTF8, 20, 24];
const STRUCT = 13;

const MICROSECONDS = 1000;
const DAY = 86_400_000;

/** A hundred thousand years: far within what DuckDB holds. */
const MOST_DAYS = 36_500_000;
const MOST_MICROSECONDS = MOST_DAYS * DAY * MICROSECONDS;

function within(value: number, most: number): number {
  if (!(Math.abs(value) <= most)) throw new ArrowFault('a date in it is out of range');
  return value;
}

function convertList(item: Conversion, { listValue, LIST }: DuckDb): Conversion {
  return {
    type: LIST(item.type),
    convert: (values: ArrayLike<unknown>) =>
      listValue(Array.from(values, (value) => convertOne(value, item))),
  };
}

function convertStruct(children: readonly Field[], duckDb: DuckDb): Conversion | undefined {
  const fields = children.map(({ name, type }) => ({ name, conversion: chooseConversion(type, duckDb) }));
  const known = fields.flatMap(({ name, conversion }) =>
    conversion === undefined ? [] : [{ name, conversion }],
  );
  // A struct without keys, or with a key that SQL cannot name, is none that scores stand in.
  if (known.length < fields.length || !known.every(({ name }) => /^\P{C}+$/u.test(name))) return undefined;
  if (known.length === 0) return undefined;
  return {
    type: duckDb.STRUCT(Object.fromEntries(known.map(({ name, conversion }) => [name, conversion.type]))),
    convert: (value: Readonly<Record<string, unknown>>) =>
      duckDb.structValue(
        Object.fromEntries(known.map(({ name, conversion }) => [name, convertOne(value[name], conversion)])),
      ),
  };
}

function convertOne(value: unknown, { convert }: Conversion): DuckDBValue {
  if (value === null || value === undefined) return null;
  return convert === undefined ? (value as DuckDBValue) : convert(value as never);
}

function chooseInteger(type: DataType, { INTEGER, BIGINT, UBIGINT }: DuckDb): Conversion {
  const { bitWidth, signed } = type as { readonly bitWidth: number; readonly signed: boolean };
  if (bitWidth < 32 || (bitWidth === 32 && signed)) return { type: INTEGER };
  return {
    type: signed || bitWidth === 32 ? BIGINT : UBIGINT,
    convert: (value: number | bigint) => BigInt(value),
  };
}

/** Undefined for a type that no check and no metric has a use for. */
function chooseConversion(type: DataType, duckDb: DuckDb): Conversion | undefined {
  const { typeId } = type;
  const children = (type as { readonly children?: readonly Field[] }).children ?? [];
  if (typeId === DICTIONARY) {
    return chooseConversion((type as { readonly dictionary: DataType }).dictionary, duckDb);
  }
  if (typeId === INT) return chooseInteger(type, duckDb);
  if (typeId === FLOAT || typeId === DECIMAL) return { type: duckDb.DOUBLE, convert: Number };
  if (typeId === NULL || TEXTS.includes(typeId)) return { type: duckDb.VARCHAR };
  if (typeId === BOOL) return { type: duckDb.BOOLEAN };
  if (typeId === DATE)
    return {
      type: duckDb.DATE,
      convert: (value: number) => new duckDb.DuckDBDateValue(within(Math.floor(value / DAY), MOST_DAYS)),
    };
  if (typeId === TIMESTAMP)
    return {
      type: duckDb.TIMESTAMP,
      convert: (value: number) =>
        new duckDb.DuckDBTimestampValue(BigInt(within(Math.round(value * MICROSECONDS), MOST_MICROSECONDS))),
    };
  if (LISTS.includes(typeId)) {
    const item = children[0] === undefined ? undefined : chooseConversion(children[0].type, duckDb);
    return item === undefined ? undefined : convertList(item, duckDb);
  }
  return typeId === STRUCT ? convertStruct(children, duckDb) : undefined;
}

interface ArrowColumn extends ShapeColumn {
  readonly conversion: Conversion;
}

function listColumns(
  fields: readonly Field[],
  location: TableLocation,
  duckDb: DuckDb,
): readonly ArrowColumn[] {
  refuseDuplicates(
    fields.map(({ name }) => name),
    location,
  );
  if (fields.length === 0) {
    throw new TableError('empty', location.named, `${location.named} has no columns.`, WRITE_A_TABLE);
  }
  return fields.map(({ name, type }) => {
    const conversion = chooseConversion(type, duckDb);
    if (conversion === undefined) {
      throw new TableError(
        'not-its-format',
        location.named,
        `${location.named} has a column ${JSON.stringify(name)} of an Arrow type that is not read (number ${type.typeId} of its specification).`,
        'Leave the column out, or cast it to a number, a text, a date, a timestamp, a list or a struct.',
      );
    }
    return { name, type: String(conversion.type), conversion };
  });
}

/** DuckDB appends at most so many rows at once. */
const CHUNK_ROWS = 2048;

/** Creates a table with columns `c0`, `c1`, … and fills it; to be called before the database is locked. */
export async function loadArrow(
  database: Pick<Database, 'createTable'>,
  location: TableLocation,
  duckDb: DuckDb,
  name: string,
): Promise<ArrowShape> {
  let metadata: ArrowShape['metadata'] | undefined;
  let columns: readonly ArrowColumn[] | undefined;
  let writer: TableWriter | undefined;
  for (const file of listFiles(location)) {
    try {
      await readArrow(file.path, {
        onSchema: async ({ fields, endianness, metadata: written }) => {
          if (endianness !== 0) throw new ArrowFault('its numbers are big-endian, which is not read');
          const found = listColumns(fields, file, duckDb);
          columns ??= found;
          metadata ??= Object.fromEntries(written ?? []);
          refuseOtherColumns(columns, found, file, location);
          writer ??= await database.createTable(
            name,
            found.map(({ conversion }) => conversion.type),
          );
        },
        onBatch: (table) => {
          if (columns !== undefined && writer !== undefined) appendBatch(table, columns, writer);
        },
      });
    } catch (error) {
      if (!(error instanceof ArrowFault)) throw error;
      throw new TableError(
        'not-its-format',
        file.named,
        `${file.named} is not a whole Arrow file: ${error.message}.`,
        `Write or fetch the file again. ${WRITE_A_TABLE}`,
      );
    }
  }
  writer?.close();
  return { columns: (columns ?? []).map(({ name, type }) => ({ name, type })), metadata: metadata ?? {} };
}

/** Whether the buffers of a column are as long as its rows say: the decoder trusts them. */
function refuseShort({ length, values, offsets, children, type }: Batch<unknown>): void {
  const isShort =
    offsets === undefined
      ? values !== undefined && values.length * (type.typeId === BOOL ? 8 : 1) < length
      : length > 0 && offsets.length <= length;
  if (isShort) throw new ArrowFault('a column of it is shorter than its rows');
  if (offsets !== undefined && LISTS.includes(type.typeId))
    refuseUnordered(offsets, children?.[0]?.length ?? 0);
  for (const child of children ?? []) refuseShort(child);
}

/** Lists begin where the one before ends, and end within the column of their items. */
function refuseUnordered(offsets: ArrayLike<number | bigint>, items: number): void {
  let before = 0;
  for (let row = 0; row < offsets.length; row += 1) {
    const offset = Number(offsets[row]);
    // Behind the last offset a buffer may be filled up with zeros.
    if (offset === 0 && before === items) continue;
    if (offset < before || offset > items) throw new ArrowFault('a list in it ends before it begins');
    before = offset;
  }
}

function appendBatch(table: Table, columns: readonly ArrowColumn[], writer: TableWriter): void {
  for (const column of table.children) for (const batch of column.data) refuseShort(batch);
  for (let start = 0; start < table.numRows; start += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, table.numRows - start);
    const values = columns.map(({ conversion }, index) =>
      sliceColumn(table.getChildAt(index), start, rows, conversion),
    );
    writer.append(values, rows);
  }
}

function sliceColumn(
  column: Column<unknown>,
  start: number,
  rows: number,
  conversion: Conversion,
): DuckDBValue[] {
  const values: DuckDBValue[] = [];
  for (let row = start; row < start + rows; row += 1) {
    const value = column.at(row);
    // Beyond the end of a buffer that is shorter than it says.
    if (value === undefined) throw new ArrowFault('a column of it is shorter than its rows');
    values.push(convertOne(value, conversion));
  }
  return values;
}
