import { normalFactor } from '../../metrics/limits.ts';
import { orderScores } from '../../metrics/score-order.ts';
import type { Outcomes } from '../../outcomes/outcomes.ts';
import type { About, Calibration, Interval } from '../../schemas/evidence.generated.ts';
import { recalibrate, spiegelhalterTest } from '../../statistics/calibration.ts';
import { measureCalibration } from '../../statistics/calibration-error.ts';
import { studentTUpperQuantile } from '../../statistics/distributions.ts';
import { tailProbability } from '../../statistics/interval.ts';
import { claimsOf } from '../probabilities-of.ts';

/**
 * How far a classifier's probabilities are what they say: of the positive class, or of several classes of the one that
 * is predicted. Nothing without probabilities, or without examples that count.
 * @param alpha one-sided error rate of each limit
 */
export function calibrateModel(outcomes: Outcomes, about: About, alpha: number): readonly Calibration[] {
  const claims = claimsOf(outcomes);
  const { weights } = outcomes;
  const isWeightless = weights?.every((weight) => weight === 0) ?? false;
  if (claims === undefined || outcomes.n === 0 || isWeightless) return [];
  const { probability, outcome } = claims;
  const design = { weights, clusters: outcomes.groups };
  const level = 1 - 2 * alpha;
  const order = orderScores(probability);
  const binned = measureCalibration(probability, outcome, design, order);
  // Groups widen limits but change no value: this is the metric `ece`.
  const { error } =
    outcomes.groups === undefined ? binned : measureCalibration(probability, outcome, { weights }, order);
  const fit = recalibrate(probability, outcome, design);
  const grouped = outcomes.groups === undefined ? '' : ', clustered by group';
  const around = (value: number, error: number, degreesOfFreedom: number): Interval => {
    const half = error * quantileOf(level, degreesOfFreedom);
    const method = `Wald, ${outcomes.groups === undefined && outcomes.weights === undefined ? 'maximum likelihood' : `robust${grouped}`}`;
    return { level, low: value - half, high: value + half, method };
  };
  const spiegelhalter = spiegelhalterTest(probability, outcome, design);
  const limits = binned.limitsAt(level);
  const method = `noncentral chi-squared over bins${grouped}`;
  return [
    {
      about,
      n: binned.n,
      bins: binned.bins,
      error: { value: error, plain: binned.plainError, interval: { level, ...limits, method } },
      brier: binned.brier,
      ...(fit === undefined
        ? {}
        : {
            slope: { value: fit.slope, interval: around(fit.slope, fit.slopeError, fit.degreesOfFreedom) },
            intercept: {
              value: fit.inTheLarge,
              interval: around(fit.inTheLarge, fit.inTheLargeError, fit.degreesOfFreedom),
            },
          }),
      spiegelhalter,
    },
  ];
}

function quantileOf(level: number, degreesOfFreedom: number): number {
  return Number.isFinite(degreesOfFreedom)
    ? studentTUpperQuantile(tailProbability(level), Math.max(1, degreesOfFreedom))
    : normalFactor(level);
}
