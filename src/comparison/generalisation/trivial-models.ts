import type { MulticlassOutcomes, Outcomes } from '../../outcomes/outcomes.ts';
import { quantilesOf } from '../../statistics/quantile.ts';

/** A model that knows only how the target is distributed: the same answer for every example. */
export interface TrivialModel {
  /** What it answers: `always \`no\``, `the mean of the target`. */
  readonly answer: string;
  /** What it gives as scores, where that is something else. */
  readonly score?: string;
  /** Its outcomes on the test set. */
  readonly outcomes: Outcomes;
}

/** The shares of the labels. */
const PRIOR = 'the prior as every score';

/** Longest label in a sentence. */
const MAX_LABEL = 60;

/**
 * Constant models for a test set, those that no metric's best constant is missed by: for classes the most frequent and,
 * where there are scores, the prior; for numbers mean and median; for quantiles those of the target. Ratings of items,
 * forecasts and grades have none.
 * @param known what they know: the training set, or without one the test set itself, which flatters them
 */
export function listTrivialModels(test: Outcomes, known: Outcomes): readonly TrivialModel[] {
  switch (test.task) {
    case 'binary-classification':
      return known.task === test.task ? forBinary(test, known) : [];
    case 'multiclass-classification':
      return known.task === test.task ? forMulticlass(test, known) : [];
    case 'regression':
      return known.task === test.task ? forRegression(test, known) : [];
    case 'quantile-regression': {
      if (known.task !== test.task) return [];
      const values = quantilesOf(known.target, test.levels) ?? [];
      const predicted = test.levels.map((_, at) => constant(test.n, values[at] ?? Number.NaN));
      return [{ answer: 'the quantiles of the target', outcomes: { ...test, predicted } }];
    }
    case 'multilabel-classification':
    case 'ranking':
    case 'forecasting':
    case 'graded':
      return [];
  }
}

function constant(n: number, value: number): Float64Array {
  return new Float64Array(n).fill(value);
}

function forBinary(
  test: Extract<Outcomes, { readonly task: 'binary-classification' }>,
  known: Extract<Outcomes, { readonly task: 'binary-classification' }>,
): readonly TrivialModel[] {
  const prior = weightedMean(known.target, known.weights);
  const said = prior >= 0.5 ? [1, 0] : [0, 1];
  const score = test.score === undefined ? undefined : constant(test.n, prior);
  return said.map((label) => ({
    answer: `always ${quote(test.labels[label])}`,
    score: PRIOR,
    outcomes: { ...test, predicted: new Uint8Array(test.n).fill(label), score },
  }));
}

/** The prior of each label of the test set; labels that it lacks count nothing. */
function priorOf(test: MulticlassOutcomes, known: MulticlassOutcomes): readonly number[] {
  const weights = known.labels.map(() => 0);
  let total = 0;
  for (let row = 0; row < known.n; row++) {
    const label = known.target[row] ?? 0;
    const weight = known.weights?.[row] ?? 1;
    weights[label] = (weights[label] ?? 0) + weight;
    total += weight;
  }
  const byLabel = new Map(known.labels.map((label, code) => [label, weights[code] ?? 0]));
  return test.labels.map((label) => (byLabel.get(label) ?? 0) / total);
}

function forMulticlass(test: MulticlassOutcomes, known: MulticlassOutcomes): readonly TrivialModel[] {
  const prior = priorOf(test, known);
  const best = prior.reduce((best, share, label) => (share > (prior[best] ?? 0) ? label : best), 0);
  const predicted = new Uint16Array(test.n).fill(best);
  const { scores: _, trueProbability, trueRank, squaredErrors, ...rest } = test;
  // As the model's own: of equal scores those that sort later come first.
  const order = prior.map((_, label) => label).sort((a, b) => (prior[b] ?? 0) - (prior[a] ?? 0) || b - a);
  const ranks = prior.map((_, label) => order.indexOf(label) + 1);
  const squares = prior.reduce((sum, share) => sum + share * share, 0);
  const pick = (values: readonly number[]): Float64Array =>
    Float64Array.from(test.target, (label) => values[label] ?? Number.NaN);
  return [
    {
      answer: `always ${quote(test.labels[best])}`,
      score: PRIOR,
      outcomes: {
        ...rest,
        predicted,
        ...(trueProbability === undefined ? {} : { trueProbability: pick(prior) }),
        ...(trueRank === undefined ? {} : { trueRank: Uint32Array.from(pick(ranks)) }),
        ...(squaredErrors === undefined
          ? {}
          : { squaredErrors: pick(prior.map((share) => squares - 2 * share + 1)) }),
      },
    },
  ];
}

function forRegression(
  test: Extract<Outcomes, { readonly task: 'regression' }>,
  known: Extract<Outcomes, { readonly task: 'regression' }>,
): readonly TrivialModel[] {
  const mean = weightedMean(known.target, known.weights);
  const [median = Number.NaN] = quantilesOf(known.target, [0.5]) ?? [];
  return [
    { answer: 'the mean of the target', outcomes: { ...test, predicted: constant(test.n, mean) } },
    { answer: 'the median of the target', outcomes: { ...test, predicted: constant(test.n, median) } },
  ];
}

function weightedMean(values: ArrayLike<number>, weights: Float64Array | undefined): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * (values[row] ?? Number.NaN);
    total += weight;
  }
  return sum / total;
}

function quote(label: string | undefined): string {
  return `\`${(label ?? '').slice(0, MAX_LABEL)}\``;
}
