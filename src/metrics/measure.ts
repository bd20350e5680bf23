/** One model's value of a metric, with an interval. */
import { aucInterval, delongAuc } from '../statistics/auc.ts';
import { effectiveShare, measureClustering } from '../statistics/clustering.ts';
import { clopperPearsonInterval, kornGraubardInterval } from '../statistics/proportion.ts';
import { weightedAuc } from '../statistics/weighted-auc.ts';
import { countCells, indexCells, tabulate } from './cells.ts';
import { reachOfFlips } from './class-table.ts';
import { countSmallerClass } from './count-smaller-class.ts';
import { estimateStatistic } from './estimate-statistic.ts';
import {
  nameDesign,
  reachUnseen,
  toInterval,
  UNDEFINED_ESTIMATE,
  unseenShare,
  type Estimate,
  type EstimateOptions,
} from './estimate.ts';
import { estimateCounts } from './estimate-counts.ts';
import { estimateMeans } from './estimate-means.ts';
import type { Form, RanksForm, TableForm } from './form.ts';
import { widest, type LimitsAt } from './limits.ts';
import {
  compactCodes,
  isWeightless,
  kishShare,
  relativeWeights,
  weightedMean,
  withRelativeWeights,
} from './sampling-design.ts';
import { orderScores, sortScores } from './score-order.ts';

function estimateShare(hits: Uint8Array, among: Uint8Array | undefined, options: EstimateOptions): Estimate {
  const { level, groups, weights } = options;
  const counted = countShare(hits, among, weights);
  const { trials } = counted;
  if (!(counted.weight > 0)) return UNDEFINED_ESTIMATE;
  const value = counted.hits / counted.weight;
  const base = { value, spread: Math.sqrt(value * (1 - value)), n: trials };
  if (groups !== undefined || weights !== undefined) return estimateDesignedShare(hits, among, base, options);
  const limitsAt: LimitsAt = (at) => clopperPearsonInterval(counted.hits, trials, at);
  return { ...base, interval: toInterval(limitsAt(level), level, 'Clopper-Pearson', false), limitsAt };
}

/**
 * The exact interval for as many independent examples as groups and weights say. Groups that are all alike say nothing
 * of the rare one that fails as a whole, so it reaches what unseen groups, all hits or none, would make of the share
 * (simulated with 10 to 60 groups, 3 to 10 % of which fail: 12 to 34 % instead of 5 % of the lower limits lay above the
 * share). So with weights, whose design effect does not know of an error at a large one.
 */
function estimateDesignedShare(
  hits: Uint8Array,
  among: Uint8Array | undefined,
  base: { readonly value: number; readonly n: number; readonly spread: number },
  options: EstimateOptions,
): Estimate {
  const { level } = options;
  const groups = options.groups === undefined ? undefined : compactCodes(options.groups, among);
  const isChosen = (_: number, row: number): boolean => among === undefined || among[row] === 1;
  const values = among === undefined ? hits : hits.filter(isChosen);
  const weights = among === undefined ? options.weights : relativeWeights(options.weights?.filter(isChosen));
  const units = groups?.count ?? base.n;
  const counted = { ...base, ...(groups === undefined ? {} : { groups: units }) };
  if (units < 2) return { ...counted, interval: undefined };
  const clustering = measureClustering(values, groups?.of, weights);
  const byExamples: LimitsAt = (at) => {
    const trials = base.n * effectiveShare(clustering, at);
    return kornGraubardInterval(base.value * trials, trials, at);
  };
  const unseen = units * kishShare(weights);
  const limitsAt = widest([byExamples, (at) => reachUnseen(base.value, unseenShare(unseen, at))]);
  return {
    ...counted,
    spread: base.spread * Math.sqrt(clustering.designEffect),
    interval: toInterval(limitsAt(level), level, `Korn-Graubard${nameDesign({ groups }, options)}`, false),
    limitsAt,
  };
}

/** Hits, and of how many, of a share; with weights both weigh. */
function countShare(
  hits: Uint8Array,
  among: Uint8Array | undefined,
  weights?: Float64Array,
): { readonly hits: number; readonly trials: number; readonly weight: number } {
  let [counted, trials, weight] = [0, 0, 0];
  for (let index = 0; index < hits.length; index++) {
    if (among !== undefined && among[index] !== 1) continue;
    trials += 1;
    const own = weights === undefined ? 1 : (weights[index] ?? 0);
    weight += own;
    if (hits[index] === 1) counted += own;
  }
  return { hits: counted, trials, weight };
}

