/** Comparisons of a cell's number that no rounding to a double decides. */
import { FIRST_BIG_INTEGER } from '../cell-values.ts';
import type { CellSql, ExactNumber } from './compile-cell.ts';
import { quoteNumber, quoteText } from './sql-text.ts';

type Comparison = '<' | '<=' | '>' | '>=';

/** A number of a schema in the type that holds all digits of the cells; NULL where it has none there. */
function quoteExact(value: number, { type }: ExactNumber): string {
  const digits = Number.isInteger(value) ? String(BigInt(value)) : String(value);
  return `TRY_CAST(${quoteText(digits)} AS ${type})`;
}

/** The exact number of a cell, where an equal double could hide a difference. */
function exactWhereNeeded({ exact }: CellSql, value: number): ExactNumber | undefined {
  const isCertain = exact?.type === 'HUGEINT' && Math.abs(value) < FIRST_BIG_INTEGER;
  return isCertain ? undefined : exact;
}

/** Whether the number of a cell stands in a relation to a finite one; NULL where it has none. */
export function compareNumber(cell: CellSql, comparison: Comparison, value: number): string {
  const number = cell.number ?? 'NULL';
  const bound = quoteNumber(value);
  const exact = exactWhereNeeded(cell, value);
  if (exact === undefined) return `${number} ${comparison} ${bound}`;
  const decided = `coalesce(${exact.sql} ${comparison} ${quoteExact(value, exact)}, ${number} ${comparison} ${bound})`;
  return `(CASE WHEN ${number} = ${bound} THEN ${decided} ELSE ${number} ${comparison} ${bound} END)`;
}

/** Whether the number of a cell is one of some finite ones; NULL where it has none. */
export function isOneOfNumbers(cell: CellSql, values: readonly number[]): string {
  const number = cell.number ?? 'NULL';
  const plain = values.filter((value) => exactWhereNeeded(cell, value) === undefined);
  const tests = values.flatMap((value) => {
    const exact = exactWhereNeeded(cell, value);
    return exact === undefined
      ? []
      : [
          `(${number} = ${quoteNumber(value)} AND coalesce(${exact.sql} = ${quoteExact(value, exact)}, true))`,
        ];
  });
  const listed = plain.length === 0 ? [] : [`${number} IN (${plain.map(quoteNumber).join(', ')})`];
  return `(${[...listed, ...tests].join(' OR ')})`;
}

/**
 * Whether a whole number that no double need hold is a multiple of a whole divisor; NULL for all other numbers, of which
 * the quotient of doubles decides. Undefined where no cell is such a number.
 */
export function isExactMultiple({ exact }: CellSql, divisor: number): string | undefined {
  if (exact?.type !== 'HUGEINT' || !Number.isSafeInteger(divisor)) return undefined;
  return `(CASE WHEN abs(${exact.sql}) >= ${FIRST_BIG_INTEGER} THEN ${exact.sql} % ${String(BigInt(divisor))} = 0 END)`;
}
