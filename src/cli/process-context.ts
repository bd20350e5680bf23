import { fileURLToPath } from 'node:url';
import type { CliContext } from './context.ts';
import { guardLog, isStepLog } from './guard-log.ts';

const DEFAULT_WIDTH_COLUMNS = 100;

/**
 * The real process as a context. Ctrl-C cancels what runs, so that the engine's child ends and nothing is left behind;
 * a second one ends the program at once.
 */
export function processContext(
  folder: URL,
  workers: { readonly engine: string; readonly model: string },
  version: string,
): CliContext {
  const controller = new AbortController();
  endQuietlyWithReader(process.stdout);
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  const { NO_COLOR, FORCE_COLOR } = process.env;
  return {
    print: writerOf(process.stdout, 1),
    remark: writerOf(process.stderr, 2),
    input: () => process.stdin,
    cwd: process.cwd(),
    environment: process.env,
    color:
      FORCE_COLOR !== undefined && FORCE_COLOR !== '0'
        ? true
        : process.stdout.isTTY && (NO_COLOR ?? '') === '',
    // Some terminals that are none say that they have 0 columns.
    width: process.stdout.columns || DEFAULT_WIDTH_COLUMNS,
    interactive: process.stderr.isTTY && process.env['CI'] === undefined,
    now: () => new Date(),
    engineWorker: fileURLToPath(new URL(workers.engine, folder)),
    modelWorker: fileURLToPath(new URL(workers.model, folder)),
    version,
    signal: controller.signal,
  };
}

function writerOf(stream: NodeJS.WriteStream, descriptor: number): (text: string) => void {
  const write = (text: string): void => {
    stream.write(text);
  };
  return isStepLog(descriptor, process.env) ? guardLog(write) : write;
}

/** `mlgate report | head` closes the pipe: no error of anybody's, and nobody is left to read a message. */
function endQuietlyWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
