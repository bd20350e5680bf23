/** Per-example losses: columns whose means are metrics. */

/** Probabilities are clipped this far from 0 and 1 before the logarithm: the spacing of doubles at 1. */
const LOG_LOSS_EPSILON = 2 ** -52;

/** Minus the natural logarithm of the probability that was given to the true class, in nats. */
export function logLosses(target: Uint8Array, score: Float64Array): Float64Array {
  // Loops: a callback for each of millions of examples takes several times as long.
  const losses = new Float64Array(target.length);
  for (let row = 0; row < losses.length; row++) {
    const p = score[row] ?? Number.NaN;
    const clipped = Math.min(1 - LOG_LOSS_EPSILON, Math.max(LOG_LOSS_EPSILON, p));
    losses[row] = target[row] === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
  }
  return losses;
}

/** Minus the natural logarithm of each probability, in nats. */
export function negativeLogarithms(probabilities: Float64Array): Float64Array {
  const losses = new Float64Array(probabilities.length);
  for (let row = 0; row < losses.length; row++) {
    const p = probabilities[row] ?? Number.NaN;
    losses[row] = -Math.log(Math.min(1 - LOG_LOSS_EPSILON, Math.max(LOG_LOSS_EPSILON, p)));
  }
  return losses;
}

/** Squared distance between two columns: Brier's loss for probabilities, squared error for values. */
export function squaredErrors(target: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  const errors = new Float64Array(target.length);
  for (let row = 0; row < errors.length; row++) {
    const error = (predicted[row] ?? Number.NaN) - (target[row] ?? Number.NaN);
    errors[row] = error * error;
  }
  return errors;
}

/** Row by row products of two columns. */
export function products(first: Float64Array, second: Float64Array): Float64Array {
  const values = new Float64Array(first.length);
  for (let row = 0; row < values.length; row++) values[row] = (first[row] ?? 0) * (second[row] ?? 0);
  return values;
}

export function absoluteErrors(target: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  const errors = new Float64Array(target.length);
  for (let row = 0; row < errors.length; row++) {
    errors[row] = Math.abs((predicted[row] ?? Number.NaN) - (target[row] ?? Number.NaN));
  }
  return errors;
}

/** 1 where two columns of labels agree. */
export function agreements(
  target: Uint8Array | Uint16Array,
  predicted: Uint8Array | Uint16Array,
): Uint8Array {
  const agree = new Uint8Array(target.length);
  for (let index = 0; index < agree.length; index++) {
    if (target[index] === predicted[index]) agree[index] = 1;
  }
  return agree;
}

/** 1 where all columns of labels agree, of two models or of a model and the truth. */
export function exactMatches(first: readonly Uint8Array[], second: readonly Uint8Array[]): Uint8Array {
  const agree = new Uint8Array(first[0]?.length ?? 0).fill(1);
  first.forEach((column, label) => {
    const other = second[label];
    for (let row = 0; row < agree.length; row++) if (column[row] !== other?.[row]) agree[row] = 0;
  });
  return agree;
}
