import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFairness, skipFairness } from '../../../src/comparison/fairness/judge-fairness.ts';
import { listFairnessGates } from '../../../src/comparison/fairness/list-fairness-gates.ts';
import { UserError } from '../../../src/evidence/errors.ts';
import type { FairnessConfig, ModelConfig } from '../../../src/schemas/config.generated.ts';
import type { Fairness, FairnessGap } from '../../../src/schemas/evidence.generated.ts';

const ALPHA = 0.05;

function locate(path: readonly string[]) {
  return { file: 'mlgate.yml', key: path.join('.') };
}

function modelOf(
  fairness: Partial<FairnessConfig>,
  task: ModelConfig['task'] = 'binary-classification',
): ModelConfig {
  return {
    task,
    predictions: { path: 'p.csv', id: 'id', target: 'y', score: 'p', threshold: 0.5 },
    metrics: {},
    'flip-examples': 0,
    'error-examples': 0,
    unpaired: false,
    fairness: { groups: ['sex'], severity: 'fail', ...fairness },
  };
}

function gatesOf(fairness: Partial<FairnessConfig>, task?: ModelConfig['task']) {
  return listFairnessGates({ models: { loan: modelOf(fairness, task) } }, locate);
}

function evidenceOf(
  gap: Partial<FairnessGap> & Pick<FairnessGap, 'metric' | 'form' | 'value'>,
  recall: number | null = 0.6,
): Fairness {
  const rates = [
    { metric: 'selection_rate', value: 0.5, n: 40 },
    { metric: 'recall', value: recall, n: recall === null ? 0 : 20 },
  ];
  return {
    about: { model: 'loan' },
    column: 'sex',
    groups: [
      { name: 'f', n: 40, rates },
      {
        name: 'm',
        n: 80,
        rates: [
          { metric: 'selection_rate', value: 0.6, n: 80 },
          { metric: 'recall', value: 0.7, n: 30 },
        ],
      },
    ],
    gaps: [{ lowest: 'f', highest: 'm', ...gap }],
  };
}

function intervalOf(low: number, high: number, level = 0.9) {
  return { level, low, high, method: 'all pairs' };
}

const FOUR_FIFTHS = { 'min-ratio': { selection_rate: 0.8 } };

function judge(
  gap: Parameters<typeof evidenceOf>[0],
  fairness: Partial<FairnessConfig> = FOUR_FIFTHS,
  recall?: number | null,
) {
  const [check] = judgeFairness({
    fairness: [evidenceOf(gap, recall)],
    gates: gatesOf(fairness),
    alpha: ALPHA,
  });
  if (check === undefined) throw new Error('No check.');
  return check;
}

