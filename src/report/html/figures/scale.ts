/** A linear map from numbers to positions, with round numbers to label. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly decimals: number;
}

const STEPS = [1, 2, 5, 10];

/**
 * A scale from `low`…`high` to the positions `from`…`to`, with about `count` round ticks inside. Undefined where the
 * numbers leave no scale: not finite, equal, or so large that their distance is not a number.
 */
export function makeScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count: number,
): Scale | undefined {
  const span = high - low;
  if (!Number.isFinite(span) || span <= 0) return undefined;
  const step = roundStep(span / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const decimals = Math.min(Math.max(-Math.floor(Math.log10(step) + 1e-9), 0), 6);
  return {
    at: (value) => from + ((value - low) / span) * (to - from),
    ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step),
    decimals,
  };
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return (STEPS.find((step) => step * power >= size * (1 - 1e-9)) ?? 10) * power;
}

/** Smallest and largest of some numbers; undefined without any. */
export function rangeOf(values: readonly number[]): readonly [number, number] | undefined {
  if (values.length === 0) return undefined;
  return values.reduce<readonly [number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

/**
 * A range with a twentieth of room on both sides, so that no mark lies on an edge.
 * @param whenEqual the room where all values are equal
 */
export function addAir([low, high]: readonly [number, number], whenEqual = 1): readonly [number, number] {
  const air = low === high ? whenEqual : (high - low) * 0.05;
  return [low - air, high + air];
}
