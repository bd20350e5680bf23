import { describe, expect, test } from 'vitest';
import { GITHUB_ACTION_BENCHMARK } from '../../../src/metrics/importers/github-action-benchmark.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/github-action-benchmark';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}`);
  expect(await GITHUB_ACTION_BENCHMARK.recognise(source)).toBe(true);
  return await GITHUB_ACTION_BENCHMARK.read(source);
}

describe('github-action-benchmark', () => {
  test('the list of a custom tool has units and no direction', async () => {
    expect(await read('custom.json')).toMatchObject([
      {
        id: '',
        status: 'complete',
        numbers: [
          { key: 'Throughput', value: 70, unit: 'req/s' },
          { key: 'Free memory', value: 150, unit: 'Megabytes' },
        ],
      },
    ]);
  });

  test('the stored history is a run for each suite and commit, with the direction of its tool', async () => {
    const runs = await read('data.js');
    expect(runs.map(({ id, name }) => [id.slice(0, 10), name])).toEqual([
      ['Serving@11', 'Serving'],
      ['Serving@22', 'Serving'],
      ['Quality@22', 'Quality'],
    ]);
    expect(runs[1]?.numbers).toEqual([{ key: 'p99', value: 12.1, unit: 'ms', direction: 'lower-is-better' }]);
    expect(runs[2]?.numbers).toEqual([{ key: 'accuracy', value: 0.91, direction: 'higher-is-better' }]);
  });

  test('an empty list is partial', async () => {
    expect(await GITHUB_ACTION_BENCHMARK.read(memorySource('b.json', '[]'))).toMatchObject([
      { status: 'partial' },
    ]);
  });

  test.each([
    ['[{"name":"a","unit":"s","value":"1"}]', '`[0].value` is "1"; it must be a number.'],
    ['{"entries":{"s":[{"commit":{}}]}}', '`entries.s[0].commit.id` is missing; it must be a text.'],
    ['{"entries":[]}', '`entries` is a list; it must be a mapping.'],
  ])('%s is refused', async (text, message) => {
    await expect(GITHUB_ACTION_BENCHMARK.read(memorySource('b.json', text))).rejects.toThrow(message);
  });

  test('lists of other things are not recognised', async () => {
    const source = memorySource('m.json', '[{"name":"a","value":1}]');
    expect(await GITHUB_ACTION_BENCHMARK.recognise(source)).toBe(false);
  });

  test.each(['custom.json', 'data.js'])('%s, cut and changed', async (name) => {
    expect(await findFlaws(GITHUB_ACTION_BENCHMARK, `${FOLDER}/${name}`)).toEqual([]);
  });
});
