import { normalQuantile, normalSurvival } from '../statistics/normal.ts';
import { tailProbability } from '../statistics/interval.ts';
import type { BaselineUsed, Interval, Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import type { Margin } from '../schemas/parse-margin.ts';
import {
  describeChange,
  describeMargin,
  describePlan,
  describePointChange,
  describeSample,
  nameMetric,
  orientChange,
} from './describe-change.ts';
import { formatCount, formatPercent, formatPlain } from './format-number.ts';
import type { ChangeBound, MetricGate } from './gate.ts';
import { doubtInterval, isStopped, slackOf, undefinedFinding, type Judgement } from './judgement.ts';
import { withoutTrainingNoise } from './training-noise.ts';

/** What a change since the baseline is judged by. */
export interface ChangeContext {
  readonly gate: MetricGate;
  readonly bound: ChangeBound;
  readonly margin: Margin;
  readonly baseline: BaselineUsed | undefined;
  readonly alpha: number;
  /** Why this margin is too small for this test set, as a sentence. */
  readonly hint?: string | undefined;
}

/**
 * The change of a metric against a margin, by one-sided tests at alpha, each read off the interval. `max-regression` is
 * non-inferiority, `min-improvement` superiority by a margin, `max-improvement` the same from the other side,
 * `max-change` equivalence (both one-sided tests). `pass` and `fail` ask for the whole interval on one side.
 */
export function judgeChange(metric: Metric, context: ChangeContext): Judgement {
  if (metric.value === null) return undefinedFinding(metric);
  const name = nameMetric(metric);
  const { comparison } = metric;
  if (comparison === undefined) return judgeUncompared(name, metric, context);
  if (comparison.method === 'none') return judgeImpossible(name, metric, comparison);
  if (comparison.method === 'unchanged') return judgeUnchanged(name, comparison, context);
  const useless = doubtRelativeMargin(name, context, comparison);
  if (useless !== undefined) return useless;
  return comparison.method === 'point-rule'
    ? judgePoints(metric, metric.value, comparison, context)
    : judgeInterval(metric, comparison, context);
}

function judgeUncompared(name: string, metric: Metric, { baseline, hint }: ChangeContext): Judgement {
  const value = metric.value === null ? '' : ` (now ${formatPlain(metric.value)})`;
  const more = hint === undefined ? '' : ` ${hint}`;
  if (baseline === undefined || baseline.rung === 'none') {
    return {
      verdict: 'inconclusive',
      reason: 'no-baseline',
      message: `${name}${value} has nothing to be compared with: no baseline was found. The next run on main records one.${more}`,
    };
  }
  return {
    verdict: 'inconclusive',
    reason: 'not-in-baseline',
    message: `${name}${value} has nothing to be compared with: the baseline does not have it.${more}`,
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

function judgeUnchanged(
  name: string,
  comparison: MetricComparison,
  { bound, margin }: ChangeContext,
): Judgement {
  const same = `${name} is unchanged: the same model on the same ${formatCount(comparison.pairs ?? 0)} examples`;
  if (bound === 'min-improvement' && margin.value > 0) {
    const asked = describeMargin(margin, comparison, 'asked for');
    return {
      verdict: 'fail',
      reason: 'unchanged',
      message: `${same}, so it is not better by ${asked}.`,
    };
  }
  return { verdict: 'pass', reason: 'unchanged', message: `${same}.` };
}

/** A share of nothing, or of a negative number, is no margin. */
function doubtRelativeMargin(
  name: string,
  { margin, bound }: ChangeContext,
  comparison: MetricComparison,
): Judgement | undefined {
  const { baseline } = comparison;
  if (margin.kind === 'absolute' || baseline === null || baseline > 0) return undefined;
  return {
    verdict: 'fail',
    reason: 'degenerate',
    message: `${name} is ${formatPlain(baseline)} in the baseline, of which ${formatPercent(margin.value)} means nothing: give \`${bound}\` as an absolute margin, such as 0.02.`,
  };
}

/** The change beyond a threshold, turned so that positive is better than the threshold. */
interface Side {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

type Word = 'pass' | 'fail' | 'inconclusive';

function toWord(passes: boolean, fails: boolean): Word {
  return passes ? 'pass' : fails ? 'fail' : 'inconclusive';
}

/**
 * What limits around thresholds say of a bound.
 * @param sideAt the change beyond the margin in this direction: -1 worse, 1 better.
 */
function decide(bound: ChangeBound, sideAt: (direction: -1 | 1) => Side): Word {
  if (bound === 'max-regression') {
    const worse = sideAt(-1);
    return toWord(worse.low >= 0, worse.high < 0);
  }
  const better = sideAt(1);
  if (bound === 'min-improvement') return toWord(better.low >= 0, better.high < 0);
  if (bound === 'max-improvement') return toWord(better.high <= 0, better.low > 0);
  const worse = sideAt(-1);
  return toWord(worse.low >= 0 && better.high <= 0, worse.high < 0 || better.low > 0);
}

function judgePoints(
  metric: Metric,
  value: number,
  comparison: MetricComparison,
  { gate, margin, bound }: ChangeContext,
): Judgement {
  const baseline = comparison.baseline ?? Number.NaN;
  const direction = gate.direction ?? metric.direction;
  const allowed = margin.kind === 'absolute' ? margin.value : margin.value * baseline;
  const gain = direction === 'lower-is-better' ? baseline - value : value - baseline;
  const slack = slackOf(value, baseline, allowed);
  const verdict = decide(bound, (side) => {
    const beyond = gain - side * allowed;
    const rounded = Math.abs(beyond) <= slack ? 0 : beyond;
    return { value: rounded, low: rounded, high: rounded };
  });
  const unknown = comparison.detail === undefined ? '' : ` ${comparison.detail}`;
  const rule = `Point rule: the uncertainty of this number is not known.${unknown}`;
  const said = describePointChange(metric, baseline, value);
  return {
    verdict,
    reason: verdict === 'fail' && bound === 'max-improvement' ? 'unexpected-gain' : 'point-rule',
    message: `${said}${closeSentence(bound, verdict, gain, margin, comparison)} ${rule}`,
  };
}

/** The end of a sentence that began with what changed. */
function closeSentence(
  bound: ChangeBound,
  verdict: Word,
  gain: number,
  margin: Margin,
  comparison: MetricComparison,
): string {
  const passes = verdict === 'pass';
  const allowed = describeMargin(margin, comparison, bound === 'min-improvement' ? 'asked for' : 'allowed');
  switch (bound) {
    case 'max-regression': {
      if (!passes) return `, more than ${allowed}.`;
      return gain < 0 ? `, within ${allowed}.` : `, so it is not worse by more than ${allowed}.`;
    }
    case 'min-improvement':
      return passes ? `, so it is better by ${allowed}.` : `, so it is not better by ${allowed}.`;
    case 'max-improvement':
      return passes
        ? `, so it is not better by more than ${allowed}.`
        : `, better by more than ${allowed}. That is too good to be taken on trust: look for test examples in the training data, or for another way of measuring.`;
    case 'max-change':
      return passes ? `, the same within ${allowed}.` : `, more than ${allowed}.`;
    default:
      return bound satisfies never;
  }
}

function describeQuestion(bound: ChangeBound, margin: Margin, comparison: MetricComparison): string {
  if (bound === 'max-regression')
    return `it is worse by more than ${describeMargin(margin, comparison, 'allowed')}`;
  if (bound === 'min-improvement')
    return `it is better by ${describeMargin(margin, comparison, 'asked for')}`;
  if (bound === 'max-improvement')
    return `it is better by more than ${describeMargin(margin, comparison, 'allowed')}`;
  return `it changed by more than ${describeMargin(margin, comparison, 'allowed')}`;
}

function judgeInterval(metric: Metric, comparison: MetricComparison, context: ChangeContext): Judgement {
  const name = nameMetric(metric);
  const { bound, margin, alpha } = context;
  const { difference, interval } = comparison;
  if (difference === null || interval === undefined) {
    const detail =
      comparison.detail ??
      'There is no interval for its change here: more or more varied examples would give one.';
    return { verdict: 'inconclusive', reason: 'degenerate', message: `${name} was not decided. ${detail}` };
  }
  const worse = sideOf(metric, comparison, interval, { kind: margin.kind, value: -margin.value });
  const better = sideOf(metric, comparison, interval, margin);
  const needed = bound === 'max-regression' ? [worse] : bound === 'max-change' ? [worse, better] : [better];
  if (needed.includes(undefined)) {
    return {
      verdict: 'inconclusive',
      reason: 'policy-changed',
      message: `${name} was not tested at a margin of ${formatPercent(margin.value)} of the baseline: compare it again under this policy.`,
    };
  }
  const slack = slackOf(metric.value ?? 0, margin.kind === 'absolute' ? margin.value : 0);
  const verdict = decide(bound, (direction) =>
    allowRounding((direction === -1 ? worse : better)?.side ?? NOTHING, slack),
  );
  const doubt = needed
    .map((tested) => tested && doubtInterval(`${name}: the change`, tested.interval, alpha))
    .find((found) => found !== undefined);
  if (isStopped(doubt, verdict === 'fail')) return doubt;
  const said = describeChange(metric, difference, interval);
  const change = orientChange(difference, interval, metric.direction);
  if (verdict !== 'inconclusive') {
    const pWorse =
      bound === 'max-regression' && worse !== undefined ? pOf(comparison, margin, worse) : undefined;
    return {
      verdict,
      ...(verdict === 'fail' && bound === 'max-improvement' ? { reason: 'unexpected-gain' as const } : {}),
      message: `${said}${closeSentence(bound, verdict, change.difference, margin, comparison)}`,
      ...(pWorse === undefined ? {} : { pWorse }),
    };
  }
  const question = describeQuestion(bound, margin, comparison);
  const noisy = judgeTrainingNoise(metric, comparison, context, slack);
  if (noisy !== undefined)
    return { ...noisy, message: `${said}. ${noisy.message} ${question}. More examples would hardly help.` };
  const plan = bound === 'max-regression' || bound === 'max-change' ? describePlan(comparison) : '';
  const undecided = `${describeSample(comparison)} cannot tell whether ${question}.${plan}`;
  return { verdict, reason: 'undecided', message: `${said}. ${context.hint ?? undecided}` };
}

const NOTHING: Side = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

/** Limits that miss zero by rounding alone do not miss it. */
function allowRounding({ value, low, high }: Side, slack: number): Side {
  const round = (limit: number): number => (Math.abs(limit) <= slack ? 0 : limit);
  return { value, low: round(low), high: round(high) };
}

interface TestedSide {
  readonly side: Side;
  /** The interval of what was tested, as evidence has it. */
  readonly interval: Interval;
}

/**
 * The change beyond a threshold: the difference less an absolute one, or the quantity that a relative one was tested by.
 * Undefined where no quantity was tested for this share.
 */
function sideOf(
  metric: Metric,
  comparison: MetricComparison,
  interval: Interval,
  threshold: Margin,
): TestedSide | undefined {
  if (threshold.kind === 'absolute') {
    const { difference, low, high } = orientChange(
      comparison.difference ?? Number.NaN,
      interval,
      metric.direction,
    );
    const side = {
      value: difference - threshold.value,
      low: low - threshold.value,
      high: high - threshold.value,
    };
    return { side, interval };
  }
  const tested = listRelatives(comparison).find(
    ({ change }) => Math.abs(change - threshold.value) <= slackOf(threshold.value),
  );
  if (tested === undefined) return undefined;
  const { low, high } = tested.interval;
  return { side: { value: tested.value, low, high }, interval: tested.interval };
}

export function listRelatives({ relative, relativeMargin, relatives = [] }: MetricComparison) {
  return relative === undefined || relativeMargin === undefined
    ? relatives
    : [{ change: -relativeMargin, ...relative }, ...relatives];
}

/**
 * The p-value of "worse by more than the margin". Where another margin is asked for than the one that was tested, as
 * when the base branch's config judges again, it is rebuilt from the interval as if that were normal around its value.
 */
function pOf(
  comparison: MetricComparison,
  margin: Margin,
  { side, interval }: TestedSide,
): number | undefined {
  const tested = margin.kind === 'absolute' ? comparison.margin : comparison.relativeMargin;
  const isTested = tested !== undefined && Math.abs(tested - margin.value) <= slackOf(margin.value);
  if (isTested && comparison.pWorse !== undefined) return comparison.pWorse;
  const half = side.high - side.value;
  if (!(half > 0)) return undefined;
  const factor = -normalQuantile(tailProbability(interval.level));
  return normalSurvival((-side.value / half) * factor);
}

/** A question that these two models decide, and that main's recipe trained again leaves open: more examples are no help. */
function judgeTrainingNoise(
  metric: Metric,
  comparison: MetricComparison,
  { bound, margin }: ChangeContext,
  slack: number,
): Judgement | undefined {
  const bare = withoutTrainingNoise(comparison, metric.direction);
  if (bare?.interval === undefined || comparison.trainingNoise === undefined) return undefined;
  const { interval } = bare;
  const sideAt = (direction: -1 | 1): Side => {
    const threshold = { kind: margin.kind, value: direction * margin.value };
    return allowRounding(sideOf(metric, bare, interval, threshold)?.side ?? NOTHING, slack);
  };
  const decided = decide(bound, sideAt);
  if (decided === 'inconclusive') return undefined;
  const { standardDeviation, trainings } = comparison.trainingNoise;
  return {
    verdict: 'inconclusive',
    reason: 'training-noise',
    message: `These two models alone would ${decided}, but ${formatCount(trainings)} trainings of main's recipe differ among themselves (standard deviation ${formatPlain(Number(standardDeviation.toPrecision(2)))}), so it cannot be told of the recipes whether`,
  };
}
