/** What columns a file has. */
import { readTextCell } from '../cell-values.ts';
import { type ColumnDescription, TableError } from '../engine.ts';
import { listFiles, type TableLocation } from '../protocol.ts';
import {
  CSV_BUFFER_BYTES,
  DELIMITERS,
  type ArrowShape,
  type ShapeColumn,
  type TableShape,
} from './compile-source.ts';
import type { Database } from './database.ts';
import { formatFilter } from './formats.ts';
import { refuseDuplicates, refuseOtherColumns } from './refuse-columns.ts';
import { quoteText } from './sql-text.ts';

/** Lines that are read ahead, for the header (whose cells may hold line breaks) and to guess types from. */
const FIRST_LINES = 500;

/** Where the quote that opens at `at` closes; a regular expression would exhaust the stack on a cell of megabytes. */
function findClosingQuote(text: string, at: number): number | undefined {
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return undefined;
    if (text[quote + 1] !== '"') return quote;
    from = quote + 2;
  }
}

/**
 * The cells of one record, or undefined while a quote is open; `after-quote` where text follows one that closed. As DuckDB
 * reads them: a quote counts at the start of a cell.
 */
function parseRecord(text: string, delimiter: string): readonly string[] | 'after-quote' | undefined {
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] === '"') {
      const end = findClosingQuote(text, at);
      if (end === undefined) {
        return undefined;
      }
      if (end + 1 < text.length && !text.startsWith(delimiter, end + 1)) return 'after-quote';
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = text.indexOf(delimiter, at);
      const stop = end === -1 ? text.length : end;
      cells.push(text.slice(at, stop));
      at = stop + 1;
    }
  }
  return cells;
}

/** The records of some lines; one whose quote is still open at the end is left out, and so are blank lines. */
function parseRecords(
  lines: readonly string[],
  delimiter: string,
): readonly (readonly string[] | 'after-quote')[] {
  const records: (readonly string[] | 'after-quote')[] = [];
  let open = '';
  for (const line of lines) {
    const record = parseRecord(open + line, delimiter);
    open = record === undefined ? `${open}${line}\n` : '';
    if (record !== undefined && (record.length > 1 || record[0] !== '')) {
      records.push(record);
    }
  }
  return records;
}

/** What a text looks like, the most particular first; `string` is what is left. */
const LOOKS: readonly {
  readonly type: ColumnDescription['type'];
  readonly matches: (text: string) => boolean;
}[] = [
  { type: 'boolean', matches: (text) => typeof readTextCell(text, ['boolean']) === 'boolean' },
  { type: 'integer', matches: (text) => /^-?(?:0|[1-9][0-9]*)$/u.test(text) },
  { type: 'number', matches: (text) => typeof readTextCell(text, ['number']) === 'number' },
  { type: 'date', matches: formatFilter('date').accepts },
  { type: 'date-time', matches: formatFilter('date-time').accepts },
];

/** "007" is no number here: where leading zeros stand, they mean something. */
const LEADING_ZERO = /^-?0[0-9]/u;

function guessType(cells: readonly string[]): ColumnDescription['type'] {
  const present = cells.filter((cell) => cell !== '');
  const isCode = present.some((cell) => LEADING_ZERO.test(cell));
  const looks = LOOKS.find(({ type, matches }) => !(isCode && type === 'number') && present.every(matches));
  return present.length === 0 ? 'string' : (looks?.type ?? 'string');
}

/** The first lines of a file of text, of any compression, each as one cell. */
function compileFirstLines(location: TableLocation): string {
  return `SELECT line FROM read_csv(${quoteText(
    location.path,
  )}, auto_detect = false, header = false, delim = '', quote = '', escape = '', strict_mode = false, parallel = false, compression = '${
    location.compression
  }', buffer_size = ${CSV_BUFFER_BYTES}, max_line_size = ${CSV_BUFFER_BYTES}, columns = {'line': 'VARCHAR'}) LIMIT ${FIRST_LINES}`;
}

