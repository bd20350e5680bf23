/** The parent's half of the engine: starts the child, asks, and turns its death into a message. */
import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { RAISE_MEMORY } from './duckdb/explain-failure.ts';
import {
  type Engine,
  PlanError,
  type QueryOptions,
  type ScoresAnswer,
  type ScoresRequest,
  TableError,
  type TableSource,
} from './engine.ts';
import { type InspectionAnswer, type InspectionRequest, listInspected } from './inspections.ts';
import { avoidGlobs, type FileSystem, locateTable, NODE_FILE_SYSTEM, nameSource } from './locate-table.ts';
import type {
  EngineAnswer,
  EngineFailure,
  EngineQuestion,
  FromWorker,
  TableLocation,
  ToWorker,
} from './protocol.ts';
import { receiveColumns, receiveScores, type Receiver } from './receive-batches.ts';

export interface EngineOptions {
  /** The script that the child runs: it calls `runEngineWorker`. Absolute. */
  readonly workerPath: string;
  /** DuckDB's package: the absolute path of its folder. Without it, Node looks it up from `workerPath`. */
  readonly duckdbModule?: string;
  /** Limit of the engine's own memory; the child process takes about 100 MB more. */
  readonly memoryMegabytes?: number;
  readonly threads?: number;
  /** An existing folder; the engine makes a folder of its own in it and removes that at the end. */
  readonly temporaryFolder: string;
  /** The parent's environment, of which the child sees `CHILD_VARIABLES` only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** After an answer of this size the child has done its work, see `LARGE_ANSWER_BYTES`. For tests. */
  readonly largeAnswerBytes?: number;
  /** For tests. */
  readonly forkProcess?: (path: string, options: ForkOptions) => ChildProcess;
  /** For tests. */
  readonly files?: FileSystem;
}

const DEFAULT_MEMORY_MEGABYTES = 1_024;
const DEFAULT_THREADS = 2;

/**
 * A child that read a large table keeps the memory it took, which the parent needs for the columns: from this size of
 * an answer on, the next question gets a new child.
 */
const LARGE_ANSWER_BYTES = 100_000_000;

/** What a process cannot do without on some platform; no path to programs, no token, nothing of GitHub's. */
const CHILD_VARIABLES = ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'LC_ALL'] as const;

/** How long a cancelled query may take to stop before the child is killed. */
const GRACE_MILLISECONDS = 2_000;
const MAXIMUM_STDERR_LENGTH = 2_000;

/** A child that lives, and what it wrote to its standard error. */
interface Worker {
  readonly process: ChildProcess;
  readonly stderr: { text: string };
}

interface EngineState {
  worker: Worker | undefined;
  folder: string | undefined;
  /** Also runs when the process ends without closing the engine. */
  readonly removeFolder: () => void;
  isClosed: boolean;
  /** The question before: one at a time. */
  last: Promise<unknown>;
  /** Kills the child when the engine closes while a question runs. */
  stop: AbortController;
}

function chooseEnvironment(environment: EngineOptions['environment']): Record<string, string> {
  const entries = CHILD_VARIABLES.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof CHILD_VARIABLES)[number], string] => entry[1] !== undefined),
  );
}

function forkNode(path: string, options: ForkOptions): ChildProcess {
  return fork(path, options);
}

function ensureFolder(options: EngineOptions, state: EngineState): string {
  if (state.folder === undefined) {
    state.folder = mkdtempSync(join(resolve(options.temporaryFolder), 'mlgate-engine-'));
    process.once('exit', state.removeFolder);
  }
  return state.folder;
}

/** A message that does not arrive needs no handling of its own: the child's end is heard, and explained. */
function tell(child: ChildProcess, message: ToWorker): void {
  child.send(message, () => undefined);
}

function startWorker(options: EngineOptions, folder: string): Worker {
  const child = (options.forkProcess ?? forkNode)(options.workerPath, {
    env: chooseEnvironment(options.environment),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr = { text: '' };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr.text = (stderr.text + text).slice(-MAXIMUM_STDERR_LENGTH);
  });
  tell(child, {
    kind: 'start',
    settings: {
      duckdbModule: options.duckdbModule ?? '@duckdb/node-api',
      resolveFrom: options.workerPath,
      memoryMegabytes: options.memoryMegabytes ?? DEFAULT_MEMORY_MEGABYTES,
      threads: options.threads ?? DEFAULT_THREADS,
      temporaryFolder: folder,
    },
  });
  return { process: child, stderr };
}

/** An idle child must not keep the program alive. */
function keepAlive({ process: child }: Worker, isBusy: boolean): void {
  const method = isBusy ? 'ref' : 'unref';
  child[method]();
  child.channel?.[method]();
}

function reviveFailure(failure: EngineFailure): Error {
  switch (failure.kind) {
    case 'table':
      return new TableError(failure.fault, failure.path, failure.message, failure.help);
    case 'plan':
      return new PlanError(failure.message, failure.help);
    case 'defect':
      return Object.assign(new Error(failure.message), { stack: failure.stack ?? failure.message });
  }
}

