/** Random counts: the binomial and the multinomial distribution. */
import { logGamma } from './gamma.ts';
import type { Random } from './random.ts';

/** Below this expected count sequential search is faster than rejection, which also needs at least 10. */
const LEAST_MEAN_FOR_REJECTION = 10;

/** Adds up probabilities from 0 successes on until they exceed one uniform number (Kachitvichyanukul and Schmeiser). */
function binomialBySearch(random: Random, trials: number, p: number): number {
  const odds = p / (1 - p);
  let probability = Math.exp(trials * Math.log1p(-p));
  let u = random.uniform();
  let k = 0;
  while (u > probability && k < trials) {
    u -= probability;
    k++;
    probability *= (odds * (trials - k + 1)) / k;
  }
  return k;
}

/** ln of the binomial probability of k relative to that of the mode m, for the acceptance test. */
function logRelativeProbability(k: number, mode: number, trials: number, p: number): number {
  return (
    logGamma(mode + 1) +
    logGamma(trials - mode + 1) -
    logGamma(k + 1) -
    logGamma(trials - k + 1) +
    (k - mode) * Math.log(p / (1 - p))
  );
}

/** Hörmann's algorithm BTRS: transformed rejection with a squeeze. */
function binomialByRejection(random: Random, trials: number, p: number): number {
  const deviation = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((trials + 1) * p);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > trials || v === 0) continue;
    const logV = Math.log((v * alpha) / (a / (distance * distance) + b));
    if (logV <= logRelativeProbability(k, mode, trials, p)) return k;
  }
}

/**
 * A binomial random number, exact for every number of trials and 0 <= p <= 1.
 * Source: W. Hörmann, The Generation of Binomial Random Variates, J. Statist. Comput. Simul. 46 (1993) 101-110.
 */
export function drawBinomial(random: Random, trials: number, p: number): number {
  if (trials === 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - drawBinomial(random, trials, 1 - p);
  return trials * p < LEAST_MEAN_FOR_REJECTION
    ? binomialBySearch(random, trials, p)
    : binomialByRejection(random, trials, p);
}

/**
 * Fills `counts` with a multinomial random vector of as many trials as `cells` add up to, with probabilities
 * proportional to `cells`: one bootstrap resample of a table of joint counts, in a time that does not depend on n.
 */
export function drawMultinomial(random: Random, cells: Float64Array, counts: Float64Array): void {
  let weight = 0;
  for (const cell of cells) weight += cell;
  let trials = weight;
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] ?? 0;
    const drawn = cell >= weight ? trials : drawBinomial(random, trials, cell / weight);
    counts[index] = drawn;
    trials -= drawn;
    weight -= cell;
  }
}
