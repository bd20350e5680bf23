/** Vectors of DuckDB copied into typed arrays, without a JavaScript value for each cell. */
import type { Column, ColumnKind, Labels } from '../engine.ts';
import type { Vector } from './database.ts';

/** Gathers a column until it is sent. */
export interface ColumnPacker {
  /** Copies the first rows of a vector. */
  readonly add: (vector: Vector, rows: number) => void;
  /** What was added since the last call. */
  readonly take: () => Column;
}

interface LabelPacker extends ColumnPacker {
  readonly take: () => Labels;
}

export function createPacker(as: ColumnKind): ColumnPacker {
  if (as === 'number') {
    return createNumberPacker();
  }
  return as === 'text' ? createTextPacker() : createLabelPacker();
}

/**
 * What the classes of DuckDB's package keep to themselves: the numbers, or 16 bytes for each text (length, then the text
 * itself if it has at most 12 bytes, filled up with zeros). Asking for one cell at a time costs ten times as much.
 */
interface RawVector {
  readonly items?: unknown;
  readonly dataView?: unknown;
}

/** The numbers of a vector of DOUBLE, as they lie in memory. */
export function numbersOf(vector: Vector): Float64Array {
  const { items } = vector as unknown as RawVector;
  if (!(items instanceof Float64Array)) {
    throw new TypeError('DuckDB gave no column of DOUBLE');
  }
  return items;
}

/** Hashes of a column, each as two words, the lower first. */
export function hashesOf(vector: Vector): Uint32Array {
  const { items } = vector as unknown as RawVector;
  if (!(items instanceof BigUint64Array)) throw new TypeError('DuckDB gave no column of UBIGINT');
  return new Uint32Array(items.buffer, items.byteOffset, 2 * items.length);
}

export const WORDS = 4;
export const INLINED_BYTES = 12;

/** The texts of a vector of VARCHAR: four words for each. */
export function wordsOf(vector: Vector, rows: number): Uint32Array {
  const { dataView } = vector as unknown as RawVector;
  if (!(dataView instanceof DataView)) {
    throw new TypeError('DuckDB gave no column of VARCHAR');
  }
  return new Uint32Array(dataView.buffer, dataView.byteOffset, rows * WORDS);
}

/** A larger array with the same beginning. */
function grow<Numbers extends Uint8Array | Uint32Array | Float64Array>(
  numbers: Numbers,
  least: number,
  make: (length: number) => Numbers,
): Numbers {
  if (least <= numbers.length) {
    return numbers;
  }
  const larger = make(Math.max(least, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}

const FIRST_LENGTH = 65_536;

function createNumberPacker(): ColumnPacker {
  let values = new Float64Array(FIRST_LENGTH);
  let used = 0;
  return {
    add: (vector, rows) => {
      values = grow(values, used + rows, (length) => new Float64Array(length));
      values.set(numbersOf(vector).subarray(0, rows), used);
      used += rows;
    },
    take: () => {
      const taken = values.slice(0, used);
      used = 0;
      return taken;
    },
  };
}

function createTextPacker(): ColumnPacker {
  let bytes = new Uint8Array(16 * FIRST_LENGTH);
  let ends = new Uint32Array(FIRST_LENGTH);
  let [used, length] = [0, 0];
  return {
    add: (vector, rows) => {
      const words = wordsOf(vector, rows);
      const raw = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
      ends = grow(ends, length + rows, (size) => new Uint32Array(size));
      bytes = grow(bytes, used + rows * INLINED_BYTES, (size) => new Uint8Array(size));
      for (let row = 0; row < rows; row += 1) {
        const size = words[row * WORDS] ?? 0;
        if (size <= INLINED_BYTES) {
          const from = row * 16 + 4;
          for (let at = 0; at < size; at += 1) {
            bytes[used + at] = raw[from + at] ?? 0;
          }
        } else {
          bytes = grow(bytes, used + size + (rows - row) * INLINED_BYTES, (most) => new Uint8Array(most));
          bytes.set(Buffer.from(String(vector.getItem(row)), 'utf8'), used);
        }
        used += size;
        ends[length + row] = used;
      }
      length += rows;
    },
    take: () => {
      const taken = { length, bytes: bytes.slice(0, used), ends: ends.slice(0, length) };
      used = 0;
      length = 0;
      return taken;
    },
  };
}

/** Labels that are looked for by their bytes before a string is made: enough for most classes. */
const FIRST_LABELS = 16;

/** Numbers labels in the order in which they appear. */
export function createLabelPacker(): LabelPacker {
  const codeOf = new Map<string, number>();
  const known = new Uint32Array(FIRST_LABELS * WORDS);
  const knownCodes = new Uint32Array(FIRST_LABELS);
  let knownCount = 0;
  let codes = new Uint32Array(FIRST_LENGTH);
  let used = 0;
  let fresh: string[] = [];
  const learn = (words: Uint32Array, at: number, text: string): number => {
    const seen = codeOf.get(text);
    const code = seen ?? codeOf.size;
    if (seen === undefined) {
      codeOf.set(text, code);
      fresh.push(text);
    }
    if (knownCount < FIRST_LABELS && (words[at] ?? 0) <= INLINED_BYTES) {
      known.set(words.subarray(at, at + WORDS), knownCount * WORDS);
      knownCodes[knownCount] = code;
      knownCount += 1;
    }
    return code;
  };
  const find = (words: Uint32Array, at: number): number | undefined => {
    for (let label = 0; label < knownCount; label += 1) {
      const base = label * WORDS;
      if (
        words[at] === known[base] &&
        words[at + 1] === known[base + 1] &&
        words[at + 2] === known[base + 2] &&
        words[at + 3] === known[base + 3]
      ) {
        return knownCodes[label];
      }
    }
    return undefined;
  };
  return {
    add: (vector, rows) => {
      const words = wordsOf(vector, rows);
      codes = grow(codes, used + rows, (length) => new Uint32Array(length));
      for (let row = 0; row < rows; row += 1) {
        const at = row * WORDS;
        codes[used + row] = find(words, at) ?? learn(words, at, String(vector.getItem(row)));
      }
      used += rows;
    },
    take: () => {
      const taken = codes.subarray(0, used);
      const values = fresh;
      const narrow = codeOf.size <= 256 ? Uint8Array.from(taken) : taken.slice();
      used = 0;
      fresh = [];
      return { codes: narrow, values };
    },
  };
}
