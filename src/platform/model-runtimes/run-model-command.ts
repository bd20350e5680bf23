import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WorldError } from '../../evidence/errors.ts';
import { chooseModelEnvironment } from './child-environment.ts';
import { endProcessGroup, endWithParent, OWN_GROUP } from './end-process-group.ts';

export interface ModelCommand {
  /** The program, then its arguments. */
  readonly command: readonly string[];
  /** Absolute: where it runs. */
  readonly directory: string;
  /** The parent's environment, of which the program sees what `chooseModelEnvironment` lets through. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What it reads, without line ends. */
  readonly lines: Iterable<string>;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Largest standard output, in bytes. For tests. */
  readonly maxOutputBytes?: number;
}

/** What a program made of its input. `message` is a whole sentence or several. */
export type CommandOutcome =
  | { readonly kind: 'answered'; readonly output: string }
  | { readonly kind: 'failed'; readonly message: string };

const MAX_OUTPUT_BYTES = 200_000_000;
/** How much of the standard error is kept: its last lines go into a message. */
const MAX_STDERR_CHARACTERS = 8_000;
const SHOWN_STDERR_LINES = 5;
/** How long the pipes may stay open when the program has ended: somebody who left its group may hold them. */
const PIPES_MILLISECONDS = 1_000;

/**
 * Runs a program that reads lines and writes lines: without a shell, without tokens, in a process group of its own that
 * is ended whatever happens. Only an exit code of 0 within the time is an answer.
 * Throws a WorldError if the program cannot be started, or if the run is stopped.
 */
export async function runModelCommand(run: ModelCommand): Promise<CommandOutcome> {
  if (run.signal?.aborted === true) throw stopped();
  const [program = '', ...args] = run.command;
  const child = spawn(program, args, {
    cwd: run.directory,
    env: chooseModelEnvironment(run.environment),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: OWN_GROUP,
    windowsHide: true,
  });
  const end = (): void => endProcessGroup(child);
  const takeBack = endWithParent(end);
  try {
    return await converse(child, program, run, end);
  } finally {
    end();
    takeBack();
  }
}

/** Why a program was ended before its time. */
type Ending = 'late' | 'flood' | 'stopped' | undefined;

async function converse(
  child: ChildProcessWithoutNullStreams,
  program: string,
  { lines, timeoutSeconds, signal, maxOutputBytes = MAX_OUTPUT_BYTES }: ModelCommand,
  end: () => void,
): Promise<CommandOutcome> {
  let ending: Ending;
  const endFor = (why: Ending): void => {
    ending ??= why;
    end();
  };
  const stdout = collectOutput(child, maxOutputBytes, () => endFor('flood'));
  const stderr = keepLast(child);
  const timer = setTimeout(() => endFor('late'), timeoutSeconds * 1000);
  const stop = (): void => endFor('stopped');
  signal?.addEventListener('abort', stop);
  try {
    const closing = awaitEnd(child, end);
    // Who ends without reading everything may be right to: what it says and its exit code count.
    pipeline(Readable.from(withLineEnds(lines)), child.stdin).catch(() => undefined);
    const { code, killedBy } = await closing.catch((error: unknown) => {
      throw explainStart(program, error);
    });
    if (ending === 'stopped') throw stopped();
    const why = explainEnd(program, ending, { code, killedBy, timeoutSeconds, maxOutputBytes });
    return why === undefined
      ? { kind: 'answered', output: Buffer.concat(stdout).toString('utf8') }
      : { kind: 'failed', message: `${why}${quoteLastLines(stderr.text)}` };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function* withLineEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

function collectOutput(
  { stdout }: ChildProcessWithoutNullStreams,
  limit: number,
  onFlood: () => void,
): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) onFlood();
    else chunks.push(chunk);
  });
  return chunks;
}

function keepLast({ stderr }: ChildProcessWithoutNullStreams): { readonly text: string } {
  const kept = { text: '' };
  stderr.setEncoding('utf8').on('data', (text: string) => {
    kept.text = (kept.text + text).slice(-MAX_STDERR_CHARACTERS);
  });
  return kept;
}

interface Ended {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

/** Waits for the program's end and for all that it wrote. Rejects if it cannot be started. */
async function awaitEnd(child: ChildProcessWithoutNullStreams, end: () => void): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      end();
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPES_MILLISECONDS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve({ code, killedBy });
      });
    });
  });
}

function explainEnd(
  program: string,
  ending: Ending,
  {
    code,
    killedBy,
    timeoutSeconds,
    maxOutputBytes,
  }: Ended & { readonly timeoutSeconds: number; readonly maxOutputBytes: number },
): string | undefined {
  const name = `\`${program}\``;
  if (ending === 'late') {
    return `${name} did not end within ${timeoutSeconds} s (\`timeout-seconds\`), and was ended. It must end when its input does.`;
  }
  if (ending === 'flood') return `${name} wrote more than ${maxOutputBytes / 1e6} MB, and was ended.`;
  if (killedBy !== null) return `${name} was ended by ${killedBy}.`;
  return code === 0 ? undefined : `${name} ended with exit code ${String(code)}.`;
}

function quoteLastLines(stderr: string): string {
  const lines = stderr.trimEnd().split(/\r?\n/u).slice(-SHOWN_STDERR_LINES);
  const said = lines.join('\n').trim();
  return said === '' ? '' : ` It last wrote to its standard error: ${said}`;
}

function explainStart(program: string, error: unknown): WorldError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'ENOENT'
      ? 'it is not installed'
      : code === 'EACCES'
        ? 'it may not be run'
        : error instanceof Error
          ? error.message
          : String(error);
  return new WorldError(`\`${program}\`, which \`recompute.command\` names, could not be started: ${why}.`, {
    cause: error,
    help: 'Install what the model needs in a step before the gate, and see that the program is on the PATH or named by a path from the config’s folder.',
  });
}

function stopped(): WorldError {
  return new WorldError('The run was stopped while the model ran.');
}
