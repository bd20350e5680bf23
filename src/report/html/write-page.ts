import { escapeHtml } from './escape.ts';
import { STYLE_SHEET } from './style.ts';

/** Nothing is fetched and nothing runs: a page is its own text, style and pictures, whatever a stranger wrote into it. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

interface PageParts {
  /** Plain text. */
  readonly title: string;
  /** Rules beside those of the common style sheet. */
  readonly style?: string;
  /** HTML already. */
  readonly body: readonly string[];
}

/** One HTML file without script, fonts or addresses: it opens from an artifact, an e-mail or a disk. */
export function writePage({ title, style = '', body }: PageParts): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE_SHEET}${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
