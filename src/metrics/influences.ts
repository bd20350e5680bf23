/** What each example does to the value of a metric. */
import { weightedAreaEffects } from '../statistics/weighted-auc.ts';
import { countCells, indexCells, tabulate } from './cells.ts';
import { influencesOfMeans } from './estimate-means.ts';
import type { Form, RanksForm, ShareForm, TableForm } from './form.ts';
import { isWeightless, relativeWeights, weightedMean } from './sampling-design.ts';
import { orderScores } from './score-order.ts';

/**
 * First-order effect of each example on the value times the number of examples, in the order of the examples: mean 0, and
 * the standard error is their standard deviation over the root of n, by groups that of their sums. Undefined where the
 * metric has no value, or its influence function is not known.
 * @param given weights as they stand in the file
 */
export function influencesOf(form: Form, given?: Float64Array): Float64Array | undefined {
  if (isWeightless(given)) return undefined;
  const weights = relativeWeights(given);
  const influences = listInfluences(form, weights);
  return influences?.every(Number.isFinite) === true ? influences : undefined;
}

function listInfluences(form: Form, weights: Float64Array | undefined): Float64Array | undefined {
  if (form.kind === 'share') return ofShare(form, weights);
  if (form.kind === 'table') return ofTable(form, weights);
  if (form.kind === 'ranks') return ofRanks(form, weights);
  if (form.kind === 'statistic') return form.influences?.(weights);
  const n = form.columns[0]?.length ?? 0;
  const means = form.columns.map((column) => weightedMean(column, weights));
  return influencesOfMeans(form, means, n, weights);
}

function ofShare({ hits, among }: ShareForm, weights: Float64Array | undefined): Float64Array | undefined {
  const n = hits.length;
  const influences = new Float64Array(n);
  let [total, sum] = [0, 0];
  for (let row = 0; row < n; row++) {
    const weight = among === undefined || among[row] === 1 ? (weights?.[row] ?? 1) : 0;
    influences[row] = weight;
    total += weight;
    sum += weight * (hits[row] ?? 0);
  }
  const share = sum / total;
  for (let row = 0; row < n; row++) {
    influences[row] = ((influences[row] ?? 0) * ((hits[row] ?? 0) - share) * n) / total;
  }
  return influences;
}

function ofTable(form: TableForm, weights: Float64Array | undefined): Float64Array {
  const { classes, truth, predicted, metric } = form;
  const cells = countCells(classes, truth, predicted, predicted, weights);
  const table = tabulate(cells, 'first');
  const ofCell = Float64Array.from(cells.counts, (_, cell) =>
    metric.influence(table, cells.truth[cell] ?? 0, cells.first[cell] ?? 0),
  );
  const cellOf = indexCells(cells, truth, predicted);
  const influences = new Float64Array(truth.length);
  for (let row = 0; row < influences.length; row++) {
    influences[row] = (ofCell[cellOf[row] ?? 0] ?? 0) * (weights?.[row] ?? 1);
  }
  return influences;
}

function ofRanks({ target, score }: RanksForm, weights: Float64Array | undefined): Float64Array | undefined {
  const n = target.length;
  const counts = weights ?? new Uint8Array(n).fill(1);
  const area = weightedAreaEffects(target, score, counts, orderScores(score));
  return area?.effects.map((effect) => effect * n);
}
