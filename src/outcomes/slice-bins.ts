/** Bins of a numeric column, of which slices are made. */
import type { CodedColumn } from './outcomes.ts';

/** Edges between bins, ascending. A value on an edge belongs to the bin above. */
export type Edges = readonly number[];

/** By how much of a bin an edge may be moved to be a short number. */
const TOLERANCE = 0.05;

/**
 * Edges of bins with as many values each, as far as ties allow: each is the shortest decimal near its quantile, because
 * people read it in the name of a slice. None where all values are equal.
 * @param values cells; NaN where they are empty
 */
export function chooseEdges(values: Float64Array, bins: number): Edges {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const { length } = sorted;
  const valueAt = (position: number): number =>
    sorted[Math.min(length - 1, Math.max(0, Math.round(position)))] ?? Number.NaN;
  const reach = (length / bins) * TOLERANCE;
  const edges = Array.from({ length: bins - 1 }, (_, index) => {
    const position = ((index + 1) * length) / bins;
    return shortenBetween(valueAt(position - reach), valueAt(position), valueAt(position + reach));
  });
  // Ties, or fewer values than bins, would leave bins without any value.
  const kept: number[] = [];
  let below = 0;
  for (const edge of edges) {
    const count = countBelow(sorted, edge);
    if (count > below) kept.push(edge);
    below = count;
  }
  return kept;
}

/** The number with the fewest decimals, or the most zeros, within the limits that is nearest to a value between them. */
function shortenBetween(low: number, value: number, high: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (low === high || !Number.isFinite(largest)) return value;
  const first = Math.ceil(Math.log10(largest));
  for (let exponent = first; exponent > first - 17; exponent--) {
    const step = 10 ** exponent;
    const short = Number((Math.round(value / step) * step).toPrecision(15)) + 0;
    if (short >= low && short <= high) return short;
  }
  return value;
}

/** Whether numbers are edges: finite and ascending. */
export function areEdges(edges: Edges): boolean {
  return edges.every(
    (edge, index) => Number.isFinite(edge) && (index === 0 || edge > (edges[index - 1] ?? edge)),
  );
}

/** Names of bins from below: `..18`, `18..65`, `65..`; the only one is `..`. */
export function nameBins(edges: Edges): readonly string[] {
  return [...edges, undefined].map(
    (edge, index) =>
      `${index === 0 ? '' : String(edges[index - 1])}..${edge === undefined ? '' : String(edge)}`,
  );
}

/** The bin of each value by name; an empty cell is an empty text, as in every column of slices. */
export function binColumn(values: Float64Array, edges: Edges): CodedColumn {
  const codes = new Uint32Array(values.length);
  const sorted = Float64Array.from(edges);
  for (let row = 0; row < codes.length; row++) {
    const value = values[row] ?? Number.NaN;
    codes[row] = Number.isNaN(value) ? edges.length + 1 : countAtMost(sorted, value);
  }
  return { codes, values: [...nameBins(edges), ''] };
}

/** How many of the ascending numbers are at most a value: of edges, the number of its bin. */
function countAtMost(sorted: Float64Array, value: number): number {
  return findFirst(sorted, (number) => number > value);
}

function countBelow(sorted: Float64Array, value: number): number {
  return findFirst(sorted, (number) => number >= value);
}

/** The first place of ascending numbers from which on all of them are beyond. */
function findFirst(sorted: Float64Array, isBeyond: (number: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBeyond(sorted[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
