/** The child process: takes one question at a time over IPC and answers it on a database made for that one file. */
import { rmSync } from 'node:fs';

import { checkCompression } from '../check-compression.ts';
import { checkJsonEnd } from '../check-json-end.ts';
import { PlanError, TableError } from '../engine.ts';
import { findCsvFault } from '../find-csv-fault.ts';
import {
  type AnswerBatch,
  type EngineAnswer,
  type EngineFailure,
  type EngineQuestion,
  type FromWorker,
  listFiles,
  type TableLocation,
  type ToWorker,
  type WorkerSettings,
} from '../protocol.ts';
import { answerQuestion } from './answer-question.ts';
import type { OpenTable } from './open-table.ts';
import {
  type ArrowShape,
  CSV_BUFFER_BYTES,
  DELIMITERS,
  nameArrowTable,
  type TableShape,
} from './compile-source.ts';
import { type Database, type DuckDb, loadDuckDb, openDatabase } from './database.ts';
import { CSV_FAILURE, explainCsvFault, explainFailure } from './explain-failure.ts';
import { readShape } from './read-shape.ts';

/** The files that are open: what is allowed is fixed when a database opens, so each question's files have their own. */
interface Session {
  readonly key: string;
  readonly database: Database;
  readonly table: OpenTable;
  /** Settles once, at the first question that reads the whole file. */
  readonly compression: () => Promise<void>;
  /** The same of arrays of JSON, whose end says less than DuckDB's own word where it has one. */
  readonly jsonEnds: () => Promise<void>;
}

interface WorkerState {
  settings: WorkerSettings | undefined;
  /** Loads while the parent still reads its config. */
  duckDb: Promise<DuckDb> | undefined;
  session: Session | undefined;
  /** The database that is in use, also while its session is still being made. */
  database: Database | undefined;
  isCancelled: boolean;
  isBusy: boolean;
  /** Questions so far. */
  asked: number;
}

const PROGRESS_INTERVAL_MILLISECONDS = 200;
/** An interrupt between two queries is lost, so it is said again until the question ends. */
const INTERRUPT_INTERVAL_MILLISECONDS = 20;

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error: Error | null) => {
      if (error === null) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}

async function awaitDuckDb(state: WorkerState, location: TableLocation): Promise<DuckDb> {
  if (state.duckDb === undefined) {
    throw new Error('the engine was asked before it was started');
  }
  try {
    return await state.duckDb;
  } catch (error) {
    throw new TableError(
      'engine-died',
      location.named,
      `DuckDB could not be loaded: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}.`,
      'Install mlgate with its optional parts, on Linux, macOS or Windows, x64 or arm64.',
    );
  }
}

async function openSession(
  state: WorkerState,
  settings: WorkerSettings,
  locations: readonly [TableLocation, ...TableLocation[]],
): Promise<Session> {
  const key = JSON.stringify(locations);
  if (state.session?.key === key) {
    return state.session;
  }
  state.session = undefined;
  state.database?.close();
  const duckDb = await awaitDuckDb(state, locations[0]);
  const database = await openDatabase(duckDb, settings);
  state.database = database;
  const loaded: LoadedTable[] = [];
  for (const [place, location] of locations.entries()) {
    const arrow =
      location.format === 'arrow'
        ? await (await import('./load-arrow.ts')).loadArrow(database, location, duckDb, nameArrowTable(place))
        : undefined;
    loaded.push({ location, arrow, place });
  }
  await database.lock(locations.flatMap((location) => listFiles(location).map(({ path }) => path)));
  const tables: OpenTable[] = [];
  for (const item of loaded) {
    const shape = await readShapeCarefully(database, item);
    tables.push({ database, shape, location: item.location, parallel: true, others: [] });
  }
  let [checked, ended]: (Promise<void> | undefined)[] = [];
  const session: Session = {
    key,
    database,
    table: { ...requireFirst(tables), others: tables.slice(1) },
    compression: async () => (checked ??= checkCompressions(locations)),
    jsonEnds: async () => (ended ??= checkJsonEnds(locations)),
  };
  state.session = session;
  return session;
}

function requireFirst(tables: readonly OpenTable[]): OpenTable {
  const [first] = tables;
  if (first === undefined) throw new Error('a question is about no table');
  return first;
}

async function checkCompressions(locations: readonly TableLocation[]): Promise<void> {
  for (const file of locations.flatMap(listFiles)) {
    await checkCompression(file);
  }
}

async function checkJsonEnds(locations: readonly TableLocation[]): Promise<void> {
  for (const file of locations.flatMap(listFiles)) {
    if (file.format === 'json') await checkJsonEnd(file);
  }
}

async function sendBatch(batch: AnswerBatch): Promise<void> {
  return send({ kind: 'batch', batch });
}

/**
 * Throws what is truly wrong with a file whose structure DuckDB refused; returns when nothing is.
 *
 * Several threads guess where a row starts in the middle of a file; where long cells hold line breaks the guess may
 * fail. So a refusal is believed only if a scan from the start meets the fault too. One thread alone would need no
 * guess, but then DuckDB drops a last record with an open quote without a word: hence this order.
 */
