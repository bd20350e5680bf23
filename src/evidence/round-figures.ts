/** Figures keep this many significant digits: sums over several threads differ in the last ones. */
const SIGNIFICANT_DIGITS = 12;

/** Rounds every number inside a JSON value, so that equal findings give equal bytes. Integers up to 2^53 stay exact. */
export function roundFigures<T>(value: T): T {
  return roundAny(value) as T;
}

function roundAny(value: unknown): unknown {
  if (typeof value === 'number') return roundNumber(value);
  if (Array.isArray(value)) return value.map(roundAny);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundAny(item)]));
  }
  return value;
}

function roundNumber(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
