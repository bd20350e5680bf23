/** Metrics of forecasts: of points, which regression has too, of quantiles, and those that only a series has. */
import { INTERVALS, NOT_NEGATIVE, type TaskMetric } from '../definition.ts';
import type { ForecastingExamples } from '../examples.ts';
import { meanForm, ratioForm } from '../form.ts';
import { absoluteErrors } from '../losses.ts';
import { QUANTILE_METRICS } from './quantile.ts';
import { REGRESSION_METRICS } from './regression.ts';

/** Metrics of regression that mean the same of a forecast. */
const OF_POINTS: readonly string[] = [
  'mae',
  'rmse',
  'mse',
  'mape',
  'smape',
  'median_absolute_error',
  'mean_error',
];

const POINT_METRICS = REGRESSION_METRICS.filter(({ name }) => OF_POINTS.includes(name)).map(
  (metric): TaskMetric<ForecastingExamples> => ({
    ...metric,
    ...(metric.name === 'smape' ? { shown: true } : {}),
    formOf: ({ n, target, predicted }, at) =>
      predicted && metric.formOf({ task: 'regression', n, target, predicted }, at),
  }),
);

const METRICS_OF_QUANTILES = QUANTILE_METRICS.map((metric): TaskMetric<ForecastingExamples> => ({
  ...metric,
  formOf: ({ n, target, levels, quantiles }, at) =>
    metric.formOf({ task: 'quantile-regression', n, target, levels, predicted: quantiles }, at),
}));

export const FORECASTING_METRICS: readonly TaskMetric<ForecastingExamples>[] = [
  {
    name: 'mase',
    title: 'Mean absolute scaled error',
    aliases: ['mean_absolute_scaled_error'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula:
      'mean of |prediction - target| / scale, the mean absolute error of the naive forecast on the training part of the series',
    undefinedWhen: 'without scales, or when one is 0',
    interval: INTERVALS.mean,
    comparison: `paired: ${INTERVALS.mean}`,
    source:
      'sktime mean_absolute_scaled_error; R. J. Hyndman and A. B. Koehler, International Journal of Forecasting 22 (2006)',
    formOf: ({ target, predicted, scale }) =>
      predicted &&
      scale &&
      meanForm(absoluteErrors(target, predicted).map((error, row) => error / (scale[row] ?? Number.NaN))),
  },
  {
    name: 'wape',
    title: 'Weighted absolute percentage error',
    aliases: ['weighted_absolute_percentage_error', 'normalized_deviation', 'wmape'],
    direction: 'lower-is-better',
    bounds: NOT_NEGATIVE,
    needs: 'prediction',
    shown: true,
    definition: 1,
    formula: 'sum of |prediction - target| / sum of |target|',
    undefinedWhen: 'when all targets are 0',
    interval: INTERVALS.means,
    comparison: `paired: ${INTERVALS.means}`,
    source: 'utilsforecast nd',
    formOf: ({ target, predicted }) =>
      predicted &&
      ratioForm(
        absoluteErrors(target, predicted),
        target.map((value) => Math.abs(value)),
      ),
  },
  ...POINT_METRICS,
  ...METRICS_OF_QUANTILES,
];
