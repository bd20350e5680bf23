/** How the cells of a table become values, where it is not as they do by default. */

/** What separates groups of three digits. */
export const THOUSANDS = [',', '.', ' ', "'", '_', '\u00A0', '\u202F', '\u2019'] as const;

/**
 * How the cells of one column are read. `trim`, `nullValues`, `dates` and `notFinite` hold in files of every format
 * (for the texts and the numbers that they hold); the rest only where cells have no type of their own: in CSV and TSV.
 */
export interface CellRules {
  /** Blanks of ASCII before and after a text are no part of it. */
  readonly trim?: boolean;
  /** Texts that stand for no value, besides the empty one. */
  readonly nullValues?: readonly string[];
  /** Texts that are read as `true`, in place of `TRUE_TEXTS`. */
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly decimal?: '.' | ',';
  /** None: digits are not grouped. */
  readonly thousands?: (typeof THOUSANDS)[number];
  /** Notations of dates and times, see `compileDateNotation`: a text in one of them is read as RFC 3339 writes it. */
  readonly dates?: readonly string[];
  /** What NaN and the infinities are: no value, or (without it too) no number, so that they break `type`. */
  readonly notFinite?: 'null' | 'error';
  /** Whether a whole number of 2^53 and more is no number, so that it breaks `type`: where doubles follow, it changes. */
  readonly bigIntegers?: 'exact' | 'error';
}

/** Rules of a table; those of a column stand in place of the table's, one by one. */
export interface CellReading extends CellRules {
  readonly columns?: Readonly<Record<string, CellRules>>;
}

/** The rules of one column; undefined where everything is as by default. */
export function rulesOf(reading: CellReading | undefined, column: string): CellRules | undefined {
  if (reading === undefined) return undefined;
  const { columns, ...table } = reading;
  const own = columns !== undefined && Object.hasOwn(columns, column) ? columns[column] : undefined;
  const rules = { ...table, ...own };
  return Object.keys(rules).length === 0 ? undefined : rules;
}
