import { describe, expect, test } from 'vitest';
import type { MetricGate } from '../../src/comparison/gate.ts';
import { gateCheckId, judgeMetrics } from '../../src/comparison/judge-metrics.ts';
import type {
  BaselineUsed,
  Interval,
  Metric,
  MetricComparison,
} from '../../src/schemas/evidence.generated.ts';

const ALPHA = 0.05;
const EXACT: BaselineUsed = { rung: 'exact', tried: [] };

function interval(low: number, high: number, extra: Partial<Interval> = {}): Interval {
  return { level: 0.9, low, high, method: 'paired DeLong', ...extra };
}

function metric(comparison: Partial<MetricComparison> | undefined, extra: Partial<Metric> = {}): Metric {
  const base: Metric = {
    name: 'roc_auc',
    about: { model: 'churn', datasetDigest: 'd' },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.78,
    n: 3000,
    interval: interval(0.77, 0.79),
  };
  if (comparison === undefined) return { ...base, ...extra };
  const full: MetricComparison = {
    baseline: 0.8,
    difference: -0.02,
    method: 'paired',
    pairs: 3000,
    ...comparison,
  };
  return { ...base, comparison: full, ...extra };
}

function gate(bounds: Partial<MetricGate>): MetricGate {
  const source = { file: 'mlgate.yml', key: 'models.churn.metrics.roc_auc' };
  return {
    about: { model: 'churn' },
    metric: 'roc_auc',
    severity: 'fail',
    source,
    boundSources: {},
    ...bounds,
  };
}

const REGRESSION = gate({ maxRegression: { kind: 'absolute', value: 0.02 } });
const FIVE_PERCENT = gate({ maxRegression: { kind: 'relative', value: 0.05 } });

function judge(
  item: Metric | undefined,
  rule: MetricGate,
  baseline: BaselineUsed | undefined = EXACT,
  alpha = ALPHA,
) {
  const checks = judgeMetrics({ metrics: item === undefined ? [] : [item], gates: [rule], baseline, alpha });
  expect(checks).toHaveLength(1);
  const [check] = checks;
  if (check === undefined) throw new Error('no check');
  return check;
}

