import { openWorkspace, type Workspace } from '../chain/connect.ts';
import { withEngine } from '../chain/with-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { connectRuntimes, type ModelRuntimes } from '../platform/model-runtimes/model-runtimes.ts';
import { locateDuckdb, locateOnnxRuntime } from '../platform/native-packages.ts';
import type { EngineConfig } from '../schemas/config.generated.ts';
import { CONFIG_OPTION, type CommandArguments } from './command.ts';
import type { CliContext } from './context.ts';

/** Folder beside the config where results are written unless --output says otherwise. */
export const RESULTS_FOLDER = '.mlgate';

/** Defaults of the config's `engine` block, for commands that read no config. */
export const DEFAULT_ENGINE: EngineConfig = { memory: 2048 };

/** Where the config of a command line is. */
export function openCliWorkspace(arguments_: CommandArguments, context: CliContext): Workspace {
  return openWorkspace(arguments_.text('config') ?? CONFIG_OPTION.default, context.cwd);
}

/** The engine of a command line, for one piece of work. */
export async function withCliEngine<T>(
  context: CliContext,
  limits: EngineConfig,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { engineWorker, environment } = context;
  const remark = (line: string): void => context.remark(`${line}\n`);
  return await withEngine(
    {
      workerPath: engineWorker,
      environment,
      limits,
      locateDuckdb: async () => await locateDuckdb({ environment, engineWorker, remark }),
    },
    work,
  );
}

/** What runs models for a command line. */
export function connectCliRuntimes({ environment, modelWorker, remark }: CliContext): ModelRuntimes {
  return connectRuntimes({
    environment,
    workerPath: modelWorker,
    locateRuntime: async () =>
      await locateOnnxRuntime({ environment, remark: (line) => remark(`${line}\n`) }),
  });
}
