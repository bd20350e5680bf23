import type {
  About,
  Check,
  EvidenceBody,
  Figure,
  Interval,
  Metric,
  MetricComparison,
  Policy,
} from '../../schemas/evidence.generated.ts';
import {
  countOf,
  decimalsOf,
  formatCount,
  formatFixed,
  formatPercent,
  formatPlain,
  formatSigned,
  plainDecimals,
} from '../format-number.ts';
import { groupBy } from '../group-by.ts';
import { describeOutcome, nameSubject, REASON_WORDS, worstOutcome } from './outcomes.ts';
import type { ChangeBar, ChangeView, MeasuredView, MetricRow, Outcome, Tendency } from './report-view.ts';

/** The metrics and figures by what they are about, in the order of the evidence. Slices have a table of their own. */
export function listMeasured(body: EvidenceBody): readonly MeasuredView[] {
  const whole = body.metrics.filter(({ about }) => about.slice === undefined);
  const metrics = groupBy(whole, ({ about }) => aboutKey(about));
  const figures = groupBy(body.figures, ({ about }) => aboutKey(about));
  const checks = groupRowChecks(body.checks);
  return [...new Set([...metrics.keys(), ...figures.keys()])].flatMap((key) => {
    const found = { metrics: metrics.get(key) ?? [], figures: figures.get(key) ?? [] };
    const about = (found.metrics[0] ?? found.figures[0])?.about;
    return about === undefined ? [] : [describeMeasured(about, found, checks, body.policy)];
  });
}

/** What two things share that stand in one table. The digest of the test set is no part of it: a missing one is no other model. */
function aboutKey(about: About): string {
  return JSON.stringify([about.model, about.dataset, about.metricsFile, about.split, about.slice]);
}

/**
 * Checks by the metric in whose row they stand: those of its value and its change. How far groups are apart, and what
 * the model gains or overfits, are other numbers of the same name, with tables of their own.
 */
export function groupRowChecks(checks: readonly Check[]): ReadonlyMap<string, readonly Check[]> {
  return groupBy(
    checks.filter((check) => !isOfOtherTable(check)),
    ({ about, metric }) => metricKey(about, metric ?? ''),
  );
}

const OTHER_TABLES: readonly string[] = ['min-ratio', 'max-difference', 'min-gain'];

function isOfOtherTable({ name, about }: Check): boolean {
  return OTHER_TABLES.includes(name) || (name === 'max-gap' && about.slice === undefined);
}

/** What a metric and its checks share. */
export function metricKey(about: About, metric: string): string {
  return `${aboutKey(about)} ${metric}`;
}

function describeMeasured(
  about: About,
  { metrics, figures }: { readonly metrics: readonly Metric[]; readonly figures: readonly Figure[] },
  checks: ReadonlyMap<string, readonly Check[]>,
  policy: Policy,
): MeasuredView {
  const rows = metrics.map((metric) =>
    describeMetric(metric, checks.get(metricKey(metric.about, metric.name)) ?? [], policy),
  );
  return {
    kind: kindOf(about),
    name: nameSubject(about),
    size: describeSize(metrics),
    level: commonLevel(metrics),
    gated: rows.filter((row) => row.outcome !== undefined),
    others: rows.filter((row) => row.outcome === undefined),
    hasPointRule: metrics.some((metric) => metric.comparison?.method === 'point-rule'),
    figures,
  };
}

function kindOf(about: About): MeasuredView['kind'] {
  if (about.model !== undefined) return 'model';
  return about.metricsFile === undefined ? 'dataset' : 'metrics file';
}

/** Some metrics rest on a part of the examples, as precision does on the predicted positives. */
function describeSize(metrics: readonly Metric[]): string | undefined {
  const sizes = metrics.flatMap((metric) => metric.n ?? []);
  return sizes.length === 0 ? undefined : countOf(Math.max(...sizes), 'example');
}

