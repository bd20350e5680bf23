/** An engine for tests, from source, and tables in a folder of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';

import type { Engine } from '../../src/engine/engine.ts';
import { type EngineOptions, startEngine } from '../../src/engine/start-engine.ts';

export const WORKER_PATH = fileURLToPath(new URL('../../src/engine/duckdb/worker-main.ts', import.meta.url));

export interface TestEngine {
  readonly engine: Engine;
  readonly folder: string;
  /** Writes a file into the folder and answers its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  /** Runs SQL without any limits, to make Parquet files. */
  readonly makeWithSql: (sql: (path: string) => string, name: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export function openTestEngine(options: Partial<EngineOptions> = {}): TestEngine {
  const folder = mkdtempSync(join(tmpdir(), 'mlgate-test-'));
  const engine = startEngine({
    workerPath: WORKER_PATH,
    temporaryFolder: folder,
    environment: process.env,
    ...options,
  });
  return {
    engine,
    folder,
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    makeWithSql: async (sql, name) => {
      const path = join(folder, name);
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      await connection.run(sql(path));
      connection.closeSync();
      instance.closeSync();
      return path;
    },
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
