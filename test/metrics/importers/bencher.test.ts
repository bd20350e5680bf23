import { describe, expect, test } from 'vitest';
import { BENCHER } from '../../../src/metrics/importers/bencher.ts';
import { findFlaws } from './hostile-files.ts';
import { fileSource, memorySource } from './sources.ts';

const FILE = 'test/fixtures/bencher/bmf.json';

describe('Bencher Metric Format', () => {
  test('measures of benchmarks; their limits, which hold at no stated level, are left out', async () => {
    const source = await fileSource(FILE);
    expect(await BENCHER.recognise(source)).toBe(true);
    expect(await BENCHER.read(source)).toMatchObject([
      {
        status: 'complete',
        numbers: [
          { key: 'predict.latency', value: 88 },
          { key: 'predict.throughput', value: 5.55 },
          { key: 'model.bin.file-size', value: 42 },
        ],
      },
    ]);
  });

  test('a file without a measure is partial', async () => {
    expect(await BENCHER.read(memorySource('b.json', '{}'))).toMatchObject([{ status: 'partial' }]);
  });

  test.each(['{"a":{"b":{"value":1,"other":2}}}', '{"a":{"b":1}}', '{"a":1}', '{}', '[]', '{"a":'])(
    '%s is another format',
    async (text) => {
      expect(await BENCHER.recognise(memorySource('b.json', text))).toBe(false);
    },
  );

  test.each([
    ['{"a":{"b":1}}', '`a.b` is 1; it must be a mapping with a `value`.'],
    ['{"a":{"b":{"value":"N/A"}}}', '`a.b.value` is "N/A"; it must be a number.'],
    ['{"a":{"b":{"value":1,"lower_value":"x"}}}', '`a.b.lower_value` is "x"; it must be a number.'],
  ])('%s is refused', async (text, message) => {
    await expect(BENCHER.read(memorySource('b.json', text))).rejects.toThrow(message);
  });

  test('cut and changed', async () => {
    expect(await findFlaws(BENCHER, FILE)).toEqual([]);
  });
});
