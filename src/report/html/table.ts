import { escapeHtml } from './escape.ts';

/** Most rows of a table: a page of more is no page. */
const MOST_ROWS = 2000;

interface TableParts {
  /** What the table is, for those who hear it. Plain text. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Cells that are HTML already. */
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers, set to the right. */
  readonly numeric?: readonly number[];
}

/** A table that scrolls by itself where the screen is narrow. Columns that say nothing are left out. */
export function writeTable({ label, columns, rows, numeric = [] }: TableParts): string {
  const shown = rows.slice(0, MOST_ROWS);
  const used = [...columns.keys()].filter((index) => shown.some((row) => (row[index] ?? '') !== ''));
  const classOf = (index: number): string => (numeric.includes(index) ? ' class="number"' : '');
  const head = used.map((index) => `<th scope="col"${classOf(index)}>${columns[index] ?? ''}</th>`).join('');
  const body = shown.map(
    (row) => `<tr>${used.map((index) => `<td${classOf(index)}>${row[index] ?? ''}</td>`).join('')}</tr>`,
  );
  const left = rows.length - shown.length;
  return [
    `<div class="scroll" role="region" aria-label="${escapeHtml(label)}" tabindex="0"><table>`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>`,
    ...body,
    '</tbody></table></div>',
    ...(left > 0 ? [`<p class="muted">${left} more rows are in the evidence file.</p>`] : []),
  ].join('\n');
}