/** 1 where a column has a label. */
function markLabel(column: Uint8Array | Uint16Array, label: number): Uint8Array {
  const marks = new Uint8Array(column.length);
  for (let row = 0; row < marks.length; row++) if (column[row] === label) marks[row] = 1;
  return marks;
}

function measureTable(form: TableForm, options: EstimateOptions): Estimate {
  const label = form.metric.shareOfPredicted;
  if (label !== undefined) {
    // Among the examples that are predicted as the class, the share that is of it.
    return estimateShare(markLabel(form.truth, label), markLabel(form.predicted, label), options);
  }
  const cells = countCells(form.classes, form.truth, form.predicted, form.predicted, options.weights);
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
function measureRanks(form: RanksForm, options: EstimateOptions): Estimate {
  const { level, groups, weights } = options;
  const codes = groups === undefined ? undefined : compactCodes(groups);
  const estimate =
    weights === undefined
      ? delongAuc(form.target, form.score, codes?.of, sortScores(form.target, form.score))
      : weightedAuc(form.target, form.score, { weights, clusters: codes?.of }, orderScores(form.score));
  if (estimate === undefined) return UNDEFINED_ESTIMATE;
  const { auc, variance } = estimate;
  const base = {
    value: auc,
    spread: Math.sqrt(variance * form.target.length),
    n: form.target.length,
    ...(codes === undefined ? {} : { groups: codes.count }),
  };
  if (codes !== undefined && codes.count < 2) return { ...base, interval: undefined };
  const smaller = countSmallerClass(form.target, codes?.of, weights);
  const byVariance: LimitsAt = (at) => aucInterval(estimate, at);
  const limitsAt = widest([byVariance, (at) => reachUnseen(auc, unseenShare(smaller, at))]);
  const [limits, narrow] = [limitsAt(level), aucInterval(estimate, level)];
  const isWider = limits.low < narrow.low || limits.high > narrow.high;
  const known = narrow.method === 'delong-logit' ? 'DeLong (logit)' : 'Wilson score of the smaller class';
  const method = `${known}${nameDesign({ groups: codes }, options)}${isWider ? ', widened for unseen ranks' : ''}`;
  return { ...base, interval: toInterval(limits, level, method, false), limitsAt };
}

/**
 * Value and interval of a form. The value is NaN where it is undefined.
 * @param options weights as they stand in the file
 */
export function measureForm(form: Form, options: EstimateOptions): Estimate {
  if (isWeightless(options.weights)) return UNDEFINED_ESTIMATE;
  const design = withRelativeWeights(options);
  if (form.kind === 'share') return estimateShare(form.hits, form.among, design);
  if (form.kind === 'table') return measureTable(form, design);
  if (form.kind === 'ranks') return measureRanks(form, design);
  return form.kind === 'statistic' ? estimateStatistic(form, design) : estimateMeans(form, design);
}

/**
 * The value alone; NaN where it is undefined.
 * @param given weights as they stand in the file
 */
export function computeValue(form: Form, given?: Float64Array): number {
  if (isWeightless(given)) return Number.NaN;
  const weights = relativeWeights(given);
  if (form.kind === 'share') {
    const { hits, weight } = countShare(form.hits, form.among, weights);
    return hits / weight;
  }
  if (form.kind === 'table') {
    const { classes, truth, predicted } = form;
    if (truth.length === 0) return Number.NaN;
    return form.metric.value(tabulate(countCells(classes, truth, predicted, predicted, weights), 'first'));
  }
  if (form.kind === 'ranks') {
    const estimate =
      weights === undefined
        ? delongAuc(form.target, form.score, undefined, sortScores(form.target, form.score))
        : weightedAuc(form.target, form.score, { weights }, orderScores(form.score));
    return estimate?.auc ?? Number.NaN;
  }
  if (form.kind === 'statistic') return form.n === 0 ? Number.NaN : form.value(weights);
  return form.value(form.columns.map((column) => weightedMean(column, weights)));
}
