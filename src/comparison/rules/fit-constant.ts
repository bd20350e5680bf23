/** The number of a comparison in the metric's own unit, and whether it can decide anything. */
import type { Comparison, Quantity } from './rule-syntax.ts';
import type { Subject } from './find-subject.ts';
import { factorBetween, listUnitsLike } from './units.ts';

export type FittedConstant =
  | { readonly threshold: number; readonly relative: boolean }
  | { readonly mistake: string };

/**
 * What a constant and its unit mean for this metric: `points` are hundredths of a share, `%` is relative to the
 * baseline, a bare number is in the metric's own unit. The threshold of `regression` and `improvement` is not turned.
 */
export function fitConstant(comparison: Comparison, subject: Subject): FittedConstant {
  const scaled = scaleConstant(comparison, subject);
  if ('mistake' in scaled) return scaled;
  const mistake =
    comparison.quantity === 'value'
      ? doubtValue(scaled.threshold, comparison, subject)
      : doubtChange(scaled, comparison, subject);
  return mistake === undefined ? scaled : { mistake };
}

function scaleConstant(comparison: Comparison, subject: Subject): FittedConstant {
  const { constant, unit, quantity } = comparison;
  const { metric, bounds } = subject;
  if (unit === undefined) return { threshold: constant, relative: false };
  if (unit === '%') {
    if (quantity !== 'value') return { threshold: constant / 100, relative: true };
    const instead = bounds?.[1] === 1 ? ` Write \`${constant / 100}\`.` : '';
    return { mistake: `\`%\` is relative to the baseline, and \`value\` has none.${instead}` };
  }
  if (unit === 'points' || unit === 'point') {
    if (bounds !== undefined && bounds[1] <= 1) return { threshold: constant / 100, relative: false };
    return { mistake: explainPoints(subject) };
  }
  const factor = subject.unit === undefined ? undefined : factorBetween(unit, subject.unit);
  if (factor !== undefined) return { threshold: constant * factor, relative: false };
  const known =
    subject.unit === undefined
      ? `\`${metric}\` has no unit that mlgate knows: write a bare number, which is in the metric's own unit`
      : `\`${metric}\` is in ${subject.unit}: write ${listUnitsLike(subject.unit).join(', ')}, or a bare number`;
  const relative = quantity === 'value' ? '' : ', or `%` of the baseline';
  return { mistake: `\`${unit}\` does not fit. ${known}${relative}.` };
}

function explainPoints({ metric, about, bounds }: Subject): string {
  const why =
    bounds === undefined
      ? `\`${metric}\` stands in the metrics file \`${about.metricsFile ?? ''}\`, which may count in shares or in percent`
      : `\`${metric}\` is no share`;
  return `\`points\` are hundredths of a share, and ${why}. Write a bare number in the metric's own unit.`;
}

type Bound = Comparison['bound'];

function doubtValue(
  threshold: number,
  { bound, constant }: Comparison,
  subject: Subject,
): string | undefined {
  if (subject.bounds === undefined) return undefined;
  const [least, most] = subject.bounds;
  const isNever = bound === 'at-least' ? threshold > most : threshold < least;
  const isAlways = bound === 'at-least' ? threshold <= least : threshold >= most;
  if (!isNever && !isAlways) return undefined;
  const meant = most === 1 && constant > 1 && constant <= 100 ? ` Did you mean ${constant / 100}?` : '';
  return `this can ${isNever ? 'never' : 'only'} be true: \`${subject.metric}\` lies between ${least} and ${most}.${meant}`;
}

const OPPOSITE: Readonly<Record<Exclude<Quantity, 'value'>, Quantity>> = {
  regression: 'improvement',
  improvement: 'regression',
};

function doubtChange(
  { threshold, relative }: { readonly threshold: number; readonly relative: boolean },
  comparison: Comparison,
  subject: Subject,
): string | undefined {
  const { quantity, constant, unit, bound } = comparison;
  if (quantity === 'value') return undefined;
  if (threshold < 0) {
    const sign = bound === 'at-least' ? '<=' : '>=';
    const text = `${-constant}${unit === undefined ? '' : ` ${unit}`}`;
    return `a negative ${quantity} is an ${OPPOSITE[quantity]}: write \`${OPPOSITE[quantity]}(...) ${sign} ${text}\`.`.replace(
      'an regression',
      'a regression',
    );
  }
  const largest = relative ? largestShare(quantity, subject) : largestChange(subject);
  if (bound === 'at-most' ? threshold < largest : threshold <= largest) return undefined;
  return `this can ${neverOrAlways(bound)} be true: the ${quantity} of \`${subject.metric}\` is at most ${relative ? `${largest * 100} %` : largest}.`;
}

function neverOrAlways(bound: Bound): string {
  return bound === 'at-least' ? 'never' : 'only';
}

function largestChange({ bounds }: Subject): number {
  return bounds === undefined ? Number.POSITIVE_INFINITY : bounds[1] - bounds[0];
}

/** What is never negative can lose all of itself, not more. */
function largestShare(quantity: Quantity, { direction, bounds }: Subject): number {
  const loses = direction === 'lower-is-better' ? 'improvement' : 'regression';
  return quantity === loses && (bounds === undefined || bounds[0] >= 0) ? 1 : Number.POSITIVE_INFINITY;
}
