/** The small pieces that every block of the Markdown report is made of. */
import type { Outcome } from '../view/report-view.ts';
import { signOf, type Sign } from '../view/signs.ts';
import type { Block } from './fit-blocks.ts';

export const MARKDOWN_SIGNS: Readonly<Record<Sign, string>> = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  undecided: '❓',
  skipped: '➖',
};

/** An outcome as sign and words. The words are mlgate's own and need no escaping. */
export function writeOutcome(outcome: Outcome): string {
  return `${MARKDOWN_SIGNS[signOf(outcome)]} ${outcome.label}`;
}

/** The same for a cell: the reason in a line of its own, so that the column stays narrow. */
export function writeOutcomeCell(outcome: Outcome): string {
  const reason = outcome.label.slice(outcome.verdict.length).replace(/^ \((.*)\)$/, '$1');
  const sign = MARKDOWN_SIGNS[signOf(outcome)];
  return `${sign}&nbsp;${outcome.verdict}${reason === '' ? '' : `<br>${writeSmall(reason)}`}`;
}

/** Small print that is never broken into lines, for cells. The text is escaped already. */
export function writeSmall(text: string): string {
  return `<sub>${keepTogether(text)}</sub>`;
}

/** Short words of a cell in one line, whatever room the table has. */
export function keepTogether(text: string): string {
  return text.replaceAll(' ', '&nbsp;');
}

/** A block that is kept whole. */
export function paragraph(text: string, importance: number): Block {
  return { item: 'section', head: text, items: [], tail: '', importance };
}

interface TableParts {
  readonly item: string;
  readonly importance: number;
  readonly columns: readonly string[];
  /** Cells that are escaped already. */
  readonly rows: readonly (readonly string[])[];
  readonly before?: string;
  readonly after?: string;
  readonly unwritten?: number;
}

/** No report holds more items of a kind than this, so no more are written. */
const MOST_ITEMS = 3000;

/** The items that are worth writing, and how many are not. */
export function takeItems<T>(items: readonly T[]): {
  readonly taken: readonly T[];
  readonly unwritten: number;
} {
  return { taken: items.slice(0, MOST_ITEMS), unwritten: Math.max(0, items.length - MOST_ITEMS) };
}

/** A table that may lose rows from its end. A column in which no row says anything is left out. */
export function writeTable(parts: TableParts): Block {
  const used = parts.columns.map((_, index) => parts.rows.some((row) => row[index] !== ''));
  const keepUsed = (cells: readonly string[]): readonly string[] => cells.filter((_, index) => used[index]);
  const columns = keepUsed(parts.columns);
  const head = [
    ...(parts.before === undefined ? [] : [parts.before, '']),
    writeRow(columns),
    writeRow(columns.map(() => '---')),
    '',
  ];
  return {
    item: parts.item,
    head: head.join('\n'),
    items: parts.rows.map((row) => writeRow(keepUsed(row))),
    tail: parts.after === undefined ? '' : `\n\n${parts.after}`,
    importance: parts.importance,
    unwritten: parts.unwritten ?? 0,
  };
}

function writeRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Folds a block under a line of text, which is HTML: Markdown is not read there. */
export function fold(summary: string, block: Block): Block {
  return {
    ...block,
    head: `<details><summary>${summary}</summary>\n\n${block.head}`,
    tail: `${block.tail}\n\n</details>`,
  };
}
