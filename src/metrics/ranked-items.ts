/** The items of queries in the order in which they are shown. */
import type { RankingExamples } from './examples.ts';

const known = new WeakMap<Float64Array, Uint32Array>();

/**
 * Positions of the items of each query from the highest score to the lowest, query after query; of equal ones the later
 * first, as trec_eval does with identifiers. Sorted once for as long as the scores live: every metric needs them.
 */
export function orderItems({ ends, score }: RankingExamples): Uint32Array {
  const before = known.get(score);
  if (before !== undefined) return before;
  const order = new Uint32Array(score.length);
  for (let item = 0; item < order.length; item++) order[item] = item;
  let start = 0;
  for (const end of ends) {
    order.subarray(start, end).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || b - a);
    start = end;
  }
  known.set(score, order);
  return order;
}

/** The items of one query, in the order in which they are shown. */
export interface RankedQuery {
  readonly relevance: Float64Array;
  readonly score: Float64Array;
  /** Positions in both. */
  readonly items: Uint32Array;
}

/** A number of each query. */
export function measureQueries(
  examples: RankingExamples,
  measure: (query: RankedQuery) => number,
): Float64Array {
  const { ends, relevance, score } = examples;
  const order = orderItems(examples);
  let start = 0;
  return Float64Array.from(ends, (end) => {
    const items = order.subarray(start, end);
    start = end;
    return measure({ relevance, score, items });
  });
}

function isRelevant({ relevance, items }: RankedQuery, rank: number): boolean {
  return (relevance[items[rank] ?? 0] ?? 0) > 0;
}

function countRelevant(query: RankedQuery, top: number): number {
  let count = 0;
  for (let rank = 0; rank < Math.min(top, query.items.length); rank++) {
    if (isRelevant(query, rank)) count += 1;
  }
  return count;
}

/** Discounts of the first ranks, which do not depend on the query. */
const discounts: number[] = [];

function discountOf(rank: number): number {
  for (let next = discounts.length; next <= rank; next++) discounts.push(1 / Math.log2(next + 2));
  return discounts[rank] ?? 0;
}

/** Discounted gain of the first ranks; items of equal score share what they gain. */
function discountedGain({ relevance, score, items }: RankedQuery, top: number): number {
  let gain = 0;
  for (let from = 0; from < items.length && from < top;) {
    const value = score[items[from] ?? 0];
    let [to, tied, discount] = [from, 0, 0];
    for (; to < items.length && score[items[to] ?? 0] === value; to++) {
      tied += relevance[items[to] ?? 0] ?? 0;
      if (to < top) discount += discountOf(to);
    }
    gain += (tied / (to - from)) * discount;
    from = to;
  }
  return gain;
}

/** Gain over that of the best order; 0 for a query without relevance. */
export function normalisedGain(query: RankedQuery, top: number): number {
  const sorted = Float64Array.from(query.items, (item) => query.relevance[item] ?? 0)
    .sort()
    .reverse();
  let best = 0;
  for (let rank = 0; rank < Math.min(top, sorted.length); rank++) {
    best += (sorted[rank] ?? 0) * discountOf(rank);
  }
  return best === 0 ? 0 : discountedGain(query, top) / best;
}

/** Sum over the relevant items of the first ranks of the precision at their rank, over all relevant items; 0 without one. */
export function averagePrecision(query: RankedQuery, top: number): number {
  let [hits, sum] = [0, 0];
  for (let rank = 0; rank < Math.min(top, query.items.length); rank++) {
    if (!isRelevant(query, rank)) continue;
    hits += 1;
    sum += hits / (rank + 1);
  }
  return sum === 0 ? 0 : sum / countRelevant(query, query.items.length);
}

/** 1 / rank of the first relevant item, 0 without one among the first ranks. */
export function reciprocalRank(query: RankedQuery, top: number): number {
  for (let rank = 0; rank < Math.min(top, query.items.length); rank++) {
    if (isRelevant(query, rank)) return 1 / (rank + 1);
  }
  return 0;
}

/** Share of the relevant items that stand among the first ranks; 0 without one. */
export function recallAt(query: RankedQuery, top: number): number {
  const all = countRelevant(query, query.items.length);
  return all === 0 ? 0 : countRelevant(query, top) / all;
}

/** Share of the first ranks that are relevant; ranks that the query does not have are not. */
export function precisionAt(query: RankedQuery, top: number): number {
  return countRelevant(query, top) / top;
}

/** 1 where an item of the first ranks is relevant. */
export function hitAt(query: RankedQuery, top: number): number {
  return countRelevant(query, top) > 0 ? 1 : 0;
}
