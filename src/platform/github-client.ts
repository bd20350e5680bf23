import { WorldError } from '../evidence/errors.ts';

type Octokit = ReturnType<typeof import('@actions/github').getOctokit>;

/** GitHub's REST API, seen from one repository. */
export interface GitHubClient {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
}

export interface GitHubClientOptions {
  readonly token: string;
  /** GITHUB_API_URL: `https://api.github.com`, or a server of one's own. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Milliseconds before the first repetition of a call that failed; later ones wait 4 and 9 times as long. */
  readonly retryAfterMs?: number;
}

/** What an error of GitHub's becomes: a WorldError that remembers the status. */
export class GitHubError extends WorldError {
  /** HTTP status; undefined if no answer came. */
  readonly status: number | undefined;

  constructor(message: string, options: { status: number | undefined; help: string; cause: unknown }) {
    super(message, { help: options.help, cause: options.cause });
    this.name = 'GitHubError';
    this.status = options.status;
  }
}

const RETRY_AFTER_MS = 1000;
const MAX_REPETITIONS = 3;

/** Longest pause that a rate limit is waited for, in seconds: longer ones are a message to the user. */
const LONGEST_RATE_LIMIT_WAIT_SECONDS = 60;

/** Answers that no repetition changes. 409 is here because it means that somebody was faster: the caller's business. */
const NEVER_REPEATED = [400, 401, 403, 404, 409, 410, 413, 422, 429, 451];

/** Connects to GitHub: repeats what is worth repeating, and waits for short rate limits. */
export async function createGitHubClient(options: GitHubClientOptions): Promise<GitHubClient> {
  const [owner, repo, ...rest] = options.repository.split('/');
  if (owner === undefined || repo === undefined || owner === '' || repo === '' || rest.length > 0) {
    throw new TypeError(`A repository is owner/name, not ${options.repository}.`);
  }
  // Loaded late: the CLI and most of a run never need them, and they are a third of the start.
  const { GitHub, getOctokitOptions } = await import('@actions/github/lib/utils');
  const { retry } = await import('@octokit/plugin-retry');
  const base = options.retryAfterMs ?? RETRY_AFTER_MS;
  const Client = GitHub.plugin(waitForRateLimit, retry);
  const octokit = new Client(
    getOctokitOptions(options.token, {
      baseUrl: options.apiUrl.replace(/\/+$/u, ''),
      userAgent: 'mlgate',
      retry: { doNotRetry: NEVER_REPEATED, retries: MAX_REPETITIONS, retryAfterBaseValue: base },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    }),
  );
  return { octokit, owner, repo };
}

/** Octokit's own log lines are not ours to print: what matters comes back as an error. */
function ignore(): void {}

interface FailedRequest {
  readonly status?: number;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
  readonly request?: { request?: Record<string, unknown> };
}

/**
 * Asks the retry plugin to wait as long as a rate limit says. The plugin's own schedule ignores `retry-after`
 * (docs.github.com, "Best practices for using the REST API", says to wait for it). Registered before the plugin,
 * so that this hook runs inside the plugin's loop.
 */
function waitForRateLimit(octokit: {
  hook: { error: (name: 'request', handler: (error: unknown) => never) => void };
}): void {
  octokit.hook.error('request', (error) => {
    const failed = error as FailedRequest;
    const seconds = Number(failed.response?.headers?.['retry-after']);
    const limited = failed.status === 429 || failed.status === 403;
    if (limited && seconds <= LONGEST_RATE_LIMIT_WAIT_SECONDS && failed.request !== undefined) {
      const asked = failed.request.request;
      failed.request.request = { ...asked, retries: asked?.['retries'] ?? 1, retryAfter: seconds };
    }
    throw error;
  });
}

/** A permission of the token, in the words of a workflow file: `pull-requests: write`. */
export type PermissionLine = `${string}: ${'read' | 'write'}`;

/**
 * Calls GitHub and turns its errors into GitHubErrors that say what was being done and what cures it.
 * `doing` completes "Could not …"; `needs` is the permission that the call takes.
 */
export async function callGitHub<T>(
  doing: string,
  needs: PermissionLine,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainGitHubFailure(error, doing, needs);
  }
}

/** As `callGitHub`, but undefined where GitHub says that there is no such thing. */
export async function findOnGitHub<T>(
  doing: string,
  needs: PermissionLine,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await callGitHub(doing, needs, call);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}

function explainGitHubFailure(error: unknown, doing: string, needs: PermissionLine): unknown {
  if (!(error instanceof Error) || !('status' in error)) return error;
  const { response } = error as FailedRequest;
  const answered = response !== undefined;
  const status = answered ? Number(error.status) : undefined;
  const said = error.message.replaceAll(/\s+/gu, ' ').slice(0, 300);
  const problem = answered
    ? `GitHub answered ${status}: ${said}`
    : `the connection to GitHub failed: ${said}`;
  const help = adviseOn(status, said, response?.headers ?? {}, needs);
  return new GitHubError(`Could not ${doing}: ${problem}`, { status, help, cause: error });
}

function adviseOn(
  status: number | undefined,
  said: string,
  headers: Readonly<Record<string, unknown>>,
  needs: PermissionLine,
): string {
  if (status === undefined) return 'Check the network, the proxy and GITHUB_API_URL, and run the job again.';
  if (status === 401) return 'The token is missing, wrong or expired: pass a valid one.';
  if (status === 429 || headers['x-ratelimit-remaining'] === '0' || /rate limit/iu.test(said)) {
    return 'The rate limit of this token is used up: run the job again later, or with fewer jobs at once.';
  }
  if (status === 403) {
    return `Give the job this permission:\n\npermissions:\n  ${needs}\n\nA pull request from a fork never gets it: there, the comment workflow does this part.`;
  }
  if (status === 404) {
    return `Check that it exists and that the job has this permission, without which GitHub hides it:\n\npermissions:\n  ${needs}`;
  }
  if (status >= 500) return 'GitHub has a problem: see its status page and run the job again.';
  return 'This is not expected: report it with the message above.';
}
