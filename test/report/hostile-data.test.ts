/** What evidence says of data beyond checks, in every report: names, values and sentences are strangers'. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { listAnnotations, toWorkflowCommand } from '../../src/report/annotations.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import type { Check, Evidence, EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { listFilterHits, renderAsGitHub, takeApart } from './github-rendering.ts';
import { GOLDEN_NOW, readGoldenCase } from './golden-cases.ts';
import { hostileText } from './hostile-text.ts';

const OPTIONS = { title: 'mlgate', now: GOLDEN_NOW, trust: 'untrusted' } as const;
const MARKDOWN_TAGS =
  /^(?:h3|p|ul|li|strong|code|sub|br|a|table|thead|tbody|tr|th|td|details|summary|blockquote|!--)$/u;
const FOREIGN_TAGS = /^(?:script|img|iframe|link|object|embed|form|image|use)$/u;

/** Everything that is said of a dataset, `columns` times. */
function describeData(text: string, columns: number): Partial<EvidenceBody> {
  const name = (column: number): string => (columns === 1 ? text : `${text} ${column}`);
  const each = <T>(make: (column: string) => T): readonly T[] =>
    Array.from({ length: columns }, (_, column) => make(name(column)));
  const main = { kind: 'baseline', name: text } as const;
  return {
    profiles: [
      {
        dataset: text,
        rows: 9,
        columns: each((column) => ({
          name: column,
          type: 'string',
          present: 9,
          absent: 0,
          top: [{ value: text, count: 9 }],
        })),
      },
    ],
    drifts: [
      {
        dataset: text,
        comparator: 'drift',
        against: main,
        rows: 9,
        referenceRows: 9,
        columns: each((column) => ({
          column,
          aspect: 'values',
          kind: 'categorical',
          method: 'jensen-shannon',
          value: 1,
          threshold: 0.1,
          nullQuantile: 0.1,
          p: 0.001,
          q: 0.001,
          labels: [text, 'b'],
          reference: [9, 0],
          current: [0, 9],
          appeared: [text],
          vanished: [text],
        })),
        uncompared: [{ column: text, reason: 'personal' }],
        formulas: [{ method: 'jensen-shannon', formula: text }],
      },
    ],
    dataFindings: [
      { dataset: text, kind: text, value: 1, detail: text },
      ...each((column) => ({
        dataset: text,
        kind: 'PERSONAL_DATA',
        column,
        against: text,
        value: 1,
        detail: text,
      })),
    ],
    dataDiffs: [
      {
        dataset: text,
        against: text,
        key: [text],
        rows: 2,
        rowsBefore: 2,
        added: 1,
        removed: 1,
        changed: 1,
        unchanged: 0,
        addedColumns: [text],
        removedColumns: [text],
        retypedColumns: [{ column: text, from: text, to: text }],
        columns: each((column) => ({ column, changed: 1 })).slice(0, 1000),
        examples: [{ key: [text], kind: 'changed', column: text, from: text, to: text }],
      },
    ],
    schemaChanges: [
      {
        dataset: text,
        against: text,
        effect: 'loosening',
        changes: each((column) => ({ column, effect: 'loosening' as const, text })).slice(0, 500),
      },
    ],
  };
}

function checkOf(text: string, index: number): Check {
  return {
    id: `data/${index}/${text}`,
    name: text || 'x',
    about: { dataset: text, column: text },
    verdict: 'fail',
    severity: 'fail',
    message: text,
    examples: [{ row: 1, value: text }],
  };
}

function evidenceOf(text: string, columns: number, checks: number): Evidence {
  const { evidence } = readGoldenCase('all-pass');
  const body: EvidenceBody = {
    ...evidence.body,
    ...describeData(text, columns),
    verdict: 'fail',
    checks: Array.from({ length: checks }, (_, index) => checkOf(text, index)),
  };
  return { ...evidence, body };
}

function tagsOf(html: string): readonly string[] {
  return takeApart(html).flatMap((piece) => (piece.kind === 'tag' ? [piece.name] : []));
}

it('escapes whatever data are called and hold', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const evidence = evidenceOf(text, 1, 1);
      const markdown = renderMarkdown(evidence, OPTIONS);
      const comment = renderAsGitHub(markdown);
      expect(tagsOf(comment).filter((tag) => !MARKDOWN_TAGS.test(tag))).toEqual([]);
      expect(listFilterHits(comment)).toEqual([]);
      expect(markdown).not.toContain('<!--');
      const html = renderHtml(evidence, OPTIONS);
      const page = takeApart(html.slice(html.indexOf('<body>'), html.indexOf('</html>')));
      const tags = page.flatMap((piece) => (piece.kind === 'tag' ? [piece] : []));
      expect(tags.filter(({ name }) => FOREIGN_TAGS.test(name))).toEqual([]);
      const bare = tags.map(({ source }) => source.replaceAll(/"[^"]*"/gu, '""'));
      expect(bare.filter((source) => /\son\w+=|\ssrc=/iu.test(source))).toEqual([]);
      expect(tags.filter(({ source }) => /\shref="\s*javascript:/iu.test(source))).toEqual([]);
      const terminal = renderTerminal(evidence, { ...OPTIONS, color: false, width: 80 });
      expect(terminal.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E\u2066]/u);
      for (const annotation of listAnnotations(evidence)) {
        expect(toWorkflowCommand(annotation)).not.toMatch(/[\r\n]/u);
      }
    }),
    { numRuns: 60 },
  );
});

it('fits a comment however wide the data are, the verdict first', () => {
  const markdown = renderMarkdown(evidenceOf('<b>@octocat</b>'.repeat(10), 10_000, 5000), OPTIONS);
  expect(markdown.length).toBeLessThanOrEqual(60_000);
  expect(markdown.slice(0, 200)).toContain('mlgate: fail');
  expect(markdown).toMatch(/Left out/u);
});
