import { describe, expect, test } from 'vitest';
import { FRICTIONLESS } from '../../../src/metrics/importers/frictionless.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/frictionless';

async function read(name: string) {
  const [run] = await FRICTIONLESS.read(await fileSource(`${FOLDER}/${name}.json`));
  return run!;
}

async function readText(document: object) {
  const [run] = await FRICTIONLESS.read(memorySource('f.json', JSON.stringify(document)));
  return run!;
}

describe('frictionless', () => {
  test('one result for each type of error and field', async () => {
    const run = await read('invalid');
    expect(run.status).toBe('complete');
    expect(run.results).toMatchObject([
      { name: 'people.csv: type-error (age)', outcome: 'fail' },
      {
        name: 'people.csv: constraint-error (age)',
        outcome: 'fail',
        message: expect.stringMatching(/and 1 more\)$/u),
      },
      { name: 'people.csv: unique-error (id)', outcome: 'fail' },
    ]);
    expect(run.numbers).toEqual([
      { key: 'people.csv.errors', value: 4, n: 4, direction: 'lower-is-better' },
      { key: 'people.csv.rows', value: 4 },
    ]);
    expect(run.attributes['people.csv.sha256']).toMatch(/^[\da-f]{64}$/u);
    expect(await read('valid')).toMatchObject({ status: 'complete', results: [{ outcome: 'pass' }] });
  });

  test('a table that cannot be read is an error', async () => {
    expect((await read('missing')).results).toMatchObject([
      {
        name: 'nothing.csv: scheme-error',
        outcome: 'error',
        message: expect.stringContaining('No such file'),
      },
    ]);
  });

  test.each([
    ['limited-rows', 'row limit: 1'],
    ['limited-errors', 'error limit: 1'],
  ])('%s is partial, valid or not', async (name, detail) => {
    const run = await read(name);
    expect(run.status).toBe('partial');
    expect(run.detail).toContain(detail);
  });

  const TASK = { place: 'a.csv', valid: true, errors: [], stats: { errors: 0, rows: 1 } };
  const ERROR = { type: 'type-error', message: 'm', tags: ['#row'] };

  test.each([
    ['no table', { valid: true, errors: [], tasks: [] }],
    ['an error in a valid table', { valid: true, errors: [], tasks: [{ ...TASK, errors: [ERROR] }] }],
    ['no error in an invalid one', { valid: false, errors: [], tasks: [{ ...TASK, valid: false }] }],
    ['an invalid report of valid tables', { valid: false, errors: [], tasks: [TASK] }],
  ])('%s is partial', async (_, document) => {
    expect((await readText({ valid: true, errors: [], tasks: [TASK] })).status).toBe('complete');
    expect((await readText(document)).status).toBe('partial');
  });

  test.each([
    [{ valid: true, errors: [] }, '`tasks` is missing; it must be a list.'],
    [
      { valid: true, errors: [], tasks: [{ ...TASK, valid: 1 }] },
      '`tasks[0].valid` is 1; it must be true or false.',
    ],
  ])('%j is refused', async (document, message) => {
    await expect(readText(document)).rejects.toThrow(message);
  });

  test('cut and changed', async () => {
    expect(await findFlaws(FRICTIONLESS, `${FOLDER}/invalid.json`)).toEqual([]);
  });
});
