/** Pairs of sets that are much alike, without comparing every set with every other. */

/** Bands of so many values each: sets of similarity 0.8 meet with probability 0.9996, of 0.5 with 0.47. */
const BANDS = 20;
const BAND_ROWS = 5;

/** Candidates that one set is compared with in one band: bounds the work where many sets are the same. */
const MAX_CANDIDATES = 50;

/** Finaliser of MurmurHash3 (Austin Appleby, public domain): every bit of the input changes half of those of the output. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85_eb_ca_6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The band's MinHash values of a set as one number. */
function hashBand(items: Uint32Array, seeds: readonly number[]): number {
  let key = 0;
  for (const seed of seeds) {
    let least = 0xff_ff_ff_ff;
    for (const item of items) {
      const hash = mix(item ^ seed);
      if (hash < least) least = hash;
    }
    key = mix(Math.imul(key, 31) ^ least);
  }
  return key;
}

/** A set as its distinct items in ascending order. */
export function sortItems(items: Iterable<number>): Uint32Array {
  return Uint32Array.from(new Set(items)).sort();
}

/** Jaccard's similarity of two sets of `sortItems`; 0 where one is empty. */
export function sortedSimilarity(first: Uint32Array, second: Uint32Array): number {
  let [at, other, common] = [0, 0, 0];
  while (at < first.length && other < second.length) {
    const difference = (first[at] ?? 0) - (second[other] ?? 0);
    if (difference === 0) common += 1;
    if (difference <= 0) at += 1;
    if (difference >= 0) other += 1;
  }
  const union = first.length + second.length - common;
  return union === 0 ? 0 : common / union;
}

/**
 * Which sets of `later` have one in `earlier` of at least that Jaccard similarity. Candidates come from MinHash in 20
 * bands of 5 values (of similarity 0.8 one in 2,500 is missed), each is then compared exactly: nothing is found that is
 * not there. Empty sets are like nothing.
 * Source: J. Leskovec, A. Rajaraman, J. D. Ullman, Mining of Massive Datasets (2020), sections 3.3 and 3.4.
 */
export function findSimilar(
  earlier: readonly Uint32Array[],
  later: readonly Uint32Array[],
  similarity: number,
  seed: number,
): Uint8Array {
  const found = new Uint8Array(later.length);
  for (let band = 0; band < BANDS; band += 1) {
    const seeds = Array.from({ length: BAND_ROWS }, (_, row) => mix(seed ^ mix(band * BAND_ROWS + row + 1)));
    const buckets = new Map<number, number[]>();
    for (const [index, items] of earlier.entries()) {
      if (items.length === 0) continue;
      const key = hashBand(items, seeds);
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [index]);
      else if (bucket.length < MAX_CANDIDATES) bucket.push(index);
    }
    for (const [index, items] of later.entries()) {
      if (found[index] === 1 || items.length === 0) continue;
      const candidates = buckets.get(hashBand(items, seeds)) ?? [];
      const isAlike = candidates.some(
        (candidate) => sortedSimilarity(earlier[candidate] ?? new Uint32Array(), items) >= similarity,
      );
      if (isAlike) found[index] = 1;
    }
  }
  return found;
}
