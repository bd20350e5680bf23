import type { ChangeBar } from './view/report-view.ts';

/** Signs of the bar, all of them in the common monospaced fonts. */
const SIGNS = {
  background: '·',
  margin: '┊',
  zero: '│',
  inside: '━',
  estimate: '●',
  beyondLeft: '◀',
  beyondRight: '▶',
} as const;

/** One line that explains the signs. */
export const BAR_LEGEND = `${SIGNS.estimate} change and its interval ${SIGNS.inside}, ${SIGNS.margin} margin, ${SIGNS.zero} no change; better to the right`;

/** The bar spans this many margins on each side of no change. */
const MARGINS_SHOWN = 2;

/**
 * Draws an interval of change as text of a fixed width, from twice the margin worse to twice the margin better. Undefined
 * without a margin: the bar would have no scale. `width` is odd, so that no change has a place of its own.
 */
export function drawIntervalBar(bar: ChangeBar, width = 17): string | undefined {
  if (bar.margin === undefined || bar.margin <= 0) return undefined;
  const reach = bar.margin * MARGINS_SHOWN;
  const place = (value: number): number => Math.round(((value / reach + 1) / 2) * (width - 1));
  const [low, estimate, high] = [place(bar.low), place(bar.estimate), place(bar.high)];
  const signAt = (column: number): string => {
    if (column === 0 && low < 0) return SIGNS.beyondLeft;
    if (column === width - 1 && high > width - 1) return SIGNS.beyondRight;
    if (column === estimate) return SIGNS.estimate;
    if (column === place(-(bar.margin ?? 0))) return SIGNS.margin;
    if (column === place(0)) return SIGNS.zero;
    return column >= low && column <= high ? SIGNS.inside : SIGNS.background;
  };
  return Array.from({ length: width }, (_, column) => signAt(column)).join('');
}
