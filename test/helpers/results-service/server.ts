/**
 * A results service on loopback: what a runner's ACTIONS_RESULTS_URL points at. The real clients of
 * @actions/artifact 6 and @actions/cache 6 upload to it, list, and download.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson, startServer } from '../http-server.ts';
import { ARTIFACT_METHODS, type ArtifactServiceState } from './artifact-service.ts';
import { createArtifactStore, type ArtifactStore } from './artifact-store.ts';
import { createBlobStore, handleBlobRequest, isBlobPath } from './blob-store.ts';
import { CACHE_METHODS, type CacheEntry, type CacheServiceState } from './cache-service.ts';
import { createRuntimeToken, readRuntimeToken, type CacheScope } from './runtime-token.ts';
import { TwirpError } from './twirp.ts';

/** For which job a token is. */
export interface JobIdentity {
  readonly runId: number;
  readonly jobId?: number;
  /** Nearest first; default: refs/heads/main, writable. */
  readonly cacheScopes?: readonly CacheScope[];
}

export interface ResultsService {
  readonly url: string;
  /** The store that it fills; give the same one to the fake GitHub. */
  readonly artifacts: ArtifactStore;
  readonly caches: CacheEntry[];
  /** `Service/Method` of every call, in order. */
  readonly calls: string[];
  /** While true, every call answers 503: a service that is down. */
  outage: boolean;
  runtimeToken(identity: JobIdentity): string;
  /** The variables that a runner gives to a JavaScript action for artifacts and caches. */
  environment(identity: JobIdentity): Record<string, string>;
  close(): Promise<void>;
}

interface State extends ArtifactServiceState, CacheServiceState {
  readonly secret: string;
  readonly calls: string[];
}

const SERVICES = {
  'github.actions.results.api.v1.ArtifactService': ARTIFACT_METHODS,
  'github.actions.results.api.v1.CacheService': CACHE_METHODS,
} as const;

function callMethod(
  state: State,
  path: string,
  authorization: string,
  body: Buffer,
  origin: string,
): unknown {
  const [, twirp, service, method] = path.split('/');
  const methods = Object.entries(SERVICES).find(([name]) => name === service)?.[1];
  const found = twirp === 'twirp' && method !== undefined ? methods?.[method] : undefined;
  if (found === undefined) throw new TwirpError(404, 'bad_route', `no handler for path ${path}`);
  state.calls.push(`${service?.split('.').at(-1)}/${method}`);
  const claims = readRuntimeToken(state.secret, authorization.replace(/^Bearer /u, ''));
  if (claims === undefined) throw new TwirpError(401, 'unauthenticated', 'invalid token');
  return found(state, claims, body, origin);
}

async function handleTwirp(state: State, url: URL, request: IncomingMessage, response: ServerResponse) {
  try {
    const body = await readBody(request);
    const authorization = request.headers.authorization ?? '';
    sendJson(response, 200, callMethod(state, url.pathname, authorization, body, url.origin));
  } catch (error) {
    if (!(error instanceof TwirpError)) throw error;
    sendJson(response, error.status, { code: error.code, msg: error.message });
  }
}

/** Starts the service. `artifacts` shares a store that something else already has. */
export async function startResultsService(
  options: { readonly artifacts?: ArtifactStore } = {},
): Promise<ResultsService> {
  const secret = randomBytes(16).toString('hex');
  const blobs = createBlobStore(secret);
  const artifacts = options.artifacts ?? createArtifactStore();
  const state: State = { secret, blobs, artifacts, pending: [], entries: [], calls: [] };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    if (service.outage) sendJson(response, 503, { code: 'unavailable', msg: 'service unavailable' });
    else if (isBlobPath(url.pathname)) await handleBlobRequest(blobs, url, request, response);
    else await handleTwirp(state, url, request, response);
  };
  const server = await startServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      sendJson(response, 500, { code: 'internal', msg: String(error) });
    });
  });
  const service: ResultsService = {
    url: server.url,
    artifacts,
    caches: state.entries,
    calls: state.calls,
    outage: false,
    runtimeToken: (identity) => createRuntimeToken(secret, withDefaults(identity)),
    environment: (identity) => ({
      ACTIONS_RESULTS_URL: `${server.url}/`,
      ACTIONS_RUNTIME_URL: `${server.url}/`,
      ACTIONS_RUNTIME_TOKEN: createRuntimeToken(secret, withDefaults(identity)),
      ACTIONS_CACHE_SERVICE_V2: 'True',
    }),
    close: () => server.close(),
  };
  return service;
}

function withDefaults(identity: JobIdentity) {
  return {
    runId: identity.runId,
    jobId: identity.jobId ?? 1,
    cacheScopes: identity.cacheScopes ?? [{ ref: 'refs/heads/main', writable: true }],
  };
}
