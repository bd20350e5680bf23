/** Bins and categories with too few rows for a test are counted together with others. */
import { OTHER, sumOf, type CountPair } from './pair-columns.ts';

/**
 * Rows that the smaller of two samples should have in each bin: with 10, chi-squared probabilities down to 1e-4 are right
 * to half their size for samples of 50 beside 50 and beside 5,000 (`npx vitest run --project unit test/data-room/drift`).
 */
const LEAST_EXPECTED = 10;

/** Bins of an index of stability and of everything else that knows no order: ten, as its rule of thumb presumes. */
const COARSE_BINS = 10;

interface Cell {
  readonly reference: number;
  readonly current: number;
  readonly label?: string;
  /** Where an ordered cell ends. */
  readonly end?: number;
}

/**
 * The cells that a test over bins or categories takes. Numbers: at most ten bins of about equal mass of the reference,
 * besides those at the ends where the reference has next to nothing. Cells of which too few rows are expected are joined
 * with their neighbour, categories with each other: by the sums over both samples, which say nothing of a difference.
 */
export function mergeBins(pair: CountPair): CountPair {
  const [m, n] = [sumOf(pair.reference), sumOf(pair.current)];
  const share = Math.min(m, n) / (m + n);
  const isEnough = (cell: Cell): boolean => (cell.reference + cell.current) * share >= LEAST_EXPECTED;
  const cells = pair.reference.map((count, index) => toCell(pair, count, index));
  const merged =
    pair.edges === undefined
      ? mergeCategories(cells, isEnough)
      : mergeNeighbours(coarsen(cells, m), isEnough);
  return {
    ...pair,
    reference: merged.map(({ reference }) => reference),
    current: merged.map(({ current }) => current),
    ...(pair.edges === undefined
      ? { labels: merged.map(({ label = OTHER }) => label) }
      : { edges: [...pair.edges.slice(0, 1), ...merged.map(({ end = Number.NaN }) => end)] }),
  };
}

function toCell({ current, edges, labels }: CountPair, reference: number, index: number): Cell {
  const [end, label] = [edges?.[index + 1], labels?.[index]];
  return {
    reference,
    current: current[index] ?? 0,
    ...(end === undefined ? {} : { end }),
    ...(label === undefined ? {} : { label }),
  };
}

/** About equal masses of the reference. An end where it has nothing stays apart: values beyond all that were there. */
function coarsen(cells: readonly Cell[], total: number): readonly Cell[] {
  const groups = new Map<number, Cell>();
  let before = 0;
  cells.forEach((cell, index) => {
    const isBeyond = cell.reference === 0 && (index === 0 || index === cells.length - 1);
    const group = isBeyond ? index - cells.length : Math.floor((before / total) * COARSE_BINS);
    const open = groups.get(group);
    groups.set(group, open === undefined ? cell : join(open, cell));
    before += cell.reference;
  });
  return [...groups.values()];
}

function join(first: Cell, second: Cell): Cell {
  return {
    ...second,
    reference: first.reference + second.reference,
    current: first.current + second.current,
  };
}

/** From the left, each cell takes in its right neighbours until it is enough; what is left over joins the last. */
function mergeNeighbours(cells: readonly Cell[], isEnough: (cell: Cell) => boolean): readonly Cell[] {
  const merged: Cell[] = [];
  let open: Cell | undefined;
  for (const cell of cells) {
    open = open === undefined ? cell : join(open, cell);
    if (!isEnough(open)) continue;
    merged.push(open);
    open = undefined;
  }
  const last = merged.pop();
  if (open === undefined || last === undefined) return [...merged, ...[last ?? open].filter(isCell)];
  return [...merged, join(last, open)];
}

function isCell(cell: Cell | undefined): cell is Cell {
  return cell !== undefined;
}

/** Rare categories together; if they are too few even so, with the rarest of the others. */
function mergeCategories(cells: readonly Cell[], isEnough: (cell: Cell) => boolean): readonly Cell[] {
  const isRare = (cell: Cell): boolean => cell.label === OTHER || !isEnough(cell);
  const kept = cells.filter((cell) => !isRare(cell));
  const rest = cells
    .filter(isRare)
    .reduce<Cell | undefined>(
      (joined, cell) => ({ ...(joined === undefined ? cell : join(joined, cell)), label: OTHER }),
      undefined,
    );
  if (rest === undefined || rest.reference + rest.current === 0) return kept;
  if (isEnough(rest) || kept.length === 0) return [...kept, rest];
  const rarest = kept.reduce((least, cell) =>
    cell.reference + cell.current < least.reference + least.current ? cell : least,
  );
  return [...kept.filter((cell) => cell !== rarest), { ...join(rarest, rest), label: OTHER }];
}
