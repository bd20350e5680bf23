/** A DuckDB that may read one file and nothing else, and the few ways in which it is asked. */
import { createRequire } from 'node:module';

import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';

import type { WorkerSettings } from '../protocol.ts';
import { quoteTexts } from './sql-text.ts';

export type DuckDb = typeof import('@duckdb/node-api');

/** Part of a column. */
export type Vector = ReturnType<DuckDBDataChunk['getColumnVector']>;

/** Values that our queries select: each casts to one of these. */
export type SqlValue = string | number | bigint | boolean | null;

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
  /** From now on the database reads `paths` only, and nobody changes that. */
  readonly lock: (paths: readonly string[]) => Promise<void>;
  readonly interrupt: () => void;
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
  return {
    createTable: async (name, types) => await createTable(connection, duckDb, name, types),
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
