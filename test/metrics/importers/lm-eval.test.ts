import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LM_EVAL } from '../../../src/metrics/importers/lm-eval.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memoryFolder, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/lm-eval';
const TIME = '2026-11-21T12-00-00.000000';

async function read(path: string) {
  const source = await fileSource(`${FOLDER}/${path}`);
  expect(await LM_EVAL.recognise(source)).toBe(true);
  const [run, ...others] = await LM_EVAL.read(source);
  expect(others).toEqual([]);
  return run!;
}

/** What the harness wrote: its model answers at random. */
const WRITTEN = JSON.parse(await readFile(`${FOLDER}/complete/results_${TIME}.json`, 'utf8')).results;

describe('lm-evaluation-harness', () => {
  test('results: keys of metric and filter, standard errors and counts as attributes of numbers', async () => {
    const run = await read(`complete/results_${TIME}.json`);
    expect(run.status).toBe('complete');
    expect(run.numbers).toContainEqual({
      key: 'even_numbers.acc,none',
      value: WRITTEN.even_numbers['acc,none'],
      n: 12,
      standardError: WRITTEN.even_numbers['acc_stderr,none'],
      direction: 'higher-is-better',
    });
    expect(run.numbers.map(({ key }) => key)).toContain('say_answer.exact_match,strict');
    expect(run.numbers.map(({ key }) => key)).toContain('say_answer.exact_match,loose');
    expect(run.numbers.every(({ key }) => !key.includes('stderr'))).toBe(true);
    expect(run.attributes).toMatchObject({ lm_eval_version: '0.4.13', 'versions.say_answer': 2 });
    expect(run.attributes['task_hashes.even_numbers']).toMatch(/^[\da-f]{64}$/u);
  });

  test('a group counts the examples of those tasks that have the metric', async () => {
    const { numbers } = await read(`complete/results_${TIME}.json`);
    expect(numbers.find(({ key }) => key === 'numbers.acc,none')).toMatchObject({
      value: WRITTEN.numbers['acc,none'],
      n: 12,
    });
  });

  test('a standard error of "N/A" is none', async () => {
    const { numbers } = await read(`complete/results_${TIME}.json`);
    const one = numbers.find(({ key }) => key === 'one_number.acc,none');
    expect(one).toMatchObject({ n: 1 });
    expect(one).not.toHaveProperty('standardError');
  });

  test('a folder gives samples that pair with those of another run by document', async () => {
    const [main, changed] = [await read('complete'), await read('changed')];
    const samples = main.samples.find(({ name }) => name === 'even_numbers');
    const others = changed.samples.find(({ name }) => name === 'even_numbers');
    expect(samples?.ids).toHaveLength(12);
    expect(samples?.ids[0]).toMatch(/^0:[\da-f]{16}$/u);
    expect(others?.ids).toEqual(samples?.ids);
    expect(Object.keys(samples?.grades ?? {})).toEqual(['acc,none', 'acc_norm,none']);
    const grades = samples?.grades['acc,none'] ?? [];
    expect(grades.reduce((sum, grade) => sum + grade, 0) / grades.length).toBeCloseTo(
      WRITTEN.even_numbers['acc,none'],
      12,
    );
    expect(others?.grades).not.toEqual(samples?.grades);
  });

  test('filters of one document are grades of one sample; what is no grade of one document is left out', async () => {
    const { samples } = await read('complete');
    const say = samples.find(({ name }) => name === 'say_answer');
    expect(say?.ids).toHaveLength(12);
    expect(Object.keys(say?.grades ?? {})).toEqual(['exact_match,strict', 'exact_match,loose']);
  });

  test('a samples file is whole where the results beside it say so', async () => {
    const path = `samples_even_numbers_${TIME}.jsonl`;
    expect(await read(`complete/${path}`)).toMatchObject({
      status: 'complete',
      samples: [{ name: 'even_numbers' }],
    });
    const alone = memorySource(path, await readFile(`${FOLDER}/complete/${path}`));
    const [run] = await LM_EVAL.read(alone);
    expect(run).toMatchObject({ status: 'partial', detail: expect.stringContaining('beside it') });
  });

  test('a limited run is partial, by file and by folder', async () => {
    const detail = 'even_numbers ran 4 of 12 examples. The run was limited to 4 (`config.limit`).';
    expect(await read(`limited/results_${TIME}.json`)).toMatchObject({ status: 'partial', detail });
    expect(await read('limited')).toMatchObject({ status: 'partial', detail });
  });

  test('fewer examples without a limit are partial too', async () => {
    const text = await readFile(`${FOLDER}/limited/results_${TIME}.json`, 'utf8');
    const [run] = await LM_EVAL.read(memorySource('r.json', text.replace('"limit": 4.0', '"limit": null')));
    expect(run).toMatchObject({ status: 'partial', detail: 'even_numbers ran 4 of 12 examples.' });
  });

  test.each([
    [{ 'n-samples': { t: { original: 12, effective: 12 } } }, { status: 'complete' }],
    [{}, { status: 'partial', detail: 'The run was limited to 99 (`config.limit`).' }],
  ])(
    'a limit of more than there are limits nothing; without counts nobody knows: %j',
    async (counts, run) => {
      const document = { results: { t: { 'acc,none': 1 } }, config: { limit: 99 }, ...counts };
      const source = memorySource('r.json', JSON.stringify(document));
      expect(await LM_EVAL.read(source)).toMatchObject([run]);
    },
  );

  test('samples of another run are noticed', async () => {
    const results = await readFile(`${FOLDER}/complete/results_${TIME}.json`);
    const samples = await readFile(`${FOLDER}/limited/samples_even_numbers_${TIME}.jsonl`);
    const folder = memoryFolder('out', {
      [`m/results_${TIME}.json`]: results,
      [`m/samples_even_numbers_${TIME}.jsonl`]: samples,
    });
    expect(await LM_EVAL.read(folder)).toMatchObject([
      { status: 'partial', detail: 'The samples of even_numbers are 4, but the results count 12.' },
    ]);
  });

  test('several results in a folder are several runs', async () => {
    const runs = await LM_EVAL.read(await fileSource(FOLDER));
    expect(runs.map(({ id }) => id)).toEqual(
      ['changed', 'complete', 'limited'].map((run) => `${run}/results_${TIME}.json`),
    );
  });

  test.each([
    ['{"results":{"t":{"acc,none":"N/A"}}}', '`results.t."acc,none"` is "N/A"; it must be a number.'],
    ['{"results":{"t":{"acc,none":true}}}', '`results.t."acc,none"` is true; it must be a number.'],
    ['{"results":[]}', '`results` is a list; it must be a mapping.'],
  ])('%s is refused', async (text, message) => {
    await expect(LM_EVAL.read(memorySource('r.json', text))).rejects.toThrow(message);
  });

  test('a document that is there twice is refused by its line', async () => {
    const line = '{"doc_id":1,"filter":"none","metrics":["acc"],"acc":1}\n';
    await expect(LM_EVAL.read(memorySource(`samples_t_${TIME}.jsonl`, line + line))).rejects.toThrow(
      'line 2: `doc_id` is 1; it must be another one: `acc,none` of this document is there twice',
    );
  });

  test('results, cut and changed', async () => {
    expect(await findFlaws(LM_EVAL, `${FOLDER}/complete/results_${TIME}.json`)).toEqual([]);
  });

  test('samples, cut and changed', async () => {
    const folder = `samples_even_numbers_${TIME}.jsonl`;
    expect(await findFlaws(LM_EVAL, `${FOLDER}/complete`, { folder })).toEqual([]);
    expect(await findFlaws(LM_EVAL, `${FOLDER}/complete/${folder}`)).toEqual([]);
  });
});
