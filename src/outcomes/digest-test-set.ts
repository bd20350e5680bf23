import { createHash, type Hash } from 'node:crypto';

/** Bytes that are gathered before they are hashed: one call for each id would cost more than the hashing. */
const CHUNK_BYTES = 1 << 20;

/** The longest UTF-8 form of one UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

interface TextHash {
  /** Adds a text as its length in bytes (32 bits, little-endian) and its UTF-8 bytes, so that no two lists collide. */
  readonly add: (text: string) => void;
  readonly digest: () => string;
}

function createTextHash(domain: string): TextHash {
  const hash: Hash = createHash('sha256').update(`${domain}\0`);
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  return {
    add: (text) => {
      const most = 4 + text.length * BYTES_PER_UNIT;
      if (used + most > chunk.length) {
        hash.update(chunk.subarray(0, used));
        used = 0;
        if (most > chunk.length) chunk = Buffer.allocUnsafe(most);
      }
      const written = chunk.write(text, used + 4, 'utf8');
      chunk.writeUInt32LE(written, used);
      used += 4 + written;
    },
    digest: () => hash.update(chunk.subarray(0, used)).digest('hex'),
  };
}

/** SHA-256 over ids in canonical order, each prefixed with its length. */
export function digestIds(ids: readonly string[]): string {
  const hash = createTextHash('mlgate-ids-1');
  for (const id of ids) hash.add(id);
  return hash.digest();
}

/** SHA-256 over ids in canonical order, each followed by its target in text form, all prefixed with their lengths. */
export function digestTestSet(ids: readonly string[], targetOf: (index: number) => string): string {
  const hash = createTextHash('mlgate-test-set-1');
  ids.forEach((id, index) => {
    hash.add(id);
    hash.add(targetOf(index));
  });
  return hash.digest();
}
