/** Areas under ROC curves of several classes, averaged. */
import { ascendingOrder } from '../statistics/order.ts';
import { weightedAreaEffects } from '../statistics/weighted-auc.ts';
import type { MulticlassExamples } from './examples.ts';
import type { StatisticForm } from './form.ts';

type Weights = ArrayLike<number> | undefined;
type Averaging = 'macro' | 'weighted';

interface ScoredClass {
  /** 1 for the examples of the class. */
  readonly target: Uint8Array;
  readonly score: Float64Array;
  readonly order: Uint32Array;
}

function listClasses(
  { target, labels }: MulticlassExamples,
  scores: readonly Float64Array[],
): readonly ScoredClass[] {
  return labels.flatMap((_, label) => {
    const score = scores[label];
    if (score === undefined) return [];
    const ofClass = new Uint8Array(target.length);
    for (let row = 0; row < ofClass.length; row++) if (target[row] === label) ofClass[row] = 1;
    return [{ target: ofClass, score, order: ascendingOrder(score) }];
  });
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

function weightOf(target: Uint8Array, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < target.length; row++) if (target[row] === 1) sum += weights[row] ?? 0;
  return sum;
}

/**
 * Each class against all others, averaged alike or by how often each is true; undefined where a label is in no example or
 * in all. Its influence is the mean of the areas' own, and with weights what an example adds to its class's share.
 * Source: scikit-learn roc_auc_score(multi_class="ovr"); F. Provost and P. Domingos (2000).
 */
export function oneVersusRestForm(
  examples: MulticlassExamples,
  scores: readonly Float64Array[],
  averaging: Averaging,
): StatisticForm {
  const { n } = examples;
  const classes = listClasses(examples, scores);
  const measure = (given: Weights) => {
    const weights = given ?? ones(n);
    const shares = classes.map(({ target }) => (averaging === 'macro' ? 1 : weightOf(target, weights)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const areas = classes.map(({ target, score, order }) =>
      weightedAreaEffects(target, score, weights, order),
    );
    const value = areas.reduce((sum, area, label) => {
      return sum + ((shares[label] ?? 0) / total) * (area?.auc ?? Number.NaN);
    }, 0);
    return { weights, shares, total, areas, value };
  };
  return {
    kind: 'statistic',
    n,
    bounds: { low: 0, high: 1 },
    value: (weights) => measure(weights).value,
    influences: (given) => {
      const { weights, shares, total, areas, value } = measure(given);
      const influences = new Float64Array(n);
      areas.forEach((area, label) => {
        const share = ((shares[label] ?? 0) / total) * n;
        const rise = averaging === 'macro' ? 0 : (((area?.auc ?? Number.NaN) - value) * n) / total;
        const ofClass = classes[label]?.target;
        for (let row = 0; row < n; row++) {
          const own = ofClass?.[row] === 1 ? (weights[row] ?? 0) * rise : 0;
          influences[row] = (influences[row] ?? 0) + share * (area?.effects[row] ?? Number.NaN) + own;
        }
      });
      return influences;
    },
  };
}

/** Two classes: the examples of both, and how the score of each orders them. */
interface ClassPair {
  readonly rows: Uint32Array;
  readonly targets: readonly [Uint8Array, Uint8Array];
  readonly scores: readonly [Float64Array, Float64Array];
  readonly orders: readonly [Uint32Array, Uint32Array];
}

function listPairs(
  { target, labels }: MulticlassExamples,
  scores: readonly Float64Array[],
): readonly ClassPair[] {
  return labels.flatMap((_, first) =>
    labels.slice(first + 1).flatMap((_label, offset) => {
      const second = first + 1 + offset;
      const rows = Uint32Array.from(target.keys()).filter(
        (row) => target[row] === first || target[row] === second,
      );
      const scoreOf = (label: number): Float64Array =>
        Float64Array.from(rows, (row) => scores[label]?.[row] ?? Number.NaN);
      const targetOf = (label: number): Uint8Array =>
        Uint8Array.from(rows, (row) => (target[row] === label ? 1 : 0));
      const own = [scoreOf(first), scoreOf(second)] as const;
      return [
        {
          rows,
          targets: [targetOf(first), targetOf(second)],
          scores: own,
          orders: [ascendingOrder(own[0]), ascendingOrder(own[1])],
        },
      ];
    }),
  );
}

/**
 * Each class against each other, the mean of both directions, averaged alike or by how often the two are true; undefined
 * where a label is in no example.
 * Source: D. J. Hand and R. J. Till, Machine Learning 45 (2001) 171-186; scikit-learn roc_auc_score(multi_class="ovo").
 */
export function oneVersusOneForm(
  examples: MulticlassExamples,
  scores: readonly Float64Array[],
  averaging: Averaging,
): StatisticForm {
  const pairs = listPairs(examples, scores);
  return {
    kind: 'statistic',
    n: examples.n,
    bounds: { low: 0, high: 1 },
    value: (given) => {
      let [sum, total] = [0, 0];
      for (const { rows, targets, scores: own, orders } of pairs) {
        const weights = Float64Array.from(rows, (row) => (given === undefined ? 1 : (given[row] ?? 0)));
        const areas = targets.map(
          (target, side) =>
            weightedAreaEffects(target, own[side as 0 | 1], weights, orders[side as 0 | 1])?.auc ??
            Number.NaN,
        );
        const share = averaging === 'macro' ? 1 : weights.reduce((all, weight) => all + weight, 0);
        sum += share * (((areas[0] ?? Number.NaN) + (areas[1] ?? Number.NaN)) / 2);
        total += share;
      }
      return sum / total;
    },
  };
}
