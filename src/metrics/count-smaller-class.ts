/**
 * Examples, or groups with an example, of the class that has fewer: what decides how much a sample may lack. With
 * weights as many as they are worth, by Kish's effective number.
 * @param target 0 or 1
 * @param groups of each example, as numbers from 0
 */
export function countSmallerClass(
  target: Uint8Array,
  groups: Uint32Array | undefined,
  weights?: Float64Array,
): number {
  return Math.min(countClass(target, 0, groups, weights), countClass(target, 1, groups, weights));
}

function countClass(
  target: Uint8Array,
  label: 0 | 1,
  groups: Uint32Array | undefined,
  weights: Float64Array | undefined,
): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let row = 0; row < target.length; row++) {
    if (target[row] !== label) continue;
    const weight = weights?.[row] ?? 1;
    n += 1;
    sum += weight;
    squares += weight * weight;
  }
  if (squares === 0) return 0;
  const share = (sum * sum) / squares / n;
  const units = groups === undefined ? n : new Set(groups.filter((_, row) => target[row] === label)).size;
  return units * share;
}
