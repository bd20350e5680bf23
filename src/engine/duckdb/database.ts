/** A DuckDB that may read one file and nothing else, and the few ways in which it is asked. */
import { createRequire } from 'node:module';

import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBScalarFunction,
  DuckDBType,
  DuckDBValue,
} from '@duckdb/node-api';

import type { WorkerSettings } from '../protocol.ts';
import { quoteTexts } from './sql-text.ts';

export type DuckDb = typeof import('@duckdb/node-api');

/** Part of a column. */
export type Vector = ReturnType<DuckDBDataChunk['getColumnVector']>;

/** Values that our queries select: each casts to one of these. */
export type SqlValue = string | number | bigint | boolean | null;

export function readFigure(value: SqlValue): number | null {
  return value === null ? null : Number(value);
}

/** Types of what a sink takes. */
export type SinkType = 'DOUBLE' | 'INTEGER' | 'UBIGINT' | 'VARCHAR';

/** Takes rows, at most 2048 at once, column by column. */
export interface TableWriter {
  readonly append: (columns: readonly (readonly DuckDBValue[])[], rows: number) => void;
  readonly close: () => void;
}

export interface Database {
  /** All rows of a small answer. */
  readonly query: (sql: string) => Promise<readonly (readonly SqlValue[])[]>;
  /** The answer in pieces of columns; `onChunk` says whether to go on. */
  readonly stream: (
    sql: string,
    onChunk: (columns: readonly (readonly SqlValue[])[], rows: number) => boolean | Promise<boolean>,
  ) => Promise<void>;
  /** The same with the columns as DuckDB holds them: of DOUBLE or VARCHAR, without NULL. */
  readonly streamVectors: (
    sql: string,
    onChunk: (vectors: readonly Vector[], rows: number) => Promise<void>,
  ) => Promise<void>;
  /** Makes a table with columns `c0`, `c1`, …, to be filled at once. */
  readonly createTable: (name: string, types: readonly DuckDBType[]) => Promise<TableWriter>;
  /**
   * Makes a function for queries that hands its arguments, none of which may be NULL, to `onPiece`, a piece of rows after
   * the other in any order, and is 0 of every row. Returns its name.
   */
  readonly addSink: (
    types: readonly SinkType[],
    onPiece: (vectorAt: (argument: number) => Vector, rows: number) => void,
  ) => string;
  /** From now on the database reads `paths` only, and nobody changes that. */
  readonly lock: (paths: readonly string[]) => Promise<void>;
  readonly interrupt: () => void;
  /** What it may take; some functions take more. */
  readonly memoryMegabytes: number;
  /** Share done of the running query, or -1 when it cannot say. */
  readonly progress: () => number;
  readonly close: () => void;
}

/**
 * Loads DuckDB's package at run time from where it is told: the bundler must neither follow the specifier nor move
 * the native file, so it goes through a `require` that is made here.
 */
export function loadDuckDb(settings: WorkerSettings): DuckDb {
  const requireAtRunTime = createRequire(settings.resolveFrom);
  return requireAtRunTime(settings.duckdbModule) as DuckDb;
}

/** Opens an empty database in memory, which is to be locked before it reads any file; extensions are off from the start. */
export async function openDatabase(duckDb: DuckDb, settings: WorkerSettings): Promise<Database> {
  const { DuckDBInstance } = duckDb;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${settings.memoryMegabytes}MB`,
    temp_directory: settings.temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  let sinks = 0;
  return {
    createTable: async (name, types) => await createTable(connection, duckDb, name, types),
    addSink: (types, onPiece) => {
      sinks += 1;
      const name = `sink${sinks}`;
      connection.registerScalarFunction(createSink(duckDb, name, types, onPiece));
      return name;
    },
    // The order matters: what is allowed, then no external access, then no change of settings.
    lock: async (paths) => {
      await connection.run(`SET allowed_paths = ${quoteTexts(paths)}`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
    },
    query: async (sql) => (await connection.runAndReadAll(sql)).getRows() as SqlValue[][],
    stream: async (sql, onChunk) => {
      for await (const chunk of streamChunks(connection, sql)) {
        if (!(await onChunk(chunk.getColumns() as SqlValue[][], chunk.rowCount))) {
          return;
        }
      }
    },
    streamVectors: async (sql, onChunk) => {
      for await (const chunk of streamChunks(connection, sql)) {
        const vectors = Array.from({ length: chunk.columnCount }, (_, column) =>
          chunk.getColumnVector(column),
        );
        await onChunk(vectors, chunk.rowCount);
      }
    },
    interrupt: () => {
      connection.interrupt();
    },
    memoryMegabytes: settings.memoryMegabytes,
    progress: () => connection.progress.percentage / 100,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function createTable(
  connection: DuckDBConnection,
  { DuckDBDataChunk }: DuckDb,
  name: string,
  types: readonly DuckDBType[],
): Promise<TableWriter> {
  const columns = types.map((type, index) => `c${index} ${String(type)}`);
  await connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`);
  const appender = await connection.createAppender(name);
  return {
    append: (values, rows) => {
      const chunk = DuckDBDataChunk.create(types, rows);
      chunk.setColumns(values);
      appender.appendDataChunk(chunk);
    },
    close: () => {
      appender.closeSync();
    },
  };
}

function createSink(
  duckDb: DuckDb,
  name: string,
  types: readonly SinkType[],
  onPiece: (vectorAt: (argument: number) => Vector, rows: number) => void,
): DuckDBScalarFunction {
  return duckDb.DuckDBScalarFunction.create({
    name,
    returnType: duckDb.INTEGER,
    parameterTypes: types.map((type) => duckDb[type]),
    // It is called for its effect: never for fewer rows, never once for equal arguments.
    volatile: true,
    specialHandling: true,
    mainFunction: (info, chunk, output) => {
      try {
        const rows = chunk.rowCount;
        onPiece((argument) => chunk.getColumnVector(argument), rows);
        for (let row = 0; row < rows; row += 1) output.setItem(row, 0);
        output.flush();
      } catch (error) {
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

async function* streamChunks(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) {
      return;
    }
    yield chunk;
  }
}
