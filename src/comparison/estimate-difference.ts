/** Candidate minus a multiple of the baseline, paired, with an interval: by the form of the metric. */
import { aucDifferenceSkewness, delongDifference } from '../statistics/auc.ts';
import { bcaInterval } from '../statistics/bootstrap-interval.ts';
import { bootstrapWeights } from '../statistics/bootstrap.ts';
import {
  clusteredScaledShareInterval,
  clusteredTangoInterval,
  clusterPairs,
} from '../statistics/clustered-pairs.ts';
import { releaseMemory } from '../statistics/release-memory.ts';
import { correctedTangoInterval, type PairedCounts } from '../statistics/paired-proportions.ts';
import { correctedScaledShareInterval } from '../statistics/scaled-shares.ts';
import { weightedAucDifference } from '../statistics/weighted-auc.ts';
import { countCells, indexCells, tabulate } from '../metrics/cells.ts';
import { reachOfFlips } from '../metrics/class-table.ts';
import {
  isWorthless,
  nameDesign,
  LARGEST_BOOTSTRAP,
  toInterval,
  UNDEFINED_ESTIMATE,
  unseenShare,
  type Estimate,
  type EstimateOptions,
} from '../metrics/estimate.ts';
import { estimateCounts } from '../metrics/estimate-counts.ts';
import { estimateMeans } from '../metrics/estimate-means.ts';
import { estimateStatistic, type StatisticQuantity } from '../metrics/estimate-statistic.ts';
import type {
  Form,
  MeansForm,
  OwnLimits,
  RanksForm,
  ShareForm,
  StatisticForm,
  TableForm,
} from '../metrics/form.ts';
import {
  bcaLimits,
  skewedLimits,
  squareAndAdd,
  widest,
  type Limits,
  type LimitsAt,
} from '../metrics/limits.ts';
import { countSmallerClass } from '../metrics/count-smaller-class.ts';
import {
  compactCodes,
  FEW_GROUPS,
  isWeightless,
  kishShare,
  relativeWeights,
  weightedMean,
  withRelativeWeights,
  type Codes,
} from '../metrics/sampling-design.ts';
import { orderScores, sortScores } from '../metrics/score-order.ts';
import { createWeightedAuc } from '../metrics/resampled-auc.ts';

export interface DifferenceOptions extends EstimateOptions {
  /** The baseline counts this many times: 1 for a difference, 1 ∓ p for a relative margin. */
  readonly scale: number;
}

/** A difference with the value of its second part, which need not be computed twice. */
export interface PairedEstimate extends Estimate {
  /** The baseline's value, not scaled; NaN where it is undefined. */
  readonly baseline: number;
}

/**
 * Candidate - scale * baseline over the same examples in the same order. Undefined where the two forms differ in kind.
 * The same resample of examples serves both models. Where examples come in groups, so do the resamples.
 */
export function estimateDifference(
  candidate: Form,
  baseline: Form,
  given: DifferenceOptions,
): PairedEstimate | undefined {
  if (isWeightless(given.weights)) return { ...UNDEFINED_ESTIMATE, baseline: Number.NaN };
  const options = withRelativeWeights(given);
  if (candidate.kind === 'share' && baseline.kind === 'share') return ofShares(candidate, baseline, options);
  if (candidate.kind === 'table' && baseline.kind === 'table') return ofTables(candidate, baseline, options);
  if (candidate.kind === 'ranks' && baseline.kind === 'ranks') return ofRanks(candidate, baseline, options);
  if (candidate.kind === 'means' && baseline.kind === 'means') return ofMeans(candidate, baseline, options);
  if (candidate.kind === 'statistic' && baseline.kind === 'statistic')
    return ofStatistics(candidate, baseline, options);
  return undefined;
}

interface PairedTrials extends PairedCounts {
  /** Examples that count, whatever they weigh. */
  readonly trials: number;
}

