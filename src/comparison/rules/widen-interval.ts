import type { Interval } from '../../schemas/evidence.generated.ts';
import { normalQuantile } from '../../statistics/normal.ts';

export interface Limits {
  readonly low: number;
  readonly high: number;
}

/**
 * The limits of an interval at a smaller one-sided error rate. Each half grows with the square of the normal quantile: a
 * normal interval grows with the quantile itself, but what unseen examples could do (Tango's interval without a flip, the
 * floor of every difference) grows with its square, and Student's t with three degrees of freedom or more lies between.
 * Never narrower than the interval.
 */
export function widenInterval(estimate: number, { low, high, level }: Interval, rate: number): Limits {
  const growth = Math.max(1, (normalQuantile(rate) / normalQuantile((1 - level) / 2)) ** 2) - 1;
  return {
    low: low - growth * Math.max(0, estimate - low),
    high: high + growth * Math.max(0, high - estimate),
  };
}
