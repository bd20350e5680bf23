/** The number generators that the reference cases name. */

/** The generator of the cases' meta, word for word in its arithmetic: a published 32-bit mixer. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A vector of the cases' generators. */
export function generateVector(kind: string, seed: number, n: number): number[] {
  const draw = mulberry32(seed);
  if (kind === 'mulberry32') return Array.from({ length: n }, draw);
  if (kind !== 'ih12') throw new Error(`Unknown generator "${kind}".`);
  return Array.from({ length: n }, () => {
    let sum = 0;
    for (let term = 0; term < 12; term++) sum += draw();
    return sum - 6;
  });
}
