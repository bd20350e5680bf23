import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/render-html.ts';
import { takeApart } from '../github-rendering.ts';
import { GOLDEN_NOW, listGoldenCases, readGoldenCase } from '../golden-cases.ts';

const OPTIONS = { title: 'mlgate', now: GOLDEN_NOW, trust: 'own' } as const;

describe.each(listGoldenCases())('the page of $name', ({ evidence, options }) => {
  const html = renderHtml(evidence, options);
  const tags = takeApart(html.slice(html.indexOf('<body>'), html.indexOf('</html>'))).flatMap((piece) =>
    piece.kind === 'tag' ? [piece] : [],
  );

  it('runs nothing and fetches nothing', () => {
    const names = new Set(tags.map(({ name }) => name));
    expect(
      [...names].filter((name) =>
        ['script', 'img', 'iframe', 'link', 'object', 'embed', 'form', 'image', 'use'].includes(name),
      ),
    ).toEqual([]);
    expect(tags.filter(({ source }) => /\son\w+=|javascript:|\ssrc=/i.test(source))).toEqual([]);
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const { name, isEnd, source } of tags) {
      if (source.endsWith('/>') || name === 'br') continue;
      if (!isEnd) open.push(name);
      else if (open.pop() !== name) wrong.push(source);
    }
    expect([...open, ...wrong]).toEqual([]);
  });

  it('gives every picture a title, a description and its numbers', () => {
    const pictures = html.match(/<svg /g)?.length ?? 0;
    expect(html.match(/<desc id=/g)?.length ?? 0).toBe(pictures);
    expect(html.match(/<title id=/g)?.length ?? 0).toBe(pictures);
    expect(html.match(/<summary>Numbers<\/summary>/g)?.length ?? 0).toBeGreaterThanOrEqual(pictures);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the page', () => {
  it('draws nothing that is not a number', () => {
    const html = renderHtml(readGoldenCase('untrusted-hostile').evidence, OPTIONS);
    expect(html).toContain('These numbers allow no picture.');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows the most frequent mistakes where a table would be too large', () => {
    const { evidence } = readGoldenCase('multiclass');
    const labels = Array.from({ length: 40 }, (_, index) => `class ${index}`);
    const counts = labels.map((_, truth) =>
      labels.map((__, predicted) => (truth === predicted ? 50 : (truth * predicted) % 7)),
    );
    const figure = {
      kind: 'confusion',
      id: 'x',
      title: 'Confusion table',
      about: { model: 'm' },
      labels,
      counts,
    } as const;
    const html = renderHtml({ ...evidence, body: { ...evidence.body, figures: [figure] } }, OPTIONS);
    expect(html).toContain('The 20 most frequent mistakes among 40 classes.');
  });

  it('shows the labels with the most mistakes, whatever they are called', () => {
    const { evidence } = readGoldenCase('multiclass');
    const figure = {
      kind: 'labels',
      id: 'x',
      title: 'Labels',
      about: { model: 'm' },
      all: 240,
      rows: [
        { name: '<b>|@team', actual: 8, predicted: 4, hits: 3, baselinePredicted: 8, baselineHits: 8 },
        { name: 'never', actual: 0, predicted: 0, hits: 0 },
      ],
    } as const;
    const html = renderHtml({ ...evidence, body: { ...evidence.body, figures: [figure] } }, OPTIONS);
    expect(html).toContain('The 2 of 240 labels with the most mistakes.');
    expect(html).not.toContain('<b>|@team');
    const numbers = ['8', '0.750', '0.375', '0.500', '1.000'];
    const cells = numbers.map((text) => `<td class="number">${text}</td>`).join('');
    expect(html).toContain(`<td>&lt;b&gt;|@team</td>${cells}`);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('says how many rows it leaves out', () => {
    const { evidence } = readGoldenCase('data-only');
    const check = evidence.body.checks[0]!;
    const checks = Array.from({ length: 2500 }, (_, index) => ({ ...check, id: `c${index}` }));
    const html = renderHtml({ ...evidence, body: { ...evidence.body, checks } }, OPTIONS);
    expect(html).toContain('500 more rows are in the evidence file.');
  });

  it('has sections for so many models as a browser opens', () => {
    const { evidence } = readGoldenCase('regression-task');
    const metric = evidence.body.metrics[0]!;
    const metrics = Array.from({ length: 150 }, (_, index) => ({ ...metric, about: { model: `m${index}` } }));
    const html = renderHtml({ ...evidence, body: { ...evidence.body, metrics, figures: [] } }, OPTIONS);
    expect(html.match(/<section>\n<h2>m\d+ /g)).toHaveLength(100);
    expect(html).toContain('50 more models and metrics files: see the evidence file.');
  });

  it('links to the run when told', () => {
    const { evidence } = readGoldenCase('data-only');
    expect(renderHtml(evidence, { ...OPTIONS, runUrl: 'https://github.com/a/b/actions/runs/1' })).toContain(
      '<a href="https://github.com/a/b/actions/runs/1" rel="noreferrer">Run</a>',
    );
    expect(renderHtml(evidence, { ...OPTIONS, runUrl: 'javascript:alert(1)' })).not.toContain('<a href');
  });
});
