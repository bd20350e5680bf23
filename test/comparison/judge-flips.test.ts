import { describe, expect, it } from 'vitest';
import {
  judgeFlips,
  listFlipGates,
  skipFlips,
  type FlipGate,
  type FlipJudgeRequest,
} from '../../src/comparison/judge-flips.ts';
import { measureShare } from '../../src/comparison/share-of-rows.ts';
import { UserError } from '../../src/evidence/errors.ts';
import type {
  BaselineUsed,
  Check,
  Flips,
  Metric,
  MetricComparison,
} from '../../src/schemas/evidence.generated.ts';
import { binomialProbability } from '../../src/statistics/distributions.ts';
import { metricOf } from '../evidence/cases.ts';
import { CHURN, parse } from '../chain/memory-effects.ts';

const SOURCE = { file: 'mlgate.yml', key: 'models.churn.max-negative-flips', line: 7, column: 5 };
const EXACT: BaselineUsed = { rung: 'exact', commit: 'b'.repeat(40), tried: [] };

function gate(limit: number): FlipGate {
  return { model: 'churn', limit, source: SOURCE };
}

function share(count: number, n: number, alpha: number) {
  return measureShare(
    Uint8Array.from({ length: n }, (_, row) => (row < count ? 1 : 0)),
    undefined,
    1 - 2 * alpha,
  );
}

function flipsOf(negative: number, n: number, changes: Partial<Flips> = {}, alpha = 0.05): Flips {
  const counted = share(negative, n, alpha);
  return {
    about: { model: 'churn', datasetDigest: 'd'.repeat(64) },
    n,
    negative: counted,
    positive: counted,
    churn: share(2 * negative, n, alpha),
    examples: [],
    ...changes,
  };
}

function comparedBy(method: MetricComparison['method'], changes: Partial<MetricComparison> = {}): Metric {
  return metricOf('accuracy', { n: 100, comparison: { baseline: 0.9, difference: 0, method, ...changes } });
}

function judge(changes: Partial<FlipJudgeRequest>): Check {
  const [check] = judgeFlips({
    flips: [],
    metrics: [comparedBy('paired')],
    gates: [gate(0.02)],
    baseline: EXACT,
    alpha: 0.05,
    power: 0.8,
    ...changes,
  });
  if (check === undefined) throw new Error('There is no check.');
  return check;
}

