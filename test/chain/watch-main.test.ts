import { describe, expect, it } from 'vitest';
import { parseWholeConfig } from '../../src/chain/connect.ts';
import { recountUses } from '../../src/chain/recount-uses.ts';
import { noiseOfNumber, watchMain, watchTestSets, type MainRecord } from '../../src/chain/watch-main.ts';
import { WorldError } from '../../src/evidence/errors.ts';
import type { Check, Metric } from '../../src/schemas/evidence.generated.ts';
import { evidenceOf, TEST_SET } from '../baseline/evidence.ts';
import { commitOf, historyOf, shareInterval } from '../comparison/trend/history-of.ts';

function configOf(comparison = '') {
  return parseWholeConfig(
    `version: 1
models:
  churn:
    task: binary-classification
    predictions: { path: out.csv, id: id, target: target, score: score }
    metrics: { accuracy: { max-regression: 0.01 } }
trend: { severity: fail }
${comparison}`,
    'mlgate.yml',
  );
}

const WITH_BUDGET = configOf('comparison: { budget: { uses: 10, when-spent: fail } }');

function accuracyOf(value: number): Metric {
  return {
    name: 'accuracy',
    about: { model: 'churn', datasetDigest: TEST_SET },
    definition: 1,
    direction: 'higher-is-better',
    value,
    n: 10_000,
    interval: { ...shareInterval(value, 10_000), method: 'Wilson' },
  };
}

const PAST = historyOf([0.9, 0.9, 0.89, 0.88, 0.87], (value) => ({ interval: shareInterval(value, 10_000) }));

function recordOf(overrides: Partial<MainRecord> = {}): MainRecord {
  return {
    isMain: true,
    readHistory: async () => ({ commits: PAST.map(({ commit }) => commit), entries: PAST, unreadable: 0 }),
    readUses: async () => ({ count: 3, since: '2026-01-01T00:00:00Z' }),
    ...overrides,
  };
}

function watch(
  record: MainRecord | undefined,
  value = 0.865,
  baseline?: { readonly checks: readonly Check[] },
) {
  return watchMain({
    parsed: configOf(),
    source: { commit: commitOf(6) },
    metrics: [accuracyOf(value)],
    baseline: baseline && { ...evidenceOf(commitOf(5)).body, ...baseline },
    since: undefined,
    record,
  });
}

async function failToRead(): Promise<never> {
  throw new WorldError('The network is down.');
}

describe('watchMain on main', () => {
  it('puts this commit behind the history and fails a decay that no single change made', async () => {
    const { trends, checks, notes } = await watch(recordOf());
    expect(trends[0]?.points.map(({ value }) => value)).toEqual([0.9, 0.9, 0.89, 0.88, 0.87, 0.865]);
    expect(checks).toMatchObject([{ name: 'max-decay', verdict: 'fail', severity: 'fail' }]);
    expect(notes).toEqual([]);
  });

  it('judges a commit that was recorded before by what was measured now', async () => {
    const again = [...PAST, ...historyOf([{ commit: 6, value: 0.5 }])];
    const record = recordOf({
      readHistory: async () => ({
        commits: again.map(({ commit }) => commit),
        entries: again,
        unreadable: 2,
      }),
    });
    const { trends, notes } = await watch(record, 0.9);
    expect(trends[0]?.points.at(-1)).toMatchObject({ commit: commitOf(6), value: 0.9 });
    expect(notes).toEqual(["2 lines of main's history on the baseline's branch are not what mlgate writes."]);
  });

  it('says that history could not be read, and goes on', async () => {
    const found = await watch(recordOf({ readHistory: failToRead }));
    expect(found).toMatchObject({ trends: [], checks: [] });
    expect(found.notes).toEqual(["Main's history could not be read: The network is down."]);
  });
});

