/** Numbers for people: the same on every machine, so no locale of the platform is asked. */

const MINUS = '−';
const MAX_DECIMALS = 6;
/** Digits of a number about whose precision nothing is known. */
const PLAIN_SIGNIFICANT = 4;
/** Digits that are shown of an uncertainty: more would pretend, fewer would hide. */
const UNCERTAINTY_SIGNIFICANT = 2;
const LARGEST_PLAIN = 1e15;

/** How many decimals show an uncertainty of this size with two significant digits. Undefined for 0 and what is not finite. */
export function decimalsOf(uncertainty: number): number | undefined {
  return decimalsForDigits(uncertainty, UNCERTAINTY_SIGNIFICANT);
}

/** How many decimals show a number of unknown precision with four significant digits. */
export function plainDecimals(value: number): number {
  return decimalsForDigits(value, PLAIN_SIGNIFICANT) ?? 0;
}

function decimalsForDigits(value: number, digits: number): number | undefined {
  if (!Number.isFinite(value) || value === 0) return undefined;
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  return Math.min(Math.max(decimals, 0), MAX_DECIMALS);
}

/** A number with a fixed count of decimals, thousands in groups, and a real minus sign. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (needsExponent(value, decimals)) return value.toPrecision(3).replaceAll('-', MINUS);
  const digits = Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(digits) !== 0 ? MINUS : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

function needsExponent(value: number, decimals: number): boolean {
  const size = Math.abs(value);
  return size >= LARGEST_PLAIN || (decimals === MAX_DECIMALS && size !== 0 && size < 1e-5);
}

/** The same with a sign always: `+0.010`, `−0.004`; a rounded zero has none. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatFixed(value, decimals);
  return /[1-9]/.test(text) && value > 0 ? `+${text}` : text;
}

/** A number of which nothing is known but itself, without idle zeros: `0.75`, `12.5`, `3,000`. */
export function formatPlain(value: number): string {
  if (Number.isSafeInteger(value)) return formatFixed(value, 0);
  const text = formatFixed(value, plainDecimals(value));
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** A count: `10,000`. */
export function formatCount(count: number): string {
  return formatFixed(count, 0);
}

/** A share as a percentage: 0.9 is `90 %`, 0.975 is `97.5 %`. */
export function formatPercent(share: number): string {
  return `${formatPlain(Number((share * 100).toPrecision(PLAIN_SIGNIFICANT)))} %`;
}

/** `1 check`, `2 checks`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const BYTES_PER_STEP = 1000;

/** A size in bytes: `812 B`, `48.2 kB`, `1.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < BYTES_PER_STEP) return `${bytes} B`;
  const step = bytes < BYTES_PER_STEP ** 2 ? 1 : bytes < BYTES_PER_STEP ** 3 ? 2 : 3;
  return `${(bytes / BYTES_PER_STEP ** step).toFixed(1)} ${['B', 'kB', 'MB', 'GB'][step]}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time in one unit, rounded down: `45 seconds`, `3 hours`, `12 days`. */
export function formatDuration(seconds: number): string {
  if (seconds < MINUTE) return countOf(Math.max(0, Math.floor(seconds)), 'second');
  if (seconds < HOUR) return countOf(Math.floor(seconds / MINUTE), 'minute');
  if (seconds < DAY) return countOf(Math.floor(seconds / HOUR), 'hour');
  return countOf(Math.floor(seconds / DAY), 'day');
}
