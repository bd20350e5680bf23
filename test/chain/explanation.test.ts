/** Flips, decompositions, parameters and changes through the whole chain, and past the trusted stage. */
import { describe, expect, it } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { completeEvidence } from '../../src/chain/complete-evidence.ts';
import { judgeAgain } from '../../src/chain/judge-again.ts';
import { runChain } from '../../src/chain/chain.ts';
import { STAGES, type Stage } from '../../src/chain/stages.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { makeEvidence, parseEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import { CHURN, memoryEffects, NO_BASELINE, parse, type Files } from './memory-effects.ts';

const FLIPS = 'model/churn/max-negative-flips';
const CONFIG = {
  models: {
    churn: {
      ...CHURN,
      'max-negative-flips': '20%',
      metrics: { accuracy: { 'max-regression': 0.3 } },
      slices: { by: ['region'] },
      params: ['params.yaml'],
    },
  },
};

/** 400 examples in two regions; the model is wrong about those that are named. */
function predict(isWrong: (row: number) => boolean): string {
  const rows = Array.from({ length: 400 }, (_, row) => {
    const target = row % 2;
    const sure = 0.8 + (row % 7) / 100;
    const score = ((target === 1) === isWrong(row) ? 1 - sure : sure).toFixed(2);
    return `e${String(row).padStart(3, '0')},${target},${score},${row < 200 ? 'north' : 'south'}`;
  });
  return `id,y,p,region\n${rows.join('\n')}\n`;
}

const OLD: Files = {
  'new.csv': predict((row) => row % 50 === 0),
  'params.yaml': 'train: {depth: 8, seed: 1}\n',
};
/** Wrong about 20 more examples, all in the north. */
const NEW: Files = {
  'new.csv': predict((row) => row % 50 === 0 || (row < 200 && row % 10 === 5)),
  'params.yaml': 'train: {depth: 12, seed: 1}\n',
};

async function run(
  config: object,
  files: Files,
  baseline?: BaselineFound,
  stages: readonly Stage[] = STAGES,
): Promise<Evidence> {
  const effects = memoryEffects(files, baseline === undefined ? {} : { baseline });
  const request = { parsed: parse(config), stages, source: {}, version: '0.1.0' };
  const { evidence } = await runChain(request, effects);
  expect(validateDocument('evidence', evidence)).toMatchObject({ ok: true });
  return evidence;
}

/** What main recorded of the old model. */
async function record(config: object = CONFIG): Promise<BaselineFound> {
  const request = { parsed: parse(config), stages: STAGES, source: {}, version: '0.1.0' };
  const { evidence, outcomes } = await runChain(request, memoryEffects(OLD));
  return {
    used: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
  };
}

function find({ body }: Evidence, id: string): Check | undefined {
  return body.checks.find((check) => check.id === id);
}

function limitedTo(limit: string | number): object {
  return { models: { churn: { ...CONFIG.models.churn, 'max-negative-flips': limit } } };
}

function judge(evidence: Evidence, config: object): Evidence {
  const judged = judgeAgain(evidence, { parsed: parse(config), schemaDigests: new Map() });
  expect(validateDocument('evidence', judged)).toMatchObject({ ok: true });
  return judged;
}

function change(evidence: Evidence, body: Partial<Evidence['body']>): Evidence {
  return makeEvidence(
    { ...evidence.body, ...body },
    { source: {}, createdAt: new Date(evidence.createdAt), durationSeconds: 1 },
  );
}

/** The same files with an id and a slice that somebody made up. */
function hostile(files: Files): Files {
  const text = files['new.csv'] ?? '';
  const id = `${'x'.repeat(2000)}\u202E</script>`;
  return { ...files, 'new.csv': text.replace('e005', id).replaceAll('north', 'n|`<b>`') };
}

