import { expect, test } from 'vitest';
import { readPartitions } from '../../src/chain/read-partitions.ts';

test('names of folders say columns, of every file a value', () => {
  expect(
    readPartitions([
      'out/day=1/region=north%2Feast/0.parquet',
      'out/day=2/region=__HIVE_DEFAULT_PARTITION__/a=b.parquet',
      'out/day=/x=1=2/0.parquet',
      'out/day=100%/=y/0.parquet',
    ]),
  ).toStrictEqual({
    day: ['1', '2', null, '100%'],
    region: ['north/east', null, null, null],
    x: [null, null, '1=2', null],
  });
  expect(readPartitions(['out/0.parquet', 'a=1.parquet'])).toBeUndefined();
});

test('no name of a folder is anything but a name', () => {
  const partitions = readPartitions(['__proto__=1/constructor=2/0.parquet']) ?? {};
  expect(Object.entries(partitions)).toStrictEqual([
    ['__proto__', ['1']],
    ['constructor', ['2']],
  ]);
});
