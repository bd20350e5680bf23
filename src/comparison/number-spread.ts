/** Numbers that something else computed and of which it is known how much they vary. */
import { toInterval, UNDEFINED_ESTIMATE, type Estimate } from '../metrics/estimate.ts';
import { studentLimits } from '../metrics/limits.ts';
import { estimateMean, welchDifference } from '../statistics/means.ts';
import { correctedResampledMean } from '../statistics/resampled-runs.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { countSplits, exactShift } from './exact-shift.ts';
import type { MetricGate } from './gate.ts';
import { estimateStated } from './stated-spread.ts';

/** What is known of how much a number varies. */
export type Spread =
  | {
      readonly kind: 'noise';
      readonly standardDeviation: number;
      /** Infinity where the standard deviation is stated, not estimated. */
      readonly degreesOfFreedom: number;
    }
  | { readonly kind: 'folds'; readonly testShare: number }
  | { readonly kind: 'seeds' };

/** Noise that was estimated from main's history. */
export interface HistoryNoise {
  readonly standardDeviation: number;
  readonly degreesOfFreedom: number;
}

/** What a gate says of how much its number varies; undefined where it says nothing, or history is too short. */
export function spreadOf(
  gate: Pick<MetricGate, 'noise' | 'folds' | 'seeds' | 'metric'> | undefined,
  noiseOf: (key: string) => HistoryNoise | undefined,
): Spread | undefined {
  if (gate?.folds !== undefined) return { kind: 'folds', testShare: gate.folds['test-share'] };
  if (gate?.seeds === true) return { kind: 'seeds' };
  if (typeof gate?.noise === 'number') {
    return {
      kind: 'noise',
      standardDeviation: gate.noise,
      degreesOfFreedom: Number.POSITIVE_INFINITY,
    };
  }
  const noise = gate?.noise === 'history' ? noiseOf(gate.metric) : undefined;
  if (noise === undefined) return undefined;
  const { standardDeviation, degreesOfFreedom } = noise;
  return { kind: 'noise', standardDeviation, degreesOfFreedom };
}

/** The number with the interval that its spread gives it, or else what its file says of it. */
export function addNumberInterval(metric: Metric, spread: Spread | undefined, level: number): Metric {
  const { interval: _, ...bare } = metric;
  const { value, values = [] } = metric;
  if (value === null) return bare;
  const estimate =
    spread === undefined ? estimateStated(metric, level) : estimateNumber(value, values, spread, level);
  return estimate?.interval === undefined ? bare : { ...bare, interval: estimate.interval };
}

function estimateNumber(value: number, values: readonly number[], spread: Spread, level: number): Estimate {
  if (spread.kind === 'noise') return byNoise(value, spread, 1, level);
  if (values.length < 2) return { ...UNDEFINED_ESTIMATE, value };
  return spread.kind === 'folds'
    ? byFolds(values, spread.testShare, level)
    : byMean(estimateMean(values), values.length, 'Student t over trainings', level);
}

function byNoise(
  value: number,
  { standardDeviation, degreesOfFreedom }: Extract<Spread, { kind: 'noise' }>,
  factor: number,
  level: number,
): Estimate {
  const error = standardDeviation * factor;
  const limitsAt = studentLimits(value, error, degreesOfFreedom);
  const method = Number.isFinite(degreesOfFreedom) ? 'Student t of known noise' : 'normal, of stated noise';
  return {
    value,
    spread: error,
    n: 1,
    limitsAt,
    interval: toInterval(limitsAt(level), level, method, false),
  };
}

/**
 * The mean over folds with the variance of Nadeau and Bengio, whose folds share training examples.
 * Source: C. Nadeau and Y. Bengio, Machine Learning 52 (2003) 239-281, section 3.
 */
function byFolds(values: readonly number[], testShare: number, level: number): Estimate {
  const estimate = correctedResampledMean(values, { train: 1 - testShare, test: testShare });
  return byMean(estimate, values.length, 'Nadeau-Bengio corrected t', level);
}

function byMean(
  estimate: {
    readonly mean: number;
    readonly standardError: number;
    readonly degreesOfFreedom: number;
    readonly degenerate: boolean;
  },
  n: number,
  method: string,
  level: number,
): Estimate {
  const { mean: value, standardError, degreesOfFreedom, degenerate } = estimate;
  const limitsAt = studentLimits(value, standardError, degreesOfFreedom);
  const interval = toInterval(
    degenerate ? { low: value, high: value } : limitsAt(level),
    level,
    method,
    degenerate,
  );
  return { value, spread: standardError * Math.sqrt(n), n, interval, ...(degenerate ? {} : { limitsAt }) };
}

/** Why two lists of numbers cannot be compared; undefined if they can. */
export function findUnequalLists(
  spread: Spread,
  candidate: readonly number[],
  baseline: readonly number[],
): string | undefined {
  if (spread.kind === 'noise') return undefined;
  const word = spread.kind === 'folds' ? 'folds' : 'trainings';
  if (candidate.length < 2) return `There are ${candidate.length} ${word}; at least 2 are needed.`;
  if (baseline.length === 0)
    return `The baseline was recorded without its ${word}. The next run on main records them.`;
  if (spread.kind === 'folds' && candidate.length !== baseline.length) {
    return `There are ${candidate.length} folds now and ${baseline.length} in the baseline, so they cannot be paired.`;
  }
  return undefined;
}

interface TwoNumbers {
  readonly candidate: { readonly value: number; readonly values: readonly number[] };
  readonly baseline: { readonly value: number; readonly values: readonly number[] };
}

/**
 * Candidate - scale * baseline. Folds are paired by their order. Trainings are two independent groups: by the exact
 * permutation test where there are few (no more than 20,000 ways to part them), else by Welch's t.
 */
export function estimateNumberDifference(
  { candidate, baseline }: TwoNumbers,
  spread: Spread,
  { scale, level }: { readonly scale: number; readonly level: number },
): Estimate {
  if (spread.kind === 'noise') {
    return byNoise(candidate.value - scale * baseline.value, spread, Math.hypot(1, scale), level);
  }
  if (spread.kind === 'folds') {
    const differences = candidate.values.map(
      (value, fold) => value - scale * (baseline.values[fold] ?? Number.NaN),
    );
    return byFolds(differences, spread.testShare, level);
  }
  const scaled = baseline.values.map((value) => scale * value);
  const n = candidate.values.length;
  const exact = exactShift(candidate.values, scaled);
  if (exact === undefined) {
    const welch = welchDifference(estimateMean(candidate.values), estimateMean(scaled));
    return byMean(welch, n, "Welch's t over trainings", level);
  }
  const value = candidate.value - scale * baseline.value;
  const limits = exact.limitsAt(level);
  const error = Math.hypot(estimateMean(candidate.values).standardError, estimateMean(scaled).standardError);
  return {
    value,
    spread: error * Math.sqrt(n),
    n,
    limitsAt: exact.limitsAt,
    interval: toInterval(limits, level, 'exact permutation over trainings', limits.low === limits.high),
  };
}

/** Why so few trainings can decide nothing, whatever they show; undefined if they can. */
export function findTooFewTrainings(candidate: number, baseline: number, alpha: number): string | undefined {
  const splits = countSplits(candidate, baseline);
  if (alpha * splits >= 1 - 1e-9) return undefined;
  let enough = 2;
  while (alpha * countSplits(enough, enough) < 1 - 1e-9) enough += 1;
  return `${candidate} and ${baseline} trainings can decide nothing at an error rate of ${alpha}, whatever they show: they can be parted in only ${splits} ways. ${enough} of each can.`;
}
