import { join } from 'node:path';
import { EXIT_CODES, UserError, WorldError } from '../evidence/errors.ts';
import { readActionInputs } from '../platform/actions-io.ts';
import { readRunContext } from '../platform/event.ts';
import { createActionsLogger, type Logger } from '../platform/logger.ts';
import { openActionsCache } from '../platform/native-packages/actions-cache.ts';
import { connectRuntimes } from '../platform/model-runtimes/model-runtimes.ts';
import { locateOnnxRuntime, locatePinnedDuckdb } from '../platform/native-packages.ts';
import { toWorkflowCommand } from '../report/annotations.ts';
import type { Action, ActionContext } from './action.ts';
import { ACTIONS } from './actions.ts';

interface Program {
  /** Absolute: the folder of the stub, where the engine's program lies too. */
  readonly folder: string;
  readonly version: string;
}

/** Runs one action and returns the exit code of its step. Never throws. */
export async function runNamedAction(name: string, program: Program): Promise<number> {
  const logger = createActionsLogger(writeLine);
  try {
    const action = await loadAction(name);
    return await action.run(await readContext(program, logger));
  } catch (error) {
    return reportFailure(error, logger);
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function loadAction(name: string): Promise<Action> {
  const load = ACTIONS[name];
  if (load === undefined) throw new Error(`There is no action ${name}.`);
  return await load();
}

async function readContext({ folder, version }: Program, logger: Logger): Promise<ActionContext> {
  const environment = process.env;
  const temporary = needVariable(environment, 'RUNNER_TEMP');
  const locating = () => ({ environment, remark: logger.info, cache: openActionsCache(environment) });
  return {
    inputs: readActionInputs(),
    logger,
    writeCommand: writeLine,
    environment,
    run: await readRunContext(environment),
    workspace: needVariable(environment, 'GITHUB_WORKSPACE'),
    results: join(temporary, 'mlgate'),
    temporary,
    engine: {
      workerPath: join(folder, 'engine-worker.js'),
      environment,
      locateDuckdb: async () => await locatePinnedDuckdb(locating()),
    },
    runtimes: connectRuntimes({
      environment,
      workerPath: join(folder, 'model-worker.js'),
      locateRuntime: async () => await locateOnnxRuntime(locating()),
    }),
    version,
    now: () => new Date(),
  };
}

function needVariable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new UserError(`${name} is not set: this program runs as a step of a workflow.`, {
    help: 'On a laptop, use the command line: `npx mlgate --help`.',
  });
}

function reportFailure(error: unknown, logger: Logger): number {
  const known = error instanceof UserError || error instanceof WorldError;
  const message = error instanceof Error ? error.message : String(error);
  const help = known
    ? error.help
    : 'This is a defect of mlgate: please report it, with the log of a run with debug logging.';
  const text = help === undefined ? message : `${message}\n${help}`;
  writeLine(toWorkflowCommand({ level: 'error', title: 'mlgate', message: text }));
  if (error instanceof Error && error.stack !== undefined) logger.debug(error.stack);
  return error instanceof UserError ? EXIT_CODES.usersMistake : EXIT_CODES.worldsFault;
}
