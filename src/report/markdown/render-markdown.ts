import type { Evidence } from '../../schemas/evidence.generated.ts';
import { shorten } from '../clean-text.ts';
import { summarise, type Trust } from '../view/summarise.ts';
import type { DetailTable, ReportView } from '../view/report-view.ts';
import { signOf } from '../view/signs.ts';
import { escapeMessage, escapeText, writeLink } from './escape.ts';
import { fitBlocks, type Block } from './fit-blocks.ts';
import { writeDetailBlocks, writeDetailTable } from './detail-blocks.ts';
import { MARKDOWN_SIGNS, paragraph } from './pieces.ts';
import { writeTopBlocks } from './top-blocks.ts';

/** Where a comment is cut if the caller says nothing: GitHub refuses one of more than 65,536 characters. */
const DEFAULT_MAX_CHARACTERS = 60_000;
/** GitHub drops a step summary of more than 1 MiB altogether. */
const DEFAULT_MAX_BYTES = 1_000_000;
/** Too little for a headline and a sentence about what was left out. */
const LEAST_CHARACTERS = 4_000;
const MAX_TITLE = 100;

export interface MarkdownOptions {
  /** First words of the headline, such as `mlgate`. */
  readonly title: string;
  readonly now: Date;
  readonly trust: Trust;
  /** Address of the run. The caller vouches for it: it never comes from evidence. */
  readonly runUrl?: string;
  /** Address of the page with everything. The caller vouches for it. */
  readonly htmlUrl?: string;
  /** First line, by which the comment is found again: a whole HTML comment such as `<!-- mlgate:gate -->`. */
  readonly marker?: string;
  /** Longest text, in UTF-16 code units, for comments: 60,000 unless told; at least 4,000. */
  readonly maxCharacters?: number;
  /** Longest text, in bytes of UTF-8, for step summaries: 1,000,000 unless told. */
  readonly maxBytes?: number;
}

/**
 * Writes the report for a pull-request comment or a step summary, in GitHub Flavored Markdown: the verdict, where to
 * look, what changed, and the rest folded. Never longer than the limits; what does not fit is counted at the end.
 */
export function renderMarkdown(evidence: Evidence, options: MarkdownOptions): string {
  const view = summarise(evidence, options);
  const blocks = [
    writeOpening(view, options),
    ...writeTopBlocks(view),
    ...writeDetailBlocks(view),
    writeFooter(view, options),
  ];
  const limits = {
    maxCharacters: Math.max(options.maxCharacters ?? DEFAULT_MAX_CHARACTERS, LEAST_CHARACTERS) - 1,
    maxBytes: Math.max(options.maxBytes ?? DEFAULT_MAX_BYTES, LEAST_CHARACTERS) - 1,
  };
  return `${fitBlocks(blocks, limits, (leftOut) => writeLeftOut(leftOut, options))}\n`;
}

/** Tables that explain something, by themselves, as long as a comment may be. */
export function renderDetailsMarkdown(title: string, details: readonly DetailTable[]): string {
  const heading = paragraph(`### ${escapeText(shorten(title, MAX_TITLE))}`, 0);
  const blocks = [heading, ...details.flatMap(writeDetailTable)];
  const limits = { maxCharacters: DEFAULT_MAX_CHARACTERS - 1, maxBytes: DEFAULT_MAX_BYTES - 1 };
  return `${fitBlocks(blocks, limits, (leftOut) => `> [!NOTE]\n> Left out, because a comment may not be longer: ${leftOut.join(', ')}.`)}\n`;
}

function writeOpening(view: ReportView, options: MarkdownOptions): Block {
  const sign = MARKDOWN_SIGNS[signOf({ verdict: view.verdict, effect: view.verdict })];
  const notEnforced = view.verdict === 'fail' && !view.blocks;
  const title = escapeText(shorten(options.title, MAX_TITLE));
  const lines = [
    ...(options.marker === undefined ? [] : [checkMarker(options.marker)]),
    `### ${notEnforced ? MARKDOWN_SIGNS.warn : sign} ${title}: ${escapeText(view.headline)}`,
    ...view.banners.map((banner) => `\n${BANNER_STYLES[banner.kind]} ${escapeMessage(banner.text)}`),
  ];
  return paragraph(lines.join('\n'), 0);
}

/** Alerts stand out on GitHub and are a plain quotation elsewhere. */
const BANNER_STYLES = {
  untrusted: '> [!IMPORTANT]\n>',
  'not-enforced': '> [!NOTE]\n>',
  contradiction: '> [!WARNING]\n>',
} as const;

/** A marker that ends early would show the rest of itself, and one of several lines would not be found again. */
function checkMarker(marker: string): string {
  if (!/^<!-- [\w:./ -]{1,200} -->$/.test(marker) || marker.slice(4, -3).includes('--')) {
    throw new RangeError(
      `A marker is one HTML comment of letters, digits, and : . / _ -, not ${JSON.stringify(marker)}.`,
    );
  }
  return marker;
}

function writeFooter(view: ReportView, options: MarkdownOptions): Block {
  const links = [
    ...(options.htmlUrl === undefined ? [] : [writeLink('Full report', options.htmlUrl)]),
    ...(options.runUrl === undefined ? [] : [writeLink('Run', options.runUrl)]),
  ];
  const shown = new Set(['commit', 'evidence', 'mlgate']);
  const facts = view.provenance
    .filter(({ name }) => shown.has(name))
    .map(
      ({ name, value, isCode }) =>
        `${name} ${isCode ? `\`${escapeText(value).replaceAll('`', '')}\`` : escapeText(value)}`,
    );
  return paragraph(`<sub>${[...links, ...facts].join(' · ')}</sub>`, 1);
}

function writeLeftOut(leftOut: readonly string[], options: MarkdownOptions): string {
  const places = [
    ...(options.htmlUrl === undefined ? [] : [writeLink('the full report', options.htmlUrl)]),
    ...(options.runUrl === undefined ? [] : [`the evidence of ${writeLink('the run', options.runUrl)}`]),
  ];
  const where = places.length === 0 ? 'the evidence file' : places.join(' or in ');
  return `> [!NOTE]\n> Left out, because a report may not be longer: ${leftOut.join(', ')}. Everything is in ${where}.`;
}
