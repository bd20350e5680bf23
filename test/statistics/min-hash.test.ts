import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findSimilar, sortedSimilarity, sortItems } from '../../src/statistics/min-hash.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { jaccardSimilarity } from '../../src/statistics/sketches.ts';

const items = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });

describe('sortedSimilarity', () => {
  it('is the Jaccard similarity of the sets; that of an empty set is 0', () => {
    fc.assert(
      fc.property(items, items, (one, other) => {
        const expected =
          one.length + other.length === 0 ? 0 : jaccardSimilarity(new Set(one), new Set(other));
        expect(sortedSimilarity(sortItems(one), sortItems(other))).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('findSimilar', () => {
  it('finds nothing that is not there', () => {
    fc.assert(
      fc.property(
        fc.array(items, { maxLength: 12 }),
        fc.array(items, { maxLength: 12 }),
        (earlier, later) => {
          const [first, second] = [earlier.map(sortItems), later.map(sortItems)];
          const likest = second.map((set) => Math.max(0, ...first.map((own) => sortedSimilarity(own, set))));
          const found = findSimilar(first, second, 0.7, 1);
          expect(likest.filter((similarity, index) => found[index] === 1 && similarity < 0.7)).toEqual([]);
        },
      ),
    );
  });

  it('finds every set that is the same, and of similarity 0.8 almost all', () => {
    const random = createRandom(7);
    const draw = (): number => Math.floor(random.uniform() * 2 ** 32);
    const sets = Array.from({ length: 1000 }, () => Array.from({ length: 90 }, draw));
    const earlier = sets.map(sortItems);
    expect(findSimilar(earlier, earlier, 1, 3).reduce((sum, flag) => sum + flag, 0)).toBe(1000);
    // 80 of 100 items in common, ten of each alone.
    const later = sets.map((set) => sortItems([...set.slice(0, 80), ...Array.from({ length: 10 }, draw)]));
    const found = findSimilar(earlier, later, 0.79, 3).reduce((sum, flag) => sum + flag, 0);
    expect(found).toBeGreaterThan(990);
  });

  it('answers the same for the same seed', () => {
    const sets = Array.from({ length: 50 }, (_, index) =>
      sortItems([index, index + 1, index + 2, index + 3]),
    );
    expect(findSimilar(sets, sets.slice(1), 0.6, 5)).toEqual(findSimilar(sets, sets.slice(1), 0.6, 5));
  });
});
