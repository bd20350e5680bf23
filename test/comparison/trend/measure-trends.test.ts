import { describe, expect, it } from 'vitest';
import {
  findUnwatched,
  judgeTrends,
  measureTrends,
  type TrendRequest,
} from '../../../src/comparison/trend/measure-trends.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { commitOf, historyOf, shareInterval } from './history-of.ts';

const random = createRandom(5);

/** 60 commits, of which those from `fall` on are lower by 0.05. */
function fallingValues(fall: number): readonly number[] {
  return Array.from(
    { length: 60 },
    (_, index) => (index < fall ? 0.9 : 0.85) + 0.004 * (random.uniform() - 0.5),
  );
}

function requestOf(history: TrendRequest['history'], overrides: Partial<TrendRequest> = {}): TrendRequest {
  return {
    history,
    commits: history.map(({ commit }) => commit),
    config: { window: 200, alpha: 0.01, severity: 'fail' },
    alpha: 0.05,
    gates: [],
    seed: 1,
    everyChange: true,
    locate: (path) => ({ file: 'mlgate.yml', key: path.join('.') }),
    ...overrides,
  };
}

const DECAY = { window: 200, alpha: 0.01, severity: 'fail', 'max-decay': { Accuracy: 0.02 } } as const;

describe('measureTrends', () => {
  it('names the range of commits in which the level changed, with those that nobody measured', () => {
    const values = fallingValues(30);
    const all = historyOf(values);
    // Commit 31, the first of the new level, and 30, the last of the old, were never measured.
    const history = all.filter((_, index) => index !== 30 && index !== 29);
    const commits = all.map(({ commit }) => commit);
    const [measured] = measureTrends(requestOf(history, { commits }));
    expect(measured?.trend.changes).toHaveLength(1);
    expect(measured?.trend.changes?.[0]).toMatchObject({
      after: commitOf(29),
      at: commitOf(32),
      between: [commitOf(30), commitOf(31)],
      p: 0.001,
    });
    expect(measured?.trend.changes?.[0]?.now).toBeCloseTo(0.85, 2);
    expect(measured?.decay).toBeUndefined();
  });

  it('looks only at watched metrics where that is enough', () => {
    const history = historyOf(fallingValues(30));
    const [unwatched] = measureTrends(requestOf(history, { everyChange: false }));
    expect(unwatched?.trend).not.toHaveProperty('changes');
    const [watched] = measureTrends(requestOf(history, { everyChange: false, config: DECAY }));
    expect(watched?.trend.changes).toHaveLength(1);
  });

  it('finds no change in noise, and takes values that are none for gaps', () => {
    const values = fallingValues(60).map((value, index) => (index === 20 ? null : value));
    const [measured] = measureTrends(requestOf(historyOf(values)));
    expect(measured?.trend).not.toHaveProperty('changes');
    expect(measured?.trend.points[20]).toMatchObject({ value: null });
  });

  it('shows noise only where the same commit was measured again', () => {
    const again = [0.9, 0.91, 0.92, 0.9, 0.88].map((value) => ({ commit: 1, value }));
    const [measured] = measureTrends(requestOf(historyOf(again)));
    expect(measured?.trend.noise).toBeCloseTo(0.0148, 4);
    expect(measureTrends(requestOf(historyOf(fallingValues(30))))[0]?.trend).not.toHaveProperty('noise');
  });
});

describe('judgeTrends', () => {
  it('fails a fall beyond the margin, and says since when and by which change', () => {
    const history = historyOf(fallingValues(30), (value) => ({ interval: shareInterval(value, 10_000) }));
    const [check] = judgeTrends(measureTrends(requestOf(history, { config: DECAY })), 'fail');
    expect(check).toMatchObject({
      id: 'trend/churn/accuracy',
      name: 'max-decay',
      verdict: 'fail',
      severity: 'fail',
      expected: 0.02,
      source: { file: 'mlgate.yml', key: 'trend.max-decay.Accuracy' },
    });
    expect(check?.message).toContain('It got worse between `00000000` and `00000000`.');
    expect(check?.message).toContain('more than the 0.02 that main may lose');
  });

  it('takes the margin of max-regression where the config sets no other', () => {
    const gate = {
      about: { model: 'churn' },
      metric: 'accuracy',
      maxRegression: { kind: 'relative', value: 0.02 },
      severity: 'fail',
      source: { file: 'mlgate.yml', key: 'models.churn.metrics.accuracy' },
      boundSources: {},
    } as const;
    const history = historyOf(fallingValues(30), (value) => ({ interval: shareInterval(value, 10_000) }));
    const [check] = judgeTrends(measureTrends(requestOf(history, { gates: [gate] })), 'warn');
    expect(check).toMatchObject({ verdict: 'fail', severity: 'warn', expected: '2%', source: gate.source });
    const other = { ...gate, metric: 'f1' };
    expect(judgeTrends(measureTrends(requestOf(history, { gates: [other] })), 'warn')).toEqual([]);
  });

  it('is quiet where main has not fallen, and does not look across a change of the test set', () => {
    const steady = historyOf(fallingValues(60), (value) => ({ interval: shareInterval(value, 10_000) }));
    const [quiet] = judgeTrends(measureTrends(requestOf(steady, { config: DECAY })), 'fail');
    expect(quiet?.verdict).toBe('pass');
    const changed = historyOf(fallingValues(30), (value, index) => ({
      interval: shareInterval(value, 10_000),
      about: { model: 'churn', datasetDigest: (index < 30 ? 'a' : 'b').repeat(64) },
    }));
    const [after] = judgeTrends(measureTrends(requestOf(changed, { config: DECAY })), 'fail');
    expect(after?.verdict).toBe('pass');
  });

  it('says where it judged points alone', () => {
    const few = historyOf([0.9, 0.9, 0.8]);
    const [check] = judgeTrends(measureTrends(requestOf(few, { config: DECAY })), 'fail');
    expect(check).toMatchObject({ verdict: 'fail', reason: 'point-rule' });
  });
});

describe('findUnwatched', () => {
  it('fails a margin for a metric that main does not have', () => {
    const config = { ...DECAY, 'max-decay': { accuracy: 0.02, acuracy: 0.02 } };
    const request = requestOf(historyOf(fallingValues(60)), { config });
    expect(findUnwatched(measureTrends(request), request)).toMatchObject([
      { id: 'trend/max-decay/acuracy', verdict: 'fail', reason: 'missing', severity: 'fail' },
    ]);
  });
});
