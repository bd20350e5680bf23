import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TableError, type Engine } from '../../src/engine/engine.ts';
import { UserError } from '../../src/evidence/errors.ts';
import { loadOutcomes, type LoadedOutcomes, type OutcomesRequest } from '../../src/outcomes/load-outcomes.ts';
import { packTexts } from '../../src/outcomes/packed-texts.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';

let engine: Engine;
let folder: string;
let files = 0;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-outcomes-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

type Options = Partial<Pick<OutcomesRequest, 'task' | 'locate' | 'slices'>> & {
  readonly predictions?: Partial<OutcomesRequest['predictions']>;
};

async function load(text: string, options: Options = {}, name = 'p.csv'): Promise<LoadedOutcomes> {
  // A file of its own each time: the engine may remember the shape of one that it has read.
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, text);
  const { predictions, ...rest } = options;
  return await loadOutcomes({
    engine,
    model: 'churn',
    task: 'binary-classification',
    predictions: { path: name, id: 'id', target: 'y', score: 'p', threshold: 0.5, ...predictions },
    source: { path },
    ...rest,
  });
}

async function loadSound(text: string, options: Options = {}, name?: string): Promise<Outcomes> {
  const loaded = await load(text, options, name);
  if (loaded.kind === 'findings') throw new Error(loaded.checks.map((check) => check.message).join('\n'));
  return loaded.outcomes;
}

/** Predicted labels, as numbers. */
function predictedOf(outcomes: Outcomes): readonly number[] {
  return outcomes.task === 'binary-classification' ? [...outcomes.predicted] : [];
}

async function findings(text: string, options: Options = {}) {
  const loaded = await load(text, options);
  return loaded.kind === 'findings' ? loaded.checks : [];
}

async function refusal(text: string, options: Options = {}): Promise<string> {
  const error = await load(text, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`no UserError: ${String(error)}`);
  return `${error.message} ${error.help ?? ''}`;
}

