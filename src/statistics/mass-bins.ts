/** Bins of about equal size. */

/** Most bins. */
export const MAX_BINS = 15;

/** The fewest examples in one. */
const LEAST_IN_BIN = 50;

/**
 * Row numbers in at most 15 groups of about equal size by a value, at least 50 examples each; equal values stay
 * together, so that the order of rows changes nothing.
 * @param order rows from the smallest value to the largest
 */
export function binByMass(values: ArrayLike<number>, order: Uint32Array): readonly Uint32Array[] {
  const bins = Math.max(1, Math.min(MAX_BINS, Math.floor(values.length / LEAST_IN_BIN)));
  const groups: Uint32Array[] = [];
  let start = 0;
  for (let bin = 1; bin <= bins && start < order.length; bin++) {
    let end = Math.max(start + 1, Math.round((bin * order.length) / bins));
    while (end < order.length && values[order[end] ?? 0] === values[order[end - 1] ?? 0]) end += 1;
    groups.push(order.subarray(start, end));
    start = end;
  }
  return groups;
}
