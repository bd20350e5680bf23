import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { startEngine } from '../engine/start-engine.ts';
import { WorldError } from '../evidence/errors.ts';
import type { EngineConfig } from '../schemas/config.generated.ts';
import { explainTableError } from './explain-table-error.ts';

export interface EngineSetting {
  /** The program that the child process runs. Absolute. */
  readonly workerPath: string;
  /** Where DuckDB's package is; undefined where Node finds it from the program. */
  readonly locateDuckdb: () => Promise<string | undefined>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: EngineConfig;
}

/**
 * Starts the engine for one piece of work, and ends it and removes its temporary files whatever happens. A table
 * that could not be read comes out as a UserError or a WorldError.
 */
export async function withEngine<T>(
  setting: EngineSetting,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { workerPath, environment, limits } = setting;
  const duckdbModule = await setting.locateDuckdb();
  const temporaryFolder = await makeTemporaryFolder(environment['RUNNER_TEMP'] ?? tmpdir());
  const engine = startEngine({
    workerPath,
    environment,
    temporaryFolder,
    memoryMegabytes: limits.memory,
    ...(duckdbModule === undefined ? {} : { duckdbModule }),
    ...(limits.threads === undefined ? {} : { threads: limits.threads }),
  });
  try {
    return await work(engine);
  } catch (error) {
    throw explainTableError(error);
  } finally {
    await engine.close();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

async function makeTemporaryFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'mlgate-'));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new WorldError(`No temporary folder could be made in ${parent}: ${said}.`, {
      help: 'Let TMPDIR (in a runner: RUNNER_TEMP) name a folder that exists, may be written and has room.',
      cause: error,
    });
  }
}
