import { describe, expect, it } from 'vitest';
import { measureShare } from '../../src/comparison/share-of-rows.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { clopperPearsonInterval } from '../../src/statistics/proportion.ts';

const LEVEL = 0.9;

function widthOf(count: number, n: number): number {
  const { low, high } = clopperPearsonInterval(count, n, LEVEL);
  return high - low;
}

describe('measureShare', () => {
  it('has the exact interval where each row stands for itself', () => {
    const { low, high } = clopperPearsonInterval(2, 8, LEVEL);
    expect(measureShare(Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0), undefined, LEVEL)).toEqual({
      count: 2,
      share: 0.25,
      interval: { level: LEVEL, low, high, method: 'Clopper-Pearson' },
    });
  });

  it('has no interval without rows, or with one group', () => {
    expect(measureShare(new Uint8Array(), undefined, LEVEL)).toEqual({ count: 0, share: 0 });
    expect(measureShare(Uint8Array.of(1, 0), Uint32Array.of(0, 0), LEVEL)).toEqual({ count: 1, share: 0.5 });
  });

  it('counts a whole group as one row where no group differs', () => {
    const groups = Uint32Array.from({ length: 300 }, (_, row) => Math.floor(row / 10));
    const none = measureShare(new Uint8Array(300), groups, LEVEL).interval;
    expect(none?.low).toBe(0);
    expect(none?.high).toBeGreaterThan(clopperPearsonInterval(0, 30, LEVEL).high);
    expect(none?.high).toBeLessThan(1.1 * clopperPearsonInterval(0, 30, LEVEL).high);
  });

  it('is as wide as for single groups where the rows of a group agree, and as for rows where they do not', () => {
    const groups = Uint32Array.from({ length: 1000 }, (_, row) => Math.floor(row / 10));
    const agreeing = Uint8Array.from(groups, (group) => (group % 4 === 0 ? 1 : 0));
    const mixed = Uint8Array.from(groups, (_, row) => (row % 4 === 0 ? 1 : 0));
    const width = (hits: Uint8Array): number => {
      const { interval } = measureShare(hits, groups, LEVEL);
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    expect(width(agreeing)).toBeGreaterThanOrEqual(widthOf(25, 100));
    expect(width(agreeing)).toBeLessThan(1.05 * widthOf(25, 100));
    expect(width(mixed)).toBeGreaterThanOrEqual(widthOf(250, 1000));
    expect(width(mixed)).toBeLessThan(1.05 * widthOf(250, 1000));
  });

  it('leaves out the true share of clustered rows no more often than its level says', () => {
    // Groups of 12 rows whose own shares are spread around 0.08, as with users who differ.
    const random = createRandom(11);
    const [groups, size, truth, runs] = [40, 12, 0.08, 600];
    const clusters = Uint32Array.from({ length: groups * size }, (_, row) => Math.floor(row / size));
    let [above, below] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const shares = Array.from({ length: groups }, () => (random.uniform() < 0.25 ? 4 * truth : 0));
      const hits = Uint8Array.from(clusters, (group) => (random.uniform() < (shares[group] ?? 0) ? 1 : 0));
      const { interval } = measureShare(hits, clusters, LEVEL);
      if ((interval?.high ?? 1) < truth) above += 1;
      if ((interval?.low ?? 0) > truth) below += 1;
    }
    const most = runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95);
    expect(above).toBeLessThanOrEqual(most);
    expect(below).toBeLessThanOrEqual(most);
  });

  it('reaches the rare group all of whose rows have the property, where the sample lacks it', () => {
    const random = createRandom(12);
    const [groups, size, lost, usual, runs] = [40, 15, 0.04, 0.03, 400];
    const truth = lost + (1 - lost) * usual;
    const clusters = Uint32Array.from({ length: groups * size }, (_, row) => Math.floor(row / size));
    let below = 0;
    for (let run = 0; run < runs; run++) {
      const shares = Array.from({ length: groups }, () => (random.uniform() < lost ? 1 : usual));
      const hits = Uint8Array.from(clusters, (group) => (random.uniform() < (shares[group] ?? 0) ? 1 : 0));
      if ((measureShare(hits, clusters, LEVEL).interval?.high ?? 1) < truth) below += 1;
    }
    expect(below).toBeLessThanOrEqual(runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95));
  });
});
