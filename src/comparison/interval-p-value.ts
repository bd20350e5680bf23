import type { Interval } from '../schemas/evidence.generated.ts';
import { normalQuantile, normalSurvival } from '../statistics/normal.ts';

/** From so many independent examples on the tails of an estimate are no heavier than exponential ones. */
const LIGHT_TAILED = 40;

/**
 * One-sided p-value of a limit that lies beyond an interval, from what evidence has: the estimate and the interval. With
 * r times the distance from the estimate that the interval has on that side, and t the interval's own one-sided error:
 * t^r for many independent examples, which is nearly exact for a share without a single failure and too large for a normal
 * estimate. For fewer of them or for groups, where Student's t has heavy tails, the inverse of `widenInterval`, in which
 * the distance counts by its root only.
 * @param n examples that the estimate rests on
 * @returns 1 where the limit lies within
 */
export function pBeyond(
  estimate: number,
  { low, high, level, method }: Interval,
  limit: number,
  n = 0,
): number {
  if (limit >= low && limit <= high) return 1;
  const [half, distance] =
    limit > high ? [high - estimate, limit - estimate] : [estimate - low, estimate - limit];
  if (half <= 0) return 0;
  const tail = (1 - level) / 2;
  if (n >= LIGHT_TAILED && !/cluster|group/u.test(method)) return tail ** (distance / half);
  return normalSurvival(-normalQuantile(tail) * Math.sqrt(distance / half));
}
