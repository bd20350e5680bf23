import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { PROMPTFOO } from '../../../src/metrics/importers/promptfoo.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/promptfoo';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await PROMPTFOO.recognise(source)).toBe(true);
  return await PROMPTFOO.read(source);
}

describe('promptfoo', () => {
  test('a run for each prompt and provider, with means of named scores, not sums', async () => {
    const runs = await read('sums');
    expect(runs.map(({ id, name, status }) => [id, name, status])).toEqual([
      ['0', 'echo: short', 'complete'],
      ['1', 'reverse: short', 'complete'],
    ]);
    const values = Object.fromEntries(runs[1]!.numbers.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      pass_rate: 1 / 3,
      'named_scores.form': 1 / 3,
      'named_scores.length': 0.125,
    });
    expect(runs[0]!.numbers[0]).toEqual({ key: 'pass_rate', value: 1, n: 3, direction: 'higher-is-better' });
    expect(runs[1]!.results).toMatchObject([
      { name: '{"n":"1"}', outcome: 'pass' },
      { name: '{"n":"2"}', outcome: 'fail', message: 'Expected output to contain "+ 1"' },
      { name: 'third', outcome: 'fail' },
    ]);
    expect(runs[0]!.attributes).toMatchObject({ promptfooVersion: '0.121.20', model: 'echo' });
  });

  test('samples of two providers, and of two runs, pair by what they ask', async () => {
    const [echo, reverse] = await read('sums');
    const [again] = await read('passing');
    expect(echo!.samples[0]?.ids).toHaveLength(3);
    expect(new Set(echo!.samples[0]?.ids).size).toBe(3);
    expect(reverse!.samples[0]?.ids).toEqual(echo!.samples[0]?.ids);
    expect(again!.samples[0]?.ids).toEqual(echo!.samples[0]?.ids);
    expect(reverse!.samples[0]?.grades).toMatchObject({
      pass_rate: [1, 0, 0],
      'named_scores.form': [1, 0, 0],
    });
  });

  test('an answer that ended with an error makes its run partial, not the other', async () => {
    const [echo, broken] = await read('errors');
    expect(echo).toMatchObject({ status: 'complete' });
    expect(broken).toMatchObject({ status: 'partial', detail: '1 of 3 tests ended with an error.' });
    expect(broken!.results.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'error']);
  });

  test('a run of some of the tests is partial', async () => {
    const [echo] = await read('filtered');
    expect(echo).toMatchObject({
      status: 'partial',
      detail: 'There are 2 answers to 3 tests by 2 pairs of a prompt and a provider.',
    });
  });

  test.each([
    ['"version": 3', '"version": 2', '`results.version` is 2; it must be 3 or later.'],
    ['"score": 0.5625', '"score": "N/A"', 'is "N/A"; it must be a number.'],
    ['"promptIdx": 1', '"promptIdx": 2', '.promptIdx` is 2; it must be less than the 2 of'],
    ['"success": true', '"success": 1', '.success` is 1; it must be true or false.'],
  ])('%s changed to %s is refused', async (from, to, message) => {
    const text = await readFile(`${FOLDER}/passing.json`, 'utf8');
    expect(text).toContain(from);
    await expect(PROMPTFOO.read(memorySource('p.json', text.replaceAll(from, to)))).rejects.toThrow(message);
  });

  test('cut and changed', async () => {
    expect(await findFlaws(PROMPTFOO, `${FOLDER}/sums.json`, { prefixes: 150, mutations: 100 })).toEqual([]);
  });
});
