/** Numbers for sentences: as many digits as their uncertainty is worth. */

/** More decimals than this help nobody. */
const MAX_DECIMALS = 8;

/** Beyond this a number is written with an exponent. */
const LARGEST_WRITTEN_OUT = 1e15;

/** Decimals at which an uncertainty of this size has two significant digits. */
export function decimalsFor(uncertainty: number): number {
  if (!(uncertainty > 0) || !Number.isFinite(uncertainty)) return 4;
  return Math.min(MAX_DECIMALS, Math.max(0, 1 - Math.floor(Math.log10(uncertainty))));
}

/** A number with fixed decimals, thousands separated: 12,345.68. */
export function formatFixed(value: number, decimals: number): string {
  if (Math.abs(value) >= LARGEST_WRITTEN_OUT) return value.toExponential(3);
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A number without known uncertainty, at most four significant digits; larger whole parts stay whole. */
export function formatPlain(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= LARGEST_WRITTEN_OUT || (value !== 0 && Math.abs(value) < 1e-6))
    return value.toExponential(3);
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  const text = String(Math.abs(rounded));
  const decimals = /e-/.test(text) ? MAX_DECIMALS : (text.split('.')[1] ?? '').length;
  return formatFixed(rounded, decimals);
}

/** A setting as its author wrote it, but for binary noise: 0.02, 75. */
export function formatSetting(value: number): string {
  return String(Number(value.toPrecision(10)));
}

/** A share as a percentage: 5 %, 0.5 %. */
export function formatPercent(share: number): string {
  return `${String(Number((share * 100).toPrecision(4)))} %`;
}

/** A count with separated thousands. */
export function formatCount(count: number): string {
  return formatFixed(Math.round(count), 0);
}

/** A planned number of examples, rounded up to two significant digits: 2,400. */
export function formatPlannedCount(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return formatCount(Math.ceil(count / unit) * unit);
}
