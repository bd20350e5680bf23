/** What a table can show beside another one, or one of another time. */
import type { Anomaly } from './anomaly.ts';

export const COMPARISON_ANOMALIES = [
  {
    name: 'COMPARATOR_L_INFTY_HIGH',
    meaning:
      'The share of one category or bin has changed by more than allowed, and by more than chance explains.',
    asked: '`drift`, `skew` with the method `l-infinity`',
    cause: 'A new category, another source of the data, or a default that took over.',
    example: '`north` is 40% of the rows, and was 25%.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH',
    meaning: 'Categories or bins are distributed otherwise than allowed, and than chance explains.',
    asked: '`drift`, `skew`: the method of categories',
    cause: 'Another mix of sources, a new or renamed category, or a filter that changed.',
    example: '`plan` was basic, plus and pro in equal shares, and is basic in nine of ten rows.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_DISTANCE_HIGH',
    meaning: 'Values, or lengths of texts, have moved farther than allowed, and than chance explains.',
    asked: '`drift`, `skew`: the method of numbers and times, and the other methods',
    cause: 'Another unit or scale, another population, a filter that changed, or the world.',
    example: 'The ages of main have mean 41, those here mean 55.',
    cure: 'Look at both histograms in the report and at how the column is made; if it may move so far, raise its `threshold` or name it in `exclude`.',
    origin: 'mlgate',
  },
  {
    name: 'COMPARATOR_MISSING_SHARE_HIGH',
    meaning: 'The share of absent cells has changed by more than allowed, and by more than chance explains.',
    asked: '`drift`, `skew`',
    cause:
      'A source that no longer delivers, a join that finds no partner, or an imputation that was added or lost.',
    example: '`income` is empty in 30% of the rows, and was in 2%.',
    cure: 'Find out where the cells were lost or filled; if their share may change so much, raise `missing` of the column.',
    origin: 'mlgate',
  },
  {
    name: 'DATASET_DRIFT',
    meaning: 'A larger share of the columns has drifted than allowed.',
    asked: '`drift`',
    cause: 'Another population or period, or a change in how the data are made.',
    example: '9 of 20 columns have drifted where `max-share` is 0.3.',
    cure: 'Look at the columns that moved farthest; train again if the change is here to stay, or raise `max-share`.',
    origin: 'mlgate',
  },
  {
    name: 'SCHEMA_TRAINING_SERVING_SKEW',
    meaning: 'More of the columns than allowed are distributed otherwise in training than in serving.',
    asked: '`skew`',
    cause:
      'Features that are computed in two places, or training data of another time or place than what is served.',
    example: '`age` is in years in training and in months in serving.',
    cure: 'Compute the columns that differ in one place for both, or train on what is served.',
    origin: 'TFDV',
  },
  {
    name: 'COMPARATOR_TABLES_DIFFER',
    meaning:
      'A classifier tells rows of the two tables apart that it has not seen: columns may have moved together.',
    asked: '`drift`, `skew` with `multivariate: true`',
    cause:
      'Columns that no longer belong together as they did, a join on another key, or columns that moved.',
    example: '`height` and `weight` are each as they were, and no longer go together.',
    cure: 'Look at the columns by which it tells them apart; leave out those that may differ with `exclude`.',
    origin: 'mlgate',
  },
] as const satisfies readonly Anomaly[];
