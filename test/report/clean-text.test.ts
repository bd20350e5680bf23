import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, shorten, splitCode } from '../../src/report/clean-text.ts';
import { hostileText } from './hostile-text.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/u;

describe('cleanLine', () => {
  it('names what cannot be seen', () => {
    expect(cleanLine('a\u202Eb\u001B[31mc\u200Bd')).toBe('a⟨U+202E⟩b⟨U+001B⟩[31mc⟨U+200B⟩d');
    expect(cleanLine('\uD800x\u{E0041}')).toBe('⟨U+D800⟩x⟨U+E0041⟩');
  });

  it('makes one line of several', () => {
    expect(cleanLine('a\r\nb\tc\u2028d\u00A0e')).toBe('a  b c d e');
  });

  it('leaves languages and signs alone', () => {
    expect(cleanLine('größer 漢字 العربية ❤\uFE0F')).toBe('größer 漢字 العربية ❤');
  });

  it('thins out marks that are stacked to paint over other lines', () => {
    expect(cleanLine(`e${'\u0301'.repeat(50)}`)).toBe(`e${'\u0301'.repeat(4)}`);
  });

  it('never lets anything unseen through, and changes nothing twice', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = cleanLine(text);
        expect(line).not.toMatch(UNSEEN);
        expect(cleanLine(line)).toBe(line);
      }),
    );
  });
});

describe('shorten', () => {
  it('cuts between code points, and says that it did', () => {
    expect(shorten('😀😀😀', 3)).toBe('😀😀😀');
    expect(shorten('😀😀😀', 2)).toBe('😀…');
    expect(shorten('abc', 3)).toBe('abc');
  });
});

describe('splitCode', () => {
  it('splits at pairs of backticks', () => {
    expect(splitCode('`a` is not `b c`.')).toEqual([
      { kind: 'code', value: 'a' },
      { kind: 'text', value: ' is not ' },
      { kind: 'code', value: 'b c' },
      { kind: 'text', value: '.' },
    ]);
  });

  it('takes odd backticks and empty pairs for text', () => {
    expect(splitCode('a ` b')).toEqual([{ kind: 'text', value: 'a ` b' }]);
    expect(splitCode('``')).toEqual([{ kind: 'text', value: '``' }]);
    expect(splitCode('` `')).toEqual([{ kind: 'text', value: '` `' }]);
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const joined = splitCode(text).map(({ kind, value }) => (kind === 'code' ? `\`${value}\`` : value));
        expect(joined.join('')).toBe(text);
      }),
    );
  });
});
