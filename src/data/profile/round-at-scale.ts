/** Digits that figures of profiles have: rows in another order move the last five or so of the sixteen. */
const FIGURE_DIGITS = 10;
/** Digits of what such figures are made of. */
export const STORED_DIGITS = 12;

/** A figure to so many digits of the scale that it is on: rounding noise about 0 is 0. */
export function roundAtScale(value: number, scale: number, digits = FIGURE_DIGITS): number {
  if (scale === 0 || !Number.isFinite(scale)) return value;
  const decimals = digits - 1 - Math.floor(Math.log10(scale));
  if (decimals > 100 || decimals < 0) return Number(value.toPrecision(digits));
  return Number(value.toFixed(decimals)) + 0;
}