describe('max-regression', () => {
  test.each([
    [-0.004, 0.012, 'pass'],
    [-0.02, 0.004, 'pass'],
    [-0.03, 0.004, 'inconclusive'],
    [-0.03, -0.02, 'inconclusive'],
    [-0.042, -0.0201, 'fail'],
  ])('with a margin of 0.02 an interval of %d to %d is %s', (low, high, verdict) => {
    const check = judge(metric({ difference: (low + high) / 2, interval: interval(low, high) }), REGRESSION);
    expect(check.verdict).toBe(verdict);
    expect(check.reason).toBe(verdict === 'inconclusive' ? 'undecided' : undefined);
  });

  test('is turned round where lower is better', () => {
    const loss = { name: 'log_loss', direction: 'lower-is-better' as const };
    const rule = { ...REGRESSION, metric: 'log_loss' };
    expect(judge(metric({ difference: 0.03, interval: interval(0.025, 0.035) }, loss), rule)).toMatchObject({
      verdict: 'fail',
      message: 'Log loss rose by 0.0300 (90 % interval 0.0250 to 0.0350 worse), more than the 0.02 allowed.',
    });
    expect(judge(metric({ difference: -0.03, interval: interval(-0.035, -0.025) }, loss), rule).verdict).toBe(
      'pass',
    );
  });

  test('says in one sentence what happened', () => {
    expect(
      judge(metric({ difference: -0.031, interval: interval(-0.042, -0.0203) }), REGRESSION).message,
    ).toBe('ROC AUC fell by 0.031 (90 % interval 0.020 to 0.042 worse), more than the 0.02 allowed.');
    expect(judge(metric({ difference: -0.004, interval: interval(-0.012, 0.004) }), REGRESSION).message).toBe(
      'ROC AUC fell by 0.0040 (90 % interval 0.0120 worse to 0.0040 better), within the 0.02 allowed.',
    );
    const undecided = metric({
      difference: -0.012,
      interval: interval(-0.03, 0.006),
      pairs: 800,
      smallestVisibleChange: 0.0351,
      examplesToDecide: 2345,
    });
    expect(judge(undecided, REGRESSION).message).toBe(
      'ROC AUC fell by 0.012 (90 % interval 0.030 worse to 0.006 better). These 800 examples cannot tell whether it is worse by more than the 0.02 allowed. The smallest change that they show reliably is 0.035; about 2,400 examples would decide.',
    );
  });

  test('a relative margin is judged by its own quantity, at the margin that was tested', () => {
    const relative = { value: 0.01, interval: interval(0.001, 0.02) };
    const tested = metric({ interval: interval(-0.05, -0.03), relativeMargin: 0.05, relative });
    expect(judge(tested, FIVE_PERCENT)).toMatchObject({ verdict: 'pass', expected: '5%' });
    expect(judge(tested, FIVE_PERCENT).message).toContain("within the 5 % (of the baseline's 0.8) allowed.");
    const worse = metric({
      interval: interval(-0.05, -0.03),
      relativeMargin: 0.05,
      relative: { value: -0.02, interval: interval(-0.03, -0.01) },
    });
    expect(judge(worse, FIVE_PERCENT).verdict).toBe('fail');
    const other = gate({ maxRegression: { kind: 'relative', value: 0.03 } });
    expect(judge(tested, other)).toMatchObject({ verdict: 'inconclusive', reason: 'policy-changed' });
    expect(judge(metric({ interval: interval(-0.05, -0.03) }), FIVE_PERCENT).reason).toBe('policy-changed');
  });

  test.each([0, -0.4])('a relative margin of a baseline of %d asks for an absolute one', (baseline) => {
    const check = judge(metric({ baseline, interval: interval(-0.01, 0.01) }), FIVE_PERCENT);
    expect(check).toMatchObject({ verdict: 'fail', reason: 'degenerate' });
    expect(check.message).toContain('absolute margin');
  });

  test('an unchanged model passes at any n', () => {
    const check = judge(metric({ method: 'unchanged', difference: 0, pairs: 10 }), REGRESSION);
    expect(check).toMatchObject({ verdict: 'pass', reason: 'unchanged', observed: 0, rows: 10 });
  });

  test('without a baseline it is inconclusive, and says what comes next', () => {
    for (const baseline of [undefined, { rung: 'none', tried: [] } as const]) {
      const checks = judgeMetrics({
        metrics: [metric(undefined)],
        gates: [REGRESSION],
        baseline,
        alpha: ALPHA,
      });
      expect(checks).toMatchObject([{ verdict: 'inconclusive', reason: 'no-baseline' }]);
    }
    expect(judge(metric(undefined), REGRESSION)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not-in-baseline',
    });
  });

  test.each([
    ['test-set-changed', 'inconclusive'],
    ['outcomes-missing', 'inconclusive'],
    ['not-in-baseline', 'inconclusive'],
    ['not-finite', 'inconclusive'],
    ['unmatched-ids', 'fail'],
  ] as const)('a pair that was impossible for %s is %s', (reason, verdict) => {
    const check = judge(metric({ method: 'none', difference: null, reason, detail: 'Because.' }), REGRESSION);
    expect(check).toMatchObject({ verdict, reason });
    expect(check.message).toContain('(0.78 now, 0.8 in the baseline). Because.');
  });

  test.each([0.5, 0.98])('an edited alpha (level %d) does not make a failure undecided', (level) => {
    const worse = metric(
      { interval: { ...interval(-0.3, -0.2), level }, difference: -0.25 },
      { interval: { ...interval(0.5, 0.6), level }, value: 0.55 },
    );
    expect(judge(worse, REGRESSION)).toMatchObject({ verdict: 'fail' });
    expect(judge(worse, gate({ atLeast: 0.75 }))).toMatchObject({ verdict: 'fail' });
    // It proves nothing else: neither a pass nor, without a meaningful interval, a failure.
    expect(judge(worse, gate({ atLeast: 0.4 }))).toMatchObject({ reason: 'policy-changed' });
    const point = metric({ interval: { ...interval(-0.3, -0.2, { degenerate: true }), level } });
    expect(judge(point, REGRESSION)).toMatchObject({ verdict: 'inconclusive', reason: 'degenerate' });
  });

  test('a stranger cannot pass with an interval of another level, an empty or a reversed one', () => {
    const narrow = metric({ interval: { ...interval(-0.001, 0.001), level: 0.1 } });
    expect(judge(narrow, REGRESSION)).toMatchObject({ verdict: 'inconclusive', reason: 'policy-changed' });
    const point = metric({ interval: interval(0, 0, { degenerate: true }) });
    expect(judge(point, REGRESSION)).toMatchObject({ verdict: 'inconclusive', reason: 'degenerate' });
    expect(judge(metric({ interval: interval(0.1, -0.1) }), REGRESSION).reason).toBe('degenerate');
    const { interval: _none, ...without } = metric({}).comparison ?? {};
    expect(judge(metric(without), REGRESSION).reason).toBe('degenerate');
  });
});