async function readCsvColumns(
  database: Database,
  location: TableLocation,
  delimiter: string,
): Promise<readonly ShapeColumn[]> {
  const lines = (await database.query(compileFirstLines(location))).map(([line]) =>
    String(line ?? '').replace(/\r$/u, ''),
  );
  if ((lines[0] ?? '') === '') {
    throw new TableError(
      'empty',
      location.named,
      lines.length === 0
        ? `${location.named} is empty.`
        : `${location.named} has no header: its first line is blank.`,
      'The first line names the columns.',
    );
  }
  const [names, ...rows] = parseRecords(lines, delimiter);
  if (names === undefined || names === 'after-quote') {
    throw new TableError(
      'ragged',
      location.named,
      `The header of ${location.named} has ${names === undefined ? 'a quote that does not close' : 'text after a closing quote'}.`,
      'A cell with quotes is written "like ""this""".',
    );
  }
  refuseDuplicates(names, location);
  const cells = rows.filter((row) => row !== 'after-quote');
  return names.map((name, column) => ({
    name,
    type: 'VARCHAR',
    looksLike: guessType(cells.map((row) => row[column] ?? '')),
  }));
}

/** Names come from the file's own schema: DuckDB's `DESCRIBE` renames what differs in case only. */
async function readParquetColumns(
  database: Database,
  location: TableLocation,
): Promise<readonly ShapeColumn[]> {
  const path = quoteText(location.path);
  const nodes = await database.query(`SELECT name, num_children FROM parquet_schema(${path})`);
  const types = await database.query(
    `SELECT column_type FROM (DESCRIBE SELECT * FROM read_parquet(${path}))`,
  );
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = Number(nodes[at]?.[1] ?? 0);
    at += 1;
    for (let child = 0; child < children; child += 1) {
      skip();
    }
  };
  while (at < nodes.length) {
    names.push(String(nodes[at]?.[0]));
    skip();
  }
  refuseDuplicates(names, location);
  return names.map((name, index) => ({ name, type: String(types[index]?.[0]) }));
}

/** Whole numbers that are written as such; `007` is none. */
const WHOLE_NUMBER = /^(?:0|-?[1-9][0-9]{0,17})$/u;

/** Columns that only the names of folders say. */
function listPartitions(
  { partitions = {} }: TableLocation,
  own: readonly ShapeColumn[],
): readonly ShapeColumn[] {
  return Object.entries(partitions)
    .filter(([name]) => own.every((column) => column.name !== name))
    .map(([name, values]) => {
      const isWhole = values.every((value) => value === null || WHOLE_NUMBER.test(value));
      const [type, quote] = isWhole ? ['BIGINT', String] : ['VARCHAR', quoteText];
      return {
        name,
        type,
        partition: values.map((value) => `CAST(${value === null ? 'NULL' : quote(value)} AS ${type})`),
      };
    });
}

/** The columns of one file of text or Parquet. */
async function readColumnsOf(database: Database, location: TableLocation): Promise<readonly ShapeColumn[]> {
  switch (location.format) {
    case 'csv':
    case 'tsv':
      return await readCsvColumns(database, location, DELIMITERS[location.format]);
    case 'parquet':
      return await readParquetColumns(database, location);
    case 'json':
    case 'jsonl':
    case 'arrow':
      return [];
  }
}

/**
 * @param arrow what was found when an Arrow file was loaded into a table
 * @param place which of the tables of a question it is, from 0
 * @throws TableError `empty`, `ragged`, `duplicate-columns`, `not-its-format`; DuckDB's own errors
 */
export async function readShape(
  database: Database,
  location: TableLocation,
  arrow: ArrowShape | undefined,
  place: number,
): Promise<TableShape> {
  const { format, compression } = location;
  const cells = location.cells === undefined ? {} : { cells: location.cells };
  const files = listFiles(location);
  const paths = files.map(({ path }) => path);
  if (arrow !== undefined) return { format, paths, compression, place, ...arrow, ...cells };
  let columns: readonly ShapeColumn[] | undefined;
  for (const file of files) {
    const found = await readColumnsOf(database, file);
    columns ??= found;
    refuseOtherColumns(columns, found, file, location);
  }
  const own = columns ?? [];
  const added = format === 'parquet' ? listPartitions(location, own) : [];
  return { format, paths, compression, place, columns: [...own, ...added], ...cells };
}
