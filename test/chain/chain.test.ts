import { describe, expect, it } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { runChain, type ChainResult } from '../../src/chain/chain.ts';
import { STAGES, type Stage } from '../../src/chain/stages.ts';
import { sha256 } from '../../src/evidence/digest.ts';
import type { Check, Evidence } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { CHURN, memoryEffects, NO_BASELINE, parse, predictions, type Files } from './memory-effects.ts';

interface Setting {
  readonly config: object;
  readonly files: Files;
  readonly stages?: readonly Stage[];
  readonly baseline?: BaselineFound;
  readonly metadata?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function run({ config, files, stages = STAGES, ...options }: Setting): Promise<ChainResult> {
  const request = { parsed: parse(config), stages, source: {}, version: '0.1.0' };
  const result = await runChain(request, memoryEffects(files, options));
  expect(validateDocument('evidence', result.evidence)).toMatchObject({ ok: true });
  return result;
}

function findCheck({ body }: Evidence, id: string): Check | undefined {
  return body.checks.find((check) => check.id === id);
}

/** A baseline as main's run would have recorded it. */
async function recordBaseline(config: object, files: Files): Promise<BaselineFound> {
  const { evidence, outcomes } = await run({ config, files });
  return {
    used: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
  };
}

const GATED = { models: { churn: { ...CHURN, metrics: { accuracy: { 'max-regression': 0.05 } } } } };
const MARGIN = 'model/churn/accuracy/max-regression';
const NEW = { 'new.csv': predictions(400, 10) };

describe('runChain', () => {
  it('runs every stage in its order and reports what it is at', async () => {
    const config = {
      data: { customers: { path: 'data.csv', schema: 's.json' } },
      ...GATED,
      metrics: { training: { path: 'm.json', gates: { loss: { 'at-most': 1 } } } },
    };
    const schema = '{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}';
    const files = { ...NEW, 'data.csv': 'id\na\n', 's.json': schema, 'm.json': '{"loss": 0.5}' };
    const effects = memoryEffects(files);
    const request = {
      parsed: parse(config),
      stages: STAGES,
      source: { commit: 'c'.repeat(40) },
      version: '0.1.0',
    };
    const { evidence, outcomes } = await runChain(request, effects);
    expect(effects.steps).toEqual(['data/customers', 'models/churn', 'metrics/training']);
    expect(evidence.source).toEqual(request.source);
    expect(evidence.body.inputs.map(({ role, path }) => [role, path])).toEqual([
      ['dataset', 'data.csv'],
      ['data-schema', 's.json'],
      ['predictions', 'new.csv'],
      ['metrics-file', 'm.json'],
    ]);
    expect([...outcomes.keys()]).toEqual(['churn']);
    expect(evidence.body.baseline).toEqual(NO_BASELINE.used);
  });

  it('has no verdict where the config asks nothing of a stage', async () => {
    const { evidence } = await run({ config: GATED, files: NEW, stages: ['data'] });
    expect(evidence.body).toMatchObject({ verdict: 'skipped', checks: [], metrics: [] });
  });

  it('stops between two steps', async () => {
    const effects = memoryEffects(NEW, { signal: AbortSignal.abort() });
    const request = { parsed: parse(GATED), stages: STAGES, source: {}, version: '0.1.0' };
    await expect(runChain(request, effects)).rejects.toThrow('The run was stopped before models/churn.');
  });

  it('gives the same body for the same files, whenever', async () => {
    const [one, two] = [await run({ config: GATED, files: NEW }), await run({ config: GATED, files: NEW })];
    expect(two.evidence.digest).toBe(one.evidence.digest);
  });
});

/** The file beside the predictions. */
function sidecar(content: string): Files {
  return { 'new.csv.mlgate.json': content };
}

describe('a model and its artifact', () => {
  const config = { models: { churn: { ...CHURN, artifact: 'churn.onnx' } } };
  const files = { ...NEW, 'churn.onnx': 'weights' };
  const digest = sha256('weights');

  it.each([
    ['the Parquet metadata', files, { 'new.csv': { 'mlgate.subject.sha256': digest } }],
    [
      'a file beside the predictions',
      { ...files, ...sidecar(`{"version": 1, "subject": {"sha256": "${digest}"}}`) },
      {},
    ],
  ] as const)('is tied to its predictions by %s', async (_name, given, metadata) => {
    const { evidence } = await run({ config, files: given, metadata });
    expect(evidence.body.subjects).toEqual([
      { name: 'churn', sha256: digest, bytes: 7, format: 'onnx', path: 'churn.onnx', binding: 'declared' },
    ]);
    expect(findCheck(evidence, 'model/churn/binding')).toMatchObject({ verdict: 'pass' });
    expect(evidence.body.verdict).toBe('pass');
  });

  it('without a declaration has a binding of none, and says how to declare', async () => {
    const { evidence } = await run({ config, files });
    expect(evidence.body.subjects[0]?.binding).toBe('none');
    const check = findCheck(evidence, 'model/churn/binding');
    expect(check).toMatchObject({ verdict: 'skipped' });
    expect(check?.message).toContain('new.csv.mlgate.json');
    expect(evidence.body.verdict).toBe('pass');
  });

  it.each([
    [
      'another model',
      `{"version": 1, "subject": {"sha256": "${'0'.repeat(64)}"}}`,
      /it declares 000000000000, but/,
    ],
    ['no digest', '{"version": 1, "subject": {"sha256": "abc"}}', /it declares an unreadable digest/],
    ['nothing at all', 'null', /it declares an unreadable digest/],
    ['no JSON', '{', /it declares an unreadable digest/],
  ])('fails where the declaration names %s', async (_name, content, message) => {
    const { evidence } = await run({ config, files: { ...files, ...sidecar(content) } });
    const check = findCheck(evidence, 'model/churn/binding');
    expect(check?.verdict).toBe('fail');
    expect(check?.message).toMatch(message);
    expect(evidence.body.subjects[0]?.binding).toBe('none');
    expect(evidence.body.verdict).toBe('fail');
  });

  it('without an artifact has no subject, and is tested all the same', async () => {
    const { evidence } = await run({ config: GATED, files: NEW });
    expect(evidence.body.subjects).toEqual([]);
    expect(findCheck(evidence, 'model/churn/predictions')).toMatchObject({ verdict: 'pass', rows: 400 });
  });

  it("that is missing is the user's mistake", async () => {
    await expect(run({ config, files: NEW })).rejects.toThrow('churn.onnx does not exist.');
  });
});

describe('predictions that cannot be used', () => {
  it('fail once; what depends on them is skipped, and nothing is kept of them', async () => {
    const config = {
      models: { churn: { ...CHURN, metrics: { accuracy: { 'at-least': 0.5, 'max-regression': 0.1 } } } },
    };
    const { evidence, outcomes } = await run({ config, files: { 'new.csv': 'id,y,p\na,1,NaN\nb,0,0.2\n' } });
    const verdicts = evidence.body.checks.map(({ id, verdict, reason }) => [id, verdict, reason]);
    expect(verdicts).toEqual([
      ['model/churn/predictions/score/finite', 'fail', 'not-finite'],
      ['model/churn/accuracy/at-least', 'skipped', 'depends-on-failed-check'],
      ['model/churn/accuracy/max-regression', 'skipped', 'depends-on-failed-check'],
    ]);
    expect(evidence.body.checks[1]?.source?.key).toBe('models.churn.metrics.accuracy.at-least');
    expect(outcomes.size).toBe(0);
    expect(evidence.body.verdict).toBe('fail');
  });
});

describe('the baseline of a model', () => {
  it('is what main recorded: paired, with its own values beside', async () => {
    const baseline = await recordBaseline(GATED, { 'new.csv': predictions(400, 9) });
    const { evidence } = await run({ config: GATED, files: NEW, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'pass' });
    expect(evidence.body.metrics.find(({ name }) => name === 'accuracy')?.comparison).toMatchObject({
      method: 'paired',
      pairs: 400,
    });
    expect(evidence.body.baseline).toEqual(baseline.used);
  });

  it('of the same scores is unchanged', async () => {
    const baseline = await recordBaseline(GATED, NEW);
    const { evidence } = await run({ config: GATED, files: NEW, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'pass', reason: 'unchanged' });
  });

  it('without outcomes cannot be paired', async () => {
    const baseline = { ...(await recordBaseline(GATED, NEW)), outcomes: new Map<string, Uint8Array>() };
    const { evidence } = await run({ config: GATED, files: NEW, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'outcomes-missing',
    });
    expect(evidence.body.verdict).toBe('warn');
  });

  it('with damaged outcomes is the same, and the report says so', async () => {
    const recorded = await recordBaseline(GATED, NEW);
    const baseline = { ...recorded, outcomes: new Map([['churn', Buffer.from('no outcomes')]]) };
    const { evidence } = await run({ config: GATED, files: NEW, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'outcomes-missing',
    });
    expect(evidence.body.notes?.[0]).toMatch(
      /^The baseline of churn holds no outcomes that this version can read/,
    );
  });

  it('of another test set is inconclusive', async () => {
    const baseline = await recordBaseline(GATED, { 'new.csv': predictions(399, 9) });
    const { evidence } = await run({ config: GATED, files: NEW, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'test-set-changed',
    });
  });

  it('does not have a model that is new', async () => {
    const recorded = await recordBaseline({ models: { fraud: GATED.models.churn } }, NEW);
    const { evidence } = await run({ config: GATED, files: NEW, baseline: recorded });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'inconclusive', reason: 'not-in-baseline' });
  });

