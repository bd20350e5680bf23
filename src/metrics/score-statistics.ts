/** Statistics of the scores of two classes: what a threshold that falls from the highest score to the lowest passes. */
import { ENDS_TIE, IS_POSITIVE } from '../statistics/auc.ts';
import { weightedAreaEffects } from '../statistics/weighted-auc.ts';
import type { StatisticForm } from './form.ts';
import { markScores, orderScores } from './score-order.ts';

/** Scores of positive and negative examples. */
export interface ScoredExamples {
  /** 1 for a positive example, 0 for a negative one. */
  readonly target: Uint8Array;
  readonly score: Float64Array;
}

type Weights = ArrayLike<number> | undefined;

/** What all examples weigh, by class. */
interface Totals {
  readonly positives: number;
  readonly negatives: number;
}

function totalsOf({ target }: ScoredExamples, weights: Weights): Totals {
  let [positives, all] = [0, target.length];
  if (weights === undefined) {
    for (let row = 0; row < target.length; row++) positives += target[row] ?? 0;
    return { positives, negatives: all - positives };
  }
  all = 0;
  for (let row = 0; row < target.length; row++) {
    const weight = weights[row] ?? 0;
    all += weight;
    if (target[row] === 1) positives += weight;
  }
  return { positives, negatives: all - positives };
}

/**
 * Visits each different score from the highest to the lowest with the weight of the positive and negative examples at
 * this score or above, until the visitor says to stop.
 * @param visit its third number is the position, in the ascending order of scores, of the lowest example passed
 */
function sweepDown(
  { target, score }: ScoredExamples,
  weights: Weights,
  visit: (positives: number, negatives: number, lowest: number) => boolean | void,
): void {
  const marks = markScores(target, score);
  const order = orderScores(score);
  let [positives, all] = [0, 0];
  for (let at = marks.length - 1; at >= 0;) {
    do {
      const weight = weights === undefined ? 1 : (weights[order[at] ?? 0] ?? 0);
      if (((marks[at] ?? 0) & IS_POSITIVE) !== 0) positives += weight;
      all += weight;
      at -= 1;
    } while (at >= 0 && ((marks[at] ?? 0) & ENDS_TIE) === 0);
    if (visit(positives, all - positives, at + 1) === false) return;
  }
}

const BOUNDS = { low: 0, high: 1 };

/**
 * Average precision: sum over thresholds of (rise of recall) * precision.
 * Source: scikit-learn average_precision_score; its influence function by differentiating the sum by a weight.
 */
export function averagePrecisionForm(examples: ScoredExamples): StatisticForm {
  const { target } = examples;
  return {
    kind: 'statistic',
    n: target.length,
    classes: target,
    bounds: BOUNDS,
    value: (weights) => averagePrecision(examples, weights),
    influences: (weights) => influencesOnAveragePrecision(examples, weights),
  };
}

/**
 * An example above a threshold changes the precision there, one at it the recall too. So a positive example has its own
 * precision less the average, and for each threshold at or below its score the rise of recall there times (1 -
 * precision) / n above; a negative one the same times -precision / n.
 */
function influencesOnAveragePrecision(examples: ScoredExamples, weights: Weights): Float64Array {
  const { target, score } = examples;
  const n = target.length;
  const { positives, negatives } = totalsOf(examples, weights);
  const average = averagePrecision(examples, weights);
  const [marks, order] = [markScores(target, score), orderScores(score)];
  const influences = new Float64Array(n);
  const scale = n / positives;
  let [above, all, gain, loss] = [positives, positives + negatives, 0, 0];
  for (let from = 0; from < n;) {
    let [to, rise, size] = [from, 0, 0];
    for (let mark = 0; (mark & ENDS_TIE) === 0 && to < n; to++) {
      mark = marks[to] ?? 0;
      const weight = weights === undefined ? 1 : (weights[order[to] ?? 0] ?? 0);
      size += weight;
      if ((mark & IS_POSITIVE) !== 0) rise += weight;
    }
    const precision = all > 0 ? above / all : 0;
    const slope = all > 0 ? rise / all : 0;
    gain += slope * (1 - precision);
    loss += slope * precision;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      const weight = weights === undefined ? 1 : (weights[row] ?? 0);
      const isPositive = ((marks[at] ?? 0) & IS_POSITIVE) !== 0;
      influences[row] = weight * scale * (isPositive ? precision - average + gain : -loss);
    }
    above -= rise;
    all -= size;
    from = to;
  }
  return influences;
}

function averagePrecision(examples: ScoredExamples, weights: Weights): number {
  const { positives } = totalsOf(examples, weights);
  let [before, sum] = [0, 0];
  sweepDown(examples, weights, (above, below) => {
    if (above > before) sum += ((above - before) * above) / (above + below);
    before = above;
  });
  return sum / positives;
}

/** True positive rate less false positive rate of the examples from a position in the ascending order of scores on. */
function gapAbove(examples: ScoredExamples, weights: Weights, lowest: number): number {
  const { target, score } = examples;
  const { positives, negatives } = totalsOf(examples, weights);
  const order = orderScores(score);
  let gap = 0;
  for (let at = lowest; at < order.length; at++) {
    const row = order[at] ?? 0;
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    gap += target[row] === 1 ? weight / positives : -weight / negatives;
  }
  return gap;
}

