/** TensorFlow's file of records: length, checksum of the length, bytes, checksum of the bytes. */
import { UserError } from '../../evidence/errors.ts';
import { readBytewise } from './byte-reader.ts';
import { crc32c } from './crc32c.ts';
import type { ForeignSource } from './importer.ts';

/** Larger records are graphs and pictures: they are passed over, and nothing is asked of them. */
const MAX_RECORD_BYTES = 16_000_000;

const MASK = 0xa2_82_ea_d8;

/** TensorFlow stores a checksum turned and moved, because checksums of checksums say little. */
function mask(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}

export interface TfRecord {
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly at: number;
}

/**
 * The records of a file one after the other, as a stream. Ends with `cut` where the file ends inside a record, which
 * TensorFlow's own reader passes over in silence. Throws a UserError where a checksum is wrong.
 * Source: tensorflow/core/lib/io/record_writer.h.
 */
export async function* readRecords(source: ForeignSource): AsyncGenerator<TfRecord | 'cut'> {
  const reader = readBytewise(source.stream());
  while (!(await reader.isAtEnd())) {
    const at = reader.position();
    const header = await reader.take(12);
    if (header === undefined) {
      yield 'cut';
      return;
    }
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    if (view.getUint32(8, true) !== mask(crc32c(header.subarray(0, 8)))) throw damaged(source.name, at);
    const length = Number(view.getBigUint64(0, true));
    if (length > MAX_RECORD_BYTES) {
      if (await reader.skip(length + 4)) continue;
      yield 'cut';
      return;
    }
    const body = await reader.take(length + 4);
    if (body === undefined) {
      yield 'cut';
      return;
    }
    const bytes = body.subarray(0, length);
    const sum = new DataView(body.buffer, body.byteOffset + length, 4).getUint32(0, true);
    if (sum !== mask(crc32c(bytes))) throw damaged(source.name, at);
    yield { bytes, at };
  }
}

function damaged(file: string, at: number): UserError {
  return new UserError(`${file} is damaged: the checksum of the record at byte ${at} is wrong.`, {
    help: 'Copy it again from where it was written, or check that it is a file of TensorFlow records.',
  });
}