describe('watchMain on a change to main', () => {
  const alarm: Check = {
    id: 'trend/churn/accuracy',
    name: 'max-decay',
    about: { model: 'churn' },
    verdict: 'fail',
    severity: 'fail',
    message: 'Accuracy on main fell.',
  };

  it("repeats main's alarm as a remark, which fails nobody's change", async () => {
    const found = await watch(recordOf({ isMain: false }), 0.9, { checks: [alarm] });
    expect(found.checks).toEqual([]);
    expect(found.notes).toEqual(['Not this change, but main before it: Accuracy on main fell.']);
    const quiet = await watch(undefined, 0.9, { checks: [{ ...alarm, verdict: 'pass' }] });
    expect(quiet.notes).toEqual([]);
  });

  it('names what fell in one remark where there are several', async () => {
    const suspected: Check = {
      ...alarm,
      id: 'trend/churn/roc_auc',
      verdict: 'inconclusive',
      observed: -0.0312,
    };
    const found = await watch(recordOf({ isMain: false }), 0.9, {
      checks: [{ ...alarm, observed: -0.05 }, suspected],
    });
    expect(found.notes).toEqual([
      'Not this change, but main before it got worse by more than `trend.max-decay` in small steps: `accuracy` of `churn` by 0.05, `roc_auc` of `churn` by 0.031 (not sure). `mlgate trend` says since when.',
    ]);
  });
});

describe('watchTestSets', () => {
  const metrics = [accuracyOf(0.9)];

  it('counts this use beside those of the record', async () => {
    const { budgets, checks } = await watchTestSets(WITH_BUDGET, metrics, recordOf());
    expect(budgets).toMatchObject([{ uses: 4, limit: 10 }]);
    expect(checks).toMatchObject([{ verdict: 'pass' }]);
    const worn = recordOf({ readUses: async () => ({ count: 10, since: undefined }) });
    expect((await watchTestSets(WITH_BUDGET, metrics, worn)).checks).toMatchObject([
      { verdict: 'fail', reason: 'budget-spent', severity: 'fail' },
    ]);
  });

  it('is undecided where a count that is asked for cannot be read, and silent where none is', async () => {
    const failing = recordOf({ readUses: failToRead });
    expect((await watchTestSets(WITH_BUDGET, metrics, failing)).checks).toMatchObject([
      { verdict: 'inconclusive', reason: 'unreadable' },
    ]);
    expect((await watchTestSets(configOf(), metrics, failing)).checks).toEqual([]);
  });

  it('speaks of a worn test set without a budget, on main alone', async () => {
    const often = recordOf({ readUses: async () => ({ count: 500, since: undefined }) });
    expect((await watchTestSets(configOf(), metrics, often)).notes).toHaveLength(1);
    expect((await watchTestSets(configOf(), metrics, { ...often, isMain: false })).notes).toEqual([]);
  });
});

describe('recountUses', () => {
  it("drops what untrusted code said of its budget, and judges by the record's count", async () => {
    const forged: Check = {
      id: 'model/churn/test-set-budget',
      name: 'test-set-budget',
      about: { model: 'churn' },
      verdict: 'pass',
      severity: 'warn',
      message: 'All is well.',
    };
    const claimed = evidenceOf(commitOf(6), {
      body: { checks: [forged], verdict: 'pass', metrics: [accuracyOf(0.9)] },
    });
    const worn = recordOf({ isMain: false, readUses: async () => ({ count: 99, since: undefined }) });
    const { body, digest } = await recountUses(claimed, WITH_BUDGET, worn);
    expect(body.checks).toMatchObject([{ id: forged.id, verdict: 'fail', observed: 100 }]);
    expect(body).toMatchObject({ verdict: 'fail', budgets: [{ uses: 100 }] });
    expect(digest).not.toBe(claimed.digest);
  });
});

describe('noiseOfNumber', () => {
  const about = { metricsFile: 'training' };
  const points = Array.from({ length: 20 }, (_, index) => ({
    commit: commitOf(index),
    value: index % 2 === 0 ? 1 : 1.1,
  }));

  it('is what main measured again, or what neighbours differ by, of the number that was asked for', () => {
    const trends = [
      { about, metric: 'loss', points, noise: 0.03, noiseDegreesOfFreedom: 3 },
      { about, metric: 'f1', points },
    ];
    expect(noiseOfNumber(trends, 'training', 'loss')).toEqual({
      standardDeviation: 0.03,
      degreesOfFreedom: 3,
    });
    expect(noiseOfNumber(trends, 'training', 'f1')?.standardDeviation).toBeCloseTo(
      (0.1 * 1.4826) / Math.SQRT2,
      4,
    );
    expect(noiseOfNumber(trends, 'other', 'f1')).toBeUndefined();
    expect(noiseOfNumber(undefined, 'training', 'f1')).toBeUndefined();
  });
});