/** Pairs of outcomes; with weights the cells weigh as much as their examples, of mean 1. */
function countPairs(
  candidate: ShareForm,
  baseline: ShareForm,
  weights: Float64Array | undefined,
): PairedTrials {
  let [both, onlyFirst, onlySecond, neither, trials, weight] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < candidate.hits.length; row++) {
    if (candidate.among !== undefined && candidate.among[row] !== 1) continue;
    const [first, second] = [candidate.hits[row] === 1, baseline.hits[row] === 1];
    const own = weights === undefined ? 1 : (weights[row] ?? 0);
    trials += 1;
    weight += own;
    if (first && second) both += own;
    else if (first) onlyFirst += own;
    else if (second) onlySecond += own;
    else neither += own;
  }
  if (weights === undefined) return { both, onlyFirst, onlySecond, neither, trials };
  const scale = weight > 0 ? trials / weight : 0;
  return {
    both: both * scale,
    onlyFirst: onlyFirst * scale,
    onlySecond: onlySecond * scale,
    neither: neither * scale,
    trials: weight > 0 ? trials : 0,
  };
}

function ofShares(candidate: ShareForm, baseline: ShareForm, options: DifferenceOptions): PairedEstimate {
  const { trials: n, ...counts } = countPairs(candidate, baseline, options.weights);
  const { both, onlyFirst, onlySecond } = counts;
  if (n === 0) return { ...UNDEFINED_ESTIMATE, baseline: Number.NaN };
  const other = (both + onlySecond) / n;
  const { scale, level } = options;
  const value = (both + onlyFirst - scale * (both + onlySecond)) / n;
  const squares = both * (1 - scale) ** 2 + onlyFirst + onlySecond * scale ** 2;
  const spread = Math.sqrt(Math.max(0, squares / n - value ** 2));
  // Without a success in either, the scaled quantity has no spread at all.
  const isEmpty = scale !== 1 && both + onlyFirst + onlySecond === 0;
  const method = scale === 1 ? 'Tango score, corrected' : 'Nam-Blackwelder score, corrected';
  if (options.groups !== undefined || options.weights !== undefined) {
    return ofDesignedShares(
      candidate,
      baseline,
      { value, baseline: other, spread, n, isEmpty, method },
      options,
    );
  }
  const limitsAt: LimitsAt = (at) =>
    scale === 1 ? correctedTangoInterval(counts, at) : correctedScaledShareInterval(counts, scale, at);
  const interval = toInterval(limitsAt(level), level, method, isEmpty);
  const agreed = { both: n, onlyFirst: 0, onlySecond: 0, neither: 0 };
  const reach = -correctedTangoInterval(agreed, level).low;
  return { value, baseline: other, interval, limitsAt, spread, n, reach };
}

interface DesignedBase {
  readonly value: number;
  readonly baseline: number;
  readonly spread: number;
  readonly n: number;
  readonly isEmpty: boolean;
  readonly method: string;
}

/** Both models' hits where they count, and how those examples were drawn. */
interface ChosenPairs {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly groups: Codes | undefined;
  readonly weights: Float64Array | undefined;
}

function choosePairs(
  { hits: first, among }: ShareForm,
  { hits: second }: ShareForm,
  options: DifferenceOptions,
): ChosenPairs {
  const groups = options.groups === undefined ? undefined : compactCodes(options.groups, among);
  if (among === undefined) return { first, second, groups, weights: options.weights };
  const isChosen = (_: number, row: number): boolean => among[row] === 1;
  return {
    first: first.filter(isChosen),
    second: second.filter(isChosen),
    groups,
    weights: relativeWeights(options.weights?.filter(isChosen)),
  };
}

/**
 * The score method on the effective number of examples; with few groups never narrower than the bootstrap that draws
 * whole groups, nor ever than what unseen groups could do: the design effect of groups that are all alike says nothing
 * of the rare one whose examples all flip (simulated with 10 to 60 groups, 3 to 10 % of them lost: 12 to 34 % instead of
 * 5 % passed at the margin). So with weights.
 */
