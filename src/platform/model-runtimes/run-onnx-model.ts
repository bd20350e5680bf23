import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError, WorldError } from '../../evidence/errors.ts';
import type { OnnxAnswer, OnnxQuestion } from './onnx/protocol.ts';

export interface OnnxRun extends Omit<OnnxQuestion, 'module'> {
  /** The script that the child runs: it calls `runModelWorker`. Absolute. */
  readonly workerPath: string;
  /** Where `onnxruntime-node` is: `locateOnnxRuntime`. */
  readonly locateRuntime: () => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export type OnnxOutcome = Extract<OnnxAnswer, { readonly kind: 'answered' | 'failed' }>;

/** What a process cannot do without on some platform; no path to programs, no token, nothing of GitHub's. */
const CHILD_VARIABLES = ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'LC_ALL', 'RUNNER_TRACKING_ID'];

const MAX_STDERR_CHARACTERS = 2_000;

/**
 * Runs an ONNX model on rows in a child process without tokens, in an empty folder: the file may be a stranger's, and
 * native code reads it. Throws a UserError where the config does not fit the model or the platform has no runtime, and
 * a WorldError where the runtime cannot be had, memory runs out, or the run is stopped.
 */
export async function runOnnxModel(run: OnnxRun): Promise<OnnxOutcome> {
  if (run.signal?.aborted === true) throw stopped();
  const module = await run.locateRuntime();
  const folder = await mkdtemp(join(run.environment['RUNNER_TEMP'] ?? tmpdir(), 'mlgate-model-'));
  const child = fork(run.workerPath, {
    cwd: folder,
    env: Object.fromEntries(
      CHILD_VARIABLES.flatMap((name) => {
        const value = run.environment[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    const { artifact, rows, columns, inputs } = run;
    const said = await ask(child, { module, artifact, rows, columns, inputs }, run);
    if (said.kind === 'mistake') throw new UserError(said.message, { help: said.help });
    if (said.kind === 'no-runtime') {
      throw new WorldError(`ONNX Runtime could not be loaded: ${said.message}`, {
        help: 'It needs a system on which onnxruntime-node runs; otherwise let a `recompute.command` run the model.',
      });
    }
    return said;
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

async function ask(
  child: ChildProcess,
  question: OnnxQuestion,
  { timeoutSeconds, signal }: OnnxRun,
): Promise<OnnxAnswer> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MAX_STDERR_CHARACTERS);
  });
  let stop: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      stop = () => reject(stopped());
      signal?.addEventListener('abort', stop);
      const late = `The model did not answer within ${timeoutSeconds} s (\`timeout-seconds\`), and was ended.`;
      timer = setTimeout(() => resolve({ kind: 'failed', message: late }), timeoutSeconds * 1000);
      child.once('message', (answer: OnnxAnswer) => resolve(answer));
      child.once('error', reject);
      child.once('close', (code, killedBy) => settleDeath(stderr, { code, killedBy }, resolve, reject));
      child.send(question, () => undefined);
    });
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}

interface Death {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

/** A model may crash the runtime, which says something about the model; a machine without memory says nothing. */
function settleDeath(
  stderr: string,
  { code, killedBy }: Death,
  resolve: (answer: OnnxAnswer) => void,
  reject: (error: Error) => void,
): void {
  const said =
    stderr
      .split('\n')
      .find((line) => /error|terminate|abort/iu.test(line))
      ?.trim() ?? '';
  if (killedBy === 'SIGKILL' || /heap out of memory|bad_alloc/u.test(stderr)) {
    reject(
      new WorldError(
        'ONNX Runtime was killed while it ran the model: the machine most likely ran out of memory.',
        {
          help: 'Use a machine with more memory, or a smaller sample: `recompute.rows`.',
        },
      ),
    );
    return;
  }
  const how = killedBy === null ? `exit code ${String(code)}` : `signal ${killedBy}`;
  const words = said === '' ? '' : `: ${said}`;
  resolve({ kind: 'failed', message: `ONNX Runtime ended while it ran the model (${how})${words}.` });
}

function stopped(): WorldError {
  return new WorldError('The run was stopped while the model ran.');
}
