/** Sorting numbers together with where they came from. */

/** Below this many values a comparison sort is faster than counting. */
const LEAST_TO_COUNT = 512;
const DIGIT_BITS = 11;
const BUCKETS = 2 ** DIGIT_BITS;
const DIGITS = Math.ceil(64 / DIGIT_BITS);

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

/** The digit of the 64-bit key that starts at a bit. */
function digitAt(low: number, high: number, bit: number): number {
  if (bit >= 32) return (high >>> (bit - 32)) & (BUCKETS - 1);
  if (bit + DIGIT_BITS <= 32) return (low >>> bit) & (BUCKETS - 1);
  return ((low >>> bit) | (high << (32 - bit))) & (BUCKETS - 1);
}

/**
 * Positions of the values from the smallest to the largest, equal values in their given order, NaN last. For many values
 * a radix sort on the bits, several times as fast as a comparison sort.
 * Source: D. E. Knuth, The Art of Computer Programming 3 (1998), section 5.2.5.
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  let order = Uint32Array.from({ length: n }, (_, index) => index);
  const { low, high } = sortableWords(values);
  if (n < LEAST_TO_COUNT) {
    const compare = (x: number, y: number): number =>
      (high[x] ?? 0) - (high[y] ?? 0) || (low[x] ?? 0) - (low[y] ?? 0) || x - y;
    return order.sort(compare);
  }
  let spare = new Uint32Array(n);
  const next = new Uint32Array(BUCKETS);
  for (let digit = 0; digit < DIGITS; digit++) {
    const bit = digit * DIGIT_BITS;
    next.fill(0);
    for (let index = 0; index < n; index++) {
      const bucket = digitAt(low[index] ?? 0, high[index] ?? 0, bit);
      next[bucket] = (next[bucket] ?? 0) + 1;
    }
    // A digit that all values share sorts nothing.
    if (next.includes(n)) continue;
    let from = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const size = next[bucket] ?? 0;
      next[bucket] = from;
      from += size;
    }
    for (let at = 0; at < n; at++) {
      const index = order[at] ?? 0;
      const bucket = digitAt(low[index] ?? 0, high[index] ?? 0, bit);
      const to = next[bucket] ?? 0;
      spare[to] = index;
      next[bucket] = to + 1;
    }
    [order, spare] = [spare, order];
  }
  return order;
}
