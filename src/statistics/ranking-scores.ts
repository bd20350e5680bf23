/** Scores of rankings: what stands at the top, and whether any of several answers is right. */
type Numbers = ArrayLike<number>;

/** What equal scores share: their mean gain, or nothing, the later coming first. */
type RankingTies = 'average' | 'later-first';

export interface GainOptions {
  /** Ranks that count; all when left out. */
  readonly top?: number;
  readonly ties?: RankingTies;
}

/** Discounts of the first ranks, which depend on nothing else. */
const discounts: number[] = [];

function discountAt(rank: number): number {
  for (let next = discounts.length; next <= rank; next++) discounts.push(1 / Math.log2(next + 2));
  return discounts[rank] ?? 0;
}

/**
 * Discounted cumulative gain of one query: sum of relevance / log2(rank + 1) with the relevance itself as gain.
 * Source: K. Järvelin and J. Kekäläinen, ACM TOIS 20 (2002) 422-446; averaging over ties by F. McSherry and M. Najork,
 * ECIR (2008).
 * @throws RangeError when lengths differ.
 */
export function discountedGain(relevance: Numbers, scores: Numbers, options: GainOptions = {}): number {
  const { length } = scores;
  if (relevance.length !== length) {
    throw new RangeError(`${relevance.length} relevances do not match ${length} scores.`);
  }
  const { top = length, ties = 'average' } = options;
  const order = new Uint32Array(length);
  for (let item = 0; item < length; item++) order[item] = item;
  order.sort((x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || y - x);
  const isTied = (rank: number, score: number | undefined): boolean =>
    ties === 'average' && rank < length && scores[order[rank] ?? 0] === score;
  let gain = 0;
  for (let from = 0; from < length && from < top;) {
    const score = scores[order[from] ?? 0];
    let [to, tied, discount] = [from, 0, 0];
    do {
      tied += relevance[order[to] ?? 0] ?? 0;
      if (to < top) discount += discountAt(to);
      to++;
    } while (isTied(to, score));
    gain += (tied / (to - from)) * discount;
    from = to;
  }
  return gain;
}

/** Gain over that of the best order; 0 for a query without relevance. @throws RangeError as discountedGain. */
export function normalisedGain(relevance: Numbers, scores: Numbers, options: GainOptions = {}): number {
  const best = discountedGain(relevance, relevance, options);
  // Sums of the same parts in another order may differ in the last digit.
  return best === 0 ? 0 : Math.min(1, discountedGain(relevance, scores, options) / best);
}

/** 1 / rank of the first relevant item of a ranked list of 0 and 1; 0 without one among the first k, or all. */
export function reciprocalRank(ranked: Numbers, k: number = ranked.length): number {
  for (let rank = 0; rank < ranked.length && rank < k; rank++) if (ranked[rank] === 1) return 1 / (rank + 1);
  return 0;
}

function countHits(ranked: Numbers, k: number): number {
  let hits = 0;
  for (let rank = 0; rank < ranked.length && rank < k; rank++) if (ranked[rank] === 1) hits++;
  return hits;
}

/**
 * Sum of the precision at the rank of each relevant item among the first k, over all relevant items; 0 without one.
 * @param k all ranks when left out.
 */
export function rankedAveragePrecision(ranked: Numbers, k: number = ranked.length): number {
  let [hits, sum] = [0, 0];
  for (let rank = 0; rank < ranked.length && rank < k; rank++) {
    if (ranked[rank] !== 1) continue;
    hits++;
    sum += hits / (rank + 1);
  }
  return sum === 0 ? 0 : sum / countHits(ranked, ranked.length);
}

/** Share of relevant items among the first k ranks; missing ranks count as not relevant. */
export function precisionAt(ranked: Numbers, k: number): number {
  return countHits(ranked, k) / k;
}

/** Share of the relevant items that are among the first k; 0 without one. */
export function recallAt(ranked: Numbers, k: number): number {
  const all = countHits(ranked, ranked.length);
  return all === 0 ? 0 : countHits(ranked, k) / all;
}

/** Whether any of the first k items is relevant. */
export function hitAt(ranked: Numbers, k: number): boolean {
  return countHits(ranked, k) > 0;
}

/**
 * Unbiased estimate of the chance that one of k samples is right, from c right ones of n: 1 - C(n - c, k) / C(n, k).
 * Source: M. Chen et al., Evaluating Large Language Models Trained on Code (arXiv 2107.03374, 2021), equation 1.
 * @throws RangeError unless 0 <= c <= n and 1 <= k <= n.
 */
export function passAtK(n: number, correct: number, k: number): number {
  if (!(correct >= 0 && correct <= n && k >= 1 && k <= n)) {
    throw new RangeError(`pass@k needs 0 <= c <= n and 1 <= k <= n, not ${correct}, ${n} and ${k}.`);
  }
  if (n - correct < k) return 1;
  let missed = 1;
  for (let size = n - correct + 1; size <= n; size++) missed *= 1 - k / size;
  return 1 - missed;
}
