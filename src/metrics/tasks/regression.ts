/** Metrics of regression. */
import { sumOf } from '../../statistics/means.ts';
import { INTERVALS, NOT_NEGATIVE, type TaskMetric } from '../definition.ts';
import type { RegressionExamples } from '../examples.ts';
import { meanForm, rootForm, type MeansForm } from '../form.ts';
import { absoluteErrors, squaredErrors } from '../losses.ts';

/** Below this share of the mean square, a variance is rounding: the target is constant. */
const CONSTANT_VARIANCE = 1e-12;

/** Variance of the target from its mean and mean square, at positions 1 and 2. */
function targetVariance(means: ArrayLike<number>): number {
  const square = means[2] ?? Number.NaN;
  const variance = square - (means[1] ?? Number.NaN) ** 2;
  return variance <= CONSTANT_VARIANCE * square ? 0 : variance;
}

function determinationForm(examples: RegressionExamples): MeansForm {
  const { target, predicted, n } = examples;
  const isConstant = target.every((value) => value === target[0]);
  const mean = sumOf(target) / n;
  // Centred on a constant, so that the difference of mean square and squared mean keeps its digits.
  const centred = Float64Array.from(target, (value) => (isConstant ? 0 : value - mean));
  return {
    kind: 'means',
    columns: [
      squaredErrors(target, predicted),
      centred,
      Float64Array.from(centred, (value) => value * value),
    ],
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

export const REGRESSION_METRICS: readonly TaskMetric<RegressionExamples>[] = [
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
