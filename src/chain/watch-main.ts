/** What main's own history says beside a comparison: trends, decay, and how much of each test set is used up. */
import type { MetricHistory } from '../baseline/metric-history.ts';
import {
  BUDGET_CHECK,
  describeUnwatchedUses,
  judgeBudgets,
  measureBudgets,
  type CountedUses,
} from '../comparison/budget/measure-budgets.ts';
import { listGates } from '../comparison/list-gates.ts';
import { estimateNoise, type NoiseEstimate } from '../comparison/trend/estimate-noise.ts';
import {
  DECAY_CHECK,
  findUnwatched,
  judgeTrends,
  measureTrends,
} from '../comparison/trend/measure-trends.ts';
import { formatCount, formatSetting } from '../comparison/format-number.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError, WorldError } from '../evidence/errors.ts';
import { toHistoryValues, watchedMetric } from '../evidence/metric-history.ts';
import type { Check, EvidenceBody, EvidenceSource, Metric, Trend } from '../schemas/evidence.generated.ts';
import { NO_FINDINGS, type Findings } from './findings.ts';

/** What the baseline's branch knows of main besides evidence. */
export interface MainRecord {
  /** Whether what is tested is a commit of main itself, and not a change to it. */
  readonly isMain: boolean;
  readonly readHistory: (from: string) => Promise<MetricHistory>;
  /** Uses of a test set that were counted so far. */
  readonly readUses: (testSet: string) => Promise<CountedUses>;
}

/** Trends that evidence carries: a metrics file may hold thousands of numbers. */
const MOST_TRENDS = 100;

/** Alarms of main that a change's report names. */
const ALARMS_NAMED = 8;

/** Points of each, the newest. */
const MOST_POINTS = 100;

interface WatchRequest {
  readonly parsed: ParsedConfig;
  readonly source: EvidenceSource;
  /** What this run measured, compared where it could be. */
  readonly metrics: readonly Metric[];
  readonly baseline: EvidenceBody | undefined;
  /** Commit of the baseline. */
  readonly since: string | undefined;
  /** Undefined where there is no branch with a record. */
  readonly record: MainRecord | undefined;
}

/**
 * On main: its metrics' trends with this commit as the newest, a check for each that has a margin, and the budgets of
 * its test sets. On a change to main: the trends and the alarms of the baseline, which are not the change's fault, as
 * remarks. What cannot be read is said; a budget that cannot be read is undecided.
 */
export async function watchMain(request: WatchRequest): Promise<Findings> {
  const { record, source } = request;
  const trends =
    record?.isMain === true && source.commit !== undefined
      ? await watchTrends(request, record, source.commit)
      : repeatTrends(request.baseline);
  const budgets = await watchTestSets(request.parsed, request.metrics, record);
  return {
    ...NO_FINDINGS,
    trends: trends.trends,
    budgets: budgets.budgets,
    checks: [...trends.checks, ...budgets.checks],
    notes: [...trends.notes, ...budgets.notes],
  };
}

async function watchTrends(
  { parsed, metrics, since }: WatchRequest,
  record: MainRecord,
  commit: string,
): Promise<Findings> {
  const read = await attempt(() => record.readHistory(commit));
  if (read.kind === 'failed') {
    return { ...NO_FINDINGS, notes: [`Main's history could not be read: ${read.reason}`] };
  }
  const { commits, entries, unreadable } = read.value;
  // Whatever was recorded of this commit before, what was measured now is what it is judged by.
  const known = entries.filter((entry) => entry.commit !== commit);
  const own = { commit, values: toHistoryValues(metrics, since) };
  const { config, locate } = parsed;
  const measured = measureTrends({
    history: [...known, own],
    commits,
    config: config.trend,
    alpha: config.comparison.alpha,
    gates: listGates(config, locate),
    seed: config.comparison.seed,
    everyChange: false,
    locate,
  });
  const lasting = measured.filter(({ series }) => series.points.at(-1)?.commit === commit);
  // Watched metrics first: there may be more numbers than evidence has room for.
  const watched = lasting.toSorted((a, b) => Number(b.margin !== undefined) - Number(a.margin !== undefined));
  return {
    ...NO_FINDINGS,
    trends: watched
      .slice(0, MOST_TRENDS)
      .map(({ trend }) => ({ ...trend, points: trend.points.slice(-MOST_POINTS) })),
    checks: [
      ...judgeTrends(lasting, config.trend.severity),
      ...findUnwatched(measured, { config: config.trend, locate }),
    ],
    notes:
      unreadable === 0
        ? []
        : [`${unreadable} lines of main's history on the baseline's branch are not what mlgate writes.`],
  };
}

