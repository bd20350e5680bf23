import { boundDistinctly } from '../../evidence/bound-text.ts';
import type { HistoryPoint } from '../../evidence/metric-history.ts';
import { findMetric } from '../../metrics/find-metric.ts';
import type { TrendConfig } from '../../schemas/config.generated.ts';
import type { Check, ConfigSource, Trend } from '../../schemas/evidence.generated.ts';
import { parseMargin, type Margin } from '../../schemas/parse-margin.ts';
import { nameMetric } from '../describe-change.ts';
import { decimalsFor, formatCount, formatFixed, formatPercent, formatSetting } from '../format-number.ts';
import type { MetricGate } from '../gate.ts';
import { estimateDecay, type Decay } from './estimate-decay.ts';
import { estimateNoise } from './estimate-noise.ts';
import { findLevelChanges, type LevelChanges } from './find-level-changes.ts';
import { listCurrentSeries, type Series } from './series.ts';

export interface TrendRequest {
  /** Measurements of main, oldest first. */
  readonly history: readonly HistoryPoint[];
  /** First parents of main, oldest first, measured or not. */
  readonly commits: readonly string[];
  readonly config: TrendConfig;
  /** One-sided error rate of the test for a decay. */
  readonly alpha: number;
  /** Bounds of the config: their `max-regression` is the margin of a decay unless `trend.max-decay` sets one. */
  readonly gates: readonly MetricGate[];
  readonly seed: number;
  /** Look for changes of the level also where no margin watches the metric: half a second for each 200 commits of it. */
  readonly everyChange: boolean;
  readonly locate: (path: readonly string[]) => ConfigSource;
}

/** The history of one metric, and what it says of main as it is now. */
export interface MeasuredTrend {
  readonly series: Series;
  readonly levels: LevelChanges;
  /** As evidence holds it. */
  readonly trend: Trend;
  /** Undefined where no margin is known, or where there is nothing to compare. */
  readonly decay: Decay | undefined;
  readonly margin: DecayMargin | undefined;
}

/** How much main may lose, and where that was asked for. */
interface DecayMargin {
  readonly margin: Margin;
  readonly source: ConfigSource;
}

const NO_CHANGES: LevelChanges = { changes: [], plateaus: [], dependent: false };

/** Changes that evidence holds. */
const MOST_CHANGES = 50;

/** Every metric's history on main since its test set or definition last changed. */
export function measureTrends(request: TrendRequest): readonly MeasuredTrend[] {
  return listCurrentSeries(request.history).map((series) => measureTrend(series, request));
}

function measureTrend(series: Series, request: TrendRequest): MeasuredTrend {
  const { config, commits, seed } = request;
  const margin = findMargin(series, request);
  const isLookedAt = margin !== undefined || request.everyChange;
  const levels = isLookedAt
    ? findLevelChanges(series.points, { alpha: config.alpha, seed, commits })
    : NO_CHANGES;
  const noise = estimateNoise(series.measurements);
  const decay =
    margin &&
    estimateDecay(series.direction, levels.plateaus, {
      margin: margin.margin,
      alpha: request.alpha,
      noise,
    });
  const repeated =
    noise?.method === 're-measured'
      ? { noise: noise.standardDeviation, noiseDegreesOfFreedom: noise.degreesOfFreedom }
      : {};
  const changes = levels.changes.slice(-MOST_CHANGES);
  const { about, metric, direction } = series;
  return {
    series,
    levels,
    margin,
    decay,
    trend: {
      about,
      metric,
      direction,
      points: series.points.map(({ commit, at, value, interval }) => ({
        commit,
        ...(at === undefined ? {} : { at }),
        value,
        ...(interval === undefined ? {} : { low: interval.low, high: interval.high }),
      })),
      ...(changes.length === 0 ? {} : { changes }),
      ...repeated,
    },
  };
}

/** The margin that the config sets for the decay of a metric: by its own name, or that of its `max-regression`. */
function findMargin({ about, metric }: Series, request: TrendRequest): DecayMargin | undefined {
  const { config, gates, locate } = request;
  const key = Object.keys(config['max-decay'] ?? {}).find((name) => isNamed({ about, metric }, name));
  const own = key === undefined ? undefined : config['max-decay']?.[key];
  if (key !== undefined && own !== undefined) {
    return { margin: parseMargin(own), source: locate(['trend', 'max-decay', key]) };
  }
  const gate = gates.find(
    (each) =>
      each.metric === metric &&
      each.everySlice !== true &&
      each.about.slice === undefined &&
      each.about.model === about.model &&
      each.about.metricsFile === about.metricsFile,
  );
  if (gate?.maxRegression === undefined) return undefined;
  return { margin: gate.maxRegression, source: gate.boundSources['max-regression'] ?? gate.source };
}

