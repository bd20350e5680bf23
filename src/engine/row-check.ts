import type { JsonType } from './engine.ts';

/** What a whole row, as a JSON object of the cells that hold a value, must satisfy. */
export interface RowCheck {
  /** Names the check in the answer; unique in its plan. */
  readonly id: string;
  /** JSON Schema 2020-12 in one piece: every reference is `#/$defs/<name>`. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The columns that it looks at, with the types that decide how their text becomes values; a row has no others. */
  readonly cells: readonly RowCell[];
  /** The columns whose values an example shows. */
  readonly shows: readonly string[];
}

export interface RowCell {
  readonly column: string;
  readonly declaredTypes: readonly JsonType[];
}