function ofDesignedShares(
  candidate: ShareForm,
  baseline: ShareForm,
  { isEmpty, method, ...base }: DesignedBase,
  options: DifferenceOptions,
): PairedEstimate {
  const { scale, level } = options;
  const chosen = choosePairs(candidate, baseline, options);
  const { first, second, groups, weights } = chosen;
  const pairs = clusterPairs(first, second, groups?.of, scale, weights);
  const spread = base.spread * Math.sqrt(pairs.clustering.designEffect);
  const counted = { ...base, spread, ...(groups === undefined ? {} : { groups: groups.count }) };
  if (groups !== undefined && groups.count < 2) return { ...counted, interval: undefined };
  const score: LimitsAt = (at) =>
    scale === 1 ? clusteredTangoInterval(pairs, at) : clusteredScaledShareInterval(pairs, at);
  const most = Math.max(1, scale);
  const units = (groups?.count ?? base.n) * kishShare(weights);
  const unseen: LimitsAt = (at) => {
    const reach = most * unseenShare(units, at);
    return { low: base.value - reach, high: base.value + reach };
  };
  const resampled =
    groups !== undefined && groups.count < FEW_GROUPS
      ? [bcaLimits(bootstrapGroupedShares(chosen, groups, options))]
      : [];
  const limitsAt = widest([score, unseen, ...resampled]);
  return {
    ...counted,
    interval: toInterval(limitsAt(level), level, `${method}${nameDesign({ groups }, options)}`, isEmpty),
    limitsAt,
    reach: most * unseenShare(units, level),
  };
}

function bootstrapGroupedShares(
  { first, second, weights }: ChosenPairs,
  groups: Codes,
  { scale, random, resamples }: DifferenceOptions,
) {
  const [sums, sizes] = [new Float64Array(groups.count), new Float64Array(groups.count)];
  groups.of.forEach((group, row) => {
    const weight = weights?.[row] ?? 1;
    sums[group] = (sums[group] ?? 0) + weight * ((first[row] ?? 0) - scale * (second[row] ?? 0));
    sizes[group] = (sizes[group] ?? 0) + weight;
  });
  const statistic = (times: Uint32Array): number => {
    let [sum, size] = [0, 0];
    for (let group = 0; group < groups.count; group++) {
      sum += (times[group] ?? 0) * (sums[group] ?? 0);
      size += (times[group] ?? 0) * (sizes[group] ?? 0);
    }
    return sum / size;
  };
  return bootstrapWeights(groups.count, statistic, { random, replicates: resamples });
}

function ofTables(candidate: TableForm, baseline: TableForm, options: DifferenceOptions): PairedEstimate {
  const cells = countCells(
    candidate.classes,
    candidate.truth,
    candidate.predicted,
    baseline.predicted,
    options.weights,
  );
  const [first, second] = [tabulate(cells, 'first'), tabulate(cells, 'second')];
  const { metric } = candidate;
  const { scale } = options;
  const [own, other] = [metric.value(first), metric.value(second)];
  const estimate = estimateCounts(
    {
      counts: cells.counts,
      value: (counts) =>
        metric.value(tabulate(cells, 'first', counts)) -
        scale * metric.value(tabulate(cells, 'second', counts)),
      influence: (cell) => {
        const truth = cells.truth[cell] ?? 0;
        return (
          metric.influence(first, truth, cells.first[cell] ?? 0) -
          scale * metric.influence(second, truth, cells.second[cell] ?? 0)
        );
      },
      // Either model's flips may be what the sample lacks: where one stands at its bound, only the other's can move.
      reach: (flips) => {
        const ownReach = reachOfFlips(metric, first, flips);
        const otherReach = reachOfFlips(metric, second, flips);
        return {
          low: Math.min(ownReach.low - scale * other, own - scale * otherReach.high),
          high: Math.max(ownReach.high - scale * other, own - scale * otherReach.low),
        };
      },
      cellOf: () => indexCells(cells, candidate.truth, candidate.predicted, baseline.predicted),
    },
    options,
    'paired ',
  );
  return { ...estimate, baseline: other };
}

/** Examples of the smaller class from which on the normal approximation of DeLong's method holds near an area of 1 too. */
const ENOUGH_FOR_DELONG = 200;