describe('at-least and at-most', () => {
  test.each([
    // 3,000 examples reach 0.010 from the value; a bound 0.001 away needs (0.010 / 0.001)^2 times as many.
    [{ atLeast: 0.779 }, 300_000],
    [{ atMost: 0.785 }, 12_000],
    [{ atLeast: 0.78 }, undefined],
    [{ atLeast: 0.5 }, undefined],
  ])('%j would have been decided by %s examples', (bounds, needed) => {
    const { neededExamples } = judge(metric(undefined), gate(bounds));
    expect(neededExamples === undefined ? undefined : Math.round(neededExamples / 100) * 100).toBe(needed);
  });

  test.each([
    [
      { atLeast: 0.77 },
      'pass',
      'ROC AUC is 0.780 (90 % interval 0.770 to 0.790); at least 0.77 is asked for.',
    ],
    [{ atLeast: 0.8 }, 'fail', 'ROC AUC is 0.780 (90 % interval 0.770 to 0.790), below the 0.8 asked for.'],
    [
      { atLeast: 0.775 },
      'inconclusive',
      'ROC AUC is 0.780 (90 % interval 0.770 to 0.790): these 3,000 examples cannot tell whether it is at least 0.775, as asked for; about 12,000 would.',
    ],
    [{ atMost: 0.79 }, 'pass', 'ROC AUC is 0.780 (90 % interval 0.770 to 0.790); at most 0.79 is asked for.'],
    [{ atMost: 0.7 }, 'fail', 'ROC AUC is 0.780 (90 % interval 0.770 to 0.790), above the 0.7 asked for.'],
  ])('%j is %s', (bounds, verdict, message) => {
    expect(judge(metric(undefined), gate(bounds))).toMatchObject({
      verdict,
      message,
      observed: 0.78,
      rows: 3000,
    });
  });

  test('a largest error, of which no interval says anything, is judged as it stands', () => {
    const interval = { level: 0.9, low: 3, high: 3, method: 'point', degenerate: true };
    const largest = { ...metric(undefined), name: 'max_error', value: 3, interval };
    const rule = { ...gate({ atMost: 5 }), metric: 'max_error' };
    expect(judge(largest, rule)).toMatchObject({ verdict: 'pass', reason: 'point-rule' });
    expect(judge(largest, { ...rule, atMost: 2 })).toMatchObject({ verdict: 'fail', reason: 'point-rule' });
  });

  test('an undefined value fails and says why', () => {
    const precision = { name: 'precision', value: null };
    const { interval: _none, ...bare } = metric(undefined, precision);
    expect(judge(bare, { ...gate({ atLeast: 0.5 }), metric: 'precision' })).toMatchObject({
      verdict: 'fail',
      reason: 'not-finite',
      message:
        'Precision has no value on this test set: it is undefined when no example is predicted positive.',
    });
  });

  test('a metric that is missing fails, never in silence', () => {
    expect(judge(undefined, gate({ atLeast: 0.5 }))).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
      about: { model: 'churn' },
    });
    const other = metric(undefined, { about: { model: 'other' } });
    expect(judge(other, gate({ atLeast: 0.5 })).reason).toBe('missing');
    const slice = metric(undefined, { about: { model: 'churn', slice: 'region=north' } });
    expect(judge(slice, gate({ atLeast: 0.5 })).reason).toBe('missing');
  });

  test('without an interval a value of a model decides nothing', () => {
    const { interval: _none, ...bare } = metric(undefined);
    expect(judge(bare, gate({ atLeast: 0.5 }))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'degenerate',
    });
  });
});

