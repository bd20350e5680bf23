import type {
  ConfusionFigure,
  Figure,
  HistogramFigure,
  LabelsFigure,
} from '../../schemas/evidence.generated.ts';
import { shorten } from '../clean-text.ts';
import { countOf, formatCount, formatPlain } from '../format-number.ts';
import { drawSparkline } from '../sparkline.ts';
import { listMistakes } from '../view/confusion.ts';
import { listLabels, writeScore } from '../view/labels.ts';
import type { DetailTable, Finding, MeasuredView, ReportView } from '../view/report-view.ts';
import { escapeCode, escapeMessage, escapeSummary, escapeText } from './escape.ts';
import type { Block } from './fit-blocks.ts';
import { fold, paragraph, takeItems, writeOutcomeCell, writeTable } from './pieces.ts';
import { MEASURED_SHOWN, writeChange, writeMetricName, writeValue } from './top-blocks.ts';

/** More classes than this make a table that nobody can read in a comment. */
const MAX_CLASSES = 10;
const MISTAKES_SHOWN = 10;
const LABELS_SHOWN = 20;
const MAX_CELL = 64;
const MAX_REASON = 300;

/** What is folded: examples, further metrics, figures, the list of checks, and where everything comes from. */
export function writeDetailBlocks(view: ReportView): readonly Block[] {
  const measured = view.measured.slice(0, MEASURED_SHOWN);
  return [
    ...writeExamples(view.findings),
    ...view.details.filter(({ place }) => place !== 'page').flatMap(writeDetailTable),
    ...measured.flatMap(writeMetricDetails),
    ...measured.flatMap((measured) =>
      measured.figures.flatMap((figure) => writeFigure(figure, measured.name)),
    ),
    ...writeChecks(view),
    ...writeOrigin(view),
  ];
}

function cell(text: string): string {
  return escapeCode(shorten(text, MAX_CELL));
}

function writeExamples(findings: readonly Finding[]): readonly Block[] {
  const examples = findings.flatMap((finding) => finding.examples.map((example) => ({ finding, example })));
  if (examples.length === 0) return [];
  const { taken, unwritten } = takeItems(examples);
  const rows = taken.map(({ finding, example }) => [
    cell(`${finding.subject} ${finding.asked}`),
    formatCount(example.row),
    example.column === undefined ? '' : cell(example.column),
    example.value === undefined ? 'absent' : cell(String(example.value)),
  ]);
  const columns = ['Check', 'Row', 'Column', 'Value'];
  const table = writeTable({ item: 'example', importance: 7, columns, rows, unwritten });
  return [fold('Examples of offending rows', table)];
}

/** A table that explains something, folded under its title. */
export function writeDetailTable(detail: DetailTable): readonly Block[] {
  const lead = detail.lead.map((sentence) => escapeMessage(shorten(sentence, MAX_REASON))).join(' ');
  const summary = nameInSummary(detail.title);
  if (detail.rows.length === 0) return lead === '' ? [] : [fold(summary, paragraph(lead, 7))];
  const { taken, unwritten } = takeItems(detail.rows);
  const table = writeTable({
    item: 'row of a detail table',
    importance: 7,
    ...(lead === '' ? {} : { before: lead }),
    columns: detail.columns.map(({ name }) => escapeText(shorten(name, MAX_CELL))),
    rows: taken.map((row) =>
      row.map((text, index) => {
        if (text === '') return '';
        const kind = detail.columns[index]?.kind;
        if (kind === 'code') return cell(text);
        const short = shorten(text, MAX_REASON);
        return kind === 'message' ? escapeMessage(short) : escapeText(short);
      }),
    ),
    unwritten,
  });
  return [fold(summary, table)];
}

function writeMetricDetails(measured: MeasuredView): readonly Block[] {
  const rows = [...measured.gated, ...measured.others];
  if (rows.length === 0) return [];
  const table = writeTable({
    item: 'metric detail',
    importance: 8,
    columns: ['Metric', 'Value', 'Change', 'Smallest visible change', 'Examples to decide', 'Method'],
    rows: rows.map((row) => [
      writeMetricName(row),
      writeValue(row),
      writeChange(row),
      row.smallestVisibleChange ?? '',
      row.examplesToDecide ?? '',
      escapeText(shorten(row.method ?? '', MAX_CELL)),
    ]),
  });
  return [fold(`All ${countOf(rows.length, 'metric')} of ${nameInSummary(measured.name)}`, table)];
}

function nameInSummary(name: string): string {
  return escapeSummary(shorten(name, MAX_CELL));
}

/** A curve is a picture or nothing, and GitHub shows none without a host for it: curves are for the page. */
function writeFigure(figure: Figure, name: string): readonly Block[] {
  const of = `of ${nameInSummary(name)}`;
  if (figure.kind === 'confusion') return [fold(`Confusion table ${of}`, writeConfusion(figure))];
  if (figure.kind === 'labels') return [fold(`Labels ${of}`, writeLabels(figure))];
  if (figure.kind === 'curve' || figure.series.length === 0) return [];
  return [fold(`${nameInSummary(figure.title)} ${of}`, writeHistogram(figure))];
}

