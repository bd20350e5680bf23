/** Whether rows of two tables can be told apart: a classifier learns it on half of them and is asked about the others. */
import type { ColumnProfile, MultivariateDrift } from '../../../schemas/evidence.generated.ts';
import { delongAuc, nullAucVariance } from '../../../statistics/auc.ts';
import {
  boostTrees,
  scoreRows,
  type BoostedTrees,
  type CodedFeature,
} from '../../../statistics/boosted-trees.ts';
import { normalQuantile, normalSurvival } from '../../../statistics/normal.ts';
import { createRandom, type Random } from '../../../statistics/random.ts';
import { AREA_THRESHOLD } from '../judge-multivariate.ts';
import { encodeColumn, type ColumnTexts } from './encode-column.ts';

/** One column of both tables. */
export interface SampledColumn {
  readonly name: string;
  readonly type: ColumnProfile['type'];
  readonly reference: ColumnTexts;
  readonly current: ColumnTexts;
}

/** Rows below which nothing is learned. */
const FEWEST_ROWS = 100;

/** Columns that are named: of what the area has above a half, it must lose this share without them. */
const MOST_NAMED = 20;
const LEAST_SHARE = 0.1;

const METHOD = 'gradient-boosted trees, learned on a random half of the rows and tested on the other';

/**
 * A two-sample test by classification. The rows that are tested were not learned from, so that without a difference
 * the area under the curve has the distribution of Mann and Whitney's statistic, whatever was learned.
 * Source: D. Lopez-Paz and M. Oquab, Revisiting Classifier Two-Sample Tests, ICLR (2017); for the area as the statistic
 * I. Kim, A. Ramdas, A. Singh, L. Wasserman, Annals of Statistics 49 (2021) 411-434.
 */
export function classifyTables(columns: readonly SampledColumn[], seed: number): MultivariateDrift {
  const [first] = columns;
  const [m, n] = [first?.reference.length ?? 0, first?.current.length ?? 0];
  const common = { method: METHOD, threshold: AREA_THRESHOLD };
  if (Math.min(m, n) < FEWEST_ROWS) return { ...common, value: null, p: null, nullQuantile: null };
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: m + n }, (_, row) => (row < m ? 0 : 1));
  const isTraining = chooseHalf(random, m, n);
  const features = columns.map(({ type, reference, current }) =>
    encodeColumn(type, [...reference, ...current], { labels, isTraining }),
  );
  const pick = (wanted: number) => (codes: Uint8Array) =>
    codes.filter((_, row) => isTraining[row] === wanted);
  const model = boostTrees(features.map(pick(1)), pick(1)(labels));
  const [held, truth] = [features.map(pick(0)), pick(0)(labels)];
  const value = areaOf(scoreRows(model, held), truth);
  const rows = truth.reduce((sum, label) => sum + label, 0);
  const spread = Math.sqrt(nullAucVariance(rows, truth.length - rows));
  return {
    ...common,
    value,
    p: normalSurvival((value - 0.5) / spread),
    nullQuantile: 0.5 + normalQuantile(0.99) * spread,
    rows,
    referenceRows: truth.length - rows,
    columns: nameColumns(model, held, truth, random)
      .filter(({ loss }) => loss > 0 && loss >= LEAST_SHARE * (value - 0.5))
      .map(({ feature }) => columns[feature]?.name ?? ''),
  };
}

/** One of the halves of each table, at random. */
function chooseHalf(random: Random, m: number, n: number): Uint8Array {
  const chosen = new Uint8Array(m + n);
  for (const [start, size] of [
    [0, m],
    [m, n],
  ] as const) {
    const order = shuffle(
      random,
      Array.from({ length: size }, (_, row) => row),
    );
    for (const row of order.slice(0, Math.floor(size / 2))) chosen[start + row] = 1;
  }
  return chosen;
}

/** In a random order (Fisher and Yates). */
function shuffle<Item>(random: Random, items: Item[]): Item[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = random.integer(at + 1);
    const [one, two] = [items[at], items[other]];
    if (one === undefined || two === undefined) continue;
    items[at] = two;
    items[other] = one;
  }
  return items;
}

function areaOf(scores: Float64Array, labels: Uint8Array): number {
  return delongAuc(labels, scores)?.auc ?? 0.5;
}

/** What the area loses when a column's cells are exchanged between rows: by how much it told the tables apart. */
function nameColumns(
  model: BoostedTrees,
  features: readonly CodedFeature[],
  labels: Uint8Array,
  random: Random,
): readonly { readonly feature: number; readonly loss: number }[] {
  const whole = areaOf(scoreRows(model, features), labels);
  const strongest = [...model.gains.keys()]
    .filter((feature) => (model.gains[feature] ?? 0) > 0)
    .toSorted((first, second) => (model.gains[second] ?? 0) - (model.gains[first] ?? 0))
    .slice(0, MOST_NAMED);
  return strongest
    .map((feature) => {
      const exchanged = Uint8Array.from(shuffle(random, [...(features[feature] ?? [])]));
      const without = features.map((codes, index) => (index === feature ? exchanged : codes));
      return { feature, loss: whole - areaOf(scoreRows(model, without), labels) };
    })
    .toSorted((first, second) => second.loss - first.loss);
}
