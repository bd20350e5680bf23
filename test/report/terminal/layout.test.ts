import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, layOutTable, measureWidth, wrapText } from '../../../src/report/terminal/layout.ts';
import { cleanLine } from '../../../src/report/clean-text.ts';
import { hostileText } from '../hostile-text.ts';

describe('measureWidth', () => {
  it('counts columns, not code units', () => {
    expect(measureWidth('abc')).toBe(3);
    expect(measureWidth('漢字')).toBe(4);
    expect(measureWidth('😀')).toBe(2);
    expect(measureWidth('e\u0301')).toBe(1);
  });
});

describe('wrapText', () => {
  it('breaks at spaces', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
  });

  it('breaks a word that is too long', () => {
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('keeps to the width and loses nothing but spaces', () => {
    fc.assert(
      fc.property(hostileText.map(cleanLine), fc.integer({ min: 2, max: 60 }), (text, width) => {
        const lines = wrapText(text, width);
        expect(Math.max(...lines.map(measureWidth))).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

describe('cutToWidth', () => {
  it('cuts between signs', () => {
    expect(cutToWidth('漢字漢字', 5)).toBe('漢字…');
    expect(cutToWidth('abc', 3)).toBe('abc');
  });
});

describe('layOutTable', () => {
  const rows = [
    [{ text: 'name' }, { text: 'nothing' }, { text: 'value' }],
    [{ text: 'a-very-long-name' }, { text: '' }, { text: '12.5' }],
  ];

  it('aligns columns and leaves out those that say nothing', () => {
    expect(layOutTable(rows, 80)).toEqual(['name              value', 'a-very-long-name  12.5']);
  });

  it('cuts names before numbers', () => {
    expect(layOutTable(rows, 15)).toEqual(['name      value', 'a-very-…  12.5']);
  });

  it('pads by what is seen, not by what colours add', () => {
    const painted = [
      [{ text: 'n', paint: (text: string) => `<${text}>` }, { text: 'v' }],
      [{ text: 'xx' }, { text: 'y' }],
    ];
    expect(layOutTable(painted, 80)).toEqual(['<n>   v', 'xx  y']);
  });
});
