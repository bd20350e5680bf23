/** What people get wrong in files of predictions, each with a message that says what, where and what to do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TableError, type Engine, type TableSource } from '../../src/engine/engine.ts';
import { UserError } from '../../src/evidence/errors.ts';
import { loadOutcomes, type LoadedOutcomes, type OutcomesRequest } from '../../src/outcomes/load-outcomes.ts';
import type { Outcomes } from '../../src/outcomes/outcomes.ts';
import { startUnitEngine } from '../helpers/unit-engine.ts';

let engine: Engine;
let folder: string;
let files = 0;
beforeAll(() => {
  engine = startUnitEngine();
  folder = mkdtempSync(join(tmpdir(), 'mlgate-bad-input-'));
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

function write(content: string | Uint8Array, name = 'p.csv'): TableSource {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return { path };
}

interface Options extends Partial<OutcomesRequest> {
  readonly name?: string;
}

async function load(
  task: OutcomesRequest['task'],
  content: string | Uint8Array,
  predictions: Partial<OutcomesRequest['predictions']>,
  { name, ...options }: Options = {},
): Promise<LoadedOutcomes> {
  return await loadOutcomes({
    engine,
    model: 'm',
    task,
    predictions: { path: name ?? 'p.csv', id: 'id', threshold: 0.5, ...predictions },
    source: write(content, name),
    ...options,
  });
}

async function sound(...given: Parameters<typeof load>): Promise<Outcomes> {
  const loaded = await load(...given);
  if (loaded.kind === 'findings') throw new Error(loaded.checks.map(({ message }) => message).join('\n'));
  return loaded.outcomes;
}

/** Findings as `role/name: message`. */
async function findings(...given: Parameters<typeof load>): Promise<readonly string[]> {
  const loaded = await load(...given);
  if (loaded.kind === 'loaded') return [];
  return loaded.checks.map(({ id, message }) => `${id.replace('model/m/predictions/', '')}: ${message}`);
}

async function refusal(...given: Parameters<typeof load>): Promise<string> {
  const error = await load(...given).catch((thrown: unknown) => thrown);
  if (error instanceof UserError || error instanceof TableError)
    return `${error.message} ${error.help ?? ''}`;
  throw new Error(`not refused: ${JSON.stringify(error)}`);
}

const BINARY = { target: 'y', score: 'p' };
const WIDE = { target: 'y', scores: 'p_*' };

describe('ids', () => {
  const beside = { ...BINARY, targets: { path: 'truth.csv' } };

  test('missing and extra ids beside the truth are findings with examples and counts', async () => {
    const targets = write('id,y\na,1\nb,0\nc,1\n');
    const checks = await findings('binary-classification', 'id,p\na,0.5\nd,0.5\n', beside, { targets });
    expect(checks).toEqual([
      'targets/predicted: p.csv has no prediction for 2 of the 3 examples of truth.csv (such as "b"). Predict all of them: a model is judged on the whole test set.',
      'targets/known: p.csv has predictions for 1 examples that truth.csv has no truth of (such as "d"). Predict the examples of the test set only.',
    ]);
  });

  test('ids that are written in two ways are named', async () => {
    const targets = write('id,y\n1.0,1\n2.0,0\n');
    const checks = await findings('binary-classification', 'id,p\n1,0.5\n2,0.5\n', beside, { targets });
    expect(checks[0]).toContain('The ids seem to be written in two ways: "1" and "1.0".');
  });

  test('repeated ids of either file are findings', async () => {
    const targets = write('id,y\na,1\na,0\n');
    const checks = await findings('binary-classification', 'id,p\na,0.5\na,0.6\n', beside, { targets });
    expect(checks).toMatchObject([
      expect.stringMatching(/^id\/unique: p\.csv: 1 row repeats an id/),
      expect.stringMatching(/^id\/unique: truth\.csv: 1 row repeats an id/),
    ]);
  });

  test('targets of another type are the same labels', async () => {
    const targets = write('{"id":"a","y":1.0}\n{"id":"b","y":false}\n', 'truth.jsonl');
    const outcomes = await sound('binary-classification', 'id,p\na,0.5\nb,0.6\n', beside, { targets }).catch(
      (error: unknown) => error,
    );
    expect(String(outcomes)).toContain('It is not clear which label is positive');
    const numbers = write('{"id":"b","y":0}\n{"id":"a","y":1.0}\n', 'truth.jsonl');
    expect(
      await sound('binary-classification', 'id,p\na,0.5\nb,0.6\n', beside, { targets: numbers }),
    ).toMatchObject({ target: Uint8Array.of(1, 0) });
  });

  test('several columns are one id; different tuples never collide, and half an id is none', async () => {
    const predictions = { ...BINARY, id: ['a', 'b'] };
    const tuples = [
      ['x|y', 'z'],
      ['x', 'y|z'],
      ['x\\', '|y'],
      ['x\\|', 'y'],
      ['x\\\\', 'y'],
    ];
    const rows = tuples.map(([a, b]) => `${JSON.stringify({ a, b, y: 1, p: 0.5 })}\n`).join('');
    expect(await sound('binary-classification', rows, predictions, { name: 'p.jsonl' })).toMatchObject({
      n: 5,
    });
    const half = `${JSON.stringify({ a: 'x', y: 1, p: 0.5 })}\n`;
    expect(await findings('binary-classification', rows + half, predictions, { name: 'p.jsonl' })).toEqual([
      'id/present: p.jsonl: 1 row has no value in `a`, `b`: every example needs an id.',
    ]);
    expect((await findings('binary-classification', 'a,b,y,p\n1,2,0,0\n1,2,0,0\n', predictions))[0]).toMatch(
      /^id\/unique/,
    );
  });
});

