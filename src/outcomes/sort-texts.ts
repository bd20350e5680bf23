import { releaseMemory } from '../statistics/release-memory.ts';
import { startAt, type PackedTexts } from './packed-texts.ts';

/** Fewer texts than this are compared one by one: for them the buckets would cost more. */
const SMALLEST_RADIX_SORT = 8192;

/** Keys have 32 bits. */
const KEYS = 2 ** 32;

const RADIX_BITS = 16;
const BUCKETS = 1 << RADIX_BITS;

/**
 * Row numbers in the bytewise order of the texts; equal texts stay in their order. Each byte position counts only as
 * many values as it has, so that one key of 32 bits holds the positions that tell most texts apart (all eight digits of
 * ten million numbers), and a radix sort of keys needs two passes. Runs of equal keys are sorted by what follows.
 */
export function sortTexts(texts: PackedTexts): Uint32Array {
  const rows = new Uint32Array(texts.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  if (!isSorted(texts)) sortFrom(texts, rows, 0);
  return rows;
}

/** Compares two texts from a position on. */
function compareFrom(texts: PackedTexts, first: number, second: number, position: number): number {
  const { bytes, ends } = texts;
  const [a, b] = [startAt(texts, first) + position, startAt(texts, second) + position];
  const [sizeA, sizeB] = [(ends[first] ?? 0) - a, (ends[second] ?? 0) - b];
  const shared = Math.min(sizeA, sizeB);
  for (let at = 0; at < shared; at++) {
    const order = (bytes[a + at] ?? 0) - (bytes[b + at] ?? 0);
    if (order !== 0) return order;
  }
  return sizeA - sizeB;
}

function isSorted(texts: PackedTexts): boolean {
  for (let row = 1; row < texts.length; row++) if (compareFrom(texts, row - 1, row, 0) > 0) return false;
  return true;
}

/** Sorts rows whose texts agree before a position. */
function sortFrom(texts: PackedTexts, rows: Uint32Array, position: number): void {
  if (rows.length < SMALLEST_RADIX_SORT) {
    rows.sort((a, b) => compareFrom(texts, a, b, position) || a - b);
    return;
  }
  const alphabets = chooseAlphabets(texts, rows, position);
  // No text goes on: all are equal.
  if (alphabets.length === 0) return;
  const keys = keysOf(texts, rows, position, alphabets);
  sortByKeys(rows, keys);
  const next = position + alphabets.length;
  let start = 0;
  for (let end = 1; end <= rows.length; end++) {
    if (end < rows.length && keys[end] === keys[start]) continue;
    if (end - start > 1) sortFrom(texts, rows.subarray(start, end), next);
    start = end;
  }
  releaseMemory(keys);
}

/** Ranks of the bytes that occur at a position, and how many there are; 0 stands for the end of a text. */
interface Alphabet {
  readonly ranks: Uint16Array;
  readonly size: number;
}

const END = 0;

/** Positions that one pass over the texts looks at. */
const POSITIONS = 16;

/** Values of a position: the end of a text, or one of 256 bytes. */
const VALUES = 257;

/** The alphabets of the positions that fit into one key; none where every text has ended. */
function chooseAlphabets(texts: PackedTexts, rows: Uint32Array, position: number): readonly Alphabet[] {
  const seen = findValues(texts, rows, position);
  const alphabets: Alphabet[] = [];
  let keys = 1;
  for (let offset = 0; offset < POSITIONS; offset++) {
    const alphabet = rankValues(seen.subarray(offset * VALUES, (offset + 1) * VALUES));
    keys *= alphabet.size;
    if (keys > KEYS || (alphabet.size === 1 && seen[offset * VALUES + END] === 1)) return alphabets;
    alphabets.push(alphabet);
  }
  return alphabets;
}

/** Which values occur at each of the positions. */
function findValues(texts: PackedTexts, rows: Uint32Array, position: number): Uint8Array {
  const { bytes, ends } = texts;
  const seen = new Uint8Array(POSITIONS * VALUES);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const start = startAt(texts, row) + position;
    const size = Math.min(POSITIONS, (ends[row] ?? 0) - start);
    for (let offset = 0; offset < size; offset++) {
      seen[offset * VALUES + 1 + (bytes[start + offset] ?? 0)] = 1;
    }
    if (size < POSITIONS) seen[Math.max(0, size) * VALUES + END] = 1;
  }
  // A text that has ended has ended at all later positions too.
  for (let offset = 1; offset < POSITIONS; offset++) {
    if (seen[(offset - 1) * VALUES + END] === 1) seen[offset * VALUES + END] = 1;
  }
  return seen;
}

function rankValues(seen: Uint8Array): Alphabet {
  const ranks = new Uint16Array(VALUES);
  let size = 0;
  for (let value = 0; value < VALUES; value++) if (seen[value] === 1) ranks[value] = size++;
  return { ranks, size };
}

function keysOf(
  texts: PackedTexts,
  rows: Uint32Array,
  position: number,
  alphabets: readonly Alphabet[],
): Uint32Array {
  const { bytes, ends } = texts;
  const keys = new Uint32Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const end = ends[row] ?? 0;
    let at = startAt(texts, row) + position;
    let key = 0;
    for (const { ranks, size } of alphabets) {
      key = key * size + (ranks[at < end ? 1 + (bytes[at] ?? 0) : END] ?? 0);
      at += 1;
    }
    keys[index] = key;
  }
  return keys;
}

/** Sorts rows and keys by key, in two stable passes over 16 bits each. */
function sortByKeys(rows: Uint32Array, keys: Uint32Array): void {
  const [otherRows, otherKeys] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  scatter(rows, keys, otherRows, otherKeys, 0);
  scatter(otherRows, otherKeys, rows, keys, RADIX_BITS);
  releaseMemory(otherRows, otherKeys);
}

function scatter(
  rows: Uint32Array,
  keys: Uint32Array,
  toRows: Uint32Array,
  toKeys: Uint32Array,
  shift: number,
): void {
  const next = new Uint32Array(BUCKETS);
  for (const key of keys) {
    const bucket = (key >>> shift) & (BUCKETS - 1);
    next[bucket] = (next[bucket] ?? 0) + 1;
  }
  let before = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = next[bucket] ?? 0;
    next[bucket] = before;
    before += count;
  }
  for (let index = 0; index < rows.length; index++) {
    const key = keys[index] ?? 0;
    const bucket = (key >>> shift) & (BUCKETS - 1);
    const at = next[bucket] ?? 0;
    toRows[at] = rows[index] ?? 0;
    toKeys[at] = key;
    next[bucket] = at + 1;
  }
}
