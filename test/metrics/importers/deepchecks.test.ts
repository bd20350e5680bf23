import { describe, expect, test } from 'vitest';
import { DEEPCHECKS } from '../../../src/metrics/importers/deepchecks.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/deepchecks';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await DEEPCHECKS.recognise(source)).toBe(true);
  const [run] = await DEEPCHECKS.read(source);
  return run!;
}

async function readText(document: object) {
  const [run] = await DEEPCHECKS.read(memorySource('d.json', JSON.stringify(document)));
  return run!;
}

describe('deepchecks', () => {
  test('conditions are results, and values numbers: single, of NumPy and in tables', async () => {
    const run = await read('failing');
    expect(run).toMatchObject({ status: 'complete', name: 'shifted' });
    expect(new Set(run.results.map(({ outcome }) => outcome))).toEqual(new Set(['fail', 'warn', 'pass']));
    expect(run.results[0]).toMatchObject({
      name: 'Train Test Performance: Train-Test scores relative degradation is less than 0.2',
      outcome: 'fail',
      message: expect.stringContaining('1 scores failed'),
    });
    expect(run.numbers).toContainEqual({
      key: 'Train Test Performance.Test.0.Precision',
      value: 0.868852459,
      n: 83,
    });
    expect(run.numbers).toContainEqual({ key: 'Data Duplicates - Train Dataset', value: 0 });
    expect(run.numbers.find(({ key }) => key === 'Feature Drift.a.Drift score')?.value).toBeGreaterThan(0.4);
    expect((await read('passing')).results.every(({ outcome }) => outcome === 'pass')).toBe(true);
  });

  test('a check that is not made for the task is skipped, one that broke is an error', async () => {
    const run = await read('not-run');
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['pass', 'skipped', 'skipped']);
    const broken = await readText({ type: 'CheckFailure', header: 'h', check: {}, exception: 'KeyError: a' });
    expect(broken.results).toEqual([{ name: 'h', outcome: 'error', message: 'KeyError: a' }]);
  });

  test('checks without conditions have no results', async () => {
    expect(await read('without-conditions')).toMatchObject({ status: 'complete', results: [] });
  });

  test('a suite without checks is partial', async () => {
    expect((await readText({ type: 'SuiteResult', name: 's', results: [] })).status).toBe('partial');
  });

  test.each([
    [{ type: 'Suite', results: [] }, '`type` is "Suite"; it must be one of "SuiteResult"'],
    [
      { type: 'CheckResult', header: 'h', conditions_results: [{ Condition: 'c', Status: 'OK' }] },
      '`conditions_results[0].Status` is "OK"; it must be one of "PASS"',
    ],
    [{ type: 'CheckResult', header: 'h', value: '[{"Value":1}' }, 'd.json: h is not JSON'],
  ])('%j is refused', async (document, message) => {
    await expect(readText(document)).rejects.toThrow(message);
  });

  test.each(['failing', 'not-run'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(DEEPCHECKS, `${FOLDER}/${name}.json`)).toEqual([]);
  });
});
