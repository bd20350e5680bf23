import { describe, expect, test } from 'vitest';
import { judgeRules } from '../../../src/comparison/rules/judge-rules.ts';
import type { Condition, ConditionTree, Rule } from '../../../src/comparison/rules/rule.ts';
import type {
  BaselineUsed,
  Interval,
  Metric,
  MetricComparison,
} from '../../../src/schemas/evidence.generated.ts';
import {
  pairedDifference,
  correctedTangoInterval,
  type PairedCounts,
} from '../../../src/statistics/paired-proportions.ts';
import { wilsonInterval } from '../../../src/statistics/proportion.ts';
import { createRandom } from '../../../src/statistics/random.ts';

const ALPHA = 0.05;
const EXACT: BaselineUsed = { rung: 'exact', tried: [] };

function interval(low: number, high: number, extra: Partial<Interval> = {}): Interval {
  return { level: 0.9, low, high, method: 'Tango score', ...extra };
}

function isPair(change: object): change is readonly [number, number] {
  return Array.isArray(change);
}

/** Accuracy 0.8 before; `change` is the interval of the difference. */
function accuracy(
  change: readonly [number, number] | Partial<MetricComparison> | undefined,
  model = 'churn',
): Metric {
  const base: Metric = {
    name: 'accuracy',
    about: { model, datasetDigest: 'd' },
    definition: 1,
    direction: 'higher-is-better',
    value: 0.8,
    n: 3000,
    interval: interval(0.78, 0.82),
  };
  if (change === undefined) return base;
  const compared: MetricComparison = { baseline: 0.8, difference: 0, method: 'paired', pairs: 3000 };
  if (!isPair(change)) return { ...base, comparison: { ...compared, ...change } };
  const [low, high] = change;
  const middle = (low + high) / 2;
  return {
    ...base,
    value: 0.8 + middle,
    interval: interval(0.78 + middle, 0.82 + middle),
    comparison: { ...compared, difference: middle, interval: interval(low, high) },
  };
}

function latency(baseline: number, value: number): Metric {
  return {
    name: 'p95_ms',
    about: { metricsFile: 'serving' },
    definition: 1,
    direction: 'lower-is-better',
    value,
    comparison: { baseline, difference: value - baseline, method: 'point-rule' },
  };
}

const BASE = { kind: 'condition', relative: false, text: 'it' } as const;

function regressionAtMost(threshold: number, model = 'churn'): Condition {
  const about = { model };
  return {
    ...BASE,
    quantity: 'change',
    about,
    metric: 'accuracy',
    direction: 'higher-is-better',
    bound: 'at-least',
    threshold: -threshold,
  };
}
const FASTER: Condition = {
  ...BASE,
  quantity: 'change',
  about: { metricsFile: 'serving' },
  metric: 'p95_ms',
  direction: 'lower-is-better',
  bound: 'at-least',
  threshold: 0.2,
  relative: true,
};
function valueAtLeast(threshold: number): Condition {
  return {
    ...BASE,
    quantity: 'value',
    about: { model: 'churn' },
    metric: 'accuracy',
    direction: 'higher-is-better',
    bound: 'at-least',
    threshold,
  };
}
function any(...parts: ConditionTree[]): ConditionTree {
  return { kind: 'any', parts };
}
function all(...parts: ConditionTree[]): ConditionTree {
  return { kind: 'all', parts };
}

function judge(
  tree: ConditionTree,
  metrics: readonly Metric[],
  baseline: BaselineUsed | undefined = EXACT,
  alpha = ALPHA,
) {
  const rule: Rule = {
    name: 'r',
    tree,
    text: 'it',
    severity: 'fail',
    source: { file: 'mlgate.yml', key: 'rules.r.require' },
  };
  const [check] = judgeRules({ rules: [rule], metrics, baseline, alpha });
  if (check === undefined) throw new Error('no check');
  return check;
}
function verdict(...request: Parameters<typeof judge>): string {
  const { verdict, reason } = judge(...request);
  return reason === undefined ? verdict : `${verdict}: ${reason}`;
}

