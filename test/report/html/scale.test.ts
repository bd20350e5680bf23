import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeScale, rangeOf } from '../../../src/report/html/figures/scale.ts';

describe('makeScale', () => {
  it('maps ends to ends and labels round numbers', () => {
    const scale = makeScale([0, 1], [100, 200], 5);
    expect(scale?.at(0)).toBe(100);
    expect(scale?.at(0.25)).toBe(125);
    expect(scale?.ticks.map((tick) => tick.toFixed(scale.decimals))).toEqual([
      '0.0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1.0',
    ]);
  });

  it('has no scale for numbers that leave none', () => {
    expect(makeScale([1, 1], [0, 1], 5)).toBeUndefined();
    expect(makeScale([-1e308, 1e308], [0, 1], 5)).toBeUndefined();
    expect(makeScale([Number.NaN, 1], [0, 1], 5)).toBeUndefined();
  });

  it('has a handful of ticks inside any range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e12 }),
        (low, span) => {
          const scale = makeScale([low, low + span], [0, 100], 5);
          expect(scale?.ticks.length ?? 1).toBeLessThanOrEqual(8);
          expect(scale?.ticks.every((tick) => scale.at(tick) > -1 && scale.at(tick) < 101) ?? true).toBe(
            true,
          );
        },
      ),
    );
  });
});

describe('rangeOf', () => {
  it('is the smallest and the largest', () => {
    expect(rangeOf([3, -1, 2])).toEqual([-1, 3]);
    expect(rangeOf([])).toBeUndefined();
  });
});
