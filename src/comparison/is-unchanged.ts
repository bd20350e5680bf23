import type { OutcomesPair } from '../outcomes/pair-outcomes.ts';

/**
 * How far the scores of one and the same file may lie apart, as a share of their size: another machine, number of
 * threads or batch size changes a model's last digits, another model changes more.
 */
const SAME_MODEL_TOLERANCE = 1e-6;

/**
 * Whether two models give the same outcomes for a reason better than luck: continuous outputs equal to the last bit
 * for every example, or the same file with outputs that agree. Equal labels alone are not enough: ten examples without
 * a flip say little. Nor are labels that stand where a score or a number belongs: outputs of two values at most. The same file with other outputs is not unchanged either: then the predictions or the file are
 * not what they claim to be, and they are compared like any two models.
 */
export function isUnchanged(pair: OutcomesPair, sameSubject: boolean): boolean {
  // Rounded for keeping, and by their digest not equal to the last bit.
  if (pair.baseline.exactDigest !== undefined && !sameSubject) return false;
  if (pair.task === 'regression') {
    return agreeForAReason(pair.candidate.predicted, pair.baseline.predicted, sameSubject);
  }
  if (pair.task !== 'binary-classification' && pair.task !== 'multiclass-classification') return false;
  const sameLabels = agree(pair.candidate.predicted, pair.baseline.predicted, 0);
  if (pair.task === 'multiclass-classification') return sameSubject && sameLabels;
  const [first, second] = [pair.candidate.score, pair.baseline.score];
  if (first === undefined || second === undefined) return sameSubject && sameLabels && first === second;
  return sameLabels && agreeForAReason(first, second, sameSubject);
}

function agreeForAReason(first: Float64Array, second: Float64Array, sameSubject: boolean): boolean {
  if (!sameSubject && areLabels(first)) return false;
  return agree(first, second, sameSubject ? SAME_MODEL_TOLERANCE : 0);
}

/** Whether outputs are as coarse as labels: at most two different values in more examples than that, or whole ones. */
function areLabels(outputs: Float64Array): boolean {
  const [one] = outputs;
  const other = outputs.find((value) => value !== one);
  const isCoarse = outputs.every((value) => value === one || value === other);
  return isCoarse && (outputs.length > 2 || outputs.every((value) => Number.isInteger(value)));
}

function agree(first: ArrayLike<number>, second: ArrayLike<number>, tolerance: number): boolean {
  for (let row = 0; row < first.length; row++) {
    const [a, b] = [first[row] ?? Number.NaN, second[row] ?? Number.NaN];
    if (a !== b && !(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)))) return false;
  }
  return true;
}
