/** Calibration as metrics: each with limits of its own. */
import { recalibrate } from '../statistics/calibration.ts';
import { measureCalibration } from '../statistics/calibration-error.ts';
import { studentTUpperQuantile } from '../statistics/distributions.ts';
import { tailProbability } from '../statistics/interval.ts';
import type { StatisticForm } from './form.ts';
import { normalFactor } from './limits.ts';
import { orderScores } from './score-order.ts';
import type { ScoredExamples } from './score-statistics.ts';

/** The debiased expected calibration error. It is not regular at 0, where resampling fails: its limits invert a test. */
export function calibrationErrorForm({ target, score }: ScoredExamples): StatisticForm {
  return {
    kind: 'statistic',
    n: target.length,
    value: (weights) => measureCalibration(score, target, { weights }, orderScores(score)).error,
    limits: ({ weights, groups }) => ({
      ...measureCalibration(score, target, { weights, clusters: groups }, orderScores(score)),
      method: 'noncentral chi-squared over bins',
    }),
  };
}

/** Cox's slope or intercept (with the slope held at 1), by maximum likelihood. */
export function recalibrationForm(
  { target, score }: ScoredExamples,
  part: 'slope' | 'inTheLarge',
): StatisticForm {
  return {
    kind: 'statistic',
    n: target.length,
    value: (weights) => recalibrate(score, target, { weights })?.[part] ?? Number.NaN,
    limits: ({ weights, groups }) => {
      const fit = recalibrate(score, target, { weights, clusters: groups });
      const [value, error] = [fit?.[part] ?? Number.NaN, fit?.[`${part}Error`] ?? Number.NaN];
      const degreesOfFreedom = Math.max(1, fit?.degreesOfFreedom ?? 1);
      return {
        limitsAt: (level) => {
          const half =
            error *
            (Number.isFinite(degreesOfFreedom)
              ? studentTUpperQuantile(tailProbability(level), degreesOfFreedom)
              : normalFactor(level));
          return { low: value - half, high: value + half };
        },
        method: weights === undefined && groups === undefined ? 'Wald, maximum likelihood' : 'Wald, robust',
      };
    },
  };
}
