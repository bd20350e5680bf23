import type { Evidence, Subject } from '../schemas/evidence.generated.ts';

/** Id of the check that says whether a model gave its predictions when it was run here. */
export function recomputedCheckId(model: string): string {
  return `model/${model}/recomputed`;
}

/**
 * How predictions are tied to the bytes, as far as the evidence bears its own claim out: `recomputed` only where it
 * says that the model was run, and every answer agreed.
 */
export function readBinding({ binding, recomputed }: Subject): Subject['binding'] {
  if (binding !== 'recomputed') return binding;
  return recomputed !== undefined && recomputed.rows > 0 && recomputed.agreeing === recomputed.rows
    ? 'recomputed'
    : 'none';
}

/** What a config asks of a recomputation. */
export interface WantedRecomputation {
  readonly rows: number;
  readonly tolerance: number;
}

/**
 * Why evidence does not show what a config asks for: a phrase after "the evidence says that …". Undefined if it does.
 * A sample is as large as the config says, or is the whole test set.
 */
export function findWeakRecomputation(
  { body }: Evidence,
  model: string,
  wanted: WantedRecomputation,
): string | undefined {
  const subject = body.subjects.find(({ name }) => name === model);
  const { recomputed } = subject ?? {};
  if (subject === undefined || recomputed === undefined) return 'the model was not run';
  const { rows, agreeing, tolerance } = recomputed;
  if (agreeing !== rows) return `${agreeing} of ${rows} answers agree`;
  if (readBinding(subject) !== 'recomputed') return `its binding is \`${subject.binding}\``;
  if (tolerance > wanted.tolerance) return `answers may differ by ${tolerance}`;
  const tested = body.inputs.find(({ role, name }) => role === 'predictions' && name === model)?.rows;
  const least = Math.min(wanted.rows, tested ?? wanted.rows);
  return rows < least ? `${rows} examples were run` : undefined;
}
