import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/evidence/errors.ts';
import { DVC } from '../../../src/metrics/importers/dvc.ts';
import { parseLenientJson } from '../../../src/evidence/foreign/lenient-json.ts';
import { findFlaws } from './hostile-files.ts';
import { memorySource } from './sources.ts';

async function read(name: string, text: string) {
  const [run] = await DVC.read(memorySource(name, text));
  return {
    numbers: Object.fromEntries((run?.numbers ?? []).map(({ key, value }) => [key, value])),
    lists: Object.fromEntries((run?.lists ?? []).map(({ key, values }) => [key, values])),
  };
}

/** Numbers of a document of `dvc metrics show --json`, which prints lists and NaN as texts. */
function listNumbers(value: unknown, path: readonly string[] = []): [string, number][] {
  if (typeof value === 'number') return [[path.join('.'), value]];
  if (value === 'NaN') return [[path.join('.'), Number.NaN]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => listNumbers(item, [...path, key]));
}

describe('plain numbers', () => {
  test('TOML is read by its ending', async () => {
    const text =
      'epoch = 3\nname = "run"\n[train]\nacc = 0.9\nloss = nan\nwhen = 2026-11-03T12:00:00Z\nfolds = [0.8, 0.9]\n';
    expect(await read('metrics.toml', text)).toEqual({
      numbers: { epoch: 3, 'train.acc': 0.9, 'train.loss': Number.NaN },
      lists: { 'train.folds': [0.8, 0.9] },
    });
  });

  test('a table of one row is its numbers, of more rows a list for each column of numbers', async () => {
    expect(await read('m.csv', 'acc,name,loss\n0.9,a,inf\n')).toEqual({
      numbers: { acc: 0.9, loss: Number.POSITIVE_INFINITY },
      lists: {},
    });
    expect(await read('m.tsv', '\uFEFFstep\tacc\tname\n1\t0.8\ta\n2\t.9\tb\n')).toEqual({
      numbers: {},
      lists: { step: [1, 2], acc: [0.8, 0.9] },
    });
  });

  test('what DVC itself shows of its files is what is read', async () => {
    const shown = parseLenientJson(
      await readFile('test/fixtures/dvc/shown-by-dvc.json', 'utf8'),
      'shown-by-dvc.json',
    ) as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(shown)) {
      const text = await readFile(`test/fixtures/dvc/${name}`, 'utf8');
      const expected = Object.fromEntries(listNumbers(shown[name]));
      expect(Object.keys(expected).length).toBeGreaterThan(1);
      // Lists of one element are what `dvc metrics diff` shows, and `show` does not.
      expect((await read(name, text)).numbers).toMatchObject(expected);
    }
  });

  test.each([
    ['m.toml', 'a = ', 'm.toml is not TOML'],
    ['m.toml', `a = ${'['.repeat(100_000)}`, 'm.toml is not TOML'],
    ['m.csv', 'a,b\n1\n', 'm.csv is not a table'],
    ['m.json', '{"a":', 'm.json is not JSON'],
    ['m.json', `{"a":${'['.repeat(300)}`, 'm.json nests deeper than 200 levels'],
    ['m.yaml', `a: ${'['.repeat(100_000)}`, 'm.yaml'],
  ])('%s with %.20s is refused', async (name, text, message) => {
    await expect(DVC.read(memorySource(name, text))).rejects.toThrow(UserError);
    await expect(DVC.read(memorySource(name, text))).rejects.toThrow(message);
  });

  test('an empty file has no numbers', async () => {
    expect(await DVC.recognise(memorySource('scores', ' \n'))).toBe(true);
    expect(await read('scores', ' \n')).toEqual({ numbers: {}, lists: {} });
  });

  // YAML, TOML and tables have no end: half of one is one.
  test.each(['metrics.json', 'metrics.yaml', 'metrics.toml', 'loss.tsv'])(
    '%s of DVC, cut and changed',
    async (name) => {
      const options = { undetectable: name !== 'metrics.json' };
      expect(await findFlaws(DVC, `test/fixtures/dvc/${name}`, options)).toEqual([]);
    },
  );
});
