import { expect, it } from 'vitest';

import { parseConfig } from '../../src/config/parse-config.ts';

function parse(dataset: object): unknown {
  const files = { path: 'd.csv', schema: 'd.json' };
  return parseConfig(
    JSON.stringify({ version: 1, data: { d: { ...files, ...dataset }, train: files } }),
    'mlgate.yml',
  );
}

it.each([
  [{ leakage: { against: ['trian'] } }, 'no dataset of this config is called so. There are: d, train.'],
  [{ leakage: { against: ['d'] } }, 'is this dataset itself'],
  [{ leakage: { splits: ['train', 'test'] } }, 'add `columns: { split: … }`'],
  [{ leakage: {} }, 'has nothing to look at'],
  [{ leakage: { against: ['train'], 'max-overlap': '1 percent' } }, 'max-overlap'],
])('%j is a mistake that is explained', (dataset, told) => {
  expect(() => parse(dataset)).toThrow(told);
});

it.each([
  { leakage: { against: ['train'], 'max-overlap': '1%' } },
  { leakage: { splits: ['train', 'test'] }, columns: { split: 'part' } },
  { leakage: {}, columns: { label: 'y' } },
])('%j is none', (dataset) => {
  expect(() => parse(dataset)).not.toThrow();
});
