import { describe, expect, test } from 'vitest';
import { collectSamples } from '../../../src/metrics/importers/collect-samples.ts';

describe('collectSamples', () => {
  test('columns of grades, NaN where a sample has none', () => {
    const byId = new Map([
      ['a', new Map([['x', 1]])],
      ['b', new Map([['y', 2]])],
    ]);
    expect(collectSamples('t', byId, 'f')).toEqual({
      name: 't',
      ids: ['a', 'b'],
      grades: { x: [1, Number.NaN], y: [Number.NaN, 2] },
    });
  });

  test('names that carry ids are refused: their table would grow with the square of the samples', () => {
    const byId = new Map(
      Array.from({ length: 501 }, (_, index) => [`${index}`, new Map([[`acc_${index}`, 1]])]),
    );
    expect(() => collectSamples('t', byId, 'f.jsonl')).toThrow(
      'f.jsonl has 501 different grades; at most 500',
    );
  });
});
