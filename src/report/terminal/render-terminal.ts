import picocolors from 'picocolors';
import type { Evidence } from '../../schemas/evidence.generated.ts';
import { countOf, formatCount } from '../format-number.ts';
import { BAR_LEGEND, drawIntervalBar } from '../interval-bar.ts';
import { chooseFindings } from '../view/findings.ts';
import type {
  BaselineView,
  ChangeView,
  DetailTable,
  Finding,
  MeasuredView,
  MetricRow,
  Outcome,
  ReportView,
} from '../view/report-view.ts';
import { signOf, TENDENCY_WORDS, type Sign } from '../view/signs.ts';
import { summarise, type Trust } from '../view/summarise.ts';
import { escapeTerminal } from './escape.ts';
import { layOutTable, wrapText, type Cell } from './layout.ts';

const LEAST_WIDTH = 72;
/** Below this there is no room for the bars and the units. */
const NARROW = 106;
const MOST_WIDTH = 120;
const INDENT = '  ';
/** Findings beyond these are counted: a terminal is read from its end. */
const FINDINGS_SHOWN = 20;
const ROWS_SHOWN = 40;
const SECTIONS_SHOWN = 20;
const EXAMPLES_SHOWN = 3;

export interface TerminalOptions {
  /** First words of the headline, such as `mlgate`. */
  readonly title: string;
  readonly now: Date;
  readonly trust: Trust;
  readonly color: boolean;
  /** Columns of the terminal; 72 to 120 are used. */
  readonly width: number;
  /** Where the page with everything is. */
  readonly htmlUrl?: string;
  readonly runUrl?: string;
}

type Colors = ReturnType<typeof picocolors.createColors>;

interface Page {
  readonly colors: Colors;
  readonly width: number;
}

