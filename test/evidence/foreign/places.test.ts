import { describe, expect, test } from 'vitest';
import {
  at,
  booleanOf,
  countOf,
  entriesOf,
  isAbsent,
  listOf,
  numberAt,
  numberInText,
  numberOf,
  oneOf,
  optional,
  placeOf,
  textOf,
} from '../../../src/evidence/foreign/places.ts';

const DOCUMENT = placeOf(
  { a: [{ 'b c': 'N/A', d: null }], n: 'NaN', i: '-Infinity', t: true, f: 1.5 },
  'x.json',
);

describe('places of a document', () => {
  test('a message says where, what is there and what must be', () => {
    expect(() => numberOf(at(DOCUMENT, 'a', 0, 'b c'))).toThrow(
      'x.json: `a[0]."b c"` is "N/A"; it must be a number.',
    );
    expect(() => numberOf(at(DOCUMENT, 't'))).toThrow('`t` is true; it must be a number.');
    expect(() => textOf(at(DOCUMENT, 'a', 1, 'x'))).toThrow('`a[1].x` is missing; it must be a text.');
    expect(() => listOf(DOCUMENT)).toThrow('x.json: the document is a mapping; it must be a list.');
    expect(() => entriesOf(at(DOCUMENT, 'a'))).toThrow('`a` is a list; it must be a mapping.');
    expect(() => booleanOf(at(DOCUMENT, 'a', 0, 'd'))).toThrow('`a[0].d` is null; it must be true or false.');
    expect(() => countOf(at(DOCUMENT, 'f'))).toThrow('`f` is 1.5; it must be a whole number of at least 0.');
    expect(() => oneOf(at(DOCUMENT, 'n'), ['x', 'y'])).toThrow('`n` is "NaN"; it must be one of "x", "y".');
  });

  test('a long value, key and way are cut', () => {
    const place = placeOf({ ['k'.repeat(1000)]: 'v'.repeat(1000) }, 'x.json');
    expect(() => numberOf(at(place, 'k'.repeat(1000)))).toThrow(/^.{0,400}$/u);
  });

  test('NaN and infinities are numbers as the JSON reader leaves them', () => {
    expect(numberOf(at(DOCUMENT, 'n'))).toBeNaN();
    expect(numberOf(at(DOCUMENT, 'i'))).toBe(Number.NEGATIVE_INFINITY);
    expect(numberAt(at(DOCUMENT, 'a'))).toBeUndefined();
  });

  test('only what the document has itself is there', () => {
    expect(isAbsent(at(DOCUMENT, 'toString'))).toBe(true);
    expect(isAbsent(at(DOCUMENT, 'a', 'length', 'x'))).toBe(true);
    expect(optional(at(DOCUMENT, 'a', 0, 'd'), textOf)).toBeUndefined();
    const hostile = placeOf(JSON.parse('{"__proto__": {"x": 1}}'), 'x.json');
    expect(numberOf(at(hostile, '__proto__', 'x'))).toBe(1);
    expect(entriesOf(hostile).map(([key]) => key)).toEqual(['__proto__']);
  });

  test.each([
    ['0.91', 0.91],
    [' -1e-3 ', -0.001],
    ['.5', 0.5],
    ['5.', 5],
    ['nan', Number.NaN],
    ['inf', Number.POSITIVE_INFINITY],
    ['0x10', undefined],
    ['1,5', undefined],
    ['', undefined],
    ['N/A', undefined],
  ])('the text %j is %j', (text, number) => {
    expect(numberInText(text)).toBe(number);
  });
});
