/** The normal distribution: tails that keep their digits down to the smallest double. */

const SQRT_HALF = Math.SQRT1_2;
const INVERSE_SQRT_PI = 0.5641895835477563;

/** A polynomial by Horner's rule, highest coefficient first. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

// Rational approximations of W. J. Cody, Mathematics of Computation 23 (1969), 631-637.
const ERF_NUMERATOR = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const ERF_DENOMINATOR = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MIDDLE_NUMERATOR = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_DENOMINATOR = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const TAIL_NUMERATOR = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const TAIL_DENOMINATOR = [
  1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];

/** Below this the error function itself is approximated, above it the scaled complement. */
const SMALL = 0.46875;

/** e^(y^2) erfc(y) for y >= SMALL. */
function scaledErfc(y: number): number {
  if (y <= 4) return polynomial(y, MIDDLE_NUMERATOR) / polynomial(y, MIDDLE_DENOMINATOR);
  const inverseSquare = 1 / (y * y);
  const correction =
    (inverseSquare * polynomial(inverseSquare, TAIL_NUMERATOR)) / polynomial(inverseSquare, TAIL_DENOMINATOR);
  return (INVERSE_SQRT_PI - correction) / y;
}

/** The exponential of minus half the square of this, and of anything beyond, is zero in double precision. */
const LARGEST_SQUARE_ROOT = 100;

/** e^(-scale x^2): the square is split so that its rounding does not reach the exponential. */
function expOfSquare(x: number, scale: number): number {
  if (Math.abs(x) > LARGEST_SQUARE_ROOT) return 0;
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-scale * head * head) * Math.exp(-scale * (x - head) * (x + head));
}

function erfNearZero(x: number): number {
  const square = x * x;
  return (x * polynomial(square, ERF_NUMERATOR)) / polynomial(square, ERF_DENOMINATOR);
}

/**
 * Complementary error function, relative error about 1e-15 wherever the result is a normal double.
 * Source: W. J. Cody (1969), rational Chebyshev approximations for the error function.
 */
export function erfc(x: number): number {
  if (Math.abs(x) <= SMALL) return 1 - erfNearZero(x);
  if (x < 0) return 2 - erfc(-x);
  return expOfSquare(x, 1) * scaledErfc(x);
}

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return expOfSquare(x, 0.5) * 0.3989422804014327;
}

/** Upper tail P(Z > x) of the standard normal distribution, exact far into the tail (x = 37.5: 4.6e-308). */
export function normalSurvival(x: number): number {
  const y = x * SQRT_HALF;
  if (Math.abs(y) <= SMALL) return 0.5 * (1 - erfNearZero(y));
  if (x < 0) return 1 - normalSurvival(-x);
  return 0.5 * expOfSquare(x, 0.5) * scaledErfc(y);
}

/** Distribution function P(Z <= x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  return normalSurvival(-x);
}

// M. J. Wichura, Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37 (1988).
const CENTRE_NUMERATOR = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
];
const CENTRE_DENOMINATOR = [
  5226.495278852855, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
];
const NEAR_NUMERATOR = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156545, 1.4234371107496835,
];
const NEAR_DENOMINATOR = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const FAR_NUMERATOR = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
  0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_DENOMINATOR = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
  0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
];

/**
 * Quantile of the standard normal distribution: x with P(Z <= x) = p; -Infinity at 0, Infinity at 1, NaN outside.
 * For an upper tail q that is small, -normalQuantile(q) is exact and normalQuantile(1 - q) is not.
 * Source: Wichura (1988), PPND16: relative error about 1e-16 down to p = 1e-316.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, CENTRE_NUMERATOR)) / polynomial(r, CENTRE_DENOMINATOR);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const magnitude =
    r <= 5
      ? polynomial(r - 1.6, NEAR_NUMERATOR) / polynomial(r - 1.6, NEAR_DENOMINATOR)
      : polynomial(r - 5, FAR_NUMERATOR) / polynomial(r - 5, FAR_DENOMINATOR);
  return q < 0 ? -magnitude : magnitude;
}
