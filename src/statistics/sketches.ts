/** How exact sketches are, and how alike sets are. */

/**
 * Rank error of a KLL sketch of size k that 99 % of queries stay within: of a single rank, or of the probability between
 * any two. Source: Apache DataSketches, KllHelper.getNormalizedRankError (fitted constants), for Z. Karnin, K. Lang,
 * E. Liberty, FOCS (2016).
 */
export function kllRankError(k: number, query: 'single' | 'between'): number {
  return query === 'single' ? 2.296 / k ** 0.9723 : 2.446 / k ** 0.9433;
}

/**
 * Relative standard error of HyperLogLog with 2^bits registers.
 * Source: P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, AofA (2007), theorem 1.
 */
export function hyperLogLogError(bits: number): number {
  return 1.04 / Math.sqrt(2 ** bits);
}

/** Number of distinct items from how many of the registers are still empty, for few items. Source: as above, figure 3. */
export function linearCount(registers: number, empty: number): number {
  return registers * Math.log(registers / empty);
}

/**
 * Relative standard error of a compressed probabilistic counting sketch with 2^bits rows: of one that saw the whole
 * stream, or of a merged one. Source: K. Lang, arXiv 1708.06839 (2017); constants of Apache DataSketches, CpcConfidence.
 */
export function probabilisticCountingError(bits: number, history: 'single' | 'merged'): number {
  const constant = history === 'single' ? Math.sqrt(Math.LN2 / 2) : Math.LN2;
  return constant / Math.sqrt(2 ** bits);
}

/**
 * Chance that two sets of the given similarity share a bucket in any of so many bands of so many rows of MinHash values.
 * Source: J. Leskovec, A. Rajaraman, J. D. Ullman, Mining of Massive Datasets (2020), section 3.4.2.
 */
export function bandingProbability(similarity: number, bands: number, rows: number): number {
  return -Math.expm1(bands * Math.log1p(-(similarity ** rows)));
}

/** Similarity around which that chance rises most: (1 / bands)^(1 / rows). */
export function bandingThreshold(bands: number, rows: number): number {
  return (1 / bands) ** (1 / rows);
}

/** Standard error of a similarity estimated by so many MinHash values. Source: as above, section 3.3. */
export function minHashError(similarity: number, hashes: number): number {
  return Math.sqrt((similarity * (1 - similarity)) / hashes);
}

/** Jaccard's similarity: size of the intersection over that of the union; 1 for two empty sets. */
export function jaccardSimilarity<Item>(first: ReadonlySet<Item>, second: ReadonlySet<Item>): number {
  const common = [...first].filter((item) => second.has(item)).length;
  const union = first.size + second.size - common;
  return union === 0 ? 1 : common / union;
}

/** The distinct runs of so many words, split at white space. */
export function wordShingles(text: string, words: number): ReadonlySet<string> {
  const all = text.split(/\s+/u).filter((word) => word !== '');
  const runs = Math.max(0, all.length - words + 1);
  return new Set(Array.from({ length: runs }, (_, at) => all.slice(at, at + words).join(' ')));
}