describe('the explanation of a change', () => {
  it('counts flips against what main recorded, without its ids', async () => {
    const evidence = await run(CONFIG, NEW, await record());
    const [flips, ...others] = evidence.body.flips ?? [];
    expect(others).toEqual([]);
    expect(flips).toMatchObject({
      about: { model: 'churn' },
      n: 400,
      negative: { count: 20, share: 0.05 },
      positive: { count: 0 },
      churn: { count: 20 },
    });
    expect(flips?.examples).toHaveLength(10);
    expect(flips?.examples[0]).toEqual({
      kind: 'negative',
      id: 'e055',
      target: '1',
      baseline: '1',
      candidate: '0',
      baselineScore: 0.86,
      candidateScore: 0.14,
      slices: { region: 'north' },
    });
    expect(find(evidence, FLIPS)).toMatchObject({
      verdict: 'pass',
      observed: 0.05,
      expected: 0.2,
      source: { key: 'models.churn.max-negative-flips' },
    });
  });

  it('names the slice and the class that carry the change', async () => {
    const { decompositions = [] } = (await run(CONFIG, NEW, await record())).body;
    expect(decompositions.map(({ metric, by }) => [metric, by])).toEqual([
      ['accuracy', 'class'],
      ['accuracy', 'slice'],
    ]);
    expect(decompositions[1]?.parts).toMatchObject([
      { name: 'region=north', n: 200, contribution: -0.05 },
      { name: 'region=south', n: 200, contribution: 0, adjustedP: 1 },
    ]);
    expect(decompositions[1]?.parts[0]?.adjustedP).toBeLessThan(0.001);
  });

  it('says which parameters and settings are not what they were', async () => {
    const evidence = await run(limitedTo('15%'), NEW, await record());
    expect(evidence.body.params).toMatchObject([
      { kind: 'config', name: 'mlgate.yml' },
      { kind: 'params', name: 'params.yaml', values: { 'train.depth': 12, 'train.seed': 1 } },
    ]);
    expect(evidence.body.changes).toEqual([
      { kind: 'param', name: 'params.yaml', key: 'train.depth', baseline: 8, candidate: 12 },
      {
        kind: 'config',
        name: 'mlgate.yml',
        key: 'models.churn.max-negative-flips',
        baseline: '20%',
        candidate: '15%',
      },
    ]);
  });

  it('is nothing but zeros for an unchanged model, whose flips pass at any n', async () => {
    const evidence = await run(limitedTo(0.001), OLD, await record());
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'pass', reason: 'unchanged' });
    expect(evidence.body.flips).toMatchObject([{ churn: { count: 0 }, examples: [] }]);
    expect(evidence.body).not.toHaveProperty('decompositions');
  });

  it('says how much flips when the recipe of main is trained again', async () => {
    const config = { models: { churn: { ...CONFIG.models.churn, seeds: ['seed.csv'] } } };
    const seed = predict((row) => row % 50 === 0 || row === 7 || row === 9);
    const evidence = await run(config, { ...NEW, 'seed.csv': seed }, await record());
    expect(evidence.body.flips).toMatchObject([{ negative: { count: 20 }, retraining: 2 / 400 }]);
  });

  it('lists no ids where they are private', async () => {
    const settings = { 'flip-examples': 0, 'error-examples': 0 };
    const config = { models: { churn: { ...CONFIG.models.churn, ...settings } } };
    const evidence = await run(config, NEW, await record());
    expect(evidence.body.flips).toMatchObject([{ negative: { count: 20 }, examples: [] }]);
    expect(printEvidence(evidence)).not.toContain('e055');
  });

  it('has nothing to say without a baseline, and says that', async () => {
    const evidence = await run(CONFIG, NEW);
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
    for (const list of ['flips', 'decompositions', 'changes']) expect(evidence.body).not.toHaveProperty(list);
    expect(evidence.body.params).toHaveLength(2);
  });

  it('says why where the test set changed', async () => {
    const evidence = await run(
      CONFIG,
      { ...NEW, 'new.csv': NEW['new.csv']?.replace(/e399.*\n/, '') ?? '' },
      await record(),
    );
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'inconclusive', reason: 'test-set-changed' });
    expect(evidence.body).not.toHaveProperty('flips');
  });

  it('skips the bound where the predictions cannot be read', async () => {
    const evidence = await run(CONFIG, { ...NEW, 'new.csv': 'id,y,p,region\na,1,2,north\n' }, await record());
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'skipped', reason: 'depends-on-failed-check' });
  });

  it('fails where the flips are too many, in evidence that reads back as it was written', async () => {
    const evidence = await run(limitedTo('1%'), NEW, await record());
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'fail', severity: 'fail' });
    expect(evidence.body.verdict).toBe('fail');
    expect(parseEvidence(printEvidence(evidence), 'evidence.json')).toEqual(evidence);
  });

  it('bounds what strangers write into ids and slices', async () => {
    const request = { parsed: parse(CONFIG), stages: STAGES, source: {}, version: '0.1.0' };
    const main = await runChain(request, memoryEffects(hostile(OLD)));
    const outcomes = new Map([...main.outcomes].map(([model, { bytes }]) => [model, bytes]));
    const baseline = { ...(await record()), evidence: main.evidence, outcomes };
    const evidence = await run(CONFIG, hostile(NEW), baseline);
    expect(evidence.body.flips?.[0]?.negative.count).toBe(20);
    const listed = evidence.body.flips?.[0]?.examples.map(({ id }) => id.length) ?? [];
    expect(Math.max(...listed)).toBeLessThanOrEqual(300);
  });
});

