import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts';
import type { Evidence } from '../../../src/schemas/evidence.generated.ts';
import { GOLDEN_NOW, listGoldenCases, readGoldenCase } from '../golden-cases.ts';
import { listFilterHits, readText, renderAsGitHub, takeApart } from '../github-rendering.ts';

const OPTIONS = { title: 'mlgate', now: GOLDEN_NOW, trust: 'own' } as const;

/** Evidence as large as its schema allows in places: `count` checks that fail, metrics and figures. */
function makeHuge(count: number, message: string): Evidence {
  const { evidence } = readGoldenCase('regression-and-data');
  const { checks, metrics, figures } = evidence.body;
  const repeat = <T>(items: readonly T[], change: (item: T, index: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, index) => change(items[index % items.length]!, index));
  return {
    ...evidence,
    body: {
      ...evidence.body,
      checks: repeat(checks, (check, index) => ({ ...check, id: `c${index}`, verdict: 'fail', message })),
      metrics: repeat(metrics, (metric, index) => ({ ...metric, about: { model: `model-${index % 50}` } })),
      figures: repeat(figures, (figure, index) => ({ ...figure, about: { model: `model-${index % 50}` } })),
    },
  };
}

/** Tags that GitHub keeps and that mlgate writes. */
const KNOWN_TAGS = new Set(
  'h3 p ul li strong code sub br a table thead tbody tr th td details summary blockquote'.split(' '),
);

/** Whether each tag that opens is closed, in order. */
function isBalanced(html: string): boolean {
  const open: string[] = [];
  for (const piece of takeApart(html)) {
    if (piece.kind === 'text' || piece.name === 'br' || piece.name === '!--') continue;
    if (!piece.isEnd) open.push(piece.name);
    else if (open.pop() !== piece.name) return false;
  }
  return open.length === 0;
}

describe.each(listGoldenCases())('the comment of $name', ({ evidence, options }) => {
  const markdown = renderMarkdown(evidence, options);
  const html = renderAsGitHub(markdown);

  it('holds nothing that GitHub would strip or act on', () => {
    const tags = takeApart(html).flatMap((piece) => (piece.kind === 'tag' ? [piece.name] : []));
    const foreign = tags.filter((name) => !KNOWN_TAGS.has(name) && name !== '!--');
    expect(foreign).toEqual([]);
    expect(listFilterHits(html)).toEqual([]);
    expect(isBalanced(html)).toBe(true);
  });

  it('links only where the caller said, and has no comment but the marker', () => {
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
    const given = [options.htmlUrl, options.runUrl].filter((address) => address !== undefined);
    expect(links).toEqual(given);
    expect(markdown.match(/<!--/g) ?? []).toHaveLength(options.marker === undefined ? 0 : 1);
  });

  it('draws every table in full', () => {
    const rows = html.split('</thead>').length - 1;
    expect(rows).toBe(markdown.match(/^\| --- /gm)?.length ?? 0);
  });
});

