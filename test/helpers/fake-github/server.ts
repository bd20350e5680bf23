/**
 * A stateful fake of GitHub's REST API on loopback. Label in tests and documents: **fake** (our model of it),
 * held to GitHub's own description: each request and each answer is checked against it.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson, startServer } from '../http-server.ts';
import { createArtifactStore, type ArtifactStore } from '../results-service/artifact-store.ts';
import { isSigned, signUrl } from '../results-service/signed-url.ts';
import { Refusal, type Call, type Reply, type Route } from './call.ts';
import { describeGitHub, type DescribedRequest, type GitHubDescription } from './description.ts';
import { DOWNLOAD_PATH } from './endpoints/artifacts.ts';
import { takeFault } from './faults.ts';
import { acceptedPermissions, checkPermission, findToken } from './permissions.ts';
import { ROUTES } from './routes.ts';
import { createState, type FakeGitHubState, type RecordedRequest } from './state.ts';

export interface FakeGitHub {
  /** What GITHUB_API_URL is set to. */
  readonly url: string;
  /** What GITHUB_SERVER_URL is set to: a host under `.localhost`, or the toolkit takes it for Enterprise Server. */
  readonly serverUrl: string;
  readonly state: FakeGitHubState;
  /** Throws if any request or answer did not fit GitHub's description. */
  assertNoViolations(): void;
  /** Stops, and throws as `assertNoViolations` does: no test can forget to ask. */
  close(): Promise<void>;
}

interface Context {
  readonly state: FakeGitHubState;
  readonly description: GitHubDescription;
  readonly secret: string;
  readonly baseUrl: string;
  /** The tail of the queue of writes: GitHub never sees two writes of a repository at once, nor do we. */
  queue: Promise<unknown>;
}

const DOCUMENTATION = 'https://docs.github.com/rest';
const RATE_LIMIT = 1000;

