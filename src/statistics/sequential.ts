/** Error control over a stream of decisions: online false-discovery rate, anytime-valid evidence, the Ladder. */
import { logGamma } from './gamma.ts';
import { estimateMean } from './means.ts';

/** Weight of the j-th test since a discovery (j from 1): Javanmard and Montanari's sequence, which adds up to 1. */
function discoveryWeight(j: number): number {
  return (0.07720838 * Math.log(Math.max(j, 2))) / (j * Math.exp(Math.sqrt(Math.log(j))));
}

/** The level that LORD++ gave each hypothesis, and whether it was rejected. */
export interface OnlineDecision {
  readonly level: number;
  readonly rejected: boolean;
}

/**
 * LORD++: levels for p-values that arrive one by one, so that the false-discovery rate stays below alpha at any time,
 * for independent p-values. Source: A. Ramdas, F. Yang, M. J. Wainwright, M. I. Jordan, NeurIPS 30 (2017), section 4.
 * @param initialWealth w0 between 0 and alpha; alpha / 10 by default.
 */
export function decideOnline(
  pValues: readonly number[],
  alpha: number,
  initialWealth = alpha / 10,
): OnlineDecision[] {
  const discoveries: number[] = [];
  return pValues.map((p, index) => {
    const time = index + 1;
    const [first, ...later] = discoveries;
    let level = initialWealth * discoveryWeight(time);
    if (first !== undefined) level += (alpha - initialWealth) * discoveryWeight(time - first);
    for (const discovery of later) level += alpha * discoveryWeight(time - discovery);
    const rejected = p <= level;
    if (rejected) discoveries.push(time);
    return { level, rejected };
  });
}

/**
 * Evidence against "wins and losses are equally likely" among discordant pairs: the Bayes factor of a Beta(1, 1) mixture,
 * 2^n B(wins + 1, n - wins + 1). Anytime-valid: min(1, 1 / its maximum) is a p-value however often one looks.
 * Source: P. Grünwald, R. de Heide, W. Koolen, JRSS B 86 (2024), with Ville's inequality.
 */
export function mcnemarEValue(wins: number, discordant: number): number {
  const logBeta = logGamma(wins + 1) + logGamma(discordant - wins + 1) - logGamma(discordant + 2);
  return Math.exp(discordant * Math.LN2 + logBeta);
}

/**
 * Half-width of an asymptotic confidence sequence for a mean after t values, valid at all t together.
 * Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Annals of Statistics 52 (2024), theorem 2.2.
 * @param rho tuning constant > 0: smaller favours later times.
 */
export function confidenceSequenceHalfWidth(
  t: number,
  standardDeviation: number,
  rho: number,
  alpha: number,
): number {
  const spread = t * rho * rho + 1;
  const factor = (2 * spread) / (t * t * rho * rho);
  return standardDeviation * Math.sqrt(factor * Math.log(Math.sqrt(spread) / alpha));
}

/**
 * The parameter-free Ladder: after each submission the loss that may be shown, which changes only when a submission
 * beats the best so far by more than one standard error of the paired difference.
 * Source: A. Blum and M. Hardt, ICML (2015), section 4, without the rounding to 1 / n.
 * @param losses for each submission its per-example losses, all on the same examples.
 */
export function releaseByLadder(losses: readonly (readonly number[])[]): number[] {
  let best: readonly number[] | undefined;
  let released = Number.POSITIVE_INFINITY;
  return losses.map((current) => {
    const { mean } = estimateMean(current);
    const { standardError } = estimateMean(
      current.map((loss, index) => loss - (best === undefined ? 0 : (best[index] ?? Number.NaN))),
    );
    if (best === undefined || mean < released - standardError) {
      best = current;
      released = mean;
    }
    return released;
  });
}
