import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { WorldError } from '../evidence/errors.ts';

/** What a program left behind when it ended. */
export interface CommandResult {
  /** Exit code; -1 if a signal ended it. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly directory: string;
  /** The whole environment: nothing else is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  /** Largest output that is kept, in bytes; the program is killed beyond it. */
  readonly maxOutputBytes: number;
  /** Where the output goes instead of into the result: a new file, of any size. */
  readonly outputFile?: string;
  /** The program is killed after this many milliseconds. */
  readonly timeoutMs: number;
  /** What to do if the program is not installed: one sentence. */
  readonly installHelp: string;
}

/** How much of the standard error is kept, in bytes: it only goes into messages. */
const MAX_STDERR_BYTES = 64_000;

/**
 * Runs a program with arguments (never through a shell) and returns whatever happened.
 * Throws a WorldError if the program cannot be started, prints too much or takes too long; an exit code other
 * than 0 is a result, not an error.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.timeoutMs);
    const stdout = collect(options.maxOutputBytes, () => child.kill('SIGKILL'));
    const stderr = collect(MAX_STDERR_BYTES, () => undefined);
    const file = options.outputFile === undefined ? undefined : createWriteStream(options.outputFile);
    if (file === undefined) child.stdout.on('data', stdout.add);
    else child.stdout.pipe(file);
    const written = file === undefined ? Promise.resolve() : finished(file);
    written.catch(() => child.kill('SIGKILL'));
    child.stderr.on('data', stderr.add);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(explainStart(program, error, options));
    });
    // The program may end before it has read its input; its exit code says what went wrong.
    child.stdin.on('error', () => undefined);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (stdout.isOver()) {
        reject(new WorldError(`\`${program}\` printed more than ${options.maxOutputBytes / 1e6} MB.`));
      } else if (late) {
        reject(new WorldError(`\`${program}\` did not end within ${options.timeoutMs / 1000} s.`));
      } else {
        const result = { code: code ?? -1, stdout: stdout.bytes(), stderr: stderr.bytes().toString('utf8') };
        written.then(
          () => resolve(result),
          (error: unknown) => reject(explainWriting(error)),
        );
      }
    });
    child.stdin.end(options.input ?? '');
  });
}

function explainWriting(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const help = 'Make room on the disk of the temporary folder.';
  return new WorldError(`A temporary file could not be written: ${error.message}.`, { cause: error, help });
}

interface Collected {
  readonly add: (chunk: Buffer) => void;
  readonly bytes: () => Buffer;
  readonly isOver: () => boolean;
}

function collect(limit: number, onOver: () => void): Collected {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      size += chunk.length;
      if (size > limit) onOver();
      else chunks.push(chunk);
    },
    bytes: () => Buffer.concat(chunks),
    isOver: () => size > limit,
  };
}

function explainStart(program: string, error: Error, options: CommandOptions): WorldError {
  const missing = 'code' in error && error.code === 'ENOENT';
  const message = missing
    ? `\`${program}\` could not be started: it is not installed, or the folder ${options.directory} does not exist.`
    : `\`${program}\` could not be started: ${error.message}.`;
  return new WorldError(message, { cause: error, help: options.installHelp });
}
