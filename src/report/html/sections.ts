import { shorten } from '../clean-text.ts';
import { countOf, formatCount } from '../format-number.ts';
import type {
  ChangeView,
  DatasetView,
  DetailColumn,
  DetailTable,
  Finding,
  MeasuredView,
  MetricRow,
  Picture,
  ReportView,
} from '../view/report-view.ts';
import { signOf, TENDENCY_WORDS } from '../view/signs.ts';
import { escapeHtml, escapeMessage } from './escape.ts';
import { drawConfusion } from './figures/confusion.ts';
import { drawCurve } from './figures/curve.ts';
import { drawDistribution } from './figures/distribution.ts';
import { drawForest } from './figures/forest.ts';
import { drawHistogram } from './figures/histogram.ts';
import { drawIntervals } from './figures/intervals.ts';
import { drawLabels } from './figures/labels.ts';
import { writeTable } from './table.ts';
import { writeOutcome } from './words.ts';

const FINDINGS_SHOWN = 200;
const NAMES_SHOWN = 20;
const MAX_HINT = 60;
const MAX_TITLE = 150;
/** Longest cell that is kept in one line, in characters. */
const MAX_LINE = 40;

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

/** Where to look, worst first, each with its examples folded. */
export function writeFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const shown = findings.slice(0, FINDINGS_SHOWN);
  const more = findings.length - shown.length;
  return [
    '<ul class="findings">',
    ...shown.map(writeFinding),
    '</ul>',
    ...(more > 0 ? [`<p>${countOf(more, 'more finding')}: see the list of all checks.</p>`] : []),
  ].join('\n');
}

function writeFinding(finding: Finding): string {
  const asked = [finding.asked, ...finding.alsoAsked].slice(0, NAMES_SHOWN).map(code).join(', ');
  const source = finding.source;
  const place = source?.line === undefined ? source?.file : `${source.file}:${source.line}`;
  return [
    `<li class="edge-${signOf(finding.outcome)}">`,
    `${writeOutcome(finding.outcome)} <strong>${escapeHtml(finding.subject)}</strong> ${asked}`,
    `<p>${escapeMessage(finding.message)}</p>`,
    ...(place === undefined ? [] : [`<p class="muted small">asked for in ${code(place)}</p>`]),
    ...writeExamples(finding),
    '</li>',
  ].join('\n');
}

function writeExamples(finding: Finding): readonly string[] {
  if (finding.examples.length === 0) return [];
  const table = writeTable({
    label: 'Offending rows',
    columns: ['Row', 'Column', 'Value'],
    numeric: [0],
    rows: finding.examples.map((example) => [
      formatCount(example.row),
      example.column === undefined ? '' : escapeHtml(example.column),
      example.value === undefined ? '<span class="muted">absent</span>' : code(String(example.value)),
    ]),
  });
  return [`<details><summary>${countOf(finding.examples.length, 'example')}</summary>${table}</details>`];
}

/** The metrics of one model or file, then its figures. */
export function writeMeasured(measured: MeasuredView, index: number): string {
  const id = `figure-${index}`;
  const forest = drawForest(measured, `${id}-forest`);
  const figures = [
    ...(forest === undefined ? [] : [forest]),
    ...measured.figures.map((figure, place) => drawFigure(figure, `${id}-${place}`)),
  ];
  const facts = [measured.kind, ...(measured.size === undefined ? [] : [measured.size])];
  return [
    `<section>`,
    `<h2>${escapeHtml(measured.name)} <small>${escapeHtml(facts.join(', '))}</small></h2>`,
    ...writeMetrics(measured),
    ...(figures.length === 0 ? [] : ['<div class="figures">', ...figures, '</div>']),
    '</section>',
  ].join('\n');
}