describe('one condition', () => {
  test.each([
    [[-0.01, 0.02], 'pass'],
    [[-0.05, -0.03], 'fail'],
    [[-0.04, 0.01], 'inconclusive: undecided'],
  ] as const)('a change with the interval %j against a margin of 0.02: %s', (change, expected) => {
    expect(verdict(regressionAtMost(0.02), [accuracy(change)])).toBe(expected);
  });

  test.each([
    [0.75, 'pass'],
    [0.85, 'fail'],
    [0.8, 'inconclusive: undecided'],
  ])('a value with the interval 0.78 to 0.82 against at least %d: %s', (threshold, expected) => {
    expect(verdict(valueAtLeast(threshold), [accuracy(undefined)])).toBe(expected);
  });

  test('at most, and better when lower: the limits are turned round', () => {
    const guard: Condition = { ...regressionAtMost(0), bound: 'at-most', threshold: 0.1 };
    expect(verdict(guard, [accuracy([0.01, 0.05])])).toBe('pass');
    expect(verdict(guard, [accuracy([0.12, 0.2])])).toBe('fail');
    const loss: Metric = { ...accuracy([0.01, 0.03]), name: 'log_loss', direction: 'lower-is-better' };
    const condition: Condition = {
      ...regressionAtMost(0.005),
      metric: 'log_loss',
      direction: 'lower-is-better',
    };
    expect(verdict(condition, [loss])).toBe('fail');
    expect(verdict({ ...condition, threshold: -0.04 }, [loss])).toBe('pass');
    // Which way is better is the config's to say, not the evidence's.
    expect(verdict(condition, [{ ...loss, direction: 'higher-is-better' }])).toBe('fail');
  });

  test.each([
    ['no comparison at all', accuracy(undefined), undefined, 'inconclusive: no-baseline'],
    ['a metric that is new', accuracy(undefined), EXACT, 'inconclusive: not-in-baseline'],
    [
      'another test set',
      accuracy({ method: 'none', difference: null, reason: 'test-set-changed' }),
      EXACT,
      'inconclusive: test-set-changed',
    ],
    [
      'ids that do not match',
      accuracy({ method: 'none', difference: null, reason: 'unmatched-ids' }),
      EXACT,
      'fail: unmatched-ids',
    ],
    ['the same model', accuracy({ method: 'unchanged' }), EXACT, 'pass: unchanged'],
    ['no value', { ...accuracy([0, 0.01]), value: null }, EXACT, 'fail: not-finite'],
    ['no interval', accuracy({}), EXACT, 'inconclusive: degenerate'],
    [
      'a worthless interval',
      accuracy({ interval: interval(0, 0, { degenerate: true }) }),
      EXACT,
      'inconclusive: degenerate',
    ],
    [
      'an interval that is too narrow',
      accuracy({ interval: interval(0, 0.01, { level: 0.5 }) }),
      EXACT,
      'inconclusive: policy-changed',
    ],
  ] as const)('%s', (_, metric, baseline, expected) => {
    const check = judgeRules({
      rules: [
        {
          name: 'r',
          tree: regressionAtMost(0.02),
          text: 'it',
          severity: 'fail',
          source: { file: 'f', key: 'k' },
        },
      ],
      metrics: [metric],
      baseline,
      alpha: ALPHA,
    })[0];
    expect([check?.verdict, check?.reason].filter(Boolean).join(': ')).toBe(expected);
  });

  test('an interval of another level can fail all the same', () => {
    const metric = accuracy({ difference: -0.2, interval: interval(-0.3, -0.1, { level: 0.99 }) });
    expect(verdict(regressionAtMost(0.02), [metric])).toBe('fail');
  });

  test('what was not measured fails the rule, also where another condition is enough', () => {
    expect(verdict(any(regressionAtMost(0.02), FASTER), [accuracy([0, 0.01])])).toBe('fail: missing');
    const slice: Condition = { ...regressionAtMost(0.02), about: { model: 'churn', slice: 'region=north' } };
    expect(verdict(slice, [accuracy([0, 0.01])])).toBe('fail: missing');
  });

  test('numbers of files are judged as they stand, and the check says so', () => {
    expect(verdict(FASTER, [latency(100, 80)])).toBe('pass: point-rule');
    expect(verdict(FASTER, [latency(100, 81)])).toBe('fail: point-rule');
    expect(judge(FASTER, [latency(100, 80)]).message).toMatch(/point rule/);
    expect(verdict(FASTER, [latency(0, 80)])).toBe('fail: degenerate');
  });

  test('a relative change takes the interval of the very same share from the evidence, else a wider one', () => {
    const fivePercent: Condition = { ...regressionAtMost(0.05), relative: true };
    const metric = accuracy([-0.03, -0.01]);
    const tested = { value: 0.02, interval: interval(0.005, 0.035) };
    const own = { ...metric, comparison: { ...metric.comparison!, relativeMargin: 0.05, relative: tested } };
    expect(verdict(fivePercent, [own])).toBe('pass');
    const worse = {
      ...own,
      comparison: { ...own.comparison, relative: { value: -0.02, interval: interval(-0.03, -0.01) } },
    };
    expect(verdict(fivePercent, [worse])).toBe('fail');
    // X = 0.95 D + 0.05 V, each at half the rate: from -0.0125 to 0.0388.
    expect(verdict(fivePercent, [accuracy([-0.045, -0.01])])).toBe('inconclusive: undecided');
    expect(verdict(fivePercent, [accuracy([-0.01, 0.01])])).toBe('pass');
    expect(verdict(fivePercent, [accuracy([-0.09, -0.07])])).toBe('fail');
  });
});

