import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/evidence/errors.ts';
import { headHasKeys, parseLenientJson } from '../../../src/evidence/foreign/lenient-json.ts';
import { memorySource } from '../../metrics/importers/sources.ts';

describe('lenient JSON', () => {
  test('is JSON, with NaN and infinities as texts', () => {
    expect(
      parseLenientJson(
        '\uFEFF{"a": NaN, "b": [-Infinity, Infinity, -1], "NaN": "say \\"NaN\\"", "\\\\": NaN}',
        'f',
      ),
    ).toEqual({ a: 'NaN', b: ['-Infinity', 'Infinity', -1], NaN: 'say "NaN"', '\\': 'NaN' });
  });

  test('reads whatever JSON says, with or without a bare word in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseLenientJson(text, 'f')).toEqual(JSON.parse(text));
        expect(parseLenientJson(`[NaN,${text}]`, 'f')).toEqual(['NaN', JSON.parse(text)]);
      }),
    );
  });

  test.each([
    ['a text of millions of characters', `{"a": NaN, "b": "${'x'.repeat(5_000_000)}"}`, undefined],
    ['one that does not end', `{"a": NaN, "b": "${'x'.repeat(5_000_000)}`, 'f is not JSON'],
    ['quotes and nothing else', '"\\'.repeat(1_000_000), 'f is not JSON'],
    ['too many levels', '['.repeat(201), 'f nests deeper than 200 levels'],
    ['words that are none', '{"a": NaNa}', 'f is not JSON'],
  ])('survives %s', (_, text, message) => {
    const read = (): unknown => parseLenientJson(text, 'f');
    let said: string | undefined;
    try {
      read();
    } catch (error) {
      said = error instanceof UserError ? error.message : String(error);
    }
    expect(said ?? '').toMatch(message === undefined ? /^$/u : new RegExp(`^${message}`, 'u'));
  });

  test('is told by the keys in its first bytes', () => {
    const source = memorySource('a', '{"macro avg": {"support" : 1}, "note": "weighted avg"}');
    expect(headHasKeys(source, ['macro avg', 'support'])).toBe(true);
    expect(headHasKeys(source, ['weighted avg'])).toBe(false);
    expect(headHasKeys(memorySource('a', '["macro avg": 1]'), ['macro avg'])).toBe(false);
  });
});
