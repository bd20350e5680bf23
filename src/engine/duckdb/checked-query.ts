/** A user's own query, checked and run. */
import { PlanError } from '../engine.ts';
import type { QueriedTable, TableQuestion, TableQuestionAnswer } from '../table-questions.ts';
import { readExamples } from './find-examples.ts';
import type { OpenTable } from './open-table.ts';
import { checkQueryTree, namesColumn, PURE_MACROS } from './check-query.ts';
import type { CellSql } from './compile-cell.ts';
import { MAXIMUM_SHOWN_LENGTH } from './compile-plan.ts';
import { compileRelation } from './compile-source.ts';
import type { Database } from './database.ts';
import { describeShape } from './describe.ts';
import { quoteName, quoteText } from './sql-text.ts';

type Query = TableQuestion & { readonly kind: 'query' };

/** The column of a row's number, where a query asks for it. */
const ROW_COLUMN = '_row';

/**
 * Refuses whatever is not one SELECT over the tables of the question, runs it within its time, and counts what
 * it returns.
 *
 * @throws PlanError for a query that is refused, does not run, or takes too long; the message begins with what is wrong
 */
export async function runQuery(table: OpenTable, query: Query): Promise<TableQuestionAnswer> {
  const { database } = table;
  const tables = query.tables.map((queried, place) => {
    const open = place === 0 ? table : table.others[place - 1];
    if (open === undefined) throw new Error('a query of a table that is not open was asked for');
    return { queried, open };
  });
  const columns: string[] = [];
  for (const { open } of tables) columns.push(...(await listColumns(open)));
  const plain = await checkQuery(database, query, columns);
  const definitions: string[] = [];
  for (const { queried, open } of tables) {
    definitions.push(`${quoteName(queried.name)} AS (${await compileTable(open, queried, plain.withRows)})`);
  }
  const run = async (sql: string): ReturnType<Database['query']> =>
    await database.query(`WITH ${definitions.join(', ')} ${sql}`);
  return await withinTime(database, query.seconds, async () => {
    const [counted] = await run(`SELECT count(*) FROM (${plain.sql})`);
    const count = Number(counted?.[0] ?? 0);
    const rows =
      count === 0
        ? []
        : await run(
            `SELECT coalesce(json_extract_string(j, '$.${ROW_COLUMN}'), CAST(row_number() OVER () AS VARCHAR)), 'text', left(CAST(j AS VARCHAR), ${MAXIMUM_SHOWN_LENGTH + 1}) FROM (SELECT to_json(mlgate_found) AS j FROM (SELECT * FROM (${plain.sql}) ORDER BY ALL LIMIT ${query.limit}) AS mlgate_found)`,
          );
    const isNumbered = plain.withRows && rows.every(([row]) => /^[1-9][0-9]*$/u.test(String(row)));
    return {
      kind: 'found',
      count,
      examples: readExamples(rows),
      ...(isNumbered ? {} : { withoutRows: true }),
    };
  });
}

interface PlainQuery {
  /** As DuckDB prints its tree: without comments, and nothing after its end. */
  readonly sql: string;
  /** Whether it asks for the numbers of rows. */
  readonly withRows: boolean;
}

