import type { Margin as MarginText } from './config.generated.ts';

/** How much worse than the baseline is tolerated: in the metric's own unit, or as a share of the baseline's value. */
export interface Margin {
  readonly kind: 'absolute' | 'relative';
  /** A relative margin of 5 % is 0.05. */
  readonly value: number;
}

const PERCENTAGE = /^([0-9]+(?:\.[0-9]+)?) ?%$/;

/** Reads a margin as the config's schema allows it: a number of at least 0, or a percentage such as `5%`. Throws a RangeError otherwise. */
export function parseMargin(margin: MarginText): Margin {
  if (typeof margin === 'number' && margin >= 0) return { kind: 'absolute', value: margin };
  const percentage = typeof margin === 'string' ? PERCENTAGE.exec(margin)?.[1] : undefined;
  if (percentage === undefined) throw new RangeError(`${JSON.stringify(margin)} is no margin.`);
  return { kind: 'relative', value: Number(percentage) / 100 };
}
