/** Student's t, chi-squared, F and binomial distributions. */
import { betaQuantileOdds, incompleteBeta } from './beta.ts';
import { deviancePart, incompleteGamma, logGamma, stirlingError } from './gamma.ts';
import { normalQuantile, normalSurvival } from './normal.ts';

/** Upper tail P(T > t) of Student's t with df > 0 degrees of freedom; df = Infinity is the normal distribution. */
export function studentTSurvival(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalSurvival(t);
  if (t === 0) return 0.5;
  const square = t * t;
  // x = df / (df + t^2) written with quotients, so that huge t does not overflow.
  const x = square > df ? df / square / (1 + df / square) : 1 / (1 + square / df);
  const y = square > df ? 1 / (1 + df / square) : square / df / (1 + square / df);
  const tail = 0.5 * incompleteBeta(df / 2, 0.5, x, y).lower;
  return t > 0 ? tail : 1 - tail;
}

/**
 * The t whose upper tail is q, for 0 < q < 1 and df > 0 (infinite df: the normal distribution).
 * A two-sided interval of level 1 - alpha uses q = alpha / 2.
 */
export function studentTUpperQuantile(q: number, df: number): number {
  if (!(q > 0 && q < 1 && df > 0)) return Number.NaN;
  if (df === Number.POSITIVE_INFINITY) return -normalQuantile(q);
  if (q === 0.5) return 0;
  if (q > 0.5) return -studentTUpperQuantile(1 - q, df);
  const odds = betaQuantileOdds(2 * q, 1 - 2 * q, df / 2, 0.5);
  return Math.sqrt(df / odds);
}

/** Upper tail P(X > x) of the chi-squared distribution with df > 0 degrees of freedom. */
export function chiSquaredSurvival(x: number, df: number): number {
  return x <= 0 ? 1 : incompleteGamma(df / 2, x / 2).upper;
}

/** Upper tail P(X > x) of the F distribution with df1 and df2 degrees of freedom. */
export function fSurvival(x: number, df1: number, df2: number): number {
  if (x <= 0) return 1;
  const ratio = (df1 * x) / df2;
  return incompleteBeta(df2 / 2, df1 / 2, 1 / (1 + ratio), ratio / (1 + ratio)).lower;
}

/**
 * Probability of exactly k successes in n trials of probability p.
 * Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const exponent =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviancePart(k, n * p) -
    deviancePart(n - k, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** P(X <= k) for n trials of probability p, by the incomplete beta function (DLMF 8.17.5). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const whole = Math.floor(k);
  return incompleteBeta(whole + 1, n - whole, p, 1 - p).upper;
}

/**
 * Upper tail P(T > t) of the noncentral t distribution: the power of a t-test. The noncentrality is at most about 37 in
 * size, where the first weight of the series leaves the normal doubles; beyond, the tail is that of a large shift.
 * Source: R. V. Lenth, Algorithm AS 243, Applied Statistics 38 (1989) 185-189.
 */
export function noncentralTSurvival(t: number, df: number, noncentrality: number): number {
  if (t < 0) return 1 - noncentralTSurvival(-t, df, -noncentrality);
  const half = noncentrality ** 2 / 2;
  const x = (t * t) / (t * t + df);
  const y = df / (t * t + df);
  let even = Math.exp(-half);
  let odd = Math.SQRT2 * noncentrality * Math.exp(-half - logGamma(1.5));
  odd /= 2;
  let sum = 0;
  // The weights are Poisson probabilities: beyond the mean and many deviations nothing is left.
  const last = half + 12 * Math.sqrt(half) + 60;
  for (let j = 0; j <= last; j++) {
    const shape = df / 2;
    sum += even * incompleteBeta(j + 0.5, shape, x, y).lower + odd * incompleteBeta(j + 1, shape, x, y).lower;
    even *= half / (j + 1);
    odd *= half / (j + 1.5);
  }
  return 1 - (normalSurvival(noncentrality) + sum / 2);
}

/** Terms beyond this one are below the smallest double for every x from the point where the series is used. */
const KOLMOGOROV_TERMS = 100;

/**
 * Upper tail of Kolmogorov's limit distribution. Below 1 by the theta-transformed series, which converges there.
 * Source: A. Kolmogorov (1933), equation 2; G. Marsaglia, W. W. Tsang, J. Wang, J. Stat. Software 8 (2003), issue 18.
 */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= KOLMOGOROV_TERMS; k += 2) sum += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= KOLMOGOROV_TERMS; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
