/**
 * Everything that the fake GitHub knows, as plain objects that tests seed, change and read.
 * What git knows (refs, commits, trees) is not here: it is in real bare repositories.
 */
import type { ArtifactStore } from '../results-service/artifact-store.ts';

export type PermissionName =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'issues'
  | 'pull_requests'
  | 'statuses';

/** GitHub's levels; `write` includes `read`. */
export type PermissionLevel = 'read' | 'write';

export type Permissions = Readonly<Partial<Record<PermissionName, PermissionLevel>>>;

export interface Account {
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
}

/** A token and whom it speaks for. */
export interface TokenState {
  readonly token: string;
  readonly account: Account;
  /** The slug of the app that acts; null for a person's token. */
  readonly app: string | null;
  permissions: Permissions;
  /** Repositories (`owner/name`) that it reaches. */
  readonly repositories: readonly string[] | 'all';
}

export interface PullRequestState {
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  merged: boolean;
  draft: boolean;
  readonly author: Account;
  readonly head: { readonly repository: string; readonly ref: string };
  readonly base: { readonly ref: string };
  /** The head as of the last look; while the pull request is open it follows the branch. */
  headSha: string;
  baseSha: string;
  /** The test merge; null if the branches conflict. */
  mergeSha: string | null;
  readonly createdAt: string;
}

export interface CommentState {
  readonly id: number;
  readonly issueNumber: number;
  body: string;
  readonly author: Account;
  readonly app: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface StatusState {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface WorkflowRunState {
  readonly id: number;
  name: string;
  /** The workflow's file: `.github/workflows/gate.yml`. */
  path: string;
  event: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  headBranch: string | null;
  headSha: string;
  /** `owner/name`; a fork's run has the fork here. */
  headRepository: string;
  attempt: number;
  readonly runNumber: number;
  actor: Account;
  readonly createdAt: string;
  updatedAt: string;
  /** Who approved which environments (`GET …/runs/{run_id}/approvals`). */
  approvals: {
    readonly environment: string;
    readonly user: Account;
    readonly state: 'approved' | 'rejected';
  }[];
}

export interface EnvironmentState {
  readonly id: number;
  readonly name: string;
  /** Logins that may approve; empty: no approval is asked for. */
  reviewers: readonly string[];
  preventSelfReview: boolean;
  waitMinutes: number;
}

export interface ReleaseState {
  readonly id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  readonly author: Account;
  readonly createdAt: string;
}

export interface RepositoryState {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`. */
  readonly fullName: string;
  private: boolean;
  /** `owner/name` of what it was forked from; null for an original. */
  readonly parent: string | null;
  defaultBranch: string;
  /** The bare repository behind the git endpoints. */
  readonly gitDirectory: string;
  /** Who may do more than read, by login. */
  readonly collaborators: Map<string, 'admin' | 'write' | 'read'>;
  readonly pullRequests: PullRequestState[];
  readonly comments: CommentState[];
  readonly statuses: StatusState[];
  readonly runs: WorkflowRunState[];
  readonly environments: EnvironmentState[];
  readonly releases: ReleaseState[];
}

/** Something that goes wrong, or happens first, for the next requests of one operation. */
export interface Fault {
  /** The operation's id in GitHub's description, such as `git/update-ref`; `*` is any. */
  readonly operation: string;
  /** How many requests it meets; it is removed after the last. */
  times: number;
  /** Runs before the request is looked at: a second writer that is faster, for example. */
  readonly before?: () => Promise<void>;
  /** The answer instead of the real one. */
  readonly respond?: {
    readonly status: number;
    readonly message: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Closes the connection: before anything happened, or after the effect and without an answer. */
  readonly drop?: 'before' | 'after';
}

export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The operation's id in GitHub's description; undefined if it has no such operation. */
  readonly operation: string | undefined;
  readonly body: unknown;
  /** The token's account; undefined for a request without a token. */
  readonly login: string | undefined;
  status: number;
}

export interface FakeGitHubState {
  readonly repositories: RepositoryState[];
  readonly tokens: TokenState[];
  readonly artifacts: ArtifactStore;
  readonly faults: Fault[];
  readonly requests: RecordedRequest[];
  /** What did not fit GitHub's description: a request of ours, or an answer of this fake. Must stay empty. */
  readonly violations: string[];
  /** The next id of anything. */
  nextId: number;
  /** Milliseconds since 1970; moves by a second with every timestamp that is made. */
  now: number;
}

const FIRST_ID = 1001;
const START = Date.parse('2026-11-02T08:00:00Z');
const MILLISECONDS_PER_TICK = 1000;

export function createState(artifacts: ArtifactStore): FakeGitHubState {
  return {
    repositories: [],
    tokens: [],
    artifacts,
    faults: [],
    requests: [],
    violations: [],
    nextId: FIRST_ID,
    now: START,
  };
}

export function takeId(state: FakeGitHubState): number {
  state.nextId += 1;
  return state.nextId - 1;
}

/** The next moment, as GitHub writes it: UTC, seconds, no fraction. */
export function takeTime(state: FakeGitHubState): string {
  state.now += MILLISECONDS_PER_TICK;
  return new Date(state.now).toISOString().replace(/\.\d+Z$/u, 'Z');
}

/** The repository `owner/name`; throws if a test names one that it did not add. */
export function requireRepository(state: FakeGitHubState, fullName: string): RepositoryState {
  const found = state.repositories.find(
    (repository) => repository.fullName.toLowerCase() === fullName.toLowerCase(),
  );
  if (found === undefined) throw new Error(`The fake GitHub has no repository ${fullName}.`);
  return found;
}
