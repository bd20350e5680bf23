import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createHashCounter } from '../../../src/engine/duckdb/count-hashes.ts';

test('counts what differs, however it comes', () => {
  const hash = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 56n, 2n ** 64n - 1n),
  );
  fc.assert(
    fc.property(fc.array(fc.array(hash, { maxLength: 50 }), { maxLength: 20 }), (pieces) => {
      const counter = createHashCounter();
      for (const piece of pieces) {
        counter.add(new Uint32Array(new BigUint64Array([...piece, 7n]).buffer), piece.length);
      }
      expect(counter.countDistinct()).toBe(new Set(pieces.flat().filter((given) => given !== 0n)).size);
    }),
    { seed: 20_261_121 },
  );
});

test('of more than one segment in one part', () => {
  const counter = createHashCounter();
  const hashes = BigUint64Array.from({ length: 10_000 }, (_, at) => BigInt(1 + (at % 6_000)));
  counter.add(new Uint32Array(hashes.buffer), hashes.length);
  expect(counter.countDistinct()).toBe(6_000);
});
