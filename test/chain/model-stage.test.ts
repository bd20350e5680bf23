import { describe, expect, it } from 'vitest';
import type { BaselineFound } from '../../src/baseline/find-baseline.ts';
import { runChain, type ChainResult } from '../../src/chain/chain.ts';
import { STAGES } from '../../src/chain/stages.ts';
import type { Check, Metric } from '../../src/schemas/evidence.generated.ts';
import { validateDocument } from '../../src/schemas/validate.ts';
import { CHURN, memoryEffects, parse, predictions, type Files } from './memory-effects.ts';

const BOUNDS = { metrics: { accuracy: { 'max-regression': 0.05 } } };
const N = 400;

async function run(config: object, files: Files, baseline?: BaselineFound): Promise<ChainResult> {
  const request = { parsed: parse(config), stages: STAGES, source: {}, version: '0.1.0' };
  const result = await runChain(request, memoryEffects(files, baseline === undefined ? {} : { baseline }));
  expect(validateDocument('evidence', result.evidence)).toMatchObject({ ok: true });
  return result;
}

/** What main recorded of a model. */
async function record(config: object, files: Files): Promise<BaselineFound> {
  const { evidence, outcomes } = await run(config, files);
  return {
    used: { rung: 'exact', commit: 'b'.repeat(40), tried: [] },
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
  };
}

function checkOf({ evidence }: ChainResult, id: string): Check | undefined {
  return evidence.body.checks.find((check) => check.id === id);
}

function metricsNamed({ evidence }: ChainResult, name: string): readonly Metric[] {
  return evidence.body.metrics.filter((metric) => metric.name === name);
}

/** The same predictions with more columns, each made from the row's number. */
function withColumns(text: string, columns: Readonly<Record<string, (row: number) => string>>): string {
  const [header, ...lines] = text.trimEnd().split('\n');
  const rows = lines.map((line, row) => [line, ...Object.values(columns).map((make) => make(row))].join(','));
  return `${[header, ...Object.keys(columns)].join(',')}\n${rows.join('\n')}\n`;
}

function regionOf(row: number): string {
  return row % 4 === 0 ? 'north' : 'south';
}

const SLICED = { ...CHURN, ...BOUNDS, slices: { by: ['region'], 'max-regression': { recall: 0.2 } } };

describe('slices', () => {
  const files = { 'new.csv': withColumns(predictions(N, 10), { region: regionOf }) };
  const old = { ...files, 'new.csv': withColumns(predictions(N, 9), { region: regionOf }) };

  it('have their main metric and those that margins name, compared with the same rows of the baseline', async () => {
    const config = { models: { churn: SLICED } };
    const result = await run(config, files, await record(config, old));
    const sliced = result.evidence.body.metrics.filter(({ about }) => about.slice !== undefined);
    expect(sliced.map(({ name, about, n }) => [about.slice, name, n])).toEqual([
      ['region=north', 'accuracy', 100],
      ['region=north', 'recall', expect.any(Number)],
      ['region=south', 'accuracy', 300],
      ['region=south', 'recall', expect.any(Number)],
    ]);
    const [north] = sliced;
    expect(north?.comparison).toMatchObject({ method: 'paired', pairs: 100 });
    const ids = result.evidence.body.checks.map((check) => check.id);
    expect(ids.filter((id) => id.includes('region='))).toHaveLength(2);
  });

  it('are measured without a baseline too', async () => {
    const result = await run({ models: { churn: SLICED } }, files);
    expect(metricsNamed(result, 'recall').map(({ about }) => about.slice)).toEqual([
      undefined,
      'region=north',
      'region=south',
    ]);
  });

  it('that are too many are a failed check, not silence', async () => {
    const columns = { a: (row: number) => `a${row % 150}`, b: (row: number) => `b${row % 149}` };
    const model = { ...CHURN, slices: { by: ['a', 'b'] } };
    const result = await run(
      { models: { churn: model } },
      { 'new.csv': withColumns(predictions(N, 10), columns) },
    );
    expect(checkOf(result, 'model/churn/slices/count')).toMatchObject({
      verdict: 'fail',
      observed: 299,
      expected: 200,
    });
    expect(metricsNamed(result, 'accuracy')).toHaveLength(201);
  });
});

