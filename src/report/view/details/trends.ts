import type { CurveFigure, EvidenceBody, Trend } from '../../../schemas/evidence.generated.ts';
import { formatCount, formatPlain } from '../../format-number.ts';
import { drawTrendLine } from '../../sparkline.ts';
import { shortenCommit } from '../baseline-line.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';

/** Values that a line of text can show. */
const SPARK_POINTS = 40;

/** Charts beside the table. Evidence has the watched metrics first, and `mlgate trend --html` draws all. */
const MOST_DRAWN = 6;

/** The history of main's metrics: a line each, with the ranges of commits in which the level changed. */
export function listTrends({ trends = [] }: EvidenceBody): readonly DetailTable[] {
  const drawn = trends.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return [];
  return [
    {
      title: 'Trends on main',
      place: 'folded',
      lead: [],
      columns: [
        { name: 'Of', kind: 'code' },
        { name: 'Metric', kind: 'code' },
        { name: 'Commits', kind: 'number' },
        { name: 'First → last', kind: 'text' },
        { name: 'Oldest to newest', kind: 'code' },
        { name: 'Level changed', kind: 'text' },
      ],
      rows: drawn.map(describeTrend),
      figures: drawn.slice(0, MOST_DRAWN).map(drawTrend),
    },
  ];
}

function describeTrend(trend: Trend): readonly string[] {
  const values = trend.points.map(({ value }) => value);
  const known = values.filter((value) => value !== null);
  return [
    nameSubject(trend.about),
    trend.metric,
    formatCount(trend.points.length),
    `${writeValue(known[0])} → ${writeValue(known.at(-1))}`,
    drawTrendLine(values.slice(-SPARK_POINTS)),
    (trend.changes ?? [])
      .map(
        (change) =>
          `${writeValue(change.before)} → ${writeValue(change.now)} between ${shortenCommit(change.after)} and ${shortenCommit(change.at)}`,
      )
      .join('; '),
  ];
}

function writeValue(value: number | undefined): string {
  return value === undefined ? '' : formatPlain(Number(value.toPrecision(4)));
}

function drawTrend(trend: Trend, index: number): CurveFigure {
  return {
    kind: 'curve',
    id: `trend-${index}`,
    title: `${trend.metric} of ${nameSubject(trend.about)} on main`,
    about: trend.about,
    x: 'commit of main, oldest first',
    y: trend.metric,
    series: [
      {
        name: 'baseline',
        points: trend.points.flatMap(({ value, low, high }, place) =>
          value === null
            ? []
            : [
                {
                  x: place + 1,
                  y: value,
                  ...(low === undefined ? {} : { low }),
                  ...(high === undefined ? {} : { high }),
                },
              ],
        ),
      },
    ],
  };
}
