import type { SchemaChange } from '../../schemas/schema-diff.generated.ts';
import { flipEffect, type Effect } from './effect.ts';

export type { SchemaChange };

/** Where two schemas stand that are held against each other. */
export interface Place {
  readonly path: readonly string[];
  readonly column?: string;
  /** Whether they stand inside of an odd number of `not`. */
  readonly isFlipped: boolean;
  /** What they are about, for the sentence. */
  readonly subject: string;
}

export function below(place: Place, steps: readonly string[], words: string): Place {
  return {
    ...place,
    path: [...place.path, ...steps],
    subject: words === '' ? place.subject : `${place.subject}, ${words}`,
  };
}

/** A change at a place; the effect is that on the schemas themselves. */
export function changeAt(place: Place, steps: readonly string[], effect: Effect, text: string): SchemaChange {
  return {
    path: [...place.path, ...steps],
    ...(place.column === undefined ? {} : { column: place.column }),
    effect: place.isFlipped ? flipEffect(effect) : effect,
    text: place.subject === '' ? text : `${place.subject}: ${text}`,
  };
}

/** Longest value that is shown, in characters. */
const MAX_SHOWN = 80;

/** A value as JSON writes it, cut to a length that a sentence bears. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  const points = Array.from(text);
  return points.length <= MAX_SHOWN ? text : `${points.slice(0, MAX_SHOWN - 1).join('')}…`;
}

/** Values that are shown of a longer list. */
const MAX_LISTED = 10;

export function showList(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_LISTED).map(show).join(', ');
  return values.length > MAX_LISTED ? `${shown} and ${values.length - MAX_LISTED} more` : shown;
}