function rateHeaders(state: FakeGitHubState): Record<string, string> {
  const used = state.requests.length;
  return {
    'x-ratelimit-limit': String(RATE_LIMIT),
    'x-ratelimit-remaining': String(Math.max(0, RATE_LIMIT - used)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-resource': 'core',
    'x-ratelimit-reset': String(Math.floor(state.now / 1000) + 3600),
    'x-github-request-id': `FAKE:${used}`,
    'x-github-media-type': 'github.v3; format=json',
  };
}

async function toDescribedRequest(request: IncomingMessage, url: URL): Promise<DescribedRequest> {
  const raw = (await readBody(request)).toString('utf8');
  let body: unknown = undefined;
  try {
    body = raw === '' ? undefined : JSON.parse(raw);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
  return {
    method: (request.method ?? 'GET').toLowerCase(),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body,
  };
}

function violate(state: FakeGitHubState, request: DescribedRequest, problems: readonly string[]): void {
  state.violations.push(
    ...problems.map((problem) => `${request.method.toUpperCase()} ${request.path}: ${problem}`),
  );
}

function errorReply(refusal: Refusal): Reply {
  return {
    status: refusal.status,
    body: {
      message: refusal.message,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      documentation_url: DOCUMENTATION,
      status: String(refusal.status),
    },
  };
}

/** Finds the repository, checks the token, calls the handler. Throws a Refusal for whatever is not granted. */
async function answer(
  context: Context,
  request: DescribedRequest,
  url: URL,
  match: { readonly id: string; readonly params: Readonly<Record<string, string>> },
  route: Route,
): Promise<Reply> {
  const { state, secret, baseUrl } = context;
  const token = findToken(state, request.headers['authorization']);
  const params = Object.fromEntries(
    Object.entries(match.params).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
  const fullName = `${params['owner'] ?? ''}/${params['repo'] ?? ''}`.toLowerCase();
  const repository = state.repositories.find((candidate) => candidate.fullName.toLowerCase() === fullName);
  if (repository === undefined) throw new Refusal(404, 'Not Found');
  checkPermission(token, repository, route.needs, request.method !== 'get');
  const problems = context.description.checkRequest(request, match.id);
  if (problems.length > 0) {
    violate(state, request, problems);
    throw new Refusal(422, `Invalid request.\n\n${problems.join('\n')}`);
  }
  const call: Call = {
    state,
    repository,
    token,
    params,
    query: request.query,
    body: (request.body ?? {}) as Record<string, unknown>,
    accept: request.headers['accept'] ?? '',
    baseUrl,
    path: `${url.pathname}${url.search}`,
    sign: (path) => signUrl(secret, `${baseUrl}${path}`, 'r'),
  };
  return route.handler(call);
}

async function answerInTurn(context: Context, isWrite: boolean, work: () => Promise<Reply>): Promise<Reply> {
  if (!isWrite) return work();
  const turn = context.queue.then(work);
  context.queue = turn.catch(() => undefined);
  return turn;
}

async function reply(
  context: Context,
  request: DescribedRequest,
  url: URL,
  record: RecordedRequest,
): Promise<Reply | 'dropped'> {
  const { state, description } = context;
  const match = description.match(request);
  const route = match === undefined ? undefined : ROUTES[match.id];
  if (match === undefined || route === undefined) {
    const what =
      match === undefined ? 'GitHub has no such operation' : `this fake does not model ${match.id}`;
    violate(state, request, [what]);
    return errorReply(new Refusal(match === undefined ? 404 : 501, what));
  }
  const fault = takeFault(state, match.id);
  await fault?.before?.();
  if (fault?.drop === 'before') return 'dropped';
  if (fault?.respond !== undefined) {
    const { status, message, headers = {} } = fault.respond;
    return { ...errorReply(new Refusal(status, message)), headers };
  }
  const isWrite = request.method !== 'get';
  let result: Reply;
  try {
    result = await answerInTurn(context, isWrite, () => answer(context, request, url, match, route));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    result = errorReply(error);
  }
  if (result.bytes === undefined && result.status !== 204 && result.status !== 302) {
    violate(state, request, description.checkResponse(match.id, result.status, result.body));
  }
  record.status = result.status;
  if (fault?.drop === 'after') return 'dropped';
  return {
    ...result,
    headers: { ...result.headers, 'x-accepted-github-permissions': acceptedPermissions(route.needs) },
  };
}

function send(response: ServerResponse, state: FakeGitHubState, result: Reply): void {
  const headers = { ...rateHeaders(state), ...result.headers };
  if (result.bytes !== undefined || result.body === undefined) {
    response.writeHead(result.status, { ...headers, 'content-length': String(result.bytes?.length ?? 0) });
    response.end(result.bytes);
  } else {
    sendJson(response, result.status, result.body, headers);
  }
}

/** The bytes of an artifact, for whoever holds a signed URL: no token is asked for. */
function sendArtifact(context: Context, url: URL, response: ServerResponse): void {
  const id = Number(url.pathname.slice(DOWNLOAD_PATH.length));
  const artifact = context.state.artifacts.artifacts.find((candidate) => candidate.id === id);
  if (artifact === undefined || !isSigned(context.secret, url, 'r')) {
    response.writeHead(403).end();
    return;
  }
  response.writeHead(200, {
    'content-type': artifact.contentType,
    'content-length': String(artifact.bytes.length),
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(artifact.fileName)}`,
  });
  response.end(artifact.bytes);
}

async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', context.baseUrl);
  if (url.pathname.startsWith(DOWNLOAD_PATH)) {
    sendArtifact(context, url, response);
    return;
  }
  const { state, description } = context;
  const described = await toDescribedRequest(request, url);
  const given = (described.headers['authorization'] ?? '').replace(/^(?:token|bearer) +/iu, '');
  const record: RecordedRequest = {
    method: described.method.toUpperCase(),
    path: `${url.pathname}${url.search}`,
    operation: description.match(described)?.id,
    body: described.body,
    login: state.tokens.find(({ token }) => token === given)?.account.login,
    status: 0,
  };
  state.requests.push(record);
  const result = await reply(context, described, url, record);
  if (result === 'dropped') {
    request.socket.destroy();
    return;
  }
  record.status = result.status;
  send(response, state, result);
}

function describeViolations(violations: readonly string[]): string {
  return `${violations.length} request(s) or answer(s) do not fit GitHub's description:\n${violations.join('\n')}`;
}

/** Starts an empty GitHub. Give it the store of a results service, and uploads are listed here too. */
export async function startFakeGitHub(
  options: { readonly artifacts?: ArtifactStore } = {},
): Promise<FakeGitHub> {
  const state = createState(options.artifacts ?? createArtifactStore());
  const description = await describeGitHub();
  const secret = randomBytes(16).toString('hex');
  let context: Context | undefined;
  const server = await startServer((request, response) => {
    if (context === undefined) throw new Error('A request came before the server was ready.');
    handle(context, request, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) state.violations.push(`the fake itself failed: ${String(error)}`);
      send(response, state, errorReply(error instanceof Refusal ? error : new Refusal(500, 'Server Error')));
    });
  });
  context = { state, description, secret, baseUrl: server.url, queue: Promise.resolve() };
  const assertNoViolations = () => {
    if (state.violations.length > 0) throw new Error(describeViolations(state.violations));
  };
  return {
    url: server.url,
    serverUrl: `http://github.localhost:${server.port}`,
    state,
    assertNoViolations,
    close: async () => {
      await server.close();
      assertNoViolations();
    },
  };
}
