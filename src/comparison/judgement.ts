import { findNearest } from '../evidence/find-nearest.ts';
import { findMetric } from '../metrics/find-metric.ts';
import type { Check, Interval, Metric } from '../schemas/evidence.generated.ts';
import { nameMetric } from './describe-change.ts';
import type { MetricGate } from './gate.ts';

/** A verdict with its reason and its sentence. */
export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason?: NonNullable<Check['reason']>;
  readonly message: string;
  /** p-value of "worse by more than the margin", for the correction for many. */
  readonly pWorse?: number;
  /** Examples that would have decided. */
  readonly neededExamples?: number;
  readonly correction?: { readonly adjustedP: number; readonly family: number };
}

/** Levels closer than this are the same: evidence rounds its figures. */
const LEVEL_TOLERANCE = 1e-9;

/** Share by which a limit may miss a bound, because 0.9 - 0.92 is a little less than -0.02 in binary. */
const ROUNDING = 1e-9;

/** How far apart two numbers of these sizes are through rounding alone. */
export function slackOf(...sizes: readonly number[]): number {
  return ROUNDING * Math.max(...sizes.map(Math.abs));
}

/** Whether an interval lies wholly inside a bound, or wholly beyond it; neither where it lies across. */
export function holdAgainst(
  { low, high }: Pick<Interval, 'low' | 'high'>,
  bound: 'at-least' | 'at-most',
  limit: number,
): { readonly keeps: boolean; readonly breaks: boolean } {
  const slack = slackOf(limit, low, high);
  return bound === 'at-least'
    ? { keeps: low >= limit - slack, breaks: high < limit - slack }
    : { keeps: high <= limit + slack, breaks: low > limit + slack };
}

/**
 * Examples with which this value and a spread like this one would have decided: the distance of the limit that faces the
 * bound shrinks as the root of their number. Undefined where the value lies at the bound, or n decided already.
 */
export function planExamples(
  n: number,
  value: number,
  { low, high }: Pick<Interval, 'low' | 'high'>,
  limit: number,
): number | undefined {
  const reach = value > limit ? value - low : high - value;
  const factor = (reach / (value - limit)) ** 2;
  return Number.isFinite(factor) && factor > 1 ? Math.ceil(n * factor) : undefined;
}

/** @param known names of the numbers of the same file, or of the slices of the same model */
export function missingFinding(gate: MetricGate, known: readonly string[] = []): Judgement {
  return { verdict: 'fail', reason: 'missing', message: describeMissing(gate, known) };
}

function describeMissing(gate: MetricGate, known: readonly string[]): string {
  if (gate.expect === true)
    return `No example of the test set is in the slice \`${gate.about.slice ?? ''}\`. ${suggest(gate.about.slice ?? '', known, 'Check what `slices.by` asks for, letter by letter, and where the test set comes from.')}`;
  const name = nameMetric({ name: gate.metric, about: gate.about });
  if (gate.everySlice === true)
    return `${name} was not measured on any slice. Check \`slices.by\` and \`predictions\`.`;
  if (gate.about.model === undefined)
    return `There is no number ${name} in the metrics file. ${suggest(gate.metric, known, 'Check the key and the step that writes the file.')}`;
  const needsScore = findMetric(gate.metric)?.needs === 'score';
  return `${name} was not measured${needsScore ? ': it needs a score for each example' : ''}. Check \`predictions\`.`;
}

/** Other tools add to their names: what begins as the wanted one is near, however much follows. */
function suggest(wanted: string, known: readonly string[], otherwise: string): string {
  const nearest = findNearest(wanted, known) ?? known.find((name) => name.startsWith(wanted));
  return nearest === undefined ? otherwise : `Did you mean \`${nearest}\`?`;
}

/** A metric without a value never passes. */
export function undefinedFinding(metric: Metric): Judgement {
  const name = nameMetric(metric);
  const when = metric.about.model === undefined ? undefined : findMetric(metric.name)?.undefinedWhen;
  const message =
    when === undefined
      ? `${name} is not a finite number. Look at what computes it.`
      : `${name} has no value on this test set: it is undefined ${when}.`;
  return { verdict: 'fail', reason: 'not-finite', message };
}

/** What is wrong with an interval that should decide at this alpha; undefined if nothing is. */
export function doubtInterval(name: string, interval: Interval, alpha: number): Judgement | undefined {
  if (interval.degenerate === true || interval.low > interval.high) {
    return {
      verdict: 'inconclusive',
      reason: 'degenerate',
      message: `${name} has no meaningful interval on this test set (${interval.method}): too few examples, or none that differ. More or more varied examples would give one.`,
    };
  }
  if (Math.abs(interval.level - (1 - 2 * alpha)) > LEVEL_TOLERANCE) {
    return {
      verdict: 'inconclusive',
      reason: 'policy-changed',
      message: `${name} has an interval of level ${interval.level}, and alpha ${alpha} asks for ${1 - 2 * alpha}: measure it again under this policy.`,
    };
  }
  return undefined;
}

/**
 * Whether a doubt about an interval stands against the verdict that the interval gives. An interval of another level can
 * never pass: who made it chose the level. But it can fail, or a change that is far worse need only edit alpha to become
 * undecided.
 */
export function isStopped(doubt: Judgement | undefined, fails: boolean): doubt is Judgement {
  return doubt !== undefined && !(doubt.reason === 'policy-changed' && fails);
}
