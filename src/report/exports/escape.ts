import { cleanLine } from '../clean-text.ts';

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** One line of text for an attribute or an element of XML 1.0, which may hold no control characters at all. */
export function escapeXml(text: string): string {
  return cleanLine(text).replace(/[&<>"']/g, (character) => XML_ENTITIES[character] ?? '');
}

/** The value of a label between double quotes (OpenMetrics 1.0, section "ABNF", escaped-string). */
export function escapeLabelValue(text: string): string {
  return cleanLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/**
 * Plain text of a SARIF message: braces would be placeholders (SARIF 2.1.0, section 3.11.5) and are doubled; what would
 * be an embedded link (section 3.11.6) is parted, so that no text of a stranger's is one.
 */
export function escapeSarifMessage(text: string): string {
  return cleanLine(text).replaceAll('](', '] (').replaceAll('{', '{{').replaceAll('}', '}}');
}

/** A relative path as a URI reference, segment by segment. */
export function escapePath(path: string): string {
  return path
    .split('/')
    .map((segment) => encodeURIComponent(cleanLine(segment)))
    .join('/');
}
