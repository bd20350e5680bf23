import { describe, expect, test } from 'vitest';
import { PYTEST_BENCHMARK } from '../../../src/metrics/importers/pytest-benchmark.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/pytest-benchmark';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await PYTEST_BENCHMARK.recognise(source)).toBe(true);
  const [run] = await PYTEST_BENCHMARK.read(source);
  return run!;
}

describe('pytest-benchmark', () => {
  test('times with their standard error, and what the test noted', async () => {
    const run = await read('clean');
    expect(run.status).toBe('complete');
    const [mean] = run.numbers;
    expect(mean).toMatchObject({
      key: 'test_speed_clean.py::test_predict.mean',
      direction: 'lower-is-better',
      unit: 's',
      n: 5,
    });
    expect(mean?.standardError).toBeGreaterThan(0);
    expect(run.numbers.find(({ key }) => key.endsWith('extra_info.rows'))?.value).toBe(1000);
    expect(run.attributes).toMatchObject({
      version: '5.3.1',
      'test_speed_clean.py::test_predict.extra_info.model': 'churn-7',
    });
    const once = run.numbers.find(({ key }) => key.endsWith('test_once.mean'));
    expect(once).toMatchObject({ n: 1 });
    expect(once).not.toHaveProperty('standardError');
  });

  test('a benchmark that failed is not in the file, and the run says what it cannot know', async () => {
    const run = await read('failing');
    expect(run.numbers.map(({ key }) => key)).toEqual(
      ['mean', 'median', 'min', 'max'].map((key) => `test_speed_failing.py::test_predict.${key}`),
    );
    expect(run.detail).toContain('does not say whether the tests');
  });

  test('none at all is partial', async () => {
    const text = '{"machine_info":{},"commit_info":{},"benchmarks":[],"datetime":"x","version":"5"}';
    const [run] = await PYTEST_BENCHMARK.read(memorySource('b.json', text));
    expect(run?.status).toBe('partial');
  });

  test('a value of another kind is named by its place', async () => {
    const text = '{"benchmarks":[{"fullname":"a","stats":{"rounds":2,"stddev":1,"mean":"N/A"}}]}';
    await expect(PYTEST_BENCHMARK.read(memorySource('b.json', text))).rejects.toThrow(
      '`benchmarks[0].stats.mean` is "N/A"; it must be a number.',
    );
  });

  test('cut and changed', async () => {
    expect(await findFlaws(PYTEST_BENCHMARK, `${FOLDER}/clean.json`)).toEqual([]);
  });
});
