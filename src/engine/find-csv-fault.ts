/**
 * Where the structure of a CSV file breaks, read byte by byte from its start. Slow beside DuckDB, so it runs only when
 * DuckDB has refused a file: to name the true line, and because several threads that guess where a row starts can be
 * wrong about a file in which long cells hold line breaks.
 */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import type { TableLocation } from './protocol.ts';

export interface CsvFault {
  readonly kind: 'cells' | 'open-quote' | 'after-quote' | 'line-ends' | 'too-long';
  /** Line of the file, from 1, on which the faulty record starts. */
  readonly line: number;
  /** Cells of the faulty record and of the header, for `cells`. */
  readonly cells: number;
  readonly columns: number;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

type LineEnd = 'LF' | 'CRLF' | 'CR';
type Place = 'cell-start' | 'plain' | 'quoted' | 'quote-in-quoted';

/** What is known in the middle of a file; one pass changes it byte by byte. */
interface Scan {
  readonly delimiter: number;
  readonly maximumBytes: number;
  recordBytes: number;
  place: Place;
  line: number;
  recordLine: number;
  cells: number;
  isBlank: boolean;
  /** 0 until the header has ended. */
  columns: number;
  lineEnd: LineEnd | undefined;
  afterReturn: boolean;
}

function faultAt(scan: Scan, kind: CsvFault['kind']): CsvFault {
  return { kind, line: scan.recordLine, cells: scan.cells, columns: scan.columns };
}

/** Blank lines are no records, unless there is one column: then they are absent cells. */
function endRecord(scan: Scan): CsvFault | undefined {
  const isRecord = !scan.isBlank || scan.columns <= 1;
  scan.columns = scan.columns === 0 ? scan.cells : scan.columns;
  const broken = isRecord && scan.cells !== scan.columns ? faultAt(scan, 'cells') : undefined;
  scan.recordLine = scan.line;
  scan.recordBytes = 0;
  scan.cells = 1;
  scan.isBlank = true;
  scan.place = 'cell-start';
  return broken;
}

function endLine(scan: Scan, kind: LineEnd): CsvFault | undefined {
  scan.line += 1;
  if (scan.place === 'quoted') {
    return undefined;
  }
  scan.lineEnd ??= kind;
  return scan.lineEnd === kind ? endRecord(scan) : faultAt(scan, 'line-ends');
}

function readInCell(scan: Scan, byte: number): CsvFault | undefined {
  scan.isBlank = false;
  scan.recordBytes += 1;
  if (scan.recordBytes > scan.maximumBytes) {
    return faultAt(scan, 'too-long');
  }
  if (byte === QUOTE && scan.place !== 'plain') {
    scan.place = scan.place === 'quoted' ? 'quote-in-quoted' : 'quoted';
    return undefined;
  }
  if (scan.place === 'quoted') {
    return undefined;
  }
  const isEnd = byte === scan.delimiter;
  if (scan.place === 'quote-in-quoted' && !isEnd) {
    return faultAt(scan, 'after-quote');
  }
  scan.place = isEnd ? 'cell-start' : 'plain';
  scan.cells += isEnd ? 1 : 0;
  return undefined;
}

function readByte(scan: Scan, byte: number): CsvFault | undefined {
  if (scan.afterReturn) {
    scan.afterReturn = false;
    const broken = endLine(scan, byte === LINE_FEED ? 'CRLF' : 'CR');
    if (broken !== undefined || byte === LINE_FEED) {
      return broken;
    }
  }
  if (byte === CARRIAGE_RETURN) {
    scan.afterReturn = true;
    return undefined;
  }
  return byte === LINE_FEED ? endLine(scan, 'LF') : readInCell(scan, byte);
}

function readBytes(scan: Scan, bytes: Uint8Array): CsvFault | undefined {
  for (const byte of bytes) {
    const broken = readByte(scan, byte);
    if (broken !== undefined) {
      return broken;
    }
  }
  return undefined;
}

function endFile(scan: Scan): CsvFault | undefined {
  const broken = scan.afterReturn ? endLine(scan, 'CR') : undefined;
  if (broken !== undefined || scan.place === 'quoted') {
    return broken ?? faultAt(scan, 'open-quote');
  }
  return scan.isBlank ? undefined : endRecord(scan);
}

/** The first fault of a CSV or TSV file, or undefined; `unreadable` for zstd, which older versions of Node cannot read. */
export async function findCsvFault(
  location: TableLocation,
  delimiter: string,
  maximumBytes: number,
): Promise<CsvFault | 'unreadable' | undefined> {
  if (location.compression === 'zstd') {
    return 'unreadable';
  }
  const file = createReadStream(location.path);
  const bytes: Readable = location.compression === 'gzip' ? file.pipe(createGunzip()) : file;
  const scan: Scan = {
    delimiter: delimiter.charCodeAt(0),
    maximumBytes,
    recordBytes: 0,
    place: 'cell-start',
    line: 1,
    recordLine: 1,
    cells: 1,
    isBlank: true,
    columns: 0,
    lineEnd: undefined,
    afterReturn: false,
  };
  try {
    for await (const chunk of bytes) {
      const fault = readBytes(scan, chunk as Uint8Array);
      if (fault !== undefined) {
        return fault;
      }
    }
  } finally {
    file.destroy();
  }
  return endFile(scan);
}