/**
 * DeLong's variance of A - c B is var A + c^2 var B - 2 c cov; with groups it is Obuchowski's, by Student's t with G - 1
 * degrees of freedom. It knows nothing of rank changes that the sample lacks: a candidate that ranks almost alike and
 * now and then drops a positive to the bottom shows none in some samples (simulated with 1 to 6 % dropped, 15 to 300
 * positives: 13 to 26 % instead of 5 % passed at the margin). So the interval is never narrower than what unseen
 * examples of the smaller class could do. With few examples of a class and areas near 1 the difference is skewed
 * (simulated with an area of 0.96: 7 to 12 % instead of 5 % passed at the margin, 15 to 75 positives), so the BCa
 * bootstrap widens it where it says more (6 to 9 %).
 */
function ofRanks(candidate: RanksForm, baseline: RanksForm, options: DifferenceOptions): PairedEstimate {
  const groups = options.groups === undefined ? undefined : compactCodes(options.groups);
  const { target } = candidate;
  const scores = [candidate.score, baseline.score] as const;
  const { weights } = options;
  const delong =
    weights === undefined
      ? delongDifference(
          target,
          ...scores,
          groups?.of,
          scores.map((score) => sortScores(target, score)),
        )
      : weightedAucDifference(
          target,
          ...scores,
          { weights, clusters: groups?.of },
          scores.map((score) => orderScores(score)),
        );
  if (delong === undefined) return { ...UNDEFINED_ESTIMATE, baseline: Number.NaN };
  const { scale, level } = options;
  const { first, second, covariance, degreesOfFreedom } = delong;
  const value = first.auc - scale * second.auc;
  const variance =
    scale === 1 ? delong.variance : first.variance + scale ** 2 * second.variance - 2 * scale * covariance;
  const error = Math.sqrt(Math.max(0, variance));
  const n = candidate.target.length;
  const base = {
    value,
    baseline: second.auc,
    spread: error * Math.sqrt(n),
    n,
    ...(groups === undefined ? {} : { groups: groups.count }),
  };
  if (groups !== undefined && groups.count < 2) return { ...base, interval: undefined };
  const smaller = countSmallerClass(candidate.target, groups?.of, weights);
  const byVariance = skewedLimits(value, error, degreesOfFreedom, aucDifferenceSkewness(delong, scale));
  const unseen: LimitsAt = (at) => ({
    low: value - unseenShare(smaller, at),
    high: value + unseenShare(smaller, at),
  });
  const isStill = delong.degenerate || error === 0;
  const bootstrap =
    !isStill && smaller < ENOUGH_FOR_DELONG && n <= LARGEST_BOOTSTRAP
      ? bootstrapRanks(candidate, baseline, groups, options)
      : undefined;
  const resampled = bootstrap === undefined ? byVariance : widest([byVariance, bootstrap]);
  const limitsAt = widest([resampled, unseen]);
  const limits = limitsAt(level);
  const widening = nameWidening(byVariance(level), resampled(level), limits);
  const design = nameDesign({ groups }, options);
  return {
    ...base,
    interval: toInterval(limits, level, `paired DeLong${design}${widening}`, false),
    limitsAt,
    reach: unseenShare(smaller, level),
  };
}

/** What widened an interval, for the name of its method. */
function nameWidening(first: Limits, resampled: Limits, last: Limits): string {
  if (last.low < resampled.low || last.high > resampled.high) return ', widened for unseen ranks';
  return resampled.low < first.low || resampled.high > first.high ? ', widened by bootstrap (BCa)' : '';
}

/** The BCa limits; undefined where too many resamples lack a class. */
function bootstrapRanks(
  candidate: RanksForm,
  baseline: RanksForm,
  groups: Codes | undefined,
  options: DifferenceOptions,
): LimitsAt | undefined {
  const first = createWeightedAuc(candidate.target, candidate.score);
  const second = createWeightedAuc(baseline.target, baseline.score);
  const { weights } = options;
  const sample = bootstrapWeights(
    candidate.target.length,
    (times) => {
      const counts = weights === undefined ? times : weights.map((weight, row) => weight * (times[row] ?? 0));
      return first(counts) - options.scale * second(counts);
    },
    {
      random: options.random,
      replicates: options.resamples,
      ...(groups === undefined ? {} : { clusters: groups.of }),
    },
  );
  return isWorthless(bcaInterval(sample, options.level)) ? undefined : bcaLimits(sample);
}

