/**
 * What GitHub makes of Markdown, as far as a test can have it: CommonMark with tables and HTML through markdown-it, and
 * our model (a fake, in the words of the design) of the filters that GitHub runs over the finished text.
 */
import MarkdownIt from 'markdown-it';

const parser = new MarkdownIt({ html: true, linkify: false, breaks: true });

/** HTML of a comment, with alerts as GitHub draws them. */
export function renderAsGitHub(markdown: string): string {
  return parser
    .render(markdown)
    .replace(
      /<blockquote>\n<p>\[!(NOTE|IMPORTANT|WARNING)\]<br>\n/g,
      (_, kind: string) =>
        `<blockquote class="alert ${kind.toLowerCase()}">\n<p><strong>${capitalise(kind)}</strong><br>\n`,
    );
}

function capitalise(word: string): string {
  return `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`;
}

/** A piece of HTML: a tag, or text with its entities resolved. */
export type Piece =
  | { readonly kind: 'tag'; readonly name: string; readonly isEnd: boolean; readonly source: string }
  | { readonly kind: 'text'; readonly value: string; readonly isCode: boolean };

/** Takes HTML that markdown-it wrote apart. A comment is a tag named `!--`. */
export function takeApart(html: string): readonly Piece[] {
  let code = 0;
  return html
    .split(/(<!--[^]*?-->|<\/?[a-z][^>]*>)/i)
    .filter((part) => part !== '')
    .map((part): Piece => {
      if (part.startsWith('<!--')) return { kind: 'tag', name: '!--', isEnd: false, source: part };
      const tag = /^<(\/?)([a-z][a-z0-9]*)/i.exec(part);
      if (tag === null) return { kind: 'text', value: decodeEntities(part), isCode: code > 0 };
      const isEnd = tag[1] === '/';
      const name = (tag[2] ?? '').toLowerCase();
      if (name === 'code' || name === 'pre') code += isEnd ? -1 : 1;
      return { kind: 'tag', name, isEnd, source: part };
    });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|(lt|gt|quot|amp));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (ENTITIES[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

/** What a reader sees, without tags. */
export function readText(html: string): string {
  return takeApart(html)
    .map((piece) => (piece.kind === 'text' ? piece.value : ''))
    .join('');
}

const FILTERS: Readonly<Record<string, RegExp>> = {
  mention: /(?:^|[^\w`])@[a-z0-9]/i,
  mail: /[\w.+-]+@[\w-]+\.\w/,
  issue: /(?:^|[^\w`])(?:[\w.-]+\/[\w.-]+)?#\d/,
  'issue by name': /\bGH-\d/i,
  advisory: /\b(?:GHSA|CVE)-\w/i,
  commit: /\b[0-9a-f]{7,40}\b/,
  address: /(?:https?|ftp):\/\/|\bwww\.|\b(?:mailto|xmpp):/i,
  emoji: /:[\w+-]+:/,
  mathematics: /\$/,
};

/** Names of GitHub's filters that would act on a piece of HTML: all of them look at text outside code only. */
export function listFilterHits(html: string): readonly string[] {
  const texts = takeApart(html).flatMap((piece) =>
    piece.kind === 'text' && !piece.isCode ? [piece.value] : [],
  );
  return Object.entries(FILTERS)
    .filter(([, pattern]) => texts.some((text) => pattern.test(text)))
    .map(([name]) => name);
}
