/** DuckDB's own messages as faults of the table. Pure, so that every message is tested without a file. */
import { TableError, type TableFault } from '../engine.ts';
import type { TableLocation, WorkerSettings } from '../protocol.ts';
import type { CsvFault } from '../find-csv-fault.ts';
import { CSV_BUFFER_BYTES, MAXIMUM_JSON_BYTES } from './compile-source.ts';

export interface FailureContext {
  readonly location: TableLocation;
  readonly settings: Pick<WorkerSettings, 'memoryMegabytes' | 'temporaryFolder'>;
}

interface Explanation {
  readonly fault: TableFault;
  readonly message: string;
  readonly help: string;
}

/** How DuckDB says that it cannot make rows of a CSV file. */
export const CSV_FAILURE = /^[A-Za-z ]+Error: (?:CSV Error|The CSV Parser)/u;

/** How to give the engine more memory, for messages. */
export const RAISE_MEMORY = 'Raise the limit: `engine.memory` in the config, or --memory.';

/** DuckDB counts records, the header being the first; only `findCsvFault` knows lines. */
function nameRow(message: string): string {
  const record = Number(/^[A-Za-z ]+Error: CSV Error on Line: (\d+)/u.exec(message)?.[1] ?? 0);
  return record > 1 ? `row ${record - 1}` : 'the header';
}

const MEBIBYTE = 1024 * 1024;

const QUOTING_HELP = 'A cell that contains the delimiter, a line break or quotes is written "like ""this""".';

/** What breaks the structure of a CSV file, in words. */
export function explainCsvFault(fault: CsvFault, location: TableLocation): TableError {
  const where = `Line ${fault.line} of ${location.named}`;
  const messages = {
    cells: `${where} has ${fault.cells} ${fault.cells === 1 ? 'cell' : 'cells'}, but the header has ${fault.columns}.`,
    'open-quote': `${where} has a quote that does not close before the file ends.`,
    'after-quote': `${where} has text after a closing quote.`,
    'too-long': `${where} starts a record of more than ${CSV_BUFFER_BYTES / MEBIBYTE} MiB; perhaps a quote in it does not close.`,
    'line-ends': `${where} ends in another way than the lines before it (LF, CRLF, CR).`,
  } as const;
  const help = fault.kind === 'line-ends' ? 'Write all lines with the same ending.' : QUOTING_HELP;
  return new TableError('ragged', location.named, messages[fault.kind], help);
}

/** What is left for DuckDB's own words: everything but the structure, and the structure of zstd files. */
function explainCsv(message: string, { location }: FailureContext): Explanation | undefined {
  const file = location.named;
  const words = message.replace(/Original Line: [^]*?\n(?=[A-Z])/u, '');
  if (/Invalid unicode|not utf-8/u.test(words)) {
    return {
      fault: 'not-its-format',
      message: `${file} is not UTF-8: ${nameRow(message)} has bytes that are no character.`,
      help: 'Save the file as UTF-8.',
    };
  }
  if (/Maximum line size/u.test(words)) {
    return {
      fault: 'not-its-format',
      message: `${file} has a record of more than ${CSV_BUFFER_BYTES / MEBIBYTE} MiB: ${nameRow(message)}.`,
      help: 'Check its quotes: one that does not close swallows all rows after it.',
    };
  }
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/u.exec(words);
  return CSV_FAILURE.test(message)
    ? {
        fault: 'ragged',
        message:
          counts === null
            ? `${file} cannot be told apart into rows (${nameRow(message)}): its quotes do not close, or its lines end in more than one way.`
            : `${file} has ${counts[2]} cells in ${nameRow(message)}, but its header has ${counts[1]}.`,
        help: QUOTING_HELP,
      }
    : undefined;
}

function explainLargeObject(message: string, { named }: TableLocation): Explanation | undefined {
  return /maximum_object_size/u.test(message)
    ? {
        fault: 'not-its-format',
        message: `${named} has an object of more than ${MAXIMUM_JSON_BYTES / MEBIBYTE} MiB.`,
        help: 'JSON Lines has one object on each line; a .json file is an array of objects.',
      }
    : undefined;
}

/** What keeps a file from being a table of JSON objects in an array. */
export function refuseJsonArray({ named }: Pick<TableLocation, 'named'>, reason: string): TableError {
  return new TableError(
    'not-its-format',
    named,
    `${named} is not a JSON array of objects: ${reason}.`,
    'A .json file is one array, [{…}, {…}]. With one object on each line it is JSON Lines: let its name end in .jsonl, or say `format: jsonl`.',
  );
}

