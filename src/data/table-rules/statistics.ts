/** `statistics`: bounds on what the values of a column are together. */
import type { Measure, StatisticName } from '../../engine/aggregates.ts';
import type { ColumnStatistics } from '../../schemas/data-schema.generated.ts';
import { showName, showShare } from '../word-condition.ts';
import { listBoundRules, showNumber, type Bounded } from './bounds.ts';
import { encodeName } from '../list-column-rules.ts';
import { asNumber, type RuleContext, type TableRule } from './table-rule.ts';

const STATISTICS: Readonly<Record<StatisticName, string>> = {
  minimum: 'smallest value',
  maximum: 'largest value',
  mean: 'mean',
  'standard-deviation': 'standard deviation',
  median: 'median',
  sum: 'sum',
};

const STATISTIC_ANOMALIES = { 'at-least': 'STATISTIC_TOO_LOW', 'at-most': 'STATISTIC_TOO_HIGH' } as const;
const UNIQUE_ANOMALIES = {
  'at-least': 'FEATURE_TYPE_LOW_UNIQUE',
  'at-most': 'FEATURE_TYPE_HIGH_UNIQUE',
} as const;

export function listStatisticsRules(
  statistics: Readonly<Record<string, ColumnStatistics>>,
  context: RuleContext,
): readonly TableRule[] {
  return Object.entries(statistics).flatMap(([column, asked]) =>
    listBounded(column, asked).flatMap((bounded) => listBoundRules(context, bounded)),
  );
}

function listBounded(column: string, asked: ColumnStatistics): readonly Bounded[] {
  const name = showName(column);
  const base = { columns: [column], show: showNumber };
  const idOf = (key: string) => (anomaly: string) => `${encodeName(column)}/${anomaly}/${key}`;
  const plain = (Object.keys(STATISTICS) as StatisticName[]).map((of): Bounded => ({
    ...base,
    bounds: asked[of],
    names: STATISTIC_ANOMALIES,
    idOf: idOf(of),
    path: ['statistics', column, of],
    measure: { kind: 'statistic', of, column: asNumber(column) },
    subject: `The ${STATISTICS[of]} of ${name}`,
  }));
  const quantiles = Object.entries(asked.quantiles ?? {}).map(([probability, bounds]): Bounded => ({
    ...base,
    bounds,
    names: STATISTIC_ANOMALIES,
    idOf: idOf(`quantile-${probability}`),
    path: ['statistics', column, 'quantiles', probability],
    measure: { kind: 'quantile', probability: Number(probability), column: asNumber(column) },
    subject: `The ${probability} quantile of ${name}`,
  }));
  const distinct = (share: boolean): Measure => ({ kind: 'distinct', column, share });
  return [
    ...plain,
    ...quantiles,
    {
      ...base,
      bounds: asked.distinct,
      names: UNIQUE_ANOMALIES,
      idOf: idOf('distinct'),
      path: ['statistics', column, 'distinct'],
      measure: distinct(false),
      subject: `The number of different values of ${name}`,
    },
    {
      ...base,
      bounds: asked['distinct-share'],
      names: UNIQUE_ANOMALIES,
      idOf: idOf('distinct-share'),
      path: ['statistics', column, 'distinct-share'],
      measure: distinct(true),
      subject: `The share of different values of ${name}`,
      show: showShare,
    },
  ];
}
