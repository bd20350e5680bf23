/** Per-example losses: columns whose means are metrics. */

/** Probabilities are clipped this far from 0 and 1 before the logarithm: the spacing of doubles at 1. */
const LOG_LOSS_EPSILON = 2 ** -52;

function mapPairs(
  target: ArrayLike<number>,
  predicted: ArrayLike<number>,
  loss: (target: number, predicted: number) => number,
): Float64Array {
  // A loop: `from` with a callback takes several times as long, and there may be millions.
  const losses = new Float64Array(target.length);
  for (let index = 0; index < losses.length; index++) {
    losses[index] = loss(target[index] ?? Number.NaN, predicted[index] ?? Number.NaN);
  }
  return losses;
}

/** Minus the natural logarithm of the probability that was given to the true class, in nats. */
export function logLosses(target: Uint8Array, score: Float64Array): Float64Array {
  return mapPairs(target, score, (label, p) => {
    const clipped = Math.min(1 - LOG_LOSS_EPSILON, Math.max(LOG_LOSS_EPSILON, p));
    return label === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
  });
}

/** Squared distance between two columns: Brier's loss for probabilities, squared error for values. */
export function squaredErrors(target: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  return mapPairs(target, predicted, (truth, guess) => (guess - truth) ** 2);
}

export function absoluteErrors(target: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  return mapPairs(target, predicted, (truth, guess) => Math.abs(guess - truth));
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
