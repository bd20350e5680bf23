/** How much one variable alone tells of another, on folds that it was not learned from. */
import { studentTUpperQuantile } from './distributions.ts';

/** How often a value and a label occur together in one fold: each combination once. */
export interface FoldCount {
  /** Number of the value. */
  readonly value: number;
  readonly label: number;
  readonly fold: number;
  readonly count: number;
}

/** Sums of a number over the rows of one value in one fold: each combination once. */
export interface FoldSums {
  readonly value: number;
  readonly fold: number;
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

export interface PredictivePower {
  /** 1 - loss with the value / loss without: 1 tells everything, 0 nothing; below 0 where it misleads. */
  readonly score: number;
  readonly standardError: number;
}

/** Weight of what is known without the value, in rows. */
const PRIOR_ROWS = 1;
/** Weight of each label that no row has, in rows. */
const PRIOR_LABEL = 0.5;

function addTo(sums: Map<number, number>, key: number, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

/** Loss of each fold, with the value and without it. */
interface FoldLoss {
  readonly informed: Float64Array;
  readonly blind: Float64Array;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The ratio of two sums over folds, with the standard error of its linearisation (a ratio estimator). */
function compareLosses({ informed, blind }: FoldLoss): PredictivePower | undefined {
  const [withValue, without, folds] = [total(informed), total(blind), blind.length];
  if (!(without > 0) || folds < 2) return undefined;
  const ratio = withValue / without;
  const squares = informed.reduce((sum, loss, fold) => sum + (loss - ratio * (blind[fold] ?? 0)) ** 2, 0);
  return { score: 1 - ratio, standardError: Math.sqrt((folds / (folds - 1)) * squares) / without };
}

/**
 * Share of the labels' cross-entropy that is gone when the value is known: each fold is predicted from the others by the
 * frequencies of labels at its value, drawn to those of all rows as if by one more row. A column of ids tells nothing:
 * its values do not occur in other folds. Undefined where there are not two labels.
 */
export function classPower(
  counts: readonly FoldCount[],
  labels: number,
  folds: number,
): PredictivePower | undefined {
  const [pairs, values, valueFolds, classes, classFolds, inFold] = Array.from(
    { length: 6 },
    () => new Map<number, number>(),
  ) as [Sums, Sums, Sums, Sums, Sums, Sums];
  let rows = 0;
  for (const { value, label, fold, count } of counts) {
    addTo(pairs, value * labels + label, count);
    addTo(values, value, count);
    addTo(valueFolds, value * folds + fold, count);
    addTo(classes, label, count);
    addTo(classFolds, label * folds + fold, count);
    addTo(inFold, fold, count);
    rows += count;
  }
  if (classes.size < 2) return undefined;
  const loss: FoldLoss = { informed: new Float64Array(folds), blind: new Float64Array(folds) };
  const of = (sums: Sums, key: number): number => sums.get(key) ?? 0;
  for (const { value, label, fold, count } of counts) {
    const share =
      (of(classes, label) - of(classFolds, label * folds + fold) + PRIOR_LABEL) /
      (rows - of(inFold, fold) + PRIOR_LABEL * labels);
    const seen = of(values, value) - of(valueFolds, value * folds + fold);
    const together = of(pairs, value * labels + label) - count;
    const informed = (together + PRIOR_ROWS * share) / (seen + PRIOR_ROWS);
    loss.informed[fold] = (loss.informed[fold] ?? 0) - count * Math.log(informed);
    loss.blind[fold] = (loss.blind[fold] ?? 0) - count * Math.log(share);
  }
  return compareLosses(loss);
}

type Sums = Map<number, number>;

/** The same for a label of numbers: the share of its squared error that is gone when the value is known (R² on held-out folds). */
export function numberPower(sums: readonly FoldSums[], folds: number): PredictivePower | undefined {
  const [valueCounts, valueSums, foldCounts, foldTotals] = Array.from(
    { length: 4 },
    () => new Map<number, number>(),
  ) as [Sums, Sums, Sums, Sums];
  let [rows, whole] = [0, 0];
  for (const { value, fold, count, sum } of sums) {
    addTo(valueCounts, value, count);
    addTo(valueSums, value, sum);
    addTo(foldCounts, fold, count);
    addTo(foldTotals, fold, sum);
    rows += count;
    whole += sum;
  }
  const loss: FoldLoss = { informed: new Float64Array(folds), blind: new Float64Array(folds) };
  const of = (sums: Sums, key: number): number => sums.get(key) ?? 0;
  for (const { value, fold, count, sum, squares } of sums) {
    const blind = (whole - of(foldTotals, fold)) / Math.max(1, rows - of(foldCounts, fold));
    const informed =
      (of(valueSums, value) - sum + PRIOR_ROWS * blind) / (of(valueCounts, value) - count + PRIOR_ROWS);
    const error = (guess: number): number => Math.max(0, squares - 2 * guess * sum + count * guess * guess);
    loss.informed[fold] = (loss.informed[fold] ?? 0) + error(informed);
    loss.blind[fold] = (loss.blind[fold] ?? 0) + error(blind);
  }
  return compareLosses(loss);
}

/** Two-sided interval of a score by Student's t over the folds; never above 1. */
export function powerInterval(
  { score, standardError }: PredictivePower,
  folds: number,
  level: number,
): { readonly low: number; readonly high: number } {
  const reach = studentTUpperQuantile((1 - level) / 2, folds - 1) * standardError;
  return { low: score - reach, high: Math.min(1, score + reach) };
}
