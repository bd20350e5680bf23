/**
 * The few calls of MLflow's REST API 2.0 that a baseline takes (mlflow.org, "REST API"). Azure ML and Databricks speak
 * the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, WorldError } from '../evidence/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface MlflowClient {
  /** The run behind the version of a registered model that has an alias; undefined if there is none. */
  readonly findRunOfAlias: (model: string, alias: string) => Promise<MlflowRun | undefined>;
  /** The newest finished run of an experiment; undefined if there is none. */
  readonly findNewestRun: (experiment: string) => Promise<MlflowRun | undefined>;
  /** A run by its id, however it ended; undefined if there is none. */
  readonly readRun: (id: string) => Promise<MlflowRunState | undefined>;
  /** The bytes of an artifact; undefined if the run has none of that name. Throws a UserError if it is larger. */
  readonly readArtifact: (run: MlflowRun, path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
}

export interface MlflowRun {
  readonly id: string;
  /** Where its artifacts are. */
  readonly artifacts: string;
  /** When it ended, or else began. */
  readonly time: Date;
  /** Commit of the training code, where MLflow noted it. */
  readonly commit: string | undefined;
  /** The newest value of each metric; those that are no finite number are left out. */
  readonly metrics: ReadonlyMap<string, number>;
}

/** A run as the server has it. */
interface MlflowRunState {
  readonly id: string;
  readonly name: string | undefined;
  /** MLflow's own word: FINISHED, FAILED, KILLED, RUNNING or SCHEDULED. */
  readonly status: string;
  /** Milliseconds since 1970; NaN where the server says none. */
  readonly start: number;
  /** The newest value of each metric; NaN and infinite ones too. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly params: ReadonlyMap<string, string>;
}

/** Milliseconds before the first repetition of a call that failed; later ones wait 4 and 9 times as long. */
const RETRY_AFTER_MS = 1000;
const MAX_REPETITIONS = 3;
const TIMEOUT_MS = 60_000;

/** Largest answer that is read, in bytes; artifacts have a limit of their own. */
const MAX_ANSWER_BYTES = 20_000_000;

interface Connection {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterMs: number;
}

/**
 * Connects to the server that MLFLOW_TRACKING_URI names, with the credentials beside it. Throws a UserError if it
 * names none.
 */
export function connectMlflow(environment: Environment, retryAfterMs = RETRY_AFTER_MS): MlflowClient {
  const connection = { base: readServer(environment), headers: authorize(environment), retryAfterMs };
  return {
    findRunOfAlias: (model, alias) => findRunOfAlias(connection, model, alias),
    findNewestRun: (experiment) => findNewestRun(connection, experiment),
    readRun: (id) => readRun(connection, id),
    readArtifact: (run, path, maxBytes) => readArtifact(connection, run, path, maxBytes),
  };
}

function readServer(environment: Environment): string {
  const uri = environment['MLFLOW_TRACKING_URI'] ?? '';
  if (/^https?:\/\/[^/?#]*@/u.test(uri)) {
    // Not quoted: a log is no place for a password.
    throw new UserError('MLFLOW_TRACKING_URI holds a user name or a password.', {
      help: 'Give them as MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or a token as MLFLOW_TRACKING_TOKEN.',
    });
  }
  if (/^https?:\/\//u.test(uri)) return uri.replace(/\/+$/u, '');
  throw new UserError(
    uri === ''
      ? 'MLflow is asked for, but MLFLOW_TRACKING_URI is not set.'
      : 'MLFLOW_TRACKING_URI is not the address of a server: it must begin with https:// or http://.',
    { help: 'Set MLFLOW_TRACKING_URI in the environment of this step, such as https://mlflow.example.com.' },
  );
}

function authorize(environment: Environment): Record<string, string> {
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  if (token !== undefined && token !== '') return { authorization: `Bearer ${token}` };
  const user = environment['MLFLOW_TRACKING_USERNAME'];
  if (user === undefined || user === '') return {};
  const pair = `${user}:${environment['MLFLOW_TRACKING_PASSWORD'] ?? ''}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function findRunOfAlias(
  connection: Connection,
  model: string,
  alias: string,
): Promise<MlflowRun | undefined> {
  const query = new URLSearchParams({ name: model, alias });
  const doing = `find the alias ${alias} of the model ${model}`;
  const answer = await callApi(connection, doing, `registered-models/alias?${query.toString()}`);
  const id = asText(asRecord(asRecord(answer)['model_version'])['run_id']);
  if (id === undefined) return undefined;
  return parseRun(await getRun(connection, id));
}

async function getRun(connection: Connection, id: string): Promise<unknown> {
  const query = new URLSearchParams({ run_id: id });
  return asRecord(await callApi(connection, `read the run ${id}`, `runs/get?${query.toString()}`))['run'];
}

async function readRun(connection: Connection, id: string): Promise<MlflowRunState | undefined> {
  const { info, data } = asRecord(await getRun(connection, id));
  const { run_id, run_name, status, start_time } = asRecord(info);
  const found = asText(run_id);
  if (found === undefined) return undefined;
  const params = [...listPairs(asRecord(data)['params'])].map(
    ([key, value]) => [key, String(value)] as const,
  );
  return {
    id: found,
    name: asText(run_name),
    status: asText(status) ?? 'without a status',
    start: Number(start_time ?? Number.NaN),
    metrics: new Map(
      [...listPairs(asRecord(data)['metrics'])].map(([key, given]) => [key, unclip(Number(given))]),
    ),
    params: new Map(params),
  };
}

/** MLflow's databases hold infinity as the largest number. */
function unclip(number: number): number {
  return Math.abs(number) >= Number.MAX_VALUE ? Math.sign(number) * Number.POSITIVE_INFINITY : number;
}

async function findNewestRun(connection: Connection, experiment: string): Promise<MlflowRun | undefined> {
  const query = new URLSearchParams({ experiment_name: experiment });
  const doing = `find the experiment ${experiment}`;
  const answer = await callApi(connection, doing, `experiments/get-by-name?${query.toString()}`);
  const id = asText(asRecord(asRecord(answer)['experiment'])['experiment_id']);
  if (id === undefined) return undefined;
  const found = await callApi(connection, `list the runs of ${experiment}`, 'runs/search', {
    experiment_ids: [id],
    filter: "attributes.status = 'FINISHED'",
    order_by: ['attributes.start_time DESC'],
    max_results: 1,
  });
  const runs = asRecord(found)['runs'];
  return Array.isArray(runs) ? parseRun(runs[0]) : undefined;
}

function parseRun(value: unknown): MlflowRun | undefined {
  const { info, data } = asRecord(value);
  const { run_id, artifact_uri, end_time, start_time } = asRecord(info);
  const id = asText(run_id);
  if (id === undefined) return undefined;
  const tags = listPairs(asRecord(data)['tags']);
  const commit = asText(tags.get('mlflow.source.git.commit'));
  return {
    id,
    artifacts: asText(artifact_uri) ?? '',
    time: new Date(Number(end_time ?? start_time ?? 0)),
    commit: commit !== undefined && /^[0-9a-f]{40}$/u.test(commit) ? commit : undefined,
    metrics: new Map(
      [...listPairs(asRecord(data)['metrics'])].flatMap(([key, given]) => {
        const number = unclip(Number(given));
        return Number.isFinite(number) ? [[key, number] as const] : [];
      }),
    ),
  };
}

/** `[{key, value}]` */
function listPairs(list: unknown): ReadonlyMap<string, unknown> {
  const pairs = (Array.isArray(list) ? list : []).flatMap((item: unknown) => {
    const { key, value } = asRecord(item);
    return typeof key === 'string' ? [[key, value] as const] : [];
  });
  return new Map(pairs);
}

async function readArtifact(
  connection: Connection,
  run: MlflowRun,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  if (path.split('/').includes('..')) {
    throw new UserError(`\`${path}\` is no path of an artifact: it leaves the run's folder.`, {
      help: 'Write the path below the run, as `mlflow artifacts list` shows it.',
    });
  }
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]+)?\/+(.+)$/u.exec(run.artifacts)?.[1];
  const url =
    proxied === undefined
      ? `${connection.base}/get-artifact?${new URLSearchParams({ run_uuid: run.id, path }).toString()}`
      : `${connection.base}/api/2.0/mlflow-artifacts/artifacts/${encodePath(proxied)}/${encodePath(path)}`;
  return await request(connection, `read ${path} of the run ${run.id}`, url, { maxBytes });
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Undefined where the server says that there is no such thing. */
async function callApi(connection: Connection, doing: string, path: string, body?: object): Promise<unknown> {
  const bytes = await request(connection, doing, `${connection.base}/api/2.0/mlflow/${path}`, {
    maxBytes: MAX_ANSWER_BYTES,
    ...(body === undefined ? {} : { body }),
  });
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch (error) {
    throw new WorldError(`Could not ${doing}: the server answered with something that is not JSON.`, {
      cause: error,
      help: 'Check that MLFLOW_TRACKING_URI is the address of an MLflow tracking server.',
    });
  }
}

