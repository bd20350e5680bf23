import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundFigures } from '../../src/evidence/round-figures.ts';

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('roundFigures', () => {
  it.each([
    [0.1 + 0.2, 0.3],
    [1 / 3, 0.333333333333],
    [123456789.12345678, 123456789.123],
    [1.23456789012345e-30, 1.23456789012e-30],
    [9_007_199_254_740_991, 9_007_199_254_740_991],
    [-0, 0],
    [1e300, 1e300],
  ])('%d becomes %d', (given, expected) => {
    expect(Object.is(roundFigures(given), expected)).toBe(true);
  });

  it('reaches into objects and lists and leaves all else as it is', () => {
    const value = { a: [0.1 + 0.2, { b: 2 / 3, text: '0.30000000000000004', no: null, yes: true }] };
    expect(roundFigures(value)).toEqual({
      a: [0.3, { b: 0.666666666667, text: '0.30000000000000004', no: null, yes: true }],
    });
  });

  it('keeps a key that an object has by inheritance elsewhere', () => {
    const value = JSON.parse('{"__proto__": 0.30000000000000004}') as object;
    expect(JSON.stringify(roundFigures(value))).toBe('{"__proto__":0.3}');
  });

  it('changes nothing the second time, and sums in any order agree', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        expect(roundFigures(roundFigures(values))).toEqual(roundFigures(values));
      }),
    );
    const parts = [0.1, 0.7, 0.2, 1e-3, 0.33];
    expect(roundFigures(sum(parts))).toBe(roundFigures(sum(parts.toReversed())));
  });
});
