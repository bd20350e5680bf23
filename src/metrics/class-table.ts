/** Counts of a classification by class, from which precision, recall and F1 follow. */

/** Counts may be fractional: a bound or a weight need not be a whole number of examples. */
export interface ClassTable {
  /** Examples in all. */
  readonly n: number;
  /** Examples of each class that were predicted as it. */
  readonly hits: Float64Array;
  /** Examples predicted as each class. */
  readonly predicted: Float64Array;
  /** Examples that are of each class. */
  readonly actual: Float64Array;
}

/** A function of a class table: NaN where it is undefined. */
export interface TableMetric {
  readonly value: (table: ClassTable) => number;
  /**
   * Influence of one example on the value, scaled so that the mean square over the examples is n times the variance
   * of the value (the empirical influence function of Hampel, JASA 69 (1974) 383-393).
   */
  readonly influence: (table: ClassTable, truth: number, prediction: number) => number;
  /** The metric is the share of the examples predicted as this class that are of it. */
  readonly shareOfPredicted?: number;
}

/** F1 of one class; NaN for a class that occurs neither in the truth nor in the predictions. */
export function f1OfClass(table: ClassTable, label: number): number {
  const size = (table.predicted[label] ?? 0) + (table.actual[label] ?? 0);
  return size === 0 ? Number.NaN : (2 * (table.hits[label] ?? 0)) / size;
}

/** The table after some examples of a class changed their prediction. */
function movePredictions(
  table: ClassTable,
  move: { truth: number; from: number; to: number; count: number },
): ClassTable {
  const [hits, predicted] = [table.hits.slice(), table.predicted.slice()];
  predicted[move.from] = (predicted[move.from] ?? 0) - move.count;
  predicted[move.to] = (predicted[move.to] ?? 0) + move.count;
  if (move.from === move.truth) hits[move.truth] = (hits[move.truth] ?? 0) - move.count;
  if (move.to === move.truth) hits[move.truth] = (hits[move.truth] ?? 0) + move.count;
  return { n: table.n, hits, predicted, actual: table.actual };
}

/** The class, other than one, for which a function of the class is largest. */
function argMax(table: ClassTable, except: number, size: (label: number) => number): number {
  let best = except === 0 ? 1 : 0;
  for (let label = 0; label < table.hits.length; label++) {
    if (label !== except && size(label) > size(best)) best = label;
  }
  return best;
}

/** Of more classes than twice this, so many of the rarest and of the most frequent are looked at. */
const MOST_TELLING = 25;

/** Classes whose flips may move a value most: all, or the rarest and the most frequent ones. */
function listTelling({ actual, hits }: ClassTable): readonly number[] {
  const labels = Array.from(hits.keys());
  if (labels.length <= 2 * MOST_TELLING) return labels;
  const byFrequency = labels
    .filter((label) => (actual[label] ?? 0) > 0)
    .sort((a, b) => (actual[a] ?? 0) - (actual[b] ?? 0) || a - b);
  return [...new Set([...byFrequency.slice(0, MOST_TELLING), ...byFrequency.slice(-MOST_TELLING)])];
}

/**
 * The lowest and the highest value that this many changed predictions of one class can give: what a test set of this
 * size could have missed. Undefined values are left out.
 */
export function reachOfFlips(
  metric: TableMetric,
  table: ClassTable,
  flips: number,
): { readonly low: number; readonly high: number } {
  const value = metric.value(table);
  let [low, high] = [value, value];
  if (table.hits.length < 2) return { low, high };
  const consider = (truth: number, from: number, to: number, available: number): void => {
    const moved = metric.value(
      movePredictions(table, { truth, from, to, count: Math.min(flips, available) }),
    );
    if (moved < low) low = moved;
    if (moved > high) high = moved;
  };
  for (const label of listTelling(table)) {
    const hits = table.hits[label] ?? 0;
    const misses = (table.actual[label] ?? 0) - hits;
    const wrongly = (other: number): number => (table.predicted[other] ?? 0) - (table.hits[other] ?? 0);
    const popular = argMax(table, label, (other) => table.actual[other] ?? 0);
    const rare = argMax(table, label, (other) => -(table.actual[other] ?? 0));
    const overpredicted = argMax(table, label, wrongly);
    consider(label, label, popular, hits);
    consider(label, label, rare, hits);
    consider(label, overpredicted, label, Math.min(misses, wrongly(overpredicted)));
  }
  return { low, high };
}