describe('bounds on fairness', () => {
  const ratio = { metric: 'selection_rate', form: 'ratio', value: 0.85 } as const;

  it('pass, fail and inconclusive follow the limits, not the point', () => {
    expect(judge({ ...ratio, interval: intervalOf(0.81, 0.9) })).toMatchObject({
      verdict: 'pass',
      id: 'model/loan/fairness/sex/selection_rate/min-ratio',
      observed: 0.85,
      expected: 0.8,
    });
    expect(judge({ ...ratio, value: 0.7, interval: intervalOf(0.6, 0.79) })).toMatchObject({
      verdict: 'fail',
    });
    const between = judge({ ...ratio, interval: intervalOf(0.7, 0.95) });
    expect(between).toMatchObject({ verdict: 'inconclusive', reason: 'undecided', rows: 120 });
    expect(between.neededExamples).toBeGreaterThan(120);
    expect(judge({ ...ratio, value: 0.7, interval: intervalOf(0.6, 0.79) }).message).toMatch(
      /lowest for `f` \(0.5 of 40\)/,
    );
  });

  it('a group of which a rate says nothing is never fair by silence', () => {
    const bound = { 'max-difference': { recall: 0.2, equalised_odds: 0.2 } };
    const gap = { metric: 'recall', form: 'difference', value: 0.01, interval: intervalOf(0, 0.1) } as const;
    const check = judge(gap, bound, null);
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-rows' });
    expect(check.message).toMatch(/`f` has no example whose truth is the favourable label/);
    expect(judge({ ...gap, value: 0.5, interval: intervalOf(0.4, 1) }, bound, null).verdict).toBe('fail');
    const odds = judgeFairness({
      fairness: [
        evidenceOf(
          { metric: 'equalised_odds', form: 'difference', value: 0.01, interval: intervalOf(0, 0.1) },
          null,
        ),
      ],
      gates: gatesOf(bound),
      alpha: ALPHA,
    });
    expect(odds.find(({ metric }) => metric === 'equalised_odds')?.verdict).toBe('inconclusive');
  });

  it('no gap, no group, no interval: never a pass', () => {
    const [gate] = gatesOf(FOUR_FIFTHS);
    const gates = gate === undefined ? [] : [gate];
    expect(judgeFairness({ fairness: [], gates, alpha: ALPHA })[0]).toMatchObject({
      verdict: 'fail',
      reason: 'missing',
    });
    expect(judge({ ...ratio, value: null })).toMatchObject({ verdict: 'inconclusive' });
    expect(judge(ratio)).toMatchObject({ verdict: 'inconclusive' });
    const lone = { ...evidenceOf({ ...ratio, interval: intervalOf(1, 1) }) };
    const single = { ...lone, groups: lone.groups.slice(0, 1) };
    expect(judgeFairness({ fairness: [single], gates, alpha: ALPHA })[0]?.verdict).toBe('inconclusive');
    const named = gatesOf({ ...FOUR_FIFTHS, reference: { sex: 'x' } });
    expect(
      judgeFairness({
        fairness: [evidenceOf({ ...ratio, interval: intervalOf(0.9, 1) })],
        gates: named,
        alpha: ALPHA,
      })[0],
    ).toMatchObject({ verdict: 'fail', reason: 'missing' });
    expect(skipFairness(gates, 'the predictions')[0]).toMatchObject({
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
    });
  });

  it('an interval of another level cannot pass, but it can fail', () => {
    expect(judge({ ...ratio, interval: intervalOf(0.81, 0.9, 0.5) })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'policy-changed',
    });
    expect(judge({ ...ratio, interval: intervalOf(0.3, 0.4, 0.99) })).toMatchObject({ verdict: 'fail' });
  });

  it('a stricter bound never turns a failure into a pass', () => {
    const bound = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(bound, bound, bound, bound, (a, b, first, second) => {
        const gap = {
          ...ratio,
          value: Math.sqrt(a * b),
          interval: intervalOf(Math.min(a, b), Math.max(a, b)),
        };
        const [loose, strict] = [Math.min(first, second), Math.max(first, second)];
        const rank = { fail: 0, inconclusive: 1, pass: 2 } as const;
        const verdictAt = (limit: number): keyof typeof rank =>
          judge(gap, { 'min-ratio': { selection_rate: limit } }).verdict as keyof typeof rank;
        expect(rank[verdictAt(strict)]).toBeLessThanOrEqual(rank[verdictAt(loose)]);
      }),
    );
  });
});

describe('what the config may ask', () => {
  it('aliases are the rates that they mean, once for each column', () => {
    const gates = gatesOf({
      groups: ['sex', ['sex', 'age']],
      'max-difference': {
        equal_opportunity: 0.1,
        'demographic-parity': 0.1,
        equalized_odds: 0.1,
        roc_auc: 0.1,
      },
    });
    expect(gates.map(({ column, metric }) => `${column} ${metric}`)).toEqual(
      ['recall', 'selection_rate', 'equalised_odds', 'roc_auc'].flatMap((metric) => [
        `sex ${metric}`,
        `sex × age ${metric}`,
      ]),
    );
  });

  it.each([
    [{ 'min-ratio': { selection_rte: 0.8 } }, /Did you mean `selection_rate`/],
    [{ 'min-ratio': { selection_rate: 1 } }, /can never pass/],
    [{ 'min-ratio': { calibration_in_the_large: 0.8 } }, /a ratio means nothing/],
    [{ reference: { gender: 'm' }, ...FOUR_FIFTHS }, /is no column of `fairness.groups`, which has `sex`/],
  ])('%o is a mistake', (fairness, message) => {
    expect(() => gatesOf(fairness)).toThrow(UserError);
    expect(() => gatesOf(fairness)).toThrow(message);
  });

  it('of several classes one must be favourable', () => {
    expect(() => gatesOf(FOUR_FIFTHS, 'multiclass-classification')).toThrow(/which of the classes is good/);
    expect(gatesOf({ ...FOUR_FIFTHS, favourable: 'approved' }, 'multiclass-classification')).toHaveLength(1);
    expect(gatesOf({ 'max-difference': { accuracy: 0.1 } }, 'multiclass-classification')).toHaveLength(1);
    expect(() => gatesOf({ 'min-ratio': { selection_rate: 0.8 } }, 'regression')).toThrow(
      /nor a metric of regression/,
    );
  });
});
