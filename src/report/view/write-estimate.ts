import type { Interval } from '../../schemas/evidence.generated.ts';
import { decimalsOf, formatFixed, formatPlain } from '../format-number.ts';

/** What stands where a value is undefined. */
const NO_VALUE = 'not a number';

/** A value with the digits that its interval justifies, and behind it the interval: `0.212 (0.190 to 0.236)`. */
export function writeEstimate(value: number | null | undefined, interval: Interval | undefined): string {
  if (value === undefined) return '';
  if (value === null) return NO_VALUE;
  const decimals = interval === undefined ? undefined : decimalsOf((interval.high - interval.low) / 2);
  if (interval === undefined || decimals === undefined) return writeNumber(value);
  const limits = [interval.low, interval.high].map((limit) => formatFixed(limit, decimals));
  return `${formatFixed(value, decimals)} (${limits.join(' to ')})`;
}

/** A number of which no uncertainty is known, with three digits. */
export function writeNumber(value: number | null | undefined): string {
  if (value === undefined) return '';
  return value === null ? NO_VALUE : formatPlain(Number(value.toPrecision(3)));
}

/** A p-value with two digits. */
export function writeP(p: number | undefined): string {
  if (p === undefined) return '';
  return p < 0.0001 ? '< 0.0001' : formatPlain(Number(p.toPrecision(2)));
}
