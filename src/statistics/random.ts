/** Seeded random numbers: the same seed gives the same numbers on every platform and in every version of Node. */

/** A stream of random numbers. Whoever draws from it takes it as an argument; none is ever global. */
export interface Random {
  /** The next 32 random bits, as an integer from 0 to 2^32 - 1. */
  readonly bits: () => number;
  /** A number from [0, 1) with 53 random bits. */
  readonly uniform: () => number;
  /** An integer from 0 to bound - 1, each exactly equally likely, for 1 <= bound <= 2^32. */
  readonly integer: (bound: number) => number;
}

const TWO_TO_32 = 2 ** 32;

/** Up to here bound times 32 bits is exact in a double, so that multiplication can replace division. */
const LARGEST_BOUND_TO_MULTIPLY = 2 ** 21;

/** One output of the SplitMix32 finaliser, which spreads seeds that differ in one bit over the whole state. */
function mix(state: number): number {
  let z = state | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Four words of state from a seed: a Weyl sequence through the finaliser, the seed's high half mixed in. */
function expandSeed(seed: number): readonly [number, number, number, number] {
  const high = Math.floor(seed / TWO_TO_32);
  const start = (seed >>> 0) ^ mix(high ^ 0x5bd1e995);
  const word = (index: number): number => mix(start + Math.imul(index, 0x9e3779b9));
  return [word(1), word(2), word(3), word(4)];
}

/**
 * The generator xoshiro128** from four 32-bit words of state, not all zero.
 * Source: D. Blackman, S. Vigna, Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47 (2021).
 */
export function createXoshiro128(state: readonly [number, number, number, number]): () => number {
  let [s0, s1, s2, s3] = state;
  return () => {
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
}

/**
 * Unbiased integers below a bound out of 32-bit words.
 * Source: D. Lemire, Fast Random Integer Generation in an Interval, ACM TOMACS 29 (2019), for small bounds;
 * for larger ones the word's low bits that cover the bound, drawn again when they exceed it.
 */
function drawInteger(bits: () => number, bound: number): number {
  if (bound <= LARGEST_BOUND_TO_MULTIPLY) {
    let product = bits() * bound;
    let low = product >>> 0;
    if (low < bound) {
      const threshold = TWO_TO_32 % bound;
      while (low < threshold) {
        product = bits() * bound;
        low = product >>> 0;
      }
    }
    return (product - low) / TWO_TO_32;
  }
  const shift = Math.clz32(bound - 1);
  let value = bits() >>> shift;
  while (value >= bound) value = bits() >>> shift;
  return value;
}

/**
 * A stream of random numbers from a seed, an integer from 0 to 2^53 - 1.
 * @throws RangeError when the seed is not such an integer.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`A random seed is an integer from 0 to 2^53 - 1, not ${seed}.`);
  }
  const bits = createXoshiro128(expandSeed(seed));
  return {
    bits,
    uniform: () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992,
    integer: (bound) => drawInteger(bits, bound),
  };
}
