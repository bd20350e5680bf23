/** Questions about a whole table, answered on an open database. */
import type { RowFilter } from '../aggregates.ts';
import type { ExampleRow } from '../engine.ts';
import type { TableGroup, TableQuestion, TableQuestionAnswer } from '../table-questions.ts';
import { readFigure } from './database.ts';
import { readExamples } from './find-examples.ts';
import { type OpenTable, requireColumns } from './open-table.ts';
import { runQuery } from './checked-query.ts';
import type { CellSql } from './compile-cell.ts';
import {
  compileAggregate,
  compileBrokenSum,
  compileKey,
  hasDependency,
  listAggregateCells,
  listSumColumns,
} from './compile-aggregates.ts';
import { compileColumnList } from './compile-columns.ts';
import { compileFilter, listFilterCells } from './compile-filter.ts';
import { MAXIMUM_SHOWN_LENGTH, relateCells, showCell } from './compile-plan.ts';
import type { CellRequest } from './compile-source.ts';

type Question<Kind extends TableQuestion['kind']> = TableQuestion & { readonly kind: Kind };

interface Relation {
  readonly from: string;
  readonly cellOf: (request: CellRequest) => CellSql;
}

function untyped(column: string): CellRequest {
  return { column, declaredTypes: [] };
}

/** The rows of a table with their numbers, and the cells that a query names. */
function relate(table: OpenTable, requests: readonly CellRequest[], where?: RowFilter): Relation {
  const cells = [...requests, ...(where === undefined ? [] : listFilterCells(where))];
  requireColumns(
    table,
    cells.map(({ column }) => column),
  );
  return relateCells(table.shape, cells, { parallel: table.parallel, rowNumbers: true });
}

function also(where: RowFilter | undefined, { cellOf }: Relation): string {
  return where === undefined ? '' : ` AND ${compileFilter(where, cellOf)}`;
}

/** Several cells as one text of an example. */
function showCells(cells: readonly CellSql[]): string {
  const [first, ...others] = cells;
  return first !== undefined && others.length === 0
    ? showCell(first)
    : `'text', left(concat_ws(', ', ${cells.map((cell) => cell.shown).join(', ')}), ${MAXIMUM_SHOWN_LENGTH + 1})`;
}

/** Rows of `row`, `kind`, `text`, `count`: the first of them, and how many there are in all. */
async function findRows(table: OpenTable, sql: string): Promise<TableQuestionAnswer> {
  const rows = await table.database.query(sql);
  const examples: readonly ExampleRow[] = readExamples(rows.filter(([row]) => row !== null));
  return { kind: 'found', count: Number(rows[0]?.[3] ?? 0), examples };
}

/** The first of the rows of a query, by their number, beside their count; one row of NULLs where `limit` is 0. */
function firstOf(found: string, limit: number): string {
  return `WITH found AS (${found}), counted AS (SELECT count(*) AS n FROM found) SELECT CAST(r AS VARCHAR), kind, shown, n FROM counted LEFT JOIN (SELECT * FROM found ORDER BY r LIMIT ${limit}) ON true ORDER BY r`;
}

async function findBrokenSums(
  table: OpenTable,
  { test, where, limit }: Question<'sum-examples'>,
): Promise<TableQuestionAnswer> {
  const columns = listSumColumns(test);
  const relation = relate(table, columns, where);
  const { from, cellOf } = relation;
  const [kind, shown] = splitShown(columns.map(cellOf));
  return await findRows(
    table,
    firstOf(
      `SELECT r, ${kind} AS kind, ${shown} AS shown FROM ${from} WHERE ${compileBrokenSum(test, cellOf)}${also(where, relation)}`,
      limit,
    ),
  );
}

/** `showCells` as two expressions. */
function splitShown(cells: readonly CellSql[]): readonly [kind: string, shown: string] {
  const both = `row(${showCells(cells)})`;
  return [`struct_extract(${both}, 1)`, `struct_extract(${both}, 2)`];
}

async function findContradictions(
  table: OpenTable,
  { test, where, limit }: Question<'contradiction-examples'>,
): Promise<TableQuestionAnswer> {
  const names = [...test.columns, ...test.determine];
  const relation = relate(table, names.map(untyped), where);
  const { from, cellOf } = relation;
  const [kind, shown] = splitShown(names.map((name) => cellOf(untyped(name))));
  const pairs = `SELECT ${compileKey(test.columns, cellOf)} AS k, ${compileKey(test.determine, cellOf)} AS v, min(r) AS r, arg_min(${kind}, r) AS kind, arg_min(${shown}, r) AS shown FROM ${from} WHERE ${hasDependency(test, cellOf)}${also(where, relation)} GROUP BY k, v`;
  // The rows of one contradiction beside each other, the first contradiction first.
  const sql = `WITH pairs AS (${pairs}), split AS (SELECT k, min(r) AS f FROM pairs GROUP BY k HAVING count(*) > 1 ORDER BY f LIMIT ${limit}) SELECT CAST(r AS VARCHAR), kind, shown, 0 FROM pairs JOIN split ON pairs.k IS NOT DISTINCT FROM split.k ORDER BY f, r LIMIT ${limit}`;
  return await findRows(table, sql);
}

