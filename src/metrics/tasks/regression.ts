/** Metrics of regression. */
import { sumOf } from '../../statistics/means.ts';
import {
  ANY_NUMBER,
  CORRELATION,
  INTERVALS,
  NOT_NEGATIVE,
  UNIT_INTERVAL,
  type TaskMetric,
} from '../definition.ts';
import type { RegressionExamples } from '../examples.ts';
import { meanForm, rootForm, type MeansForm } from '../form.ts';
import { absoluteErrors, products, squaredErrors } from '../losses.ts';
import { largestForm, medianForm, rankCorrelationForm } from '../value-statistics.ts';

/** Below this share of the mean square, a variance is rounding: the target is constant. */
const CONSTANT_VARIANCE = 1e-12;

/** A variance from a mean square and a mean; 0 where only rounding is left of it. */
function varianceOf(square: number, mean: number): number {
  const variance = square - mean * mean;
  return variance <= CONSTANT_VARIANCE * square ? 0 : variance;
}

/** Variance of the target from its mean and mean square, at positions 1 and 2. */
function targetVariance({ 1: mean = Number.NaN, 2: square = Number.NaN }: ArrayLike<number>): number {
  return varianceOf(square, mean);
}

/** A column less its mean, so that differences of its moments keep their digits; one that does not vary becomes 0. */
function centre(column: Float64Array): Float64Array {
  if (column.every((value) => value === column[0])) return new Float64Array(column.length);
  const mean = sumOf(column) / column.length;
  return column.map((value) => value - mean);
}

function determinationForm({ target, predicted, n }: RegressionExamples): MeansForm {
  const centred = centre(target);
  return {
    kind: 'means',
    columns: [squaredErrors(target, predicted), centred, products(centred, centred)],
    plain: false,
    value: (means) => {
      const [error, variance] = [means[0] ?? Number.NaN, targetVariance(means)];
      if (n < 2) return Number.NaN;
      if (variance === 0) return error === 0 ? 1 : 0;
      return 1 - error / variance;
    },
    gradient: (means) => {
      const [error, variance] = [means[0] ?? Number.NaN, targetVariance(means)];
      const slope = error / variance ** 2;
      return [-1 / variance, -2 * (means[1] ?? Number.NaN) * slope, slope];
    },
  };
}

type RegressionMetric = TaskMetric<RegressionExamples>;
type Loss = (target: number, predicted: number) => number;

/** One value for each example; not a number where the loss is undefined for it. */
function losses({ target, predicted }: RegressionExamples, loss: Loss): Float64Array {
  const values = new Float64Array(target.length);
  for (let row = 0; row < values.length; row++) {
    values[row] = loss(target[row] ?? Number.NaN, predicted[row] ?? Number.NaN);
  }
  return values;
}

/** The mean of a loss. */
function ofLoss(
  definition: Omit<RegressionMetric, 'formOf' | 'needs' | 'definition' | 'interval' | 'comparison'>,
  loss: Loss,
): RegressionMetric {
  return {
    ...definition,
    needs: 'prediction',
    definition: 1,
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    formOf: (examples) => meanForm(losses(examples, loss)),
  };
}

/** The least that scikit-learn divides a percentage error by. */
const LEAST_DIVISOR = 2 ** -52;

/** Squared difference of logarithms; not a number from -1 down. */
const logarithmicError: Loss = (y, p) =>
  y > -1 && p > -1 ? (Math.log1p(p) - Math.log1p(y)) ** 2 : Number.NaN;

/** y ln(y / p), 0 where y is. */
function crossLogarithm(y: number, p: number): number {
  return y === 0 ? 0 : y * Math.log(y / p);
}

/**
 * Unit deviance of Tweedie's distributions; not a number outside their domain.
 * Source: B. Jørgensen, The Theory of Dispersion Models (1997), chapter 4; scikit-learn mean_tweedie_deviance.
 */
