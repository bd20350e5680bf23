import { describe, expect, test } from 'vitest';
import { GREAT_EXPECTATIONS } from '../../../src/metrics/importers/great-expectations.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/great-expectations';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}.json`);
  expect(await GREAT_EXPECTATIONS.recognise(source)).toBe(true);
  const [run] = await GREAT_EXPECTATIONS.read(source);
  return run!;
}

async function readText(document: object) {
  const [run] = await GREAT_EXPECTATIONS.read(memorySource('g.json', JSON.stringify(document)));
  return run!;
}

describe('Great Expectations', () => {
  test('a validation of 1.x: an exception is an error, a warning warns', async () => {
    const run = await read('failing');
    expect(run.status).toBe('complete');
    expect(run.results).toEqual(
      expect.arrayContaining([
        {
          name: 'expect_column_values_to_not_be_null(absent)',
          outcome: 'error',
          message: 'Error: The column "absent" in BatchData does not exist.',
        },
        {
          name: 'expect_column_values_to_be_between(age)',
          outcome: 'fail',
          message: '1 of 5 values are unexpected',
        },
        { name: 'expect_column_mean_to_be_between(age)', outcome: 'pass' },
        {
          name: 'expect_column_values_to_be_unique(name)',
          outcome: 'warn',
          message: '2 of 5 values are unexpected',
        },
      ]),
    );
    expect(run.numbers).toContainEqual({
      key: 'expect_column_values_to_be_between(age).unexpected_percent',
      value: 25,
      n: 5,
      direction: 'lower-is-better',
      unit: '%',
    });
    expect(run.numbers).toContainEqual({
      key: 'expect_column_mean_to_be_between(age).observed_value',
      value: 60.75,
    });
    expect(run.attributes).toEqual({ great_expectations_version: '1.24.1', suite: 'failing' });
  });

  test('a suite without expectations is a success to the tool, and not to us', async () => {
    expect(await read('empty')).toMatchObject({ status: 'partial', results: [], numbers: [] });
    expect((await read('passing')).status).toBe('complete');
  });

  test('a checkpoint of 1.x', async () => {
    const run = await read('checkpoint');
    expect(run.status).toBe('complete');
    expect(run.results.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'pass')).toHaveLength(3);
    expect(run.results[0]?.name).toMatch(/^1: expect_/u);
    expect((await read('checkpoint-passing')).results[0]?.name).toMatch(/^expect_/u);
  });

  test('a validation and a checkpoint of 0.18', async () => {
    for (const name of ['legacy-failing', 'legacy-checkpoint']) {
      const run = await read(name);
      expect(run.status).toBe('complete');
      expect(run.results).toEqual([
        {
          name: 'expect_column_values_to_be_between(age)',
          outcome: 'fail',
          message: '1 of 5 values are unexpected',
        },
        { name: 'expect_table_row_count_to_equal()', outcome: 'pass' },
      ]);
    }
  });

  const PASSED = {
    success: true,
    expectation_config: { type: 'expect_x', kwargs: { column: 'a' } },
    result: {},
  };

  test.each([
    [
      'several validations collapsed into one',
      {
        success: true,
        run_results: { a: { validation_result: { success: true, results: [PASSED] } } },
        checkpoint_config: { validations: [{}, {}] },
      },
    ],
    [
      'counts of failures that are not listed',
      { success: false, results: [PASSED], statistics: { unsuccessful_expectations: 1 } },
    ],
    ['a failure that is not listed', { success: false, results: [PASSED] }],
    ['a checkpoint without validations', { success: true, validation_results: [] }],
    [
      'more results than were evaluated',
      { success: true, results: [PASSED], statistics: { evaluated_expectations: 0 } },
    ],
  ])('%s: partial', async (_, document) => {
    expect((await readText({ success: true, results: [PASSED] })).status).toBe('complete');
    expect((await readText(document)).status).toBe('partial');
  });

  test('one expectation twice has two numbers', async () => {
    const twice = { ...PASSED, result: { observed_value: 1 } };
    const { numbers } = await readText({ success: true, results: [twice, twice] });
    expect(numbers.map(({ key }) => key)).toEqual([
      'expect_x(a).observed_value',
      'expect_x(a)#2.observed_value',
    ]);
  });

  test.each([
    [{ success: true, results: {} }, '`results` is a mapping; it must be a list.'],
    [{ success: 1, results: [PASSED] }, '`success` is 1; it must be true or false.'],
    [
      { success: true, results: [{ ...PASSED, success: 'yes' }] },
      '`results[0].success` is "yes"; it must be true or false.',
    ],
    [
      { success: true, results: [{ ...PASSED, expectation_config: {} }] },
      '`results[0].expectation_config.expectation_type` is missing; it must be a text.',
    ],
  ])('%j is refused', async (document, message) => {
    await expect(readText(document)).rejects.toThrow(message);
  });

  test.each(['failing', 'checkpoint', 'legacy-checkpoint'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(GREAT_EXPECTATIONS, `${FOLDER}/${name}.json`)).toEqual([]);
  });
});
