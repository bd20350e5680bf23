/**
 * The only place where a value becomes part of SQL. Names of columns do so only for a query of the user's own: everywhere
 * else columns are numbered (`c0`, `c1`, …), so that no name can change a query.
 */

const NUL = '\u0000';

/** A text as an SQL expression. NUL would end the query for the C library, so it is spelled as `chr(0)`. */
export function quoteText(value: string): string {
  const pieces = value.split(NUL).map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return pieces.length === 1 ? pieces.join('') : `(${pieces.join(' || chr(0) || ')})`;
}

/** A name as an SQL identifier; NUL, which none may have, is the caller's to refuse. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A finite number as an SQL expression of type DOUBLE. A bare `0.1` would be a DECIMAL to DuckDB. */
export function quoteNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`${value} has no SQL form here`);
  }
  return `CAST('${String(value)}' AS DOUBLE)`;
}

/** A list of texts as an SQL expression. */
export function quoteTexts(values: readonly string[]): string {
  return `[${values.map(quoteText).join(', ')}]`;
}
