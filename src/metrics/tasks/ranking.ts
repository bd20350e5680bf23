/** Metrics of ranking and retrieval: means over queries. */
import {
  INTERVALS,
  UNIT_INTERVAL,
  type MetricDefinition,
  type Parameter,
  type TaskMetric,
} from '../definition.ts';
import type { RankingExamples } from '../examples.ts';
import { meanForm } from '../form.ts';
import { measureQueries, type RankedQuery } from '../ranked-items.ts';
import {
  hitAt,
  normalisedGain,
  precisionAt,
  rankedAveragePrecision,
  recallAt,
  reciprocalRank,
} from '../../statistics/ranking-scores.ts';

const TOP: Parameter = {
  meaning: 'Ranks that count, from the top; without a number all of them',
  title: 'at {}',
  range: [1, 1_000_000],
  whole: true,
  shown: [10],
};

/** Of metrics that say nothing of the whole list. */
const TOP_ONLY: Parameter = { ...TOP, meaning: 'Ranks that count, from the top', required: true };

type Described = Pick<MetricDefinition, 'name' | 'title' | 'aliases' | 'parameter' | 'formula' | 'source'>;

function meanOverQueries(
  definition: Described,
  measure: (query: RankedQuery, top: number) => number,
): TaskMetric<RankingExamples> {
  return {
    ...definition,
    direction: 'higher-is-better',
    bounds: UNIT_INTERVAL,
    needs: 'score',
    definition: 1,
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    formOf: (examples, at) => {
      const top = at ?? Number.POSITIVE_INFINITY;
      return meanForm(
        measureQueries(examples, (query) => measure(query, top)),
        { low: 0, high: 1 },
      );
    },
  };
}

/** An item is relevant above 0. Queries without a relevant item count as 0. */
export const RANKING_METRICS: readonly TaskMetric<RankingExamples>[] = [
  meanOverQueries(
    {
      name: 'ndcg',
      title: 'NDCG',
      aliases: ['ndcg_score', 'ndcg_cut', 'normalized_discounted_cumulative_gain'],
      parameter: TOP,
      formula:
        'mean over queries of sum of relevance / log2(rank + 1), over that of the best order; items of equal score share their gain; 0 for a query without a relevant item',
      source:
        'scikit-learn ndcg_score; K. Järvelin and J. Kekäläinen, ACM TOIS 20 (2002); ties by F. McSherry and M. Najork, ECIR (2008)',
    },
    ({ relevance, score }, top) => normalisedGain(relevance, score, { top }),
  ),
  meanOverQueries(
    {
      name: 'map',
      title: 'Mean average precision',
      aliases: ['mean_average_precision', 'map_cut'],
      parameter: TOP,
      formula:
        'mean over queries of sum over the relevant items that count of the precision at their rank, over all relevant items; of equal scores the item of the later id comes first; 0 for a query without a relevant item',
      source: 'trec_eval map, map_cut',
    },
    ({ ranked }, top) => rankedAveragePrecision(ranked, top),
  ),
  meanOverQueries(
    {
      name: 'mrr',
      title: 'Mean reciprocal rank',
      aliases: ['mean_reciprocal_rank', 'recip_rank', 'reciprocal_rank'],
      parameter: TOP,
      formula:
        'mean over queries of 1 / rank of the first relevant item that counts, 0 without one; of equal scores the item of the later id comes first',
      source: 'trec_eval recip_rank',
    },
    ({ ranked }, top) => reciprocalRank(ranked, top),
  ),
  meanOverQueries(
    {
      name: 'recall',
      title: 'Recall',
      aliases: ['recall_score'],
      parameter: TOP_ONLY,
      formula:
        'mean over queries of the share of its relevant items among the first ranks; of equal scores the item of the later id comes first; 0 for a query without a relevant item',
      source: 'trec_eval recall',
    },
    ({ ranked }, top) => recallAt(ranked, top),
  ),
  meanOverQueries(
    {
      name: 'precision',
      title: 'Precision',
      aliases: ['precision_score'],
      parameter: TOP_ONLY,
      formula:
        'mean over queries of the share of the first ranks with a relevant item, ranks that a query does not have included; of equal scores the item of the later id comes first',
      source: 'trec_eval P',
    },
    ({ ranked }, top) => precisionAt(ranked, top),
  ),
  {
    ...meanOverQueries(
      {
        name: 'hit_rate',
        title: 'Hit rate',
        aliases: ['success', 'hit_ratio'],
        parameter: TOP_ONLY,
        formula:
          'queries with a relevant item among the first ranks / n; of equal scores the item of the later id comes first',
        source: 'trec_eval success',
      },
      ({ ranked }, top) => (hitAt(ranked, top) ? 1 : 0),
    ),
    interval: INTERVALS.share,
    comparison: INTERVALS.sharedDifference,
    formOf: (examples, at = Number.POSITIVE_INFINITY) => ({
      kind: 'share',
      hits: Uint8Array.from(measureQueries(examples, ({ ranked }) => (hitAt(ranked, at) ? 1 : 0))),
      among: undefined,
    }),
  },
];