function number(value: number | null, comparison?: Partial<MetricComparison>): Metric {
  return {
    name: 'val_loss',
    about: { metricsFile: 'training' },
    definition: 1,
    direction: 'lower-is-better',
    value,
    ...(comparison === undefined
      ? {}
      : { comparison: { baseline: 0.4, difference: 0, method: 'point-rule', ...comparison } }),
  };
}

function fileGate(bounds: Partial<MetricGate>): MetricGate {
  return {
    ...gate({ direction: 'lower-is-better', ...bounds }),
    about: { metricsFile: 'training' },
    metric: 'val_loss',
  };
}

describe('numbers of metrics files', () => {
  test('are judged as they stand, and the report says so', () => {
    expect(
      judge(number(0.42, {}), fileGate({ maxRegression: { kind: 'relative', value: 0.05 } })),
    ).toMatchObject({
      id: 'metrics/training/val_loss/max-regression',
      verdict: 'pass',
      reason: 'point-rule',
      message:
        "`val_loss` rose from 0.4 to 0.42 (+5 %), within the 5 % (of the baseline's 0.4) allowed. Point rule: the uncertainty of this number is not known.",
    });
    expect(
      judge(number(0.43, {}), fileGate({ maxRegression: { kind: 'relative', value: 0.05 } })).verdict,
    ).toBe('fail');
    expect(judge(number(0.3, {}), fileGate({ atMost: 0.3 }))).toMatchObject({
      verdict: 'pass',
      reason: 'point-rule',
    });
    expect(judge(number(0.31, {}), fileGate({ atMost: 0.3 }))).toMatchObject({
      verdict: 'fail',
      reason: 'point-rule',
    });
  });

  test('a change of exactly the margin passes, whatever binary makes of it', () => {
    const rule = fileGate({
      maxRegression: { kind: 'absolute', value: 0.02 },
      direction: 'higher-is-better',
    });
    expect(0.9 - 0.92 < -0.02).toBe(true);
    expect(judge(number(0.9, { baseline: 0.92 }), rule).verdict).toBe('pass');
    expect(judge(number(0.8999, { baseline: 0.92 }), rule).verdict).toBe('fail');
  });

  test('the direction of the gate decides where the file has none', () => {
    const rule = fileGate({ maxRegression: { kind: 'absolute', value: 0.01 } });
    const item: Metric = { ...number(0.5, {}), direction: 'none' };
    expect(judge(item, rule).verdict).toBe('fail');
    expect(judge(item, { ...rule, direction: 'higher-is-better' }).verdict).toBe('pass');
  });

  test('a relative margin of zero asks for an absolute one', () => {
    const rule = fileGate({ maxRegression: { kind: 'relative', value: 0.05 } });
    expect(judge(number(0.1, { baseline: 0 }), rule)).toMatchObject({
      verdict: 'fail',
      reason: 'degenerate',
    });
  });

  test('NaN and a vanished number fail', () => {
    expect(judge(number(null), fileGate({ atMost: 1 }))).toMatchObject({
      verdict: 'fail',
      reason: 'not-finite',
    });
    expect(judge(undefined, fileGate({ atMost: 1 })).message).toMatch(/no number `val_loss`/);
  });
});

describe('checks', () => {
  test('very long keys still have ids of their own', () => {
    const ids = ['a', 'b'].map((end) =>
      gateCheckId({ about: { metricsFile: 't' }, metric: `${'k'.repeat(299)}${end}` }, 'at-most'),
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length <= 300 && id.endsWith('/at-most'))).toBe(true);
  });

  test('one gate has one check for each bound, with stable ids and their place in the config', () => {
    const source = { file: 'mlgate.yml', key: 'models.churn.metrics.roc_auc.at-least', line: 12 };
    const rule = gate({
      atLeast: 0.7,
      atMost: 1,
      maxRegression: { kind: 'absolute', value: 0.02 },
      boundSources: { 'at-least': source },
    });
    const checks = judgeMetrics({
      metrics: [metric({ interval: interval(-0.01, 0.01) })],
      gates: [{ ...rule, severity: 'warn' }],
      baseline: EXACT,
      alpha: ALPHA,
    });
    expect(checks.map((check) => [check.id, check.name, check.severity])).toEqual([
      ['model/churn/roc_auc/at-least', 'at-least', 'warn'],
      ['model/churn/roc_auc/at-most', 'at-most', 'warn'],
      ['model/churn/roc_auc/max-regression', 'max-regression', 'warn'],
    ]);
    expect(checks[0]?.source).toEqual(source);
    expect(checks[1]?.source).toEqual(rule.source);
    expect(checks[2]).toMatchObject({ observed: -0.02, expected: 0.02, about: { datasetDigest: 'd' } });
  });
});

