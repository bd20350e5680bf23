/** Pseudo-random numbers in [0, 1), the same everywhere (a linear congruential generator of Knuth's). */
export function createNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