function orderedValue(cell: CellSql, as: Question<'order'>['as']): string {
  const value = as === 'number' ? cell.number : as === 'time' ? cell.time : cell.text;
  return value ?? 'NULL';
}

async function findDisorder(table: OpenTable, question: Question<'order'>): Promise<TableQuestionAnswer> {
  const { column, as, direction, strict, by, limit } = question;
  const { from, cellOf } = relate(table, [column, ...by.map(untyped)]);
  const cell = cellOf(column);
  const partition =
    by.length === 0 ? '' : `PARTITION BY ${by.map((name) => cellOf(untyped(name)).raw).join(', ')} `;
  const breaks = `${direction === 'increasing' ? '<' : '>'}${strict ? '=' : ''}`;
  const [kind, shown] = splitShown([cell]);
  const followed = `SELECT r, ${kind} AS kind, ${shown} AS shown, v, lag(v) OVER (${partition}ORDER BY r) AS before FROM (SELECT *, ${orderedValue(cell, as)} AS v FROM ${from}) WHERE v IS NOT NULL`;
  return await findRows(
    table,
    firstOf(`SELECT r, kind, shown FROM (${followed}) WHERE v ${breaks} before`, limit),
  );
}

async function findOrphans(
  table: OpenTable,
  { columns, otherColumns, limit }: Question<'foreign-key'>,
): Promise<TableQuestionAnswer> {
  const [other] = table.others;
  if (other === undefined) throw new Error('a foreign key into no table was asked for');
  requireColumns(table, columns);
  requireColumns(other, otherColumns);
  const here = compileColumnList(table.shape, [{ name: columns, as: 'text' }], {
    parallel: table.parallel,
    rowNumbers: true,
  });
  const there = compileColumnList(other.shape, [{ name: otherColumns, as: 'text' }], other);
  const found = `SELECT r, 'text' AS kind, left(k, ${MAXIMUM_SHOWN_LENGTH + 1}) AS shown FROM (SELECT r, ${here.selected.join('')} AS k FROM ${here.from}) WHERE k <> '' AND k NOT IN (SELECT ${there.selected.join('')} FROM ${there.from})`;
  return await findRows(table, firstOf(found, limit));
}

async function measureGroups(
  table: OpenTable,
  { by, aggregates, limit }: Question<'groups'>,
): Promise<TableQuestionAnswer> {
  const requests = [...by.map(untyped), ...aggregates.flatMap(listAggregateCells)];
  requireColumns(
    table,
    requests.map(({ column }) => column),
  );
  const { from, cellOf } = relateCells(table.shape, requests, {
    parallel: table.parallel,
    rowNumbers: false,
  });
  const keys = by.map((name) => cellOf(untyped(name)).shown);
  const figures = aggregates.map((aggregate) => compileAggregate(aggregate, cellOf));
  const sql = `SELECT ${[...keys, 'count(*)', ...figures].join(', ')} FROM ${from} GROUP BY ${keys.join(', ')} ORDER BY ${keys.map((_, index) => `${index + 1} NULLS LAST`).join(', ')} LIMIT ${limit + 1}`;
  const rows = await table.database.query(sql);
  if (rows.length > limit) return { kind: 'groups', groups: [], tooMany: true };
  const groups = rows.map((row): TableGroup => ({
    values: row.slice(0, by.length).map((value) => (value === null ? null : String(value))),
    rows: Number(row[by.length]),
    figures: Object.fromEntries(
      aggregates.map(({ id }, index) => [id, readFigure(row[by.length + 1 + index] ?? null)]),
    ),
  }));
  return { kind: 'groups', groups, tooMany: false };
}

export async function answerTableQuestion(
  table: OpenTable,
  question: TableQuestion,
): Promise<TableQuestionAnswer> {
  switch (question.kind) {
    case 'sum-examples':
      return await findBrokenSums(table, question);
    case 'contradiction-examples':
      return await findContradictions(table, question);
    case 'order':
      return await findDisorder(table, question);
    case 'foreign-key':
      return await findOrphans(table, question);
    case 'groups':
      return await measureGroups(table, question);
    case 'query':
      return await runQuery(table, question);
  }
}
