import { outputsOf } from '../outcomes/model-outputs.ts';
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
  if (!haveSameLabels(pair)) return false;
  const [own, other] = [outputsOf(pair.candidate), outputsOf(pair.baseline)];
  const areAlike =
    own.length === other.length &&
    own.every(({ name, columns }, at) => {
      const partner = other[at];
      return partner?.name === name && partner.columns.length === columns.length;
    });
  if (!areAlike) return false;
  const [columns, partners] = [own, other].map((outputs) => outputs.flatMap((output) => output.columns));
  const tolerance = sameSubject ? SAME_MODEL_TOLERANCE : 0;
  if (columns?.every((column, at) => agree(column, partners?.[at] ?? [], tolerance)) !== true) return false;
  return sameSubject || columns.some((column) => !areLabels(column));
}

function haveSameLabels(pair: OutcomesPair): boolean {
  if (pair.task === 'binary-classification' || pair.task === 'multiclass-classification') {
    return agree(pair.candidate.predicted, pair.baseline.predicted, 0);
  }
  if (pair.task !== 'multilabel-classification') return true;
  const { candidate, baseline } = pair;
  return candidate.predicted.every((column, label) => agree(column, baseline.predicted[label] ?? [], 0));
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
