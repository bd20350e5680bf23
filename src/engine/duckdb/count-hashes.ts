/**
 * How many of many 64-bit hashes differ, counted exactly in the eight bytes of each: SQL's own count of distinct values
 * takes four times as much, and a table of ten million keys is to be no burden.
 */

export interface HashCounter {
  /** Takes hashes as pairs of 32 bits, the lower first; pairs of zeros are none. */
  readonly add: (pairs: Uint32Array, hashes: number) => void;
  /** To be asked once, after the last. */
  readonly countDistinct: () => number;
}

/** Hashes fall into parts by their highest byte, so that no part has to be sorted, or copied, together with the others. */
const PARTS = 256;

/** Hashes that are kept together: of few keys little is allocated, and of many little is lost. */
const SEGMENT_HASHES = 1024;

interface Part {
  readonly full: Uint32Array[];
  open: Uint32Array | undefined;
  /** Words of `open` that are taken. */
  words: number;
}

function keep(part: Part, low: number, high: number): void {
  part.open ??= new Uint32Array(2 * SEGMENT_HASHES);
  part.open[part.words] = low;
  part.open[part.words + 1] = high;
  part.words += 2;
  if (part.words === part.open.length) {
    part.full.push(part.open);
    part.open = undefined;
    part.words = 0;
  }
}

function countPart({ full, open, words }: Part): number {
  const all = new BigUint64Array(full.length * SEGMENT_HASHES + words / 2);
  const pairs = new Uint32Array(all.buffer);
  full.forEach((segment, at) => pairs.set(segment, at * segment.length));
  if (open !== undefined) pairs.set(open.subarray(0, words), pairs.length - words);
  all.sort();
  let distinct = 0;
  for (let word = 0; word < pairs.length; word += 2) {
    const isRepeated = word > 0 && pairs[word] === pairs[word - 2] && pairs[word + 1] === pairs[word - 1];
    distinct += isRepeated ? 0 : 1;
  }
  return distinct;
}

export function createHashCounter(): HashCounter {
  const parts = Array.from({ length: PARTS }, (): Part => ({ full: [], open: undefined, words: 0 }));
  return {
    add: (pairs, hashes) => {
      for (let word = 0; word < 2 * hashes; word += 2) {
        const [low = 0, high = 0] = [pairs[word], pairs[word + 1]];
        const part = parts[high >>> 24];
        if (part !== undefined && (low !== 0 || high !== 0)) keep(part, low, high);
      }
    },
    countDistinct: () => {
      let distinct = 0;
      // Each part is let go as soon as it is counted.
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) distinct += countPart(part);
      return distinct;
    },
  };
}
