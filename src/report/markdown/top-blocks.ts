import { shorten } from '../clean-text.ts';
import { countOf } from '../format-number.ts';
import { BAR_LEGEND, drawIntervalBar } from '../interval-bar.ts';
import { chooseFindings } from '../view/findings.ts';
import type { DatasetView, Finding, MeasuredView, MetricRow, ReportView } from '../view/report-view.ts';
import { TENDENCY_WORDS } from '../view/signs.ts';
import { escapeCode, escapeMessage, escapeText } from './escape.ts';
import type { Block } from './fit-blocks.ts';
import {
  fold,
  keepTogether,
  paragraph,
  takeItems,
  writeOutcome,
  writeOutcomeCell,
  writeSmall,
  writeTable,
} from './pieces.ts';

/** Findings that are shown unfolded: more than this nobody reads before the table. */
const FINDINGS_SHOWN = 10;
/** Models and metrics files whose tables are written. */
export const MEASURED_SHOWN = 200;
const MAX_MESSAGE = 600;
const MAX_NAME = 80;
const MAX_VALUE = 60;

/** What is read first: where to look, what changed, the data, and what it was compared with. */
export function writeTopBlocks(view: ReportView): readonly Block[] {
  return [
    ...writeFindings(view.findings),
    ...view.measured.slice(0, MEASURED_SHOWN).flatMap(writeMeasured),
    ...countMoreMeasured(view),
    ...writeRemarks(view.remarks),
    ...writeDatasets(view.datasets),
    ...(view.baseline === undefined ? [] : [paragraph(escapeMessage(view.baseline.sentence), 1)]),
    ...view.notes.map((note) => paragraph(`ℹ️ ${escapeMessage(shorten(note, MAX_MESSAGE))}`, 5)),
  ];
}

const REMARKS_SHOWN = 12;

function writeRemarks(remarks: readonly string[]): readonly Block[] {
  if (remarks.length === 0) return [];
  const items = remarks
    .slice(0, REMARKS_SHOWN)
    .map((remark) => `- ${escapeMessage(shorten(remark, MAX_MESSAGE))}`);
  return [
    {
      item: 'remark',
      head: '',
      items,
      tail: '',
      importance: 4,
      unwritten: Math.max(0, remarks.length - REMARKS_SHOWN),
    },
  ];
}

function countMoreMeasured(view: ReportView): readonly Block[] {
  const unwritten = view.measured.length - MEASURED_SHOWN;
  if (unwritten <= 0) return [];
  return [{ ...paragraph('…', 1), item: 'model', unwritten }];
}

function writeFindings(findings: readonly Finding[]): readonly Block[] {
  const chosen = chooseFindings(findings, FINDINGS_SHOWN);
  const shown = findings.filter((finding) => chosen.has(finding));
  const others = findings.filter((finding) => !chosen.has(finding));
  const { taken, unwritten } = takeItems(others);
  const frame = { item: 'finding', head: '', tail: '' };
  return [
    ...(shown.length > 0 ? [{ ...frame, items: shown.map(writeFinding), importance: 2 }] : []),
    ...(others.length > 0
      ? [
          fold(countOf(others.length, 'more finding'), {
            ...frame,
            items: taken.map(writeFinding),
            unwritten,
            importance: 6,
          }),
        ]
      : []),
  ];
}

function writeFinding(finding: Finding): string {
  const asked = [finding.asked, ...finding.alsoAsked].slice(0, FINDINGS_SHOWN).map(writeName);
  const more = finding.alsoAsked.length + 1 - asked.length;
  return [
    `- ${writeOutcome(finding.outcome)} · **${escapeText(shorten(finding.subject, MAX_NAME))}**`,
    `${asked.join(', ')}${more > 0 ? ` and ${more} more` : ''}:`,
    escapeMessage(shorten(finding.message, MAX_MESSAGE)),
    ...writePlace(finding),
  ].join(' ');
}

/** Where it was asked for. The file's name is enough here; annotations and the page have its path. */
function writePlace({ source }: Finding): readonly string[] {
  if (source?.line === undefined) return [];
  const name = source.file.split('/').at(-1) ?? source.file;
  return [`<sub>${escapeCode(shorten(`${name}:${source.line}`, MAX_NAME))}</sub>`];
}

