import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { pBeyond } from '../../src/comparison/interval-p-value.ts';
import { judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import { widenInterval } from '../../src/comparison/rules/widen-interval.ts';
import type { Check, Metric } from '../../src/schemas/evidence.generated.ts';
import { binomialCdf } from '../../src/statistics/distributions.ts';
import { clopperPearsonInterval } from '../../src/statistics/proportion.ts';

const ALPHA = 0.05;

const GATE: MetricGate = {
  about: { model: 'churn' },
  metric: 'accuracy',
  everySlice: true,
  severity: 'fail',
  source: { file: 'mlgate.yml', key: 'models.churn.slices' },
  boundSources: {},
};

function sliceOf(slice: string, extra: Partial<Metric> = {}): Metric {
  return {
    name: 'accuracy',
    about: { model: 'churn', datasetDigest: 'd', slice },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.8,
    n: 400,
    interval: { level: 0.9, low: 0.76, high: 0.83, method: 'Clopper-Pearson' },
    ...extra,
  };
}

function gapOf(low: number, high: number, extra: object = {}): Partial<Metric> {
  const interval = { level: 0.9, low, high, method: 'Newcombe', ...extra };
  return { gap: { rest: 0.85, n: 2000, difference: (low + high) / 2, interval } };
}

function judgeGapOf(metric: Metric, maxGap = 0.05): Check | undefined {
  return judgeMetrics({ metrics: [metric], gates: [{ ...GATE, maxGap }], alpha: ALPHA })[0];
}

describe('the gap of a slice to the rest', () => {
  test('passes, fails or is undecided by its whole interval', () => {
    expect(judgeGapOf(sliceOf('a', gapOf(-0.04, 0.01)))).toMatchObject({
      id: 'model/churn/a/accuracy/max-gap',
      verdict: 'pass',
      observed: -0.015,
      expected: 0.05,
    });
    expect(judgeGapOf(sliceOf('a', gapOf(-0.12, -0.06)))).toMatchObject({ verdict: 'fail' });
    expect(judgeGapOf(sliceOf('a', gapOf(-0.08, -0.01)))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undecided',
    });
  });

  test('of a loss is worse when higher, and a better slice is no gap', () => {
    const lower = { direction: 'lower-is-better' } as const;
    expect(judgeGapOf(sliceOf('a', { ...lower, ...gapOf(0.06, 0.12) }))?.verdict).toBe('fail');
    expect(judgeGapOf(sliceOf('a', { ...lower, ...gapOf(-0.3, -0.2) }))?.verdict).toBe('pass');
    expect(judgeGapOf(sliceOf('a', gapOf(0.2, 0.3)))?.verdict).toBe('pass');
  });

  test('says how many examples would decide', () => {
    // Half the width is 0.035 and the distance to the margin 0.005: seven times as near.
    const near = judgeGapOf(sliceOf('a', gapOf(-0.08, -0.01)));
    expect(near?.neededExamples).toBe(400 * 49);
    // As good as the rest, and still not sure: the width has to come down to the margin.
    const small = judgeGapOf(sliceOf('a', gapOf(-0.2, 0.2)));
    expect(small?.neededExamples).toBe(400 * 16);
    expect(small?.message).toContain('a slice as good as the rest needs about 6,400 for that margin');
  });

  test('that evidence does not have, or cannot have, never passes', () => {
    expect(judgeGapOf(sliceOf('a'))).toMatchObject({ verdict: 'fail', reason: 'missing' });
    const none = { rest: null, n: 0, difference: null };
    expect(judgeGapOf(sliceOf('a', { gap: none }))).toMatchObject({ verdict: 'inconclusive' });
    const undefinedRest = { rest: null, n: 9, difference: null };
    expect(judgeGapOf(sliceOf('a', { gap: undefinedRest }))).toMatchObject({
      verdict: 'fail',
      reason: 'not-finite',
    });
    const unsure = { rest: 0.8, n: 9, difference: 0 };
    expect(judgeGapOf(sliceOf('a', { gap: unsure }))).toMatchObject({ verdict: 'inconclusive' });
    expect(judgeGapOf(sliceOf('a', gapOf(-0.01, 0.01, { degenerate: true })))).toMatchObject({
      verdict: 'inconclusive',
    });
    expect(judgeGapOf(sliceOf('a', gapOf(-0.01, 0.01, { level: 0.5 })))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
    expect(judgeGapOf(sliceOf('a', { value: null, ...gapOf(0, 0) }))).toMatchObject({ verdict: 'fail' });
  });
});

describe('bounds of many slices', () => {
  const interval = { level: 0.9, low: 0.7, high: 0.79, method: 'Clopper-Pearson' };
  const barely = sliceOf('weak', { value: 0.75, interval });
  const fine = Array.from({ length: 9 }, (_, index) => sliceOf(`s${index}`));

  test('fail only where the failure survives the correction for all of them', () => {
    const gates = [{ ...GATE, atLeast: 0.8 }];
    const alone = judgeMetrics({ metrics: [barely], gates, alpha: ALPHA });
    expect(alone[0]).toMatchObject({ verdict: 'fail' });
    const among = judgeMetrics({ metrics: [barely, ...fine], gates, alpha: ALPHA });
    expect(among[0]).toMatchObject({ verdict: 'inconclusive', reason: 'multiplicity', family: 10 });
    expect(among[0]?.message).toContain('10 bounds of slices are tested here');
    const broken = sliceOf('weak', { value: 0.5, interval: { ...interval, low: 0.45, high: 0.55 } });
    expect(judgeMetrics({ metrics: [broken, ...fine], gates, alpha: ALPHA })[0]).toMatchObject({
      verdict: 'fail',
      family: 10,
    });
  });

  test('pass without any correction', () => {
    const sure = fine.map((metric) => ({ ...metric, interval: { ...interval, low: 0.8001, high: 0.82 } }));
    const checks = judgeMetrics({ metrics: sure, gates: [{ ...GATE, atLeast: 0.8 }], alpha: ALPHA });
    expect(checks.map(({ verdict }) => verdict)).toEqual(fine.map(() => 'pass'));
  });

  test('and gaps are one family', () => {
    const metrics = [barely, ...fine].map((metric) => ({ ...metric, ...gapOf(-0.02, 0.02) }));
    const checks = judgeMetrics({ metrics, gates: [{ ...GATE, atLeast: 0.8, maxGap: 0.1 }], alpha: ALPHA });
    expect(checks[0]).toMatchObject({ name: 'at-least', family: 20 });
  });
});

test('the p-value of a limit, for few examples, is the rate at which the interval would just reach it', () => {
  const part = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(part, part, part, fc.boolean(), (below, above, beyond, isAbove) => {
      const interval = { level: 0.9, low: -below, high: above, method: 'm' };
      const limit = isAbove ? above + beyond : -below - beyond;
      const p = pBeyond(0, interval, limit);
      fc.pre(p > 1e-12);
      const widened = widenInterval(0, interval, p);
      expect(isAbove ? widened.high : widened.low).toBeCloseTo(limit, 6);
      expect(p).toBeLessThanOrEqual(0.05 + 1e-12);
    }),
  );
  expect(pBeyond(0, { level: 0.9, low: -1, high: 1, method: 'm' }, 0.5)).toBe(1);
});

test('the p-value of a limit, for many examples, is no smaller than the exact one of a share', () => {
  const count = fc.integer({ min: 40, max: 400 }).chain((n) => fc.tuple(fc.constant(n), fc.nat({ max: n })));
  fc.assert(
    fc.property(count, fc.double({ min: 0, max: 1, noNaN: true }), ([n, hits], limit) => {
      const { low, high } = clopperPearsonInterval(hits, n, 0.9);
      const interval = { level: 0.9, low, high, method: 'Clopper-Pearson' };
      const exact = limit > high ? binomialCdf(hits, n, limit) : 1 - binomialCdf(hits - 1, n, limit);
      const p = pBeyond(hits / n, interval, limit, n);
      expect(p).toBeGreaterThanOrEqual((limit < low || limit > high ? exact : 0) * 0.999);
    }),
  );
  const all = { level: 0.9, low: 0.05 ** (1 / 50), high: 1, method: 'Clopper-Pearson' };
  expect(pBeyond(1, all, 0.9, 50)).toBeLessThan(1.2 * 0.9 ** 50);
});
