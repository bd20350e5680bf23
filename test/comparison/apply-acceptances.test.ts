import { describe, expect, test } from 'vitest';
import { applyAcceptances, findNamedCheck } from '../../src/comparison/apply-acceptances.ts';
import type { Acceptance, Check } from '../../src/schemas/evidence.generated.ts';

const HEAD = 'a'.repeat(40);
const NOW = new Date('2026-11-21T10:00:00Z');

function failed(extra: Partial<Check> = {}): Check {
  return {
    id: 'model/churn/roc_auc/max-regression',
    name: 'max-regression',
    about: { model: 'churn' },
    metric: 'roc_auc',
    verdict: 'fail',
    severity: 'fail',
    observed: -0.03,
    message: 'It fell.',
    ...extra,
  };
}

function acceptance(extra: Partial<Acceptance> = {}): Acceptance {
  return {
    check: 'model/churn/roc_auc/max-regression',
    reason: 'A leaked column was taken out.',
    observed: -0.03,
    actor: 'octocat',
    at: '2026-11-20T10:00:00Z',
    expires: '2026-12-20T10:00:00Z',
    pullRequest: 42,
    head: HEAD,
    digest: 'b'.repeat(64),
    ...extra,
  };
}

const CONTEXT = { pullRequests: [42], head: HEAD, now: NOW };

describe('accepted regressions', () => {
  test('become warnings that say who and why, and are listed', () => {
    const { checks, used } = applyAcceptances([failed()], [acceptance()], CONTEXT);
    expect(checks[0]).toMatchObject({
      verdict: 'warn',
      reason: 'accepted',
      message: 'Accepted by octocat until 2026-12-20: A leaked column was taken out.',
    });
    expect(used).toEqual([acceptance()]);
  });

  test.each<[string, Partial<Check>, Partial<Acceptance>, Partial<typeof CONTEXT>]>([
    ['has grown', { observed: -0.031 }, {}, {}],
    ['was accepted for another pull request', {}, {}, { pullRequests: [43] }],
    ['has expired', {}, { expires: '2026-11-21T10:00:00Z' }, {}],
    ['is of another check', { id: 'model/churn/accuracy/max-regression' }, {}, {}],
    ['is a bound that holds whatever main is', { name: 'at-least' }, {}, {}],
    ['has no number any more, at the same head', { reason: 'not-finite', observed: 'no number' }, {}, {}],
    ['changed its sign', { name: 'max-change', observed: 0.02 }, {}, {}],
    ['is no improvement any more', { name: 'min-improvement', observed: -0.004 }, { observed: 0.005 }, {}],
    ['is a smaller improvement', { name: 'min-improvement', observed: 0.001 }, { observed: 0.005 }, {}],
    ['has no number, at another head', { observed: 'no number' }, {}, { head: 'c'.repeat(40) }],
  ])('still fail where the finding %s', (_why, check, accepted, context) => {
    const given = failed(check);
    const result = applyAcceptances([given], [acceptance(accepted)], { ...CONTEXT, ...context });
    expect(result).toEqual({ checks: [given], used: [] });
  });

  test('count for a later head of the same pull request while the regression is no larger', () => {
    const context = { ...CONTEXT, head: 'c'.repeat(40) };
    const { checks } = applyAcceptances([failed({ observed: -0.025 })], [acceptance()], context);
    expect(checks[0]?.verdict).toBe('warn');
  });

  test('without a pull request count for their own head alone', () => {
    const { pullRequest: _pullRequest, ...local } = acceptance();
    const nowhere = { ...CONTEXT, pullRequests: [] };
    expect(applyAcceptances([failed()], [local], nowhere).used).toHaveLength(1);
    expect(applyAcceptances([failed()], [local], { ...nowhere, head: 'c'.repeat(40) }).used).toHaveLength(0);
  });

  test('leave checks alone that did not fail', () => {
    const undecided = failed({ verdict: 'inconclusive' });
    expect(applyAcceptances([undecided], [acceptance()], CONTEXT).checks).toEqual([undecided]);
  });
});

describe('the check that a person names', () => {
  const slice = failed({
    id: 'model/churn/region=north/roc_auc/max-regression',
    about: { model: 'churn', slice: 'region=north' },
  });
  const { metric: _metric, ...rest } = failed({ id: 'rules/speed', name: 'rule', about: {} });
  const rule: Check = rest;

  test('is found by id, by metric, or by the name of a rule', () => {
    const checks = [failed(), slice, rule];
    expect(findNamedCheck(checks, slice.id)).toEqual({ kind: 'found', check: slice });
    expect(findNamedCheck(checks, 'roc_auc')).toEqual({ kind: 'found', check: failed() });
    expect(findNamedCheck(checks, 'speed')).toEqual({ kind: 'found', check: rule });
  });

  test('is not guessed among several, and a misspelt name is corrected', () => {
    const other = failed({ id: 'model/fraud/roc_auc/max-regression', about: { model: 'fraud' } });
    expect(findNamedCheck([failed(), other], 'roc_auc')).toMatchObject({ kind: 'ambiguous' });
    expect(findNamedCheck([failed()], 'roc_acu')).toMatchObject({ kind: 'unknown', nearest: 'roc_auc' });
    expect(findNamedCheck([failed({ verdict: 'pass' })], 'roc_auc')).toMatchObject({ known: [] });
    const sliced = failed({
      id: 'model/churn/region=east/roc_auc/max-regression',
      about: { model: 'churn', slice: 'region=east' },
    });
    expect(findNamedCheck([sliced], 'roc_auc')).not.toMatchObject({ nearest: 'roc_auc' });
  });
});
