/** Random numbers of the shapes that the scenarios need, and expectations over a normal distribution. */
import { normalQuantile } from '../../src/statistics/normal.ts';
import type { Random } from '../../src/statistics/random.ts';

/** Points of the midpoint rule over the quantiles of a normal distribution. */
const POINTS = 20_000;

const QUANTILES = Float64Array.from({ length: POINTS }, (_, index) => normalQuantile((index + 0.5) / POINTS));

function drawNormal(random: Random): number {
  // A uniform number can be 0, whose quantile is not finite.
  return normalQuantile(Math.max(random.uniform(), Number.MIN_VALUE));
}

/** Two standard normal numbers with this correlation. */
export function drawNormals(random: Random, correlation: number): readonly [number, number] {
  const first = drawNormal(random);
  return [first, correlation * first + Math.sqrt(1 - correlation ** 2) * drawNormal(random)];
}

/** E f(mean + deviation Z) for a smooth function of a normal number. */
export function expectNormal(mean: number, deviation: number, f: (value: number) => number): number {
  let sum = 0;
  for (const quantile of QUANTILES) sum += f(mean + deviation * quantile);
  return sum / POINTS;
}

/** The point where an increasing function has this value, by halving. */
export function solveIncreasing(f: (x: number) => number, wanted: number, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (left + right) / 2;
    if (f(middle) < wanted) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
