/** The items of queries in the order in which they are shown. */
import type { RankingExamples } from './examples.ts';

const known = new WeakMap<Float64Array, Uint8Array>();

/**
 * Which items are relevant, 1 or 0, from the highest score of each query to the lowest, query after query; of equal ones
 * the later first, as trec_eval does with identifiers. Sorted once for as long as the scores live: most metrics need it.
 */
function rankRelevance({ ends, relevance, score }: RankingExamples): Uint8Array {
  const before = known.get(score);
  if (before !== undefined) return before;
  const order = new Uint32Array(score.length);
  for (let item = 0; item < order.length; item++) order[item] = item;
  let start = 0;
  for (const end of ends) {
    order.subarray(start, end).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || b - a);
    start = end;
  }
  const ranked = new Uint8Array(score.length);
  for (let rank = 0; rank < ranked.length; rank++)
    ranked[rank] = (relevance[order[rank] ?? 0] ?? 0) > 0 ? 1 : 0;
  known.set(score, ranked);
  return ranked;
}

/** One query: its items in canonical order, and which of them are relevant in the order in which they are shown. */
export interface RankedQuery {
  readonly relevance: Float64Array;
  readonly score: Float64Array;
  /** 1 for a relevant item, by rank. */
  readonly ranked: Uint8Array;
}

/** A number of each query. */
export function measureQueries(
  examples: RankingExamples,
  measure: (query: RankedQuery) => number,
): Float64Array {
  const { ends, relevance, score } = examples;
  const ranked = rankRelevance(examples);
  let start = 0;
  return Float64Array.from(ends, (end) => {
    const of = start;
    start = end;
    return measure({
      relevance: relevance.subarray(of, end),
      score: score.subarray(of, end),
      ranked: ranked.subarray(of, end),
    });
  });
}
