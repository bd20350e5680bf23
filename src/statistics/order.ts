/** Sorting numbers together with where they came from. */
import { releaseMemory } from './release-memory.ts';

/** Below this many values a comparison sort is faster than counting. */
const LEAST_TO_COUNT = 512;
const DIGIT_BITS = 11;
const BUCKETS = 2 ** DIGIT_BITS;
const DIGITS = Math.ceil(32 / DIGIT_BITS);

/** Up to here values that share a key are put in order by insertion. */
const MOST_TO_INSERT = 64;

/** The bits of a number as two words that sort as the number does; -0 as 0 and NaN last. */
function sortableWords(values: ArrayLike<number>): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const n = values.length;
  const [low, high] = [new Uint32Array(n), new Uint32Array(n)];
  const bits = new DataView(new ArrayBuffer(8));
  for (let index = 0; index < n; index++) {
    // Adding 0 turns -0 into 0.
    const value = (values[index] ?? Number.NaN) + 0;
    bits.setFloat64(0, value);
    const [last, first] = [bits.getUint32(0), bits.getUint32(4)];
    if (Number.isNaN(value)) {
      low[index] = high[index] = 0xffffffff;
    } else if (last >>> 31 === 1) {
      low[index] = ~first;
      high[index] = ~last;
    } else {
      low[index] = first;
      high[index] = last | 0x80000000;
    }
  }
  return { low, high };
}

/** The 32 bits that tell most values apart: all of the high words, without what they share, and the first of the low ones. */
function leadingBits(low: Uint32Array, high: Uint32Array): Uint32Array {
  let [least, most] = [0xffffffff, 0];
  for (const word of high) {
    if (word < least) least = word;
    if (word > most) most = word;
  }
  const spare = Math.clz32(most - least);
  if (spare === 32) return low;
  const keys = new Uint32Array(high.length);
  for (let index = 0; index < keys.length; index++) {
    const rest = spare === 0 ? 0 : (low[index] ?? 0) >>> (32 - spare);
    keys[index] = (((high[index] ?? 0) - least) << spare) | rest;
  }
  return keys;
}

interface KeyedOrder {
  readonly order: Uint32Array;
  /** The key of each position of the order. */
  readonly keys: Uint32Array;
}

/**
 * Sorts positions by their keys, equal ones staying as they are. Keys move along, so that memory is read from front to
 * back: looking them up by position takes several times as long for millions of values.
 */
function sortByKeys(given: KeyedOrder): KeyedOrder {
  const n = given.keys.length;
  let from: KeyedOrder = given;
  let to: KeyedOrder | undefined;
  const next = new Uint32Array(BUCKETS);
  for (let digit = 0; digit < DIGITS; digit++) {
    const shift = digit * DIGIT_BITS;
    next.fill(0);
    for (const key of from.keys) {
      const bucket = (key >>> shift) & (BUCKETS - 1);
      next[bucket] = (next[bucket] ?? 0) + 1;
    }
    // A digit that all values share sorts nothing.
    if (next.includes(n)) continue;
    let start = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const size = next[bucket] ?? 0;
      next[bucket] = start;
      start += size;
    }
    const target: KeyedOrder = to ?? { order: new Uint32Array(n), keys: new Uint32Array(n) };
    scatter(from, target, next, shift);
    // What came from the caller is not written to.
    to = from === given ? undefined : from;
    from = target;
  }
  if (to !== undefined && to !== from) releaseMemory(to.order, to.keys);
  return from;
}

function scatter(from: KeyedOrder, to: KeyedOrder, next: Uint32Array, shift: number): void {
  for (let at = 0; at < from.keys.length; at++) {
    const key = from.keys[at] ?? 0;
    const bucket = (key >>> shift) & (BUCKETS - 1);
    const place = next[bucket] ?? 0;
    to.order[place] = from.order[at] ?? 0;
    to.keys[place] = key;
    next[bucket] = place + 1;
  }
}

/** Puts positions of one key in the order of their low words, equal ones staying as they are. */
function sortTies(order: Uint32Array, low: Uint32Array): void {
  if (order.length > MOST_TO_INSERT) {
    const keys = new Uint32Array(order.length);
    for (let at = 0; at < keys.length; at++) keys[at] = low[order[at] ?? 0] ?? 0;
    order.set(sortByKeys({ order, keys }).order);
    return;
  }
  for (let at = 1; at < order.length; at++) {
    const position = order[at] ?? 0;
    const own = low[position] ?? 0;
    let place = at;
    for (; place > 0 && (low[order[place - 1] ?? 0] ?? 0) > own; place--)
      order[place] = order[place - 1] ?? 0;
    order[place] = position;
  }
}

/**
 * Positions of the values from the smallest to the largest, equal values in their given order, NaN last. For many values
 * a radix sort on the bits, several times as fast as a comparison sort.
 * Source: D. E. Knuth, The Art of Computer Programming 3 (1998), section 5.2.5.
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  const positions = new Uint32Array(n);
  for (let index = 0; index < n; index++) positions[index] = index;
  const { low, high } = sortableWords(values);
  if (n < LEAST_TO_COUNT) {
    const compare = (x: number, y: number): number =>
      (high[x] ?? 0) - (high[y] ?? 0) || (low[x] ?? 0) - (low[y] ?? 0) || x - y;
    return positions.sort(compare);
  }
  const leading = leadingBits(low, high);
  releaseMemory(high);
  const { order, keys } = sortByKeys({ order: positions, keys: leading });
  if (order !== positions) releaseMemory(positions);
  if (keys !== leading && leading !== low) releaseMemory(leading);
  for (let start = 0, end = 1; end <= n; end++) {
    if (end < n && keys[end] === keys[start]) continue;
    if (end - start > 1) sortTies(order.subarray(start, end), low);
    start = end;
  }
  releaseMemory(keys, low);
  return order;
}
