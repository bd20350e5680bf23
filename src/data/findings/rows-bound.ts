import { parseMargin } from '../../schemas/parse-margin.ts';

/** How many rows may be so: a count, or a share of those that were looked at. */
export interface RowsBound {
  readonly unit: 'rows' | 'share';
  readonly most: number;
}

/** Reads what the config's schema allows. @throws RangeError for anything else */
export function parseRowsBound(bound: number | string): RowsBound {
  const { kind, value } = parseMargin(bound);
  return { unit: kind === 'relative' ? 'share' : 'rows', most: value };
}

/** A share as the config says it, 0.123456 as "12.3456%": a bound is not rounded to what reads well. */
export function wordShareBound(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

/** "at most 1%", "at most 20 rows". */
export function wordRowsBound({ unit, most }: RowsBound): string {
  return unit === 'share'
    ? `at most ${wordShareBound(most)}`
    : `at most ${most.toLocaleString('en-US')} ${most === 1 ? 'row' : 'rows'}`;
}
