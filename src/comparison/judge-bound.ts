import { findMetric } from '../metrics/find-metric.ts';
import type { Metric } from '../schemas/evidence.generated.ts';
import { describeValue, nameMetric } from './describe-change.ts';
import { formatCount, formatPlain, formatPlannedCount, formatSetting } from './format-number.ts';
import {
  doubtInterval,
  holdAgainst,
  isStopped,
  planExamples,
  slackOf,
  undefinedFinding,
  type Judgement,
} from './judgement.ts';

/**
 * A metric against a fixed bound: `pass` if its whole interval keeps it, `fail` if its whole interval breaks it,
 * otherwise `inconclusive`. A number from a metrics file of which nobody knows how much it varies is judged as it stands,
 * and so is a metric of which no interval says anything.
 */
export function judgeBound(
  metric: Metric,
  bound: 'at-least' | 'at-most',
  limit: number,
  alpha: number,
): Judgement {
  if (metric.value === null) return undefinedFinding(metric);
  if (metric.about.model === undefined ? metric.interval === undefined : hasNoInterval(metric))
    return judgeNumber(metric, metric.value, bound, limit);
  const name = nameMetric(metric);
  if (metric.interval === undefined) {
    return {
      verdict: 'inconclusive',
      reason: 'degenerate',
      message: `${name} is ${formatPlain(metric.value)}, and its uncertainty cannot be told from ${formatCount(metric.n ?? 0)} examples.`,
    };
  }
  const { keeps, breaks } = holdAgainst(metric.interval, bound, limit);
  const doubt = doubtInterval(name, metric.interval, alpha);
  if (isStopped(doubt, breaks)) return doubt;
  const said = `${name} is ${describeValue(metric.value, metric.interval)}`;
  const asked = `${bound === 'at-least' ? 'at least' : 'at most'} ${formatSetting(limit)}`;
  if (keeps) return { verdict: 'pass', message: `${said}; ${asked} is asked for.` };
  if (breaks) {
    return { verdict: 'fail', message: `${said}, ${sideOf(bound)} the ${formatSetting(limit)} asked for.` };
  }
  const planned =
    metric.n === undefined ? undefined : planExamples(metric.n, metric.value, metric.interval, limit);
  const needed = planned !== undefined && planned < TOO_MANY ? planned : undefined;
  const unknown =
    metric.n === undefined
      ? 'with this much noise it cannot be told'
      : `these ${formatCount(metric.n)} examples cannot tell`;
  const plan = needed === undefined ? '' : `; about ${formatPlannedCount(needed)} would`;
  return {
    verdict: 'inconclusive',
    reason: 'undecided',
    message: `${said}: ${unknown} whether it is ${asked}, as asked for${plan}.`,
    ...(needed === undefined ? {} : { neededExamples: needed }),
  };
}

/** More examples than anybody could collect. */
const TOO_MANY = 1e12;

/** Whether no interval can say anything of a metric: a largest error, of which a sample knows only its own. */
function hasNoInterval({ name }: Metric): boolean {
  return findMetric(name)?.interval?.startsWith('none') === true;
}

function sideOf(bound: 'at-least' | 'at-most'): string {
  return bound === 'at-least' ? 'below' : 'above';
}

function judgeNumber(metric: Metric, value: number, bound: 'at-least' | 'at-most', limit: number): Judgement {
  const slack = slackOf(limit, value);
  const keeps = bound === 'at-least' ? value >= limit - slack : value <= limit + slack;
  const name = nameMetric(metric);
  const asked = formatSetting(limit);
  const rule = 'Point rule: its uncertainty is not known.';
  return keeps
    ? {
        verdict: 'pass',
        reason: 'point-rule',
        message: `${name} is ${formatPlain(value)}; ${bound === 'at-least' ? 'at least' : 'at most'} ${asked} is asked for. ${rule}`,
      }
    : {
        verdict: 'fail',
        reason: 'point-rule',
        message: `${name} is ${formatPlain(value)}, ${sideOf(bound)} the ${asked} asked for. ${rule}`,
      };
}
