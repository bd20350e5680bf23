import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { renderPromotionMarkdown, renderPromotionTerminal } from '../../src/report/promotion.ts';
import type { PromotionResult } from '../../src/promotion/promote.ts';

const PROMOTED: PromotionResult = {
  decision: 'promoted',
  model: 'churn',
  version: '1.4.0',
  stage: 'production',
  reason: 'Weekly release.',
  actor: 'octocat',
  digest: '1'.repeat(64),
  from: '2'.repeat(64),
  tags: ['churn@v1.4.0', 'churn#production#7'],
  target: 'a'.repeat(40),
  ledger: { commit: 'b'.repeat(40), sequence: 8, hash: '3'.repeat(64) },
  evidence: {
    digest: '4'.repeat(64),
    commit: 'a'.repeat(40),
    createdAt: '2026-11-21T09:00:00Z',
    verified: 'artifact',
  },
  reasons: [],
  warnings: [{ code: 'champion-not-compared', message: '`production` holds 222.', help: 'Compare them.' }],
};

const REFUSED: PromotionResult = {
  decision: 'refused',
  model: 'churn',
  version: '1.4.0',
  stage: 'production',
  reason: 'Weekly release.',
  actor: 'octocat',
  tags: [],
  reasons: [
    { code: 'no-evidence', message: 'No evidence of main is about `churn`.', help: 'Merge it first.' },
    { code: 'stage-unknown', message: '`x` is no stage.', help: 'Known: `production`.' },
  ],
  warnings: [],
};

const PLAIN = { color: false, width: 100 };

describe('renderPromotionMarkdown', () => {
  it('shows what was promoted, and every fact in full', () => {
    expect(renderPromotionMarkdown(PROMOTED)).toBe(
      [
        '## ✅ Promoted: `churn` `1.4.0` → `production`',
        '',
        '- ⚠️ **`production` holds 222.** Compare them. (`champion-not-compared`)',
        '',
        '| | |',
        '| --- | --- |',
        `| Digest | \`${'1'.repeat(64)}\` |`,
        `| Before | \`${'2'.repeat(64)}\` |`,
        `| Tags | \`churn@v1.4.0\` \`churn#production#7\` at commit \`${'a'.repeat(40)}\` |`,
        `| Evidence | \`${'4'.repeat(64)}\` of commit \`${'a'.repeat(40)}\` made \`2026-11-21T09:00:00Z\` verified: its run, and the run's own artifact |`,
        `| Ledger | entry 8, \`${'3'.repeat(64)}\` |`,
        '| Asked by | octocat |',
        '| Reason | Weekly release. |',
        '',
      ].join('\n'),
    );
  });

  it('shows every reason of a refusal with what to do', () => {
    const text = renderPromotionMarkdown(REFUSED);
    expect(text).toContain('## ❌ Not promoted: `churn` `1.4.0` → `production`');
    expect(text).toContain('- ❌ **No evidence of main is about `churn`.** Merge it first. (`no-evidence`)');
    expect(text).toContain('- ❌ **`x` is no stage.** Known: `production`. (`stage-unknown`)');
    expect(text).not.toContain('Ledger');
  });

  it('lets no reason, name or login reach the page as Markdown', () => {
    const hostile = '<img src=x> [a](http://b) @octocat | `x` ## ![](y)';
    const text = renderPromotionMarkdown({ ...REFUSED, reason: hostile, actor: hostile, model: hostile });
    const page = new MarkdownIt({ html: true }).render(text);
    expect(page).not.toMatch(/<img|<a /);
    expect(page.match(/<h2>/g)).toHaveLength(1);
    expect(page.match(/<tr>/g)).toHaveLength(3);
  });

  it('has as many lines whatever people write', () => {
    const lines = renderPromotionMarkdown(REFUSED).split('\n').length;
    const same = fc.property(fc.string({ unit: 'binary' }), (reason) => {
      return renderPromotionMarkdown({ ...REFUSED, reason }).split('\n').length === lines;
    });
    expect(fc.check(same).failed).toBe(false);
  });
});

describe('renderPromotionTerminal', () => {
  it('shows the same', () => {
    const text = renderPromotionTerminal(PROMOTED, PLAIN);
    expect(text).toMatch(/^✓ Promoted: churn 1\.4\.0 → production\n/);
    for (const part of [
      '! `production` holds 222.',
      'Compare them.',
      '3'.repeat(64),
      'churn#production#7',
      'Weekly release.',
    ]) {
      expect(text).toContain(part);
    }
    expect(renderPromotionTerminal(REFUSED, PLAIN)).toContain(
      '✗ No evidence of main is about `churn`.\n  Merge it first.',
    );
  });

  it('says that nothing changed', () => {
    const text = renderPromotionTerminal(
      { ...REFUSED, decision: 'unchanged', reasons: [], tags: ['churn#production#6'] },
      PLAIN,
    );
    expect(text).toContain('- Unchanged: churn 1.4.0 → production');
    expect(text).toContain('Tag: churn#production#6');
  });

  it('writes no control characters of others, and no colour unless asked', () => {
    const text = renderPromotionTerminal({ ...REFUSED, actor: '\u001b[31mred\u0007' }, PLAIN);
    // eslint-disable-next-line no-control-regex -- control characters are what is ruled out
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(renderPromotionTerminal(REFUSED, { ...PLAIN, color: true })).toContain('\u001b[31m');
  });
});