  it.each(['warn', 'fail', 'pass'] as const)(
    'that does not exist does what the config says: %s',
    async (rule) => {
      const { evidence } = await run({
        config: { ...GATED, comparison: { 'no-baseline': rule } },
        files: NEW,
      });
      expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'inconclusive', reason: 'no-baseline' });
      expect(evidence.body.verdict).toBe(rule);
    },
  );
});

describe('predictions that the config gives for the baseline', () => {
  const config = { models: { churn: { ...GATED.models.churn, 'baseline-predictions': 'old.csv' } } };
  const GIVEN = 'model/churn/baseline-predictions';

  it('are the last rung', async () => {
    const { evidence } = await run({ config, files: { ...NEW, 'old.csv': predictions(400, 9) } });
    expect(evidence.body.baseline).toEqual({ ...NO_BASELINE.used, rung: 'file', path: 'old.csv' });
    expect(findCheck(evidence, GIVEN)).toMatchObject({ verdict: 'pass', rows: 400 });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'pass' });
    expect(evidence.body.inputs.map(({ role }) => role)).toEqual(['predictions', 'baseline-predictions']);
  });

  it('give way to what main recorded', async () => {
    const baseline = await recordBaseline(GATED, NEW);
    const { evidence } = await run({ config, files: { ...NEW, 'old.csv': 'garbage' }, baseline });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ reason: 'unchanged' });
    expect(findCheck(evidence, GIVEN)).toBeUndefined();
  });

  it('stand in for one model and leave another without', async () => {
    const two = { models: { ...config.models, fraud: GATED.models.churn } };
    const { evidence } = await run({ config: two, files: { ...NEW, 'old.csv': predictions(400, 9) } });
    expect(findCheck(evidence, MARGIN)).toMatchObject({ verdict: 'pass' });
    expect(findCheck(evidence, 'model/fraud/accuracy/max-regression')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no-baseline',
    });
  });

  it('with bad content fail once, and only the margin depends on them', async () => {
    const bounded = {
      models: {
        churn: { ...config.models.churn, metrics: { accuracy: { 'at-least': 0.5, 'max-regression': 0.1 } } },
      },
    };
    const { evidence } = await run({
      config: bounded,
      files: { ...NEW, 'old.csv': 'id,y,p\na,1,0.3\na,0,0.2\n' },
    });
    expect(evidence.body.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['model/churn/predictions', 'pass'],
      ['model/churn/baseline-predictions/id/unique', 'fail'],
      ['model/churn/accuracy/at-least', 'pass'],
      ['model/churn/accuracy/max-regression', 'skipped'],
    ]);
    expect(evidence.body.checks[1]?.source?.key).toBe('models.churn.baseline-predictions');
    expect(evidence.body.metrics.every(({ comparison }) => comparison === undefined)).toBe(true);
  });

  it.each([
    ['other ids', predictions(400, 9, 7), 'fail', 'unmatched-ids'],
    ['other targets', predictions(400, 9).replace('e0,0', 'e0,1'), 'inconclusive', 'test-set-changed'],
  ] as const)('on %s are not passed over, even where no margin asks', async (_name, old, verdict, reason) => {
    const ungated = { models: { churn: { ...CHURN, 'baseline-predictions': 'old.csv' } } };
    const { evidence } = await run({ config: ungated, files: { ...NEW, 'old.csv': old } });
    expect(findCheck(evidence, GIVEN)).toMatchObject({ verdict, reason });
  });

  it('are not looked at where nothing is compared', async () => {
    const { evidence } = await run({ config, files: NEW, stages: ['model'] });
    expect(evidence.body.baseline).toBeUndefined();
    expect(evidence.body.checks.map(({ id }) => id)).toEqual(['model/churn/predictions']);
  });
});

