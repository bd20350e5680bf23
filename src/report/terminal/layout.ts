/** Widths, wrapping and columns for a terminal: text in, lines out, no cursor. */

/** Scripts and emoji that take two columns: Unicode TR11 (wide and full width), by blocks. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const COMBINING = /^\p{M}$/u;

/** How many columns a text takes. */
export function measureWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts a text to a width; a text that was cut ends in `…`. */
export function cutToWidth(text: string, width: number): string {
  if (measureWidth(text) <= width) return text;
  const { kept } = takeWidth(text, width - 1);
  return `${kept}…`;
}

function takeWidth(text: string, width: number): { kept: string; rest: string } {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += measureWidth(character);
    if (used > width) break;
    kept += character;
  }
  return { kept, rest: text.slice(kept.length) };
}

/** Breaks a text at its spaces into lines of at most `width` columns; a longer word is broken where it must be. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => breakWord(part, width))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (measureWidth(joined) <= width) line = joined;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (measureWidth(rest) > width) {
    const taken = takeWidth(rest, width);
    if (taken.kept === '') break;
    pieces.push(taken.kept);
    rest = taken.rest;
  }
  return [...pieces, rest];
}

/** A cell of a table: text, and how to colour it once its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const GAP = 2;
/** Names are cut before numbers are: the first column down to this. */
const LEAST_NAME = 16;
const LEAST_COLUMN = 4;

/**
 * Lays out rows in columns, the first of which holds names. What does not fit is taken from the names, then from the
 * widest column; columns that say nothing below their head are left out. Cells are cut, never wrapped: a row is a line.
 */
export function layOutTable(rows: readonly (readonly Cell[])[], width: number): readonly string[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const natural = Array.from({ length: count }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, measureWidth(row[column]?.text ?? '')), 0),
  );
  const columns = [...natural.keys()].filter((column) =>
    rows.slice(1).some((row) => (row[column]?.text ?? '') !== ''),
  );
  const widths = shrinkWidths(
    columns.map((column) => natural[column] ?? 0),
    width - GAP * (columns.length - 1),
  );
  return rows.map((row) =>
    columns
      .map((column, place) => padCell(row[column], widths[place] ?? 0, place === columns.length - 1))
      .join(' '.repeat(GAP)),
  );
}

function padCell(cell: Cell | undefined, width: number, isLast: boolean): string {
  const text = cutToWidth(cell?.text ?? '', width);
  const painted = cell?.paint === undefined ? text : cell.paint(text);
  return isLast ? painted : painted + ' '.repeat(width - measureWidth(text));
}

function shrinkWidths(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  const name = widths[0] ?? 0;
  widths[0] = Math.min(name, Math.max(name - Math.max(excess, 0), LEAST_NAME));
  excess -= name - (widths[0] ?? 0);
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= LEAST_COLUMN) break;
    widths[widest] = width - 1;
    excess -= 1;
  }
  return widths;
}
