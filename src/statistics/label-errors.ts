/** Confident learning: which labels a classifier's out-of-sample probabilities contradict. */

/** How given and true labels occur together, with the examples that say so. */
export interface ConfidentJoint {
  /** For each class the mean probability of it among the examples labelled with it; NaN for a class without any. */
  readonly thresholds: readonly number[];
  /** Examples by given label (row) and the class that they are confidently of (column). */
  readonly counts: readonly (readonly number[])[];
  /** The counts scaled so that each row has its label's share, and all add up to 1. */
  readonly joint: readonly (readonly number[])[];
  /** The class that each example is confidently of; -1 for none. One that is of another than its label is suspect. */
  readonly confident: Int32Array;
}

/** A probability that rounding alone keeps below its class's threshold reaches it. */
const SLACK = 1e-6;

/** The most probable of the classes whose threshold the probabilities of a row reach; -1 for none. */
function confidentClass(
  row: number,
  columns: readonly ArrayLike<number>[],
  thresholds: readonly number[],
): number {
  let [best, highest] = [-1, Number.NEGATIVE_INFINITY];
  for (let label = 0; label < columns.length; label++) {
    const p = columns[label]?.[row] ?? Number.NaN;
    if (p >= (thresholds[label] ?? Number.NaN) - SLACK && p > highest) [best, highest] = [label, p];
  }
  return best;
}

/** The mean probability of each class among the examples labelled with it, and how many those are. */
function summariseClasses(labels: ArrayLike<number>, columns: readonly ArrayLike<number>[]) {
  const sums = columns.map(() => 0);
  const sizes = columns.map(() => 0);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? -1;
    const [sum, size, p] = [sums[label], sizes[label], columns[label]?.[row]];
    if (sum === undefined || size === undefined || p === undefined) {
      throw new RangeError(`Label ${row} is ${label}, not a class below ${columns.length}.`);
    }
    sums[label] = sum + p;
    sizes[label] = size + 1;
  }
  return { sizes, thresholds: sums.map((sum, label) => sum / (sizes[label] ?? 0)) };
}

/**
 * The confident joint of given and true labels.
 * Source: C. Northcutt, L. Jiang, I. Chuang, JAIR 70 (2021) 1373-1411, equations 1 to 3.
 * @param labels the given class of each example, as its column.
 * @param columns probabilities out of sample: one column for each class, one value for each example.
 * @throws RangeError when there are no examples, lengths differ, or a label has no column.
 */
export function estimateConfidentJoint(
  labels: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
): ConfidentJoint {
  const n = labels.length;
  if (n === 0 || columns.some((column) => column.length !== n)) {
    throw new RangeError(`${n} labels do not match ${columns[0]?.length ?? 0} probabilities of each class.`);
  }
  const { sizes, thresholds } = summariseClasses(labels, columns);
  const counts = columns.map(() => columns.map(() => 0));
  const confident = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const label = labels[row] ?? 0;
    const found = confidentClass(row, columns, thresholds);
    confident[row] = found;
    const ofLabel = counts[label];
    if (found !== -1 && ofLabel !== undefined) ofLabel[found] = (ofLabel[found] ?? 0) + 1;
  }
  const scaled = counts.map((row, label) => {
    const known = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (known === 0 ? 0 : (count / known) * (sizes[label] ?? 0)));
  });
  const total = scaled.flat().reduce((sum, value) => sum + value, 0);
  const joint = scaled.map((row) => row.map((value) => value / total));
  return { thresholds, counts, joint, confident };
}