describe('metrics files', () => {
  const config = {
    metrics: {
      training: {
        path: 'm.json',
        gates: { 'val.loss': { 'at-most': 0.5, 'max-regression': '10%', direction: 'lower-is-better' } },
      },
    },
  };
  const REGRESSION = 'metrics/training/val.loss/max-regression';

  it('are compared by the labelled point rule', async () => {
    const baseline = await recordBaseline(config, { 'm.json': '{"val": {"loss": 0.4}}' });
    const good = await run({ config, files: { 'm.json': '{"val": {"loss": 0.43}}' }, baseline });
    expect(findCheck(good.evidence, REGRESSION)).toMatchObject({ verdict: 'pass', reason: 'point-rule' });
    const bad = await run({ config, files: { 'm.json': '{"val": {"loss": 0.45}}' }, baseline });
    expect(findCheck(bad.evidence, REGRESSION)).toMatchObject({ verdict: 'fail', reason: 'point-rule' });
    expect(findCheck(bad.evidence, 'metrics/training/val.loss/at-most')).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['no number', '{"name": "x"}', 'fail', 'missing'],
    ['nothing', '', 'fail', 'missing'],
    ['NaN', '{"val": {"loss": NaN}}', 'fail', 'not-finite'],
    ['another key', '{"val": {"los": 0.1}}', 'fail', 'missing'],
  ])('with %s never pass', async (_name, content, verdict, reason) => {
    const { evidence } = await run({ config, files: { 'm.json': content } });
    expect(findCheck(evidence, 'metrics/training/val.loss/at-most')).toMatchObject({ verdict, reason });
    expect(evidence.body.verdict).toBe('fail');
  });

  it('say that there is nothing to compare with, or that main did not have the number', async () => {
    const alone = await run({ config, files: { 'm.json': '{"val": {"loss": 0.4}}' } });
    expect(findCheck(alone.evidence, REGRESSION)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no-baseline',
    });
    const other = { metrics: { training: { path: 'm.json', gates: {} } } };
    const baseline = await recordBaseline(other, { 'm.json': '{"acc": 0.4}' });
    const fresh = await run({ config, files: { 'm.json': '{"val": {"loss": 0.4}}' }, baseline });
    expect(findCheck(fresh.evidence, REGRESSION)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not-in-baseline',
    });
  });

  it('belong to the comparison', async () => {
    const { evidence } = await run({ config, files: {}, stages: ['data', 'model'] });
    expect(evidence.body).toMatchObject({ verdict: 'skipped', checks: [] });
  });
});
