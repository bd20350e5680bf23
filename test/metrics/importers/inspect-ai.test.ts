import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { INSPECT_AI } from '../../../src/metrics/importers/inspect-ai.ts';
import { createZip } from '../../helpers/zip.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FOLDER = 'test/fixtures/inspect-ai';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}`);
  expect(await INSPECT_AI.recognise(source)).toBe(true);
  const [run] = await INSPECT_AI.read(source);
  return run!;
}

describe('Inspect logs', () => {
  test.each(['success.json', 'success.eval'])(
    '%s: metrics of scorers, and grades of samples',
    async (name) => {
      const run = await read(name);
      expect(run).toMatchObject({
        status: 'complete',
        name: 'sums',
        numbers: [
          { key: 'includes.accuracy', value: 0.8, n: 5, standardError: expect.closeTo(0.2) },
          { key: 'manner.length.mean', value: 3.8, n: 5 },
          { key: 'manner.polite.mean', value: 0.2, n: 5, standardError: expect.closeTo(0.2) },
        ],
        samples: [
          {
            name: 'sums',
            ids: ['q0', 'q1', 'q2', 'q3', 'q4'],
            grades: {
              includes: [1, 1, 0, 1, 1],
              'manner.length': [1, 9, 7, 1, 1],
              'manner.polite': [0, 1, 0, 0, 0],
            },
          },
        ],
        attributes: { model: 'mockllm/model', dataset: 'sums', samples: 5, inspect_ai: '0.3.285' },
      });
    },
  );

  test('an archive of an early version is deflated, and does not count what was scored', async () => {
    const run = await read('early.eval');
    expect(run).toMatchObject({
      status: 'complete',
      numbers: [
        { key: 'includes.accuracy', value: 0.8, standardError: expect.closeTo(0.2) },
        { key: 'manner.length.mean', value: 3.8 },
        { key: 'manner.polite.mean', value: 0.2, standardError: expect.closeTo(0.2) },
      ],
    });
    expect(run.samples).toEqual((await read('success.eval')).samples);
  });

  test('epochs are one sample', async () => {
    const run = await read('epochs.eval');
    expect(run.status).toBe('complete');
    expect(run.samples[0]?.ids).toHaveLength(5);
  });

  test.each([
    [
      'limited.json',
      'partial',
      '3 samples ran of 5 that the dataset has. The run took only some (`eval.config.limit`).',
    ],
    ['errored-sample.eval', 'partial', '4 of 5 samples were completed'],
    ['failed.eval', 'failed', 'the tool broke'],
    ['killed.eval', 'partial', 'did not come to its end'],
  ])('%s is %s', async (name, status, detail) => {
    const run = await read(name);
    expect(run.status).toBe(status);
    expect(run.detail).toContain(detail);
  });

  const LOG = {
    version: 2,
    status: 'success',
    eval: { task: 't', config: {}, dataset: { samples: 2 } },
    results: {
      total_samples: 2,
      completed_samples: 2,
      scores: [{ name: 's', scorer: 's', scored_samples: 2, metrics: { mean: { value: 0.5 } } }],
    },
  };

  async function readLog(changes: object) {
    const [run] = await INSPECT_AI.read(memorySource('a.json', JSON.stringify({ ...LOG, ...changes })));
    return run!;
  }

  test.each([
    ['cancelled', { status: 'cancelled' }, 'partial'],
    ['invalidated', { invalidated: true }, 'failed'],
    ['without scores', { results: { total_samples: 2, completed_samples: 2 } }, 'partial'],
    ['a sample with an error', { samples: [{ error: null }, { error: { message: 'x' } }] }, 'partial'],
    ['fewer samples than the dataset has', { eval: { ...LOG.eval, dataset: { samples: 3 } } }, 'partial'],
    ['without a status', { status: undefined }, 'partial'],
    [
      'limited, and does not say how much the dataset has',
      { eval: { ...LOG.eval, dataset: {}, config: { limit: 2 } } },
      'partial',
    ],
  ])('a log that is %s', async (_, changes, status) => {
    expect((await readLog({})).status).toBe('complete');
    expect((await readLog(changes)).status).toBe(status);
  });

  test('a limit that limits nothing is none', async () => {
    expect((await readLog({ eval: { ...LOG.eval, config: { limit: 99 } } })).status).toBe('complete');
  });

  test('several reducers are told apart', async () => {
    const score = (reducer: string, value: number) => ({
      ...LOG.results.scores[0],
      reducer,
      metrics: { mean: { value } },
    });
    const run = await readLog({ results: { ...LOG.results, scores: [score('mean', 0.5), score('max', 1)] } });
    expect(run.numbers.map(({ key, value }) => [key, value])).toEqual([
      ['s.mean.mean', 0.5],
      ['s.max.mean', 1],
    ]);
  });

  test('a value of another kind is named by its place', async () => {
    const scores = [{ name: 's', scorer: 's', metrics: { mean: { value: 'N/A' } } }];
    await expect(readLog({ results: { ...LOG.results, scores } })).rejects.toThrow(
      'a.json: `results.scores[0].metrics.mean.value` is "N/A"; it must be a number.',
    );
    await expect(readLog({ status: 'fine' })).rejects.toThrow(
      '`status` is "fine"; it must be one of "success"',
    );
  });

  test('a bomb in an archive is refused, whether it says so or lies', async () => {
    const zeros = Buffer.alloc(5_000_000);
    const bomb = createZip([{ name: 'header.json', content: zeros }]);
    await expect(INSPECT_AI.read(memorySource('a.eval', bomb))).rejects.toThrow(
      /more than 200 times its size/u,
    );
    const liar = createZip([{ name: 'header.json', content: zeros, claimedSize: 10 }]);
    await expect(INSPECT_AI.read(memorySource('a.eval', liar))).rejects.toThrow(/was refused/u);
  });

  test('a Zstandard entry that unpacks to more than it claims is not unpacked', async () => {
    const archive = Buffer.from(await readFile(`${FOLDER}/success.eval`));
    const small = zstdCompressSync(Buffer.alloc(1_000_000));
    const start = archive.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), archive.indexOf('header.json'));
    expect(start).toBeGreaterThan(0);
    archive.set(small, start);
    await expect(INSPECT_AI.read(memorySource('a.eval', archive))).rejects.toThrow(/was refused/u);
  });

  test('of an archive that is larger than memory the end is read', async () => {
    // What cannot be packed stands before what sums the run up.
    const content = randomBytes(17_000_000);
    const archive = createZip([
      { name: '_journal/start.json', content: '{}' },
      { name: 'samples/q0_epoch_1.json', content },
      { name: 'samples/q1_epoch_1.json', content },
      { name: 'header.json', content: JSON.stringify(LOG) },
    ]);
    expect(archive.length).toBeGreaterThan(33_000_000);
    const source = memorySource('a.eval', archive);
    expect(await INSPECT_AI.read(source)).toMatchObject([{ status: 'complete', name: 't' }]);
  });

  test('a zip that is no log is refused', async () => {
    const zip = createZip([{ name: 'a.txt', content: 'x' }]);
    await expect(INSPECT_AI.read(memorySource('a.eval', zip))).rejects.toThrow('has no header.json');
  });

  test('success.eval, cut and changed', async () => {
    expect(await findFlaws(INSPECT_AI, `${FOLDER}/success.eval`)).toEqual([]);
  });

  test('success.json, cut and changed', async () => {
    expect(await findFlaws(INSPECT_AI, `${FOLDER}/success.json`, { prefixes: 100, mutations: 60 })).toEqual(
      [],
    );
  });
});