/** Writes the report for a terminal: the same in the same order as the comment, without colour unless asked. */
export function renderTerminal(evidence: Evidence, options: TerminalOptions): string {
  const view = summarise(evidence, options);
  const page: Page = {
    colors: picocolors.createColors(options.color),
    width: Math.min(Math.max(options.width, LEAST_WIDTH), MOST_WIDTH),
  };
  const sections = [
    writeOpening(view, options.title, page),
    ...writeFindings(view.findings, page),
    ...view.measured.slice(0, SECTIONS_SHOWN).map((measured) => writeMeasured(measured, page)),
    writeMoreSections(view.measured.length - SECTIONS_SHOWN),
    view.remarks.slice(0, FINDINGS_SHOWN).flatMap((remark) => writeParagraph(remark, page, '- ')),
    ...view.details
      .filter(({ place }) => place === 'everywhere')
      .map((detail) => writeDetailTable(detail, page)),
    writeDatasets(view, page),
    writeClosing(view, options, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Tables that explain something, by themselves: each with its sentences. */
export function renderDetails(
  details: readonly DetailTable[],
  { color, width }: Pick<TerminalOptions, 'color' | 'width'>,
): string {
  const page: Page = {
    colors: picocolors.createColors(color),
    width: Math.min(Math.max(width, LEAST_WIDTH), MOST_WIDTH),
  };
  const sections = details.map((detail) => {
    const [title = '', ...table] = writeDetailTable(detail, page);
    const lead = detail.lead.flatMap((sentence) => writeParagraph(sentence.replaceAll('`', ''), page));
    return [title, ...lead, ...(detail.rows.length === 0 ? [] : table)].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}

const TERMINAL_SIGNS: Readonly<Record<Sign, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  undecided: '?',
  skipped: '-',
};

function paintAs(sign: Sign, { colors }: Page): (text: string) => string {
  const paints: Readonly<Record<Sign, (text: string) => string>> = {
    pass: colors.green,
    warn: colors.yellow,
    fail: colors.red,
    undecided: colors.cyan,
    skipped: colors.dim,
  };
  return paints[sign];
}

/** Wraps a text after a lead; further lines are indented as far. */
function writeParagraph(
  text: string,
  page: Page,
  lead = '',
  paint = (line: string): string => line,
): readonly string[] {
  const lines = wrapText(escapeTerminal(text), page.width - lead.length);
  return lines.map((line, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${paint(line)}`);
}

function writeOpening(view: ReportView, title: string, page: Page): readonly string[] {
  const sign =
    view.verdict === 'fail' && !view.blocks
      ? 'warn'
      : signOf({ verdict: view.verdict, effect: view.verdict });
  const paint = paintAs(sign, page);
  return [
    ...writeParagraph(`${TERMINAL_SIGNS[sign]} ${title}: ${view.headline}`, page, '', (line) =>
      page.colors.bold(paint(line)),
    ),
    ...view.banners.flatMap((banner) => writeParagraph(banner.text, page)),
  ];
}

function writeFindings(findings: readonly Finding[], page: Page): readonly (readonly string[])[] {
  const chosen = chooseFindings(findings, FINDINGS_SHOWN);
  const shown = findings
    .filter((finding) => chosen.has(finding))
    .map((finding) => writeFinding(finding, page));
  const more = findings.length - shown.length;
  return more > 0 ? [...shown, [`… and ${formatCount(more)} more findings`]] : shown;
}

function writeFinding(finding: Finding, page: Page): readonly string[] {
  const sign = signOf(finding.outcome);
  const asked = [finding.asked, ...finding.alsoAsked].join(', ');
  const source = finding.source?.line === undefined ? [] : [`${finding.source.file}:${finding.source.line}`];
  const values = finding.examples
    .slice(0, EXAMPLES_SHOWN)
    .map(({ row, value }) => `row ${formatCount(row)}: ${value === undefined ? 'absent' : String(value)}`)
    .join(', ');
  return [
    ...writeParagraph(
      `${TERMINAL_SIGNS[sign]} ${finding.outcome.label}: ${finding.subject} ${asked}`,
      page,
      '',
      paintAs(sign, page),
    ),
    ...writeParagraph(finding.message, page, INDENT),
    ...(values === '' ? [] : writeParagraph(values, page, INDENT)),
    ...source.flatMap((place) => writeParagraph(place, page, INDENT, page.colors.dim)),
  ];
}

function writeMeasured(measured: MeasuredView, page: Page): readonly string[] {
  const rows = [...measured.gated, ...measured.others];
  if (rows.length === 0) return [];
  const level = measured.level === undefined ? '' : ` (${measured.level})`;
  const head = ['metric', 'before', 'now', 'change', `interval${level}`, 'worse ← → better', 'verdict'];
  const shown = rows.slice(0, ROWS_SHOWN);
  const lines = layOutTable(
    [head.map((text) => ({ text, paint: page.colors.dim })), ...shown.map((row) => writeRow(row, page))],
    page.width - INDENT.length,
  );
  const hasBars = shown.some((row) => writeBar(row.change, page) !== '');
  const size = measured.size === undefined ? '' : `, ${measured.size}`;
  return [
    page.colors.bold(writeParagraph(`${measured.name} (${measured.kind}${size})`, page).join('\n')),
    ...lines.map((line) => `${INDENT}${line.trimEnd()}`),
    ...(shown.length < rows.length
      ? [`${INDENT}… and ${formatCount(rows.length - shown.length)} more metrics`]
      : []),
    ...(hasBars ? writeParagraph(BAR_LEGEND, page, INDENT, page.colors.dim) : []),
  ];
}

function writeDetailTable(detail: DetailTable, page: Page): readonly string[] {
  const head = detail.columns.map(({ name }) => ({ text: escapeTerminal(name), paint: page.colors.dim }));
  const rows = detail.rows
    .slice(0, ROWS_SHOWN)
    .map((row) => row.map((text) => ({ text: escapeTerminal(text) })));
  const lines = layOutTable([head, ...rows], page.width - INDENT.length);
  return [
    page.colors.bold(writeParagraph(detail.title, page).join('\n')),
    ...lines.map((line) => `${INDENT}${line.trimEnd()}`),
  ];
}

function writeMoreSections(count: number): readonly string[] {
  return count > 0
    ? [`… and ${countOf(count, 'more model or metrics file', 'more models and metrics files')}`]
    : [];
}

function writeRow(row: MetricRow, page: Page): readonly Cell[] {
  const narrow = page.width < NARROW;
  const unit = row.unit === undefined || narrow ? '' : ` ${row.unit}`;
  const words =
    row.change === undefined ? '' : TENDENCY_WORDS[row.change.tendency].replace('no clear change', 'unclear');
  const change = [words, row.change?.difference ?? ''].filter((part) => part !== '').join(' ');
  const interval =
    (row.change === undefined ? row.valueInterval : (row.change.note ?? row.change.interval)) ?? '';
  return [
    { text: escapeTerminal(`${row.name}${unit}`) },
    { text: row.baseline ?? '' },
    { text: row.value },
    { text: change },
    { text: narrow ? interval.replace(' to ', '..') : interval },
    { text: writeBar(row.change, page) },
    row.outcome === undefined
      ? { text: '' }
      : writeOutcome({ ...row.outcome, label: row.outcome.verdict }, page),
  ];
}

function writeBar(change: ChangeView | undefined, page: Page): string {
  return change?.bar === undefined || page.width < NARROW ? '' : (drawIntervalBar(change.bar) ?? '');
}

function writeOutcome(outcome: Outcome, page: Page): Cell {
  const sign = signOf(outcome);
  return { text: `${TERMINAL_SIGNS[sign]} ${outcome.label}`, paint: paintAs(sign, page) };
}

function writeDatasets(view: ReportView, page: Page): readonly string[] {
  if (view.datasets.length === 0) return [];
  const head = ['dataset', 'size', 'checks', 'verdict'].map((text) => ({ text, paint: page.colors.dim }));
  const rows = view.datasets
    .slice(0, ROWS_SHOWN)
    .map((dataset) => [
      { text: escapeTerminal(dataset.name) },
      { text: dataset.shape },
      { text: `${formatCount(dataset.passed)} of ${formatCount(dataset.total)} passed` },
      writeOutcome(dataset.outcome, page),
    ]);
  const lines = layOutTable([head, ...rows], page.width - INDENT.length);
  return [page.colors.bold('data'), ...lines.map((line) => `${INDENT}${line.trimEnd()}`)];
}

/** What was compared with, and why each better place had nothing. */
function writeBaseline({ sentence, tried }: BaselineView, page: Page): readonly string[] {
  return [
    ...writeParagraph(sentence, page),
    ...tried.flatMap(({ rung, reason }) => writeParagraph(`${rung}: ${reason}`, page, `${INDENT}- `)),
  ];
}

function writeClosing(view: ReportView, options: TerminalOptions, page: Page): readonly string[] {
  const shown = new Set(['commit', 'evidence', 'mlgate']);
  const facts = view.provenance
    .filter(({ name }) => shown.has(name))
    .map(({ name, value }) => `${name} ${value}`)
    .join(', ');
  return [
    ...(view.baseline === undefined ? [] : writeBaseline(view.baseline, page)),
    ...view.notes.flatMap((note) => writeParagraph(note, page, 'note: ')),
    ...writeParagraph(facts, page, '', page.colors.dim),
    ...(options.htmlUrl === undefined ? [] : [escapeTerminal(`Full report: ${options.htmlUrl}`)]),
    ...(options.runUrl === undefined ? [] : [escapeTerminal(`Run: ${options.runUrl}`)]),
  ];
}
