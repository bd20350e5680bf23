/** Metrics that are functions of the counts by class, each by its partial derivatives. */
import { f1OfClass, type ClassTable, type TableMetric } from './class-table.ts';

/** Partial derivatives of a value with respect to the counts of a class table. */
interface Partials {
  readonly n: number;
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/**
 * A metric by its value and its derivatives. One example more of a class and a prediction adds to n and to up to three
 * counts; a value that does not depend on the size of the table has the sum of their derivatives, times n, as its
 * influence. Derivatives are taken once for each table.
 */
function defineMetric(
  value: (table: ClassTable) => number,
  differentiate: (table: ClassTable) => Partials,
): TableMetric {
  const known = new WeakMap<ClassTable, Partials>();
  return {
    value,
    influence: (table, truth, prediction) => {
      let partials = known.get(table);
      if (partials === undefined) known.set(table, (partials = differentiate(table)));
      const hit = truth === prediction ? (partials.hits[truth] ?? 0) : 0;
      return (
        table.n * (partials.n + (partials.actual[truth] ?? 0) + (partials.predicted[prediction] ?? 0) + hit)
      );
    },
  };
}

/** Counts of one class in a table of n examples. */
interface ClassCounts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** A score of one class as numerator over denominator, both linear in its counts: coefficients of each. */
interface ClassScore {
  readonly above: ClassCounts;
  readonly below: ClassCounts;
}

const ZERO: ClassCounts = { hits: 0, predicted: 0, actual: 0 };
const ONLY_HITS: ClassCounts = { ...ZERO, hits: 1 };

const PRECISION_OF_CLASS: ClassScore = { above: ONLY_HITS, below: { ...ZERO, predicted: 1 } };
const RECALL_OF_CLASS: ClassScore = { above: ONLY_HITS, below: { ...ZERO, actual: 1 } };
const JACCARD_OF_CLASS: ClassScore = { above: ONLY_HITS, below: { hits: -1, predicted: 1, actual: 1 } };

/** (1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP). Source: C. J. van Rijsbergen (1979), chapter 7. */
function fOfClass(beta: number): ClassScore {
  const square = beta * beta;
  return { above: { ...ZERO, hits: 1 + square }, below: { hits: 0, predicted: 1, actual: square } };
}

function countsAt(table: ClassTable, label: number): ClassCounts {
  return {
    hits: table.hits[label] ?? 0,
    predicted: table.predicted[label] ?? 0,
    actual: table.actual[label] ?? 0,
  };
}

function combine(coefficients: ClassCounts, counts: ClassCounts): number {
  return (
    coefficients.hits * counts.hits +
    coefficients.predicted * counts.predicted +
    coefficients.actual * counts.actual
  );
}

/** NaN where nothing is counted. */
function scoreClass({ above, below }: ClassScore, counts: ClassCounts): number {
  const denominator = combine(below, counts);
  return denominator === 0 ? Number.NaN : combine(above, counts) / denominator;
}

/** Derivative of a score with respect to each count; 0 where nothing is counted. */
function differentiateScore(score: ClassScore, counts: ClassCounts): ClassCounts {
  const { above, below } = score;
  const denominator = combine(below, counts);
  if (denominator === 0) return ZERO;
  const value = combine(above, counts) / denominator;
  return {
    hits: (above.hits - value * below.hits) / denominator,
    predicted: (above.predicted - value * below.predicted) / denominator,
    actual: (above.actual - value * below.actual) / denominator,
  };
}

function noPartials(classes: number): {
  n: number;
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
} {
  return {
    n: 0,
    hits: new Float64Array(classes),
    predicted: new Float64Array(classes),
    actual: new Float64Array(classes),
  };
}

/** A score of one class. */
function ofClass(score: ClassScore, label: number): TableMetric {
  return defineMetric(
    (table) => scoreClass(score, countsAt(table, label)),
    (table) => {
      const partials = noPartials(table.hits.length);
      const slopes = differentiateScore(score, countsAt(table, label));
      partials.hits[label] = slopes.hits;
      partials.predicted[label] = slopes.predicted;
      partials.actual[label] = slopes.actual;
      return partials;
    },
  );
}

/** The positive class of a binary table. */
const POSITIVE = 1;
const NEGATIVE = 0;

/** F of the positive class; beta above 1 favours recall. */
export function createF(beta: number): TableMetric {
  return ofClass(fOfClass(beta), POSITIVE);
}

export const F1 = createF(1);
export const JACCARD = ofClass(JACCARD_OF_CLASS, POSITIVE);

/** Share of examples predicted positive that are. */
export const PRECISION: TableMetric = {
  ...ofClass(PRECISION_OF_CLASS, POSITIVE),
  shareOfPredicted: POSITIVE,
};

/** Share of examples predicted negative that are. */
export const NEGATIVE_PREDICTIVE_VALUE: TableMetric = {
  ...ofClass(PRECISION_OF_CLASS, NEGATIVE),
  shareOfPredicted: NEGATIVE,
};

/** Whether a class occurs in the truth, or in truth or prediction. */
type Occurs = (counts: ClassCounts) => boolean;
const occursAnywhere: Occurs = ({ predicted, actual }) => predicted + actual > 0;
const occursInTruth: Occurs = ({ actual }) => actual > 0;

/** The mean of a score over the classes that occur, each alike; a score without a denominator counts 0. */
function averageClasses(score: ClassScore, occurs: Occurs): TableMetric {
  const countClasses = (table: ClassTable): number => {
    let classes = 0;
    for (let label = 0; label < table.hits.length; label++) if (occurs(countsAt(table, label))) classes += 1;
    return classes;
  };
  return defineMetric(
    (table) => {
      let sum = 0;
      for (let label = 0; label < table.hits.length; label++) {
        const counts = countsAt(table, label);
        if (!occurs(counts)) continue;
        const one = scoreClass(score, counts);
        if (!Number.isNaN(one)) sum += one;
      }
      return sum / countClasses(table);
    },
    (table) => {
      const [partials, classes] = [noPartials(table.hits.length), countClasses(table)];
      for (let label = 0; label < table.hits.length; label++) {
        const counts = countsAt(table, label);
        if (!occurs(counts)) continue;
        const slopes = differentiateScore(score, counts);
        partials.hits[label] = slopes.hits / classes;
        partials.predicted[label] = slopes.predicted / classes;
        partials.actual[label] = slopes.actual / classes;
      }
      return partials;
    },
  );
}

/** The mean of a score over the classes by how often each is true; a score without a denominator counts 0. */
function weighClasses(score: ClassScore): TableMetric {
  const scoreOf = (counts: ClassCounts): number => scoreClass(score, counts) || 0;
  const valueOf = (table: ClassTable): number => {
    let sum = 0;
    for (let label = 0; label < table.hits.length; label++) {
      const counts = countsAt(table, label);
      if (counts.actual > 0) sum += counts.actual * scoreOf(counts);
    }
    return sum / table.n;
  };
  return defineMetric(valueOf, (table) => {
    const partials = noPartials(table.hits.length);
    partials.n = -valueOf(table) / table.n;
    for (let label = 0; label < table.hits.length; label++) {
      const counts = countsAt(table, label);
      const slopes = differentiateScore(score, counts);
      const share = counts.actual / table.n;
      partials.hits[label] = share * slopes.hits;
      partials.predicted[label] = share * slopes.predicted;
      partials.actual[label] = share * slopes.actual + scoreOf(counts) / table.n;
    }
    return partials;
  });
}

export const MACRO_F1: TableMetric = {
  ...averageClasses(fOfClass(1), occursAnywhere),
  // As f1OfClass, which the decomposition by class sums up.
  value: (table) => {
    let [sum, classes] = [0, 0];
    for (let label = 0; label < table.hits.length; label++) {
      const f1 = f1OfClass(table, label);
      if (Number.isNaN(f1)) continue;
      sum += f1;
      classes += 1;
    }
    return sum / classes;
  },
};
export const MACRO_PRECISION = averageClasses(PRECISION_OF_CLASS, occursAnywhere);
export const MACRO_RECALL = averageClasses(RECALL_OF_CLASS, occursAnywhere);
export const MACRO_JACCARD = averageClasses(JACCARD_OF_CLASS, occursAnywhere);
export const WEIGHTED_F1 = weighClasses(fOfClass(1));
export const WEIGHTED_PRECISION = weighClasses(PRECISION_OF_CLASS);
export const WEIGHTED_RECALL = weighClasses(RECALL_OF_CLASS);

/** Mean recall of the classes that are in the truth. */
export const BALANCED_ACCURACY = averageClasses(RECALL_OF_CLASS, occursInTruth);

/** Sums of a table: of the hits, and of products and squares of the classes' counts. */
function sumsOf({ hits, predicted, actual }: ClassTable) {
  const sums = { hits: 0, product: 0, predictedSquares: 0, actualSquares: 0 };
  for (let label = 0; label < hits.length; label++) {
    const [p, a] = [predicted[label] ?? 0, actual[label] ?? 0];
    sums.hits += hits[label] ?? 0;
    sums.product += p * a;
    sums.predictedSquares += p * p;
    sums.actualSquares += a * a;
  }
  return sums;
}

/**
 * Matthews' correlation of truth and prediction for any number of classes; 0 where either has a single class.
 * Source: B. W. Matthews, Biochimica et Biophysica Acta 405 (1975) 442-451; J. Gorodkin, Computational Biology and
 * Chemistry 28 (2004) 367-374 for several classes.
 */
export const MATTHEWS_CORRELATION = defineMetric(
  (table) => {
    const { hits, product, predictedSquares, actualSquares } = sumsOf(table);
    const spread = (table.n ** 2 - predictedSquares) * (table.n ** 2 - actualSquares);
    return spread > 0 ? (table.n * hits - product) / Math.sqrt(spread) : 0;
  },
  (table) => {
    const { n } = table;
    const { hits, product, predictedSquares, actualSquares } = sumsOf(table);
    const [ofPredicted, ofActual] = [n ** 2 - predictedSquares, n ** 2 - actualSquares];
    const partials = noPartials(table.hits.length);
    const root = Math.sqrt(ofPredicted * ofActual);
    if (!(root > 0)) return partials;
    const value = (n * hits - product) / root;
    partials.n = hits / root - value * n * (1 / ofPredicted + 1 / ofActual);
    for (let label = 0; label < table.hits.length; label++) {
      const [p, a] = [table.predicted[label] ?? 0, table.actual[label] ?? 0];
      partials.hits[label] = n / root;
      partials.predicted[label] = -a / root + (value * p) / ofPredicted;
      partials.actual[label] = -p / root + (value * a) / ofActual;
    }
    return partials;
  },
);

/**
 * Cohen's kappa; undefined where truth and prediction have one and the same class only.
 * Source: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46.
 */
export const KAPPA = defineMetric(
  (table) => {
    const { hits, product } = sumsOf(table);
    const room = table.n ** 2 - product;
    return room > 0 ? (table.n * hits - product) / room : Number.NaN;
  },
  (table) => {
    const { n } = table;
    const { hits, product } = sumsOf(table);
    const partials = noPartials(table.hits.length);
    const room = n ** 2 - product;
    const value = (n * hits - product) / room;
    partials.n = (hits - 2 * n * value) / room;
    for (let label = 0; label < table.hits.length; label++) {
      const [p, a] = [table.predicted[label] ?? 0, table.actual[label] ?? 0];
      partials.hits[label] = n / room;
      partials.predicted[label] = (-a * (1 - value)) / room;
      partials.actual[label] = (-p * (1 - value)) / room;
    }
    return partials;
  },
);