function writeName(name: string): string {
  return escapeCode(shorten(name, MAX_NAME));
}

/** The metrics with a bound; where none has one, all of them. */
function writeMeasured(measured: MeasuredView): readonly Block[] {
  const rows = measured.gated.length > 0 ? measured.gated : measured.others;
  if (rows.length === 0) return [];
  const compared = rows.some((row) => row.change !== undefined);
  const bars = rows.map(drawBar);
  const interval = measured.level === undefined ? '' : ` (${measured.level} interval)`;
  return [
    writeTable({
      item: 'metric',
      importance: 4,
      before: titleOf(measured),
      columns: [
        'Metric',
        ...(compared ? ['Baseline → now', `Change${interval}`] : [`Value${interval}`]),
        'Worse ← → better',
        'Allowed',
        'Verdict',
      ].map(keepTogether),
      rows: rows.map((row, index) => [
        writeMetricName(row),
        ...(compared ? [writeValues(row), writeChange(row)] : [writeValue(row)]),
        bars[index] ?? '',
        row.allowed.map((bound) => keepTogether(escapeText(bound))).join('<br>'),
        row.outcome === undefined ? '' : writeOutcomeCell(row.outcome),
      ]),
      ...writeLegend(
        measured,
        bars.some((bar) => bar !== undefined),
      ),
    }),
  ];
}

function drawBar(row: MetricRow): string | undefined {
  const bar = row.change?.bar === undefined ? undefined : drawIntervalBar(row.change.bar);
  return bar === undefined ? undefined : `\`${bar}\``;
}

function titleOf(measured: MeasuredView): string {
  const size = measured.size === undefined ? '' : ` · ${measured.size}`;
  return `**${escapeText(shorten(measured.name, MAX_NAME))}** (${measured.kind})${size}`;
}

function writeLegend(measured: MeasuredView, hasBars: boolean): { after?: string } {
  const lines = [
    ...(hasBars ? [BAR_LEGEND] : []),
    ...(measured.hasPointRule
      ? ['Numbers from a file come without their uncertainty, so they are judged as they stand (point rule)']
      : []),
  ];
  return lines.length === 0 ? {} : { after: `<sub>${lines.join('. ')}.</sub>` };
}

/** Name, unit and direction: `log_loss` nats, lower is better. */
export function writeMetricName(row: MetricRow): string {
  const unit = row.unit === undefined ? [] : [escapeText(shorten(row.unit, MAX_VALUE))];
  const hints = [...unit, ...(row.direction === 'lower is better' ? [row.direction] : [])];
  return `${writeName(row.name)}${hints.length === 0 ? '' : `<br>${writeSmall(hints.join(', '))}`}`;
}

function writeValues(row: MetricRow): string {
  return row.baseline === undefined ? row.value : `${row.baseline}&nbsp;→&nbsp;**${row.value}**`;
}

/** A value with its own interval, where there is no change to show. */
export function writeValue(row: MetricRow): string {
  return row.valueInterval === undefined ? row.value : `${row.value}<br>${writeSmall(row.valueInterval)}`;
}

/** Direction in sign and word, the difference, and its interval. */
export function writeChange(row: MetricRow): string {
  if (row.change === undefined) return '';
  const { tendency, difference, interval, note } = row.change;
  const below = note ?? interval;
  const number = difference === undefined ? '' : `**${difference}** `;
  return `${number}${keepTogether(TENDENCY_WORDS[tendency])}${below === undefined ? '' : `<br>${writeSmall(below)}`}`;
}

function writeDatasets(datasets: readonly DatasetView[]): readonly Block[] {
  if (datasets.length === 0) return [];
  return [
    writeTable({
      item: 'dataset',
      importance: 3,
      columns: ['Dataset', 'Size', 'Checks', 'Verdict'],
      rows: datasets.map((dataset) => [
        writeName(dataset.name),
        dataset.shape,
        countChecks(dataset),
        writeOutcomeCell(dataset.outcome),
      ]),
    }),
  ];
}

function countChecks({ passed, failed, total }: DatasetView): string {
  const others = total - passed - failed;
  const parts = [
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(others > 0 ? [`${others} without a verdict`] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(', ');
}
