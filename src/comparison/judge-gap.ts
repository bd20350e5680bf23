import type { Metric } from '../schemas/evidence.generated.ts';
import { orientChange, type OrientedChange } from './describe-change.ts';
import { nameMetric } from './describe-change.ts';
import {
  decimalsFor,
  formatCount,
  formatFixed,
  formatPercent,
  formatPlain,
  formatPlannedCount,
  formatSetting,
} from './format-number.ts';
import { pBeyond } from './interval-p-value.ts';
import { doubtInterval, isStopped, slackOf, undefinedFinding, type Judgement } from './judgement.ts';

/**
 * A metric of a slice beside the same metric outside it: `pass` if even the worse end of the interval is no further below
 * than allowed, `fail` if the whole interval is, else `inconclusive`, with the examples that such a slice needs.
 */
export function judgeGap(metric: Metric, allowed: number, alpha: number): Judgement {
  const { gap } = metric;
  const name = nameMetric(metric);
  if (metric.value === null) return undefinedFinding(metric);
  if (gap === undefined) {
    return {
      verdict: 'fail',
      reason: 'missing',
      message: `${name} was not compared with the examples outside the slice. Run the test of the model with this config.`,
    };
  }
  if (gap.n === 0) {
    const message = `No example lies outside \`${metric.about.slice ?? ''}\`, so there is nothing to compare it with.`;
    return { verdict: 'inconclusive', reason: 'degenerate', message };
  }
  if (gap.difference === null || gap.rest === null) {
    return {
      verdict: 'fail',
      reason: 'not-finite',
      message: `${name} has no value outside the slice, so there is nothing to compare it with.`,
    };
  }
  const { difference, rest, interval } = gap;
  if (interval === undefined) {
    return {
      verdict: 'inconclusive',
      reason: 'degenerate',
      message: `${name} is ${formatPlain(metric.value)} and ${formatPlain(rest)} elsewhere, and the uncertainty of their difference cannot be told from ${formatCount(metric.n ?? 0)} examples.`,
    };
  }
  const change = orientChange(difference, interval, metric.direction);
  const slack = slackOf(allowed, change.low, change.high);
  const breaks = change.high < -allowed - slack;
  const doubt = doubtInterval(name, interval, alpha);
  if (isStopped(doubt, breaks)) return doubt;
  const said = `${name} is ${formatPlain(metric.value)}, ${formatPlain(rest)} outside: ${describeGap(change, interval.level)}`;
  const asked = formatSetting(allowed);
  if (change.low >= -allowed - slack)
    return { verdict: 'pass', message: `${said}; a gap of ${asked} is allowed.` };
  if (breaks) {
    const oriented = { ...interval, low: change.low, high: change.high };
    return {
      verdict: 'fail',
      message: `${said}, more than the ${asked} allowed.`,
      pWorse: pBeyond(change.difference, oriented, -allowed, Math.min(metric.n ?? 0, gap.n)),
    };
  }
  return { verdict: 'inconclusive', reason: 'undecided', ...planGap(metric, change, allowed, said) };
}

function describeGap({ difference, low, high }: OrientedChange, level: number): string {
  const decimals = decimalsFor((high - low) / 2);
  const show = (value: number): string =>
    `${formatFixed(Math.abs(value), decimals)} ${value < 0 ? 'worse' : 'better'}`;
  return `${show(difference)} (${formatPercent(level)} interval ${show(low)} to ${show(high)})`;
}

/**
 * Examples that would decide, at a width that shrinks with the root of their number: as the slice stands, or, where not
 * even one that is as good as the rest could pass, for such a one.
 */
function planGap(
  metric: Metric,
  { difference, low, high }: OrientedChange,
  allowed: number,
  said: string,
): Pick<Judgement, 'message' | 'neededExamples'> {
  const n = metric.n ?? 0;
  const distance = difference + allowed;
  const half = distance >= 0 ? difference - low : high - difference;
  const isTooSmall = difference - low > allowed;
  const ratio = isTooSmall ? (difference - low) / allowed : half / Math.abs(distance);
  const needed = Math.ceil(n * ratio ** 2);
  const asked = formatSetting(allowed);
  const start = `${said}: these ${formatCount(n)} examples cannot tell whether the gap is at most ${asked}, as asked for`;
  if (!Number.isSafeInteger(needed)) return { message: `${start}.` };
  const help = isTooSmall
    ? `a slice as good as the rest needs about ${formatPlannedCount(needed)} for that margin`
    : `about ${formatPlannedCount(needed)} would`;
  return { message: `${start}; ${help}.`, neededExamples: needed };
}
