/** Scores of predicted probabilities of several classes. */
import { sumOf } from './means.ts';

type Numbers = ArrayLike<number>;

function requireRows(labels: Numbers, probabilities: readonly Numbers[]): void {
  if (labels.length === 0 || labels.length !== probabilities.length) {
    throw new RangeError(
      `${labels.length} labels do not match ${probabilities.length} rows of probabilities.`,
    );
  }
  probabilities.forEach((row, index) => {
    const label = labels[index] ?? -1;
    if (!(Number.isInteger(label) && label >= 0 && label < row.length)) {
      throw new RangeError(`Label ${index} is ${label}, not a column of its ${row.length} probabilities.`);
    }
  });
}

function meanOverRows(
  labels: Numbers,
  probabilities: readonly Numbers[],
  valueOf: (row: Numbers, label: number) => number,
): number {
  requireRows(labels, probabilities);
  return sumOf(probabilities.map((row, index) => valueOf(row, labels[index] ?? 0))) / probabilities.length;
}

/**
 * Mean negative logarithm of the probability of the true class. Probabilities are kept within [epsilon, 1 - epsilon] and
 * rescaled to add up to 1; with a prediction of 0 for the truth epsilon decides the value, so it belongs in the result.
 * @param labels the true class of each example, as its column.
 * @throws RangeError when there are no examples, lengths differ, or a label has no column.
 */
export function crossEntropy(labels: Numbers, probabilities: readonly Numbers[], epsilon: number): number {
  return meanOverRows(labels, probabilities, (row, label) => {
    const kept = Array.from(row, (p) => Math.min(1 - epsilon, Math.max(epsilon, p)));
    return -Math.log((kept[label] ?? Number.NaN) / sumOf(kept));
  });
}

/**
 * crossEntropy of two classes from the probability of class 1, which alone is kept within [epsilon, 1 - epsilon]: a
 * certain prediction that is wrong counts -ln(epsilon), up to rounding.
 * @param labels 0 or 1. @throws RangeError as crossEntropy.
 */
export function binaryCrossEntropy(labels: Numbers, probabilities: Numbers, epsilon: number): number {
  const rows = Array.from(probabilities, (p) => {
    const kept = Math.min(1 - epsilon, Math.max(epsilon, p));
    return [1 - kept, kept];
  });
  return crossEntropy(labels, rows, 0);
}

/** Brier's score over classes, from 0 to 2: mean sum of squared gaps to the true class's 1 and the others' 0. */
export function multiclassBrierScore(labels: Numbers, probabilities: readonly Numbers[]): number {
  return meanOverRows(labels, probabilities, (row, label) =>
    sumOf(Array.from(row, (p, column) => (p - Number(column === label)) ** 2)),
  );
}

/** Share of examples whose true class is among the k most probable; of equal ones the later columns come first. */
export function topKAccuracy(labels: Numbers, probabilities: readonly Numbers[], k: number): number {
  return meanOverRows(labels, probabilities, (row, label) => {
    const own = row[label] ?? Number.NaN;
    const before = Array.from(row).filter((p, column) => p > own || (p === own && column > label));
    return Number(before.length < k);
  });
}
