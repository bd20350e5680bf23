import { describe, expect, it } from 'vitest';
import { parseMargin } from '../../src/schemas/parse-margin.ts';

describe('parseMargin', () => {
  it.each([
    [0.02, 'absolute', 0.02],
    ['5%', 'relative', 0.05],
    ['2.5 %', 'relative', 0.025],
    ['100%', 'relative', 1],
    [0, 'absolute', 0],
  ] as const)('%s is %s', (margin, kind, value) => {
    expect(parseMargin(margin)).toEqual({ kind, value });
  });

  it('refuses what the schema does not allow', () => {
    expect(() => parseMargin('2')).toThrow(RangeError);
    expect(() => parseMargin(-1)).toThrow(RangeError);
  });
});
