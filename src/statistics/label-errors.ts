/** Confident learning: which labels a classifier's out-of-sample probabilities contradict. */

/** How given and true labels occur together, with the examples that say so. */
export interface ConfidentJoint {
  /** For each class the mean probability of it among the examples labelled with it; NaN for a class without any. */
  readonly thresholds: readonly number[];
  /** Examples by given label (row) and the class that they are confidently of (column). */
  readonly counts: readonly (readonly number[])[];
  /** The counts scaled so that each row has its label's share, and all add up to 1. */
  readonly joint: readonly (readonly number[])[];
  /** Examples off the diagonal. */
  readonly suspects: readonly number[];
}

/** A probability that rounding alone keeps below its class's threshold reaches it. */
const SLACK = 1e-6;

/** The most probable of the classes whose threshold the probabilities reach; -1 for none. */
function confidentClass(row: ArrayLike<number>, thresholds: readonly number[]): number {
  let best = -1;
  thresholds.forEach((threshold, label) => {
    const p = row[label] ?? Number.NaN;
    if (p >= threshold - SLACK && (best === -1 || p > (row[best] ?? 0))) best = label;
  });
  return best;
}

/**
 * The confident joint of given and true labels.
 * Source: C. Northcutt, L. Jiang, I. Chuang, JAIR 70 (2021) 1373-1411, equations 1 to 3.
 * @param labels the given class of each example, as its column.
 * @param probabilities out of sample: one row for each example, one column for each class.
 * @throws RangeError when there are no examples, lengths differ, or a label has no column.
 */
export function estimateConfidentJoint(
  labels: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
): ConfidentJoint {
  const n = labels.length;
  const classes = probabilities[0]?.length ?? 0;
  if (n === 0 || n !== probabilities.length) {
    throw new RangeError(`${n} labels do not match ${probabilities.length} rows of probabilities.`);
  }
  const sums = Array.from({ length: classes }, () => 0);
  const sizes = sums.slice();
  probabilities.forEach((row, index) => {
    const label = labels[index] ?? -1;
    const [sum, size, p] = [sums[label], sizes[label], row[label]];
    if (sum === undefined || size === undefined || p === undefined) {
      throw new RangeError(`Label ${index} is ${label}, not a class below ${classes}.`);
    }
    sums[label] = sum + p;
    sizes[label] = size + 1;
  });
  const thresholds = sums.map((sum, label) => sum / (sizes[label] ?? 0));
  const counts = sums.map(() => sums.map(() => 0));
  const suspects: number[] = [];
  probabilities.forEach((row, index) => {
    const label = labels[index] ?? 0;
    const found = confidentClass(row, thresholds);
    const ofLabel = counts[label];
    if (found === -1 || ofLabel === undefined) return;
    ofLabel[found] = (ofLabel[found] ?? 0) + 1;
    if (found !== label) suspects.push(index);
  });
  const scaled = counts.map((row, label) => {
    const confident = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (confident === 0 ? 0 : (count / confident) * (sizes[label] ?? 0)));
  });
  const total = scaled.flat().reduce((sum, value) => sum + value, 0);
  return { thresholds, counts, joint: scaled.map((row) => row.map((value) => value / total)), suspects };
}