function ofMeans(candidate: MeansForm, baseline: MeansForm, options: DifferenceOptions): PairedEstimate {
  const { scale } = options;
  const [first, second] = [candidate.columns, baseline.columns];
  const before = baseline.value(second.map((column) => weightedMean(column, options.weights)));
  const [own, other] = [first[0], second[0]];
  if (candidate.plain && own !== undefined && other !== undefined) {
    const differences = new Float64Array(own.length);
    for (let row = 0; row < own.length; row++) {
      differences[row] = (own[row] ?? Number.NaN) - scale * (other[row] ?? Number.NaN);
    }
    const { bounds } = candidate;
    const quantity = {
      ...candidate,
      columns: [differences],
      ...(bounds === undefined
        ? {}
        : { bounds: { low: bounds.low - scale * bounds.high, high: bounds.high - scale * bounds.low } }),
    };
    const estimate = estimateMeans(quantity, options, 'paired ');
    releaseMemory(differences);
    return { ...estimate, baseline: before };
  }
  const split = (means: ArrayLike<number>): readonly [number[], number[]] => {
    const all = Array.from(means);
    return [all.slice(0, first.length), all.slice(first.length)];
  };
  const estimate = estimateMeans(
    {
      columns: [...first, ...second],
      plain: false,
      value: (means) => {
        const [a, b] = split(means);
        return candidate.value(a) - scale * baseline.value(b);
      },
      gradient: (means) => {
        const [a, b] = split(means);
        return [...candidate.gradient(a), ...baseline.gradient(b).map((slope) => -scale * slope)];
      },
    },
    options,
    'paired ',
  );
  return { ...estimate, baseline: before };
}

function ofStatistics(
  candidate: StatisticForm,
  baseline: StatisticForm,
  options: DifferenceOptions,
): PairedEstimate {
  const { scale } = options;
  const { bounds, classes, basis, isExtreme } = candidate;
  const [own, other] = [candidate.influences, baseline.influences];
  const quantity: StatisticQuantity = {
    n: candidate.n,
    value: (weights) => candidate.value(weights) - scale * baseline.value(weights),
    ...(own === undefined || other === undefined
      ? {}
      : { influences: (weights) => subtractScaled(own(weights), other(weights), scale) }),
    ...(bounds === undefined
      ? {}
      : { bounds: { low: bounds.low - scale * bounds.high, high: bounds.high - scale * bounds.low } }),
    ...(classes === undefined ? {} : { classes }),
    ...(basis === undefined ? {} : { basis }),
    ...(isExtreme === undefined ? {} : { isExtreme }),
  };
  const value = candidate.n === 0 ? Number.NaN : baseline.value(options.weights);
  const limits = combineOwnLimits(candidate, baseline, options);
  if (limits !== undefined) {
    const estimate = estimateStatistic({ ...quantity, limits: () => limits }, options, 'paired ');
    return { ...estimate, baseline: value };
  }
  return { ...estimateStatistic(quantity, options, 'paired '), baseline: value };
}

/**
 * Distances to each model's own limits, squared and added, as if the two were independent: models that err alike differ
 * less than that.
 */
function combineOwnLimits(
  candidate: StatisticForm,
  baseline: StatisticForm,
  options: DifferenceOptions,
): OwnLimits | undefined {
  const [own, other] = [candidate.limits?.(options), baseline.limits?.(options)];
  if (own === undefined || other === undefined) return undefined;
  const [ownValue, otherValue] = [candidate.value(options.weights), baseline.value(options.weights)];
  return {
    limitsAt: squareAndAdd(
      { value: ownValue, limitsAt: own.limitsAt },
      { value: otherValue, limitsAt: other.limitsAt },
      options.scale,
    ),
    method: `square-and-add of ${own.method}`,
  };
}

/** Takes a multiple of one column off another, in place. */
function subtractScaled(from: Float64Array, taken: Float64Array, scale: number): Float64Array {
  for (let row = 0; row < from.length; row++) from[row] = (from[row] ?? 0) - scale * (taken[row] ?? 0);
  releaseMemory(taken);
  return from;
}