describe('loading outcomes', () => {
  test('sorts by the bytes of the id, whatever the order of the file', async () => {
    const rows = ['10,0,0.1', '9,1,0.9', 'z,0,0.2', 'é,1,0.5', '😀,0,0.7', '\uFFFD,1,0.4'];
    const outcomes = await loadSound(`id,y,p\n${rows.join('\n')}\n`);
    const again = await loadSound(`id,y,p\n${rows.toReversed().join('\n')}\n`);
    expect(outcomes).toEqual(again);
    const bytewise = rows
      .map((row) => row.split(',')[0] ?? '')
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(outcomes.ids).toEqual(packTexts(bytewise));
    expect(outcomes).toMatchObject({ n: 6, score: Float64Array.of(0.1, 0.9, 0.2, 0.5, 0.4, 0.7) });
    expect(predictedOf(outcomes)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('gives the same test set from CSV and JSONL, with 1, true or 1.0', async () => {
    const csv = await loadSound('id,y,p\n1,1,0.2\n2,0,0.3\n');
    const jsonl = await loadSound('{"id":2,"y":false,"p":0.6}\n{"id":1,"y":true,"p":0.6}\n', {}, 'p.jsonl');
    const floats = await loadSound('id,y,p\n1,1.0,0.2\n2,0.0,0.3\n');
    expect(jsonl.testSetDigest).toBe(csv.testSetDigest);
    expect(floats.testSetDigest).toBe(csv.testSetDigest);
    expect((await loadSound('id,y,p\n1,0,0.2\n2,0,0.3\n')).testSetDigest).not.toBe(csv.testSetDigest);
    expect((await loadSound('id,y,p\n1,0,0.2\n2,0,0.3\n')).idsDigest).toBe(csv.idsDigest);
  });

  test('the threshold decides the label where only a score is given, and a label where one is', async () => {
    const text = 'id,y,p,said\na,1,0.7,0\nb,0,0.7,1\n';
    expect(predictedOf(await loadSound(text, { predictions: { threshold: 0.7 } }))).toEqual([1, 1]);
    expect(predictedOf(await loadSound(text, { predictions: { threshold: 0.71 } }))).toEqual([0, 0]);
    expect(predictedOf(await loadSound(text, { predictions: { prediction: 'said' } }))).toEqual([0, 1]);
  });

  test('keeps predicted labels that no target has', async () => {
    const outcomes = await loadSound('id,y,said\na,owl,gull\nb,owl,owl\n', {
      task: 'multiclass-classification',
      predictions: { prediction: 'said' },
    });
    expect(outcomes).toMatchObject({ labels: ['gull', 'owl'], predicted: Uint16Array.of(0, 1) });
  });

  test("a column that does not exist is the user's mistake, with the nearest name", async () => {
    expect(await refusal('id,y,prob\na,1,0.5\n', { predictions: { score: 'porb' } })).toMatch(
      /p\.csv has no column `porb`, which `models\.churn\.predictions\.score` names\. Did you mean `prob`\?.*Its columns are `id`, `y`, `prob`/,
    );
  });

  test("a task without what it needs is the user's mistake", async () => {
    const { score: _score, ...none } = { score: 'p' };
    const request = { path: 'p.csv', id: 'id', target: 'y', threshold: 0.5, ...none };
    const path = join(folder, 'p.csv');
    writeFileSync(path, 'id,y,p\na,1,0.5\n');
    const call = (task: OutcomesRequest['task']): Promise<unknown> =>
      loadOutcomes({ engine, model: 'churn', task, predictions: request, source: { path } });
    await expect(call('binary-classification')).rejects.toThrow(/neither `score` nor `prediction`/);
    await expect(call('regression')).rejects.toThrow(/`prediction` column, which regression needs/);
  });

  test('one column cannot be a label and a number', async () => {
    expect(await refusal('id,y\na,1\n', { predictions: { score: 'y' } })).toMatch(/`y` in two roles/);
  });

  test("labels that are not clear are the user's mistake", async () => {
    expect(await refusal('id,y,p\na,stay,0.5\nb,leave,0.1\n')).toMatch(/"leave", "stay"/);
  });

  test('what is wrong with rows is found, all of it, with rows of the file', async () => {
    const checks = await findings('id,y,p\nd,1,0.5\na,1,NaN\nc,,0.3\na,0,2\nb,1,inf\n', {
      locate: (path) => ({ file: 'mlgate.yml', key: path.join('.'), line: 7 }),
    });
    expect(checks.map((check) => [check.id, check.reason, check.violations])).toEqual([
      ['model/churn/predictions/target/present', 'missing', 1],
      ['model/churn/predictions/score/finite', 'not-finite', 2],
      ['model/churn/predictions/score/probability', undefined, 1],
      ['model/churn/predictions/id/unique', undefined, 1],
    ]);
    expect(checks[1]?.examples?.map((example) => example.row)).toEqual([2, 5]);
    expect(checks[3]?.examples).toEqual([{ row: 4, column: 'id', value: 'a' }]);
    expect(checks[2]?.source).toEqual({ file: 'mlgate.yml', key: 'models.churn.predictions.score', line: 7 });
    expect(checks.every((check) => check.verdict === 'fail' && check.severity === 'fail')).toBe(true);
  });

  test('a regression that is not finite is found', async () => {
    const options: Options = { task: 'regression', predictions: { prediction: 'p' } };
    const checks = await findings('id,y,p\na,1,\nb,inf,2\n', options);
    expect(checks.map((check) => check.id)).toEqual([
      'model/churn/predictions/target/finite',
      'model/churn/predictions/prediction/finite',
    ]);
  });

  test('an empty file, a header alone and ragged rows are findings', async () => {
    expect((await findings('id,y,p\n'))[0]).toMatchObject({ reason: 'empty', rows: 0 });
    expect((await findings(''))[0]).toMatchObject({ reason: 'empty' });
    expect((await findings('id,y,p\na,1,0.5\nb,1\n'))[0]).toMatchObject({
      id: 'model/churn/predictions/path/readable',
      reason: 'unreadable',
    });
    expect((await findings('id,y,p\na,1,high\n'))[0]).toMatchObject({ reason: 'unreadable' });
  });

  test('a missing file is thrown on, for the caller to name', async () => {
    const call = loadOutcomes({
      engine,
      model: 'churn',
      task: 'binary-classification',
      predictions: { path: 'none.csv', id: 'id', target: 'y', score: 'p', threshold: 0.5 },
      source: { path: join(folder, 'none.csv') },
    });
    await expect(call).rejects.toThrow(TableError);
  });
});

describe('groups, strata and slices', () => {
  const text =
    'id,y,p,user,part,region,plan\n3,1,0.9,u,t2,north,a\n1,0,0.1,v,t1,,a\n2,0,0.2,u,t1,south,1.0\n';
  const predictions = { group: 'user', stratum: 'part' };

  test('are columns of codes in canonical order', async () => {
    const outcomes = await loadSound(text, { predictions, slices: { by: ['region', ['region', 'plan']] } });
    expect(outcomes.groups).toEqual(Uint32Array.of(0, 1, 1));
    expect(outcomes.strata).toEqual({ codes: Uint32Array.of(0, 0, 1), values: ['t1', 't2'] });
    expect([...outcomes.sliceColumns]).toEqual([
      ['region', { codes: Uint32Array.of(0, 1, 2), values: ['', 'south', 'north'] }],
      ['plan', { codes: Uint32Array.of(0, 1, 0), values: ['a', '1'] }],
    ]);
    expect((await loadSound(text)).groups).toBeUndefined();
    expect((await loadSound(text)).sliceColumns.size).toBe(0);
  });

  test('change no digest: the test set is its ids and targets', async () => {
    const sliced = await loadSound(text, { predictions, slices: { by: ['region'] } });
    expect(sliced.testSetDigest).toBe((await loadSound(text)).testSetDigest);
  });

  test('a row without a group or stratum is a finding', async () => {
    const checks = await findings('id,y,p,user,part\n1,0,0.1,,t1\n2,1,0.2,u,\n', { predictions });
    expect(checks.map(({ id, violations }) => [id, violations])).toEqual([
      ['model/churn/predictions/group/present', 1],
      ['model/churn/predictions/stratum/present', 1],
    ]);
    expect(checks[0]?.message).toContain('Write the id for one that stands alone');
  });

  test('a column that is not there, and one with too many values, are mistakes', async () => {
    expect(await refusal(text, { slices: { by: ['regon'] } })).toContain(
      'no column `regon`, which `models.churn.slices.by` names. Did you mean `region`?',
    );
    expect(await refusal(text, { predictions: { group: 'uer' } })).toContain(
      '`models.churn.predictions.group`',
    );
    const rows = Array.from({ length: 201 }, (_, row) => `${row},0,0.5,r${row}\n`).join('');
    expect(await refusal(`id,y,p,region\n${rows}`, { slices: { by: ['region'] } })).toContain(
      'which has 201 different values',
    );
    const twice = await loadSound(text, { slices: { by: ['p'] } });
    expect(twice.sliceColumns.get('p')?.values).toEqual(['0.1', '0.2', '0.9']);
  });
});