/** Of the intervals that a table shows: those of the changes, or of the values where nothing was compared. */
function commonLevel(metrics: readonly Metric[]): string | undefined {
  const isCompared = metrics.some(({ comparison }) => comparison !== undefined);
  const intervals = metrics.flatMap(
    ({ comparison, interval }) => (isCompared ? comparison?.interval : interval) ?? [],
  );
  const levels = new Set(intervals.map(({ level }) => level));
  const [only] = levels;
  return levels.size === 1 && only !== undefined ? formatPercent(only) : undefined;
}

/** One metric in words and numbers, with what was asked of it. */
export function describeMetric(metric: Metric, checks: readonly Check[], policy: Policy): MetricRow {
  const decimals = decimalsFor(metric);
  const { comparison } = metric;
  const outcome = worstOutcome(checks.map((check) => describeOutcome(check, policy)));
  return {
    name: metric.name,
    unit: metric.unit,
    direction: DIRECTION_WORDS[metric.direction],
    n: metric.n === undefined ? '' : formatCount(metric.n),
    value: writeValue(metric.value, decimals),
    valueInterval:
      metric.interval === undefined ? undefined : writeLimits(metric.interval, decimals, formatFixed),
    baseline: writeBaseline(comparison, decimals),
    change: comparison === undefined ? undefined : describeChange(metric, comparison, decimals),
    allowed: describeAllowed(comparison, checks),
    outcome,
    smallestVisibleChange: writeOptional(comparison?.smallestVisibleChange, writeTwoDigits),
    examplesToDecide: writeOptional(plannedExamples(comparison, outcome), formatCount),
    method: comparison?.interval?.method ?? metric.interval?.method,
  };
}

/** The plan supposes equally good models: where as many examples did not decide, it says nothing. */
function plannedExamples(
  comparison: MetricComparison | undefined,
  outcome: Outcome | undefined,
): number | undefined {
  const { examplesToDecide: needed, pairs = 0 } = comparison ?? {};
  return outcome?.verdict === 'inconclusive' && needed !== undefined && needed <= pairs ? undefined : needed;
}

const DIRECTION_WORDS: Readonly<Record<Metric['direction'], string>> = {
  'higher-is-better': 'higher is better',
  'lower-is-better': 'lower is better',
  none: '',
};

/** Digits that the uncertainty justifies; all numbers of a row share them, so that a reader can subtract. */
function decimalsFor(metric: Metric): number {
  const interval = metric.comparison?.interval ?? metric.interval;
  const fromInterval = interval === undefined ? undefined : decimalsOf((interval.high - interval.low) / 2);
  if (fromInterval !== undefined) return fromInterval;
  const values = [metric.value, metric.comparison?.baseline].flatMap((value) => value ?? []);
  return values.every(Number.isSafeInteger) ? 0 : plainDecimals(values[0] ?? 0);
}

/** Undefined where the baseline has no such metric, or none on this part of the test set. */
function writeBaseline(comparison: MetricComparison | undefined, decimals: number): string | undefined {
  if (comparison === undefined) return undefined;
  const { baseline, reason } = comparison;
  return baseline === null && reason !== 'not-finite' ? undefined : writeValue(baseline, decimals);
}

function writeValue(value: number | null, decimals: number): string {
  return value === null ? 'not a number' : formatFixed(value, decimals);
}

function writeLimits(
  interval: Interval,
  decimals: number,
  write: (value: number, decimals: number) => string,
): string {
  return `${write(interval.low, decimals)} to ${write(interval.high, decimals)}`;
}

function writeOptional(value: number | undefined, write: (value: number) => string): string | undefined {
  return value === undefined ? undefined : write(value);
}

function writeTwoDigits(value: number): string {
  return formatFixed(value, decimalsOf(value) ?? 0);
}