describe('a comment that must be cut', () => {
  it.each([4_000, 10_000, 60_000])(
    'is never longer than %i characters, and says what was left out',
    (most) => {
      const markdown = renderMarkdown(makeHuge(3000, 'Wrong & <bad>. '.repeat(100)), {
        ...OPTIONS,
        maxCharacters: most,
      });
      expect(markdown.length).toBeLessThanOrEqual(most);
      expect(markdown).toMatch(/Left out, because a report may not be longer: .*\d+ findings/);
      expect(markdown).toContain('❌ mlgate: fail — ');
      expect(isBalanced(renderAsGitHub(markdown))).toBe(true);
      expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
    },
  );

  it('keeps the whole length for what matters: verdict, findings, metrics, data, baseline, origin', () => {
    const markdown = renderMarkdown(makeHuge(3000, 'Wrong.'), {
      ...OPTIONS,
      runUrl: 'https://github.com/a/b/actions/runs/1',
    });
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(markdown.length).toBeGreaterThan(50_000);
    expect(markdown).toContain('**model-0** (model)');
    expect(markdown).toContain('| Dataset | Size |');
    expect(markdown).toContain('Compared with `58280f5`');
    expect(markdown).toContain('mlgate 0.1.0');
    expect(markdown).toContain(
      'Everything is in the evidence of [the run](https://github.com/a/b/actions/runs/1)',
    );
  });

  it('counts bytes too, because GitHub limits a step summary in bytes', () => {
    const evidence = makeHuge(2000, '漢字'.repeat(200));
    const markdown = renderMarkdown(evidence, { ...OPTIONS, maxCharacters: 1_000_000, maxBytes: 50_000 });
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(50_000);
    expect(markdown).toContain('Left out');
  });

  it('stays whole where signs take two code units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4_000, max: 9_000 }), (most) => {
        const markdown = renderMarkdown(makeHuge(60, '😀'.repeat(700)), { ...OPTIONS, maxCharacters: most });
        expect(markdown.length).toBeLessThanOrEqual(most);
        expect(markdown).not.toMatch(/\p{Cs}/u);
        expect(isBalanced(renderAsGitHub(markdown))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('counts models and checks that are too many even to be written', () => {
    const { evidence } = readGoldenCase('all-pass');
    const metric = evidence.body.metrics[0]!;
    const check = evidence.body.checks[0]!;
    const body = {
      ...evidence.body,
      figures: [],
      metrics: Array.from({ length: 500 }, (_, index) => ({ ...metric, about: { model: `m${index}` } })),
      checks: Array.from({ length: 5000 }, (_, index) => ({ ...check, id: `c${index}` })),
    };
    const limits = { maxCharacters: 10_000_000, maxBytes: 10_000_000 };
    const markdown = renderMarkdown({ ...evidence, body }, { ...OPTIONS, ...limits });
    expect(markdown).toContain('300 models, 2,000 listed checks. Everything is in the evidence file.');
  });

  it('says nothing of the kind when all fits', () => {
    expect(renderMarkdown(readGoldenCase('all-pass').evidence, OPTIONS)).not.toContain('Left out');
  });
});

describe('a confusion table of many classes', () => {
  it('becomes a list of the most frequent mistakes', () => {
    const { evidence } = readGoldenCase('multiclass');
    const labels = Array.from({ length: 12 }, (_, index) => `class ${index}`);
    const counts = labels.map((_, truth) =>
      labels.map((__, predicted) => (truth === 3 && predicted === 5 ? 40 : 1)),
    );
    const figure = {
      kind: 'confusion',
      id: 'x',
      title: 'Confusion',
      about: { model: 'm' },
      labels,
      counts,
    } as const;
    const markdown = renderMarkdown({ ...evidence, body: { ...evidence.body, figures: [figure] } }, OPTIONS);
    expect(markdown).toContain('The 10 most frequent mistakes among 12 classes:');
    expect(markdown).toContain('| `class 3` | `class 5` | 40 |');
  });
});

describe('a table of labels', () => {
  it('has those with the most mistakes, and the baseline where there is one', () => {
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
    const markdown = renderMarkdown({ ...evidence, body: { ...evidence.body, figures: [figure] } }, OPTIONS);
    expect(markdown).toContain('The 2 of 240 labels with the most mistakes:');
    expect(markdown).toMatch(/\| .*team.* \| 8 \| 0\.750 \| 0\.375 \| 0\.500 \| 1\.000 \|/);
    expect(markdown).not.toContain('<b>|@team');
  });
});

describe('the first lines', () => {
  it('begin with the marker', () => {
    const { evidence } = readGoldenCase('all-pass');
    const markdown = renderMarkdown(evidence, { ...OPTIONS, marker: '<!-- mlgate:gate -->' });
    expect(markdown.startsWith('<!-- mlgate:gate -->\n### ✅ mlgate: pass — all 9 checks passed\n')).toBe(
      true,
    );
  });

  it.each(['mlgate', '<!-- a --> b', '<!-- a\nb -->', '<!-- a--b -->', '<!-- <b> -->'])(
    'refuse a marker that would be seen or not be found: %j',
    (marker) => {
      const { evidence } = readGoldenCase('all-pass');
      expect(() => renderMarkdown(evidence, { ...OPTIONS, marker })).toThrow(RangeError);
    },
  );

  it('say that nothing is blocked', () => {
    const text = readText(renderAsGitHub(renderMarkdown(readGoldenCase('not-enforced').evidence, OPTIONS)));
    expect(text).toContain('mlgate: would have failed — 2 checks failed');
    expect(text).toContain('nothing is blocked, because the config says enforce: false');
  });

  it('say who reports', () => {
    const { evidence } = readGoldenCase('all-pass');
    const text = renderMarkdown(evidence, { ...OPTIONS, trust: 'untrusted' });
    expect(text).toContain('Reported by code of this pull request');
  });
});
