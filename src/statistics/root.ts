/** Finding where a continuous function is zero. */

const LARGEST_STEPS = 300;

/**
 * A zero of f between from and to, where f has opposite signs (or is zero at an end), to the last digits.
 * Source: the Illinois variant of the false position (Dowell and Jarratt, BIT 11, 1971), with a bisection whenever
 * it has not halved the bracket in three steps, so that it never needs more than a few hundred evaluations.
 * @throws RangeError when the signs are equal or a value is NaN: there is no zero to be found.
 */
export function findRoot(f: (x: number) => number, from: number, to: number): number {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa < 0 !== fb < 0) || Number.isNaN(fa) || Number.isNaN(fb)) {
    throw new RangeError(`No change of sign between ${from} (${fa}) and ${to} (${fb}).`);
  }
  let width = Math.abs(b - a);
  for (let step = 1; step <= LARGEST_STEPS; step++) {
    const secant = b - (fb * (b - a)) / (fb - fa);
    const slow = step % 3 === 0 && Math.abs(b - a) > width / 2;
    if (step % 3 === 0) width = Math.abs(b - a);
    const inside = secant > Math.min(a, b) && secant < Math.max(a, b);
    const x = slow || !inside ? (a + b) / 2 : secant;
    if (x === a || x === b) return x;
    const fx = f(x);
    if (fx === 0) return x;
    if (fx < 0 === fb < 0) fa /= 2;
    else [a, fa] = [b, fb];
    [b, fb] = [x, fx];
  }
  return b;
}