describe('judgeFlips', () => {
  it.each([
    ['pass', 31, 3000, 'flipped from right to wrong; at most 2 % is asked for.'],
    ['fail', 100, 3000, 'above the 2 % allowed. Look at the examples that flipped.'],
    ['inconclusive', 5, 300, 'these 300 examples cannot tell whether it is at most 2 %'],
  ] as const)('is %s by the interval of the share', (verdict, count, n, words) => {
    const check = judge({ flips: [flipsOf(count, n)] });
    expect(check).toMatchObject({
      id: 'model/churn/max-negative-flips',
      name: 'max-negative-flips',
      about: { model: 'churn', datasetDigest: 'd'.repeat(64) },
      verdict,
      severity: 'fail',
      observed: count / n,
      expected: 0.02,
      rows: n,
      source: SOURCE,
    });
    expect(check.message).toContain(words);
  });

  it('says the share with its counts and limits', () => {
    expect(judge({ flips: [flipsOf(31, 3000)] }).message).toBe(
      '1.03 % of the examples (31 of 3,000; 90 % interval 0.75 to 1.39 %) flipped from right to wrong; at most 2 % is asked for.',
    );
  });

  it('says how many examples would decide, if any number would', () => {
    const few = judge({ flips: [flipsOf(3, 300)] });
    expect(few).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
    // By hand: ((1.645 root(0.02 * 0.98) + 0.842 root(0.01 * 0.99)) / 0.01)^2 = 986.
    expect(few.message).toContain('If this is the true share, about 990 examples would decide.');
    const close = judge({ flips: [flipsOf(6, 300)] });
    expect(close.message).toContain('The true share lies close to what is allowed.');
  });

  it('says what flips without any change, where it does not pass', () => {
    const words = "Training main's recipe again flips 1.2 % by itself.";
    expect(judge({ flips: [flipsOf(3, 300, { retraining: 0.01234 })] }).message).toContain(words);
    expect(judge({ flips: [flipsOf(60, 300, { retraining: 0.01234 })] }).message).toContain(words);
    expect(judge({ flips: [flipsOf(0, 3000, { retraining: 0.01234 })] }).message).not.toContain(words);
  });

  it.each([
    [30, 0.02],
    [100, 0.01],
    [218, 0.001],
    [300, 0.02],
    [300, 0.5],
    [1000, 0.003],
  ])('errs at %i examples and a true share of exactly %f no more often than alpha', (n, limit) => {
    let [passes, fails] = [0, 0];
    for (let count = 0; count <= n; count++) {
      const probability = binomialProbability(count, n, limit);
      if (probability < 1e-9) continue;
      const { verdict } = judge({ flips: [flipsOf(count, n)], gates: [gate(limit)] });
      if (verdict === 'pass') passes += probability;
      if (verdict === 'fail') fails += probability;
    }
    expect(passes).toBeLessThanOrEqual(0.05);
    expect(fails).toBeLessThanOrEqual(0.05);
  });

  it('asks for more where examples belong to groups', () => {
    const wide = { level: 0.9, low: 0.001, high: 0.05, method: 'Korn-Graubard, clustered by group' };
    const clustered = flipsOf(2, 300, { negative: { count: 2, share: 2 / 300, interval: wide } });
    const asked = /about ([0-9,]+) examples/.exec(judge({ flips: [clustered] }).message)?.[1];
    expect(Number(asked?.replaceAll(',', ''))).toBeGreaterThan(1500);
  });

  it('passes an unchanged model at any n, but not evidence that only says so', () => {
    const flips = [flipsOf(0, 10)];
    expect(judge({ flips, metrics: [comparedBy('unchanged')] })).toMatchObject({
      verdict: 'pass',
      reason: 'unchanged',
    });
    expect(judge({ flips })).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
    const flipped = [flipsOf(3, 10)];
    expect(judge({ flips: flipped, metrics: [comparedBy('unchanged')] }).verdict).not.toBe('pass');
  });

  it('takes no interval of another level for a pass, but for a fail', () => {
    const narrow = flipsOf(31, 3000, {}, 0.2);
    expect(judge({ flips: [narrow] })).toMatchObject({ verdict: 'inconclusive', reason: 'policy-changed' });
    expect(judge({ flips: [flipsOf(200, 3000, {}, 0.2)] })).toMatchObject({ verdict: 'fail' });
  });

  it('is undecided where the share has no interval', () => {
    const single = flipsOf(3, 10, { negative: { count: 3, share: 0.3 } });
    expect(judge({ flips: [single] })).toMatchObject({ verdict: 'inconclusive', reason: 'degenerate' });
  });

  it('looks at its own model and the whole test set only', () => {
    const others = [
      flipsOf(0, 3000, { about: { model: 'other' } }),
      flipsOf(0, 3000, { about: { model: 'churn', slice: 'a=b' } }),
    ];
    expect(judge({ flips: others }).verdict).toBe('fail');
  });

  describe('without flips', () => {
    it('says why the models could not be paired', () => {
      const detail = 'The targets changed.';
      const metrics = [comparedBy('none', { reason: 'test-set-changed', detail })];
      const check = judge({ metrics });
      expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'test-set-changed' });
      expect(check.message).toContain(detail);
    });

    it('refuses ids that do not match', () => {
      const metrics = [comparedBy('none', { reason: 'unmatched-ids' })];
      expect(judge({ metrics })).toMatchObject({ verdict: 'fail', reason: 'unmatched-ids' });
    });

    it('cannot judge two test sets that are only of the same kind', () => {
      const check = judge({ metrics: [comparedBy('unpaired')] });
      expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'test-set-changed' });
    });

    it('fails where the models were paired: somebody cut them out', () => {
      expect(judge({})).toMatchObject({ verdict: 'fail', reason: 'missing' });
      expect(judge({ metrics: [] })).toMatchObject({ verdict: 'fail', reason: 'missing' });
      const half = [comparedBy('none', { reason: 'definition-changed' }), comparedBy('paired')];
      expect(judge({ metrics: half })).toMatchObject({ verdict: 'fail', reason: 'missing' });
    });

    it('has nothing to judge without a baseline, and says at once what this test set could never show', () => {
      const metrics = [metricOf('accuracy', { n: 100 })];
      const none = judge({ metrics, baseline: undefined });
      expect(none).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
      // By hand: ln 0.05 / ln 0.98 = 148.3.
      expect(none.message).toContain(
        'Even without a flip these 100 examples could not show a share of at most 2 %: that takes 150.',
      );
      const enough = judge({ metrics: [metricOf('accuracy', { n: 149 })], baseline: undefined });
      expect(enough.message).not.toContain('Even without a flip');
      expect(judge({ metrics })).toMatchObject({ verdict: 'inconclusive', reason: 'not-in-baseline' });
    });
  });
});

describe('skipFlips', () => {
  it('leaves out bounds whose files could not be used', () => {
    expect(skipFlips([gate(0.02)], 'the predictions')).toMatchObject([
      { id: 'model/churn/max-negative-flips', verdict: 'skipped', reason: 'depends-on-failed-check' },
    ]);
  });
});

function list(model: object): readonly FlipGate[] {
  const { config, locate } = parse({ models: { churn: { ...CHURN, ...model } } });
  return listFlipGates(config, locate);
}

describe('listFlipGates', () => {
  it('reads numbers and percentages, with their place', () => {
    expect(list({ 'max-negative-flips': 0.02 })).toMatchObject([{ model: 'churn', limit: 0.02 }]);
    expect(list({ 'max-negative-flips': '2.5%' })).toMatchObject([
      { limit: 0.025, source: { file: 'mlgate.yml', key: 'models.churn.max-negative-flips' } },
    ]);
    expect(list({})).toEqual([]);
  });

  const value = { path: 'new.csv', id: 'id', target: 'y', prediction: 'p' };

  it.each([
    ['of 0, which nothing can show', { 'max-negative-flips': 0 }, 'no number of examples can show'],
    ['of 1, which is a slip', { 'max-negative-flips': 1 }, 'Did you mean `1%`?'],
    [
      'of a regression',
      { task: 'regression', predictions: value, 'max-negative-flips': 0.1 },
      'no example of a regression is right or wrong',
    ],
    ['without pairs', { unpaired: true, 'max-negative-flips': 0.1 }, '`unpaired: true` compares no example'],
  ])('refuses a bound %s, when the config is read', (_name, model, words) => {
    expect(() => list(model)).toThrow(UserError);
    expect(() => list(model)).toThrow(/^mlgate\.yml:\d+:\d+: `models\.churn\.max-negative-flips`: /);
    expect(() => list(model)).toThrow(words);
  });
});
