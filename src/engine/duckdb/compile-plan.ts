/** Checks as SQL: pure functions from a plan and the shape of its file to queries and how to read their answers. */
import type { CellCheck, ExamplePlan, JsonType, TablePlan, UniquenessCheck } from '../engine.ts';
import type { RowCheck } from '../row-check.ts';
import { compileAggregate, listAggregateCells } from './compile-aggregates.ts';
import { compileCondition } from './compile-condition.ts';
import type { CellSql } from './compile-cell.ts';
import { type CellRequest, compileRelation, isJson, type TableShape } from './compile-source.ts';
import { compileRowCheck, isUndecided, listRowCells } from './rows/compile-row-check.ts';

/** One column of a single-row answer and what it says. */
export type Slot =
  | { readonly kind: 'rows' }
  | { readonly kind: 'not-objects' }
  | { readonly kind: 'absent'; readonly column: string }
  | { readonly kind: 'violations'; readonly id: string }
  /** Cells that SQL could not settle; `compileUnsettled` fetches them. */
  | { readonly kind: 'unsettled'; readonly check: CellCheck }
  /** Rows that SQL could not decide about; `countUndecided` does. */
  | { readonly kind: 'undecided'; readonly check: RowCheck }
  /** Rows that have the key at all. */
  | { readonly kind: 'keys'; readonly check: UniquenessCheck }
  /** After the number of keys. */
  | { readonly kind: 'hashes'; readonly check: UniquenessCheck }
  | { readonly kind: 'aggregate'; readonly id: string }
  | { readonly kind: 'profile' };

export interface CompiledCheck {
  readonly sql: string;
  readonly slots: readonly Slot[];
}

export interface ScanOptions {
  readonly parallel: boolean;
}

/** What a scan selects besides. */
interface Further {
  readonly requests: readonly CellRequest[];
  readonly select: (cellOf: (request: CellRequest) => CellSql) => readonly string[];
}

function keyOf({ column, declaredTypes }: CellRequest): string {
  return JSON.stringify([column, declaredTypes]);
}

/** The cells of a file that some checks need, each (column, declared types) once, with a way to find them again. */
export function relateCells(
  shape: TableShape,
  wanted: readonly CellRequest[],
  options: { readonly parallel: boolean; readonly rowNumbers: boolean },
): { readonly from: string; readonly cellOf: (request: CellRequest) => CellSql } {
  const requests = [...new Map(wanted.map((request) => [keyOf(request), request])).values()];
  const { from, cells } = compileRelation(shape, requests, options);
  const byKey = new Map(requests.map((request, index) => [keyOf(request), cells[index]]));
  return {
    from,
    cellOf: (request) => {
      const cell = byKey.get(keyOf(request));
      if (cell === undefined) {
        throw new RangeError(`no cell was compiled for column ${request.column}`);
      }
      return cell;
    },
  };
}

const ANY_TYPE: readonly JsonType[] = [];

function keyRequests(check: UniquenessCheck): readonly CellRequest[] {
  return check.columns.map((column) => ({ column, declaredTypes: ANY_TYPE }));
}

function hasKey(key: readonly CellSql[]): string {
  return `(${key.map(({ raw }) => `${raw} IS NOT NULL`).join(' OR ')})`;
}

/** The key as one comparable value; the parts of a struct compare NULL as equal to NULL, which is what is meant here. */
function keyValue(key: readonly CellSql[]): string {
  const [first, ...others] = key.map(({ raw }) => raw);
  return first !== undefined && others.length === 0 ? first : `row(${key.map(({ raw }) => raw).join(', ')})`;
}

/**
 * One scan for a whole plan. `count_if` costs a tenth of `count(*) FILTER`, which copies the rows that it selects.
 * Uniqueness is asked of 64-bit hashes, which a function of the query takes: as many distinct hashes as keys prove that
 * all keys differ; fewer prove nothing, and `compileDuplicates` then counts.
 *
 * @param takeHashes the function that takes the hashes of a key, by its check
 * @throws PlanError for a condition that no cell could be tested with.
 */