describe('the trusted stage', () => {
  it('judges flips again by the limit of the base branch', async () => {
    const evidence = await run(limitedTo('50%'), NEW, await record());
    expect(find(evidence, FLIPS)).toMatchObject({ verdict: 'pass' });
    const judged = judge(evidence, limitedTo('1%'));
    expect(judged.body.checks.filter(({ id }) => id === FLIPS)).toMatchObject([
      { verdict: 'fail', expected: 0.01 },
    ]);
    expect(judged.body.flips).toEqual(evidence.body.flips);
    expect(judged.body.changes).toEqual(evidence.body.changes);
  });

  it('lets no bound count that only the change has', async () => {
    const { 'max-negative-flips': _limit, ...churn } = CONFIG.models.churn;
    const evidence = await run(limitedTo('1%'), NEW, await record());
    expect(find(judge(evidence, { models: { churn } }), FLIPS)).toBeUndefined();
  });

  it('fails where the flips were cut out, or the bound was', async () => {
    const evidence = await run(limitedTo('1%'), NEW, await record());
    const cut = change(evidence, {
      flips: [],
      checks: evidence.body.checks.filter(({ id }) => id !== FLIPS),
    });
    expect(find(judge(cut, limitedTo('1%')), FLIPS)).toMatchObject({ verdict: 'fail', reason: 'missing' });
    const { 'max-negative-flips': _limit, ...churn } = CONFIG.models.churn;
    const unasked = await run({ models: { churn } }, NEW, await record());
    expect(find(judge(unasked, limitedTo('1%')), FLIPS)).toMatchObject({ verdict: 'fail', observed: 0.05 });
  });

  it('takes no forged pass for an answer', async () => {
    const evidence = await run(limitedTo('1%'), NEW, await record());
    const forged = evidence.body.checks.map((check) =>
      check.id === FLIPS ? { ...check, name: 'other', verdict: 'pass' as const } : check,
    );
    const judged = judge(change(evidence, { checks: forged }), limitedTo('1%'));
    expect(judged.body.checks.some(({ id, verdict }) => id === FLIPS && verdict === 'fail')).toBe(true);
    expect(judged.body.verdict).toBe('fail');
  });
});

describe('the evidence of several steps', () => {
  it('has each list once, and misses flips that nobody counted', async () => {
    const baseline = await record();
    // Two columns of slices: each has its decomposition.
    const slices = { by: ['region', 'y'] };
    const config = { models: { churn: { ...CONFIG.models.churn, slices } } };
    const parts: Evidence[] = [];
    for (const stage of STAGES) parts.push(await run(config, NEW, baseline, [stage]));
    const whole = completeEvidence(parts, parse(config));
    const decomposed = whole.body.decompositions?.map(({ by, about }) => [by, about.column]);
    expect(decomposed).toEqual([
      ['class', undefined],
      ['slice', 'region'],
      ['slice', 'y'],
    ]);
    expect(whole.body.flips).toHaveLength(1);
    expect(whole.body.params).toHaveLength(2);
    expect(whole.body.changes?.map(({ kind }) => kind)).toEqual(['param', 'config']);
    expect(find(whole, FLIPS)).toMatchObject({ verdict: 'pass' });
    const without = completeEvidence(parts.slice(0, 2), parse(config));
    expect(find(without, FLIPS)).toMatchObject({ verdict: 'fail', reason: 'missing' });
  });

  it('compares nothing where the step has no baseline to look for', async () => {
    const evidence = await run(CONFIG, NEW, NO_BASELINE, ['model']);
    expect(find(evidence, FLIPS)).toBeUndefined();
    expect(evidence.body).not.toHaveProperty('changes');
  });
});