describe('a baseline on another test set', () => {
  const files = { 'new.csv': predictions(N, 10, 1000), 'old.csv': predictions(N, 9, 1000) };
  const given = { ...CHURN, ...BOUNDS, 'baseline-predictions': 'old.csv' };
  const main = async () => await record({ models: { churn: CHURN } }, { 'new.csv': predictions(N, 9) });

  it('is not compared', async () => {
    const result = await run({ models: { churn: given } }, files, await main());
    expect(checkOf(result, 'model/churn/accuracy/max-regression')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'test-set-changed',
    });
    expect(result.evidence.body.baseline?.rescored).toBeUndefined();
  });

  it('is scored again where the config asks for it, and the evidence says so', async () => {
    const result = await run({ models: { churn: given }, baseline: { rescore: true } }, files, await main());
    expect(metricsNamed(result, 'accuracy')[0]?.comparison).toMatchObject({ method: 'paired', pairs: N });
    expect(result.evidence.body.baseline).toMatchObject({ rung: 'exact', rescored: ['churn'] });
    expect(checkOf(result, 'model/churn/baseline-predictions')).toMatchObject({ verdict: 'pass' });
  });

  it('is also scored again where its outcomes were not kept, and not where they fit', async () => {
    const config = { models: { churn: given }, baseline: { rescore: true } };
    const lost = { ...(await main()), outcomes: new Map<string, Uint8Array>() };
    expect((await run(config, files, lost)).evidence.body.baseline?.rescored).toEqual(['churn']);
    const same = await record({ models: { churn: CHURN } }, { 'new.csv': predictions(N, 9, 1000) });
    expect((await run(config, files, same)).evidence.body.baseline?.rescored).toBeUndefined();
  });

  it('is compared without pairing where the config declares it to be of the same kind', async () => {
    const baseline = await main();
    const digest = baseline.evidence?.body.metrics[0]?.about.datasetDigest ?? '';
    const model = { ...CHURN, ...BOUNDS, 'compatible-test-sets': [digest.slice(0, 12)] };
    const result = await run({ models: { churn: model } }, files, baseline);
    expect(metricsNamed(result, 'accuracy')[0]?.comparison).toMatchObject({ method: 'unpaired' });
    const other = { ...model, 'compatible-test-sets': ['0'.repeat(12)] };
    expect(
      metricsNamed(await run({ models: { churn: other } }, files, baseline), 'accuracy')[0]?.comparison,
    ).toMatchObject({
      reason: 'test-set-changed',
    });
  });

  it('is compared without pairing from a file too', async () => {
    const model = { ...CHURN, ...BOUNDS, unpaired: true, 'baseline-predictions': 'old.csv' };
    const result = await run({ models: { churn: model } }, { ...files, 'old.csv': predictions(300, 9) });
    expect(metricsNamed(result, 'accuracy')[0]?.comparison).toMatchObject({ method: 'unpaired' });
    expect(checkOf(result, 'model/churn/baseline-predictions')).toMatchObject({
      verdict: 'pass',
      observed: 300,
      message: '300 examples of `old.csv` were read, to be compared without pairing.',
    });
  });
});

function withSeeds(...seeds: readonly string[]): object {
  return { models: { churn: { ...CHURN, ...BOUNDS, seeds } } };
}

describe('further trainings', () => {
  const files = {
    'new.csv': predictions(N, 10),
    's1.csv': predictions(N, 11),
    's2.csv': predictions(N, 8),
    'short.csv': predictions(N - 1, 8),
    'broken.csv': predictions(N, 8).replace('0.5', 'nan'),
  };
  const main = async () => await record({ models: { churn: CHURN } }, { 'new.csv': predictions(N, 9) });

  it('widen the comparison and are named as inputs', async () => {
    const result = await run(withSeeds('s1.csv', 's2.csv'), files, await main());
    expect(metricsNamed(result, 'accuracy')[0]?.comparison?.trainingNoise).toBeDefined();
    expect(
      result.evidence.body.inputs.flatMap(({ role, path }) => (role === 'seed-predictions' ? [path] : [])),
    ).toEqual(['s1.csv', 's2.csv']);
  });

  it('on other examples, or with findings, are said once, and no margin is judged', async () => {
    const result = await run(withSeeds('short.csv', 'broken.csv'), files, await main());
    expect(checkOf(result, 'model/churn/seeds/0/test-set')).toMatchObject({
      verdict: 'fail',
      reason: 'test-set-changed',
    });
    expect(checkOf(result, 'model/churn/seeds/1/score/finite')).toMatchObject({ verdict: 'fail' });
    expect(checkOf(result, 'model/churn/accuracy/max-regression')).toMatchObject({
      verdict: 'skipped',
      reason: 'depends-on-failed-check',
    });
  });
});

describe('groups', () => {
  it('of the candidate serve both models, whose intervals are by group', async () => {
    const grouped = { ...CHURN, predictions: { ...CHURN.predictions, group: 'user' } };
    const files = {
      'new.csv': withColumns(predictions(N, 10), { user: (row) => `u${Math.floor(row / 8)}` }),
      'old.csv': predictions(N, 9),
    };
    const model = { ...grouped, ...BOUNDS, 'baseline-predictions': 'old.csv' };
    const [accuracy] = metricsNamed(await run({ models: { churn: model } }, files), 'accuracy');
    expect(accuracy?.interval?.method).toContain('clustered by group');
    expect(accuracy?.comparison).toMatchObject({ method: 'paired', groups: 50 });
  });
});
