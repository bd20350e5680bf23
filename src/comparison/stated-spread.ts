/** Numbers of which the program that computed them said how sure it was. */
import { toInterval, type Estimate } from '../metrics/estimate.ts';
import { normalFactor, normalLimits, studentLimits, type LimitsAt } from '../metrics/limits.ts';
import { STATED_INTERVAL } from '../metrics/measure-numbers.ts';
import { clopperPearsonInterval } from '../statistics/proportion.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { estimateUnpaired } from './estimate-unpaired.ts';

/** How far a share times its examples may be from a whole number: files round their shares to four digits or more. */
const ROUNDING_OF_SHARES = 1e-6;

/** Shares of the very examples that the file counts, under the names of splits and of lm-evaluation-harness's filters. */
const SHARE =
  /(?:^|[./]|(?:^|[./])(?:eval|val|test|train|predict)_)(?:accuracy|acc|exact_match|em|recall|sensitivity|true_positive_rate)(?:,[\w-]+)?$/iu;

/**
 * What a number says of its own uncertainty: the file's interval, else its standard error (by Student's t where the
 * examples are counted), else, for a share of counted examples, Clopper and Pearson's. A standard error of 0 is what a
 * plugged-in variance says where all examples agree: there a share is better served by its count. Undefined where the
 * number says nothing.
 */
export function estimateStated(metric: Metric, level: number): Estimate | undefined {
  const { value, standardError, n } = metric;
  if (value === null) return undefined;
  const byError = errorLimits(value, standardError, n);
  const known =
    statedLimits(metric, value) ??
    (standardError === 0 ? undefined : byError) ??
    shareLimits(metric, value) ??
    byError;
  if (known === undefined) return undefined;
  const { limitsAt, method } = known;
  const limits = limitsAt(level);
  const examples = n ?? 1;
  // Half of the interval of a normal variable at any level is as many standard errors.
  const error =
    standardError !== undefined && standardError > 0
      ? standardError
      : (limits.high - limits.low) / (2 * normalFactor(level));
  return {
    value,
    limitsAt,
    spread: error * Math.sqrt(examples),
    n: examples,
    interval: toInterval(limits, level, method, limits.high <= limits.low),
  };
}

/** The method by which the unpaired comparison knows shares, and what a share beside another number is called. */
const EXACT = 'Clopper-Pearson';
const MIXED = 'limits of each';

interface KnownLimits {
  readonly limitsAt: LimitsAt;
  readonly method: string;
}

/** The file's interval, stretched to other levels as a normal variable's is, each side by itself. */
function statedLimits({ interval }: Metric, value: number): KnownLimits | undefined {
  // Evidence also holds intervals that the config's word on noise gave to a number.
  if (interval?.method !== STATED_INTERVAL) return undefined;
  const factor = normalFactor(interval.level);
  const [below, above] = [(value - interval.low) / factor, (interval.high - value) / factor];
  return {
    limitsAt: (level) => ({
      low: value - normalFactor(level) * below,
      high: value + normalFactor(level) * above,
    }),
    method: STATED_INTERVAL,
  };
}

function errorLimits(
  value: number,
  standardError: number | undefined,
  n: number | undefined,
): KnownLimits | undefined {
  if (standardError === undefined) return undefined;
  return n !== undefined && n >= 2
    ? {
        limitsAt: studentLimits(value, standardError, n - 1),
        method: "Student t of the file's standard error",
      }
    : { limitsAt: normalLimits(value, standardError), method: "normal, of the file's standard error" };
}

function shareLimits({ name, n }: Metric, value: number): KnownLimits | undefined {
  if (n === undefined || n < 1 || !SHARE.test(name) || value < 0 || value > 1) return undefined;
  const successes = Math.round(value * n);
  if (Math.abs(value * n - successes) > ROUNDING_OF_SHARES * Math.max(1, n)) return undefined;
  return {
    limitsAt: (level) => clopperPearsonInterval(successes, n, level),
    method: EXACT,
  };
}

/**
 * Candidate - scale * baseline, as two independent numbers: which examples they share is not in the files. Undefined
 * where one of them does not say how sure it is.
 */
export function compareStated(
  candidate: Metric,
  baseline: Metric,
  { scale, level }: { readonly scale: number; readonly level: number },
): Estimate | undefined {
  const [own, other] = [estimateStated(candidate, level), estimateStated(baseline, level)];
  if (own === undefined || other === undefined) return undefined;
  // The comparison of shares needs the counts of both.
  const isMixed = own.interval?.method === EXACT && shareLimits(baseline, other.value) === undefined;
  const renamed = isMixed ? { ...own, interval: { ...own.interval, method: MIXED } } : own;
  return estimateUnpaired(renamed, other, { scale, level });
}
