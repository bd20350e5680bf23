/** Digits that figures of profiles have: what is left when rows come in another order, which moves the last five or so. */
const DIGITS = 10;

/** A figure to so many digits of the scale that it is on: rounding noise about 0 is 0. */
export function roundAtScale(value: number, scale: number): number {
  if (scale === 0 || !Number.isFinite(scale)) return value;
  const decimals = DIGITS - 1 - Math.floor(Math.log10(scale));
  if (decimals > 100 || decimals < 0) return Number(value.toPrecision(DIGITS));
  return Number(value.toFixed(decimals)) + 0;
}
