import { markPositions, type SortedScores } from '../statistics/auc.ts';
import { ascendingOrder } from '../statistics/order.ts';

const known = new WeakMap<Float64Array, Uint32Array>();

/**
 * Positions of the scores from the smallest to the largest. Sorted once for as long as the column lives: the area, its
 * difference and the reliability curve need the same order, and for millions of scores it costs more than all of these.
 * Columns of examples never change.
 */
export function orderScores(scores: Float64Array): Uint32Array {
  const before = known.get(scores);
  if (before !== undefined) return before;
  const order = ascendingOrder(scores);
  known.set(scores, order);
  return order;
}

const marked = new WeakMap<Float64Array, { readonly target: Uint8Array; readonly marks: Uint8Array }>();

/** What stands at each position of that order, as markPositions says it. Made once for as long as the column lives. */
export function markScores(target: Uint8Array, scores: Float64Array): Uint8Array {
  const before = marked.get(scores);
  if (before?.target === target) return before.marks;
  const marks = markPositions(target, scores, orderScores(scores));
  marked.set(scores, { target, marks });
  return marks;
}

/** Both, for areas. */
export function sortScores(target: Uint8Array, scores: Float64Array): SortedScores {
  return { order: orderScores(scores), marks: markScores(target, scores) };
}
