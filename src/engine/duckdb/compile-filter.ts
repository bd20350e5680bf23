/** A condition on rows as SQL that is true or false, never NULL. */
import type { RowFilter } from '../aggregates.ts';
import type { JsonType } from '../engine.ts';
import type { CellSql } from './compile-cell.ts';
import type { CellRequest } from './compile-source.ts';
import { quoteNumber, quoteTexts } from './sql-text.ts';

type Comparison = RowFilter & { readonly kind: 'column' };

const NUMBER: readonly JsonType[] = ['number'];
const TEXT: readonly JsonType[] = [];

function isNumeric({ values }: Comparison): boolean {
  return values.some((value) => typeof value === 'number');
}

function requestOf(filter: Comparison): CellRequest {
  return { column: filter.column, declaredTypes: isNumeric(filter) ? NUMBER : TEXT };
}

/** The cells that a filter looks at. */
export function listFilterCells(filter: RowFilter): readonly CellRequest[] {
  switch (filter.kind) {
    case 'column':
      return [requestOf(filter)];
    case 'not':
      return listFilterCells(filter.part);
    case 'all':
    case 'any':
      return filter.parts.flatMap(listFilterCells);
  }
}

export function compileFilter(filter: RowFilter, cellOf: (request: CellRequest) => CellSql): string {
  switch (filter.kind) {
    case 'column':
      return compileComparison(filter, cellOf(requestOf(filter)));
    case 'not':
      return `NOT ${compileFilter(filter.part, cellOf)}`;
    case 'all':
    case 'any': {
      const parts = filter.parts.map((part) => compileFilter(part, cellOf));
      return `(${parts.join(filter.kind === 'all' ? ' AND ' : ' OR ')})`;
    }
  }
}

/** Of an empty cell nothing is known but that it is empty: it satisfies no comparison with numbers, also not `!=`. */
function compileComparison(filter: Comparison, cell: CellSql): string {
  const { sign, values } = filter;
  const isAbsent = `${cell.raw} IS NULL`;
  const withEmpty = values.includes('');
  if (!isNumeric(filter)) {
    const text = `coalesce(regexp_replace(trim(${cell.shown}), '^(-?[0-9]+)[.]0+$', '\\1'), '')`;
    return `(${sign === '!=' ? 'NOT ' : ''}list_contains(${quoteTexts(values.map(String))}, ${text}))`;
  }
  const { number } = cell;
  const numbers = values.filter((value) => typeof value === 'number').map(quoteNumber);
  if (sign === '=' || sign === '!=') {
    const isAmong = number === undefined ? 'false' : `coalesce(${number} IN (${numbers.join(', ')}), false)`;
    const matches = withEmpty ? `(${isAmong} OR ${isAbsent})` : isAmong;
    if (sign === '=') return matches;
    return withEmpty ? `(NOT ${matches})` : `(${number ?? 'NULL'} IS NOT NULL AND NOT ${matches})`;
  }
  return number === undefined ? 'false' : `coalesce(${number} ${sign} ${numbers.join('')}, false)`;
}
