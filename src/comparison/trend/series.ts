import type { HistoryPoint, HistoryValue } from '../../evidence/metric-history.ts';

/** One metric over the commits of main, as far as its values can be compared: on one test set, by one definition. */
export interface Series {
  readonly about: HistoryValue['about'];
  readonly metric: string;
  readonly definition: number;
  readonly direction: HistoryValue['direction'];
  /** The first measurement of each commit, oldest first. */
  readonly points: readonly SeriesPoint[];
  /** Every measurement, in the same order: a commit that was measured again stands there again. */
  readonly measurements: readonly SeriesPoint[];
}

export interface SeriesPoint extends Pick<HistoryValue, 'value' | 'interval' | 'change'> {
  readonly commit: string;
  readonly at?: string;
}

/** What one metric is, whatever it was measured on. */
type SeriesKey = Pick<Series, 'metric'> & {
  readonly about: Pick<HistoryValue['about'], 'model' | 'metricsFile'>;
};

function isOf(key: SeriesKey, value: HistoryValue): boolean {
  return (
    key.metric === value.metric &&
    key.about.model === value.about.model &&
    key.about.metricsFile === value.about.metricsFile
  );
}

/**
 * The series of one metric, oldest first: where the test set or the definition of the metric changes, a new one begins,
 * because a difference across that says nothing about the model. Empty if the metric was never measured.
 * @param history oldest first.
 */
export function segmentSeries(history: readonly HistoryPoint[], key: SeriesKey): readonly Series[] {
  const segments: Series[] = [];
  for (const { commit, at, values } of history) {
    const value = values.find((each) => isOf(key, each));
    if (value === undefined) continue;
    const last = segments.at(-1);
    const point = toPoint(commit, at, value);
    if (last === undefined || !isSameMeasure(last, value)) segments.push(beginSeries(value, point));
    else segments[segments.length - 1] = addPoint(last, point);
  }
  return segments;
}

/** The series that the newest measurement belongs to, for every metric of the history. */
export function listCurrentSeries(history: readonly HistoryPoint[]): readonly Series[] {
  const keys = new Map<string, SeriesKey>();
  for (const { metric, about } of history.flatMap(({ values }) => values)) {
    keys.set(JSON.stringify([about.model, about.metricsFile, metric]), { metric, about });
  }
  return [...keys.values()].flatMap((key) => segmentSeries(history, key).slice(-1));
}

function toPoint(commit: string, at: string | undefined, measured: HistoryValue): SeriesPoint {
  const { value, interval, change } = measured;
  return {
    commit,
    ...(at === undefined ? {} : { at }),
    value,
    ...(interval === undefined ? {} : { interval }),
    ...(change === undefined ? {} : { change }),
  };
}

function isSameMeasure(series: Series, value: HistoryValue): boolean {
  return (
    series.about.datasetDigest === value.about.datasetDigest &&
    series.definition === value.definition &&
    series.direction === value.direction
  );
}

function beginSeries(value: HistoryValue, point: SeriesPoint): Series {
  const { about, metric, definition, direction } = value;
  return { about, metric, definition, direction, points: [point], measurements: [point] };
}

function addPoint(series: Series, point: SeriesPoint): Series {
  const again = series.points.some(({ commit }) => commit === point.commit);
  return {
    ...series,
    points: again ? series.points : [...series.points, point],
    measurements: [...series.measurements, point],
  };
}
