import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawIntervalBar } from '../../src/report/interval-bar.ts';

describe('drawIntervalBar', () => {
  it('shows the interval beside the margin and no change', () => {
    expect(drawIntervalBar({ low: -0.01, estimate: 0.005, high: 0.02, margin: 0.02 })).toBe(
      '····┊·━━│●━━━····',
    );
  });

  it('points to what lies beyond its ends', () => {
    expect(drawIntervalBar({ low: -0.08, estimate: -0.06, high: -0.05, margin: 0.02 })).toBe(
      '◀···┊···│········',
    );
    expect(drawIntervalBar({ low: 0.05, estimate: 0.06, high: 0.08, margin: 0.02 })).toBe(
      '····┊···│·······▶',
    );
  });

  it('needs a margin for its scale', () => {
    expect(drawIntervalBar({ low: 0, estimate: 0, high: 0, margin: undefined })).toBeUndefined();
    expect(drawIntervalBar({ low: 0, estimate: 0, high: 0, margin: 0 })).toBeUndefined();
  });

  it('always has the width that was asked for', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        finite,
        finite,
        finite,
        fc.double({ min: 1e-300, max: 1e300 }),
        (low, estimate, high, margin) => {
          expect(drawIntervalBar({ low, estimate, high, margin })).toHaveLength(17);
        },
      ),
    );
  });
});
