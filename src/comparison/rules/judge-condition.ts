import type {
  BaselineUsed,
  Check,
  Interval,
  Metric,
  MetricComparison,
} from '../../schemas/evidence.generated.ts';
import { describeChange, describePointChange, describeValue, nameMetric } from '../describe-change.ts';
import { formatPlain } from '../format-number.ts';
import { listRelatives } from '../judge-change.ts';
import { doubtInterval, isStopped, slackOf, undefinedFinding, type Judgement } from '../judgement.ts';
import type { Condition } from './rule.ts';
import { widenInterval, type Limits } from './widen-interval.ts';

export type Truth = 'true' | 'false' | 'unknown';

/** What is known of one condition, and what it rests on, as a sentence. */
export interface ConditionFinding {
  readonly truth: Truth;
  readonly reason?: NonNullable<Check['reason']>;
  readonly observed: string;
}

export interface ConditionContext {
  readonly baseline?: BaselineUsed | undefined;
  /** One-sided error rate of the policy: intervals of another level prove nothing good. */
  readonly alpha: number;
  /** Largest probability to call a false condition true. At most alpha. */
  readonly wrongTrue: number;
  /** Largest probability to call a true condition false. At most alpha. */
  readonly wrongFalse: number;
}

/**
 * Whether a condition is true, by interval: true if the limits at the rate `wrongTrue` all satisfy it, false if those at
 * `wrongFalse` all break it, else unknown. A number without an interval is judged as it stands.
 */
export function judgeCondition(
  condition: Condition,
  metric: Metric,
  context: ConditionContext,
): ConditionFinding {
  if (metric.value === null) return fromJudgement(undefinedFinding(metric));
  return condition.quantity === 'value'
    ? judgeValue(condition, metric, metric.value, context)
    : judgeChange(condition, metric, metric.value, context);
}

const TRUTH_OF = { pass: 'true', fail: 'false', inconclusive: 'unknown' } as const;

function fromJudgement({ verdict, reason, message }: Judgement): ConditionFinding {
  return { truth: TRUTH_OF[verdict], ...(reason === undefined ? {} : { reason }), observed: message };
}

function judgeValue(
  condition: Condition,
  metric: Metric,
  value: number,
  context: ConditionContext,
): ConditionFinding {
  const name = nameMetric(metric);
  const { interval } = metric;
  if (interval === undefined && metric.about.model === undefined) {
    return judgePoint(condition, value, condition.threshold, `${name} is ${formatPlain(value)}`);
  }
  if (interval === undefined) {
    const observed = `${name} is ${formatPlain(value)}, and its uncertainty is not known.`;
    return { truth: 'unknown', reason: 'degenerate', observed };
  }
  const tested: Tested = { intervals: [interval], limits: (rate) => widenInterval(value, interval, rate) };
  return judgeLimits(condition, tested, `${name} is ${describeValue(value, interval)}.`, name, context);
}

function judgePoint(condition: Condition, value: number, threshold: number, said: string): ConditionFinding {
  const slack = slackOf(value, threshold);
  const holds = condition.bound === 'at-least' ? value >= threshold - slack : value <= threshold + slack;
  return {
    truth: holds ? 'true' : 'false',
    reason: 'point-rule',
    observed: `${said} (point rule: the uncertainty of this number is not known).`,
  };
}

/** A quantity that is compared with the threshold. */
interface Tested {
  /** What it rests on. */
  readonly intervals: readonly Interval[];
  /** One-sided limits, each wrong at this rate at most. */
  readonly limits: (rate: number) => Limits;
}

function judgeLimits(
  { bound, threshold }: Pick<Condition, 'bound' | 'threshold'>,
  tested: Tested,
  observed: string,
  name: string,
  { alpha, wrongTrue, wrongFalse }: ConditionContext,
): ConditionFinding {
  const [sure, contrary] = [tested.limits(wrongTrue), tested.limits(wrongFalse)];
  const slack = slackOf(threshold, sure.low, sure.high);
  const isTrue = bound === 'at-least' ? sure.low >= threshold - slack : sure.high <= threshold + slack;
  const isFalse = bound === 'at-least' ? contrary.high < threshold - slack : contrary.low > threshold + slack;
  for (const interval of tested.intervals) {
    const doubt = doubtInterval(name, interval, alpha);
    if (isStopped(doubt, isFalse)) return fromJudgement(doubt);
  }
  if (isTrue) return { truth: 'true', observed };
  return isFalse ? { truth: 'false', observed } : { truth: 'unknown', reason: 'undecided', observed };
}

