import type { Interval } from '../schemas/evidence.generated.ts';
import { normalQuantile, normalSurvival } from '../statistics/normal.ts';

/**
 * One-sided p-value of a limit that lies beyond an interval, from what evidence has: the estimate and the interval. The
 * inverse of `widenInterval`, so that a distance counts by its root and the p-value is rather too large.
 * @param limit below or above the whole interval; 1 where it lies within
 */
export function pBeyond(estimate: number, { low, high, level }: Interval, limit: number): number {
  const [half, distance] =
    limit > high ? [high - estimate, limit - estimate] : [estimate - low, estimate - limit];
  if (limit >= low && limit <= high) return 1;
  if (half <= 0) return 0;
  return normalSurvival(-normalQuantile((1 - level) / 2) * Math.sqrt(distance / half));
}
