/** What keeping does to scores and predicted values, so that both sides of a comparison can be treated alike. */
import { roundColumn } from './stored-columns.ts';

/**
 * Probabilities as their distance from the nearer of 0 and 1, with a minus sign for those nearer to 1: -(1 - p) is exact
 * there, and rounding then keeps the digits that the logarithm of a loss sees. Order is kept but for ties.
 */
export function foldScores(score: Float64Array): Float64Array {
  const folded = new Float64Array(score.length);
  for (let row = 0; row < score.length; row++) {
    const p = score[row] ?? 0;
    folded[row] = p > 0.5 ? -(1 - p) : Math.abs(p);
  }
  return folded;
}

/** The probabilities again. */
export function unfoldScores(folded: Float64Array): Float64Array {
  const score = new Float64Array(folded.length);
  for (let row = 0; row < folded.length; row++) {
    const distance = folded[row] ?? 0;
    score[row] = Object.is(distance, -0) || distance < 0 ? 1 + distance : distance;
  }
  return score;
}

export function residualsOf(target: Float64Array, predicted: Float64Array): Float64Array {
  const residuals = new Float64Array(target.length);
  for (let row = 0; row < target.length; row++) residuals[row] = (predicted[row] ?? 0) - (target[row] ?? 0);
  return residuals;
}

/** Scores as keeping rounds them. */
export function roundScores(score: Float64Array): Float64Array {
  return unfoldScores(roundColumn(foldScores(score), 'round40'));
}

/** Residuals as keeping rounds them. */
export function roundResiduals(residuals: Float64Array): Float64Array {
  return roundColumn(residuals, 'round32');
}

/** Other numbers, and scores of which only the order counts, as keeping rounds them. */
export function roundNumbers(values: Float64Array): Float64Array {
  return roundColumn(values, 'round40');
}
