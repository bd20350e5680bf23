/** Aggregates of a table as SQL expressions of one scan. */
import type { Aggregate, DependencyTest, StatisticName, SumTest, TypedColumn } from '../aggregates.ts';
import type { JsonType } from '../engine.ts';
import type { CellSql } from './compile-cell.ts';
import { compileFilter, listFilterCells } from './compile-filter.ts';
import type { CellRequest } from './compile-source.ts';
import { quoteNumber } from './sql-text.ts';

export type CellOf = (request: CellRequest) => CellSql;

const ANY_TYPE: readonly JsonType[] = [];

function untyped(column: string): CellRequest {
  return { column, declaredTypes: ANY_TYPE };
}

/** The columns of a sum, with the one that they must equal. */
export function listSumColumns({ columns, equals }: SumTest): readonly TypedColumn[] {
  return typeof equals === 'number' ? columns : [...columns, equals];
}

/** The cells that an aggregate reads. */
export function listAggregateCells({ measure, where }: Aggregate): readonly CellRequest[] {
  const filtered = where === undefined ? [] : listFilterCells(where);
  switch (measure.kind) {
    case 'rows':
      return filtered;
    case 'absent':
    case 'distinct':
      return [untyped(measure.column), ...filtered];
    case 'duplicates':
      return [...measure.columns.map(untyped), ...filtered];
    case 'statistic':
    case 'quantile':
    case 'newest':
      return [measure.column, ...filtered];
    case 'broken-sums':
    case 'total-difference':
      return [...listSumColumns(measure.test), ...filtered];
    case 'contradictions':
      return [...[...measure.test.columns, ...measure.test.determine].map(untyped), ...filtered];
  }
}

/** Several values as one that is comparable; the parts of a struct compare NULL as equal to NULL. */
function joinKey(parts: readonly string[]): string {
  return parts.length === 1 ? parts.join('') : `row(${parts.join(', ')})`;
}

/** A share of what is added, far above what the rounding of doubles does to a sum and far below what people mean. */
const ROUNDING = 1e-9;

/** How far a row is from adding up, and how far it may be; NULL where a cell is absent. */
function compileSum(
  test: SumTest,
  cellOf: CellOf,
): { readonly difference: string; readonly size: string; readonly allowed: string } {
  const numberOf = (column: TypedColumn): string => cellOf(column).number ?? 'CAST(NULL AS DOUBLE)';
  const parts = test.columns.map(numberOf);
  const equals = typeof test.equals === 'number' ? quoteNumber(test.equals) : numberOf(test.equals);
  const size = [...parts, equals].map((part) => `abs(${part})`).join(' + ');
  return {
    difference: `(${parts.join(' + ')} - ${equals})`,
    size: `(${size})`,
    allowed: test.tolerance === undefined ? `${ROUNDING} * (${size})` : quoteNumber(test.tolerance),
  };
}

/** True where a row does not add up; NULL where a cell is absent. */
export function compileBrokenSum(test: SumTest, cellOf: CellOf): string {
  const { difference, allowed } = compileSum(test, cellOf);
  return `abs(${difference}) > ${allowed}`;
}

function compileTotalDifference(test: SumTest, cellOf: CellOf, only: (sql: string) => string): string {
  const { difference, size } = compileSum(test, cellOf);
  const total = compileTotal(only(difference));
  const allowed =
    test.tolerance === undefined ? `${ROUNDING} * sum(${only(size)})` : quoteNumber(test.tolerance);
  return `CASE WHEN abs(${total}) <= ${allowed} THEN 0 ELSE ${total} END`;
}

/** By Kahan's summation, so that threads hardly change it; where that overflows it is no number. */
function compileTotal(sql: string): string {
  return `CASE WHEN isfinite(fsum(${sql})) THEN fsum(${sql}) ELSE sum(${sql}) END`;
}

/** Larger numbers have no square. */
const LARGEST_ROOT = 1e150;

function compileStatistic(of: StatisticName, value: string): string {
  switch (of) {
    case 'minimum':
      return `min(${value})`;
    case 'maximum':
      return `max(${value})`;
    case 'mean':
      return `${compileTotal(value)} / nullif(count(${value}), 0)`;
    case 'standard-deviation': {
      const isLarge = `abs(${value}) > ${quoteNumber(LARGEST_ROOT)}`;
      return `CASE WHEN ${countIf(isLarge)} > 0 THEN CAST('inf' AS DOUBLE) ELSE stddev_samp(CASE WHEN NOT ${isLarge} THEN ${value} END) END`;
    }
    case 'median':
      return `quantile_cont(${value}, 0.5)`;
    case 'sum':
      return compileTotal(value);
  }
}

/** True where no column of a dependency is absent. */
export function hasDependency({ columns, determine }: DependencyTest, cellOf: CellOf): string {
  return [...columns, ...determine]
    .map((column) => `${cellOf(untyped(column)).raw} IS NOT NULL`)
    .join(' AND ');
}

/** The values of columns as one that is comparable. */
export function compileKey(columns: readonly string[], cellOf: CellOf): string {
  return joinKey(columns.map((column) => cellOf(untyped(column)).raw));
}

/** `count_if` of nothing but NULL is NULL. */
function countIf(sql: string): string {
  return `coalesce(count_if(${sql}), 0)`;
}

export function compileAggregate({ measure, where }: Aggregate, cellOf: CellOf): string {
  const filter = where === undefined ? undefined : compileFilter(where, cellOf);
  const only = (sql: string, also?: string): string => {
    const conditions = [filter, also].filter((condition) => condition !== undefined);
    return conditions.length === 0 ? sql : `CASE WHEN ${conditions.join(' AND ')} THEN ${sql} END`;
  };
  const rows = filter === undefined ? 'count(*)' : countIf(filter);
  switch (measure.kind) {
    case 'rows':
      return rows;
    case 'absent':
      return `${rows} - count(${only(cellOf(untyped(measure.column)).raw)})`;
    case 'duplicates': {
      const has = `(${measure.columns.map((column) => `${cellOf(untyped(column)).raw} IS NOT NULL`).join(' OR ')})`;
      return `count(${only('1', has)}) - count(DISTINCT ${only(compileKey(measure.columns, cellOf), has)})`;
    }
    case 'statistic':
      return compileStatistic(measure.of, only(cellOf(measure.column).number ?? 'CAST(NULL AS DOUBLE)'));
    case 'quantile':
      return `quantile_cont(${only(cellOf(measure.column).number ?? 'CAST(NULL AS DOUBLE)')}, ${measure.probability})`;
    case 'distinct': {
      const value = only(cellOf(untyped(measure.column)).raw);
      return `count(DISTINCT ${value})${measure.share ? ` / nullif(count(${value}), 0)` : ''}`;
    }
    case 'newest': {
      const time = `epoch_ms(${cellOf(measure.column).time ?? 'CAST(NULL AS TIMESTAMP)'})`;
      return `max(${only(time, `${time} <= ${Math.floor(measure.upTo)}`)})`;
    }
    case 'broken-sums':
      return countIf(only(compileBrokenSum(measure.test, cellOf)));
    case 'total-difference':
      return compileTotalDifference(measure.test, cellOf, only);
    case 'contradictions': {
      const { columns, determine } = measure.test;
      const has = hasDependency(measure.test, cellOf);
      return `count(DISTINCT ${only(compileKey([...columns, ...determine], cellOf), has)}) - count(DISTINCT ${only(compileKey(columns, cellOf), has)})`;
    }
  }
}
