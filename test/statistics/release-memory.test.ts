import { expect, test } from 'vitest';
import { releaseMemory } from '../../src/statistics/release-memory.ts';

test('large arrays are empty afterwards, also where two share their memory, and small ones stay', () => {
  const large = new Float64Array(1 << 17);
  const part = large.subarray(5);
  const small = new Uint8Array(10);
  releaseMemory(large, part, small);
  expect([large.length, part.length, small.length]).toStrictEqual([0, 0, 10]);
});
