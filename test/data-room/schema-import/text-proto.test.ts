import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTextProto, type TextValue } from '../../../src/data/schema-import/text-proto.ts';
import { UserError } from '../../../src/evidence/errors.ts';

/** Messages as plain objects of lists. */
function plain(value: TextValue): unknown {
  return typeof value === 'object'
    ? Object.fromEntries(Array.from(value, ([key, values]) => [key, values.map(plain)]))
    : value;
}

function read(text: string): unknown {
  return plain(parseTextProto(text, 'schema.pbtxt'));
}

describe('text of Protocol Buffers', () => {
  test('fields, messages in braces or angles, lists, comments and separators', () => {
    expect(
      read(
        '# a\nfeature { name: "age" type: INT, }\nfeature: <name: \'x\'; ok: true>\nvalue: [1, -2.5e3, 0x1F] value: 017 # z',
      ),
    ).toEqual({
      feature: [
        { name: ['age'], type: ['INT'] },
        { name: ['x'], ok: [true] },
      ],
      value: [1, -2500, 31, 15],
    });
  });

  test('strings: escapes are bytes or code points, neighbours are one', () => {
    expect(read(String.raw`a: "\303\251\n\"\x41" ' \u00e9\U0001F600' b: ""`)).toEqual({
      a: ['é\n"A é\u{1F600}'],
      b: [''],
    });
  });

  test('numbers: floats with f, infinities, NaN; what a double would change stays a text', () => {
    expect(read('a: 1.5f a: inf a: -inf a: nan a: 9223372036854775807 a: 9007199254740991 a: -0')).toEqual({
      a: [1.5, Infinity, -Infinity, NaN, '9223372036854775807', 9007199254740991, -0],
    });
  });

  test('names of extensions and of Any', () => {
    expect(read('[type.googleapis.com/foo.Bar] { x: 1 } [a.b]: 2')).toEqual({
      '[type.googleapis.com/foo.Bar]': [{ x: [1] }],
      '[a.b]': [2],
    });
  });

  test.each([
    ['feature {', 'line 1: the file ends in the middle of a message'],
    ['feature {\n name "x" }', 'line 2: "\\"x\\" }" is no value'],
    ['a: [1 2]', 'stands in a list where a comma must'],
    ['a: }', 'is no value'],
    ['{}', 'stands where the name of a field must'],
    ['a: "x', 'is no part of a text of Protocol Buffers'],
    ['a {'.repeat(80), 'nests deeper than 64 levels'],
    ['[a { b: 1', 'is no name of an extension'],
  ])('%s is refused with its line', (text, message) => {
    expect(() => read(text)).toThrow(UserError);
    expect(() => read(text)).toThrow(message);
  });

  test('a field may be called as what every object has', () => {
    expect(parseTextProto('__proto__: 1 constructor: 2', 'x').get('__proto__')).toEqual([1]);
  });

  test('any text comes back as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll(
          /["\\\n\r]/gu,
          (sign) => `\\${sign === '\n' ? 'n' : sign === '\r' ? 'r' : sign}`,
        );
        expect(read(`a: "${escaped}"`)).toEqual({ a: [text] });
      }),
    );
  });
});
