import type { LabelsFigure } from '../../../schemas/evidence.generated.ts';
import { shorten } from '../../clean-text.ts';
import { countOf, formatCount } from '../../format-number.ts';
import { listLabels, writeScore } from '../../view/labels.ts';
import { escapeHtml } from '../escape.ts';
import { writeTable } from '../table.ts';

const LABELS_SHOWN = 100;
const MAX_LABEL = 40;
const MAX_TITLE = 50;

/** A table of labels, those with the most mistakes first. */
export function drawLabels(figure: LabelsFigure): string {
  const rows = listLabels(figure, LABELS_SHOWN);
  const table = writeTable({
    label: 'Labels',
    columns: ['Label', 'Examples', 'Precision', 'Recall', 'F1', 'F1 of the baseline'],
    numeric: [1, 2, 3, 4, 5],
    rows: rows.map((row) => [
      escapeHtml(shorten(row.name, MAX_LABEL)),
      formatCount(row.actual),
      writeScore(row.precision),
      writeScore(row.recall),
      writeScore(row.f1),
      writeScore(row.baselineF1),
    ]),
  });
  const note =
    figure.all > rows.length
      ? `<p class="muted">The ${rows.length} of ${countOf(figure.all, 'label')} with the most mistakes.</p>\n`
      : '';
  const title = escapeHtml(shorten(figure.title, MAX_TITLE));
  return `<figure class="full">\n<figcaption>${title}</figcaption>\n${note}${table}\n</figure>`;
}