function explainDeath(
  worker: Worker,
  path: string,
  memoryMegabytes: number,
  code: number | null,
  signal: NodeJS.Signals | null,
): TableError {
  if (signal === 'SIGKILL' || /heap out of memory|bad_alloc/u.test(worker.stderr.text)) {
    return new TableError(
      'out-of-memory',
      path,
      `The engine was killed while it read ${path}: the machine most likely ran out of memory (the engine's own limit is ${memoryMegabytes} MB).`,
      'Lower the limit so that it fits beside everything else, or use a machine with more memory: `engine.memory` in the config, or --memory.',
    );
  }
  const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
  const lastWords = worker.stderr.text.trim().split('\n').at(-1) ?? '';
  return new TableError(
    'engine-died',
    path,
    `The engine ended while it read ${path} (${how})${lastWords === '' ? '' : `: ${lastWords}`}. Its memory limit was ${memoryMegabytes} MB.`,
    `If memory was short: ${RAISE_MEMORY}`,
  );
}

function cancelled(path: string): TableError {
  return new TableError('cancelled', path, `Reading ${path} was cancelled.`);
}

interface Conversation {
  readonly worker: Worker;
  readonly question: EngineQuestion;
  readonly options: QueryOptions;
  readonly memoryMegabytes: number;
  /** Ends the conversation at once: the engine closes. */
  readonly stop: AbortSignal;
  readonly receiver: Receiver | undefined;
}

/** One question and its answer; rejects when the child says so, dies, or is cancelled. */
async function converse(conversation: Conversation): Promise<EngineAnswer> {
  const { worker, question, options, memoryMegabytes, stop, receiver } = conversation;
  const child = worker.process;
  const path = question.location.named;
  const ended = new AbortController();
  let isCancelled = false;
  const kill = (): void => {
    isCancelled = true;
    child.kill('SIGKILL');
  };
  const cancel = (): void => {
    isCancelled = true;
    tell(child, { kind: 'cancel' });
    const timer = setTimeout(kill, GRACE_MILLISECONDS);
    ended.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  };
  const heard = new Promise<EngineAnswer>((resolveHeard, reject) => {
    const onMessage = (message: FromWorker): void => {
      switch (message.kind) {
        case 'progress':
          options.onProgress?.(message.share);
          break;
        case 'batch':
          receiver?.add(message.batch);
          break;
        case 'restart':
          receiver?.restart();
          break;
        case 'answer':
          resolveHeard(message.answer);
          break;
        case 'failure':
          reject(isCancelled ? cancelled(path) : reviveFailure(message.failure));
          break;
      }
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      reject(isCancelled ? cancelled(path) : explainDeath(worker, path, memoryMegabytes, code, signal));
    };
    child.on('message', onMessage).once('close', onExit).once('error', reject);
    ended.signal.addEventListener('abort', () => {
      child.off('message', onMessage).off('close', onExit).off('error', reject);
    });
  });
  // Somebody awaits it below, unless telling the child throws first.
  heard.catch(() => undefined);
  options.signal?.addEventListener('abort', cancel, { signal: ended.signal });
  stop.addEventListener('abort', kill, { signal: ended.signal });
  tell(child, { kind: 'ask', question });
  if (options.signal?.aborted === true) {
    cancel();
  }
  try {
    return await heard;
  } finally {
    ended.abort();
  }
}

type LocatedQuestion = EngineQuestion extends infer Question
  ? Question extends EngineQuestion
    ? Omit<Question, 'location' | 'others'>
    : never
  : never;

/** Asks one question about one table or several, after all that were asked before. */
async function ask(
  state: EngineState,
  options: EngineOptions,
  sources: TableSource | readonly [TableSource, ...TableSource[]],
  question: LocatedQuestion,
  query: QueryOptions,
  receiver?: Receiver,
): Promise<EngineAnswer> {
  const before = state.last;
  const [source, ...others]: readonly [TableSource, ...TableSource[]] = isOneSource(sources)
    ? [sources]
    : sources;
  const mine = (async (): Promise<EngineAnswer> => {
    await before.catch(() => undefined);
    if (state.isClosed || query.signal?.aborted === true) {
      throw cancelled(nameSource(source));
    }
    const folder = ensureFolder(options, state);
    const locate = async (table: TableSource): Promise<TableLocation> => {
      const located = await locateTable(table, options.files ?? NODE_FILE_SYSTEM);
      await mkdir(folder, { recursive: true });
      return await avoidGlobs(located, folder);
    };
    const location = await locate(source);
    const otherLocations: TableLocation[] = [];
    for (const other of others) otherLocations.push(await locate(other));
    if (
      state.worker === undefined ||
      state.worker.process.exitCode !== null ||
      !state.worker.process.connected
    ) {
      state.worker = startWorker(options, folder);
    }
    const { worker } = state;
    keepAlive(worker, true);
    try {
      const heard = await converse({
        worker,
        question: {
          ...question,
          location,
          ...(otherLocations.length === 0 ? {} : { others: otherLocations }),
        },
        options: query,
        memoryMegabytes: options.memoryMegabytes ?? DEFAULT_MEMORY_MEGABYTES,
        stop: state.stop.signal,
        receiver,
      });
      if ((receiver?.bytes() ?? 0) >= (options.largeAnswerBytes ?? LARGE_ANSWER_BYTES)) {
        state.worker = undefined;
        worker.process.kill('SIGKILL');
      }
      return heard;
    } finally {
      keepAlive(worker, false);
    }
  })();
  state.last = mine;
  return mine;
}

