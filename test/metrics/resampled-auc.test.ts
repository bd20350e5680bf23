import { array, assert, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { createWeightedAuc } from '../../src/metrics/resampled-auc.ts';
import { delongAuc } from '../../src/statistics/auc.ts';

test('a weight is as good as that many copies, ties and all', () => {
  const example = tuple(
    integer({ min: 0, max: 1 }),
    integer({ min: 0, max: 5 }),
    integer({ min: 0, max: 3 }),
  );
  assert(
    property(array(example, { minLength: 1, maxLength: 40 }), (examples) => {
      const target = Uint8Array.from(examples, ([label]) => label);
      const score = Float64Array.from(examples, ([, value]) => value / 5);
      const copies = examples.flatMap(([label, value, weight]) =>
        Array.from({ length: weight }, () => [label, value / 5] as const),
      );
      const expected = delongAuc(
        copies.map(([label]) => label),
        copies.map(([, value]) => value),
      );
      const found = createWeightedAuc(target, score)(examples.map(([, , weight]) => weight));
      // Rounded, so that NaN, where a class has no weight, equals NaN.
      expect(Number(found.toFixed(12))).toEqual(Number((expected?.auc ?? Number.NaN).toFixed(12)));
    }),
    { seed: 17 },
  );
});