function drawFigure(figure: Picture, id: string): string {
  switch (figure.kind) {
    case 'confusion':
      return drawConfusion(figure);
    case 'curve':
      return drawCurve(figure, id);
    case 'distribution':
      return drawDistribution(figure, id);
    case 'histogram':
      return drawHistogram(figure, id);
    case 'intervals':
      return drawIntervals(figure, id);
    case 'labels':
      return drawLabels(figure);
  }
}

function writeMetrics(measured: MeasuredView): readonly string[] {
  const rows = [...measured.gated, ...measured.others];
  if (rows.length === 0) return [];
  const interval = measured.level === undefined ? '' : ` (${measured.level} interval)`;
  const [ofValue, ofChange] = rows.some(({ change }) => change !== undefined)
    ? ['', interval]
    : [interval, ''];
  const label = `Metrics of ${shorten(measured.name, MAX_HINT)}`;
  const table = writeTable({
    label,
    columns: ['Metric', 'Baseline', `This change${ofValue}`, `Change${ofChange}`, 'Allowed', 'Verdict'],
    numeric: [1, 2],
    rows: rows.map(writeMetric),
  });
  const pointRule =
    'Numbers from a file come without their uncertainty, so they are judged as they stand (point rule).';
  return [
    `<div class="wide">${table}</div>`,
    ...(measured.hasPointRule ? [`<p class="muted small">${pointRule}</p>`] : []),
    ...writeSensitivity(rows, label),
  ];
}

function writeMetric(row: MetricRow): readonly string[] {
  const hints = [
    ...(row.unit === undefined ? [] : [row.unit]),
    ...(row.direction === '' ? [] : [row.direction]),
  ];
  return [
    `${code(shorten(row.name, MAX_HINT))}${sub(hints.join(', '))}`,
    row.baseline ?? '',
    `<strong>${row.value}</strong>${sub(row.valueInterval)}`,
    row.change === undefined ? '' : writeChange(row.change),
    row.allowed.map((bound) => `<span class="line">${escapeHtml(bound)}</span>`).join(''),
    row.outcome === undefined ? '' : writeOutcome(row.outcome),
  ];
}

function sub(text: string | undefined): string {
  return text === undefined || text === ''
    ? ''
    : `<span class="sub">${escapeHtml(shorten(text, MAX_HINT))}</span>`;
}

function writeChange({ tendency, difference, note, interval }: ChangeView): string {
  const number = difference === undefined ? '' : ` <strong>${difference}</strong>`;
  return `<span class="line">${TENDENCY_WORDS[tendency]}${number}</span>${sub(note ?? interval)}`;
}

/** How far the test set reaches, for those who ask. */
function writeSensitivity(rows: readonly MetricRow[], label: string): readonly string[] {
  if (rows.every((row) => row.method === undefined && row.smallestVisibleChange === undefined)) return [];
  const table = writeTable({
    label: `${label}: what this test set can show`,
    columns: ['Metric', 'Examples', 'Smallest visible change', 'Examples that would decide', 'Method'],
    numeric: [1, 2, 3],
    rows: rows.map((row) => [
      code(shorten(row.name, MAX_HINT)),
      row.n,
      row.smallestVisibleChange ?? '',
      row.examplesToDecide ?? '',
      row.method === undefined ? '' : escapeHtml(shorten(row.method, MAX_HINT)),
    ]),
  });
  return [`<details><summary>What this test set can show</summary>${table}</details>`];
}

/** What a reader should know of the change, in a sentence each. */
export function writeRemarks(remarks: readonly string[]): readonly string[] {
  if (remarks.length === 0) return [];
  const items = remarks.map((remark) => `<li>${escapeMessage(remark)}</li>`);
  return ['<ul>', ...items, '</ul>'];
}