describe('probabilities of classes', () => {
  test('outside 0 to 1, not summing to 1, NaN: findings with ids', async () => {
    const text = 'id,y,p_a,p_b\nr1,a,0.5,0.5\nr2,a,1.5,-0.5\nr3,b,0.5,0.4\nr4,b,NaN,1\nr5,b,,1\n';
    const checks = await findings('multiclass-classification', text, WIDE);
    expect(checks).toEqual([
      'scores/finite: p.csv: 2 examples, as "r4", "r5", have a score that is no finite number (missing, NaN or infinite). Look at the model\'s output before it is written.',
      'scores/probability: p.csv: 1 example, as "r2", have a score outside 0 to 1. Scores are probabilities: apply the softmax before writing them.',
      'scores/sum: p.csv: 1 example, as "r3", have scores that do not sum to 1 within 0.001. Write all labels of each example, after the softmax, with more digits if they were rounded.',
    ]);
    expect(await findings('multiclass-classification', 'id,y,p_a,p_b\nr,a,0.3334,0.6667\n', WIDE)).toEqual(
      [],
    );
  });

  test('in any order of the file the finding names the right row', async () => {
    const loaded = await load('multiclass-classification', 'id,y,p_a,p_b\nz,a,0.5,0.4\na,a,0.5,0.5\n', WIDE);
    expect(loaded).toMatchObject({ checks: [{ examples: [{ row: 1, column: 'p_*', value: 0.9 }] }] });
  });

  test('a true label without a score is found: the model was not trained on it', async () => {
    const [check] = await findings('multiclass-classification', 'id,y,p_a,p_b\nr,c,0.5,0.5\n', WIDE);
    expect(check).toMatch(
      /^scores\/known-label: .*1 example has a true label without a score \("c"\), as "r"/,
    );
  });

  test('two columns of one label, and a pattern that matches nothing, are mistakes', async () => {
    const twice = 'id,y,p_1,p_1.0\nr,1,0.5,0.5\n';
    expect(await refusal('multiclass-classification', twice, WIDE)).toContain(
      'the columns `p_1` and `p_1.0` are both of the label `1`',
    );
    expect(await refusal('multiclass-classification', 'id,y,q_a\nr,a,1\n', WIDE)).toMatch(
      /no column that matches `p_\*`, which `models\.m\.predictions\.scores` asks for.*Its columns are `id`, `y`, `q_a`/,
    );
    expect(
      await refusal('multiclass-classification', 'id,y\nr,a\n', { target: 'y', scores: { a: 'pa' } }),
    ).toContain('no column `pa`');
  });

  test('lists of different lengths, and lists of labels that nobody can tell', async () => {
    const options = { name: 'p.jsonl' };
    const scores = { target: 'y', scores: 'p' };
    const short = '{"id":1,"y":0,"p":[0.5,0.5]}\n{"id":2,"y":1,"p":[1]}\n{"id":3,"y":1,"p":[0,1]}\n';
    expect(await findings('multiclass-classification', short, scores, options)).toEqual([
      'scores/length: p.jsonl: 1 example, as "2", have no list of 2 numbers, one for each label.',
    ]);
    const untold = '{"id":1,"y":"cat","p":[0.5,0.5,0]}\n';
    expect(await refusal('multiclass-classification', untold, scores, options)).toContain(
      'its lists have 3 numbers, but the truth has 1 labels',
    );
    expect(
      await refusal('multiclass-classification', '{"id":1,"y":"a","p":0.5}\n', scores, options),
    ).toContain('holds neither lists nor objects');
  });

  test('long rows: a label twice, another target in the same example, too few labels', async () => {
    const long = { target: 'y', layout: 'long', label: 'l', score: 's' } as const;
    const check = async (rows: string) =>
      await findings('multiclass-classification', `id,y,l,s\n${rows}`, long);
    expect(await check('1,a,a,0.5\n1,a,b,0.5\n1,a,a,0.5\n')).toEqual([
      'score/unique: p.csv: 1 example, as "1", have more than one score for a label.',
    ]);
    expect(await check('1,a,a,0.5\n1,b,b,0.5\n')).toMatchObject([
      expect.stringMatching(/^id\/unique: .*another target/),
    ]);
    expect(await check('1,a,a,1\n2,a,a,0.5\n2,a,b,0.4\n')).toMatchObject([
      expect.stringMatching(/^score\/sum: .*"2"/),
    ]);
    // What is not written has the probability 0.
    expect(await check('1,a,a,1\n2,a,a,0.5\n2,a,b,0.5\n')).toEqual([]);
  });

  test('equal probabilities: the first label is predicted, and the true one ranks behind later ones', async () => {
    const text = 'id,y,p_a,p_b,p_c\n1,a,0.4,0.4,0.2\n2,b,0.4,0.4,0.2\n';
    expect(await sound('multiclass-classification', text, WIDE)).toMatchObject({
      predicted: Uint16Array.of(0, 0),
      trueRank: Uint32Array.of(2, 1),
    });
  });

  test('labels 1, "1" and 1.0 are one label', async () => {
    const rows =
      '{"id":1,"y":1,"p_1":1,"p_2":0}\n{"id":2,"y":"1","p_1":1,"p_2":0}\n{"id":3,"y":1.0,"p_1":1,"p_2":0}\n';
    expect(await sound('multiclass-classification', rows, WIDE, { name: 'p.jsonl' })).toMatchObject({
      labels: ['1', '2'],
      target: Uint16Array.of(0, 0, 0),
    });
    const mixed = '{"id":1,"y":3,"p_cat":1,"p_3":0}\n{"id":2,"y":"cat","p_cat":1,"p_3":0}\n';
    expect(await sound('multiclass-classification', mixed, WIDE, { name: 'p.jsonl' })).toMatchObject({
      labels: ['3', 'cat'],
    });
  });
});