function describeChange(metric: Metric, comparison: MetricComparison, decimals: number): ChangeView {
  const { difference, interval } = comparison;
  const tendency = findTendency(metric, comparison);
  if (difference === null || tendency === 'unchanged' || tendency === 'not-compared') {
    const note = comparison.reason ?? (difference === null ? 'not-finite' : undefined);
    return {
      tendency,
      difference: undefined,
      interval: undefined,
      bar: undefined,
      note: note && REASON_WORDS[note],
    };
  }
  return {
    tendency,
    difference: formatSigned(difference, decimals),
    interval: interval === undefined ? undefined : writeLimits(interval, decimals, formatSigned),
    bar: drawableBar(metric, comparison),
    note: undefined,
  };
}

/** A change is for the better or the worse only as far as its interval leaves no other reading. */
function findTendency({ direction }: Metric, { method, difference, interval }: MetricComparison): Tendency {
  if (method === 'none' || difference === null) return 'not-compared';
  if (method === 'unchanged' || (interval === undefined && difference === 0)) return 'unchanged';
  if (interval !== undefined && interval.low <= 0 && interval.high >= 0) return 'unclear';
  if (direction === 'none') return difference > 0 ? 'higher' : 'lower';
  return difference > 0 === (direction === 'higher-is-better') ? 'better' : 'worse';
}

/** Turned so that more is better. Undefined where there is no interval or no better side. */
function drawableBar(metric: Metric, comparison: MetricComparison): ChangeBar | undefined {
  if (metric.direction === 'none' || comparison.difference === null) return undefined;
  const relative = relativeBar(comparison);
  if (relative !== undefined) return relative;
  const { interval, difference, margin } = comparison;
  if (interval === undefined) return undefined;
  return metric.direction === 'higher-is-better'
    ? { low: interval.low, estimate: difference, high: interval.high, margin }
    : { low: -interval.high, estimate: -difference, high: -interval.low, margin };
}

/**
 * With a relative margin p, what is tested is the oriented change plus p times the baseline, against 0: moved back by
 * that much it can be drawn beside the others.
 */
function relativeBar({ relative, relativeMargin, baseline }: MetricComparison): ChangeBar | undefined {
  if (relative === undefined || relativeMargin === undefined || baseline === null) return undefined;
  const margin = relativeMargin * baseline;
  if (margin <= 0) return undefined;
  return {
    low: relative.interval.low - margin,
    estimate: relative.value - margin,
    high: relative.interval.high - margin,
    margin,
  };
}

/** The bounds that were asked for, in words. */
function describeAllowed(
  comparison: MetricComparison | undefined,
  checks: readonly Check[],
): readonly string[] {
  return checks.flatMap((check) => {
    if (check.name === 'at-least' || check.name === 'at-most') {
      return [`${check.name === 'at-least' ? 'at least' : 'at most'} ${formatBound(check.expected)}`];
    }
    if (check.name === 'max-gap') return [`gap ${formatBound(check.expected)}`];
    const words = CHANGE_WORDS[check.name];
    const margin = describeMargin(comparison, check);
    return words === undefined || margin === undefined ? [] : [words(margin)];
  });
}

/** Bounds on the change, by the name of their check. */
const CHANGE_WORDS: Readonly<Record<string, (margin: string) => string>> = {
  'max-regression': (margin) => `${margin} worse`,
  'min-improvement': (margin) => `at least ${margin} better`,
  'max-improvement': (margin) => `at most ${margin} better`,
  'max-change': (margin) => `within ±${margin}`,
};

function describeMargin(comparison: MetricComparison | undefined, check: Check): string | undefined {
  if (check.name === 'max-regression' && comparison?.relativeMargin !== undefined)
    return formatPercent(comparison.relativeMargin);
  if (check.name === 'max-regression' && comparison?.margin !== undefined)
    return formatPlain(comparison.margin);
  if (check.expected === undefined || check.expected === null) return undefined;
  return formatBound(check.expected);
}

function formatBound(expected: Check['expected']): string {
  return typeof expected === 'number' ? formatPlain(expected) : String(expected ?? '');
}
