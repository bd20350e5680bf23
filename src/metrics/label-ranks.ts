/** Where the labels that an example has stand among all labels by score. */
import type { MultilabelExamples } from './examples.ts';

/** What the ranks of the labels of each example say. */
export interface LabelRanks {
  /** Mean over its labels of the share, among the labels that score as high, of those that it has; 1 with none or all. */
  readonly precision: Float64Array;
  /** Labels that score as high as the lowest of its own; 0 with none. */
  readonly coverage: Float64Array;
  /** Share of pairs of one that it has and one that it has not in which the first scores no higher; 0 with none or all. */
  readonly loss: Float64Array;
}

/**
 * Label ranking average precision, coverage and ranking loss of each example; undefined without scores. A label ties
 * against the example.
 * Source: G. Tsoumakas, I. Katakis and I. Vlahavas, Data Mining and Knowledge Discovery Handbook (2010), section 5.2, as
 * scikit-learn computes them.
 */
export function rankLabels({ n, labels, target, score }: MultilabelExamples): LabelRanks | undefined {
  if (score === undefined) return undefined;
  const count = labels.length;
  const [precision, coverage, loss] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const scores = new Float64Array(count);
  const own = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    let size = 0;
    for (let label = 0; label < count; label++) {
      const value = score[label]?.[row] ?? Number.NaN;
      scores[label] = value;
      if (target[label]?.[row] === 1) own[size++] = value;
    }
    if (size === 0 || size === count) precision[row] = 1;
    if (size === 0) continue;
    let [share, lowest, lost] = [0, 0, 0];
    for (let first = 0; first < size; first++) {
      const value = own[first] ?? 0;
      const [among, ofOwn] = [countAsHigh(scores, count, value), countAsHigh(own, size, value)];
      share += ofOwn / among;
      lowest = Math.max(lowest, among);
      lost += among - ofOwn;
    }
    coverage[row] = lowest;
    if (size === count) continue;
    precision[row] = share / size;
    loss[row] = lost / (size * (count - size));
  }
  return { precision, coverage, loss };
}

function countAsHigh(scores: Float64Array, length: number, value: number): number {
  let count = 0;
  for (let at = 0; at < length; at++) if ((scores[at] ?? 0) >= value) count += 1;
  return count;
}
