import { describe, expect, test } from 'vitest';
import { EVIDENTLY } from '../../../src/metrics/importers/evidently.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/evidently';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await EVIDENTLY.recognise(source)).toBe(true);
  const [run] = await EVIDENTLY.read(source);
  return run!;
}

async function readText(document: object) {
  const [run] = await EVIDENTLY.read(memorySource('e.json', JSON.stringify(document)));
  return run!;
}

describe('Evidently', () => {
  test('a snapshot: metrics by their names, single and in parts', async () => {
    const run = await read('snapshot-failing');
    const values = Object.fromEntries(run.numbers.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      'DriftedColumnsCount(drift_share=0.5).count': 1,
      'DriftedColumnsCount(drift_share=0.5).share': 0.5,
      'MeanValue(column=age)': expect.closeTo(1.9, 0),
    });
    const counted = ['a', 'b'].map((kind) => values[`UniqueValueCount(column=kind).counts.${kind}`] ?? 0);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  test('tests of a snapshot; one that is not critical warns', async () => {
    expect((await read('snapshot-passing')).results.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    const failing = await read('snapshot-failing');
    expect(failing.status).toBe('complete');
    const outcomes = failing.results.map(({ name, outcome }) => [name, outcome]);
    expect(outcomes).toContainEqual(["Mean value of 'age': Less or Equal 1.000", 'fail']);
    expect(outcomes).toContainEqual(["Mean value of 'age': Greater 3.000", 'warn']);
    expect((await read('snapshot-without-tests')).results).toEqual([]);
  });

  test('a snapshot of an early 0.7 names its metrics in another field', async () => {
    const run = await read('snapshot-early');
    expect(run.numbers.map(({ key }) => key)).toEqual([
      'MeanValue(column=age)',
      'MissingValueCount(column=age).count',
      'MissingValueCount(column=age).share',
    ]);
    expect(run.results).toMatchObject([{ outcome: 'fail' }]);
  });

  test('NaN is a number that is not finite', async () => {
    const run = await read('snapshot-nan');
    expect(run.numbers[0]).toEqual({ key: 'MeanValue(column=age)', value: Number.NaN });
    expect(run.results[0]?.outcome).toBe('fail');
  });

  test('a test suite of 0.6', async () => {
    expect((await read('legacy-passing')).results).toMatchObject([
      { name: 'Number of Rows', outcome: 'pass' },
    ]);
    const run = await read('legacy-failing');
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'warn', 'error']);
    expect(run.results[3]?.message).toContain("Column 'absent' not found");
    expect(run.attributes).toEqual({ version: '0.6.7' });
  });

  test('a report of 0.6: numbers without distributions, a metric that stands there twice once', async () => {
    const run = await read('legacy-report');
    const keys = run.numbers.map(({ key }) => key);
    expect(keys).toContain('DatasetDriftMetric.share_of_drifted_columns');
    expect(keys).toContain('DataDriftTable.drift_by_columns.age.drift_score');
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.some((key) => key.endsWith('dataset_drift'))).toBe(false);
  });

  test('two values of one name are told apart', async () => {
    const metrics = [1, 2, 1].map((value) => ({ metric_name: 'm', value }));
    const run = await readText({ metrics, tests: [] });
    expect(run.numbers).toEqual([
      { key: 'm', value: 1 },
      { key: 'm#2', value: 2 },
    ]);
  });

  test('nothing in it, or fewer tests than it counts: partial', async () => {
    expect((await readText({ metrics: [], tests: [] })).status).toBe('partial');
    const test = { name: 't', status: 'SUCCESS', group: 'g' };
    expect((await readText({ tests: [test], summary: { total_tests: 2 } })).detail).toBe(
      'The file counts 2 tests, and lists 1.',
    );
  });

  test.each([
    [{ metrics: [{ metric_name: 'm', value: 'N/A' }] }, '`metrics[0].value` is "N/A"; it must be a number.'],
    [{ metrics: [{ metric_name: 'm' }] }, '`metrics[0].value` is missing; it must be a number.'],
    [{ tests: [{ name: 't', status: 'OK' }] }, '`tests[0].status` is "OK"; it must be one of "SUCCESS"'],
    [{ timestamp: 1 }, '`metrics` is missing; it must be a list, or `tests` must be one.'],
  ])('%j is refused', async (document, message) => {
    await expect(readText(document)).rejects.toThrow(message);
  });

  test.each(['snapshot-failing', 'legacy-failing', 'legacy-report'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(EVIDENTLY, `${FOLDER}/${name}.json`)).toEqual([]);
  });
});