function judgeChange(
  condition: Condition,
  metric: Metric,
  value: number,
  context: ConditionContext,
): ConditionFinding {
  const name = nameMetric(metric);
  const { comparison } = metric;
  if (comparison === undefined) return describeUncompared(name, context.baseline);
  const { method, baseline, difference, interval } = comparison;
  if (method === 'none' || baseline === null || difference === null)
    return describeImpossible(name, comparison);
  if (condition.relative && baseline <= 0) {
    const observed = `${name} is ${formatPlain(baseline)} in the baseline, of which a percentage means nothing: give the number in its own unit.`;
    return { truth: 'false', reason: 'degenerate', observed };
  }
  if (method === 'unchanged') {
    const holds = condition.bound === 'at-least' ? 0 >= condition.threshold : 0 <= condition.threshold;
    return { truth: holds ? 'true' : 'false', reason: 'unchanged', observed: `${name} is unchanged.` };
  }
  const sign = condition.direction === 'lower-is-better' ? -1 : 1;
  if (method === 'point-rule') {
    const threshold = condition.relative ? condition.threshold * baseline : condition.threshold;
    const said = describePointChange(metric, baseline, value);
    return judgePoint(condition, sign * (value - baseline), threshold, said);
  }
  if (interval === undefined) {
    const observed = `${name} changed by ${formatPlain(difference)}, and its uncertainty is not known.`;
    return { truth: 'unknown', reason: 'degenerate', observed };
  }
  const oriented = { estimate: sign * difference, interval: orient(interval, sign) };
  const observed = `${describeChange(metric, difference, interval)}.`;
  if (!condition.relative) {
    const limits = (rate: number): Limits => widenInterval(oriented.estimate, oriented.interval, rate);
    return judgeLimits(condition, { intervals: [interval], limits }, observed, name, context);
  }
  const tested = testRelative(condition.threshold, sign, oriented, { metric, value, comparison });
  return judgeLimits({ bound: condition.bound, threshold: 0 }, tested, observed, name, context);
}

function orient(interval: Interval, sign: 1 | -1): Interval {
  return sign === 1 ? interval : { ...interval, low: -interval.high, high: -interval.low };
}

interface ComparedMetric {
  readonly metric: Metric;
  readonly value: number;
  readonly comparison: MetricComparison;
}

/**
 * Improvement of at least a share s of the baseline B, as a quantity X that is then at least 0: with D the oriented
 * difference and V the candidate's value, X = D - s B = (1 + s) D - s V where higher is better and (1 - s) D - s V where
 * lower is. If the evidence tested this very share, X has an interval of its own. Otherwise it is made of those of D and
 * V, each at half the error rate (Bonferroni); a number that has no interval counts as it stands.
 */
function testRelative(
  share: number,
  sign: 1 | -1,
  oriented: { readonly estimate: number; readonly interval: Interval },
  { metric, value, comparison }: ComparedMetric,
): Tested {
  const tested = listRelatives(comparison).find(({ change }) => Math.abs(change - share) <= slackOf(share));
  if (tested !== undefined) {
    return {
      intervals: [tested.interval],
      limits: (rate) => widenInterval(tested.value, tested.interval, rate),
    };
  }
  const own = metric.interval;
  const weight = 1 + sign * share;
  return {
    intervals: own === undefined ? [oriented.interval] : [oriented.interval, own],
    limits: (rate) => {
      const change = widenInterval(oriented.estimate, oriented.interval, rate / 2);
      const level = own === undefined ? { low: value, high: value } : widenInterval(value, own, rate / 2);
      const [most, least] = share > 0 ? [level.high, level.low] : [level.low, level.high];
      return { low: weight * change.low - share * most, high: weight * change.high - share * least };
    },
  };
}

function describeUncompared(name: string, baseline: BaselineUsed | undefined): ConditionFinding {
  if (baseline === undefined || baseline.rung === 'none') {
    const observed = `${name} has nothing to be compared with: no baseline was found.`;
    return { truth: 'unknown', reason: 'no-baseline', observed };
  }
  const observed = `${name} has nothing to be compared with: the baseline does not have it.`;
  return { truth: 'unknown', reason: 'not-in-baseline', observed };
}

function describeImpossible(name: string, { reason, detail }: MetricComparison): ConditionFinding {
  const observed = `${name} could not be compared with the baseline.${detail === undefined ? '' : ` ${detail}`}`;
  // Unmatched ids are refused: both files are at hand, so they can be made to agree.
  const truth = reason === 'unmatched-ids' ? 'false' : 'unknown';
  return { truth, reason: reason ?? 'not-in-baseline', observed };
}
