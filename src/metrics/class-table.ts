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
}

/** The positive class of a binary table. */
const POSITIVE = 1;

/** F1 of one class; NaN for a class that occurs neither in the truth nor in the predictions. */
export function f1OfClass(table: ClassTable, label: number): number {
  const size = (table.predicted[label] ?? 0) + (table.actual[label] ?? 0);
  return size === 0 ? Number.NaN : (2 * (table.hits[label] ?? 0)) / size;
}

/** What one example of a class, predicted as it or as another, does to this class's F1. */
function f1Influence(table: ClassTable, label: number, truth: number, prediction: number): number {
  const involved = (truth === label ? 1 : 0) + (prediction === label ? 1 : 0);
  if (involved === 0) return 0;
  const size = (table.predicted[label] ?? 0) + (table.actual[label] ?? 0);
  const hit = involved === 2 ? 2 : 0;
  return ((hit - f1OfClass(table, label) * involved) * table.n) / size;
}

/** F1 of the positive class. */
export const F1: TableMetric = {
  value: (table) => f1OfClass(table, POSITIVE),
  influence: (table, truth, prediction) => f1Influence(table, POSITIVE, truth, prediction),
};

/** Share of examples predicted positive that are. */
export const PRECISION: TableMetric = {
  value: (table) => {
    const predicted = table.predicted[POSITIVE] ?? 0;
    return predicted === 0 ? Number.NaN : (table.hits[POSITIVE] ?? 0) / predicted;
  },
  influence: (table, truth, prediction) => {
    if (prediction !== POSITIVE) return 0;
    const predicted = table.predicted[POSITIVE] ?? 0;
    const precision = (table.hits[POSITIVE] ?? 0) / predicted;
    return (((truth === POSITIVE ? 1 : 0) - precision) * table.n) / predicted;
  },
};

function countClasses(table: ClassTable): number {
  let classes = 0;
  for (let label = 0; label < table.hits.length; label++) {
    if ((table.predicted[label] ?? 0) + (table.actual[label] ?? 0) > 0) classes += 1;
  }
  return classes;
}

/** Mean of F1 over the classes that occur in truth or prediction. */
export const MACRO_F1: TableMetric = {
  value: (table) => {
    let sum = 0;
    for (let label = 0; label < table.hits.length; label++) {
      const f1 = f1OfClass(table, label);
      if (!Number.isNaN(f1)) sum += f1;
    }
    return sum / countClasses(table);
  },
  influence: (table, truth, prediction) => {
    const own = f1Influence(table, truth, truth, prediction);
    const other = truth === prediction ? 0 : f1Influence(table, prediction, truth, prediction);
    return (own + other) / countClasses(table);
  },
};

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
  for (let label = 0; label < table.hits.length; label++) {
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