describe('rows', () => {
  test('one row, and one class only, are loaded', async () => {
    expect(await sound('binary-classification', 'id,y,p\na,1,0.5\n', BINARY)).toMatchObject({ n: 1 });
    expect(await sound('binary-classification', 'id,y,p\na,0,0.5\nb,0,0.1\n', BINARY)).toMatchObject({
      target: Uint8Array.of(0, 0),
      labels: ['0', '1'],
    });
  });

  test.each([
    ['multiclass-classification', 'id,y,p_a\n', WIDE],
    ['ranking', 'id,item,y,p\n', { ...BINARY, item: 'item' }],
    ['graded', 'id,g\n', { grades: { g: { direction: 'higher-is-better' } } }],
  ] as const)('no rows of %s are a finding', async (task, text, predictions) => {
    expect((await findings(task, text, predictions))[0]).toMatch(
      /^path\/not-empty: p\.csv holds no predictions/,
    );
  });

  test('weights: negative, not finite, all 0', async () => {
    const weighted = { ...BINARY, weight: 'w' };
    const checkWeights = async (rows: string) =>
      await findings('binary-classification', `id,y,p,w\n${rows}`, weighted);
    expect(await checkWeights('a,1,0.5,-1\nb,0,0.5,inf\n')).toMatchObject([
      expect.stringMatching(/^weight\/finite: /),
      expect.stringMatching(/^weight\/not-negative: p\.csv: 1 weight in `w` is negative/),
    ]);
    expect(await checkWeights('a,1,0.5,0\nb,0,0.5,0\n')).toEqual([
      'weight/some-positive: p.csv: all weights are 0, so that no example counts.',
    ]);
    expect(await checkWeights('a,1,0.5,0\nb,0,0.5,2\n')).toEqual([]);
  });

  test('numbers to slice by are read beside labels; an empty cell is NaN, infinity a finding', async () => {
    const slices = {
      by: ['month', { name: 'late', where: 'month > 6' }],
      search: { columns: ['age', 'plan'] },
    };
    const text = 'id,y,p,month,age,plan\na,1,0.5,7,,x\nb,0,0.5,1,30,y\n';
    const outcomes = await sound('binary-classification', text, BINARY, { slices });
    expect(outcomes.sliceColumns.get('month')?.values).toEqual(['7', '1']);
    expect(outcomes.sliceColumns.get('plan')?.values).toEqual(['x', 'y']);
    expect([...outcomes.numericColumns]).toEqual([
      ['month', Float64Array.of(7, 1)],
      ['age', Float64Array.of(Number.NaN, 30)],
    ]);
    const infinite = await findings('binary-classification', text.replace('7,,x', 'inf,,x'), BINARY, {
      slices,
    });
    expect(infinite[0]).toMatch(/^numbers\/finite: .*infinite number in `month`/);
  });

  test('columns of fairness are read, with their own key where they are not there', async () => {
    const text = 'id,y,p,sex,town\na,1,0.5,f,x\nb,0,0.5,,y\n';
    const fairness = { groups: ['sex'], within: 'town' };
    const outcomes = await sound('binary-classification', text, BINARY, { fairness });
    expect([...outcomes.sliceColumns.keys()].sort()).toEqual(['sex', 'town']);
    expect(outcomes.sliceColumns.get('sex')?.values).toEqual(['f', '']);
    expect(
      await refusal('binary-classification', text, BINARY, { fairness: { groups: ['sexx'] } }),
    ).toContain('no column `sexx`, which `models.m.fairness.groups` names. Did you mean `sex`?');
  });
});

