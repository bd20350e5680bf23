/** Sentences about metrics, for a reviewer with ten seconds. */
import { findMetric } from '../metrics/find-metric.ts';
import type { Interval, Metric, MetricComparison } from '../schemas/evidence.generated.ts';
import {
  decimalsFor,
  formatCount,
  formatFixed,
  formatPercent,
  formatPlain,
  formatPlannedCount,
  formatSetting,
} from './format-number.ts';
import type { Margin } from '../schemas/parse-margin.ts';

/** A metric's name as the beginning of a sentence: the catalogue's title, or the key in its file, and its slice. */
export function nameMetric(metric: Pick<Metric, 'name' | 'about'>): string {
  if (metric.about.metricsFile !== undefined) return `\`${metric.name}\``;
  const title = findMetric(metric.name)?.title ?? metric.name;
  return metric.about.slice === undefined ? title : `${title} on \`${metric.about.slice}\``;
}

/** Two-sided level of an interval: 90 %. */
function formatLevel(level: number): string {
  return formatPercent(level);
}

/** "0.782 (90 % interval 0.768 to 0.796)", or the value alone. */
export function describeValue(value: number, interval: Interval | undefined): string {
  if (interval === undefined) return formatPlain(value);
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  const [low, high] = [formatFixed(interval.low, decimals), formatFixed(interval.high, decimals)];
  return `${formatFixed(value, decimals)} (${formatLevel(interval.level)} interval ${low} to ${high})`;
}

/** A difference turned so that positive is better. */
export interface OrientedChange {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** The difference and its interval, turned so that positive is better. */
export function orientChange(
  difference: number,
  interval: Pick<Interval, 'low' | 'high'>,
  direction: Metric['direction'],
): OrientedChange {
  const { low, high } = interval;
  return direction === 'lower-is-better'
    ? { difference: -difference, low: -high, high: -low }
    : { difference, low, high };
}

function describeRange(change: OrientedChange, decimals: number): string {
  const show = (value: number): string => formatFixed(Math.abs(value), decimals);
  if (change.high <= 0) return `${show(change.high)} to ${show(change.low)} worse`;
  if (change.low >= 0) return `${show(change.low)} to ${show(change.high)} better`;
  return `${show(change.low)} worse to ${show(change.high)} better`;
}

/** "ROC AUC fell by 0.031 (90 % interval 0.020 to 0.042 worse)". */
export function describeChange(metric: Metric, difference: number, interval: Interval): string {
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  const amount = formatFixed(Math.abs(difference), decimals);
  const change = orientChange(difference, interval, metric.direction);
  const range = `${formatLevel(interval.level)} interval ${describeRange(change, decimals)}`;
  const name = nameMetric(metric);
  if (!/[1-9]/.test(amount)) {
    return difference === 0
      ? `${name} did not change (${range})`
      : `${name} changed by less than ${formatFixed(10 ** -decimals, decimals)} (${range})`;
  }
  return `${name} ${difference > 0 ? 'rose' : 'fell'} by ${amount} (${range})`;
}

/** "val_loss rose from 0.412 to 0.431 (+4.6 %)". */
export function describePointChange(metric: Metric, baseline: number, value: number): string {
  const name = nameMetric(metric);
  if (value === baseline) return `${name} did not change (${formatPlain(value)})`;
  const share = baseline === 0 ? undefined : (value - baseline) / Math.abs(baseline);
  const percent =
    share === undefined
      ? ''
      : ` (${share > 0 ? '+' : '−'}${formatPercent(Number(Math.abs(share).toPrecision(2)))})`;
  const [from, to] = [formatPlain(baseline), formatPlain(value)];
  // Two numbers that look alike when rounded are shown in full.
  const shown = from === to ? [formatSetting(baseline), formatSetting(value)] : [from, to];
  return `${name} ${value > baseline ? 'rose' : 'fell'} from ${shown.join(' to ')}${percent}`;
}

/** "the 0.02 allowed", or "the 5 % (of the baseline's 0.812) allowed". */
export function describeMargin(
  margin: Margin,
  comparison: Pick<MetricComparison, 'baseline'>,
  word: 'allowed' | 'asked for',
): string {
  if (margin.kind === 'absolute') return `the ${formatSetting(margin.value)} ${word}`;
  const baseline = comparison.baseline === null ? '' : `'s ${formatPlain(comparison.baseline)}`;
  return `the ${formatPercent(margin.value)} (of the baseline${baseline}) ${word}`;
}

/** What could not decide, as the beginning of a sentence: "These 800 examples". */
export function describeSample({ method, pairs = 0, groups }: MetricComparison): string {
  const numbers = SAMPLES[method];
  if (numbers !== undefined) return numbers;
  return `These ${formatCount(pairs)} examples${groups === undefined ? '' : ` in ${formatCount(groups)} groups`}`;
}

const SAMPLES: Readonly<Partial<Record<MetricComparison['method'], string>>> = {
  noise: 'Numbers with this much noise',
  folds: 'These folds',
  seeds: 'These trainings',
  unpaired: 'These two test sets',
};

/** What the sample could have shown and what would decide, as sentences with a leading space. */
export function describePlan(comparison: MetricComparison): string {
  const { smallestVisibleChange: smallest, examplesToDecide: needed } = comparison;
  const seen =
    smallest === undefined
      ? ''
      : ` The smallest change that they show reliably is ${formatFixed(smallest, decimalsFor(smallest))}`;
  const decide =
    needed === undefined ? describeNoise(comparison) : describeNeeded(needed, comparison.pairs ?? 0);
  if (seen === '') return decide === '' ? '' : ` ${decide[0]?.toUpperCase() ?? ''}${decide.slice(1)}.`;
  return decide === '' ? `${seen}.` : `${seen}; ${decide}.`;
}

function describeNeeded(needed: number, pairs: number): string {
  // The plan supposes that both models are equally good; where they are not, it has been exceeded without a decision.
  if (needed <= pairs) return 'the true change lies close to what is allowed';
  return `about ${formatPlannedCount(needed)} examples would decide`;
}

/** More examples do not help where training again moves the metric by more than the margin. */
function describeNoise({ trainingNoise, margin, relativeMargin }: MetricComparison): string {
  if (trainingNoise === undefined || (margin ?? relativeMargin ?? 0) === 0) return '';
  return `no number of examples would decide, because main's recipe trained again moves it by ${formatPlain(trainingNoise.standardDeviation)} (standard deviation)`;
}
