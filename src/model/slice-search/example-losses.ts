import { absoluteErrors, logLosses } from '../../metrics/losses.ts';
import type {
  ForecastingOutcomes,
  GradedOutcomes,
  MulticlassOutcomes,
  Outcomes,
  RankingOutcomes,
} from '../../outcomes/outcomes.ts';
import { normalisedGain } from '../../statistics/ranking-scores.ts';

/** How much each example went wrong: at least 0, NaN where nothing can be said of it. */
export interface ExampleLosses {
  /** As evidence names it. */
  readonly name: string;
  readonly values: Float64Array;
}

/** Items of a query that count. */
const RANKING_CUTOFF = 10;

/**
 * The loss of each example in which weak slices are searched: log loss where there are probabilities, else errors;
 * the share of wrong labels; absolute errors; pinball loss; 1 - NDCG@10 of a query; what grades lack of the best one.
 */
export function measureLosses(outcomes: Outcomes): ExampleLosses {
  switch (outcomes.task) {
    case 'binary-classification':
      return outcomes.score === undefined
        ? { name: 'error', values: disagreements(outcomes.target, outcomes.predicted) }
        : { name: 'log_loss', values: logLosses(outcomes.target, outcomes.score) };
    case 'multiclass-classification':
      return lossesOfClasses(outcomes);
    case 'multilabel-classification':
      return {
        name: 'hamming_loss',
        values: meanOf(
          outcomes.target.map((target, label) =>
            disagreements(target, outcomes.predicted[label] ?? new Uint8Array()),
          ),
          outcomes.n,
        ),
      };
    case 'regression':
      return { name: 'absolute_error', values: absoluteErrors(outcomes.target, outcomes.predicted) };
    case 'quantile-regression':
      return { name: 'pinball', values: pinballLosses(outcomes.target, outcomes.levels, outcomes.predicted) };
    case 'ranking':
      return { name: `1 - ndcg@${RANKING_CUTOFF}`, values: missedGains(outcomes) };
    case 'forecasting':
      return lossesOfForecasts(outcomes);
    case 'graded':
      return { name: 'lack of grade', values: lacksOfGrades(outcomes) };
  }
}

type Codes = Uint8Array | Uint16Array;

function disagreements(target: Codes, predicted: Codes): Float64Array {
  return Float64Array.from(target, (code, row) => (code === predicted[row] ? 0 : 1));
}

/** The mean of several losses of each example. */
function meanOf(columns: readonly Float64Array[], n: number): Float64Array {
  const means = new Float64Array(n);
  for (const column of columns) {
    for (let row = 0; row < n; row++) means[row] = (means[row] ?? 0) + (column[row] ?? 0) / columns.length;
  }
  return means;
}

function lossesOfClasses({ target, predicted, trueProbability }: MulticlassOutcomes): ExampleLosses {
  if (trueProbability === undefined) return { name: 'error', values: disagreements(target, predicted) };
  return { name: 'log_loss', values: logLosses(new Uint8Array(target.length).fill(1), trueProbability) };
}

function pinballLosses(
  target: Float64Array,
  levels: readonly number[],
  predicted: readonly Float64Array[],
): Float64Array {
  const byLevel = levels.map((level, index) =>
    target.map((value, row) => {
      const error = value - (predicted[index]?.[row] ?? Number.NaN);
      return Math.max(level * error, (level - 1) * error);
    }),
  );
  return meanOf(byLevel, target.length);
}

function lossesOfForecasts({
  target,
  predicted,
  scale,
  levels,
  quantiles,
}: ForecastingOutcomes): ExampleLosses {
  if (predicted === undefined) return { name: 'pinball', values: pinballLosses(target, levels, quantiles) };
  const errors = absoluteErrors(target, predicted);
  if (scale === undefined) return { name: 'absolute_error', values: errors };
  const scaled = errors.map((error, row) => {
    const own = scale[row] ?? Number.NaN;
    return own > 0 ? error / own : Number.NaN;
  });
  return { name: 'scaled_error', values: scaled };
}

/** A query without any relevant item cannot be ranked well or badly. */
function missedGains({ n, ends, relevance, score }: RankingOutcomes): Float64Array {
  return Float64Array.from({ length: n }, (_, query) => {
    const [start, end] = [query === 0 ? 0 : (ends[query - 1] ?? 0), ends[query] ?? 0];
    const wanted = relevance.subarray(start, end);
    if (wanted.every((gain) => gain === 0)) return Number.NaN;
    return 1 - normalisedGain(wanted, score.subarray(start, end), { top: RANKING_CUTOFF });
  });
}

/** Of each grade the distance from the best one, as a share of its range, on average. */
function lacksOfGrades({ n, grades, directions, bounds }: GradedOutcomes): Float64Array {
  const lacks = grades.map((column, index) => {
    let [low, high] = bounds[index] ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const grade of column) [low, high] = [Math.min(low, grade), Math.max(high, grade)];
    const best = directions[index] === 'lower-is-better' ? low : high;
    return column.map((grade) => (high > low ? Math.abs(grade - best) / (high - low) : 0));
  });
  return meanOf(lacks, n);
}
