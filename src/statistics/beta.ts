/** The incomplete beta function and its inverse. */
import { deviancePart, stirlingError } from './gamma.ts';

const EPSILON = Number.EPSILON;

/** x^a y^b / B(a, b) with y = 1 - x: Loader's saddle-point form, exact for large a and b. */
function betaPrefix(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviancePart(a, n * x) - deviancePart(b, n * y);
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)));
}

/**
 * Continued fraction f with I_x(a, b) = x^a y^b / (B(a, b) f), by Lentz's method. In this form 1 - x enters only as y, so
 * that no digit is lost where x is close to 1.
 * Source: A. R. DiDonato and A. H. Morris, ACM TOMS 18 (1992) 360-373 (Algorithm 708), equation 9.
 */
function betaFraction(a: number, b: number, x: number, y: number): number {
  const tiny = 1e-300;
  let value = (a * (a * y - b * x + 1)) / (a + 1);
  if (value === 0) value = tiny;
  let c = value;
  let d = 0;
  for (let m = 1; ; m++) {
    const step = a + 2 * m - 1;
    const numerator = (((a + m - 1) * x) / step) * (((a + b + m - 1) * m * (b - m) * x) / step);
    const denominator =
      m + (m * (b - m) * x) / step + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (a + 2 * m + 1);
    d = denominator + numerator * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = denominator + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = c * d;
    value *= factor;
    if (!(Math.abs(factor - 1) > 2 * EPSILON)) break;
  }
  return value;
}

/**
 * Regularised incomplete beta function: lower = I_x(a, b) and upper = 1 - I_x(a, b), both exact in their own tail.
 * y = 1 - x is an argument so that a caller who knows it exactly loses nothing when x is close to 1.
 * a, b > 0; 0 <= x <= 1; NaN elsewhere. The work grows as the square root of max(a, b).
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y: number = 1 - x,
): { readonly lower: number; readonly upper: number } {
  if (!(a > 0 && b > 0 && x >= 0 && y >= 0)) return { lower: Number.NaN, upper: Number.NaN };
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const prefix = betaPrefix(a, b, x, y);
  if (x * (a + b + 2) < a + 1) {
    const lower = prefix / betaFraction(a, b, x, y);
    return { lower, upper: 1 - lower };
  }
  const upper = prefix / betaFraction(b, a, y, x);
  return { lower: 1 - upper, upper };
}

/** Beyond this logit a double is 0 or 1 (and its square still a normal number). */
const LARGEST_LOGIT = 700;
const QUANTILE_STEPS = 200;

/** Logit u of the point x = 1 / (1 + e^-u) below which a Beta(a, b) variable falls with probability lower. */
function quantileLogit(lower: number, upper: number, a: number, b: number): number {
  const useLower = lower <= upper;
  const target = Math.log(useLower ? lower : upper);
  let from = -LARGEST_LOGIT;
  let to = LARGEST_LOGIT;
  let u = Math.log(a / b);
  for (let step = 0; step < QUANTILE_STEPS; step++) {
    const x = 1 / (1 + Math.exp(-u));
    const y = 1 / (1 + Math.exp(u));
    const both = incompleteBeta(a, b, x, y);
    const tail = useLower ? both.lower : both.upper;
    const error = Math.log(tail) - target;
    if (useLower === error < 0) from = u;
    else to = u;
    const slope = (betaPrefix(a, b, x, y) / tail) * (useLower ? 1 : -1);
    const newton = u - error / slope;
    const next = newton > from && newton < to ? newton : (from + to) / 2;
    if (Math.abs(next - u) <= 2 * EPSILON * Math.max(1, Math.abs(u))) return next;
    u = next;
  }
  return u;
}

/**
 * Odds x / (1 - x) of the quantile of a Beta(a, b) distribution, for callers who need 1 - x exactly too.
 * lower and upper are the two tail probabilities, which add up to 1.
 */
export function betaQuantileOdds(lower: number, upper: number, a: number, b: number): number {
  if (!(lower >= 0 && upper >= 0 && a > 0 && b > 0)) return Number.NaN;
  if (lower === 0) return 0;
  if (upper === 0) return Number.POSITIVE_INFINITY;
  return Math.exp(quantileLogit(lower, upper, a, b));
}

/**
 * Quantile of the Beta(a, b) distribution: x with I_x(a, b) = p, for 0 <= p <= 1 and a, b > 0; NaN elsewhere.
 * Newton's method on the logarithm of the nearer tail as a function of logit x, kept inside a bracket.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  const odds = betaQuantileOdds(p, 1 - p, a, b);
  return odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
}