async function confirmCsvFailure(error: unknown, locations: readonly TableLocation[]): Promise<void> {
  const delimited = locations
    .flatMap(listFiles)
    .flatMap((file) =>
      file.format === 'csv' || file.format === 'tsv' ? [{ file, delimiter: DELIMITERS[file.format] }] : [],
    );
  if (delimited.length === 0 || !(error instanceof Error) || !CSV_FAILURE.test(error.message)) {
    throw error;
  }
  for (const { file, delimiter } of delimited) {
    const fault = await findCsvFault(file, delimiter, CSV_BUFFER_BYTES);
    if (fault === 'unreadable' || /Invalid unicode/u.test(error.message)) {
      throw error;
    }
    if (fault !== undefined) {
      throw explainCsvFault(fault, file);
    }
  }
}

async function answerCarefully(session: Session, question: EngineQuestion): Promise<EngineAnswer> {
  const { table } = session;
  try {
    return await answerQuestion(table, question, sendBatch);
  } catch (error) {
    await confirmCsvFailure(
      error,
      [table, ...table.others].map(({ location }) => location),
    );
    await send({ kind: 'restart' });
    const others = table.others.map((other) => ({ ...other, parallel: false }));
    return answerQuestion({ ...table, others, parallel: false }, question, sendBatch);
  }
}

interface LoadedTable {
  readonly location: TableLocation;
  /** What was found when it was loaded, where it is an Arrow file. */
  readonly arrow: ArrowShape | undefined;
  readonly place: number;
}

async function readShapeCarefully(
  database: Database,
  { location, arrow, place }: LoadedTable,
): Promise<TableShape> {
  try {
    return await readShape(database, location, arrow, place);
  } catch (error) {
    await confirmCsvFailure(error, [location]);
    throw error;
  }
}

async function answer(
  state: WorkerState,
  settings: WorkerSettings,
  question: EngineQuestion,
): Promise<EngineAnswer> {
  const { location, others = [] } = question;
  try {
    const session = await openSession(state, settings, [location, ...others]);
    const readsAll = question.kind !== 'describe' && question.kind !== 'metadata';
    const [compression, answered, ends] = await Promise.allSettled([
      readsAll ? session.compression() : Promise.resolve(),
      answerCarefully(session, question),
      readsAll ? session.jsonEnds() : Promise.resolve(),
    ]);
    if (compression.status === 'rejected') {
      throw compression.reason;
    }
    if (answered.status === 'rejected') {
      throw answered.reason;
    }
    if (ends.status === 'rejected') {
      throw ends.reason;
    }
    return answered.value;
  } catch (error) {
    throw explainFailure(error, { location, settings });
  }
}

function describeFailure(error: unknown): EngineFailure {
  if (error instanceof TableError) {
    const { fault, path, message, help } = error;
    return { kind: 'table', fault, path, message, help };
  }
  if (error instanceof PlanError) {
    return { kind: 'plan', message: error.message, help: error.help };
  }
  return error instanceof Error
    ? { kind: 'defect', message: error.message, stack: error.stack }
    : { kind: 'defect', message: String(error), stack: undefined };
}

function cancelled(location: TableLocation): TableError {
  return new TableError('cancelled', location.named, `Reading ${location.named} was cancelled.`);
}

async function respond(state: WorkerState, question: EngineQuestion): Promise<FromWorker> {
  state.isCancelled = false;
  const progress = setInterval(() => {
    const share = state.database?.progress() ?? -1;
    if (share >= 0) {
      void send({ kind: 'progress', share });
    }
  }, PROGRESS_INTERVAL_MILLISECONDS);
  try {
    if (state.settings === undefined) {
      throw new Error('the engine was asked before it was started');
    }
    const given = await answer(state, state.settings, question);
    if (state.isCancelled) {
      throw cancelled(question.location);
    }
    return { kind: 'answer', answer: given };
  } catch (error) {
    return { kind: 'failure', failure: describeFailure(error) };
  } finally {
    clearInterval(progress);
  }
}

function interruptUntilAnswered(state: WorkerState): void {
  const cancelled = state.asked;
  state.isCancelled = true;
  const timer = setInterval(() => {
    if (state.isBusy && state.asked === cancelled) {
      state.database?.interrupt();
    } else {
      clearInterval(timer);
    }
  }, INTERRUPT_INTERVAL_MILLISECONDS);
}

/**
 * Serves the parent until the channel closes. Call it once, in a process forked with `serialization: 'advanced'`.
 * If the parent is gone, nobody else can remove the temporary files.
 */
export function runEngineWorker(): void {
  const state: WorkerState = {
    settings: undefined,
    duckDb: undefined,
    session: undefined,
    database: undefined,
    isCancelled: false,
    isBusy: false,
    asked: 0,
  };
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'start') {
      state.settings = message.settings;
      state.duckDb = Promise.resolve(message.settings).then(loadDuckDb);
      /* The first question awaits it and reports the failure; until then nobody listens. */
      state.duckDb.catch(() => undefined);
    } else if (message.kind === 'cancel') {
      interruptUntilAnswered(state);
    } else {
      state.isBusy = true;
      state.asked += 1;
      void respond(state, message.question).then(async (response) => {
        state.isBusy = false;
        return send(response);
      });
    }
  });
  process.on('disconnect', () => {
    if (state.settings !== undefined) {
      rmSync(state.settings.temporaryFolder, { recursive: true, force: true });
    }
    process.exit(0);
  });
}