/** The largest true positive rate less false positive rate over all thresholds, by Kolmogorov and Smirnov. */
export function largestGapForm(examples: ScoredExamples): StatisticForm {
  const { target, score } = examples;
  const largest = (weights: Weights) => {
    const { positives, negatives } = totalsOf(examples, weights);
    let best = { gap: 0, lowest: target.length, recall: 0, fallout: 0 };
    sweepDown(examples, weights, (above, below, lowest) => {
      const [recall, fallout] = [above / positives, below / negatives];
      if (recall - fallout > best.gap) best = { gap: recall - fallout, lowest, recall, fallout };
    });
    return { ...best, positives, negatives };
  };
  return {
    kind: 'statistic',
    n: target.length,
    classes: target,
    bounds: BOUNDS,
    crossFit: (weights, half) => {
      const [first, second] = [0, 1].map((side) =>
        Float64Array.from(half, (own, row) => (own === side ? (weights?.[row] ?? 1) : 0)),
      );
      return (
        (gapAbove(examples, second, largest(first).lowest) +
          gapAbove(examples, first, largest(second).lowest)) /
        2
      );
    },
    value: (weights) => {
      const { positives, negatives, gap } = largest(weights);
      return positives > 0 && negatives > 0 ? gap : Number.NaN;
    },
    // The threshold itself has no first-order effect, because the gap is largest there.
    influences: (weights) => {
      const { lowest, recall, fallout, positives, negatives } = largest(weights);
      const influences = new Float64Array(target.length);
      const order = orderScores(score);
      for (let at = 0; at < order.length; at++) {
        const row = order[at] ?? 0;
        const weight = (weights === undefined ? 1 : (weights[row] ?? 0)) * target.length;
        const passed = at >= lowest ? 1 : 0;
        influences[row] =
          target[row] === 1
            ? (weight * (passed - recall)) / positives
            : (-weight * (passed - fallout)) / negatives;
      }
      return influences;
    },
  };
}

/** Twice the area under the ROC curve, less 1. */
export function giniForm({ target, score }: ScoredExamples): StatisticForm {
  const effectsOf = (weights: Weights) =>
    weightedAreaEffects(target, score, weights ?? new Uint8Array(target.length).fill(1), orderScores(score));
  return {
    kind: 'statistic',
    n: target.length,
    classes: target,
    bounds: { low: -1, high: 1 },
    value: (weights) => 2 * (effectsOf(weights)?.auc ?? Number.NaN) - 1,
    influences: (weights) => {
      const effects = effectsOf(weights)?.effects ?? new Float64Array(target.length);
      for (let row = 0; row < effects.length; row++) effects[row] = (effects[row] ?? 0) * 2 * effects.length;
      return effects;
    },
  };
}

/** A statistic of the thresholds that has no influence function in closed form. */
function sweepForm(
  examples: ScoredExamples,
  value: (weights: Weights, totals: Totals) => number,
): StatisticForm {
  return {
    kind: 'statistic',
    n: examples.target.length,
    classes: examples.target,
    bounds: BOUNDS,
    value: (weights) => {
      const totals = totalsOf(examples, weights);
      return totals.positives > 0 ? value(weights, totals) : Number.NaN;
    },
  };
}

/** Highest precision of the thresholds with at least this recall. */
export function precisionAtRecallForm(examples: ScoredExamples, least: number): StatisticForm {
  return sweepForm(examples, (weights, { positives }) => {
    let best = 0;
    sweepDown(examples, weights, (above, below) => {
      if (above > 0 && isAtLeast(above / positives, least)) best = Math.max(best, above / (above + below));
    });
    return best;
  });
}

/** Highest recall of the thresholds with at least this precision; 0 where none has. */
export function recallAtPrecisionForm(examples: ScoredExamples, least: number): StatisticForm {
  return sweepForm(examples, (weights, { positives }) => {
    let best = 0;
    sweepDown(examples, weights, (above, below) => {
      if (above > 0 && isAtLeast(above / (above + below), least)) best = Math.max(best, above / positives);
    });
    return best;
  });
}

/** Highest recall of the thresholds with at most this false positive rate. */
export function recallAtFalloutForm(examples: ScoredExamples, most: number): StatisticForm {
  return sweepForm(examples, (weights, { positives, negatives }) => {
    if (!(negatives > 0)) return Number.NaN;
    let best = 0;
    sweepDown(examples, weights, (above, below) => {
      if (!isAtLeast(most, below / negatives)) return false;
      best = above / positives;
      return true;
    });
    return best;
  });
}

/** Weight of the positive examples among the share of all with the highest scores; of equal scores each counts in part. */
function withinBudget(examples: ScoredExamples, weights: Weights, budget: number): number {
  let [found, positives, all] = [0, 0, 0];
  sweepDown(examples, weights, (above, below) => {
    const size = above + below;
    const part = size > all ? Math.min(1, (budget - all) / (size - all)) : 0;
    found += part * (above - positives);
    [positives, all] = [above, size];
    return all < budget;
  });
  return found;
}

/** Share of positives among the share of examples with the highest scores. */
export function precisionAtBudgetForm(examples: ScoredExamples, share: number): StatisticForm {
  return {
    kind: 'statistic',
    n: examples.target.length,
    classes: examples.target,
    basis: share,
    bounds: BOUNDS,
    value: (weights) => {
      const { positives, negatives } = totalsOf(examples, weights);
      const budget = share * (positives + negatives);
      return withinBudget(examples, weights, budget) / budget;
    },
  };
}

/** Share of the positives that are among the share of examples with the highest scores. */
export function recallAtBudgetForm(examples: ScoredExamples, share: number): StatisticForm {
  return sweepForm(
    examples,
    (weights, { positives, negatives }) =>
      withinBudget(examples, weights, share * (positives + negatives)) / positives,
  );
}

/** A share that misses a limit by rounding alone does not miss it: sums of weights are not whole. */
function isAtLeast(share: number, least: number): boolean {
  return share >= least - 1e-12;
}