describe('combinations', () => {
  const [good, bad, open] = [regressionAtMost(0.1), regressionAtMost(0), regressionAtMost(0.02)];
  const metrics = [accuracy([-0.04, -0.01])];

  test('are those of Kleene', () => {
    expect([good, bad, open].map((tree) => judge(tree, metrics).verdict)).toEqual([
      'pass',
      'fail',
      'inconclusive',
    ]);
    expect(judge(all(good, open), metrics).verdict).toBe('inconclusive');
    expect(judge(all(good, bad, open), [accuracy([-0.021, -0.019])]).verdict).toBe('fail');
    expect(judge(any(good, open), metrics).verdict).toBe('pass');
    expect(judge(any(bad, open), metrics).verdict).toBe('inconclusive');
    expect(judge(any(bad, all(bad, open)), [accuracy([-0.021, -0.019])]).verdict).toBe('fail');
  });

  test('accuracy may fall by 0.5 points if p95 latency falls by 20 %', () => {
    const rule = any(regressionAtMost(0), all(regressionAtMost(0.005), FASTER));
    expect(verdict(rule, [accuracy([-0.003, -0.002]), latency(100, 70)])).toBe('pass: point-rule');
    expect(judge(rule, [accuracy([-0.003, -0.002]), latency(100, 95)]).verdict).toBe('fail');
    expect(judge(rule, [accuracy([-0.008, -0.007]), latency(100, 70)]).verdict).toBe('fail');
    expect(verdict(rule, [accuracy([0.001, 0.003]), latency(100, 120)])).toBe('pass');
  });

  test('without a baseline a value can still decide', () => {
    const alone = [accuracy(undefined)];
    expect(verdict(any(valueAtLeast(0.5), open), alone, { rung: 'none', tried: [] })).toBe('pass');
    expect(verdict(all(valueAtLeast(0.5), open), alone, { rung: 'none', tried: [] })).toBe(
      'inconclusive: no-baseline',
    );
    expect(verdict(all(valueAtLeast(0.8), open), alone, { rung: 'none', tried: [] })).toBe(
      'inconclusive: undecided',
    );
  });

  test('the message names every condition, and says why a shown interval does not decide', () => {
    const rule = any(regressionAtMost(0.02), regressionAtMost(0.02, 'other'));
    const { message } = judge(rule, [accuracy([-0.019, 0]), accuracy([-0.04, 0], 'other')]);
    expect(message).toMatch(
      /^The rule `r` is not decided\. `it` is open: .* `it` is open: .*wider interval than the one shown.*5 %/,
    );
    const long = all(
      ...Array.from({ length: 20 }, () => ({ ...regressionAtMost(0.02), text: 'x'.repeat(300) })),
    );
    expect(judge(long, [accuracy([0, 0.01])]).message.length).toBeLessThanOrEqual(2000);
  });
});

describe('error rates, by simulation', () => {
  const N = 400;
  const RUNS = 2000;
  /** Highest share of errors that a true rate of 5 % explains: four standard errors above it. */
  const MOST = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / RUNS);

  /** Flips of a model that is truly worse by `loss`, with this share of examples that differ. */
  function draw(uniform: () => number, loss: number, discordance: number): PairedCounts {
    const [worse, better] = [(discordance + loss) / 2, (discordance - loss) / 2];
    const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
    for (let row = 0; row < N; row += 1) {
      const point = uniform();
      if (point < worse) counts.onlySecond += 1;
      else if (point < worse + better) counts.onlyFirst += 1;
      else if (point < worse + better + 0.75) counts.both += 1;
      else counts.neither += 1;
    }
    return counts;
  }

  function measure(counts: PairedCounts, model: string): Metric {
    const right = counts.both + counts.onlyFirst;
    const base = accuracy(undefined, model);
    return {
      ...base,
      value: right / N,
      interval: wilsonInterval(right, N, 0.9),
      comparison: {
        baseline: (counts.both + counts.onlySecond) / N,
        difference: pairedDifference(counts),
        interval: correctedTangoInterval(counts, 0.9),
        method: 'paired',
        pairs: N,
      },
    };
  }

  function countVerdicts(tree: ConditionTree, loss: number, wanted: string): number {
    const random = createRandom(20261121);
    let count = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const metrics = ['churn', 'other'].map((model) => measure(draw(random.uniform, loss, 0.1), model));
      if (judge(tree, metrics).verdict === wanted) count += 1;
    }
    return count / RUNS;
  }

  const BOTH = [regressionAtMost(0.04), regressionAtMost(0.04, 'other')] as const;

  test('either of two models that are both worse by the margin: at most alpha pass', () => {
    expect(countVerdicts(any(...BOTH), 0.04, 'pass')).toBeLessThanOrEqual(MOST);
  });

  test('both of two models that are both just good enough: at most alpha fail', () => {
    expect(countVerdicts(all(...BOTH), 0.04, 'fail')).toBeLessThanOrEqual(MOST);
  });

  test('a share of the baseline, without an interval of its own: at most alpha pass', () => {
    // The baseline has 0.75 + 0.07 right, the candidate 0.75 + 0.03: worse by 4.9 %.
    const share: Condition = { ...regressionAtMost(0.04 / 0.82), relative: true };
    expect(countVerdicts(share, 0.04, 'pass')).toBeLessThanOrEqual(MOST);
  });
});
