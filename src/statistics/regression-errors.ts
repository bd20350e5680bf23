/** Errors of predicted numbers, with weights. */
import { sumOf } from './means.ts';

type Numbers = ArrayLike<number>;

/** The usual errors of one set of predictions. */
export interface RegressionErrors {
  readonly meanSquaredError: number;
  readonly meanAbsoluteError: number;
  /** The smallest absolute error with at least half the weight at or below it; without weights the middle two's mean. */
  readonly medianAbsoluteError: number;
  /** 1 - squared error / that of the mean; undefined for fewer than two examples. Of a constant target 1 if all are right, else 0. */
  readonly rSquared: number | undefined;
  /** As rSquared, of what remains when the mean error is taken off. */
  readonly explainedVariance: number | undefined;
}

function requirePairs(target: Numbers, predicted: Numbers): void {
  if (target.length === 0 || target.length !== predicted.length) {
    throw new RangeError(`${target.length} targets do not match ${predicted.length} predictions.`);
  }
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return sumOf(values.map((value, at) => value * (weights[at] ?? 0))) / sumOf(weights);
}

function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = values.map((_, index) => index).sort((x, y) => (values[x] ?? 0) - (values[y] ?? 0));
  const half = sumOf(weights) / 2;
  let cumulative = 0;
  const found = order.find((index) => (cumulative += weights[index] ?? 0) >= half);
  return values[found ?? order.at(-1) ?? 0] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function shareExplained(unexplained: number, total: number): number {
  if (total > 0) return 1 - unexplained / total;
  return unexplained === 0 ? 1 : 0;
}

/**
 * Errors of predictions.
 * @param weights of the examples, at least 0 and not all 0; all 1 when left out.
 * @throws RangeError when there are no examples or lengths differ.
 */
export function regressionErrors(
  target: Numbers,
  predicted: Numbers,
  weights?: readonly number[],
): RegressionErrors {
  requirePairs(target, predicted);
  const truth = Array.from(target);
  const weight = weights ?? truth.map(() => 1);
  const residuals = truth.map((value, at) => value - (predicted[at] ?? Number.NaN));
  const absolute = residuals.map(Math.abs);
  const spreadOf = (values: readonly number[], centre: number): number =>
    weightedMean(
      values.map((value) => (value - centre) ** 2),
      weight,
    );
  const meanSquaredError = spreadOf(residuals, 0);
  const total = spreadOf(truth, weightedMean(truth, weight));
  const isEnough = truth.length > 1;
  return {
    meanSquaredError,
    meanAbsoluteError: weightedMean(absolute, weight),
    medianAbsoluteError: weights === undefined ? median(absolute) : weightedMedian(absolute, weights),
    rSquared: isEnough ? shareExplained(meanSquaredError, total) : undefined,
    explainedVariance: isEnough
      ? shareExplained(spreadOf(residuals, weightedMean(residuals, weight)), total)
      : undefined,
  };
}

/** Errors relative to what they are errors of. */
export interface PercentageErrors {
  /** Mean of |error| / |target|; huge where a target is 0. */
  readonly meanAbsolute: number;
  /** Sum of |error| over sum of |target|. */
  readonly weightedAbsolute: number;
  /** Mean of 2 |error| / (|target| + |prediction|), from 0 to 2; 0 where both are 0. */
  readonly symmetric: number;
}

/** Percentage errors, as shares. @throws RangeError as regressionErrors. */
export function percentageErrors(target: Numbers, predicted: Numbers): PercentageErrors {
  requirePairs(target, predicted);
  const n = target.length;
  const sizes = Array.from(target, Math.abs);
  const errors = Array.from(target, (y, at) => Math.abs(y - (predicted[at] ?? Number.NaN)));
  const scales = sizes.map((size, at) => size + Math.abs(predicted[at] ?? Number.NaN));
  return {
    meanAbsolute: sumOf(errors.map((error, at) => error / Math.max(sizes[at] ?? 0, Number.EPSILON))) / n,
    weightedAbsolute: sumOf(errors) / sumOf(sizes),
    symmetric: sumOf(errors.map((error, at) => (error === 0 ? 0 : (2 * error) / (scales[at] ?? 0)))) / n,
  };
}

/** y ln(y / mu), 0 for y = 0. */
function entropyTerm(y: number, mu: number): number {
  return y === 0 ? 0 : y * Math.log(y / mu);
}

function unitDeviance(y: number, mu: number, power: number): number {
  if (power === 0) return (y - mu) ** 2;
  if (power === 1) return 2 * (entropyTerm(y, mu) - y + mu);
  if (power === 2) return 2 * (Math.log(mu / y) + y / mu - 1);
  const first = Math.max(y, 0) ** (2 - power) / ((1 - power) * (2 - power));
  return 2 * (first - (y * mu ** (1 - power)) / (1 - power) + mu ** (2 - power) / (2 - power));
}

/**
 * Mean deviance of Tweedie's distributions: power 0 normal, 1 Poisson, 2 gamma, between them compound Poisson.
 * Source: B. Jorgensen, The Theory of Dispersion Models (1997), section 4.2.
 * @throws RangeError as regressionErrors, when the power lies in (0, 1), or where the deviance is not defined: a
 * prediction that is not positive, a negative target, from power 2 on a target of 0.
 */
export function meanTweedieDeviance(target: Numbers, predicted: Numbers, power: number): number {
  requirePairs(target, predicted);
  if (!(power <= 0 || power >= 1))
    throw new RangeError(`There is no Tweedie distribution of power ${power}.`);
  const deviances = Array.from(target, (y, at) => {
    const mu = predicted[at] ?? Number.NaN;
    const isDefined = power === 0 || (mu > 0 && (power < 0 || y > 0 || (y === 0 && power < 2)));
    if (!isDefined) throw new RangeError(`Example ${at} has target ${y} and prediction ${mu}: no deviance.`);
    return unitDeviance(y, mu, power);
  });
  return sumOf(deviances) / deviances.length;
}

/** Mean squared difference of ln(1 + value). @throws RangeError as regressionErrors, and for values of -1 or less. */
export function meanSquaredLogError(target: Numbers, predicted: Numbers): number {
  requirePairs(target, predicted);
  const squares = Array.from(
    target,
    (y, at) => (Math.log1p(y) - Math.log1p(predicted[at] ?? Number.NaN)) ** 2,
  );
  const sum = sumOf(squares);
  if (!Number.isFinite(sum)) throw new RangeError('A logarithmic error needs values above -1.');
  return sum / squares.length;
}