describe('bounds on a change beside max-regression', () => {
  test.each([
    ['minImprovement', 0.012, 0.03, 'pass', undefined, 'so it is better by the 0.01 asked for.'],
    [
      'minImprovement',
      0,
      0.03,
      'inconclusive',
      'undecided',
      'cannot tell whether it is better by the 0.01 asked for.',
    ],
    ['minImprovement', -0.02, 0.005, 'fail', undefined, 'so it is not better by the 0.01 asked for.'],
    ['maxImprovement', -0.02, 0.01, 'pass', undefined, 'so it is not better by more than the 0.01 allowed.'],
    [
      'maxImprovement',
      0.005,
      0.03,
      'inconclusive',
      'undecided',
      'cannot tell whether it is better by more than',
    ],
    ['maxImprovement', 0.02, 0.03, 'fail', 'unexpected-gain', 'look for test examples in the training data'],
    ['maxChange', -0.01, 0.01, 'pass', undefined, 'the same within the 0.01 allowed.'],
    ['maxChange', -0.02, 0.005, 'inconclusive', 'undecided', 'cannot tell whether it changed by more than'],
    ['maxChange', -0.03, -0.02, 'fail', undefined, 'more than the 0.01 allowed.'],
    ['maxChange', 0.02, 0.03, 'fail', undefined, 'more than the 0.01 allowed.'],
  ] as const)('%s of 0.01: %d to %d is %s', (bound, low, high, verdict, reason, text) => {
    const rule = gate({ [bound]: { kind: 'absolute', value: 0.01 } });
    const check = judge(metric({ difference: (low + high) / 2, interval: interval(low, high) }), rule);
    expect(check.verdict).toBe(verdict);
    expect(check.reason).toBe(reason);
    expect(check.message).toContain(text);
  });

  test.each([
    ['minImprovement', 0.05, 'pass'],
    ['maxImprovement', 0.05, 'fail'],
    ['maxChange', 0.05, 'fail'],
  ] as const)('%s of a share is judged by the quantity of that share', (bound, change, verdict) => {
    const relatives = [
      { change: -change, value: 0.03, interval: interval(0.02, 0.04) },
      { change, value: 0.02, interval: interval(0.001, 0.04) },
    ];
    const rule = gate({ [bound]: { kind: 'relative', value: 0.05 } });
    expect(judge(metric({ interval: interval(-0.01, 0.01), relatives }), rule)).toMatchObject({
      verdict,
      expected: '5%',
    });
    const other = gate({ [bound]: { kind: 'relative', value: 0.06 } });
    expect(judge(metric({ interval: interval(-0.01, 0.01), relatives }), other)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
  });

  test('an unchanged model is the same, and no improvement', () => {
    const same = metric({ difference: 0, method: 'unchanged' });
    const margin = { kind: 'absolute', value: 0.01 } as const;
    expect(judge(same, gate({ maxChange: margin }))).toMatchObject({ verdict: 'pass', reason: 'unchanged' });
    expect(judge(same, gate({ maxImprovement: margin })).verdict).toBe('pass');
    expect(judge(same, gate({ minImprovement: margin }))).toMatchObject({
      verdict: 'fail',
      reason: 'unchanged',
    });
    expect(judge(same, gate({ minImprovement: { ...margin, value: 0 } })).verdict).toBe('pass');
  });
});

function slicesOf(pWorse: readonly (number | undefined)[], comparison: Partial<MetricComparison> = {}) {
  return pWorse.map((p, index) =>
    metric(
      {
        difference: -0.03,
        interval: interval(-0.04, -0.021),
        margin: 0.02,
        ...(p === undefined ? {} : { pWorse: p }),
        ...comparison,
      },
      { about: { model: 'churn', slice: `region=${index}` } },
    ),
  );
}

function judgeAll(metrics: readonly Metric[], rules: readonly MetricGate[]) {
  return judgeMetrics({ metrics, gates: rules, baseline: EXACT, alpha: ALPHA });
}

describe('many margins', () => {
  const margin = { kind: 'absolute', value: 0.02 } as const;

  const EVERY = gate({ everySlice: true, maxRegression: margin });

  test('of a model: a failure that Holm does not confirm is undecided', () => {
    const checks = judgeAll(slicesOf([0.001, 0.02, 0.03]), [EVERY]);
    expect(
      checks.map(({ verdict, reason, adjustedP, family }) => [verdict, reason, adjustedP, family]),
    ).toEqual([
      ['fail', undefined, 0.003, 3],
      ['fail', undefined, 0.04, 3],
      ['fail', undefined, 0.04, 3],
    ]);
    const fewer = judgeAll(slicesOf([0.02, 0.03, 0.04]), [EVERY]);
    expect(fewer.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['inconclusive', 'multiplicity'],
      ['inconclusive', 'multiplicity'],
      ['inconclusive', 'multiplicity'],
    ]);
    expect(fewer[0]?.message).toBe(
      "ROC AUC on `region=0` fell by 0.0300 (90 % interval 0.0210 to 0.0400 worse), more than the 0.02 allowed. But 3 margins are tested here, and of so many one looks broken by chance: the p-value is 0.02, and 0.06 after Holm's correction, above the 5 % of `alpha`.",
    );
    expect(fewer.map(({ id }) => id)).toEqual([
      'model/churn/region=0/roc_auc/max-regression',
      'model/churn/region=1/roc_auc/max-regression',
      'model/churn/region=2/roc_auc/max-regression',
    ]);
  });

  test('margins that pass, or that could not be compared, are tests too', () => {
    const passing = slicesOf([0.9], { difference: 0.01, interval: interval(-0.01, 0.03) });
    const impossible = slicesOf([undefined], {
      method: 'none',
      difference: null,
      reason: 'outcomes-missing',
    });
    const all = [...slicesOf([0.02]), ...passing, ...impossible].map((item, index) => ({
      ...item,
      about: { model: 'churn', slice: `s=${index}` },
    }));
    const checks = judgeAll(all, [EVERY]);
    expect(checks.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['inconclusive', 'multiplicity'],
      ['pass', undefined],
      ['inconclusive', 'outcomes-missing'],
    ]);
    expect(checks[0]).toMatchObject({ family: 3, adjustedP: 0.06 });
  });

  test('the whole and its slices are one family; another model is not', () => {
    const whole = metric({
      interval: interval(-0.04, -0.021),
      difference: -0.03,
      margin: 0.02,
      pWorse: 0.04,
    });
    const [checks, alone] = [
      judgeAll([whole, ...slicesOf([0.03])], [REGRESSION, EVERY]),
      judgeAll([whole], [REGRESSION]),
    ];
    expect(checks.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    expect(alone[0]).toMatchObject({ verdict: 'fail' });
    expect(alone[0]).not.toHaveProperty('family');
    const elsewhere = { ...REGRESSION, about: { model: 'other' } };
    const other = { ...whole, about: { model: 'other' } };
    expect(judgeAll([whole, other], [REGRESSION, elsewhere]).map(({ verdict }) => verdict)).toEqual([
      'fail',
      'fail',
    ]);
  });

  test('a p-value of another margin is rebuilt from the interval', () => {
    // Half a width of 0.01 at z = 1.645: 0.03 below the margin of 0.01 is z = 3.29, far below 0.05 / 2.
    const wide = slicesOf([1, 1], { difference: -0.04, interval: interval(-0.05, -0.03) });
    const strict = { ...EVERY, maxRegression: { kind: 'absolute', value: 0.02 } } as const;
    const stricter = { ...EVERY, maxRegression: { kind: 'absolute', value: 0.01 } } as const;
    expect(judgeAll(wide, [strict]).map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    const again = judgeAll(wide, [stricter]);
    expect(again.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    expect(again[0]?.adjustedP).toBeCloseTo(2 * 4.0e-7, 7);
  });

  test('failures for another reason stand', () => {
    const unmatched = slicesOf([undefined, 0.5], {
      method: 'none',
      difference: null,
      reason: 'unmatched-ids',
    });
    expect(judgeAll(unmatched, [EVERY]).map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
  });
});

describe('slices', () => {
  test('that were not measured at all fail once', () => {
    const checks = judgeMetrics({
      metrics: [metric({ interval: interval(-0.01, 0.01) })],
      gates: [gate({ everySlice: true, maxRegression: { kind: 'absolute', value: 0.02 } })],
      alpha: ALPHA,
    });
    expect(checks).toMatchObject([
      { id: 'model/churn/slices/roc_auc/max-regression', verdict: 'fail', reason: 'missing' },
    ]);
  });

  test('that must be there are', () => {
    const expected = gate({
      about: { model: 'churn', slice: 'region=north' },
      metric: 'accuracy',
      expect: true,
    });
    const there = metric(undefined, {
      name: 'accuracy',
      about: { model: 'churn', slice: 'region=north' },
      n: 12,
    });
    expect(judge(there, expected)).toMatchObject({
      id: 'model/churn/region=north/accuracy/expect',
      verdict: 'pass',
      message: 'The slice is there, with 12 examples.',
    });
    expect(judge(undefined, expected)).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
      message: expect.stringMatching(/^No example of the test set is in the slice `region=north`\. Check/),
    });
    const misspelt = gate({ ...expected, about: { model: 'churn', slice: 'region=noth' } });
    expect(judge(there, misspelt).message).toMatch(/ Did you mean `region=north`\?$/);
  });

  test('of another tool are near where it only adds to their names', () => {
    const about = { metricsFile: 'harness' };
    const known = metric(undefined, { name: 'arc_easy.acc,none', about });
    expect(judge(known, gate({ about, metric: 'arc_easy.acc', atLeast: 0.5 })).message).toBe(
      'There is no number `arc_easy.acc` in the metrics file. Did you mean `arc_easy.acc,none`?',
    );
  });

  test('too small for their margin say what would be enough', () => {
    const hint = '20 examples are too few for this margin.';
    const id = 'model/churn/roc_auc/max-regression';
    const request = { gates: [REGRESSION], alpha: ALPHA, undecidable: new Map([[id, hint]]) };
    const undecided = metric({ interval: interval(-0.1, 0.1) });
    expect(judgeMetrics({ ...request, metrics: [undecided], baseline: EXACT })[0]?.message).toMatch(
      /worse to 0\.10 better\)\. 20 examples are too few for this margin\.$/,
    );
    expect(judgeMetrics({ ...request, metrics: [metric(undefined)] })[0]).toMatchObject({
      reason: 'no-baseline',
      message: expect.stringMatching(/The next run on main records one\. 20 examples are too few/),
    });
  });
});