interface RequestOptions {
  readonly maxBytes: number;
  readonly body?: object;
}

/** Bytes of an answer; undefined for 404, and for 400 with "not found", which is MLflow's answer for an alias that is not set. */
async function request(
  connection: Connection,
  doing: string,
  url: string,
  options: RequestOptions,
): Promise<Uint8Array | undefined> {
  for (let repetition = 0; ; repetition += 1) {
    const answer = await tryRequest(connection, url, options);
    if (answer.kind === 'answer' && answer.status === 200) return answer.bytes;
    if (answer.kind === 'too-large')
      throw new UserError(`Could not ${doing}: it is larger than ${options.maxBytes / 1e6} MB.`);
    const said = answer.kind === 'answer' ? Buffer.from(answer.bytes).toString('utf8').slice(0, 300) : '';
    if (answer.kind === 'answer' && isMissing(answer.status, said)) return undefined;
    const passing = answer.kind === 'broken' || answer.status >= 500 || answer.status === 429;
    if (!passing || repetition >= MAX_REPETITIONS) throw explain(doing, answer, said);
    await sleep(connection.retryAfterMs * (repetition + 1) ** 2);
  }
}

function isMissing(status: number, said: string): boolean {
  return status === 404 || (status === 400 && /not found/iu.test(said));
}

