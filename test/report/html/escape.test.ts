import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine } from '../../../src/report/clean-text.ts';
import { escapeAddress, escapeHtml, escapeMessage } from '../../../src/report/html/escape.ts';
import { hostileText } from '../hostile-text.ts';

function decode(html: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  return html.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? '');
}

describe('escapeHtml', () => {
  it('lets no text become a tag or leave an attribute, and loses nothing', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']/);
        expect(html.replace(/&(?:lt|gt|quot|#39|amp);/g, '')).not.toContain('&');
        expect(decode(html)).toBe(cleanLine(text));
      }),
    );
  });
});

describe('escapeMessage', () => {
  it('has no tag but code', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escapeMessage(text).replaceAll('<code>', '').replaceAll('</code>', '')).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('sets quoted names as code', () => {
    expect(escapeMessage('`a<b` is 3')).toBe('<code>a&lt;b</code> is 3');
  });
});

describe('escapeAddress', () => {
  it('accepts http addresses only', () => {
    expect(escapeAddress('https://github.com/a?b=1&c="')).toBe('https://github.com/a?b=1&amp;c=%22');
    expect(escapeAddress('javascript:alert(1)')).toBeUndefined();
    expect(escapeAddress('data:text/html,x')).toBeUndefined();
    expect(escapeAddress('x')).toBeUndefined();
  });
});
