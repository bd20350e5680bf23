/**
 * Doubles by their bits. A bucket is what is left of a number when the last bits of its mantissa are rounded towards
 * minus infinity: the buckets of HdrHistogram (G. Tene, 2012), for negative numbers too.
 */

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** Which of the two words of a double comes first where the engine runs: all of its machines are little-endian. */
export const [LOW_WORD, HIGH_WORD] = [0, 1] as const;

const SIGN = 0x80000000;
/** The largest finite magnitude's high word. */
const LARGEST_HIGH = 0x7fefffff;

export function numberOf(high: number, low: number): number {
  scratchWords[HIGH_WORD] = high;
  scratchWords[LOW_WORD] = low;
  return scratch[0] ?? 0;
}

/** The least number of the bucket that holds a finite number. */
export function lowerBound(value: number, dropped: number): number {
  scratch[0] = value;
  const [high = 0, low = 0] = [scratchWords[HIGH_WORD], scratchWords[LOW_WORD]];
  const isNegative = high >= SIGN;
  const kept = keepBits(high & 0x7fffffff, low, dropped, isNegative);
  return kept.high === 0 && kept.low === 0
    ? 0
    : numberOf(isNegative ? (kept.high | SIGN) >>> 0 : kept.high, kept.low);
}

/** A magnitude without its last bits: rounded down, or up, which is towards minus infinity for a negative number. */
function keepBits(
  high: number,
  low: number,
  dropped: number,
  up: boolean,
): { readonly high: number; readonly low: number } {
  if (dropped >= 32) {
    const shift = dropped - 32;
    const rest = (high & ((1 << shift) - 1)) | low;
    const cut = (high >>> shift) << shift;
    if (!up || rest === 0) return { high: cut, low: 0 };
    const next = cut + (1 << shift);
    return next > LARGEST_HIGH ? { high: LARGEST_HIGH, low: 0xffffffff } : { high: next, low: 0 };
  }
  const size = 2 ** dropped;
  const cut = low - (low % size);
  if (!up || cut === low) return { high, low: cut };
  if (cut + size < 2 ** 32) return { high, low: cut + size };
  return high + 1 > LARGEST_HIGH ? { high: LARGEST_HIGH, low: 0xffffffff } : { high: high + 1, low: 0 };
}

/** The least number of the next bucket. */
export function nextBucket(lower: number, dropped: number): number {
  scratch[0] = lower;
  const [high = 0, low = 0] = [scratchWords[HIGH_WORD], scratchWords[LOW_WORD]];
  const isNegative = high >= SIGN;
  const magnitude = (BigInt(high & 0x7fffffff) << 32n) | BigInt(low);
  const size = 1n << BigInt(dropped);
  const next = isNegative ? ((magnitude - 1n) / size) * size : magnitude + size;
  const [nextHigh, nextLow] = [Number(next >> 32n), Number(next & 0xffffffffn)];
  if (nextHigh > LARGEST_HIGH) return Number.MAX_VALUE;
  return next === 0n ? 0 : numberOf(isNegative ? (nextHigh | SIGN) >>> 0 : nextHigh, nextLow);
}
