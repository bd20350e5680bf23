import { describe, expect, test } from 'vitest';
import { PYTEST_JSON_REPORT } from '../../../src/metrics/importers/pytest-json-report.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/pytest-json-report';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await PYTEST_JSON_REPORT.recognise(source)).toBe(true);
  const [run] = await PYTEST_JSON_REPORT.read(source);
  return run!;
}

describe('pytest-json-report', () => {
  test('results, and properties and metadata as metrics', async () => {
    const run = await read('endings');
    expect(run.status).toBe('complete');
    expect(run.numbers).toEqual([
      { key: 'test_endings.py::test_accuracy.accuracy', value: 0.91 },
      { key: 'test_endings.py::test_accuracy.auc', value: 0.97 },
      { key: 'test_endings.py::test_recall.recall', value: Number.NaN },
    ]);
    expect(run.results.map(({ outcome }) => outcome)).toEqual([
      'pass',
      'fail',
      'error',
      'skipped',
      'skipped',
      'warn',
      'fail',
      'pass',
      'pass',
    ]);
    expect(run.results[1]?.message).toContain('recall fell <below> 0.5');
    expect((await read('clean')).numbers.at(-1)).toEqual({
      key: 'test_clean.py::test_auc.loss',
      value: Number.POSITIVE_INFINITY,
    });
  });

  test.each([
    ['interrupted', 'partial', 'interrupted (exit code 2)'],
    ['uncollected', 'partial', 'exit code 2'],
    ['empty', 'failed', 'No test was found'],
    ['stopped', 'partial', '1 of 2 tests ran'],
  ])('%s is %s', async (name, status, detail) => {
    const run = await read(name);
    expect(run.status).toBe(status);
    expect(run.detail).toContain(detail);
  });

  test.each([
    ['{"exitcode":0,"summary":{"total":1}}', '`tests` is missing; it must be a list.'],
    [
      '{"exitcode":0,"summary":{"total":1},"tests":[{"nodeid":"a","outcome":"fine"}]}',
      '`tests[0].outcome` is "fine"; it must be one of "passed"',
    ],
    ['{"exitcode":true,"tests":[]}', '`exitcode` is true; it must be a whole number'],
  ])('%s is refused', async (text, message) => {
    await expect(PYTEST_JSON_REPORT.read(memorySource('r.json', text))).rejects.toThrow(message);
  });

  test.each(['endings', 'clean'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(PYTEST_JSON_REPORT, `${FOLDER}/${name}.json`)).toEqual([]);
  });
});
