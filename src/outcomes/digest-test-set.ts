import { createHash, type Hash } from 'node:crypto';
import { bytesAt, type PackedTexts } from './packed-texts.ts';

/** Bytes that are gathered before they are hashed: one call for each id would cost more than the hashing. */
const CHUNK_BYTES = 1 << 20;

interface TextHash {
  /** Adds a text as its length in bytes (32 bits, little-endian) and its UTF-8 bytes, so that no two lists collide. */
  readonly add: (text: Uint8Array) => void;
  readonly digest: () => string;
}

function createTextHash(domain: string): TextHash {
  const hash: Hash = createHash('sha256').update(`${domain}\0`);
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  return {
    add: (text) => {
      const size = 4 + text.length;
      if (used + size > chunk.length) {
        hash.update(chunk.subarray(0, used));
        used = 0;
        if (size > chunk.length) chunk = Buffer.allocUnsafe(size);
      }
      chunk.writeUInt32LE(text.length, used);
      chunk.set(text, used + 4);
      used += size;
    },
    digest: () => hash.update(chunk.subarray(0, used)).digest('hex'),
  };
}

/** SHA-256 over ids in canonical order, each prefixed with its length. */
export function digestIds(ids: PackedTexts): string {
  const hash = createTextHash('mlgate-ids-1');
  for (let row = 0; row < ids.length; row++) hash.add(bytesAt(ids, row));
  return hash.digest();
}

/** SHA-256 over ids in canonical order, each followed by its target in text form, all prefixed with their lengths. */
export function digestTestSet(ids: PackedTexts, targetOf: (index: number) => Uint8Array): string {
  const hash = createTextHash('mlgate-test-set-1');
  for (let row = 0; row < ids.length; row++) {
    hash.add(bytesAt(ids, row));
    hash.add(targetOf(row));
  }
  return hash.digest();
}