function isNamed({ about, metric }: Pick<Series, 'about' | 'metric'>, name: string): boolean {
  return name === metric || (about.model !== undefined && findMetric(name)?.name === metric);
}

/** A failed check for each metric that `trend.max-decay` names and that main does not have: a margin must not vanish. */
export function findUnwatched(
  trends: readonly MeasuredTrend[],
  { config, locate }: Pick<TrendRequest, 'config' | 'locate'>,
): readonly Check[] {
  return Object.keys(config['max-decay'] ?? {})
    .filter((name) => !trends.some(({ series }) => isNamed(series, name)))
    .map((name) => ({
      id: boundDistinctly(`trend/max-decay/${name}`),
      name: DECAY_CHECK,
      about: {},
      verdict: 'fail',
      reason: 'missing',
      severity: config.severity,
      message: `\`trend.max-decay\` names \`${name}\`, which no model and no metrics file has. Correct the name, or take it out.`,
      source: locate(['trend', 'max-decay', name]),
    }));
}

/** Name of the check, in the words of the config. */
export const DECAY_CHECK = 'max-decay';

/** One check for each metric whose decay on main has a margin and something to be compared with. */
export function judgeTrends(
  trends: readonly MeasuredTrend[],
  severity: TrendConfig['severity'],
): readonly Check[] {
  return trends.flatMap((measured) => {
    const { series, decay, margin } = measured;
    if (decay === undefined || margin === undefined) return [];
    const reason = reasonOf(decay);
    return [
      {
        id: boundDistinctly(`trend/${series.about.model ?? series.about.metricsFile ?? ''}/${series.metric}`),
        name: DECAY_CHECK,
        about: series.about,
        verdict: decay.verdict,
        ...(reason === undefined ? {} : { reason }),
        severity,
        observed: decay.difference,
        expected: nameMargin(margin.margin),
        message: describeDecay(measured, decay, margin.margin),
        source: margin.source,
      },
    ];
  });
}

function reasonOf({ verdict, method }: Decay): Check['reason'] {
  if (verdict === 'inconclusive') return 'undecided';
  return method === 'point-rule' ? 'point-rule' : undefined;
}

function nameMargin({ kind, value }: Margin): string | number {
  return kind === 'relative' ? formatPercent(value).replace(' ', '') : value;
}

function describeDecay({ series, levels }: MeasuredTrend, decay: Decay, margin: Margin): string {
  const { reference, now, low, high, difference } = decay;
  const decimals = decimalsFor(high > low ? high - low : Math.abs(difference));
  const write = (value: number) => formatFixed(value, decimals);
  const limits = decay.method === 'point-rule' ? '' : ` (interval ${write(low)} to ${write(high)})`;
  const allowed = margin.kind === 'relative' ? formatPercent(margin.value) : formatSetting(margin.value);
  const name = nameMetric({ name: series.metric, about: series.about });
  const moved = `${name} on main is ${write(now.value)} at ${shortOf(now.commit)} and was ${write(reference.value)} at ${shortOf(reference.commit)}: ${write(difference)}${limits}`;
  const steps = series.points.findIndex(({ commit }) => commit === reference.commit);
  const count = formatCount(series.points.length - 1 - steps);
  if (decay.verdict === 'pass') return `${moved}, within ${allowed} over ${count} measured commits.`;
  const where = describeWorseChanges(series, levels);
  return decay.verdict === 'fail'
    ? `${moved}, more than the ${allowed} that main may lose, over ${count} measured commits that each came in.${where} Find what cost it, or accept the new level by raising \`trend.max-decay\`.`
    : `${moved}, more than the ${allowed} that main may lose, but chance could make that: the examples of then are gone, and two separate intervals decide little.${where} Compare the two commits on the same examples.`;
}

/** Where a level of the metric changed for the worse. */
function describeWorseChanges({ direction }: Series, { changes }: LevelChanges): string {
  const worse = changes.filter(({ before, now }) =>
    direction === 'lower-is-better' ? now > before : now < before,
  );
  if (worse.length === 0) return ' No single step stands out.';
  const ranges = worse.map(
    ({ after, at, between = [] }) =>
      `between ${shortOf(after)} and ${shortOf(at)}${between.length === 0 ? '' : ` (${formatCount(between.length)} commits between were not measured)`}`,
  );
  return ` It got worse ${ranges.slice(-3).join(', ')}.`;
}

function shortOf(commit: string): string {
  return `\`${commit.slice(0, 8)}\``;
}
