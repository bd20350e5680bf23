/** One model's value of a metric, with an interval. */
import { aucInterval, delongAuc } from '../statistics/auc.ts';
import { sumOf } from '../statistics/means.ts';
import { wilsonInterval } from '../statistics/proportion.ts';
import { countCells, tabulate } from './cells.ts';
import { PRECISION, reachOfFlips } from './class-table.ts';
import {
  estimateCounts,
  estimateMeans,
  toInterval,
  UNDEFINED_ESTIMATE,
  unseenShare,
  widen,
  type Estimate,
  type EstimateOptions,
} from './estimate.ts';
import type { Form, RanksForm, TableForm } from './forms.ts';

function estimateShare(hits: number, trials: number, level: number): Estimate {
  if (trials === 0) return UNDEFINED_ESTIMATE;
  const value = hits / trials;
  const interval = toInterval(wilsonInterval(hits, trials, level), 'Wilson score', false);
  return { value, interval, spread: Math.sqrt(value * (1 - value)), n: trials };
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
  const cells = countCells(form.classes, form.truth, form.predicted);
  const table = tabulate(cells, 'first');
  if (form.metric === PRECISION) {
    return estimateShare(table.hits[1] ?? 0, table.predicted[1] ?? 0, options.level);
  }
  const flips = unseenShare(table.n, options.level) * table.n;
  return estimateCounts(
    {
      counts: cells.counts,
      value: (counts) => form.metric.value(tabulate(cells, 'first', counts)),
      influence: (cell) => form.metric.influence(table, cells.truth[cell] ?? 0, cells.first[cell] ?? 0),
      reach: reachOfFlips(form.metric, table, flips),
    },
    options,
  );
}

/**
 * The area under the curve. DeLong's variance knows nothing of examples that the sample lacks, such as the one positive
 * in forty that a model ranks last (simulated with 3 % of those and 15 to 30 positives: 16 to 24 % instead of 5 % of the
 * lower limits lay above the true area). So the interval reaches what unseen examples of the smaller class, all ranked
 * last or first, would make of the area.
 */
function measureRanks(form: RanksForm, level: number): Estimate {
  const estimate = delongAuc(form.target, form.score);
  if (estimate === undefined) return UNDEFINED_ESTIMATE;
  const { auc, positives, negatives, variance } = estimate;
  const interval = aucInterval(estimate, level);
  const share = unseenShare(Math.min(positives, negatives), level);
  const widened = widen(interval, auc * (1 - share), auc + share * (1 - auc));
  const isWider = widened.low < interval.low || widened.high > interval.high;
  const known = interval.method === 'delong-logit' ? 'DeLong (logit)' : 'Wilson score of the smaller class';
  return {
    value: auc,
    interval: toInterval(widened, isWider ? `${known}, widened for unseen ranks` : known, false),
    spread: Math.sqrt(variance * form.target.length),
    n: form.target.length,
  };
}

/** Value and interval of a form. The value is NaN where it is undefined. */
export function measureForm(form: Form, options: EstimateOptions): Estimate {
  if (form.kind === 'share') {
    const { hits, trials } = countShare(form.hits, form.among);
    return estimateShare(hits, trials, options.level);
  }
  if (form.kind === 'table') return measureTable(form, options);
  if (form.kind === 'ranks') return measureRanks(form, options.level);
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
  if (form.kind === 'ranks') return delongAuc(form.target, form.score)?.auc ?? Number.NaN;
  return form.value(form.columns.map((column) => sumOf(column) / column.length));
}
