import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  quotePattern,
  translateLikePattern,
  translatePythonPattern,
} from '../../../src/data/schema-import/python-pattern.ts';

describe('patterns of Python', () => {
  // What re.search, re.match and re.fullmatch of CPython 3.11 answered for these patterns and texts.
  test.each([
    [String.raw`C\d{4}$`, 'match', String.raw`^C\d{4}$`],
    ['a|b', 'match', '^(?:a|b)'],
    ['a|b', 'fullmatch', '^(?:a|b)$'],
    ['^a', 'match', '^a'],
    [String.raw`^a\$`, 'fullmatch', String.raw`^a\$$`],
    [String.raw`\Aa\Z`, 'search', '^a$'],
    ['(?P<year>[0-9]+)-(?P=year)', 'search', String.raw`(?<year>[0-9]+)-\k<year>`],
    ['a{,3}', 'search', 'a{0,3}'],
    ['a{x}', 'search', String.raw`a\{x\}`],
    ['[]a]', 'search', String.raw`[\]a]`],
    ['[^]a]+', 'search', String.raw`[^\]a]+`],
    [String.raw`\-\ \@\'`, 'search', String.raw`- @'`],
    [String.raw`[\w\-.]`, 'search', String.raw`[\w\-.]`],
    ['a(?#why)b', 'search', 'ab'],
    [String.raw`\U0001F600`, 'search', String.raw`\u{1F600}`],
  ] as const)('%s (%s)', (python, anchoring, pattern) => {
    expect(translatePythonPattern(python, anchoring)).toMatchObject({ pattern });
    expect(() => RegExp(pattern, 'u')).not.toThrow();
  });

  test.each([
    ['(?i)abc', 'flags'],
    ['(?i:abc)', 'flags'],
    ['a++', 'ECMA-262'],
    ['(?>a)', 'ECMA-262'],
    ['(', 'ECMA-262'],
    ['a'.repeat(1001), '1000 characters'],
  ])('%s is left behind', (python, why) => {
    expect(translatePythonPattern(python, 'search')).toMatchObject({
      why: expect.stringContaining(why) as string,
    });
  });

  test('classes of digits and letters are told to differ', () => {
    expect(translatePythonPattern(String.raw`\d`, 'search')).toHaveProperty('note');
    expect(translatePythonPattern('[0-9]', 'search')).not.toHaveProperty('note');
  });

  test('whatever it gives is a pattern, and it never fails otherwise', () => {
    const outcome = fc.check(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ab\\[](){}^$|?*+.,:P<>=-#!dwZ1')) }),
        (python) => {
          const read = translatePythonPattern(python, 'fullmatch');
          return 'why' in read || RegExp(read.pattern, 'u') instanceof RegExp;
        },
      ),
      { numRuns: 1000 },
    );
    expect(outcome.failed ? fc.defaultReportMessage(outcome) : '').toBe('');
  });

  test('a quoted text matches itself; LIKE knows two signs', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(RegExp(`^${quotePattern(text)}$`, 'u').test(text)).toBe(true);
        expect(RegExp(translateLikePattern(`%${text.replaceAll(/[%_]/gu, '_')}`), 'u').test(`x${text}`)).toBe(
          true,
        );
      }),
    );
    expect(RegExp(translateLikePattern('a_c%'), 'u').test('abcd')).toBe(true);
    expect(RegExp(translateLikePattern('a.c'), 'u').test('abc')).toBe(false);
  });
});
