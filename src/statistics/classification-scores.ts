/** Scores of predicted classes: precision, recall and F by class and averaged, and chance-corrected agreement. */
import { groupBy } from './group-by.ts';

/** One class (or label) against all others. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

/** Each is 0 where its denominator is. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  /** (1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP). */
  readonly f: number;
  readonly jaccard: number;
}

/** How classes are averaged: their counts first, all alike, or by how often each is true. */
export type Averaging = 'micro' | 'macro' | 'weighted';

type Labels = ArrayLike<number>;

function divide(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

/** Scores of one class; beta above 1 favours recall. Source: C. J. van Rijsbergen, Information Retrieval (1979), ch. 7. */
export function scoreClass(
  { truePositives: tp, falsePositives: fp, falseNegatives: fn }: ClassCounts,
  beta = 1,
): ClassScores {
  const square = beta * beta;
  return {
    precision: divide(tp, tp + fp),
    recall: divide(tp, tp + fn),
    f: divide((1 + square) * tp, (1 + square) * tp + square * fn + fp),
    jaccard: divide(tp, tp + fp + fn),
  };
}

/** Averages of the scores of classes; by support all are 0 where nothing is true. */
export function averageScores(classes: readonly ClassCounts[], averaging: Averaging, beta = 1): ClassScores {
  if (averaging === 'micro') {
    const total = (part: keyof ClassCounts): number => classes.reduce((sum, counts) => sum + counts[part], 0);
    const [truePositives, falsePositives] = [total('truePositives'), total('falsePositives')];
    return scoreClass({ truePositives, falsePositives, falseNegatives: total('falseNegatives') }, beta);
  }
  const weights = classes.map((counts) =>
    averaging === 'macro' ? 1 : counts.truePositives + counts.falseNegatives,
  );
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const scores = classes.map((counts) => scoreClass(counts, beta));
  const mean = (part: keyof ClassScores): number =>
    divide(
      scores.reduce((sum, score, at) => sum + score[part] * (weights[at] ?? 0), 0),
      weight,
    );
  return { precision: mean('precision'), recall: mean('recall'), f: mean('f'), jaccard: mean('jaccard') };
}

/**
 * Confusion matrix: rows are true classes, columns predicted ones.
 * @throws RangeError when lengths differ or a label is not an integer from 0 to classes - 1.
 */
export function countConfusions(truth: Labels, predicted: Labels, classes: number): number[][] {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} labels do not match ${predicted.length} predictions.`);
  }
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let index = 0; index < truth.length; index++) {
    const [row, column] = [matrix[truth[index] ?? -1], predicted[index] ?? -1];
    const count = row?.[column];
    if (row === undefined || count === undefined) {
      throw new RangeError(
        `Example ${index} is ${truth[index]} and ${predicted[index]}, not classes below ${classes}.`,
      );
    }
    row[column] = count + 1;
  }
  return matrix;
}

type Matrix = readonly (readonly number[])[];

function sumRow(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0);
}

function sumColumn(matrix: Matrix, column: number): number {
  return matrix.reduce((sum, row) => sum + (row[column] ?? 0), 0);
}

/** Each class of a confusion matrix against all others. */
export function classCountsOf(matrix: Matrix): ClassCounts[] {
  return matrix.map((row, label) => {
    const truePositives = row[label] ?? 0;
    return {
      truePositives,
      falsePositives: sumColumn(matrix, label) - truePositives,
      falseNegatives: sumRow(row) - truePositives,
    };
  });
}

/** Each label of multilabel data against its absence; a row has 0 or 1 for each label. */
export function labelCountsOf(truth: readonly Labels[], predicted: readonly Labels[]): ClassCounts[] {
  if (truth.length !== predicted.length) {
    throw new RangeError(`${truth.length} rows do not match ${predicted.length} predicted rows.`);
  }
  return Array.from({ length: truth[0]?.length ?? 0 }, (_, label) => {
    const columnOf = (rows: readonly Labels[]): number[] => rows.map((row) => row[label] ?? 0);
    return countAgreement(columnOf(truth), columnOf(predicted));
  });
}

/** True positives, false positives and false negatives of values 0 or 1. */
export function countAgreement(truth: Labels, predicted: Labels): ClassCounts {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  for (let index = 0; index < truth.length; index++) {
    const [real, claimed] = [truth[index] === 1, predicted[index] === 1];
    if (real && claimed) truePositives++;
    else if (claimed) falsePositives++;
    else if (real) falseNegatives++;
  }
  return { truePositives, falsePositives, falseNegatives };
}

/** Mean recall of the classes that occur in the truth; undefined without any example. */
export function balancedAccuracy(matrix: Matrix): number | undefined {
  const recalls = classCountsOf(matrix)
    .filter(({ truePositives, falseNegatives }) => truePositives + falseNegatives > 0)
    .map((counts) => scoreClass(counts).recall);
  return recalls.length === 0 ? undefined : sumRow(recalls) / recalls.length;
}

/** Shares of a confusion matrix: the diagonal, and sums over classes of products of the true and predicted shares. */
function agreementShares(matrix: Matrix) {
  const total = matrix.reduce((sum, row) => sum + sumRow(row), 0);
  let [diagonal, product, trueSquares, predictedSquares] = [0, 0, 0, 0];
  matrix.forEach((row, label) => {
    const [real, claimed] = [sumRow(row) / total, sumColumn(matrix, label) / total];
    diagonal += (row[label] ?? 0) / total;
    product += real * claimed;
    trueSquares += real * real;
    predictedSquares += claimed * claimed;
  });
  return { diagonal, product, trueSquares, predictedSquares };
}

/**
 * Matthews' correlation of truth and prediction for any number of classes, by shares so that large counts do not
 * overflow; 0 where either has a single class.
 * Source: B. W. Matthews, Biochimica et Biophysica Acta 405 (1975) 442-451; J. Gorodkin (2004) for several classes.
 */
export function matthewsCorrelation(matrix: Matrix): number {
  const { diagonal, product, trueSquares, predictedSquares } = agreementShares(matrix);
  const spread = (1 - trueSquares) * (1 - predictedSquares);
  return spread > 0 ? (diagonal - product) / Math.sqrt(spread) : 0;
}

/**
 * Cohen's kappa; undefined where both have one and the same class only.
 * Source: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46.
 */
export function cohenKappa(matrix: Matrix): number | undefined {
  const { diagonal, product } = agreementShares(matrix);
  return product < 1 ? (diagonal - product) / (1 - product) : undefined;
}

/** Rates of one group; those without a denominator are undefined: exclude and report them, they are not 0. */
export interface GroupRates {
  readonly n: number;
  readonly selectionRate: number;
  readonly truePositiveRate: number | undefined;
  readonly falsePositiveRate: number | undefined;
}

/** Share of the chosen rows that are predicted positive; undefined for none. */
function selectedShare(rows: readonly number[], predicted: Labels): number | undefined {
  return rows.length === 0 ? undefined : rows.filter((row) => predicted[row] === 1).length / rows.length;
}

function ratesOf(rows: readonly number[], truth: Labels, predicted: Labels): GroupRates {
  const [positives, negatives] = [1, 0].map((value) => rows.filter((row) => truth[row] === value));
  return {
    n: rows.length,
    selectionRate: selectedShare(rows, predicted) ?? 0,
    truePositiveRate: selectedShare(positives ?? [], predicted),
    falsePositiveRate: selectedShare(negatives ?? [], predicted),
  };
}

/**
 * Rates of predicted positives by group.
 * @param truth 0 or 1; `predicted` likewise.
 * @throws RangeError when lengths differ.
 */
export function ratesByGroup(
  truth: Labels,
  predicted: Labels,
  groups: readonly string[],
): ReadonlyMap<string, GroupRates> {
  if (truth.length !== predicted.length || truth.length !== groups.length) {
    throw new RangeError(
      `${truth.length} labels, ${predicted.length} predictions and ${groups.length} groups differ.`,
    );
  }
  const rows = groupBy(groups.keys(), (row) => groups[row] ?? '');
  return new Map([...rows].map(([group, members]) => [group, ratesOf(members, truth, predicted)]));
}

/** Largest less smallest of the defined rates, and smallest over largest; 0 and 1 for a single group. */
export function compareRates(rates: readonly (number | undefined)[]): {
  readonly difference: number;
  readonly ratio: number;
} {
  const defined = rates.filter((rate) => rate !== undefined);
  const [least, most] = [Math.min(...defined), Math.max(...defined)];
  if (defined.length < 2) return { difference: 0, ratio: 1 };
  return { difference: most - least, ratio: most === 0 ? 1 : least / most };
}
