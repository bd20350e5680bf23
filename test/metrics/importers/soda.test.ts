import { describe, expect, test } from 'vitest';
import { SODA } from '../../../src/metrics/importers/soda.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/soda';

async function read(name: string) {
  const [run] = await SODA.read(await fileSource(`${FOLDER}/${name}.json`));
  return run!;
}

async function readText(document: object) {
  const [run] = await SODA.read(memorySource('s.json', JSON.stringify(document)));
  return run!;
}

describe('Soda', () => {
  test('checks with their severities, and the values that they looked at', async () => {
    const run = await read('failing');
    expect(run.status).toBe('complete');
    expect(run.results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['people: row_count > 0', 'pass'],
      ['people: missing_count(age) = 0', 'fail'],
      ['people: oldest', 'fail'],
      ['people: duplicate_count(id) warn when > 0 fail when > 5', 'warn'],
    ]);
    expect(run.numbers).toContainEqual({ key: 'people: oldest', value: 200 });
    expect((await read('passing')).status).toBe('complete');
  });

  test.each(['error', 'invalid'])('%s: no check has failed, and the scan has', async (name) => {
    const run = await read(name);
    expect(run).toMatchObject({ status: 'failed', results: [] });
    expect(run.detail).toMatch(/^The scan ended with an error: ./u);
  });

  test('no check is no success, and one without an outcome is partial', async () => {
    expect((await readText({ hasErrors: false, checks: [] })).status).toBe('partial');
    const run = await readText({ hasErrors: false, checks: [{ name: 'c', outcome: null }] });
    expect(run).toMatchObject({ status: 'partial', results: [{ name: 'c', outcome: 'error' }] });
  });

  test.each([
    [{ hasErrors: false }, '`checks` is missing; it must be a list.'],
    [{ hasErrors: 'no', checks: [] }, '`hasErrors` is "no"; it must be true or false.'],
    [
      { hasErrors: false, checks: [{ name: 'c', outcome: 'ok' }] },
      '`checks[0].outcome` is "ok"; it must be one of "pass"',
    ],
  ])('%j is refused', async (document, message) => {
    await expect(readText(document)).rejects.toThrow(message);
  });

  test('cut and changed', async () => {
    expect(await findFlaws(SODA, `${FOLDER}/failing.json`)).toEqual([]);
  });
});
