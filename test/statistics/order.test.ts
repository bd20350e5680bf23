import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascendingOrder } from '../../src/statistics/order.ts';
import { createRandom } from '../../src/statistics/random.ts';

function sortSlowly(values: readonly number[]): readonly number[] {
  const keys = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
  return values
    .map((_, index) => index)
    .sort((a, b) => {
      const [x = 0, y = 0] = [keys[a], keys[b]];
      if (x !== y) return x < y ? -1 : 1;
      return Number(Number.isNaN(values[a])) - Number(Number.isNaN(values[b])) || a - b;
    });
}

describe('ascending order', () => {
  test('is that of a comparison sort', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 1 + 2 ** -52)), { maxLength: 60 }),
        (values) => {
          expect([...ascendingOrder(values)]).toEqual(sortSlowly(values));
        },
      ),
    );
  });

  test.each<[string, (uniform: () => number) => number]>([
    ['probabilities', (uniform) => uniform()],
    ['probabilities of four places', (uniform) => Math.round(uniform() * 1e4) / 1e4],
    ['values that differ in their last bits alone', (uniform) => 1 + Math.floor(uniform() * 5000) * 2 ** -52],
    ['few values among many, far apart', (uniform) => (uniform() < 0.5 ? 0.1 : 1e300 * (uniform() - 0.5))],
    [
      'values of both signs, zeros and infinities',
      (uniform) => Math.log(uniform() < 0.1 ? 0 : uniform()) * (uniform() < 0.5 ? -0 : 1),
    ],
    [
      'clusters of close values',
      (uniform) => Math.floor(uniform() * 3) + Math.floor(uniform() * 900) * 2 ** -50,
    ],
    ['one value', () => 0.25],
  ])('of %s', (_what, make) => {
    const { uniform } = createRandom(5);
    const values = Array.from({ length: 5000 }, () => make(uniform));
    expect([...ascendingOrder(values)]).toEqual(sortSlowly(values));
  });
});