function isOneSource(sources: TableSource | readonly TableSource[]): sources is TableSource {
  return 'path' in sources;
}

async function readScores(
  state: EngineState,
  options: EngineOptions,
  request: ScoresRequest,
  query: QueryOptions,
): Promise<ScoresAnswer> {
  const receiver = receiveScores(request);
  const question = { kind: 'scores', request } as const;
  const heard = await ask(state, options, request.source, question, query, receiver);
  const { rows, faults } = expectAnswer(heard, 'scores');
  if (rows !== request.truth.length) {
    throw new TableError(
      'not-its-format',
      nameSource(request.source),
      `${nameSource(request.source)} changed while it was read.`,
      'Run it again when the step that writes it has ended.',
    );
  }
  return { rows, faults, ...receiver.finish() };
}

async function inspectTable(
  state: EngineState,
  options: EngineOptions,
  request: InspectionRequest,
  query: QueryOptions,
): Promise<InspectionAnswer> {
  const question = { kind: 'inspection', request } as const;
  return expectAnswer(await ask(state, options, listInspected(request), question, query), 'inspection').found;
}

async function closeEngine(state: EngineState): Promise<void> {
  state.isClosed = true;
  state.stop.abort();
  const child = state.worker?.process;
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolveGone) => child.once('close', resolveGone));
    child.ref();
    child.kill('SIGKILL');
    await gone;
  }
  process.off('exit', state.removeFolder);
  state.removeFolder();
}

function expectAnswer<Kind extends EngineAnswer['kind']>(
  answer: EngineAnswer,
  kind: Kind,
): Extract<EngineAnswer, { readonly kind: Kind }> {
  if (answer.kind !== kind) {
    throw new Error(`the engine answered ${answer.kind} where ${kind} was asked`);
  }
  return answer as Extract<EngineAnswer, { readonly kind: Kind }>;
}

function makeState(): EngineState {
  const state: EngineState = {
    worker: undefined,
    folder: undefined,
    removeFolder: () => {
      if (state.folder !== undefined) {
        rmSync(state.folder, { recursive: true, force: true });
      }
    },
    isClosed: false,
    last: Promise.resolve(),
    stop: new AbortController(),
  };
  return state;
}

/**
 * The engine, in a child process that starts at once (loading DuckDB takes longer than reading a config) and again
 * after a death. The native library is
 * never loaded into this process.
 *
 * @throws TableError and PlanError from each of its functions, as `Engine` says
 */
export function startEngine(options: EngineOptions): Engine {
  const state = makeState();
  state.worker = startWorker(options, ensureFolder(options, state));
  keepAlive(state.worker, false);
  return {
    describeTable: async (source, query = {}) =>
      expectAnswer(await ask(state, options, source, { kind: 'describe' }, query), 'description').description,
    checkTable: async (plan, query = {}) =>
      expectAnswer(await ask(state, options, plan.source, { kind: 'check', plan }, query), 'figures').figures,
    findExamples: async (plan, query = {}) =>
      expectAnswer(await ask(state, options, plan.source, { kind: 'examples', plan }, query), 'examples')
        .examples,
    askTable: async (source, question, others, query = {}) =>
      expectAnswer(
        await ask(state, options, [source, ...others], { kind: 'table', question }, query),
        'table',
      ).found,
    readColumns: async (request, query = {}) => {
      const receiver = receiveColumns(request);
      const question = { kind: 'columns', request } as const;
      const heard = await ask(state, options, request.source, question, query, receiver);
      const { rows } = expectAnswer(heard, 'columns');
      const columns = receiver.finish();
      return request.distinct === true
        ? { rows, columns: columns.slice(0, -1), firstRows: columns.at(-1) as Float64Array }
        : { rows, columns };
    },
    readScores: async (request, query = {}) => await readScores(state, options, request, query),
    describeNested: async (source, column, query = {}) =>
      expectAnswer(await ask(state, options, source, { kind: 'nested', column }, query), 'nested').nested,
    readMetadata: async (source, query = {}) =>
      expectAnswer(await ask(state, options, source, { kind: 'metadata' }, query), 'metadata').metadata,
    diffTables: async (request, query = {}) =>
      expectAnswer(
        await ask(state, options, [request.source, request.before], { kind: 'diff', request }, query),
        'diff',
      ).diff,
    surveyTable: async (request, query = {}) =>
      expectAnswer(await ask(state, options, request.source, { kind: 'survey', request }, query), 'survey')
        .survey,
    estimateDistinct: async (request, query = {}) =>
      expectAnswer(
        await ask(state, options, request.source, { kind: 'distinct', request }, query),
        'distinct',
      ).estimates,
    inspectTable: async (request, query = {}) =>
      (await inspectTable(state, options, request, query)) as never,
    close: async () => closeEngine(state),
  };
}
