import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packTexts } from '../../src/outcomes/packed-texts.ts';
import { sortTexts } from '../../src/outcomes/sort-texts.ts';
import { streamOf } from '../../src/metrics/stream-of.ts';

function sortSlowly(texts: readonly string[]): readonly number[] {
  const bytes = texts.map((text) => Buffer.from(text));
  return texts
    .map((_, row) => row)
    .sort((a, b) => Buffer.compare(bytes[a] ?? Buffer.of(), bytes[b] ?? Buffer.of()) || a - b);
}

/** Many texts, so that keys are made of them. */
function generate(n: number, make: (uniform: () => number) => string): readonly string[] {
  const { uniform } = streamOf(7, 'sort texts');
  return Array.from({ length: n }, () => make(uniform));
}

describe('sorting texts', () => {
  test('is by their bytes, equal ones in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 40 }), (texts) => {
        expect([...sortTexts(packTexts(texts))]).toEqual(sortSlowly(texts));
      }),
    );
  });

  test.each<[string, (uniform: () => number) => string]>([
    [
      'numbers of any length',
      (uniform) => String(Math.floor(uniform() * 10 ** Math.floor(1 + uniform() * 9))),
    ],
    ['prefixes of each other', (uniform) => 'ab'.repeat(Math.floor(uniform() * 30))],
    [
      'a long shared beginning',
      (uniform) => `customers/2026/${'x'.repeat(40)}/${Math.floor(uniform() * 1e6)}`,
    ],
    ['two large groups', (uniform) => `${uniform() < 0.5 ? 'left' : 'right'}-${uniform().toString(36)}`],
    [
      'any bytes',
      (uniform) => String.fromCodePoint(Math.floor(uniform() * 0xd7ff)).repeat(Math.floor(uniform() * 9)),
    ],
    ['one text', () => 'same'],
  ])('of %s', (_what, make) => {
    const texts = generate(20_000, make);
    expect([...sortTexts(packTexts(texts))]).toEqual(sortSlowly(texts));
  });
});