/** Main's trends and alarms as its own evidence has them. */
function repeatTrends(baseline: EvidenceBody | undefined): Findings {
  const alarms = (baseline?.checks ?? []).filter(
    ({ name, verdict }) => name === DECAY_CHECK && (verdict === 'fail' || verdict === 'inconclusive'),
  );
  return {
    ...NO_FINDINGS,
    trends: baseline?.trends ?? [],
    notes: describeAlarms(alarms),
  };
}

/** One alarm in full; of several only what fell, because `mlgate trend` has the rest and the change is not to blame. */
function describeAlarms(alarms: readonly Check[]): readonly string[] {
  const [first, ...others] = alarms;
  if (first === undefined) return [];
  if (others.length === 0) return [`Not this change, but main before it: ${first.message}`];
  const named = alarms
    .slice(0, ALARMS_NAMED)
    .map((check) => {
      const { about, observed, verdict } = check;
      const subject = about.model ?? about.metricsFile ?? '';
      const metric = watchedMetric(check) ?? check.id;
      const change =
        typeof observed === 'number' ? ` by ${formatSetting(Number(Math.abs(observed).toPrecision(2)))}` : '';
      return `\`${metric}\` of \`${subject}\`${change}${verdict === 'fail' ? '' : ' (not sure)'}`;
    })
    .join(', ');
  const more = alarms.length > ALARMS_NAMED ? ` and ${formatCount(alarms.length - ALARMS_NAMED)} more` : '';
  return [
    `Not this change, but main before it got worse by more than \`trend.max-decay\` in small steps: ${named}${more}. \`mlgate trend\` says since when.`,
  ];
}

/** How much of each test set is used up, as the record counts it, with this use. */
export async function watchTestSets(
  { config, locate }: ParsedConfig,
  metrics: readonly Metric[],
  record: Pick<MainRecord, 'isMain' | 'readUses'> | undefined,
): Promise<Findings> {
  const { budget } = config.comparison;
  // Without a budget a change is not worth the calls: main's own run speaks of a test set that wears out.
  if (record === undefined || (budget === undefined && !record.isMain)) return NO_FINDINGS;
  const testSets = new Set(metrics.flatMap(({ about }) => about.datasetDigest ?? []));
  const read = await attempt(async () => {
    const uses = new Map<string, CountedUses>();
    for (const testSet of testSets) uses.set(testSet, await record.readUses(testSet));
    return uses;
  });
  const source = locate(['comparison', 'budget']);
  if (read.kind === 'failed') {
    return budget === undefined
      ? NO_FINDINGS
      : { ...NO_FINDINGS, checks: [unreadBudget(read.reason, source)] };
  }
  const request = { metrics, uses: read.value };
  if (budget === undefined) return { ...NO_FINDINGS, notes: describeUnwatchedUses(request) };
  const budgets = measureBudgets(request, budget);
  return { ...NO_FINDINGS, budgets, checks: judgeBudgets(budgets, budget, metrics, source) };
}

function unreadBudget(reason: string, source: NonNullable<Check['source']>): Check {
  return {
    id: 'comparison/test-set-budget',
    name: BUDGET_CHECK,
    about: {},
    verdict: 'inconclusive',
    reason: 'unreadable',
    severity: 'fail',
    message: `How often the test sets were used could not be read: ${reason}`,
    source,
  };
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (error instanceof WorldError || error instanceof UserError)
      return { kind: 'failed', reason: error.message };
    throw error;
  }
}

/** The noise of a number of a metrics file, as main's history up to the baseline shows it. */
export function noiseOfNumber(
  trends: readonly Trend[] | undefined,
  metricsFile: string,
  key: string,
): Pick<NoiseEstimate, 'standardDeviation' | 'degreesOfFreedom'> | undefined {
  const trend = trends?.find(({ about, metric }) => about.metricsFile === metricsFile && metric === key);
  if (trend === undefined) return undefined;
  const { noise, noiseDegreesOfFreedom, points } = trend;
  // The points are the first measurement of each commit: they do not say how often one was repeated.
  return noise === undefined || noiseDegreesOfFreedom === undefined
    ? estimateNoise(points)
    : { standardDeviation: noise, degreesOfFreedom: noiseDegreesOfFreedom };
}
