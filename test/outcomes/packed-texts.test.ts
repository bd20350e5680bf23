import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packTexts, pickTexts, textAt } from '../../src/outcomes/packed-texts.ts';

describe('packed texts', () => {
  test('come back one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 30 }), (texts) => {
        const packed = packTexts(texts);
        expect(texts.map((_, row) => textAt(packed, row))).toEqual(texts);
      }),
    );
  });

  test('of any rows are those texts, also where a row is wanted often', () => {
    const texts = fc.oneof(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.string({ unit: 'binary-ascii', minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 200 }), (given, wanted) => {
        const rows = Uint32Array.from(wanted, (row) => row % given.length);
        expect(pickTexts(packTexts(given), rows)).toEqual(
          packTexts([...rows].map((row) => given[row] ?? '')),
        );
      }),
    );
  });
});