describe('the other tasks', () => {
  test('several labels are 0 or 1, each example has all of them', async () => {
    const task = 'multilabel-classification';
    const patterns = { target: 'y_*', scores: 'p_*' };
    const wrong = 'id,y_a,y_b,p_a,p_b\n1,2,0,0.5,1.5\n';
    expect(await findings(task, wrong, patterns)).toMatchObject([
      expect.stringMatching(/^scores\/probability: p\.csv: 1 score in `p_b` lies outside/),
      expect.stringMatching(/^target\/zero-or-one: p\.csv: 1 value in `y_a` is neither 0 nor 1/),
    ]);
    expect(await refusal(task, 'id,y_a,y_b,p_a\n1,1,0,0.5\n', patterns)).toContain('`b`');
    const long = { target: 'y', layout: 'long', label: 'l', score: 's' } as const;
    const checkLong = async (rows: string) => await findings(task, `id,l,y,s\n${rows}`, long);
    expect((await checkLong('1,a,1,0.5\n1,b,0,0.5\n2,a,1,1\n'))[0]).toMatch(
      /^label\/complete: .*1 of 2 examples have no row for some of the 2 labels, such as "2"/,
    );
    expect((await checkLong('1,a,1,0.5\n1,a,0,0.5\n'))[0]).toMatch(/^label\/unique: /);
  });

  test('a ranking is sorted by query and item, and its columns of queries are the same in all rows', async () => {
    const ranking = { target: 'rel', score: 's', item: 'doc', group: 'user' };
    const text = 'id,doc,rel,s,user\nq!,b,0,0.1,u\nq,b,1,0.2,u\nq!,a,2,0.3,u\nq,a,0,0.4,u\nq|,c,1,0.5,v\n';
    const outcomes = await sound('ranking', text, ranking);
    expect(outcomes).toMatchObject({
      n: 3,
      ends: Uint32Array.of(2, 4, 5),
      relevance: Float64Array.of(0, 1, 2, 0, 1),
      score: Float64Array.of(0.4, 0.2, 0.3, 0.1, 0.5),
      groups: Uint32Array.of(0, 0, 1),
    });
    const lines = text.trimEnd().split('\n');
    const shuffled = [lines[0], ...lines.slice(1).toReversed()].join('\n');
    expect(await sound('ranking', `${shuffled}\n`, ranking)).toEqual(outcomes);
    expect(await findings('ranking', `${text}q,c,-1,NaN,w\nq,a,1,1,u\n`, ranking)).toMatchObject([
      expect.stringMatching(/^score\/finite: /),
      expect.stringMatching(/^target\/not-negative: .*1 relevance in `rel` is negative/),
      expect.stringMatching(/^item\/unique: .*1 row repeats `doc` of the same example/),
    ]);
    expect(await findings('ranking', `${text}q,c,1,1,w\n`, ranking)).toMatchObject([
      expect.stringMatching(/^group\/same-in-example: .*1 row has another value in `user`/),
    ]);
  });

  test('quantiles that cross are a warning, a level that is none a mistake', async () => {
    const quantiles = { target: 'y', quantiles: { '0.9': 'q9', '0.1': 'q1' } };
    const loaded = await load('quantile-regression', 'id,y,q1,q9\na,1,0,2\nb,1,3,2\n', quantiles);
    expect(loaded).toMatchObject({
      outcomes: { levels: [0.1, 0.9], predicted: [Float64Array.of(0, 3), Float64Array.of(2, 2)] },
      warnings: [{ id: 'model/m/predictions/quantiles/ascending', verdict: 'warn', violations: 1 }],
    });
    expect(
      await refusal('quantile-regression', 'id,y,q\na,1,0\n', { target: 'y', quantiles: { '90': 'q' } }),
    ).toContain('has the level `90`');
  });

  test('forecasts: series are groups, the scale is above 0', async () => {
    const forecast = { target: 'y', prediction: 'f', series: 'shop', scale: 'mae', id: ['shop', 'day'] };
    const text = 'shop,day,y,f,mae\ns1,1,10,11,2\ns2,1,5,5,1\ns1,2,12,11,2\n';
    expect(await sound('forecasting', text, forecast)).toMatchObject({
      target: Float64Array.of(10, 12, 5),
      scale: Float64Array.of(2, 2, 1),
      groups: Uint32Array.of(0, 0, 1),
      levels: [],
    });
    expect((await findings('forecasting', text.replace('5,5,1', '5,5,0'), forecast))[0]).toMatch(
      /^scale\/positive: .*1 row has a scale in `mae` that is not above 0/,
    );
  });

  test('grades keep to their bounds', async () => {
    const grades = {
      helpful: { direction: 'higher-is-better', bounds: [1, 5] },
      cost: { direction: 'lower-is-better', column: 'usd' },
    } as const;
    expect(await sound('graded', 'id,helpful,usd\na,5,0.1\n', { grades })).toMatchObject({
      names: ['cost', 'helpful'],
      directions: ['lower-is-better', 'higher-is-better'],
      bounds: [undefined, [1, 5]],
    });
    expect((await findings('graded', 'id,helpful,usd\na,6,0.1\n', { grades }))[0]).toMatch(
      /^grades\/bounds: .*1 grade in `helpful` lies outside/,
    );
  });
});

