import { UserError } from '../evidence/errors.ts';
import { MAX_DOCUMENT_BYTES } from './limits.ts';

/**
 * Refuses a document by its size, so that the reader at the edge need not load it. Throws a UserError.
 * @param bytes the file's size
 */
export function refuseLargeDocument(bytes: number, file: string): void {
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw new UserError(
    `${file} has ${formatCount(bytes)} bytes; a config or schema may have at most ${formatCount(MAX_DOCUMENT_BYTES)}.`,
    { help: 'Check the path: is this a data file?' },
  );
}

/** From a document's bytes to its text. Throws a UserError when it is too large or not UTF-8. */
export function decodeDocument(bytes: Uint8Array, file: string): string {
  refuseLargeDocument(bytes.byteLength, file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${file} is not a text in UTF-8 (${describeBytes(bytes)}).`, {
      help: 'Save it as UTF-8, or check the path: is this a binary file?',
      cause,
    });
  }
}

function describeBytes(bytes: Uint8Array): string {
  const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (start.startsWith('ff fe') || start.startsWith('fe ff')) return 'its first bytes say UTF-16';
  if (start.startsWith('1f 8b')) return 'its first bytes say gzip';
  if (start === '50 41 52 31') return 'its first bytes say Parquet';
  return `it begins with the bytes ${start}`;
}

function formatCount(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
