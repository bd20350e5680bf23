/** One thing that can be wrong with a dataset, as the docs tell it. */
export interface Anomaly {
  readonly name: string;
  /** The condition, in one sentence. */
  readonly meaning: string;
  readonly asked: string;
  /** How it usually comes about. */
  readonly cause: string;
  /** What it looks like, in one sentence. */
  readonly example: string;
  /** What to do: one sentence, in the imperative. Part of each message. */
  readonly cure: string;
  readonly origin: 'TFDV' | 'mlgate';
}
