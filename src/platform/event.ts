import type { EvidenceSource } from '../schemas/evidence.generated.ts';
import { UserError } from '../evidence/errors.ts';
import { isCommitId } from './git.ts';
import { readTextFile } from './read-text-file.ts';

/** What GitHub says about the run that this process is in. */
export interface RunContext {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: number;
  /** GitHub's event name. */
  readonly event: string;
  /** GITHUB_SHA: on a pull request the test merge, on `workflow_run` the tip of the default branch. */
  readonly commit: string;
  /** Head of the pull request; of any other event, the commit itself. */
  readonly headCommit: string;
  /** GITHUB_REF, in full. */
  readonly ref: string;
  /** Path of the caller's workflow file; undefined if the runner does not say. */
  readonly workflow: string | undefined;
  readonly run: number;
  readonly attempt: number;
  readonly pullRequest: PullRequestEvent | undefined;
  readonly mergeGroup: { readonly baseSha: string; readonly baseRef: string } | undefined;
  /** The run that finished and so started this one. */
  readonly workflowRun: WorkflowRunEvent | undefined;
  /** The new comment on a pull request that started this run. */
  readonly comment: CommentEvent | undefined;
  readonly defaultBranch: string | undefined;
  readonly actor: string;
  readonly runUrl: string;
}

interface PullRequestEvent {
  readonly number: number;
  readonly headSha: string;
  /** Tip of the base branch when the event happened; not the merge base. */
  readonly baseSha: string;
  readonly baseRef: string;
  /** Whether the head is in another repository, or in one that was deleted. */
  readonly fromFork: boolean;
}

/**
 * Facts that GitHub itself sets about a finished run. `headBranch` is a fact too, but its text is the contributor's
 * choice. The conclusion is left out on purpose: a fork can edit the workflow that reports it.
 */
export interface WorkflowRunEvent {
  readonly id: number;
  readonly attempt: number;
  readonly event: string;
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | undefined;
  readonly headRepositoryId: number | undefined;
  readonly headRepositoryOwner: string | undefined;
  readonly repositoryId: number;
  readonly url: string;
  /** When this attempt began, RFC 3339; undefined if the event does not say. */
  readonly startedAt: string | undefined;
}

/** A comment that somebody has just written on a pull request. An edited one is none: nobody sees when it was edited. */
export interface CommentEvent {
  /** Number of the pull request. */
  readonly issue: number;
  readonly body: string;
  /** Login of who wrote it. */
  readonly author: string;
  /** GitHub's type of the account: `User`, `Bot`, … */
  readonly authorType: string;
  /** When it was written, RFC 3339. */
  readonly createdAt: string | undefined;
}

/** Largest event that is read, in bytes; GitHub caps webhook payloads at 25 MB. */
const MAX_EVENT_BYTES = 25_000_000;

/**
 * Reads the run's context from the environment and the event file that a runner provides.
 * Throws a UserError that names what is missing: outside a workflow there is no such context.
 */