/** DuckDB counts the objects of an array from 2. */
function explainJsonArray(message: string, { location }: FailureContext): Explanation | undefined {
  const first = /Expected top-level JSON array with format='array', but first character is '(.)'/u.exec(
    message,
  );
  const malformed = /Malformed JSON in file "[^]*", at byte (\d+) in record\/value (\d+): (.*)/u.exec(
    message,
  );
  const reason =
    malformed === null
      ? first === null
        ? undefined
        : `it begins with ${JSON.stringify(first[1])}`
      : `${String(malformed[3]).trim().replace(/[.]$/u, '')} in or after its object ${Math.max(1, Number(malformed[2]) - 1)}`;
  if (reason === undefined) return explainLargeObject(message, location);
  const { fault, message: text, help = '' } = refuseJsonArray(location, reason);
  return { fault, message: text, help };
}

function explainJson(message: string, { location }: FailureContext): Explanation | undefined {
  const malformed = /Malformed JSON in file "[^]*", at byte (\d+) in line (\d+): (.*)/u.exec(message);
  if (malformed === null) {
    return explainLargeObject(message, location);
  }
  const [, byte, line, reason] = malformed;
  return {
    fault: 'not-its-format',
    message: `${location.named} is not JSON Lines: line ${Number(line) - 1}, byte ${byte}: ${String(reason)
      .replace(/ Try auto-detecting.*/u, '')
      .trim()
      .replace(/[.]$/u, '')}.`,
    help: 'JSON Lines has one whole JSON object on each line, in UTF-8 without a byte order mark.',
  };
}

function explainAny(message: string, context: FailureContext): Explanation | undefined {
  const { location, settings } = context;
  if (
    /failed to offload|max_temp_directory_size|No space left on device|Disk quota exceeded/iu.test(message)
  ) {
    return {
      fault: 'disk-full',
      message: `Reading ${location.named} needs more than the engine's ${settings.memoryMegabytes} MB of memory, and the disk has no room for the rest: ${settings.temporaryFolder} is full.`,
      help: `Make room there, let TMPDIR name a folder on a larger disk, or raise the limit of memory: \`engine.memory\` in the config, or --memory.`,
    };
  }
  if (/^Out of Memory/iu.test(message)) {
    return {
      fault: 'out-of-memory',
      message: `Reading ${location.named} needs more than the engine's ${settings.memoryMegabytes} MB of memory.`,
      help: RAISE_MEMORY,
    };
  }
  if (/^INTERRUPT/iu.test(message)) {
    return { fault: 'cancelled', message: `Reading ${location.named} was cancelled.`, help: 'Run it again.' };
  }
  if (location.compression !== 'none' && message.startsWith('IO Error')) {
    return {
      fault: 'not-its-format',
      message: `${location.named} is not a whole ${location.compression} file: it is truncated, damaged or something else.`,
      help: 'Write or fetch the file again.',
    };
  }
  return undefined;
}

/** A Parquet file is read by its footer: whatever DuckDB cannot make sense of, the file is not what its name says. */
function explainParquet(message: string, { location }: FailureContext): Explanation | undefined {
  const reason = message.split('\n')[0]?.replace(/^[A-Za-z ]+Error: /u, '') ?? '';
  const foreign =
    /^(?:Invalid Input|IO|Invalid|Conversion|Serialization) Error|TProtocolException|thrift|parquet/iu;
  return foreign.test(message)
    ? {
        fault: 'not-its-format',
        message: `${location.named} is not a whole Parquet file: ${reason.replaceAll(location.path, location.named).replace(/[.]$/u, '')}.`,
        help: 'Write or fetch the file again; it may be truncated.',
      }
    : undefined;
}

/** The fault behind an error of DuckDB, or the error itself where there is none: that is a defect of mlgate. */
export function explainFailure(error: unknown, context: FailureContext): unknown {
  if (!(error instanceof Error) || error instanceof TableError) {
    return error;
  }
  const { format } = context.location;
  const own =
    format === 'parquet'
      ? explainParquet
      : format === 'json'
        ? explainJsonArray
        : format === 'jsonl'
          ? explainJson
          : explainCsv;
  const explanation = explainAny(error.message, context) ?? own(error.message, context);
  return explanation === undefined
    ? error
    : new TableError(explanation.fault, context.location.named, explanation.message, explanation.help);
}
