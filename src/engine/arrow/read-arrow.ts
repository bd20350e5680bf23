/**
 * Arrow IPC, file and stream, batch by batch. A file is its magic, then a stream, then a footer that only seeks: so one
 * reader does for both, and no more than a batch is in memory.
 * https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
import { open, type FileHandle } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';

import type { Schema, Table } from '@uwdata/flechette';

import { ArrowFault } from './arrow-fault.ts';
import { DICTIONARY_BATCH, readHeader, RECORD_BATCH, SCHEMA } from './check-message.ts';
import { decodeLz4 } from './decode-lz4.ts';

type Flechette = typeof import('@uwdata/flechette');

const MAGIC = 'ARROW1';
const CONTINUATION = 0xff_ff_ff_ff;

/** Of one buffer when it is decompressed: what claims to be larger is no table of predictions. */
const MOST_BUFFER_BYTES = 2 ** 30;
const MOST_METADATA_BYTES = 2 ** 28;
const MOST_DICTIONARY_BYTES = 2 ** 29;

function refuseToWrite(): never {
  throw new Error('Arrow is only read.');
}

async function loadFlechette(): Promise<Flechette> {
  const flechette = await import('@uwdata/flechette');
  const { CompressionType, setCompressionCodec } = flechette;
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    encode: refuseToWrite,
    decode: (bytes) => decodeLz4(bytes, MOST_BUFFER_BYTES),
  });
  setCompressionCodec(CompressionType.ZSTD, {
    encode: refuseToWrite,
    // A copy: views of numbers must begin at a multiple of their size.
    decode: (bytes) => new Uint8Array(zstdDecompressSync(bytes, { maxOutputLength: MOST_BUFFER_BYTES })),
  });
  return flechette;
}

interface Message {
  readonly kind: number;
  /** With its prefix, as the decoder wants it. */
  readonly bytes: Uint8Array;
}

interface Reader {
  readonly file: FileHandle;
  readonly size: number;
  at: number;
}

async function readExactly(reader: Reader, length: number): Promise<Uint8Array> {
  if (reader.at + length > reader.size) throw new ArrowFault('it is cut off');
  const bytes = new Uint8Array(length);
  const { bytesRead } = await reader.file.read(bytes, 0, length, reader.at);
  if (bytesRead < length) throw new ArrowFault('it is cut off');
  reader.at += length;
  return bytes;
}

/** The next message; undefined at the mark of the end. */
async function readMessage(reader: Reader): Promise<Message | undefined> {
  const start = reader.at;
  const word = new DataView((await readExactly(reader, 4)).buffer).getUint32(0, true);
  const length =
    word === CONTINUATION ? new DataView((await readExactly(reader, 4)).buffer).getUint32(0, true) : word;
  if (length === 0) return undefined;
  if (length > MOST_METADATA_BYTES) throw new ArrowFault('it begins as no Arrow message does');
  const { kind, bodyBytes } = readHeader(await readExactly(reader, length));
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) throw new ArrowFault('a length in it is wrong');
  const whole = reader.at - start + bodyBytes;
  reader.at = start;
  return { kind, bytes: await readExactly(reader, whole) };
}

async function skipMagic(reader: Reader): Promise<void> {
  const size = MAGIC.length;
  if (reader.size < 2 * size + 4) return;
  const start = Buffer.from(await readExactly(reader, 8)).toString('latin1');
  if (!start.startsWith(MAGIC)) {
    reader.at = 0;
    return;
  }
  const end = Buffer.alloc(size);
  await reader.file.read(end, 0, size, reader.size - size);
  if (end.toString('latin1') !== MAGIC) throw new ArrowFault('it is cut off');
}

/** What a reader of Arrow hears: the schema first, then each batch as a table of its own. */
export interface ArrowListener {
  readonly onSchema: (schema: Schema) => Promise<void>;
  readonly onBatch: (table: Table) => void;
}

/** Throws an ArrowFault for a file that is not whole; what the listener throws passes through. */
export async function readArrow(path: string, listener: ArrowListener): Promise<void> {
  const { tableFromIPC } = await loadFlechette();
  const file = await open(path);
  try {
    const reader: Reader = { file, size: (await file.stat()).size, at: 0 };
    const first = await readFirst(reader).catch(explain);
    const decode = (messages: readonly Uint8Array[]): Table => {
      try {
        return tableFromIPC([first.bytes, ...messages], { useBigInt: true });
      } catch (error) {
        return explain(error);
      }
    };
    await listener.onSchema(decode([]).schema);
    const dictionaries: Uint8Array[] = [];
    let dictionaryBytes = 0;
    for (;;) {
      const message = await readMessage(reader).catch(explain);
      if (message === undefined) return;
      if (message.kind === DICTIONARY_BATCH) {
        dictionaries.push(message.bytes);
        dictionaryBytes += message.bytes.length;
        if (dictionaryBytes > MOST_DICTIONARY_BYTES) throw new ArrowFault('its dictionaries are too large');
      } else if (message.kind === RECORD_BATCH) {
        listener.onBatch(decode([...dictionaries, message.bytes]));
      } else {
        throw new ArrowFault('it has a message that is neither dictionary nor rows');
      }
    }
  } finally {
    await file.close();
  }
}

async function readFirst(reader: Reader): Promise<Message> {
  await skipMagic(reader);
  const first = await readMessage(reader);
  if (first?.kind !== SCHEMA) throw new ArrowFault('it begins with no schema');
  return first;
}

/** The decoder trusts what a file says of lengths: whatever fails on the way is damage of the file. */
function explain(error: unknown): never {
  if (error instanceof ArrowFault || !(error instanceof Error) || 'syscall' in error) throw error;
  throw new ArrowFault(error.message.split('\n')[0] ?? 'it is damaged', { cause: error });
}