export function compileCheck(
  shape: TableShape,
  plan: TablePlan,
  options: ScanOptions,
  takeHashes: (check: UniquenessCheck) => string,
  further?: Further,
): CompiledCheck {
  const { aggregates = [], rows = [] } = plan;
  const { from, cellOf } = relateCells(
    shape,
    [
      ...plan.cells,
      ...plan.absent.map((column) => ({ column, declaredTypes: ANY_TYPE })),
      ...plan.unique.flatMap(keyRequests),
      ...aggregates.flatMap(listAggregateCells),
      ...(further?.requests ?? []),
      ...rows.flatMap((check) => listRowCells(shape, check)),
    ],
    { ...options, rowNumbers: false },
  );
  const columns: readonly { readonly sql: string; readonly slot: Slot }[] = [
    { sql: 'count(*)', slot: { kind: 'rows' } },
    ...(isJson(shape.format)
      ? [{ sql: `count_if(kind <> 'OBJECT')`, slot: { kind: 'not-objects' } as const }]
      : []),
    ...plan.absent.map((column) => ({
      sql: `count(*) - count(${cellOf({ column, declaredTypes: ANY_TYPE }).raw})`,
      slot: { kind: 'absent', column } as const,
    })),
    ...plan.cells.map((check) => {
      const { sql, count, settledBy } = compileCondition(cellOf(check), check);
      const slot: Slot =
        settledBy === undefined ? { kind: 'violations', id: check.id } : { kind: 'unsettled', check };
      return { sql: count ?? `count_if(${sql})`, slot };
    }),
    ...rows.flatMap((check) => compileRowCount(shape, check, cellOf)),
    ...plan.unique.flatMap((check) => {
      const key = keyRequests(check).map(cellOf);
      return [
        { sql: `count_if(${hasKey(key)})`, slot: { kind: 'keys', check } as const },
        {
          sql: `sum(${takeHashes(check)}(CASE WHEN ${hasKey(key)} THEN hash(${key.map(({ raw }) => raw).join(', ')}) ELSE CAST(0 AS UBIGINT) END))`,
          slot: { kind: 'hashes', check } as const,
        },
      ];
    }),
    ...aggregates.map((aggregate) => ({
      sql: compileAggregate(aggregate, cellOf),
      slot: { kind: 'aggregate', id: aggregate.id } as const,
    })),
    ...(further?.select(cellOf) ?? []).map((sql) => ({ sql, slot: { kind: 'profile' } as const })),
  ];
  return {
    sql: `SELECT ${columns.map(({ sql }) => sql).join(', ')} FROM ${from}`,
    slots: columns.map(({ slot }) => slot),
  };
}

/** Rows that break a check for certain, and those that somebody else must look at. */
function compileRowCount(
  shape: TableShape,
  check: RowCheck,
  cellOf: (request: CellRequest) => CellSql,
): readonly { readonly sql: string; readonly slot: Slot }[] {
  const decision = compileRowCheck(shape, check, cellOf);
  const certain = {
    sql: `count_if(${decision.breaks})`,
    slot: { kind: 'violations', id: check.id },
  } as const;
  return decision.isExact
    ? [certain]
    : [certain, { sql: `count_if(${isUndecided(decision)})`, slot: { kind: 'undecided', check } }];
}

/** The number of rows beyond the first of each repeated key, counted on the keys themselves. */
export function compileDuplicates(shape: TableShape, check: UniquenessCheck, options: ScanOptions): string {
  const { from, cellOf } = relateCells(shape, keyRequests(check), { ...options, rowNumbers: false });
  const key = keyRequests(check).map(cellOf);
  return `SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM ${from} WHERE ${hasKey(key)} GROUP BY ${keyValue(key)})`;
}

export interface CompiledTexts {
  readonly sql: string;
  /** False for a text that breaks the check. */
  readonly accepts: (text: string) => boolean;
}

/** The distinct texts that JavaScript must judge, with how often each occurs: columns `text`, `count`. */
export function compileUnsettled(
  shape: TableShape,
  check: CellCheck,
  options: ScanOptions,
): CompiledTexts | undefined {
  const { from, cellOf } = relateCells(shape, [check], { ...options, rowNumbers: false });
  const cell = cellOf(check);
  const { sql, settledBy } = compileCondition(cell, check);
  return settledBy === undefined || cell.text === undefined
    ? undefined
    : {
        sql: `SELECT ${cell.text}, count(*) FROM ${from} WHERE ${sql} GROUP BY ${cell.text}`,
        accepts: settledBy,
      };
}

