import type { Evidence } from '../../schemas/evidence.generated.ts';
import { shorten } from '../clean-text.ts';
import { countOf } from '../format-number.ts';
import { summarise, type Trust } from '../view/summarise.ts';
import type { ReportView } from '../view/report-view.ts';
import { signOf } from '../view/signs.ts';
import { escapeAddress, escapeHtml, escapeMessage } from './escape.ts';
import {
  writeChecks,
  writeDatasets,
  writeDetailTable,
  writeFindings,
  writeMeasured,
  writeOrigin,
  writeRemarks,
} from './sections.ts';
import { HTML_SIGNS } from './words.ts';
import { writePage } from './write-page.ts';

const MAX_TITLE = 100;
/** Models and metrics files that get a section: a page of more would not open. */
const SECTIONS_SHOWN = 100;

export interface HtmlOptions {
  /** First words of the headline, such as `mlgate`. */
  readonly title: string;
  readonly now: Date;
  readonly trust: Trust;
  /** Address of the run. The caller vouches for it: it never comes from evidence. */
  readonly runUrl?: string;
}

/**
 * Writes the report as one HTML file without script, fonts or addresses: it opens from an artifact, an e-mail or a disk.
 * The same in the same order as the comment, with figures, each with its numbers as a table.
 */
export function renderHtml(evidence: Evidence, options: HtmlOptions): string {
  const view = summarise(evidence, options);
  const title = shorten(options.title, MAX_TITLE);
  const body = [
    writeHeader(view, title),
    writeFindings(view.findings),
    ...view.measured.slice(0, SECTIONS_SHOWN).map(writeMeasured),
    ...writeMoreSections(view.measured.length - SECTIONS_SHOWN),
    ...writeRemarks(view.remarks),
    ...view.details.map(writeDetailTable),
    writeDatasets(view.datasets),
    ...view.notes.map((note) => `<p>Note: ${escapeMessage(note)}</p>`),
    writeChecks(view),
    writeOrigin(view),
    writeFooter(view, options),
  ];
  return writePage({ title: `${title}: ${view.headline}`, body });
}

function writeHeader(view: ReportView, title: string): string {
  const notEnforced = view.verdict === 'fail' && !view.blocks;
  const sign = notEnforced ? 'warn' : signOf({ verdict: view.verdict, effect: view.verdict });
  return [
    '<header>',
    `<h1><span class="${sign}" aria-hidden="true">${HTML_SIGNS[sign]}</span> ${escapeHtml(title)}: ${escapeHtml(view.headline)}</h1>`,
    ...(view.baseline === undefined ? [] : [`<p class="muted">${escapeMessage(view.baseline.sentence)}</p>`]),
    ...view.banners.map((banner) => `<p class="banner" role="note">${escapeMessage(banner.text)}</p>`),
    '</header>',
  ].join('\n');
}

function writeMoreSections(count: number): readonly string[] {
  if (count <= 0) return [];
  return [
    `<p>${countOf(count, 'more model or metrics file', 'more models and metrics files')}: see the evidence file.</p>`,
  ];
}

function writeFooter(view: ReportView, options: HtmlOptions): string {
  const address = options.runUrl === undefined ? undefined : escapeAddress(options.runUrl);
  const facts = view.provenance
    .filter(({ name }) => ['commit', 'evidence', 'mlgate', 'made'].includes(name))
    .map(
      ({ name, value, isCode }) =>
        `${name} ${isCode ? `<code>${escapeHtml(value)}</code>` : escapeHtml(value)}`,
    );
  const links = address === undefined ? [] : [`<a href="${address}" rel="noreferrer">Run</a>`];
  return `<footer>${[...links, ...facts].join(' · ')}</footer>`;
}
