import { createRandom } from '../../statistics/random.ts';

/**
 * Positions of `size` of `n` examples, each set of that size equally likely, ascending; all where there are no more.
 * Source: R. W. Floyd, in J. Bentley, Programming Pearls: A Sample of Brilliance, CACM 30 (1987) 754-757.
 */
export function chooseSample(n: number, size: number, seed: number): Uint32Array {
  if (size >= n) return Uint32Array.from({ length: n }, (_, row) => row);
  const random = createRandom(seed);
  const chosen = new Set<number>();
  for (let last = n - size; last < n; last++) {
    const drawn = random.integer(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return Uint32Array.from(chosen).sort();
}