async function checkQuery(database: Database, query: Query, columns: readonly string[]): Promise<PlainQuery> {
  const [row] = await database.query(`SELECT CAST(json_serialize_sql(${quoteText(query.sql)}) AS VARCHAR)`);
  const json = String(row?.[0] ?? '{}');
  const pure = new Set(
    (
      await database.query(
        `SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE (function_type IN ('scalar', 'aggregate') AND stability = 'CONSISTENT') OR (function_type = 'macro' AND regexp_matches(function_name, ${quoteText(PURE_MACROS.source)}))`,
      )
    ).map(([name]) => String(name)),
  );
  const tables = query.tables.map(({ name }) => name.toLowerCase());
  const refused = checkQueryTree({
    json,
    tables,
    columns: columns.map((name) => name.toLowerCase()),
    isPure: (name) => pure.has(name),
  });
  if (refused !== undefined) {
    throw new PlanError(
      `The query ${refused}.`,
      `Write one SELECT over ${query.tables.map(({ name }) => `\`${name}\``).join(', ')}, with functions that only compute.`,
    );
  }
  const [printed] = await database.query(`SELECT json_deserialize_sql(CAST(${quoteText(json)} AS JSON))`);
  return { sql: String(printed?.[0]), withRows: namesColumn(json, ROW_COLUMN) };
}

async function listColumns({ database, shape }: OpenTable): Promise<readonly string[]> {
  return (await describeShape(database, shape)).columns.map(({ name }) => name);
}

/** A table with its own names of columns. */
async function compileTable(table: OpenTable, queried: QueriedTable, withRows: boolean): Promise<string> {
  const { shape, parallel, location } = table;
  const names = await listColumns(table);
  refuseTwins(names, location.named);
  const requests = names.map(
    (name) =>
      queried.columns.find(({ column }) => column === name) ?? {
        column: name,
        declaredTypes: [],
        isTime: false,
      },
  );
  const rowNumbers = withRows && !names.some((name) => name.toLowerCase() === ROW_COLUMN);
  const { from, cells } = compileRelation(shape, requests, { parallel, rowNumbers });
  const columns = cells.map((cell, index) => {
    const typed = shape.format === 'parquet' || shape.format === 'arrow';
    const value = valueOf(cell, requests[index]?.isTime === true, typed);
    return `${value} AS ${quoteName(names[index] ?? '')}`;
  });
  return `SELECT ${[...columns, ...(rowNumbers ? [`r AS ${ROW_COLUMN}`] : [])].join(', ')} FROM ${from}`;
}

/** Names of SQL know no case. */
function refuseTwins(names: readonly string[], file: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined || name.includes('\0') || name === '') {
      throw new PlanError(
        `The query cannot name the columns of ${file}: ${twin === undefined ? `${JSON.stringify(name)} is no name` : `${JSON.stringify(twin)} and ${JSON.stringify(name)} differ in case only`}.`,
        'Rename the column, or ask without `sql`.',
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}

function valueOf(cell: CellSql, isTime: boolean, typed: boolean): string {
  if (isTime && cell.time !== undefined) return cell.time;
  if (typed) return cell.raw;
  return cell.number ?? cell.boolean ?? cell.text ?? cell.raw;
}

/** What went wrong with a value, without the value: it is of a cell that nobody should see, perhaps. */
function withoutValues(told: string): string {
  const kind = /^(?:Conversion|Out of Range|Invalid Input) Error/u.exec(told)?.[0];
  return kind === undefined
    ? told
    : `${kind}: a value is not what the query takes it for. \`TRY_CAST\` makes NULL of such`;
}

/** How long a query may take to hear that it is over: a single call of a function does not listen. */
const GRACE_MILLISECONDS = 2_000;
const WATCH_MILLISECONDS = 100;

/** Memory of the process at which a query is over, in limits of the engine: lists and texts are not held to its own. */
const MOST_LIMITS = 2;

/** What the process has besides: JavaScript, and the engine's code. */
const BESIDES_MEGABYTES = 500;

/** How long the answer may take to reach the parent before a query that does not listen is ended with its process. */
const FAREWELL_MILLISECONDS = 200;

/**
 * Ends a query that takes too long or too much memory, and turns the engine's complaint about it into one that names the
 * query. Where it does not listen, this process ends once that is said.
 */
async function withinTime<T>(database: Database, seconds: number, run: () => Promise<T>): Promise<T> {
  const watch = watchQuery(database, seconds);
  try {
    return await Promise.race([run(), watch.deaf]);
  } catch (error) {
    const over = watch.whyOver();
    if (over !== undefined) throw new PlanError(over, 'Make it simpler.');
    const told = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    if (!/^(?:Binder|Catalog|Conversion|Out of Range|Invalid Input) Error/u.test(told)) throw error;
    throw new PlanError(
      `The query does not run: ${withoutValues(told)}.`,
      'The table is `data`; quote names with blanks or capitals like "this".',
    );
  } finally {
    watch.end();
  }
}

interface Watch {
  /** Rejects where the query does not listen. */
  readonly deaf: Promise<never>;
  readonly whyOver: () => string | undefined;
  readonly end: () => void;
}

/** Stands in until the promise has said how it is rejected. */
function ignore(): void {}

function watchQuery(database: Database, seconds: number): Watch {
  const mostMegabytes = MOST_LIMITS * database.memoryMegabytes + BESIDES_MEGABYTES;
  const start = performance.now();
  let over: { readonly why: string; readonly since: number } | undefined;
  let endDeaf: (error: Error) => void = ignore;
  const deaf = new Promise<never>((_resolve, reject) => {
    endDeaf = reject;
  });
  const timer = setInterval(() => {
    const now = performance.now();
    const megabytes = process.memoryUsage.rss() / 1e6;
    if (over === undefined && now - start > seconds * 1000) {
      over = { why: `The query took longer than ${seconds} seconds.`, since: now };
    }
    if (over === undefined && megabytes > mostMegabytes) {
      over = { why: `The query took more than ${mostMegabytes} MB of memory.`, since: now };
    }
    if (over === undefined) return;
    database.interrupt();
    if (now - over.since < GRACE_MILLISECONDS && megabytes < MOST_LIMITS * mostMegabytes) return;
    clearInterval(timer);
    endDeaf(new Error(over.why));
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL_MILLISECONDS);
  }, WATCH_MILLISECONDS);
  return {
    deaf,
    whyOver: () => over?.why,
    end: () => {
      clearInterval(timer);
    },
  };
}
