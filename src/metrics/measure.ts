/** One model's value of a metric, with an interval. */
import { aucInterval, delongAuc } from '../statistics/auc.ts';
import { effectiveShare, measureClustering } from '../statistics/clustering.ts';
import { sumOf } from '../statistics/means.ts';
import { clopperPearsonInterval, kornGraubardInterval } from '../statistics/proportion.ts';
import { countCells, indexCells, tabulate } from './cells.ts';
import { PRECISION, reachOfFlips } from './class-table.ts';
import {
  estimateCounts,
  estimateMeans,
  reachUnseen,
  toInterval,
  UNDEFINED_ESTIMATE,
  unseenShare,
  type Estimate,
  type EstimateOptions,
} from './estimate.ts';
import type { Form, RanksForm, TableForm } from './form.ts';
import { widest, type LimitsAt } from './limits.ts';
import { compactCodes } from './sampling-design.ts';
import { orderScores } from './score-order.ts';

function estimateShare(
  hits: Uint8Array,
  among: Uint8Array | undefined,
  { level, groups }: EstimateOptions,
): Estimate {
  const counted = countShare(hits, among);
  const { trials } = counted;
  if (trials === 0) return UNDEFINED_ESTIMATE;
  const value = counted.hits / trials;
  const base = { value, spread: Math.sqrt(value * (1 - value)), n: trials };
  if (groups !== undefined) return estimateGroupedShare(hits, among, groups, base, level);
  const limitsAt: LimitsAt = (at) => clopperPearsonInterval(counted.hits, trials, at);
  return { ...base, interval: toInterval(limitsAt(level), level, 'Clopper-Pearson', false), limitsAt };
}

/**
 * The exact interval for as many independent examples as the groups say. Groups that are all alike say nothing of the
 * rare one that fails as a whole, so it reaches what unseen groups, all hits or none, would make of the share (simulated
 * with 10 to 60 groups, 3 to 10 % of which fail: 12 to 34 % instead of 5 % of the lower limits lay above the share).
 */
function estimateGroupedShare(
  hits: Uint8Array,
  among: Uint8Array | undefined,
  column: Uint32Array,
  base: { readonly value: number; readonly n: number; readonly spread: number },
  level: number,
): Estimate {
  const groups = compactCodes(column, among);
  const values = among === undefined ? hits : hits.filter((_, row) => among[row] === 1);
  if (groups.count < 2) return { ...base, groups: groups.count, interval: undefined };
  const clustering = measureClustering(values, groups.of);
  const byExamples: LimitsAt = (at) => {
    const trials = base.n * effectiveShare(clustering, at);
    return kornGraubardInterval(base.value * trials, trials, at);
  };
  const limitsAt = widest([byExamples, (at) => reachUnseen(base.value, unseenShare(groups.count, at))]);
  return {
    ...base,
    spread: base.spread * Math.sqrt(clustering.designEffect),
    groups: groups.count,
    interval: toInterval(limitsAt(level), level, 'Korn-Graubard, clustered by group', false),
    limitsAt,
  };
}

/** Hits, and of how many, of a share. */
function countShare(
  hits: Uint8Array,
  among: Uint8Array | undefined,
): { readonly hits: number; readonly trials: number } {
  let [counted, trials] = [0, 0];
  for (let index = 0; index < hits.length; index++) {
    if (among !== undefined && among[index] !== 1) continue;
    trials += 1;
    counted += hits[index] ?? 0;
  }
  return { hits: counted, trials };
}

function measureTable(form: TableForm, options: EstimateOptions): Estimate {
  if (form.metric === PRECISION) {
    // Among the examples that are predicted positive, the share that is.
    return estimateShare(Uint8Array.from(form.truth), Uint8Array.from(form.predicted), options);
  }
  const cells = countCells(form.classes, form.truth, form.predicted);
  const table = tabulate(cells, 'first');
  return estimateCounts(
    {
      counts: cells.counts,
      value: (counts) => form.metric.value(tabulate(cells, 'first', counts)),
      influence: (cell) => form.metric.influence(table, cells.truth[cell] ?? 0, cells.first[cell] ?? 0),
      reach: (flips) => reachOfFlips(form.metric, table, flips),
      cellOf: () => indexCells(cells, form.truth, form.predicted),
    },
    options,
  );
}

/**
 * The area under the curve. DeLong's variance knows nothing of examples that the sample lacks, such as the one positive
 * in forty that a model ranks last (simulated with 3 % of those and 15 to 30 positives: 16 to 24 % instead of 5 % of the
 * lower limits lay above the true area). So the interval reaches what unseen examples of the smaller class, all ranked
 * last or first, would make of the area. With groups the variance is Obuchowski's, and a class has as many examples as
 * there are groups with any of it.
 */
function measureRanks(form: RanksForm, { level, groups }: EstimateOptions): Estimate {
  const codes = groups === undefined ? undefined : compactCodes(groups);
  const estimate = delongAuc(form.target, form.score, codes?.of, orderScores(form.score));
  if (estimate === undefined) return UNDEFINED_ESTIMATE;
  const { auc, variance } = estimate;
  const base = {
    value: auc,
    spread: Math.sqrt(variance * form.target.length),
    n: form.target.length,
    ...(codes === undefined ? {} : { groups: codes.count }),
  };
  if (codes !== undefined && codes.count < 2) return { ...base, interval: undefined };
  const smaller = countSmallerClass(form.target, codes?.of);
  const byVariance: LimitsAt = (at) => aucInterval(estimate, at);
  const limitsAt = widest([byVariance, (at) => reachUnseen(auc, unseenShare(smaller, at))]);
  const [limits, narrow] = [limitsAt(level), aucInterval(estimate, level)];
  const isWider = limits.low < narrow.low || limits.high > narrow.high;
  const known = narrow.method === 'delong-logit' ? 'DeLong (logit)' : 'Wilson score of the smaller class';
  const method = `${known}${codes === undefined ? '' : ', clustered by group'}${isWider ? ', widened for unseen ranks' : ''}`;
  return { ...base, interval: toInterval(limits, level, method, false), limitsAt };
}

/** Examples, or groups with an example, of the class that has fewer. */
export function countSmallerClass(target: Uint8Array, groups: Uint32Array | undefined): number {
  if (groups === undefined) {
    let positives = 0;
    for (let row = 0; row < target.length; row++) positives += target[row] ?? 0;
    return Math.min(positives, target.length - positives);
  }
  const countOf = (label: 0 | 1): number => new Set(groups.filter((_, row) => target[row] === label)).size;
  return Math.min(countOf(0), countOf(1));
}

/** Value and interval of a form. The value is NaN where it is undefined. */
export function measureForm(form: Form, options: EstimateOptions): Estimate {
  if (form.kind === 'share') return estimateShare(form.hits, form.among, options);
  if (form.kind === 'table') return measureTable(form, options);
  if (form.kind === 'ranks') return measureRanks(form, options);
  return estimateMeans(form, options);
}

/** The value alone; NaN where it is undefined. */
export function computeValue(form: Form): number {
  if (form.kind === 'share') {
    const { hits, trials } = countShare(form.hits, form.among);
    return hits / trials;
  }
  if (form.kind === 'table') {
    return form.metric.value(tabulate(countCells(form.classes, form.truth, form.predicted), 'first'));
  }
  if (form.kind === 'ranks') {
    return delongAuc(form.target, form.score, undefined, orderScores(form.score))?.auc ?? Number.NaN;
  }
  return form.value(form.columns.map((column) => sumOf(column) / column.length));
}
