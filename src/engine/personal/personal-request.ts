import type { TableSource } from '../engine.ts';

/** Cells that hold personal data by their own form. Only counts are answered. */
export interface PersonalRequest {
  readonly kind: 'personal';
  readonly source: TableSource;
  readonly columns: readonly string[];
}

export interface PersonalCells {
  readonly column: string;
  /** The detector. */
  readonly name: string;
  /** Share of texts of its form that pass by chance. */
  readonly chance: number;
  /** Cells of the form, and those of them that pass the check digit. Estimated where `isSample`. */
  readonly shaped: number;
  readonly cells: number;
  readonly isSample: boolean;
}

export interface PersonalAnswer {
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly present: number;
    /** About so many values: one or two are a flag, not names. */
    readonly values: number;
  }[];
  readonly found: readonly PersonalCells[];
}
