/** Pull requests: reading one, listing with filters, and the pull requests of a commit. */
import type { Call, Handler, View } from '../call.ts';
import { notFound, pathNumber } from '../call.ts';
import { paginate } from '../paging.ts';
import { refreshPullRequest } from '../pull-request-refs.ts';
import { nodeId, renderAccount } from '../render/accounts.ts';
import { ownerOf, renderFullRepository, repositoryPage, repositoryUrl } from '../render/repositories.ts';
import { requireRepository, type PullRequestState, type RepositoryState } from '../state.ts';

function renderSide(view: View, repository: RepositoryState, ref: string, sha: string) {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: renderAccount(view.baseUrl, ownerOf(repository)),
    repo: renderFullRepository(view.baseUrl, repository),
  };
}

function pullLinks(url: string, page: string, pull: PullRequestState) {
  const own = `${url}/pulls/${pull.number}`;
  return {
    url: own,
    html_url: `${page}/pull/${pull.number}`,
    diff_url: `${page}/pull/${pull.number}.diff`,
    patch_url: `${page}/pull/${pull.number}.patch`,
    issue_url: `${url}/issues/${pull.number}`,
    commits_url: `${own}/commits`,
    review_comments_url: `${own}/comments`,
    review_comment_url: `${url}/pulls/comments{/number}`,
    comments_url: `${url}/issues/${pull.number}/comments`,
    statuses_url: `${url}/statuses/${pull.headSha}`,
  };
}

/** The names under `_links`, and the field of the pull request that each repeats. */
const LINK_NAMES = {
  self: 'url',
  html: 'html_url',
  issue: 'issue_url',
  comments: 'comments_url',
  review_comments: 'review_comments_url',
  review_comment: 'review_comment_url',
  commits: 'commits_url',
  statuses: 'statuses_url',
} as const;

/** The schema `pull-request-simple`. */
function renderPull(view: View, pull: PullRequestState) {
  const links = pullLinks(
    repositoryUrl(view.baseUrl, view.repository),
    repositoryPage(view.repository),
    pull,
  );
  const closedAt = pull.state === 'closed' ? pull.createdAt : null;
  return {
    ...links,
    id: view.repository.id * 1000 + pull.number,
    node_id: nodeId('PullRequest', pull.number),
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: renderAccount(view.baseUrl, pull.author),
    body: pull.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
    closed_at: closedAt,
    merged_at: pull.merged ? closedAt : null,
    merge_commit_sha: pull.mergeSha,
    draft: pull.draft,
    head: renderSide(view, requireRepository(view.state, pull.head.repository), pull.head.ref, pull.headSha),
    base: renderSide(view, view.repository, pull.base.ref, pull.baseSha),
    _links: Object.fromEntries(
      Object.entries(LINK_NAMES).map(([name, field]) => [name, { href: links[field] }]),
    ),
    author_association: pull.head.repository === view.repository.fullName ? 'MEMBER' : 'CONTRIBUTOR',
    auto_merge: null,
  };
}

/** The schema `pull-request`. */
export function renderFullPull(view: View, pull: PullRequestState) {
  const comments = view.repository.comments.filter(({ issueNumber }) => issueNumber === pull.number);
  return {
    ...renderPull(view, pull),
    merged: pull.merged,
    mergeable: pull.mergeSha !== null,
    mergeable_state: pull.mergeSha === null ? 'dirty' : 'clean',
    merged_by: null,
    comments: comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}

async function refreshAll(call: Call): Promise<void> {
  for (const pull of call.repository.pullRequests)
    await refreshPullRequest(call.state, call.repository, pull);
}

export const getPull: Handler = async (call) => {
  const number = pathNumber(call, 'pull_number');
  const pull = call.repository.pullRequests.find((candidate) => candidate.number === number);
  if (pull === undefined) throw notFound();
  await refreshPullRequest(call.state, call.repository, pull);
  return { status: 200, body: renderFullPull(call, pull) };
};

/** GitHub ignores a `head` filter without an owner, and then lists everything. */
function hasHead(call: Call, pull: PullRequestState, head: string | undefined): boolean {
  if (head === undefined || !head.includes(':')) return true;
  const { owner } = requireRepository(call.state, pull.head.repository);
  return head === `${owner}:${pull.head.ref}`;
}

export const listPulls: Handler = async (call) => {
  await refreshAll(call);
  const { state = 'open', head, base } = call.query;
  const all = call.repository.pullRequests
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => hasHead(call, pull, head))
    .filter((pull) => base === undefined || pull.base.ref === base)
    .toSorted((left, right) => right.number - left.number);
  const { items, headers } = paginate(call, all);
  return { status: 200, body: items.map((pull) => renderPull(call, pull)), headers };
};

/** Finds only heads that live in this repository: for a fork's commit GitHub answers with an empty list. */
export const listPullsOfCommit: Handler = async (call) => {
  await refreshAll(call);
  const sha = call.params['commit_sha'];
  const found = call.repository.pullRequests.filter(
    (pull) => pull.headSha === sha && pull.head.repository === call.repository.fullName,
  );
  const { items, headers } = paginate(call, found);
  return { status: 200, body: items.map((pull) => renderPull(call, pull)), headers };
};