describe('training noise', () => {
  test('that alone explains a failure leaves it undecided', () => {
    // Without the noise the half widths are 0.01: the models differ by 0.02 to 0.04. With it: 0.03 ± 0.0316.
    const noise = { standardDeviation: 0.03 / (2.1318467863 * Math.SQRT2), trainings: 5 };
    const half = Math.hypot(0.01, 0.03);
    const noisy = { difference: -0.03, interval: interval(-0.03 - half, -0.03 + half), trainingNoise: noise };
    const rule = gate({ maxRegression: { kind: 'absolute', value: 0.015 } });
    expect(judge(metric(noisy), rule)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'training-noise',
      message: expect.stringContaining(
        "These two models alone would fail, but 5 trainings of main's recipe differ among themselves",
      ),
    });
    // 0.05 is beyond what the two models show, and within what training again could.
    const passed = judge(metric(noisy), gate({ maxRegression: { kind: 'absolute', value: 0.05 } }));
    expect(passed).toMatchObject({
      verdict: 'inconclusive',
      reason: 'training-noise',
      message: expect.stringContaining('These two models alone would pass'),
    });
    const wider = gate({ maxRegression: { kind: 'absolute', value: 0.025 } });
    expect(judge(metric(noisy), wider)).toMatchObject({ verdict: 'inconclusive', reason: 'undecided' });
    expect(judge(metric(noisy), gate({ maxRegression: { kind: 'absolute', value: 0.1 } })).verdict).toBe(
      'pass',
    );
  });
});
