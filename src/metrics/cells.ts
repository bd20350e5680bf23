/** Examples that agree in truth and predictions, counted together: what the bootstrap of joint counts draws from. */
import { ascendingOrder } from '../statistics/order.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import type { ClassTable } from './class-table.ts';

/** Different combinations of truth and the predictions of one or two models, and how many examples have each. */
export interface Cells {
  readonly classes: number;
  readonly counts: Float64Array;
  readonly truth: Uint16Array;
  readonly first: Uint16Array;
  /** The second model's predictions; the first's again where there is one model. */
  readonly second: Uint16Array;
}

type Labels = Uint8Array | Uint16Array;

/** Up to this many possible combinations are counted in an array; beyond, by sorting. */
const LARGEST_DENSE_TABLE = 1_000_000;

/**
 * Counts examples by truth and predictions, or sums up their weights. Cells come in the order of (truth, first, second).
 */
export function countCells(
  classes: number,
  truth: Labels,
  first: Labels,
  second: Labels = first,
  weights?: Float64Array,
): Cells {
  const { keys, counts } =
    classes ** 3 <= LARGEST_DENSE_TABLE
      ? countDensely(classes, truth, first, second, weights)
      : countSparsely(classes, truth, first, second, weights);
  return {
    classes,
    counts,
    truth: Uint16Array.from(keys, (key) => Math.floor(key / (classes * classes))),
    first: Uint16Array.from(keys, (key) => Math.floor(key / classes) % classes),
    second: Uint16Array.from(keys, (key) => key % classes),
  };
}

/** Combinations that occur, ascending, and how many examples have each. */
interface Counted {
  readonly keys: Float64Array;
  readonly counts: Float64Array;
}

// Loops of their own and no function of a row: a call for each of millions of examples takes several times as long.
function countDensely(
  classes: number,
  truth: Labels,
  first: Labels,
  second: Labels,
  weights: Float64Array | undefined,
): Counted {
  const counts = new Float64Array(classes ** 3);
  if (weights === undefined) {
    for (let row = 0; row < truth.length; row++) {
      const key = ((truth[row] ?? 0) * classes + (first[row] ?? 0)) * classes + (second[row] ?? 0);
      counts[key] = (counts[key] ?? 0) + 1;
    }
  } else {
    for (let row = 0; row < truth.length; row++) {
      const key = ((truth[row] ?? 0) * classes + (first[row] ?? 0)) * classes + (second[row] ?? 0);
      counts[key] = (counts[key] ?? 0) + (weights[row] ?? 0);
    }
  }
  let found = 0;
  for (let key = 0; key < counts.length; key++) if ((counts[key] ?? 0) > 0) found += 1;
  const keys = new Float64Array(found);
  for (let key = 0, at = 0; at < found; key++) if ((counts[key] ?? 0) > 0) keys[at++] = key;
  return { keys, counts: keys.map((key) => counts[key] ?? 0) };
}

function countSparsely(
  classes: number,
  truth: Labels,
  first: Labels,
  second: Labels,
  weights: Float64Array | undefined,
): Counted {
  const all = new Float64Array(truth.length);
  for (let row = 0; row < all.length; row++) {
    all[row] = ((truth[row] ?? 0) * classes + (first[row] ?? 0)) * classes + (second[row] ?? 0);
  }
  const order = ascendingOrder(all);
  const [keys, counts] = [new Float64Array(all.length), new Float64Array(all.length)];
  let found = 0;
  for (let at = 0; at < order.length;) {
    const key = all[order[at] ?? 0] ?? 0;
    let count = 0;
    for (; at < order.length && all[order[at] ?? 0] === key; at++) count += weights?.[order[at] ?? 0] ?? 1;
    if (count === 0) continue;
    keys[found] = key;
    counts[found] = count;
    found += 1;
  }
  releaseMemory(all, order);
  return { keys: keys.slice(0, found), counts: counts.slice(0, found) };
}

/** The class table of one model, with the cells' own counts or those of a resample. */
export function tabulate(
  cells: Cells,
  model: 'first' | 'second',
  counts: Float64Array = cells.counts,
): ClassTable {
  const predictions = cells[model];
  const hits = new Float64Array(cells.classes);
  const predicted = new Float64Array(cells.classes);
  const actual = new Float64Array(cells.classes);
  let n = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0;
    const truth = cells.truth[cell] ?? 0;
    const prediction = predictions[cell] ?? 0;
    n += count;
    actual[truth] = (actual[truth] ?? 0) + count;
    predicted[prediction] = (predicted[prediction] ?? 0) + count;
    if (truth === prediction) hits[truth] = (hits[truth] ?? 0) + count;
  }
  return { n, hits, predicted, actual };
}

/** The cell of each example; of one that counts nothing the first. */
export function indexCells(cells: Cells, truth: Labels, first: Labels, second: Labels = first): Uint32Array {
  const { classes } = cells;
  const cellOf = new Map<number, number>();
  cells.truth.forEach((label, cell) => {
    cellOf.set((label * classes + (cells.first[cell] ?? 0)) * classes + (cells.second[cell] ?? 0), cell);
  });
  const indices = new Uint32Array(truth.length);
  let [key, cell] = [-1, 0];
  for (let row = 0; row < indices.length; row++) {
    const own = ((truth[row] ?? 0) * classes + (first[row] ?? 0)) * classes + (second[row] ?? 0);
    // Equal rows often follow one another.
    if (own !== key) [key, cell] = [own, cellOf.get(own) ?? 0];
    indices[row] = cell;
  }
  return indices;
}
