import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNearest } from '../../src/evidence/find-nearest.ts';

describe('findNearest', () => {
  const keys = ['at-least', 'at-most', 'max-regression', 'severity'];

  it.each([
    ['max-regresion', 'max-regression'],
    ['max_regression', 'max-regression'],
    ['MaxRegression', 'max-regression'],
    ['at-lesat', 'at-least'],
    ['atmost', 'at-most'],
    ['severty', 'severity'],
  ])('%s means %s', (given, meant) => {
    expect(findNearest(given, keys)).toBe(meant);
  });

  it('suggests nothing when nothing is near', () => {
    expect(findNearest('drift', keys)).toBeUndefined();
    expect(findNearest('', keys)).toBeUndefined();
    expect(findNearest('x', [])).toBeUndefined();
  });

  it('counts two swapped neighbours as one edit', () => {
    expect(findNearest('ab', ['ba'])).toBe('ba');
  });

  it('does not spend time on texts that are no names', () => {
    expect(findNearest('a'.repeat(1_000_000), ['a'.repeat(999_999)])).toBeUndefined();
  });

  it('finds a name itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.array(fc.string()), (name, others) => {
        const near = findNearest(name, [...others, name]);
        expect([name, ...others]).toContain(near);
      }),
    );
  });
});