/** Longest text of an example, in code points; the query fetches one more, so that a cut can be seen. */
export const MAXIMUM_SHOWN_LENGTH = 200;

/** The value of a cell as `[kind, text]`. */
export function showCell(cell: CellSql): string {
  const kinds = [
    `WHEN ${cell.raw} IS NULL THEN 'absent'`,
    ...(cell.number === undefined ? [] : [`WHEN ${cell.number} IS NOT NULL THEN 'number'`]),
    ...(cell.boolean === undefined ? [] : [`WHEN ${cell.boolean} IS NOT NULL THEN 'boolean'`]),
    ...(cell.isNull === undefined ? [] : [`WHEN ${cell.isNull} THEN 'null'`]),
  ].join(' ');
  return `CASE ${kinds} ELSE 'text' END, left(${cell.shown}, ${MAXIMUM_SHOWN_LENGTH + 1})`;
}

export interface CompiledExamples {
  readonly sql: string;
  /** One for each column of the single-row answer: a JSON text of `[row, kind, text][]`. */
  readonly ids: readonly string[];
}

/** The first rows that break each check that SQL settles, in one scan; undefined when there is none. */
export function compileSettledExamples(shape: TableShape, plan: ExamplePlan): CompiledExamples | undefined {
  const { from, cellOf } = relateCells(shape, plan.cells, { parallel: true, rowNumbers: true });
  const settled = plan.cells.flatMap((check) => {
    const cell = cellOf(check);
    const { sql, settledBy } = compileCondition(cell, check);
    const example = `[CAST(r AS VARCHAR), ${showCell(cell)}]`;
    return settledBy === undefined
      ? [{ id: check.id, sql: `to_json(arg_min(${example}, r, ${plan.limit}) FILTER (${sql}))` }]
      : [];
  });
  return settled.length === 0
    ? undefined
    : {
        sql: `SELECT ${settled.map(({ sql }) => sql).join(', ')} FROM ${from}`,
        ids: settled.map(({ id }) => id),
      };
}

/** Rows of which JavaScript must judge the text, in the file's order: columns `row`, `kind`, `shown`, `text`. */
export function compileUnsettledExamples(shape: TableShape, check: CellCheck): CompiledTexts | undefined {
  const { from, cellOf } = relateCells(shape, [check], { parallel: true, rowNumbers: true });
  const cell = cellOf(check);
  const { sql, settledBy } = compileCondition(cell, check);
  return settledBy === undefined || cell.text === undefined
    ? undefined
    : {
        sql: `SELECT CAST(r AS VARCHAR), ${showCell(cell)}, ${cell.text} FROM ${from} WHERE ${sql}`,
        accepts: settledBy,
      };
}

/** Rows that share their key with another, those of the first repeated key first: columns `row`, `kind`, `text`. */
export function compileDuplicateExamples(shape: TableShape, check: UniquenessCheck, limit: number): string {
  const { from, cellOf } = relateCells(shape, keyRequests(check), { parallel: true, rowNumbers: true });
  const key = keyRequests(check).map(cellOf);
  const [first, ...others] = key;
  const shown =
    first !== undefined && others.length === 0
      ? showCell(first)
      : `'text', left(concat_ws(', ', ${key.map((cell) => cell.shown).join(', ')}), ${MAXIMUM_SHOWN_LENGTH + 1})`;
  return `WITH keyed AS (SELECT *, ${keyValue(key)} AS k FROM ${from} WHERE ${hasKey(key)}), repeated AS (SELECT k, min(r) AS f FROM keyed GROUP BY k HAVING count(*) > 1 ORDER BY f LIMIT ${limit}) SELECT CAST(r AS VARCHAR), ${shown} FROM keyed JOIN repeated ON keyed.k IS NOT DISTINCT FROM repeated.k ORDER BY f, r LIMIT ${limit}`;
}

/** The first rows of JSONL that are no objects: columns `row`, `type`. */
export function compileNotObjects(shape: TableShape): string {
  const { from } = relateCells(shape, [], { parallel: true, rowNumbers: true });
  return `SELECT CAST(r AS VARCHAR), kind FROM ${from} WHERE kind <> 'OBJECT' LIMIT 1`;
}
