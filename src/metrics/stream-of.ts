import { sha256 } from '../evidence/digest.ts';
import { createRandom, type Random } from '../statistics/random.ts';

/** Hexadecimal digits of 52 bits: the largest whole number of them that a seed can hold. */
const SEED_DIGITS = 13;

/**
 * The stream of random numbers of one purpose, such as `accuracy` or `compare f1`: derived from the seed and the
 * purpose, so that another metric more or less in a run changes no interval.
 */
export function streamOf(seed: number, purpose: string): Random {
  return createRandom(Number.parseInt(sha256(`${seed} ${purpose}`).slice(0, SEED_DIGITS), 16));
}