function tweedieDeviance(power: number): Loss {
  if (power === 1) return (y, p) => (y >= 0 && p > 0 ? 2 * (crossLogarithm(y, p) - y + p) : Number.NaN);
  if (power === 2) return (y, p) => (y > 0 && p > 0 ? 2 * (Math.log(p / y) + y / p - 1) : Number.NaN);
  const isInDomain = (y: number, p: number): boolean => p > 0 && (power < 2 ? y >= 0 : y > 0);
  return (y, p) =>
    isInDomain(y, p)
      ? 2 *
        (y ** (2 - power) / ((1 - power) * (2 - power)) -
          (y * p ** (1 - power)) / (1 - power) +
          p ** (2 - power) / (2 - power))
      : Number.NaN;
}

/** Means and variances of the errors and the target, from the means of both and of their squares. */
function readVariances({
  0: e = Number.NaN,
  1: ee = Number.NaN,
  2: y = Number.NaN,
  3: yy = Number.NaN,
}: ArrayLike<number>) {
  return { e, y, ofErrors: varianceOf(ee, e), ofTarget: varianceOf(yy, y) };
}

/** Means, variances and covariance of two columns, from their first and second moments. */
function readCovariance({
  0: x = Number.NaN,
  1: y = Number.NaN,
  2: xx = Number.NaN,
  3: yy = Number.NaN,
  4: xy = Number.NaN,
}: ArrayLike<number>) {
  return { x, y, ofX: varianceOf(xx, x), ofY: varianceOf(yy, y), both: xy - x * y };
}

/** 1 - variance of the errors / variance of the target, from the means of both and of their squares. */
function explainedVarianceForm({ target, predicted }: RegressionExamples): MeansForm {
  const errors = target.map((value, row) => value - (predicted[row] ?? Number.NaN));
  const [e, y] = [centre(errors), centre(target)];
  return {
    kind: 'means',
    columns: [e, products(e, e), y, products(y, y)],
    plain: false,
    value: (means) => {
      const { ofErrors, ofTarget } = readVariances(means);
      if (ofTarget === 0) return ofErrors === 0 ? 1 : 0;
      return 1 - ofErrors / ofTarget;
    },
    gradient: (means) => {
      const { e, y, ofErrors, ofTarget } = readVariances(means);
      const slope = ofErrors / ofTarget ** 2;
      return [(2 * e) / ofTarget, -1 / ofTarget, -2 * y * slope, slope];
    },
  };
}

/** Pearson's correlation from the moments of both columns. */
function correlationForm({ target, predicted }: RegressionExamples): MeansForm {
  const [x, y] = [centre(target), centre(predicted)];
  return {
    kind: 'means',
    columns: [x, y, products(x, x), products(y, y), products(x, y)],
    plain: false,
    isCorrelation: true,
    value: (means) => {
      const { ofX, ofY, both } = readCovariance(means);
      // Differences of moments may miss 1 by rounding.
      const value = both / Math.sqrt(ofX * ofY);
      return ofX > 0 && ofY > 0 ? Math.max(-1, Math.min(1, value)) : Number.NaN;
    },
    gradient: (means) => {
      const { x, y, ofX, ofY, both } = readCovariance(means);
      const root = Math.sqrt(ofX * ofY);
      const value = both / root;
      return [
        -y / root + (value * x) / ofX,
        -x / root + (value * y) / ofY,
        -value / (2 * ofX),
        -value / (2 * ofY),
        1 / root,
      ];
    },
  };
}

