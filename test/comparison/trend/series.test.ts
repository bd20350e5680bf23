import { describe, expect, it } from 'vitest';
import { listCurrentSeries, segmentSeries } from '../../../src/comparison/trend/series.ts';
import { commitOf, historyOf } from './history-of.ts';

const KEY = { metric: 'accuracy', about: { model: 'churn' } };

describe('segmentSeries', () => {
  it('begins anew where the test set or the definition changes', () => {
    const history = historyOf([0.8, 0.81, 0.9, 0.91, 0.5], (_, index) => ({
      about: { model: 'churn', datasetDigest: (index < 2 ? 'a' : 'b').repeat(64) },
      definition: index < 4 ? 1 : 2,
    }));
    const values = segmentSeries(history, KEY).map(({ points }) => points.map(({ value }) => value));
    expect(values).toEqual([[0.8, 0.81], [0.9, 0.91], [0.5]]);
    expect(listCurrentSeries(history).map(({ points }) => points.length)).toEqual([1]);
  });

  it('keeps the first measurement of a commit as its point, and all as measurements', () => {
    const history = historyOf([0.8, { commit: 1, value: 0.82 }, { commit: 2, value: 0.79 }]);
    const [series] = segmentSeries(history, KEY);
    expect(series?.points.map(({ commit, value }) => [commit, value])).toEqual([
      [commitOf(1), 0.8],
      [commitOf(2), 0.79],
    ]);
    expect(series?.measurements.map(({ value }) => value)).toEqual([0.8, 0.82, 0.79]);
  });

  it('knows nothing of a metric that was never measured', () => {
    expect(segmentSeries(historyOf([0.8]), { ...KEY, metric: 'f1' })).toEqual([]);
    expect(segmentSeries(historyOf([0.8]), { ...KEY, about: { model: 'other' } })).toEqual([]);
  });
});
