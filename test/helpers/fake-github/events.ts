/** Webhook payloads of what the fake knows: what a runner writes to GITHUB_EVENT_PATH. */
import type { CacheScope } from '../results-service/runtime-token.ts';
import type { View } from './call.ts';
import { renderFullPull } from './endpoints/pulls.ts';
import { renderRun } from './endpoints/runs.ts';
import { resolveCommit } from './git-objects.ts';
import { refreshPullRequest } from './pull-request-refs.ts';
import { renderAccount } from './render/accounts.ts';
import { renderFullRepository } from './render/repositories.ts';
import type { FakeGitHub } from './server.ts';
import {
  takeTime,
  type Account,
  type PullRequestState,
  type RepositoryState,
  type WorkflowRunState,
} from './state.ts';

/** An event as a job sees it: its name, its payload, and the ref and commit that it stands for. */
export interface WorkflowEvent {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** GITHUB_REF. */
  readonly ref: string;
  /** GITHUB_SHA. */
  readonly sha: string;
  /** GITHUB_HEAD_REF and GITHUB_BASE_REF; empty but for pull requests. */
  readonly headRef: string;
  readonly baseRef: string;
}

/**
 * The caches that a job of this event reaches, as GitHub grants them: its own ref, which it may write, then for a
 * pull request its base, then the default branch.
 */
export function cacheScopesOf(event: WorkflowEvent, defaultBranch = 'main'): readonly CacheScope[] {
  const others = [event.baseRef, defaultBranch]
    .filter((branch) => branch !== '')
    .map((branch) => `refs/heads/${branch}`)
    .filter((ref) => ref !== event.ref);
  return [
    { ref: event.ref, writable: true },
    ...[...new Set(others)].map((ref) => ({ ref, writable: false })),
  ];
}

function viewOf(github: FakeGitHub, repository: RepositoryState): View {
  return { state: github.state, repository, baseUrl: github.url };
}

function commonPayload(view: View) {
  return {
    repository: renderFullRepository(view.baseUrl, view.repository),
    sender: renderAccount(view.baseUrl, { login: 'octocat', type: 'User' }),
  };
}

async function tipOf(repository: RepositoryState, ref: string): Promise<string> {
  const sha = await resolveCommit(repository.gitDirectory, ref);
  if (sha === undefined) throw new Error(`${repository.fullName} has no ${ref}.`);
  return sha;
}

/** A push to a branch, `main` by default, as it is now. */
export async function createPushEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  branch: string = repository.defaultBranch,
): Promise<WorkflowEvent> {
  const ref = `refs/heads/${branch}`;
  const sha = await tipOf(repository, ref);
  const payload = { ...commonPayload(viewOf(github, repository)), ref, after: sha, head_commit: { id: sha } };
  return { name: 'push', payload, ref, sha, headRef: '', baseRef: '' };
}

/** `pull_request`, at the test merge; throws if the branches conflict, as then no workflow runs. */
export async function createPullRequestEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  pull: PullRequestState,
): Promise<WorkflowEvent> {
  await refreshPullRequest(github.state, repository, pull);
  if (pull.mergeSha === null) throw new Error(`Pull request ${pull.number} has conflicts.`);
  const view = viewOf(github, repository);
  const payload = {
    ...commonPayload(view),
    action: 'synchronize',
    number: pull.number,
    pull_request: renderFullPull(view, pull),
  };
  return {
    name: 'pull_request',
    payload,
    ref: `refs/pull/${pull.number}/merge`,
    sha: pull.mergeSha,
    headRef: pull.head.ref,
    baseRef: pull.base.ref,
  };
}

/** `workflow_run`, completed: it stands for the tip of the default branch, whatever the run was about. */
export async function createWorkflowRunEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  run: WorkflowRunState,
): Promise<WorkflowEvent> {
  const view = viewOf(github, repository);
  const payload = {
    ...commonPayload(view),
    action: 'completed',
    workflow_run: await renderRun(view, run),
    workflow: { name: run.name, path: run.path },
  };
  const ref = `refs/heads/${repository.defaultBranch}`;
  return { name: 'workflow_run', payload, ref, sha: await tipOf(repository, ref), headRef: '', baseRef: '' };
}

/** `issue_comment`, created on a pull request: like `workflow_run`, it stands for the tip of the default branch. */
export async function createCommentEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  comment: {
    readonly number: number;
    readonly body: string;
    readonly author: Account;
    /** Now, where it is left out. */
    readonly createdAt?: string;
  },
): Promise<WorkflowEvent> {
  const view = viewOf(github, repository);
  const user = renderAccount(view.baseUrl, comment.author);
  const payload = {
    ...commonPayload(view),
    action: 'created',
    issue: { number: comment.number, pull_request: { url: `${view.baseUrl}/pulls/${comment.number}` } },
    comment: {
      id: 1,
      body: comment.body,
      user,
      author_association: 'MEMBER',
      created_at: comment.createdAt ?? takeTime(view.state),
    },
  };
  const ref = `refs/heads/${repository.defaultBranch}`;
  return { name: 'issue_comment', payload, ref, sha: await tipOf(repository, ref), headRef: '', baseRef: '' };
}

/** `merge_group`: a branch of the merge queue, made on a commit of main or on the group before it. */
export async function createMergeGroupEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  branch: string,
  baseSha: string,
): Promise<WorkflowEvent> {
  const ref = `refs/heads/${branch}`;
  const sha = await tipOf(repository, ref);
  const group = {
    head_sha: sha,
    head_ref: ref,
    base_sha: baseSha,
    base_ref: `refs/heads/${repository.defaultBranch}`,
  };
  const payload = {
    ...commonPayload(viewOf(github, repository)),
    action: 'checks_requested',
    merge_group: group,
  };
  return { name: 'merge_group', payload, ref, sha, headRef: '', baseRef: '' };
}

/** `workflow_dispatch` with inputs, on the default branch. */
export async function createDispatchEvent(
  github: FakeGitHub,
  repository: RepositoryState,
  inputs: Readonly<Record<string, string>> = {},
): Promise<WorkflowEvent> {
  const ref = `refs/heads/${repository.defaultBranch}`;
  const payload = { ...commonPayload(viewOf(github, repository)), ref, inputs };
  return {
    name: 'workflow_dispatch',
    payload,
    ref,
    sha: await tipOf(repository, ref),
    headRef: '',
    baseRef: '',
  };
}
