/** How tests fill a fake GitHub: repositories over real bare ones, tokens, pull requests, runs, artifacts. */
import { rm } from 'node:fs/promises';
import { createBareRepository, runGit } from '../git-repository.ts';
import { addArtifact, type StoredArtifact } from '../results-service/artifact-store.ts';
import { createZip } from '../zip.ts';
import { resolveCommit } from './git-objects.ts';
import { refreshPullRequest } from './pull-request-refs.ts';
import {
  requireRepository,
  takeId,
  takeTime,
  type Account,
  type CommentState,
  type EnvironmentState,
  type FakeGitHubState,
  type Permissions,
  type PullRequestState,
  type RepositoryState,
  type TokenState,
  type WorkflowRunState,
} from './state.ts';

/** The account behind every GITHUB_TOKEN. */
export const ACTIONS_BOT: Account = { login: 'github-actions[bot]', type: 'Bot' };

export interface NewRepository {
  readonly private?: boolean;
  /** `owner/name` of what it is a fork of; its branches are copied. */
  readonly parent?: string;
  /** A bare repository that exists already; otherwise an empty one is made. */
  readonly gitDirectory?: string;
}

/**
 * Adds `owner/name`, private unless said otherwise: then reading needs permissions too, so that a workflow's
 * `permissions:` are tested in the hard case.
 */
export async function addRepository(
  state: FakeGitHubState,
  fullName: string,
  options: NewRepository = {},
): Promise<RepositoryState> {
  const [owner = '', name = ''] = fullName.split('/');
  const gitDirectory = options.gitDirectory ?? (await createBareRepository());
  if (options.parent !== undefined) {
    const parent = requireRepository(state, options.parent);
    await runGit(gitDirectory, ['fetch', '--quiet', parent.gitDirectory, 'refs/heads/*:refs/heads/*']);
  }
  const repository: RepositoryState = {
    id: takeId(state),
    owner,
    name,
    fullName,
    private: options.private ?? true,
    parent: options.parent ?? null,
    defaultBranch: 'main',
    gitDirectory,
    collaborators: new Map(),
    pullRequests: [],
    comments: [],
    statuses: [],
    runs: [],
    environments: [],
    releases: [],
  };
  state.repositories.push(repository);
  return repository;
}

/** Removes the bare repositories of every repository: for the end of a test. */
export async function removeRepositories(state: FakeGitHubState): Promise<void> {
  for (const { gitDirectory } of state.repositories) await rm(gitDirectory, { recursive: true, force: true });
}

export interface NewToken {
  readonly account?: Account;
  readonly app?: string | null;
  readonly permissions?: Permissions;
  readonly repositories?: readonly string[] | 'all';
}

/** What a job's GITHUB_TOKEN is: the bot's, with the permissions of the job, for one repository. */
export function addWorkflowToken(
  state: FakeGitHubState,
  token: string,
  repository: string,
  permissions: Permissions,
): TokenState {
  return addToken(state, token, {
    account: ACTIONS_BOT,
    app: 'github-actions',
    permissions,
    repositories: [repository],
  });
}

/** Any other token: by default a person's that may do nothing. */
export function addToken(state: FakeGitHubState, token: string, options: NewToken = {}): TokenState {
  const added: TokenState = {
    token,
    account: options.account ?? { login: 'octocat', type: 'User' },
    app: options.app ?? null,
    permissions: options.permissions ?? {},
    repositories: options.repositories ?? 'all',
  };
  state.tokens.push(added);
  return added;
}

export interface NewPullRequest {
  /** Branch of the head. */
  readonly head: string;
  /** `owner/name` of the head's repository, for a fork; the repository itself by default. */
  readonly headRepository?: string;
  readonly base?: string;
  readonly title?: string;
  readonly author?: Account;
  readonly draft?: boolean;
}

/** Opens a pull request between branches that exist; makes refs/pull/N/head and refs/pull/N/merge. */
export async function addPullRequest(
  state: FakeGitHubState,
  repository: RepositoryState,
  options: NewPullRequest,
): Promise<PullRequestState> {
  const pull: PullRequestState = {
    number: repository.pullRequests.length + 1,
    title: options.title ?? 'A change',
    body: null,
    state: 'open',
    merged: false,
    draft: options.draft ?? false,
    author: options.author ?? { login: 'contributor', type: 'User' },
    head: { repository: options.headRepository ?? repository.fullName, ref: options.head },
    base: { ref: options.base ?? repository.defaultBranch },
    headSha: '',
    baseSha: '',
    mergeSha: null,
    createdAt: takeTime(state),
  };
  await refreshPullRequest(state, repository, pull);
  if (pull.headSha === '') throw new Error(`No branch ${options.head}, or no ${pull.base.ref}.`);
  repository.pullRequests.push(pull);
  return pull;
}

/** A comment that somebody wrote before the test begins. */
export function addComment(
  state: FakeGitHubState,
  repository: RepositoryState,
  comment: Pick<CommentState, 'issueNumber' | 'body'> & Partial<Pick<CommentState, 'author' | 'app'>>,
): CommentState {
  const time = takeTime(state);
  const added: CommentState = {
    id: takeId(state),
    issueNumber: comment.issueNumber,
    body: comment.body,
    author: comment.author ?? { login: 'octocat', type: 'User' },
    app: comment.app ?? null,
    createdAt: time,
    updatedAt: time,
  };
  repository.comments.push(added);
  return added;
}

export type NewRun = Partial<Omit<WorkflowRunState, 'runNumber'>>;

/** A run: by default a finished, good push to main of `.github/workflows/gate.yml`, at the tip of main. */
export async function addRun(
  state: FakeGitHubState,
  repository: RepositoryState,
  options: NewRun = {},
): Promise<WorkflowRunState> {
  const headBranch = options.headBranch === undefined ? repository.defaultBranch : options.headBranch;
  const headRepository = options.headRepository ?? repository.fullName;
  const { gitDirectory } = requireRepository(state, headRepository);
  const headSha = options.headSha ?? (await resolveCommit(gitDirectory, headBranch ?? 'HEAD')) ?? '';
  const time = takeTime(state);
  const run: WorkflowRunState = {
    id: takeId(state),
    name: 'gate',
    path: '.github/workflows/gate.yml',
    event: 'push',
    status: 'completed',
    conclusion: 'success',
    attempt: 1,
    runNumber: repository.runs.length + 1,
    actor: { login: 'octocat', type: 'User' },
    createdAt: time,
    updatedAt: time,
    approvals: [],
    ...options,
    headBranch,
    headRepository,
    headSha,
  };
  repository.runs.push(run);
  return run;
}

/** An artifact of a run: a zip of these files. */
export function addRunArtifact(
  state: FakeGitHubState,
  runId: number,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): StoredArtifact {
  const entries = Object.entries(files).map(([path, content]) => ({ name: path, content }));
  return addArtifact(state.artifacts, { runId, name, bytes: createZip(entries), createdAt: takeTime(state) });
}

export function addEnvironment(
  state: FakeGitHubState,
  repository: RepositoryState,
  name: string,
  options: Partial<Omit<EnvironmentState, 'id' | 'name'>> = {},
): EnvironmentState {
  const environment: EnvironmentState = {
    id: takeId(state),
    name,
    reviewers: [],
    preventSelfReview: false,
    waitMinutes: 0,
    ...options,
  };
  repository.environments.push(environment);
  return environment;
}
