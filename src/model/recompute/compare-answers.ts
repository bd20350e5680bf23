import type { AnswerParts } from './answer-form.ts';
import { isSameLabel } from './same-label.ts';

interface Disagreement {
  /** Index into the sample. */
  readonly at: number;
  /** The part that differs most: `score`, `scores.cat`. */
  readonly part: string;
  readonly file: number | string;
  readonly model: number | string;
}

export interface Agreement {
  readonly rows: number;
  readonly agreeing: number;
  /** Largest difference of a number that was seen, as the tolerance counts it; undefined where there are labels only. */
  readonly largestDifference: number | undefined;
  /** Those that differ most first; labels before numbers. */
  readonly disagreements: readonly Disagreement[];
}

/**
 * Holds a model's answers against what the file says, example by example. Numbers agree if |model - file| is at most
 * the tolerance times max(1, |file|), labels if they are the same; an example agrees if all of its parts do.
 */
export function compareAnswers(
  file: readonly AnswerParts[],
  model: readonly (AnswerParts | undefined)[],
  tolerance: number,
): Agreement {
  let largest: number | undefined;
  const found: { readonly difference: number; readonly disagreement: Disagreement }[] = [];
  for (const [at, parts] of file.entries()) {
    let worst: (typeof found)[number] | undefined;
    for (const [part, expected] of parts) {
      const given = model[at]?.get(part);
      const difference = measureDifference(expected, given);
      if (typeof expected === 'number') largest = Math.max(largest ?? 0, difference);
      if (difference <= tolerance || difference <= (worst?.difference ?? -1)) continue;
      worst = { difference, disagreement: { at, part, file: expected, model: given ?? 'nothing' } };
    }
    if (worst !== undefined) found.push(worst);
  }
  return {
    rows: file.length,
    agreeing: file.length - found.length,
    largestDifference: largest,
    disagreements: found
      .toSorted((one, other) => (one.difference === other.difference ? 0 : other.difference - one.difference))
      .map(({ disagreement }) => disagreement),
  };
}

/** Infinite where the two cannot be compared, or are different labels. */
function measureDifference(expected: number | string, given: number | string | undefined): number {
  if (typeof expected === 'number' && typeof given === 'number') {
    const difference = Math.abs(given - expected) / Math.max(1, Math.abs(expected));
    return Number.isNaN(difference) ? Infinity : difference;
  }
  return typeof expected === 'string' && typeof given === 'string' && isSameLabel(expected, given)
    ? 0
    : Infinity;
}
