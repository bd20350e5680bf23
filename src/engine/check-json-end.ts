/**
 * Whether the array of a JSON file is closed. DuckDB takes a file that breaks off after a comma, `[{…}, {…},`, for one
 * that ends there.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';

import { refuseJsonArray } from './duckdb/explain-failure.ts';
import type { TableLocation } from './protocol.ts';

const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const CLOSING_BRACKET = 0x5d;

/** Undefined where this version of Node cannot decompress the file. */
function chooseDecompressor({ compression }: TableLocation): (() => Transform) | undefined {
  if (compression === 'gzip') return zlib.createGunzip;
  // Node 22.15 is the first that has it.
  return typeof zlib.createZstdDecompress === 'function' ? zlib.createZstdDecompress : undefined;
}

/** A file's bytes; of one that is not compressed only those at its end. */
async function openEnd(location: TableLocation): Promise<Readable | undefined> {
  if (location.compression === 'none') {
    const { size } = await stat(location.path);
    return createReadStream(location.path, { start: Math.max(0, size - MAXIMUM_BLANKS) });
  }
  const decompressor = chooseDecompressor(location);
  return decompressor === undefined ? undefined : createReadStream(location.path).pipe(decompressor());
}

/** Blanks that may follow the array of a file that is not compressed. */
const MAXIMUM_BLANKS = 65_536;

/** @throws TableError `not-its-format` for an array that is not closed, and for one of which nobody can tell */
export async function checkJsonEnd(location: TableLocation): Promise<void> {
  const stream = await openEnd(location);
  if (stream === undefined) {
    throw refuseJsonArray(location, 'in zstd it needs Node 22.15 or later to be seen whole');
  }
  let last: number | undefined;
  for await (const chunk of stream) {
    last = (chunk as Uint8Array).findLast((byte) => !BLANKS.includes(byte)) ?? last;
  }
  if (last !== CLOSING_BRACKET) throw refuseJsonArray(location, 'it breaks off before the array ends');
}
