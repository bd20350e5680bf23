import { judgeNonInferiority } from '../statistics/non-inferiority.ts';
import type { BaselineUsed, Interval, Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import {
  describeChange,
  describeMargin,
  describePointChange,
  nameMetric,
  orientChange,
} from './describe-change.ts';
import {
  decimalsFor,
  formatCount,
  formatFixed,
  formatPercent,
  formatPlain,
  formatPlannedCount,
} from './format-number.ts';
import type { MetricGate } from './gate.ts';
import { doubtInterval, isStopped, slackOf, undefinedFinding, type Judgement } from './judgement.ts';
import type { Margin } from '../schemas/parse-margin.ts';

interface RegressionContext {
  readonly baseline?: BaselineUsed | undefined;
  readonly alpha: number;
}

/**
 * Non-inferiority of a metric at the gate's margin: `pass` if the lower limit of the oriented difference is at least
 * -margin, `fail` if the upper limit is below it, otherwise `inconclusive`.
 */
export function judgeRegression(metric: Metric, gate: MetricGate, context: RegressionContext): Judgement {
  const margin = gate.maxRegression;
  if (margin === undefined) throw new TypeError(`The gate of ${gate.metric} has no max-regression.`);
  if (metric.value === null) return undefinedFinding(metric);
  const name = nameMetric(metric);
  const { comparison } = metric;
  if (comparison === undefined) return judgeUncompared(name, metric, context.baseline);
  if (comparison.method === 'none') return judgeImpossible(name, metric, comparison);
  if (comparison.method === 'unchanged') {
    const message = `${name} is unchanged: the same model on the same ${formatCount(comparison.pairs ?? 0)} examples.`;
    return { verdict: 'pass', reason: 'unchanged', message };
  }
  const useless = doubtRelativeMargin(name, margin, comparison);
  if (useless !== undefined) return useless;
  return comparison.method === 'point-rule'
    ? judgePoints(metric, metric.value, comparison, gate, margin)
    : judgePair(metric, comparison, margin, context.alpha);
}

function judgeUncompared(name: string, metric: Metric, baseline: BaselineUsed | undefined): Judgement {
  const value = metric.value === null ? '' : ` (now ${formatPlain(metric.value)})`;
  if (baseline === undefined || baseline.rung === 'none') {
    return {
      verdict: 'inconclusive',
      reason: 'no-baseline',
      message: `${name}${value} has nothing to be compared with: no baseline was found. The next run on main records one.`,
    };
  }
  return {
    verdict: 'inconclusive',
    reason: 'not-in-baseline',
    message: `${name}${value} has nothing to be compared with: the baseline does not have it.`,
  };
}

function judgeImpossible(name: string, metric: Metric, comparison: MetricComparison): Judgement {
  const reason = comparison.reason ?? 'not-in-baseline';
  const detail = comparison.detail === undefined ? '' : ` ${comparison.detail}`;
  const values =
    metric.value === null || comparison.baseline === null
      ? ''
      : ` (${formatPlain(metric.value)} now, ${formatPlain(comparison.baseline)} in the baseline)`;
  const message = `${name} could not be compared with the baseline${values}.${detail}`;
  // Unmatched ids are refused: both files are at hand, so they can be made to agree.
  if (reason === 'unmatched-ids') {
    return { verdict: 'fail', reason, message: `${message} Predict the same examples with both models.` };
  }
  return { verdict: 'inconclusive', reason, message };
}

/** A share of nothing, or of a negative number, is no margin. */
function doubtRelativeMargin(
  name: string,
  margin: Margin,
  comparison: MetricComparison,
): Judgement | undefined {
  const { baseline } = comparison;
  if (margin.kind === 'absolute' || baseline === null || baseline > 0) return undefined;
  return {
    verdict: 'fail',
    reason: 'degenerate',
    message: `${name} is ${formatPlain(baseline)} in the baseline, of which ${formatPercent(margin.value)} means nothing: give \`max-regression\` as an absolute margin, such as 0.02.`,
  };
}

function judgePoints(
  metric: Metric,
  value: number,
  comparison: MetricComparison,
  gate: MetricGate,
  margin: Margin,
): Judgement {
  const baseline = comparison.baseline ?? Number.NaN;
  const direction = gate.direction ?? metric.direction;
  const allowed = margin.kind === 'absolute' ? margin.value : margin.value * baseline;
  const gain = direction === 'lower-is-better' ? baseline - value : value - baseline;
  const passes = gain >= -allowed - slackOf(value, baseline, allowed);
  const rule = 'Point rule: the uncertainty of this number is not known.';
  const said = describePointChange(metric, baseline, value);
  return {
    verdict: passes ? 'pass' : 'fail',
    reason: 'point-rule',
    message: `${said}, ${closeSentence(passes ? 'pass' : 'fail', gain, describeMargin(margin, comparison))} ${rule}`,
  };
}

function closeSentence(verdict: 'pass' | 'fail', gain: number, margin: string): string {
  if (verdict === 'fail') return `more than ${margin}.`;
  return gain < 0 ? `within ${margin}.` : `so it is not worse by more than ${margin}.`;
}

function judgePair(metric: Metric, comparison: MetricComparison, margin: Margin, alpha: number): Judgement {
  const name = nameMetric(metric);
  const { difference, interval } = comparison;
  if (difference === null || interval === undefined) {
    return {
      verdict: 'inconclusive',
      reason: 'degenerate',
      message: `${name} has no interval for its change on this test set: more or more varied examples would give one.`,
    };
  }
  const tested = testedInterval(metric, comparison, interval, margin);
  if (tested === undefined) {
    return {
      verdict: 'inconclusive',
      reason: 'policy-changed',
      message: `${name} was not tested at a margin of ${formatPercent(margin.value)} of the baseline: compare it again under this policy.`,
    };
  }
  const change = orientChange(difference, interval, metric.direction);
  const verdict = judgeNonInferiority(
    tested.limits,
    tested.margin + slackOf(metric.value ?? 0, tested.margin),
  );
  const doubt = doubtInterval(`${name}: the change`, tested.interval, alpha);
  if (isStopped(doubt, verdict === 'fail')) return doubt;
  const said = describeChange(metric, difference, interval);
  const allowed = describeMargin(margin, comparison);
  if (verdict !== 'inconclusive') {
    return { verdict, message: `${said}, ${closeSentence(verdict, change.difference, allowed)}` };
  }
  return {
    verdict,
    reason: 'undecided',
    message: `${said}. These ${formatCount(comparison.pairs ?? 0)} examples cannot tell whether it is worse by more than ${allowed}.${describePlan(comparison)}`,
  };
}

interface TestedInterval {
  readonly interval: Interval;
  /** Limits turned so that positive is better. */
  readonly limits: { readonly low: number; readonly high: number };
  readonly margin: number;
}

/** What decides: the difference against an absolute margin, or the relative quantity against 0. */
function testedInterval(
  metric: Metric,
  comparison: MetricComparison,
  interval: Interval,
  margin: Margin,
): TestedInterval | undefined {
  if (margin.kind === 'absolute') {
    return { interval, limits: orientChange(0, interval, metric.direction), margin: margin.value };
  }
  const { relative, relativeMargin } = comparison;
  if (relative === undefined || relativeMargin === undefined) return undefined;
  if (Math.abs(relativeMargin - margin.value) > slackOf(margin.value)) return undefined;
  return { interval: relative.interval, limits: relative.interval, margin: 0 };
}

function describePlan(comparison: MetricComparison): string {
  const { smallestVisibleChange: smallest, examplesToDecide: needed } = comparison;
  const seen =
    smallest === undefined
      ? ''
      : ` The smallest change that they show reliably is ${formatFixed(smallest, decimalsFor(smallest))}`;
  const decide = needed === undefined ? '' : describeNeeded(needed, comparison.pairs ?? 0);
  if (seen === '') return decide === '' ? '' : ` ${decide[0]?.toUpperCase() ?? ''}${decide.slice(1)}.`;
  return decide === '' ? `${seen}.` : `${seen}; ${decide}.`;
}

function describeNeeded(needed: number, pairs: number): string {
  // The plan supposes that both models are equally good; where they are not, it has been exceeded without a decision.
  if (needed <= pairs) return 'the true change lies close to what is allowed';
  return `about ${formatPlannedCount(needed)} examples would decide`;
}