const SHOWN: readonly RegressionMetric[] = [
  {
    name: 'mae',
    title: 'Mean absolute error',
    aliases: ['mean_absolute_error', 'l1', 'l1_loss'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'mean of |prediction - target|',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn mean_absolute_error',
    formOf: ({ target, predicted }) => meanForm(absoluteErrors(target, predicted)),
  },
  {
    name: 'rmse',
    title: 'Root mean squared error',
    aliases: ['root_mean_squared_error', 'root_mean_square_error'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'sqrt(mean of (prediction - target)^2)',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn root_mean_squared_error',
    formOf: ({ target, predicted }) => rootForm(squaredErrors(target, predicted)),
  },
  {
    name: 'r2',
    title: 'R²',
    aliases: ['r2_score', 'r_squared', 'rsquared', 'coefficient_of_determination'],
    direction: 'higher-is-better',
    bounds: [Number.NEGATIVE_INFINITY, 1],
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula:
      '1 - sum (prediction - target)^2 / sum (target - mean target)^2; with a constant target 1 if perfect, else 0',
    undefinedWhen: 'for a single example',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn r2_score(force_finite=True)',
    formOf: determinationForm,
  },
];

const LOSSES: readonly RegressionMetric[] = [
  ofLoss(
    {
      name: 'mse',
      title: 'Mean squared error',
      aliases: ['mean_squared_error', 'l2', 'l2_loss'],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula: 'mean of (prediction - target)^2',
      source: 'scikit-learn mean_squared_error',
    },
    (y, p) => (y - p) ** 2,
  ),
  ofLoss(
    {
      name: 'mean_error',
      title: 'Mean error',
      aliases: ['bias', 'mean_bias_error', 'mbe'],
      direction: 'none',
      bounds: ANY_NUMBER,
      formula: 'mean of prediction - target; 0 is best',
      source: 'numpy average',
    },
    (y, p) => p - y,
  ),
  ofLoss(
    {
      name: 'mape',
      title: 'Mean absolute percentage error',
      aliases: ['mean_absolute_percentage_error'],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula: 'mean of |prediction - target| / max(|target|, 2^-52), as a share: 0.1 is 10 %',
      source: 'scikit-learn mean_absolute_percentage_error',
    },
    (y, p) => Math.abs(y - p) / Math.max(Math.abs(y), LEAST_DIVISOR),
  ),
  ofLoss(
    {
      name: 'smape',
      title: 'Symmetric mean absolute percentage error',
      aliases: ['symmetric_mean_absolute_percentage_error'],
      direction: 'lower-is-better',
      bounds: [0, 2],
      formula: 'mean of 2 |prediction - target| / (|prediction| + |target|), 0 where both are 0; as a share',
      source: 'torchmetrics symmetric_mean_absolute_percentage_error, without its epsilon',
    },
    (y, p) => (y === 0 && p === 0 ? 0 : (2 * Math.abs(y - p)) / (Math.abs(y) + Math.abs(p))),
  ),
  ofLoss(
    {
      name: 'msle',
      title: 'Mean squared logarithmic error',
      aliases: ['mean_squared_log_error', 'mean_squared_logarithmic_error'],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula: 'mean of (ln(1 + prediction) - ln(1 + target))^2',
      undefinedWhen: 'when a target or a prediction is -1 or less',
      source: 'scikit-learn mean_squared_log_error',
    },
    logarithmicError,
  ),
  {
    name: 'rmsle',
    title: 'Root mean squared logarithmic error',
    aliases: ['root_mean_squared_log_error', 'root_mean_squared_logarithmic_error'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    definition: 1,
    formula: 'sqrt(mean of (ln(1 + prediction) - ln(1 + target))^2)',
    undefinedWhen: 'when a target or a prediction is -1 or less',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn root_mean_squared_log_error',
    formOf: (examples) => rootForm(losses(examples, logarithmicError)),
  },
  ofLoss(
    {
      name: 'poisson_deviance',
      title: 'Mean Poisson deviance',
      aliases: ['mean_poisson_deviance'],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula: 'mean of 2 (y ln(y / p) - y + p), y the target and p the prediction',
      undefinedWhen: 'when a target is negative, or a prediction is not above 0',
      source: 'scikit-learn mean_poisson_deviance',
    },
    tweedieDeviance(1),
  ),
  ofLoss(
    {
      name: 'gamma_deviance',
      title: 'Mean gamma deviance',
      aliases: ['mean_gamma_deviance'],
      direction: 'lower-is-better',
      bounds: NOT_NEGATIVE,
      formula: 'mean of 2 (ln(p / y) + y / p - 1), y the target and p the prediction',
      undefinedWhen: 'when a target or a prediction is not above 0',
      source: 'scikit-learn mean_gamma_deviance',
    },
    tweedieDeviance(2),
  ),
  {
    name: 'tweedie_deviance',
    title: 'Mean Tweedie deviance',
    aliases: ['mean_tweedie_deviance', 'tweedie_deviance_score'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    parameter: {
      meaning: 'the power of the mean to which the variance is proportional',
      title: 'of power {}',
      range: [1, 3],
      required: true,
    },
    definition: 1,
    formula: 'mean of 2 (y^(2-q) / ((1-q)(2-q)) - y p^(1-q) / (1-q) + p^(2-q) / (2-q)) for the power q',
    undefinedWhen: 'when a target is negative (from power 2 on: not above 0), or a prediction is not above 0',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn mean_tweedie_deviance',
    formOf: (examples, at = Number.NaN) => meanForm(losses(examples, tweedieDeviance(at))),
  },
  {
    name: 'pinball',
    title: 'Pinball loss',
    aliases: ['mean_pinball_loss', 'quantile_loss', 'pinball_loss'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    parameter: {
      meaning: 'the level of the quantile that is predicted',
      title: 'at level {}',
      range: UNIT_INTERVAL,
      required: true,
    },
    definition: 1,
    formula: 'mean of q max(y - p, 0) + (1 - q) max(p - y, 0) for the level q',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source: 'scikit-learn mean_pinball_loss',
    formOf: (examples, at = Number.NaN) =>
      meanForm(losses(examples, (y, p) => at * Math.max(y - p, 0) + (1 - at) * Math.max(p - y, 0))),
  },
];

const OTHERS: readonly RegressionMetric[] = [
  {
    name: 'median_absolute_error',
    title: 'Median absolute error',
    aliases: ['medae'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    definition: 1,
    formula: 'median of |prediction - target|',
    interval: INTERVALS.statistic,
    comparison: `paired: ${INTERVALS.statistic}`,
    source: 'scikit-learn median_absolute_error',
    formOf: ({ target, predicted }) => medianForm(absoluteErrors(target, predicted)),
  },
  {
    name: 'max_error',
    title: 'Largest error',
    aliases: ['maximum_error'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    definition: 1,
    formula: 'largest |prediction - target|',
    interval: 'none: a sample knows no error beyond its largest',
    comparison: 'none',
    source: 'scikit-learn max_error',
    formOf: ({ target, predicted }) => largestForm(absoluteErrors(target, predicted)),
  },
  {
    name: 'explained_variance',
    title: 'Explained variance',
    aliases: ['explained_variance_score'],
    direction: 'higher-is-better',
    bounds: [Number.NEGATIVE_INFINITY, 1],
    needs: 'prediction',
    definition: 1,
    formula:
      '1 - variance of the errors / variance of the target; with a constant target 1 if the errors are constant, else 0',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scikit-learn explained_variance_score(force_finite=True)',
    formOf: explainedVarianceForm,
  },
  {
    name: 'pearson',
    title: 'Pearson correlation',
    aliases: ['pearsonr', 'pearson_correlation', 'pearson_corrcoef'],
    direction: 'higher-is-better',
    bounds: CORRELATION,
    needs: 'prediction',
    definition: 1,
    formula: 'covariance of target and prediction / the product of their standard deviations',
    undefinedWhen: 'when target or prediction does not vary',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'scipy pearsonr',
    formOf: correlationForm,
  },
  {
    name: 'spearman',
    title: 'Spearman correlation',
    aliases: ['spearmanr', 'spearman_correlation', 'spearman_corrcoef'],
    direction: 'higher-is-better',
    bounds: CORRELATION,
    needs: 'prediction',
    definition: 1,
    formula: "Pearson's correlation of the ranks, equal values sharing theirs",
    undefinedWhen: 'when target or prediction does not vary',
    interval: INTERVALS.resampled,
    comparison: `paired: ${INTERVALS.resampled}`,
    source: 'scipy spearmanr; with weights ranks are sums of weights',
    formOf: ({ target, predicted }) => rankCorrelationForm(target, predicted),
  },
];

export const REGRESSION_METRICS: readonly RegressionMetric[] = [...SHOWN, ...LOSSES, ...OTHERS];
