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

/** A bracket of a zero: `b` is the best guess so far, `c` lies on the other side, `a` was the guess before. */
interface Bracket {
  readonly a: readonly [x: number, f: number];
  readonly b: readonly [x: number, f: number];
  readonly c: readonly [x: number, f: number];
}

/**
 * A zero of f between from and to, where f has opposite signs, to within tolerance of x: by inverse quadratic
 * interpolation where that converges, else by bisection. Other software reports zeros of a given tolerance (R's
 * uniroot, 1.2e-4 by default), and this is how they are got again; findRoot is for everything else.
 * Source: R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4, procedure zero.
 */
export function findRootByBrent(
  f: (x: number) => number,
  from: number,
  to: number,
  tolerance: number,
): number {
  const start = [from, f(from)] as const;
  let bracket: Bracket = { a: start, b: [to, f(to)], c: start };
  for (let step = 1; step <= LARGEST_STEPS; step++) {
    const previous = bracket.b[0] - bracket.a[0];
    if (Math.abs(bracket.c[1]) < Math.abs(bracket.b[1]))
      bracket = { a: bracket.b, b: bracket.c, c: bracket.b };
    const { b, c } = bracket;
    const least = 2 * Number.EPSILON * Math.abs(b[0]) + tolerance / 2;
    const half = (c[0] - b[0]) / 2;
    if (Math.abs(half) <= least || b[1] === 0) return b[0];
    const chosen = interpolate(bracket, previous, least) ?? half;
    const x = b[0] + (Math.abs(chosen) < least ? Math.sign(chosen) * least : chosen);
    const next = [x, f(x)] as const;
    bracket = { a: b, b: next, c: next[1] > 0 === c[1] > 0 ? b : c };
  }
  return bracket.b[0];
}

/** The step to the zero of the interpolating curve; undefined where bisection is the safer step. */
function interpolate({ a, b, c }: Bracket, previous: number, least: number): number | undefined {
  if (Math.abs(previous) < least || Math.abs(a[1]) <= Math.abs(b[1])) return undefined;
  const width = c[0] - b[0];
  const back = b[1] / a[1];
  const [q, r] = [a[1] / c[1], b[1] / c[1]];
  const isSecant = a[0] === c[0];
  const top = isSecant ? width * back : back * (width * q * (q - r) - (b[0] - a[0]) * (r - 1));
  const bottom = isSecant ? 1 - back : (q - 1) * (r - 1) * (back - 1);
  const [p, d] = top > 0 ? [top, -bottom] : [-top, bottom];
  const isInside = p < 0.75 * width * d - Math.abs(least * d) / 2 && p < Math.abs((previous * d) / 2);
  return isInside ? p / d : undefined;
}
