import { describe, expect, test } from 'vitest';
import { TFX_BLESSING } from '../../../src/metrics/importers/tfx-blessing.ts';
import { memoryFolder, memorySource } from './sources.ts';

async function read(...paths: string[]) {
  const folder = memoryFolder('blessing', Object.fromEntries(paths.map((path) => [path, ''])));
  const [run] = await TFX_BLESSING.read(folder);
  return run!;
}

describe('TFX blessings', () => {
  test.each([
    ['BLESSED', 'model', 'pass'],
    ['4/NOT_BLESSED', 'model', 'fail'],
    ['INFRA_BLESSED', 'infrastructure', 'pass'],
    ['a/b/INFRA_NOT_BLESSED', 'infrastructure', 'fail'],
  ])('%s', async (path, name, outcome) => {
    expect(await read(path)).toMatchObject({ status: 'complete', results: [{ name, outcome }] });
  });

  test('the marker itself, and both of a pipeline', async () => {
    const marker = memorySource('out/NOT_BLESSED', '');
    expect(await TFX_BLESSING.recognise(marker)).toBe(true);
    expect(await TFX_BLESSING.read(marker)).toMatchObject([{ results: [{ outcome: 'fail' }] }]);
    expect((await read('evaluator/BLESSED', 'infra/INFRA_BLESSED')).results).toHaveLength(2);
  });

  test('no marker is no blessing', async () => {
    expect(await TFX_BLESSING.recognise(memoryFolder('m', { UNBLESSED: '', 'x/blessed': '' }))).toBe(false);
    expect(await read('README')).toMatchObject({ status: 'partial', results: [] });
  });

  test('two verdicts on one thing are refused', async () => {
    await expect(read('BLESSED', 'NOT_BLESSED')).rejects.toThrow(
      'blessing has several blessings of the model: BLESSED, NOT_BLESSED.',
    );
  });
});
