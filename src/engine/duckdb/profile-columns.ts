/**
 * Columns summarised while a table is scanned for other things too: their cells are handed to JavaScript by functions
 * that the query calls with every piece of the table. SQL's own aggregates would not do: its quantiles depend on how the
 * threads share the work, and its sketches can neither be read nor merged. Pieces come in any order, so that what gathers
 * them must not depend on it.
 */
import { estimateDistinct, parseRegisters, printRegisters } from '../../statistics/hyper-log-log.ts';
import { gatherLengths } from '../../statistics/gather-lengths.ts';
import { gatherSummary } from '../../statistics/number-summary.ts';
import type { ColumnSummary, ProfiledColumn, ProfilePlan, TableSummary } from '../profile.ts';
import type { CellSql } from './compile-cell.ts';
import type { CellRequest, TableShape } from './compile-source.ts';
import type { Database, SinkType, SqlValue, Vector } from './database.ts';
import { gatherTexts } from './gather-texts.ts';
import { hashesOf, numbersOf } from './pack-columns.ts';

/** What a query must select for a profile, and how its answer is read. */
export interface Profiling {
  readonly requests: readonly CellRequest[];
  readonly select: (cellOf: (request: CellRequest) => CellSql) => readonly string[];
  /** @param figures what was selected, in its order */
  readonly finish: (rows: number, figures: readonly (SqlValue | undefined)[]) => TableSummary;
}

/** Columns of which one function takes the cells. */
const COLUMNS_PER_SINK = 32;

/** One argument of a sink. */
interface Argument {
  readonly type: SinkType;
  readonly sql: string;
}

/** Takes the cells of one column. */
interface ColumnGatherer {
  readonly arguments: (cell: CellSql) => readonly Argument[];
  /** A vector costs something to make: each is asked for when it is needed. */
  readonly add: (vectorAt: (argument: number) => Vector, rows: number) => void;
  /** What it found, and of how many cells. */
  readonly finish: () => Pick<ColumnSummary, 'numbers' | 'texts' | 'registers' | 'distinct'>;
}

function readMilliseconds(time: string): string {
  return `CASE WHEN isfinite(${time}) THEN CAST(epoch_us(${time}) AS DOUBLE) / 1000 END`;
}

function gatherNumberColumn(column: ProfiledColumn, buckets: number): ColumnGatherer {
  const gatherer = gatherSummary(buckets, column.edges);
  const isTime = column.type === 'date' || column.type === 'date-time';
  return {
    arguments: ({ number, time }) => {
      const value = isTime ? (time === undefined ? undefined : readMilliseconds(time)) : number;
      return [{ type: 'DOUBLE', sql: `coalesce(${value ?? 'NULL'}, CAST('NaN' AS DOUBLE))` }];
    },
    add: (vectorAt, rows) => {
      gatherer.add(numbersOf(vectorAt(0)).subarray(0, rows));
    },
    finish: () => {
      const found = gatherer.finish();
      if (found === undefined) return {};
      const { summary, registers } = found;
      return {
        numbers: summary,
        ...(registers === undefined ? {} : { registers: printRegisters(registers) }),
      };
    },
  };
}

function gatherTextColumn(column: ProfiledColumn, buckets: number): ColumnGatherer {
  const lengths = gatherLengths(buckets, column.lengthEdges);
  const texts = gatherTexts(column.withheld ? 0 : buckets);
  return {
    arguments: ({ text = 'CAST(NULL AS VARCHAR)' }) => [
      { type: 'INTEGER', sql: `CAST(coalesce(length(${text}), -1) AS INTEGER)` },
      { type: 'UBIGINT', sql: `hash(${text})` },
      ...(column.withheld ? [] : [{ type: 'VARCHAR' as const, sql: `coalesce(${text}, '')` }]),
    ],
    add: (vectorAt, rows) => {
      const found = int32Of(vectorAt(0)).subarray(0, rows);
      let vector: Vector | undefined;
      const read = (row: number): string => String((vector ??= vectorAt(2)).getItem(row));
      texts.add({ lengths: found, hashes: hashesOf(vectorAt(1)), read });
      lengths.add(found);
    },
    finish: () => {
      const summary = lengths.finish();
      if (summary === undefined) return {};
      const { counts, registers } = texts.finish();
      return {
        texts: { lengths: summary, ...(counts === undefined ? {} : { counts }) },
        registers: printRegisters(registers),
      };
    },
  };
}

interface RawVector {
  readonly items?: unknown;
}

function int32Of(vector: Vector): Int32Array {
  const { items } = vector as RawVector;
  if (!(items instanceof Int32Array)) throw new TypeError('DuckDB gave no column of INTEGER');
  return items;
}

