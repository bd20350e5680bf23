import { cleanLine, splitCode } from '../clean-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML and SVG, inside elements and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return cleanLine(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}

/** A message for people: what stands between backticks becomes code. */
export function escapeMessage(message: string): string {
  return splitCode(message)
    .map(({ kind, value }) => (kind === 'code' ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value)))
    .join('');
}

/** The value of an `href`, or undefined if the address is not http or https: a report never runs a script. */
export function escapeAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? escapeHtml(url.href) : undefined;
}