export async function readRunContext(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunContext> {
  const path = need(environment, 'GITHUB_EVENT_PATH');
  const text = await readTextFile(path, { what: 'the event', maxBytes: MAX_EVENT_BYTES });
  return parseRunContext(environment, parseObject(text, path));
}

function parseObject(text: string, path: string): Json {
  try {
    return asObject(JSON.parse(text) as unknown) ?? {};
  } catch (error) {
    throw new UserError(`The event file ${path} is not JSON.`, { cause: error });
  }
}

type Json = Readonly<Record<string, unknown>>;

function parseRunContext(
  environment: Readonly<Record<string, string | undefined>>,
  payload: Json,
): RunContext {
  const repository = need(environment, 'GITHUB_REPOSITORY');
  const repositoryId =
    asNumber(environment['GITHUB_REPOSITORY_ID']) ?? asNumber(at(payload, 'repository', 'id'));
  if (repositoryId === undefined) throw missing('GITHUB_REPOSITORY_ID');
  const commit = needCommit(environment['GITHUB_SHA'], 'GITHUB_SHA');
  const pullRequest = parsePullRequest(payload, repositoryId);
  const run = asNumber(need(environment, 'GITHUB_RUN_ID'));
  if (run === undefined) throw missing('GITHUB_RUN_ID');
  const server = (environment['GITHUB_SERVER_URL'] ?? 'https://github.com').replace(/\/+$/u, '');
  const runsUrl = `${server}/${repository}/actions/runs`;
  return {
    repository,
    repositoryId,
    event: need(environment, 'GITHUB_EVENT_NAME'),
    commit,
    headCommit: pullRequest?.headSha ?? asText(at(payload, 'merge_group', 'head_sha')) ?? commit,
    ref: need(environment, 'GITHUB_REF'),
    workflow: parseWorkflowPath(environment['GITHUB_WORKFLOW_REF'], repository),
    run,
    attempt: asNumber(environment['GITHUB_RUN_ATTEMPT']) ?? 1,
    pullRequest,
    mergeGroup: parseMergeGroup(payload),
    workflowRun: parseWorkflowRun(payload, runsUrl),
    comment: parseComment(payload),
    defaultBranch: asText(at(payload, 'repository', 'default_branch')),
    actor: environment['GITHUB_ACTOR'] ?? 'unknown',
    runUrl: `${runsUrl}/${run}`,
  };
}

/** What evidence claims about its origin; see EvidenceSource. */
export function toEvidenceSource(context: RunContext): EvidenceSource {
  return {
    repository: context.repository,
    repositoryId: context.repositoryId,
    commit: context.commit,
    headCommit: context.headCommit,
    ref: context.ref,
    event: context.event,
    ...(context.workflow === undefined ? {} : { workflow: context.workflow }),
    run: context.run,
    attempt: context.attempt,
  };
}

/** `acme/churn/.github/workflows/gate.yml@refs/heads/main` → `.github/workflows/gate.yml`. */
function parseWorkflowPath(ref: string | undefined, repository: string): string | undefined {
  const path = ref?.split('@')[0];
  const prefix = `${repository}/`;
  return path?.toLowerCase().startsWith(prefix.toLowerCase()) === true
    ? path.slice(prefix.length)
    : undefined;
}

function parsePullRequest(payload: Json, repositoryId: number): PullRequestEvent | undefined {
  const number = asNumber(at(payload, 'pull_request', 'number'));
  if (number === undefined) return undefined;
  return {
    number,
    headSha: needCommit(at(payload, 'pull_request', 'head', 'sha'), 'pull_request.head.sha'),
    baseSha: needCommit(at(payload, 'pull_request', 'base', 'sha'), 'pull_request.base.sha'),
    baseRef: asText(at(payload, 'pull_request', 'base', 'ref')) ?? '',
    fromFork: asNumber(at(payload, 'pull_request', 'head', 'repo', 'id')) !== repositoryId,
  };
}

function parseMergeGroup(payload: Json): RunContext['mergeGroup'] {
  if (asObject(payload['merge_group']) === undefined) return undefined;
  return {
    baseSha: needCommit(at(payload, 'merge_group', 'base_sha'), 'merge_group.base_sha'),
    baseRef: asText(at(payload, 'merge_group', 'base_ref')) ?? '',
  };
}

function parseComment(payload: Json): CommentEvent | undefined {
  const issue = asNumber(at(payload, 'issue', 'number'));
  const body = asText(at(payload, 'comment', 'body'));
  const author = asText(at(payload, 'comment', 'user', 'login'));
  const isOfPullRequest = asObject(at(payload, 'issue', 'pull_request')) !== undefined;
  if (payload['action'] !== 'created' || !isOfPullRequest) return undefined;
  if (issue === undefined || body === undefined || author === undefined) return undefined;
  const authorType = asText(at(payload, 'comment', 'user', 'type')) ?? '';
  return { issue, body, author, authorType, createdAt: asText(at(payload, 'comment', 'created_at')) };
}

function parseWorkflowRun(payload: Json, runsUrl: string): WorkflowRunEvent | undefined {
  const run = asObject(payload['workflow_run']);
  if (run === undefined) return undefined;
  const id = asNumber(run['id']);
  const repositoryId = asNumber(at(run, 'repository', 'id'));
  if (id === undefined || repositoryId === undefined) throw missing('workflow_run.id');
  return {
    id,
    attempt: asNumber(run['run_attempt']) ?? 1,
    event: asText(run['event']) ?? '',
    path: (asText(run['path']) ?? '').split('@')[0] ?? '',
    headSha: needCommit(run['head_sha'], 'workflow_run.head_sha'),
    headBranch: asText(run['head_branch']),
    headRepositoryId: asNumber(at(run, 'head_repository', 'id')),
    headRepositoryOwner: asText(at(run, 'head_repository', 'owner', 'login')),
    repositoryId,
    url: `${runsUrl}/${id}`,
    startedAt: asText(run['run_started_at']),
  };
}

function need(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw missing(name);
  return value;
}

function missing(name: string): UserError {
  return new UserError(`The run does not say its \`${name}\`.`, {
    help: 'Run this action in a GitHub workflow; outside one, use the command line.',
  });
}

function needCommit(value: unknown, name: string): string {
  if (typeof value === 'string' && isCommitId(value)) return value;
  throw missing(name);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => asObject(inner)?.[key], value);
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A positive whole number, or its text. */
function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
