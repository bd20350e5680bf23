import { describe, expect, it } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { runChain, type ChainResult } from '../../src/chain/chain.ts';
import { STAGES, type Stage } from '../../src/chain/stages.ts';
import { findMissing } from '../../src/chain/check-completeness.ts';
import { judgeAgain } from '../../src/chain/judge-again.ts';
import type { Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { checkOf, evidenceOf, metricOf } from '../evidence/cases.ts';
import { CHURN, memoryEffects, NO_BASELINE, parse, predictions, type Files } from './memory-effects.ts';

const TRADE_OFF =
  'regression(churn.accuracy) <= 0 or (regression(churn.accuracy) <= 20 points and improvement(serving.p95_ms) >= 20 %)';
const CONFIG = {
  models: { churn: CHURN },
  metrics: { serving: { path: 'm.json', gates: { p95_ms: { direction: 'lower-is-better' } } } },
  rules: { 'speed-for-accuracy': { require: TRADE_OFF } },
};
const ID = 'rules/speed-for-accuracy';

async function run(
  files: Files,
  baseline: BaselineFound = NO_BASELINE,
  stages: readonly Stage[] = STAGES,
): Promise<ChainResult> {
  const request = { parsed: parse(CONFIG), stages, source: {}, version: '0.1.0' };
  const result = await runChain(request, memoryEffects(files, { baseline }));
  expect(validateDocument('evidence', result.evidence)).toMatchObject({ ok: true });
  return result;
}

/** A run that is wrong about every `wrongEvery`-th example, with this latency. */
function filesOf(wrongEvery: number, latency: number): Files {
  return { 'new.csv': predictions(400, wrongEvery), 'm.json': JSON.stringify({ p95_ms: latency }) };
}

async function recordBaseline(files: Files): Promise<BaselineFound> {
  const { evidence, outcomes } = await run(files);
  return {
    used: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
  };
}

function ruleOf({ body }: Evidence) {
  return body.checks.find((check) => check.id === ID);
}

describe('rules in the chain', () => {
  it('span models and metrics files', async () => {
    const baseline = await recordBaseline(filesOf(30, 100));
    const faster = await run(filesOf(10, 70), baseline);
    expect(ruleOf(faster.evidence)).toMatchObject({
      name: 'rule',
      verdict: 'pass',
      reason: 'point-rule',
      source: { key: 'rules.speed-for-accuracy.require' },
    });
    const slower = await run(filesOf(10, 90), baseline);
    expect(ruleOf(slower.evidence)).toMatchObject({ verdict: 'fail' });
    expect(slower.evidence.body.verdict).toBe('fail');
  });

  it('wait for a baseline, and for the comparison', async () => {
    const { evidence } = await run(filesOf(10, 100));
    expect(ruleOf(evidence)).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
    const data = await run(filesOf(10, 100), NO_BASELINE, ['data', 'model']);
    expect(ruleOf(data.evidence)).toBeUndefined();
  });

  it('have their slices measured, with no margin of a slice beside them', async () => {
    const config = {
      models: { churn: { ...CHURN, slices: { by: ['y'] } } },
      rules: {
        here: { require: 'value(churn[y=1].recall) >= 0.5' },
        nowhere: { require: 'value(churn[y=7].recall) >= 0.5' },
      },
    };
    const request = { parsed: parse(config), stages: STAGES, source: {}, version: '0.1.0' };
    const { evidence } = await runChain(request, memoryEffects({ 'new.csv': predictions(400, 10) }));
    const verdicts = evidence.body.checks.flatMap(({ id, verdict, reason }) =>
      id.startsWith('rules/') ? [[id, verdict, reason]] : [],
    );
    expect(verdicts).toEqual([
      ['rules/here', 'pass', undefined],
      ['rules/nowhere', 'fail', 'missing'],
    ]);
  });

  it('are missed where no step judged them', () => {
    expect(findMissing(parse(CONFIG), [])).toContainEqual(
      expect.objectContaining({ id: ID, verdict: 'fail', reason: 'missing' }),
    );
  });

  it("are decided anew by the trusted config; those of the change's own config do not count", () => {
    const interval = { level: 0.9, low: -0.28, high: -0.24, method: 'tango' };
    const accuracy = metricOf('accuracy', {
      comparison: { baseline: 0.9, difference: -0.26, interval, method: 'paired', pairs: 400 },
    });
    const latency = metricOf('p95_ms', { about: { metricsFile: 'serving' }, value: 70 });
    const evidence = evidenceOf({
      checks: [checkOf(ID, { name: 'rule', about: {} }), checkOf('rules/own', { name: 'rule', about: {} })],
      metrics: [accuracy, latency],
      baseline: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    });
    const judged = judgeAgain(evidence, { parsed: parse(CONFIG), schemaDigests: new Map() });
    expect(judged.body.checks.filter(({ id }) => id === ID)).toMatchObject([{ verdict: 'fail' }]);
    expect(judged.body.checks.map(({ id }) => id)).not.toContain('rules/own');
  });
});
