/** Scores of rankings: what stands at the top, and whether any of several answers is right. */
import { sumOf } from './means.ts';

type Numbers = ArrayLike<number>;

/** What equal scores share: their mean gain, or nothing, the later coming first. */
type RankingTies = 'average' | 'later-first';

export interface GainOptions {
  /** Ranks that count; all when left out. */
  readonly top?: number;
  readonly ties?: RankingTies;
}

function discountAt(rank: number, top: number): number {
  return rank < top ? 1 / Math.log2(rank + 2) : 0;
}

/**
 * Discounted cumulative gain of one query: sum of relevance / log2(rank + 1) with the relevance itself as gain.
 * Source: K. Järvelin and J. Kekäläinen, ACM TOIS 20 (2002) 422-446; averaging over ties by F. McSherry and M. Najork,
 * ECIR (2008).
 * @throws RangeError when lengths differ.
 */
export function discountedGain(relevance: Numbers, scores: Numbers, options: GainOptions = {}): number {
  if (relevance.length !== scores.length) {
    throw new RangeError(`${relevance.length} relevances do not match ${scores.length} scores.`);
  }
  const { top = relevance.length, ties = 'average' } = options;
  const order = Array.from({ length: scores.length }, (_, index) => index).sort(
    (x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || y - x,
  );
  const isTied = (rank: number): boolean =>
    ties === 'average' && scores[order[rank] ?? -1] === scores[order[rank - 1] ?? 0];
  let gain = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (isTied(to)) to++;
    const tied = order.slice(from, to);
    const mean = sumOf(tied.map((index) => relevance[index] ?? 0)) / tied.length;
    gain += mean * sumOf(tied.map((_, offset) => discountAt(from + offset, top)));
    from = to;
  }
  return gain;
}

/** Gain over that of the best order; 0 for a query without relevance. @throws RangeError as discountedGain. */
export function normalisedGain(relevance: Numbers, scores: Numbers, options: GainOptions = {}): number {
  const best = discountedGain(relevance, relevance, options);
  return best === 0 ? 0 : discountedGain(relevance, scores, options) / best;
}

/** 1 / rank of the first relevant item of a ranked list of 0 and 1; 0 without one. */
export function reciprocalRank(ranked: Numbers): number {
  const first = Array.from(ranked).indexOf(1);
  return first === -1 ? 0 : 1 / (first + 1);
}

/** Mean over the relevant items of the precision at their rank; 0 without one. */
export function rankedAveragePrecision(ranked: Numbers): number {
  let [hits, sum] = [0, 0];
  for (let rank = 0; rank < ranked.length; rank++) {
    if (ranked[rank] !== 1) continue;
    hits++;
    sum += hits / (rank + 1);
  }
  return hits === 0 ? 0 : sum / hits;
}

/** Share of relevant items among the first k ranks; missing ranks count as not relevant. */
export function precisionAt(ranked: Numbers, k: number): number {
  return (
    Array.from(ranked)
      .slice(0, k)
      .filter((relevant) => relevant === 1).length / k
  );
}

/** Whether any of the first k items is relevant. */
export function hitAt(ranked: Numbers, k: number): boolean {
  return Array.from(ranked).slice(0, k).includes(1);
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
