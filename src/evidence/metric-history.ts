/**
 * One line of main's history for each time that a commit was measured: what a trend is drawn from, without the whole
 * evidence of hundreds of commits.
 */
import type { About, Check, Evidence, Metric } from '../schemas/evidence.generated.ts';

/** One metric on the whole test set as one commit of main had it. */
export interface HistoryValue {
  readonly metric: string;
  readonly about: Pick<About, 'model' | 'metricsFile' | 'datasetDigest'>;
  /** Version of the metric's definition. */
  readonly definition: number;
  readonly direction: Metric['direction'];
  /** Null where it was not finite. */
  readonly value: number | null;
  /** Two-sided confidence interval. */
  readonly interval?: { readonly level: number; readonly low: number; readonly high: number };
  /**
   * The paired comparison with the commit that it was measured against: confidence limits, at the level of `interval`,
   * of this value minus that one's.
   */
  readonly change?: { readonly since: string; readonly low: number; readonly high: number };
}

/** A commit and what was measured of it. */
export interface HistoryPoint {
  /** Commit of main. */
  readonly commit: string;
  /** When it was measured, RFC 3339 in UTC; left out for a measurement that is not recorded yet. */
  readonly at?: string;
  readonly values: readonly HistoryValue[];
}

/** A recorded measurement. */
export interface HistoryEntry extends HistoryPoint {
  /** Digest of the evidence. */
  readonly evidence: string;
  readonly at: string;
}

/** Most metrics of one commit that are kept: a metrics file may hold thousands of numbers. */
const MAX_VALUES = 200;

/** The line of an evidence; undefined for evidence that names no commit. Slices have no history. */
export function toHistoryEntry(evidence: Evidence): HistoryEntry | undefined {
  const { source, body, digest, createdAt } = evidence;
  if (source.commit === undefined) return undefined;
  const values = toHistoryValues(body.metrics, body.baseline?.commit);
  return { commit: source.commit, evidence: digest, at: createdAt, values };
}

/** Metrics as history keeps them. `since`: the commit that they were compared with. */
export function toHistoryValues(
  metrics: readonly Metric[],
  since: string | undefined,
): readonly HistoryValue[] {
  return metrics
    .filter(({ about }) => about.slice === undefined && about.split === undefined)
    .slice(0, MAX_VALUES)
    .map((metric) => toHistoryValue(metric, since));
}

function toHistoryValue(metric: Metric, since: string | undefined): HistoryValue {
  const { name, about, definition, direction, value, interval } = metric;
  const { model, metricsFile, datasetDigest } = about;
  const change = since === undefined ? undefined : pairedChange(metric, since);
  return {
    metric: name,
    about: {
      ...(model === undefined ? {} : { model }),
      ...(metricsFile === undefined ? {} : { metricsFile }),
      ...(datasetDigest === undefined ? {} : { datasetDigest }),
    },
    definition,
    direction,
    value,
    ...(interval === undefined || interval.degenerate === true
      ? {}
      : { interval: { level: interval.level, low: interval.low, high: interval.high } }),
    ...(change === undefined ? {} : { change }),
  };
}

function pairedChange({ comparison, interval }: Metric, since: string): HistoryValue['change'] {
  if (comparison?.method === 'unchanged') return { since, low: 0, high: 0 };
  const limits = comparison?.interval;
  if (comparison?.method !== 'paired' || limits === undefined || limits.degenerate === true) return undefined;
  return limits.level === interval?.level ? { since, low: limits.low, high: limits.high } : undefined;
}

/** One line of a file of lines, without its end. */
export function printHistoryEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

/** Reads what `printHistoryEntry` wrote; undefined for anything else. */
export function parseHistoryEntry(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/u;
const SHA256 = /^[0-9a-f]{64}$/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u;
const DIRECTIONS: readonly unknown[] = ['higher-is-better', 'lower-is-better', 'none'];
/** Longest text that evidence holds as a name. */
const MAX_NAME = 300;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is HistoryEntry {
  return (
    isFields(value) &&
    isMatch(value['commit'], COMMIT) &&
    isMatch(value['evidence'], SHA256) &&
    isMatch(value['at'], TIME) &&
    Array.isArray(value['values']) &&
    value['values'].length <= MAX_VALUES &&
    value['values'].every(isValue)
  );
}

function isValue(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { metric, about, definition, direction, interval, change } = value;
  return (
    isName(metric) &&
    isFields(about) &&
    [about['model'], about['metricsFile'], about['datasetDigest']].every(isOptionalName) &&
    Number.isSafeInteger(definition) &&
    DIRECTIONS.includes(direction) &&
    (value['value'] === null || Number.isFinite(value['value'])) &&
    (interval === undefined || (isLimits(interval) && Number.isFinite(interval['level']))) &&
    (change === undefined || (isLimits(change) && isMatch(change['since'], COMMIT)))
  );
}

function isLimits(value: unknown): value is Fields {
  return isFields(value) && Number.isFinite(value['low']) && Number.isFinite(value['high']);
}

function isMatch(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_NAME;
}

function isOptionalName(value: unknown): boolean {
  return value === undefined || isName(value);
}

/** The metric that a check of main's trend watches; such a check is not one of the metric's own. Undefined for others. */
export function watchedMetric({ id, about }: Pick<Check, 'id' | 'about'>): string | undefined {
  const subject = about.model ?? about.metricsFile;
  const prefix = `trend/${subject ?? ''}/`;
  return subject !== undefined && id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
}
