/** What can run a model: the room's only way in for the chain. */
import { runModelCommand, type CommandOutcome, type ModelCommand } from './run-model-command.ts';
import { runOnnxModel, type OnnxOutcome, type OnnxRun } from './run-onnx-model.ts';

type CommandRequest = Omit<ModelCommand, 'environment' | 'maxOutputBytes'>;
type OnnxRequest = Omit<OnnxRun, 'environment' | 'workerPath' | 'locateRuntime'>;

export interface ModelRuntimes {
  readonly runCommand: (request: CommandRequest) => Promise<CommandOutcome>;
  readonly runOnnx: (request: OnnxRequest) => Promise<OnnxOutcome>;
}

/** Runtimes with what they need of the process. */
export function connectRuntimes(
  setting: Pick<OnnxRun, 'environment' | 'workerPath' | 'locateRuntime'>,
): ModelRuntimes {
  const { environment } = setting;
  return {
    runCommand: async (request) => await runModelCommand({ ...request, environment }),
    runOnnx: async (request) => await runOnnxModel({ ...request, ...setting }),
  };
}
