import { ascendingOrder } from '../statistics/order.ts';

/**
 * Area under the ROC curve as a function of how often each example counts (ties counted half), for the bootstrap:
 * examples are sorted once, each resample costs one pass. NaN where a class has no weight.
 */
export function createWeightedAuc(
  target: Uint8Array,
  score: Float64Array,
): (weights: ArrayLike<number>) => number {
  const order = ascendingOrder(score);
  return (weights) => {
    let [negatives, positives, below] = [0, 0, 0];
    for (let start = 0; start < order.length;) {
      const value = score[order[start] ?? 0];
      let [tiedNegatives, tiedPositives, end] = [0, 0, start];
      for (; end < order.length && score[order[end] ?? 0] === value; end++) {
        const row = order[end] ?? 0;
        const weight = weights[row] ?? 0;
        if (target[row] === 1) tiedPositives += weight;
        else tiedNegatives += weight;
      }
      below += tiedPositives * (negatives + tiedNegatives / 2);
      negatives += tiedNegatives;
      positives += tiedPositives;
      start = end;
    }
    return below / (negatives * positives);
  };
}
