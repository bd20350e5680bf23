/** Something that stops a promotion, or that whoever reads about it should know. */
export interface Finding {
  /** Machine-readable, such as `evidence-old`: letters, digits and `-`. */
  readonly code: string;
  /** What is so: one or two sentences. Backticks quote names and values. */
  readonly message: string;
  /** What to do about it: a sentence in the imperative. */
  readonly help: string;
}

/** The finding in a list of its own, or an empty list. */
export function findingIf(holds: boolean, code: string, message: string, help: string): readonly Finding[] {
  return holds ? [{ code, message, help }] : [];
}