describe('files that are no table of predictions', () => {
  const pickle = Uint8Array.of(0x80, 4, 0x95, 0x10, 0, 0, 0);
  const text = new TextEncoder();

  test.each([
    ['predictions.csv', pickle, /is a pickle: reading one runs whatever code it holds, so mlgate never does/],
    ['predictions.parquet', pickle, /is a pickle/],
    ['predictions.pkl', pickle, /is a pickle, which is no table/],
    ['model.joblib', text.encode('x'), /is a pickle of joblib/],
    ['p.npy', text.encode('x'), /is a NumPy array/],
    ['p.csv', Uint8Array.of(0x93, ...text.encode('NUMPY')), /it is a NumPy array/],
    ['p.xlsx', Uint8Array.of(0x50, 0x4b, 3, 4), /is an Excel workbook/],
    ['p.csv', Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9), /it is a zip archive, as \.xlsx/],
    ['p.csv', text.encode('PAR1....'), /it is a Parquet file.*Rename the file to end in \.parquet/],
    ['p.parquet', text.encode('ARROW1\0\0'), /it is an Arrow file.*\.arrow/],
    ['p.jsonl', Uint8Array.of(0x1f, 0x8b, 8), /it is compressed by gzip.*\.gz/],
    ['p.arrow', text.encode('id,y,p\n'), /is not a whole Arrow file/],
    ['p.parquet', text.encode('id,y,p\n1,1,0.5\n'), /is not a whole Parquet file/],
    ['p.sqlite.csv', text.encode('SQLite format 3\0'), /it is an SQLite database/],
  ])('%s is refused by what it is', async (name, bytes, said) => {
    const message = await refusal('binary-classification', bytes, BINARY, { name });
    expect(message).toMatch(said);
    expect(message).toMatch(/to_parquet|Rename|Let its name|again/);
  });
});
