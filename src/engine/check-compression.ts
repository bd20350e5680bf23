/**
 * Whether a compressed file is whole. DuckDB reads a truncated gzip or zstd file as if it ended there, without a word,
 * and ignores gzip's checksum; a gate that checked half a file would pass it.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { TableError } from './engine.ts';
import type { TableLocation } from './protocol.ts';

function refuse(location: TableLocation, reason: string): TableError {
  return new TableError(
    'not-its-format',
    location.named,
    `${location.named} is not a whole ${location.compression} file: ${reason}.`,
    'Write or fetch the file again.',
  );
}

/** Decompresses into nothing: zlib then compares length and checksum of every member. */
async function checkGzip(location: TableLocation): Promise<void> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  try {
    await pipeline(createReadStream(location.path), createGunzip(), nowhere);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('Z_')) {
      throw error;
    }
    throw refuse(location, error instanceof Error ? error.message : code);
  }
}

const ZSTD_MAGIC = 0xfd2fb528;
const ZSTD_SKIPPABLE_FIRST = 0x184d2a50;
const ZSTD_SKIPPABLE_LAST = 0x184d2a5f;
/** Longest frame header: magic, descriptor, window, dictionary, content size (RFC 8878 section 3.1.1.1). */
const ZSTD_HEADER_BYTES = 18;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Where the frame that begins at `start` ends, or undefined when it is cut off or none (RFC 8878 section 3.1.1). */
async function endOfZstdFrame(file: FileHandle, start: number): Promise<number | undefined> {
  const header = await readAt(file, start, ZSTD_HEADER_BYTES);
  if (header.length < 8) {
    return undefined;
  }
  const magic = header.readUInt32LE(0);
  if (magic >= ZSTD_SKIPPABLE_FIRST && magic <= ZSTD_SKIPPABLE_LAST) {
    return start + 8 + header.readUInt32LE(4);
  }
  if (magic !== ZSTD_MAGIC) {
    return undefined;
  }
  const descriptor = header.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = CONTENT_SIZE_BYTES[(descriptor >> 6) as 0 | 1 | 2 | 3];
  const dictionary = DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3];
  let at = start + 5 + (isSingleSegment ? Math.max(1, contentSize) : 1 + contentSize) + dictionary;
  for (let isLast = false; !isLast;) {
    const block = await readAt(file, at, 3);
    if (block.length < 3) {
      return undefined;
    }
    const word = block.readUIntLE(0, 3);
    isLast = (word & 1) === 1;
    /* A block of type 1 repeats a single byte, whatever length it says. */
    at += 3 + (((word >> 1) & 3) === 1 ? 1 : word >> 3);
  }
  return at + ((descriptor & 4) === 0 ? 0 : 4);
}

/** Walks over the blocks by their headers; what is inside them libzstd checks while DuckDB reads. */
async function checkZstd(location: TableLocation): Promise<void> {
  const file = await open(location.path);
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size;) {
      const end = await endOfZstdFrame(file, at);
      if (end === undefined || end > size) {
        throw refuse(location, 'it is cut off, or something else');
      }
      at = end;
    }
  } finally {
    await file.close();
  }
}

/** @throws TableError `not-its-format` for a compressed file that is cut off or damaged */
export async function checkCompression(location: TableLocation): Promise<void> {
  if (location.compression === 'gzip') {
    await checkGzip(location);
  } else if (location.compression === 'zstd') {
    await checkZstd(location);
  }
}
