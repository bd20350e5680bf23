import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../../src/report/terminal/render-terminal.ts';
import { measureWidth } from '../../../src/report/terminal/layout.ts';
import { escapeTerminal } from '../../../src/report/terminal/escape.ts';
import { GOLDEN_NOW, listGoldenCases, readGoldenCase } from '../golden-cases.ts';

const OPTIONS = { title: 'mlgate', now: GOLDEN_NOW, trust: 'own', color: false, width: 80 } as const;

describe.each(listGoldenCases())('the terminal report of $name', ({ evidence }) => {
  it.each([80, 100, 120])('fits into %i columns', (width) => {
    const lines = renderTerminal(evidence, { ...OPTIONS, width }).split('\n');
    expect(Math.max(...lines.map(measureWidth))).toBeLessThanOrEqual(width);
  });

  it('has no control character without colour, and only colours with it', () => {
    const plain = renderTerminal(evidence, OPTIONS);
    const coloured = renderTerminal(evidence, { ...OPTIONS, color: true });
    const colours = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, 'g');
    expect(plain.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(coloured.replace(colours, '')).toBe(plain);
    expect(coloured).not.toBe(plain);
  });
});

describe('the terminal report', () => {
  it('names where everything is', () => {
    const { evidence } = readGoldenCase('all-pass');
    const text = renderTerminal(evidence, {
      ...OPTIONS,
      htmlUrl: 'out/report.html',
      runUrl: 'https://github.com/a/b/actions/runs/1',
    });
    expect(text).toContain('Full report: out/report.html\nRun: https://github.com/a/b/actions/runs/1\n');
  });

  it('counts what it does not show', () => {
    const { evidence } = readGoldenCase('regression-and-data');
    const check = evidence.body.checks.find(({ verdict }) => verdict === 'fail')!;
    const checks = Array.from({ length: 50 }, (_, index) => ({ ...check, id: `c${index}` }));
    const text = renderTerminal({ ...evidence, body: { ...evidence.body, checks } }, OPTIONS);
    expect(text).toContain('… and 30 more findings');
  });
});

describe('escapeTerminal', () => {
  it('disarms sequences that a terminal would obey', () => {
    expect(escapeTerminal('a\u001B]8;;http://x\u0007b\u009B2Jc\r\n')).toBe(
      'a⟨U+001B⟩]8;;http://x⟨U+0007⟩b⟨U+009B⟩2Jc  ',
    );
  });
});