function writeConfusion(figure: ConfusionFigure): Block {
  if (figure.labels.length > MAX_CLASSES) return writeMistakes(figure);
  const hasBaseline = figure.baselineCounts !== undefined;
  return writeTable({
    item: 'confusion row',
    importance: 9,
    columns: ['True class', ...figure.labels.map((label) => `Predicted ${cell(label)}`)],
    rows: figure.labels.map((label, truth) => [
      cell(label),
      ...figure.labels.map((_, predicted) => writeCount(figure, truth, predicted)),
    ]),
    ...(hasBaseline ? { after: '<sub>In parentheses: the baseline.</sub>' } : {}),
  });
}

function writeCount(figure: ConfusionFigure, truth: number, predicted: number): string {
  const count = formatCount(figure.counts[truth]?.[predicted] ?? 0);
  const baseline = figure.baselineCounts?.[truth]?.[predicted];
  const shown = truth === predicted ? `**${count}**` : count;
  return baseline === undefined ? shown : `${shown} (${formatCount(baseline)})`;
}

function writeMistakes(figure: ConfusionFigure): Block {
  return writeTable({
    item: 'mistake',
    importance: 9,
    before: `The ${MISTAKES_SHOWN} most frequent mistakes among ${countOf(figure.labels.length, 'class', 'classes')}:`,
    columns: ['True class', 'Predicted', 'Count', 'Baseline'],
    rows: listMistakes(figure, MISTAKES_SHOWN).map((mistake) => [
      cell(mistake.truth),
      cell(mistake.predicted),
      formatCount(mistake.count),
      mistake.baselineCount === undefined ? '' : formatCount(mistake.baselineCount),
    ]),
  });
}

function writeLabels(figure: LabelsFigure): Block {
  const rows = listLabels(figure, LABELS_SHOWN);
  return writeTable({
    item: 'label',
    importance: 9,
    ...(figure.all > rows.length
      ? { before: `The ${rows.length} of ${countOf(figure.all, 'label')} with the most mistakes:` }
      : {}),
    columns: ['Label', 'Examples', 'Precision', 'Recall', 'F1', 'F1 of the baseline'],
    rows: rows.map((row) => [
      cell(row.name),
      formatCount(row.actual),
      writeScore(row.precision),
      writeScore(row.recall),
      writeScore(row.f1),
      writeScore(row.baselineF1),
    ]),
  });
}

function writeHistogram(figure: HistogramFigure): Block {
  const from = figure.edges[0];
  const to = figure.edges.at(-1);
  const range =
    from === undefined || to === undefined ? '' : ` from ${formatPlain(from)} to ${formatPlain(to)}`;
  return writeTable({
    item: 'histogram',
    importance: 9,
    columns: ['Group', `${escapeText(shorten(figure.x, MAX_CELL))}${range}`, 'Examples'],
    rows: figure.series.map((series) => [
      cell(series.name),
      `\`${drawSparkline(series.counts)}\``,
      formatCount(series.counts.reduce((sum, count) => sum + count, 0)),
    ]),
  });
}

function writeChecks(view: ReportView): readonly Block[] {
  if (view.checks.length === 0) return [];
  const { taken, unwritten } = takeItems(view.checks);
  const table = writeTable({
    item: 'listed check',
    importance: 10,
    columns: ['About', 'Check', 'Observed', 'Expected', 'Verdict'],
    unwritten,
    rows: taken.map((check) => [
      cell(check.subject),
      cell(check.asked),
      check.observed === '' ? '' : cell(check.observed),
      check.expected === '' ? '' : cell(check.expected),
      writeOutcomeCell(check.outcome),
    ]),
  });
  return [fold(`All ${countOf(view.checks.length, 'check')}`, table)];
}

function writeOrigin(view: ReportView): readonly Block[] {
  const rows = [
    ...view.provenance.map(({ name, value, isCode }) => [name, isCode ? cell(value) : escapeText(value)]),
    ...view.subjects.map((subject) => [
      `model ${cell(subject.name)}`,
      `${cell(subject.sha256)} ${escapeText(shorten(subject.size, MAX_CELL))}, predictions tied to it: ${subject.binding}`,
    ]),
    ...(view.baseline?.tried ?? []).map((tried) => [
      `baseline not ${tried.rung}`,
      escapeText(shorten(tried.reason, MAX_REASON)),
    ]),
    ...view.files.map((file) => [
      cell(file.role),
      `${cell(file.path)} ${file.size}, ${cell(file.sha256.slice(0, 12))}`,
    ]),
  ];
  const table = writeTable({ item: 'origin detail', importance: 11, columns: ['', ''], rows });
  return [fold('Where this comes from', table)];
}
