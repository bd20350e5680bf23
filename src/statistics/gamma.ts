/** The gamma function's logarithm, its Stirling error, and the incomplete gamma functions. */

const EPSILON = Number.EPSILON;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** zeta(k) - 1 for k = 2, 3, ...: coefficients of log-gamma's Taylor series about 2 (DLMF 5.7.3). */
const ZETA_MINUS_ONE: readonly number[] = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853,
  0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5,
  3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878064e-7, 2.38450502727733e-7, 1.1921992596531106e-7,
  5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8, 7.45071178983543e-9,
  3.725334024788457e-9, 1.862659723513049e-9, 9.313274324196682e-10,
];

/** B(2k) / (2k (2k - 1)): coefficients of the Stirling series in 1/x, 1/x^3, ... (DLMF 5.11.1). */
const STIRLING: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];

/** From here on eight terms of the Stirling series are exact to double precision. */
const STIRLING_FROM = 12;

function stirlingSeries(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * inverseSquare + (STIRLING[k] ?? 0);
  return sum / x;
}

/** ln Gamma(2 + f) for |f| <= 1/2, exact to the last digits also where it crosses zero. */
function logGammaNearTwo(f: number): number {
  let sum = 0;
  for (let index = ZETA_MINUS_ONE.length - 1; index >= 0; index--) {
    const k = index + 2;
    const sign = k % 2 === 0 ? 1 : -1;
    sum = sum * f + (sign * (ZETA_MINUS_ONE[index] ?? 0)) / k;
  }
  return f * (0.42278433509846713 + f * sum);
}

/**
 * Natural logarithm of the gamma function for x > 0; NaN elsewhere.
 * Taylor series about 2 (DLMF 5.7.3) with the recurrence below 12, Stirling's series (DLMF 5.11.1) from there.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x >= STIRLING_FROM) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x);
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let shifted = x;
  while (shifted > 2.5) {
    shifted -= 1;
    product *= shifted;
  }
  return Math.log(product) + logGammaNearTwo(shifted - 2);
}

/**
 * Stirling's error ln Gamma(x + 1) - [(x + 1/2) ln x - x + ln sqrt(2 pi)] for x > 0.
 * Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), section 3.
 */
export function stirlingError(x: number): number {
  if (x >= STIRLING_FROM) return stirlingSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
}

/** u - ln(1 + u) for |u| of at most about 1/2, without the cancellation near 0. */
function minusLogOnePlus(u: number): number {
  // With r = u / (2 + u): ln(1 + u) = 2 atanh(r), and u = 2 r / (1 - r).
  const r = u / (2 + u);
  const square = r * r;
  let power = square;
  let sum = 0;
  for (let k = 3; power > 0; k += 2) {
    const term = power / k;
    sum += term;
    if (term <= EPSILON * sum) break;
    power *= square;
  }
  return r * (u - 2 * sum);
}

/**
 * Loader's deviance part: x ln(x / mean) + mean - x for x > 0 and mean > 0, never negative.
 * Source: C. Loader (2000), section 3, the function D0.
 */
export function deviancePart(x: number, mean: number): number {
  const u = (mean - x) / x;
  if (Math.abs(u) < 0.5) return x * minusLogOnePlus(u);
  return x * Math.log(x / mean) + mean - x;
}

/** x^a e^(-x) / Gamma(a + 1), accurate for large a: a Poisson density at a non-integer. */
function gammaPrefix(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  return Math.exp(-stirlingError(a) - deviancePart(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** Lower function by its series (DLMF 8.7.1), for x < a + 1. */
function lowerBySeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * EPSILON * 0.1; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return gammaPrefix(a, x) * sum;
}

/** Upper function by Legendre's continued fraction (DLMF 8.9.2) with Lentz's method, for x >= a + 1. */
function upperByFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    value *= factor;
    if (!(Math.abs(factor - 1) > 2 * EPSILON)) break;
  }
  return gammaPrefix(a, x) * a * value;
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), both exact in their own tail.
 * a > 0 and x >= 0; NaN elsewhere. The work grows as the square root of a.
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(a > 0) || !(x >= 0)) return { lower: Number.NaN, upper: Number.NaN };
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (x < a + 1) {
    const lower = lowerBySeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = upperByFraction(a, x);
  return { lower: 1 - upper, upper };
}
