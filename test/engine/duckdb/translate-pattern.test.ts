import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { quoteText } from '../../../src/engine/duckdb/sql-text.ts';
import { matchesWholeTexts, translatePattern } from '../../../src/engine/duckdb/translate-pattern.ts';

const SEED = 11;

const ATOMS = [
  'a',
  'b',
  'Z',
  '0',
  '9',
  '_',
  ' ',
  'é',
  '😀',
  '.',
  '\\.',
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\B',
  '^',
  '$',
  '-',
  '\\/',
  '\\t',
  '\\n',
  '\\x41',
  '\\u00e9',
  '\\u{1F600}',
  '[a-c]',
  '[^a-c]',
  '[\\d_]',
  '[^\\s]',
  '[a\\-z]',
  '[-a]',
  '[a-]',
  '[\\w-]',
  '[a-c-e]',
  '[.^$]',
  '[é-ü]',
  '[\\D]',
  '(?:ab)',
  '(a|b)',
  '(?<name>c)',
  "'",
  '"',
  '&&',
  '[&&a]',
  '[[:alpha:]]',
  '[a\\]]',
  '[\\b]',
] as const;
const QUANTIFIERS = ['', '', '', '*', '+', '?', '{2}', '{0,3}', '{1,}', '+?', '*?'] as const;

const piece = fc
  .tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS))
  .map(([atom, quantifier]) => atom + quantifier);
const pattern = fc
  .array(
    fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
    { minLength: 1, maxLength: 2 },
  )
  .map((branches) => branches.join('|'));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'c',
      'ab',
      'Z',
      'A',
      '0',
      '9',
      '_',
      ' ',
      '-',
      '.',
      '/',
      'é',
      'è',
      '😀',
      '\n',
      '\r',
      '\t',
      '\u000b',
      '\u00a0',
      '\u2028',
      '\ufeff',
      "'",
      '"',
      '&',
      ']',
      '\u0008',
      '\u0000',
      '٣',
      'ſ',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

function isValid(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}

describe('patterns for RE2', () => {
  let query: (sql: string) => Promise<readonly unknown[]>;
  let close: () => void;
  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    query = async (sql) => (await connection.runAndReadAll(sql)).getRows()[0] ?? [];
    close = () => {
      connection.closeSync();
      instance.closeSync();
    };
  });
  afterAll(() => {
    close();
  });

  test('a translated pattern finds what ECMA-262 finds', async () => {
    let translated = 0;
    await fc.assert(
      fc.asyncProperty(
        pattern.filter(isValid),
        fc.array(text, { minLength: 5, maxLength: 20 }),
        async (source, texts) => {
          const spelled = translatePattern(source);
          if (spelled === undefined) {
            return;
          }
          translated += 1;
          const found = await query(
            `SELECT ${texts.map((given) => `regexp_matches(${quoteText(given)}, ${quoteText(spelled)})`).join(', ')}`,
          );
          expect(found, `${source} as ${spelled} on ${JSON.stringify(texts)}`).toStrictEqual(
            texts.map((given) => new RegExp(source, 'u').test(given)),
          );
        },
      ),
      { seed: SEED, numRuns: 1_500 },
    );
    expect(translated).toBeGreaterThan(1_000);
  });

  test('a pattern that matches whole texts only may be asked for as such', async () => {
    let whole = 0;
    const anchored = pattern.map((source) => `^${source}$`).filter(isValid);
    await fc.assert(
      fc.asyncProperty(anchored, fc.array(text, { minLength: 5, maxLength: 20 }), async (source, texts) => {
        const spelled = translatePattern(source);
        if (spelled === undefined || !matchesWholeTexts(spelled)) {
          return;
        }
        whole += 1;
        const found = await query(
          `SELECT ${texts.map((given) => `regexp_full_match(${quoteText(given)}, ${quoteText(spelled)})`).join(', ')}`,
        );
        expect(found, `${source} as ${spelled} on ${JSON.stringify(texts)}`).toStrictEqual(
          texts.map((given) => new RegExp(source, 'u').test(given)),
        );
      }),
      { seed: SEED, numRuns: 800 },
    );
    expect(whole).toBeGreaterThan(200);
  });

  test.each([
    ['^a$', true],
    ['^(?:a|b)$', true],
    ['^[|]$', true],
    ['^a|b$', false],
    ['^a', false],
    ['a$', false],
    ['^a\\$', false],
  ])('%s matches whole texts only: %s', (source, expected) => {
    expect(matchesWholeTexts(translatePattern(source) ?? '')).toBe(expected);
  });

  test.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(a)\\1',
    '\\p{Lu}',
    '\\k<n>(?<n>a)',
    '[]',
    '[^]',
    '\\ud83d\\ude00',
    '[\\S]',
    'a{201}',
    '(?:a{20}){20}',
    'a'.repeat(1_001),
    '\\cA',
  ])('%s is left to JavaScript', (source) => {
    expect(translatePattern(source)).toBeUndefined();
  });
});
