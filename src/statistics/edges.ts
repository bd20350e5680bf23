/** Bins between edges: each holds its lower edge, the last one both. */

/** Where a number lies among edges: how many of them are at most it, or (`strict`) less than it. */
export function countEdges(edges: readonly number[], value: number, strict: boolean): number {
  let [from, to] = [0, edges.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const edge = edges[middle] ?? 0;
    if (strict ? edge < value : edge <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** 0 below the first edge, then one for each bin, then one above the last edge, which belongs to the last bin. */
export function findBin(edges: readonly number[], value: number): number {
  const at = countEdges(edges, value, false);
  return value === edges.at(-1) ? edges.length - 1 : at;
}
