import type { ConfusionFigure } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { countOf, formatCount, formatPercent } from '../../format-number.ts';
import { listMistakes } from '../../view/confusion.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';

/** More classes than this make a table that nobody reads. */
const MAX_CLASSES = 15;
/** Up to this many fit beside another figure. */
const NARROW_CLASSES = 3;
const MISTAKES_SHOWN = 20;
const MAX_LABEL = 24;
const MAX_TITLE = 50;

/** A table tinted by each cell's share of its true class; the numbers are in the cells, so the tint is only help. */
export function drawConfusion(figure: ConfusionFigure): string {
  const body = figure.labels.length > MAX_CLASSES ? writeMistakes(figure) : writeHeatTable(figure);
  const wide = figure.labels.length > NARROW_CLASSES ? ' class="full"' : '';
  return `<figure${wide}>\n<figcaption>${escapeHtml(shorten(figure.title, MAX_TITLE))}</figcaption>\n${body}\n</figure>`;
}

function writeHeatTable(figure: ConfusionFigure): string {
  const labels = figure.labels.map((label) => escapeHtml(shorten(label, MAX_LABEL)));
  const rows = labels.map(
    (label, truth) =>
      `<tr><th scope="row">${label}</th>${labels.map((_, predicted) => writeCell(figure, truth, predicted)).join('')}</tr>`,
  );
  const note =
    figure.baselineCounts === undefined ? '' : '<p class="muted">Below each count: the baseline’s.</p>';
  return [
    `<div class="scroll" role="region" aria-label="Confusion table" tabindex="0"><table class="heat">`,
    `<thead><tr><td></td><th scope="colgroup" colspan="${labels.length}">Predicted class</th></tr>`,
    `<tr><th scope="col">True class</th>${labels.map((label) => `<th scope="col">${label}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div>`,
    note,
  ].join('\n');
}

function writeCell(figure: ConfusionFigure, truth: number, predicted: number): string {
  const row = figure.counts[truth] ?? [];
  const count = row[predicted] ?? 0;
  const total = row.reduce((sum, value) => sum + value, 0);
  const share = total === 0 ? 0 : count / total;
  const baseline = figure.baselineCounts?.[truth]?.[predicted];
  const before = baseline === undefined ? '' : `<br><span class="muted">${formatCount(baseline)}</span>`;
  const isRight = truth === predicted ? ' right' : '';
  const percent = `<span class="share">${formatPercent(Number(share.toFixed(2)))}</span>`;
  return `<td class="number${isRight}" style="--share:${share.toFixed(2)}">${formatCount(count)} ${percent}${before}</td>`;
}

function writeMistakes(figure: ConfusionFigure): string {
  const mistakes = listMistakes(figure, MISTAKES_SHOWN);
  const table = writeTable({
    label: 'Most frequent mistakes',
    columns: ['True class', 'Predicted', 'Count', 'Baseline'],
    numeric: [2, 3],
    rows: mistakes.map((mistake) => [
      escapeHtml(shorten(mistake.truth, MAX_LABEL)),
      escapeHtml(shorten(mistake.predicted, MAX_LABEL)),
      formatCount(mistake.count),
      mistake.baselineCount === undefined ? '' : formatCount(mistake.baselineCount),
    ]),
  });
  return `<p>The ${mistakes.length} most frequent mistakes among ${countOf(figure.labels.length, 'class', 'classes')}.</p>\n${table}`;
}
