import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import { listGoldenCases, type GoldenCase } from './golden-cases.ts';

const TERMINAL_WIDTH = 110;

/** The expected text; with UPDATE_GOLDEN=1 it becomes the actual one, and whoever does that reads the difference. */
function readExpected({ folder }: GoldenCase, file: string, actual: string): string {
  const path = new URL(file, folder);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  return existsSync(path)
    ? readFileSync(path, 'utf8')
    : `${path.pathname} is missing: run with UPDATE_GOLDEN=1`;
}

describe.each(listGoldenCases())('golden report: $name', (golden) => {
  it('is written as Markdown', () => {
    const markdown = renderMarkdown(golden.evidence, golden.options);
    expect(markdown).toBe(readExpected(golden, 'expected.md', markdown));
  });

  it('is written as HTML', () => {
    const html = renderHtml(golden.evidence, golden.options);
    expect(html).toBe(readExpected(golden, 'expected.html', html));
  });

  it('is written for the terminal', () => {
    const options = { ...golden.options, color: false, width: TERMINAL_WIDTH };
    const text = renderTerminal(golden.evidence, options);
    expect(text).toBe(readExpected(golden, 'expected.txt', text));
  });

  it('keeps its evidence under its own digest', () => {
    const printed = printEvidence(golden.evidence);
    expect(printed).toBe(readExpected(golden, 'evidence.json', printed));
  });
});

describe('the golden cases', () => {
  it('cover every kind of verdict and of figure', () => {
    const cases = listGoldenCases();
    const verdicts = new Set(cases.map(({ evidence }) => evidence.body.verdict));
    const figures = new Set(cases.flatMap(({ evidence }) => evidence.body.figures.map(({ kind }) => kind)));
    expect(cases.length).toBeGreaterThanOrEqual(10);
    expect([...verdicts].sort()).toEqual(['fail', 'pass', 'warn']);
    expect([...figures].sort()).toEqual(['confusion', 'curve', 'histogram', 'labels']);
  });
});
