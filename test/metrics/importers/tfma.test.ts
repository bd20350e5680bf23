import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { TFMA } from '../../../src/metrics/importers/tfma.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memoryFolder } from './sources.ts';

const FOLDER = 'test/fixtures/tfma';
const METRICS = 'metrics-00000-of-00001.tfrecord';
const VALIDATIONS = 'validations.tfrecord';

async function read(name: string) {
  const source = await fileSource(`${FOLDER}/${name}`);
  expect(await TFMA.recognise(source)).toBe(true);
  const [run] = await TFMA.read(source);
  return run!;
}

describe('TensorFlow Model Analysis', () => {
  test('metrics of every slice, and one result for a validation that passed', async () => {
    const run = await read('validated');
    expect(run).toMatchObject({ status: 'complete', results: [{ name: 'validation_ok', outcome: 'pass' }] });
    expect(run.numbers).toContainEqual({ key: 'binary_accuracy', value: 0.7, n: 10 });
    expect(run.numbers).toContainEqual({ key: 'region=south.binary_accuracy', value: 0.4, n: 5 });
    expect(run.numbers).toContainEqual({ key: 'region=north.example_count', value: 5 });
    expect(run.attributes).toEqual({ rubber_stamp: false });
  });

  test('each metric of each slice that failed', async () => {
    expect((await read('refused')).results).toEqual([
      { name: 'binary_accuracy', outcome: 'fail', message: 'it is 0.7' },
      { name: 'region=south.binary_accuracy', outcome: 'fail', message: 'it is 0.4' },
    ]);
  });

  test('a slice that is missing fails', async () => {
    expect((await read('missing-slice')).results).toContainEqual({
      name: 'region=west',
      outcome: 'fail',
      message: 'This slice is missing.',
    });
  });

  test('without thresholds nothing was validated', async () => {
    expect(await read('without-thresholds')).toMatchObject({
      status: 'failed',
      detail: 'The evaluation has no thresholds, so nothing was validated.',
      results: [],
    });
  });

  test('intervals and standard errors are attributes of a number', async () => {
    const { numbers } = await read('with-intervals');
    expect(numbers.find(({ key }) => key === 'binary_accuracy')).toEqual({
      key: 'binary_accuracy',
      value: 0.7,
      n: 10,
      interval: { low: expect.closeTo(0.41, 2), high: expect.closeTo(1.09, 2), level: 0.95 },
      standardError: expect.closeTo(0.162, 3),
    });
  });

  test('the file of validations alone has results and no numbers', async () => {
    expect(await read(`validated/${VALIDATIONS}`)).toMatchObject({
      status: 'complete',
      numbers: [],
      results: [{ outcome: 'pass' }],
    });
  });

  test('a file of metrics that lacks slices, or one of several, is noticed', async () => {
    const [metrics, validations] = await Promise.all(
      [METRICS, VALIDATIONS].map(async (name) => await readFile(`${FOLDER}/validated/${name}`)),
    );
    const first = Number(metrics!.readBigUint64LE(0)) + 16;
    const [cut] = await TFMA.read(
      memoryFolder('out', { [METRICS]: metrics!.subarray(0, first), [VALIDATIONS]: validations! }),
    );
    expect(cut).toMatchObject({
      status: 'partial',
      detail: '3 slices were validated, and there are metrics of 1.',
    });
    const [shard] = await TFMA.read(
      memoryFolder('out', { 'metrics-00000-of-00002.tfrecord': metrics!, [VALIDATIONS]: validations! }),
    );
    expect(shard).toMatchObject({ status: 'partial', detail: 'There are 1 of 2 files of metrics.' });
  });

  test('the folders of several evaluations are several runs', async () => {
    const runs = await TFMA.read(await fileSource(FOLDER));
    expect(runs.map(({ id, status }) => [id, status])).toEqual([
      ['missing-slice', 'complete'],
      ['refused', 'complete'],
      ['validated', 'complete'],
      ['with-intervals', 'complete'],
      ['without-thresholds', 'failed'],
    ]);
    expect(runs.every(({ numbers }) => numbers.length === 9)).toBe(true);
  });

  test('a folder without a validation is partial', async () => {
    const metrics = await readFile(`${FOLDER}/validated/${METRICS}`);
    const folder = memoryFolder('out', { [METRICS]: metrics });
    expect(await TFMA.recognise(folder)).toBe(false);
    expect(await TFMA.read(folder)).toMatchObject([{ status: 'partial' }]);
  });

  test.each([
    ['with-intervals', METRICS],
    ['refused', VALIDATIONS],
  ])('%s/%s, cut and changed', async (name, folder) => {
    expect(await findFlaws(TFMA, `${FOLDER}/${name}`, { folder })).toEqual([]);
  });
});
