import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { quoteNumber, quoteText, quoteTexts } from '../../../src/engine/duckdb/sql-text.ts';

const SEED = 7;
const HOSTILE = [
  "'",
  "''",
  '"',
  '\\',
  "'; SELECT 1; --",
  '\u0000',
  '$$',
  '/*',
  "\u0000'); DROP",
  '%s',
  '😀',
  '\n',
];

async function evaluate(expressions: readonly string[]): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(`SELECT ${expressions.join(', ')}`)).getRows();
  connection.closeSync();
  instance.closeSync();
  expect(rows).toHaveLength(1);
  return rows[0] ?? [];
}

describe('values inside SQL', () => {
  test('any text comes back as itself', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...HOSTILE), { maxLength: 6 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), async (texts) => {
        expect(await evaluate(texts.map(quoteText))).toStrictEqual(texts);
        const [list] = (await evaluate([quoteTexts(texts)])) as [{ items: unknown }];
        expect(list.items).toStrictEqual(texts);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  test('any finite double comes back to the last bit', async () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(double, { minLength: 1, maxLength: 200 }), async (doubles) => {
        const values = (await evaluate(doubles.map(quoteNumber))) as number[];
        expect(values.map((value) => value + 0)).toStrictEqual(doubles.map((value) => value + 0));
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  test('what is no finite number has no SQL form', () => {
    expect(() => quoteNumber(Number.NaN)).toThrow('NaN');
    expect(() => quoteNumber(Number.POSITIVE_INFINITY)).toThrow('Infinity');
  });
});