/** A table that explains something, with its pictures. */
export function writeDetailTable(detail: DetailTable, index: number): string {
  const table = writeTable({
    label: detail.title,
    columns: detail.columns.map(({ name }) => escapeHtml(shorten(name, MAX_HINT))),
    numeric: detail.columns.flatMap(({ kind }, column) => (kind === 'number' ? [column] : [])),
    rows: detail.rows.map((row) => row.map((text, column) => writeCell(text, detail.columns[column]?.kind))),
  });
  const figures = detail.figures.map((figure, place) => drawFigure(figure, `detail-${index}-${place}`));
  const title = escapeHtml(shorten(detail.title, MAX_TITLE));
  const content = [
    ...detail.lead.map((sentence) => `<p>${escapeMessage(sentence)}</p>`),
    ...(detail.rows.length === 0 ? [] : [`<div class="wide">${table}</div>`]),
    ...(figures.length === 0 ? [] : ['<div class="figures">', ...figures, '</div>']),
  ];
  return detail.place === 'page'
    ? ['<details>', `<summary>${title}</summary>`, ...content, '</details>'].join('\n')
    : ['<section>', `<h2>${title}</h2>`, ...content, '</section>'].join('\n');
}

/** Short cells stay in one line: a table of broken lines is not read. */
function writeCell(text: string, kind: DetailColumn['kind'] | undefined): string {
  if (text === '') return '';
  if (kind === 'code') return code(text);
  if (kind === 'message') return escapeMessage(text);
  return text.length <= MAX_LINE ? `<span class="line">${escapeHtml(text)}</span>` : escapeHtml(text);
}

/** The datasets in one table. */
export function writeDatasets(datasets: readonly DatasetView[]): string {
  if (datasets.length === 0) return '';
  const table = writeTable({
    label: 'Datasets',
    columns: ['Dataset', 'Size', 'Passed', 'Failed', 'Checks', 'Verdict'],
    numeric: [2, 3, 4],
    rows: datasets.map((dataset) => [
      code(dataset.name),
      `<span class="line">${dataset.shape}</span>`,
      formatCount(dataset.passed),
      formatCount(dataset.failed),
      formatCount(dataset.total),
      writeOutcome(dataset.outcome),
    ]),
  });
  return `<section>\n<h2>Data</h2>\n${table}\n</section>`;
}

/** Every check, folded. */
export function writeChecks(view: ReportView): string {
  if (view.checks.length === 0) return '';
  const table = writeTable({
    label: 'All checks',
    columns: ['About', 'Check', 'Observed', 'Expected', 'Verdict'],
    numeric: [],
    rows: view.checks.map((check) => [
      escapeHtml(check.subject),
      code(check.asked),
      escapeHtml(check.observed),
      escapeHtml(check.expected),
      writeOutcome(check.outcome),
    ]),
  });
  return `<section>\n<h2>All ${countOf(view.checks.length, 'check')}</h2>\n<details><summary>Show the list</summary>${table}</details>\n</section>`;
}

/** Who says so, with what, and from which files. */
export function writeOrigin(view: ReportView): string {
  const facts = [
    ...view.provenance.map(({ name, value, isCode }) => [name, isCode ? code(value) : escapeHtml(value)]),
    ...view.subjects.map((subject) => [
      `model ${code(subject.name)}`,
      `${code(subject.sha256)} ${escapeHtml(subject.size)}, predictions tied to it: ${subject.binding}`,
    ]),
    ...(view.baseline?.tried ?? []).map((tried) => [
      `baseline not ${tried.rung}`,
      escapeMessage(tried.reason),
    ]),
  ];
  const files = view.files.map((file) => [
    escapeHtml(file.role),
    code(file.path),
    escapeHtml(file.size),
    code(file.sha256),
  ]);
  return [
    '<section>',
    '<h2>Where this comes from</h2>',
    writeTable({ label: 'Provenance', columns: ['What', 'Value'], rows: facts }),
    ...(files.length === 0
      ? []
      : [
          `<details><summary>${countOf(files.length, 'file')} read</summary>`,
          writeTable({ label: 'Files', columns: ['Role', 'File', 'Size', 'SHA-256'], rows: files }),
          '</details>',
        ]),
    '</section>',
  ].join('\n');
}
