import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatFilter } from '../../../src/engine/duckdb/formats.ts';
import { CELL_FORMATS } from '../../../src/engine/engine.ts';

const SEED = 13;

describe('formats', () => {
  test.each(CELL_FORMATS.filter((format) => formatFilter(format).sufficient !== undefined))(
    'what SQL lets pass as %s is one to ajv-formats',
    (format) => {
      const { sufficient = '', accepts } = formatFilter(format);
      const lets = new RegExp(`^(?:${sufficient})$`, 'u');
      fc.assert(
        fc.property(fc.stringMatching(lets), (text) => {
          expect({ text, accepted: accepts(text) }).toStrictEqual({ text, accepted: true });
        }),
        { seed: SEED, numRuns: 300 },
      );
    },
  );

  test('every day of four centuries is a date, and no other', () => {
    const lets = new RegExp(`^(?:${formatFilter('date').sufficient ?? ''})$`, 'u');
    for (let year = 1796; year <= 2204; year += 1) {
      for (const [month, day] of [
        [2, 28],
        [2, 29],
        [2, 30],
        [4, 30],
        [4, 31],
        [12, 31],
        [12, 32],
        [13, 1],
        [0, 1],
        [1, 0],
      ] as const) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        expect({ text, isDate: lets.test(text) }).toStrictEqual({
          text,
          isDate: date.getUTCMonth() === month - 1 && date.getUTCDate() === day,
        });
      }
    }
  });

  test('leap seconds and far zones are settled by ajv-formats itself', () => {
    const { accepts } = formatFilter('date-time');
    expect(accepts('2016-12-31T23:59:60Z')).toBe(true);
    expect(accepts('2016-12-31T22:59:60Z')).toBe(false);
  });
});