function createGatherer(column: ProfiledColumn, buckets: number): ColumnGatherer | undefined {
  switch (column.type) {
    case 'number':
    case 'integer':
    case 'date':
    case 'date-time':
      return gatherNumberColumn(column, buckets);
    case 'string':
      return gatherTextColumn(column, buckets);
    case 'boolean':
    case 'other':
      return undefined;
  }
}

/** A column with what gathers its cells, if anything does. */
interface Gathered {
  readonly column: ProfiledColumn;
  readonly gatherer: ColumnGatherer | undefined;
}

function requestOf({ name, declaredTypes }: ProfiledColumn): CellRequest {
  return { column: name, declaredTypes };
}

/** The function that takes the cells of some columns. */
function addSink(database: Database, gathered: readonly Gathered[], cells: readonly CellSql[]): string {
  const takers: { readonly gatherer: ColumnGatherer; readonly from: number }[] = [];
  const all: Argument[] = [];
  gathered.forEach(({ gatherer }, at) => {
    const cell = cells[at];
    if (gatherer === undefined || cell === undefined) return;
    takers.push({ gatherer, from: all.length });
    all.push(...gatherer.arguments(cell));
  });
  if (all.length === 0) return 'NULL';
  const name = database.addSink(
    all.map(({ type }) => type),
    (vectorAt, rows) => {
      for (const { gatherer, from } of takers) {
        gatherer.add((argument) => vectorAt(from + argument), rows);
      }
    },
  );
  return `sum(${name}(${all.map(({ sql }) => sql).join(', ')}))`;
}

function countCells({ raw, isNull, boolean = 'CAST(NULL AS BOOLEAN)' }: CellSql): readonly string[] {
  const present = isNull === undefined ? `count(${raw})` : `count_if(${raw} IS NOT NULL AND NOT (${isNull}))`;
  return [present, `count_if(${boolean})`, `count_if(NOT ${boolean})`];
}

/** Starts to profile columns of a table: the next query of the database is to select what this says. */
export async function startProfiling(
  database: Database,
  shape: TableShape,
  plan: ProfilePlan,
): Promise<Profiling> {
  const [[version] = []] = await database.query('SELECT version()');
  const floating = new Set(
    shape.columns.filter(({ type }) => type === 'DOUBLE' || type === 'FLOAT').map(({ name }) => name),
  );
  const gathered = plan.columns.map((column) => ({
    column,
    gatherer: createGatherer(column, plan.buckets),
  }));
  return {
    requests: plan.columns.map(requestOf),
    select: (cellOf) => {
      const cells = plan.columns.map((column) => cellOf(requestOf(column)));
      const starts = Array.from(
        { length: Math.ceil(gathered.length / COLUMNS_PER_SINK) },
        (_, sink) => sink * COLUMNS_PER_SINK,
      );
      return [
        ...cells.flatMap(countCells),
        ...starts.map((from) => {
          const to = from + COLUMNS_PER_SINK;
          return addSink(database, gathered.slice(from, to), cells.slice(from, to));
        }),
      ];
    },
    finish: (rows, figures) => ({
      rows,
      buckets: plan.buckets,
      hash: `duckdb ${String(version)}`,
      columns: gathered.map((item, at) => {
        const [present = 0, isTrue = 0, isFalse = 0] = figures.slice(3 * at, 3 * at + 3).map(Number);
        const counted = { rows, present, isFloating: floating.has(item.column.name) };
        return summarise(item, counted, { true: isTrue, false: isFalse });
      }),
    }),
  };
}

function summarise(
  { column, gatherer }: Gathered,
  {
    rows,
    present,
    isFloating,
  }: { readonly rows: number; readonly present: number; readonly isFloating: boolean },
  booleans: NonNullable<ColumnSummary['booleans']>,
): ColumnSummary {
  const { name, type, withheld } = column;
  const found = gatherer?.finish() ?? {};
  const counted = { name, type, withheld, present, absent: rows - present };
  if (type === 'boolean') {
    const unread = present - booleans.true - booleans.false;
    return { ...counted, unread, ...(withheld ? {} : { booleans }) };
  }
  if (type === 'other') return { ...counted, unread: 0 };
  const { counts = [] } = (found.numbers ?? found.texts?.lengths)?.sketch ?? {};
  const unread = present - counts.reduce((sum, count) => sum + count, 0);
  return {
    ...counted,
    unread,
    ...(isFloating && unread > 0 ? { notFinite: unread } : {}),
    ...(withheld ? withhold(found) : found),
  };
}

/** Numbers and registers tell values, lengths and how many there are do not. */
function withhold({
  numbers,
  texts,
  registers,
}: ReturnType<ColumnGatherer['finish']>): Partial<ColumnSummary> {
  const distinct =
    registers === undefined
      ? numbers?.sketch.values.length
      : Math.round(estimateDistinct(parseRegisters(registers)));
  return {
    ...(texts === undefined ? {} : { texts: { lengths: texts.lengths } }),
    ...(distinct === undefined ? {} : { distinct }),
  };
}
