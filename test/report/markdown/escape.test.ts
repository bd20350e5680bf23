import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, splitCode } from '../../../src/report/clean-text.ts';
import {
  escapeCode,
  escapeMessage,
  escapeSummary,
  escapeText,
  writeLink,
} from '../../../src/report/markdown/escape.ts';
import { listFilterHits, readText, renderAsGitHub, takeApart } from '../github-rendering.ts';
import { hostileText } from '../hostile-text.ts';

interface Place {
  readonly write: (escaped: string) => string;
  /** Tags that the document itself has. */
  readonly tags: readonly string[];
  /** Where the text stands in the rendering. */
  readonly inside: RegExp;
}

const PLACES: Readonly<Record<string, Place>> = {
  paragraph: { write: (escaped) => escaped, tags: ['p'], inside: /<p>([^]*)<\/p>/ },
  'list item': { write: (escaped) => `- ${escaped}`, tags: ['ul', 'li'], inside: /<li>([^]*)<\/li>/ },
  'table cell': {
    write: (escaped) => `| head | end |\n| --- | --- |\n| ${escaped} | end |`,
    tags: ['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td'],
    inside: /<td>([^]*)<\/td>\n<td>end<\/td>/,
  },
  heading: { write: (escaped) => `### x ${escaped} y`, tags: ['h3'], inside: /<h3>x ([^]*) y<\/h3>/ },
  'folded block': {
    write: (escaped) => `<details><summary>head</summary>\n\n${escaped}\n\n</details>`,
    tags: ['details', 'summary', 'p'],
    inside: /<p>([^]*)<\/p>/,
  },
};

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Opening tags of a rendering but for code, which escaping itself writes. */
function listTags(html: string): readonly string[] {
  return takeApart(html).flatMap((piece) =>
    piece.kind === 'tag' && !piece.isEnd && piece.name !== 'code' ? [piece.name] : [],
  );
}

const ESCAPES = {
  escapeText: { escape: escapeText, shown: cleanLine },
  escapeCode: { escape: escapeCode, shown: cleanLine },
  escapeMessage: {
    escape: escapeMessage,
    shown: (text: string) =>
      splitCode(cleanLine(text))
        .map(({ value }) => value)
        .join(''),
  },
} as const;

const visibleText = hostileText.filter((text) => cleanLine(text).trim() !== '');

describe.each(Object.entries(ESCAPES))('%s', (_, { escape, shown }) => {
  it.each(Object.entries(PLACES))(
    'shows any text as itself in a %s, and nothing else happens',
    (__, place) => {
      fc.assert(
        fc.property(visibleText, (text) => {
          const html = renderAsGitHub(place.write(escape(text)));
          expect(listFilterHits(html)).toEqual([]);
          expect(listTags(html)).toEqual(place.tags);
          expect(collapse(readText(place.inside.exec(html)?.[1] ?? ''))).toBe(collapse(shown(text)));
        }),
        { numRuns: 500 },
      );
    },
  );

  it('never writes a raw comment, which a marker is found by', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escape(text)).not.toMatch(/<!--|-->/);
        expect(escape(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});

describe('escapeSummary', () => {
  it('shows any text as itself inside a summary, where only HTML is read', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderAsGitHub(
          `<details><summary>${escapeSummary(text)}</summary>\n\nend\n\n</details>`,
        );
        expect(listFilterHits(html)).toEqual([]);
        expect(listTags(html)).toEqual(['details', 'summary', 'p']);
        expect(collapse(readText(html))).toBe(collapse(`${cleanLine(text)} end`));
      }),
    );
  });
});

describe('the escaped text', () => {
  it('stays readable as source', () => {
    expect(escapeText('roc_auc fell by 3%')).toBe(String.raw`roc\_auc fell by 3%`);
    expect(escapeText('ask @octocat about #12')).toBe('ask `@octocat` about `#12`');
    expect(escapeText('1. first')).toBe(String.raw`1\. first`);
    expect(escapeCode('p_churn')).toBe('`p_churn`');
    expect(escapeCode('a|b')).toBe('<code>a&#124;b</code>');
    expect(escapeMessage('`age` is below `0`')).toBe('`age` is below `0`');
  });

  it('leaves quotes and full stops of the sentence outside the code', () => {
    expect(escapeText('first: "ee7d386717f3". See #12, (@acme), www.x.example!')).toBe(
      'first: "`ee7d386717f3`". See `#12`, (`@acme`), `www.x.example`!',
    );
    expect(escapeText(':shipit:')).toBe('`:shipit:`');
  });

  it('says what a reader could not see', () => {
    expect(escapeCode('')).toBe('(empty)');
    expect(escapeCode('  ')).toBe('(blank)');
  });
});

describe('writeLink', () => {
  it('links to http addresses only', () => {
    expect(writeLink('Run', 'https://github.com/acme/x/actions/runs/1')).toBe(
      '[Run](https://github.com/acme/x/actions/runs/1)',
    );
    expect(writeLink('Run', 'javascript:alert(1)')).toBe('Run');
    expect(writeLink('Run', 'not an address')).toBe('Run');
  });

  it('is one link whatever the address holds', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = renderAsGitHub(writeLink('Run', `https://github.com/${text}`));
        const tags = takeApart(html).flatMap((piece) =>
          piece.kind === 'tag' && !piece.isEnd ? [piece.name] : [],
        );
        expect([['p', 'a'], ['p']]).toContainEqual(tags);
        expect(collapse(readText(html))).toBe('Run');
      }),
    );
  });
});
