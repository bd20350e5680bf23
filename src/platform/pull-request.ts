import type { WorkflowRunEvent } from './event.ts';
import { callGitHub, findOnGitHub, type GitHubClient } from './github-client.ts';

/** The pull request that a run was for, as GitHub's API tells it. */
export interface FoundPullRequest {
  readonly number: number;
  readonly headSha: string;
  /** Undefined if that repository was deleted. */
  readonly headRepositoryId: number | undefined;
  /** Tip of the base branch now. */
  readonly baseSha: string;
  readonly baseRef: string;
  /** Whether the head is in another repository. */
  readonly fromFork: boolean;
}

export type PullRequestSearch =
  | { readonly kind: 'found'; readonly pullRequest: FoundPullRequest }
  | { readonly kind: 'none'; readonly reason: string };

const PULLS_PER_PAGE = 100;

/** Numbers of the pull requests that a commit belongs to: of a commit on main, those that brought it there. */
export async function listPullRequestsOfCommit(
  client: GitHubClient,
  commit: string,
): Promise<readonly number[]> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub(
    'ask which pull requests a commit belongs to',
    'pull-requests: read',
    () =>
      octokit.rest.repos.listPullRequestsAssociatedWithCommit({
        owner,
        repo,
        commit_sha: commit,
        per_page: PULLS_PER_PAGE,
      }),
  );
  return data.map(({ number }) => number);
}

/**
 * The open pull request whose head is what the run tested. Found by the head's owner and branch and then held against
 * the head's commit and repository, all of which GitHub set: never by a number that the run itself uploaded, which
 * a fork could choose, nor by `workflow_run.pull_requests`, which is empty for forks. Exactly one must fit.
 */
export async function findPullRequest(
  client: GitHubClient,
  run: WorkflowRunEvent,
): Promise<PullRequestSearch> {
  if (run.event !== 'pull_request') {
    return { kind: 'none', reason: `The run was for the event ${run.event}, not for a pull request.` };
  }
  if (run.headBranch === undefined || run.headRepositoryOwner === undefined) {
    return { kind: 'none', reason: 'The head of the run has been deleted.' };
  }
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('look for the pull request', 'pull-requests: read', () =>
    octokit.rest.pulls.list({
      owner,
      repo,
      state: 'open',
      head: `${run.headRepositoryOwner}:${run.headBranch}`,
      per_page: PULLS_PER_PAGE,
    }),
  );
  const ofRepository = data.filter(({ head }) => head.repo?.id === run.headRepositoryId);
  const fitting = ofRepository.filter(({ head }) => head.sha === run.headSha);
  const [pull, ...others] = fitting;
  if (pull === undefined) {
    const moved = ofRepository.length > 0;
    return {
      kind: 'none',
      reason: moved
        ? `The pull request has a newer commit than ${run.headSha}: this run is superseded.`
        : `No open pull request has the commit ${run.headSha} as its head.`,
    };
  }
  if (others.length > 0) {
    const numbers = fitting.map(({ number }) => `#${number}`).join(', ');
    return { kind: 'none', reason: `Several pull requests have this head: ${numbers}.` };
  }
  return { kind: 'found', pullRequest: toFound(pull) };
}

interface ApiPull {
  readonly number: number;
  readonly head: { readonly sha: string; readonly repo: { readonly id: number } | null };
  readonly base: { readonly sha: string; readonly ref: string; readonly repo: { readonly id: number } };
}

function toFound({ number, head, base }: ApiPull): FoundPullRequest {
  return {
    number,
    headSha: head.sha,
    headRepositoryId: head.repo?.id,
    baseSha: base.sha,
    baseRef: base.ref,
    fromFork: head.repo?.id !== base.repo.id,
  };
}

/** An open pull request by its number; undefined if there is none. */
export async function readPullRequest(
  client: GitHubClient,
  number: number,
): Promise<FoundPullRequest | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read pull request ${number}`, 'pull-requests: read', () =>
    octokit.rest.pulls.get({ owner, repo, pull_number: number }),
  );
  return answer?.data.state === 'open' ? toFound(answer.data) : undefined;
}
