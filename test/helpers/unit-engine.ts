import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Engine } from '../../src/engine/engine.ts';
import { startEngine } from '../../src/engine/start-engine.ts';

/** The real engine, run from source. The caller closes it. */
export function startUnitEngine(): Engine {
  return startEngine({
    workerPath: resolve('src/engine/duckdb/worker-main.ts'),
    temporaryFolder: tmpdir(),
    environment: process.env,
    threads: 1,
  });
}