type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly bytes: Uint8Array }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'too-large' };

async function tryRequest(
  { headers }: Connection,
  url: string,
  { maxBytes, body }: RequestOptions,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      // Credentials go to the server that was named and to no other.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) return { kind: 'too-large' };
      chunks.push(chunk);
    }
    return { kind: 'answer', status: response.status, bytes: Buffer.concat(chunks) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'broken', reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

function explain(doing: string, answer: Exclude<Answer, { kind: 'too-large' }>, said: string): WorldError {
  if (answer.kind === 'broken') {
    return new WorldError(`Could not ${doing}: the connection to MLflow failed: ${answer.reason}`, {
      help: 'Check MLFLOW_TRACKING_URI and the network, and run it again.',
    });
  }
  const helps: Readonly<Record<number, string>> = {
    401: 'Give this step MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
    403: 'Let this account read the experiment. A server since 3.5 also refuses a host name that is not in its MLFLOW_SERVER_ALLOWED_HOSTS.',
    429: 'The server limits its callers: run it again later.',
  };
  const usual =
    answer.status >= 500 ? 'The server has a problem: look at its log.' : 'Look at the message above.';
  return new WorldError(
    `Could not ${doing}: MLflow answered ${answer.status}: ${said.replaceAll(/\s+/gu, ' ')}`,
    {
      help: helps[answer.status] ?? usual,
    },
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
