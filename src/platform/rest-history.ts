import { callGitHub, findOnGitHub, type GitHubClient } from './github-client.ts';
import type { History } from './history.ts';

const COMMITS_PER_PAGE = 100;

/** Pages that are read at most for one walk: on a branch of merges most listed commits are not first parents. */
const MAX_PAGES = 10;

/** History through GitHub's REST API: a walk of 200 first parents costs two calls where commits are squashed. */
export function openRestHistory(client: GitHubClient): History {
  const parents = new Map<string, readonly string[]>();
  return {
    firstParents: (commit, limit) => walkFirstParents(client, parents, commit, limit),
    parentsOf: (commit) => findParents(client, parents, commit),
    mergeBase: (one, other) => findMergeBase(client, one, other),
  };
}

async function findParents(
  client: GitHubClient,
  parents: Map<string, readonly string[]>,
  commit: string,
): Promise<readonly string[] | undefined> {
  const known = parents.get(commit);
  if (known !== undefined) return known;
  const { octokit, owner, repo } = client;
  const answer = await findCommit(() => octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }));
  if (answer === undefined) return undefined;
  const found = answer.data.parents.map(({ sha }) => sha);
  parents.set(commit, found);
  return found;
}

function findCommit<T>(call: () => Promise<T>): Promise<T | undefined> {
  return findOnGitHub('read a commit', 'contents: read', call);
}

async function walkFirstParents(
  client: GitHubClient,
  parents: Map<string, readonly string[]>,
  start: string,
  limit: number,
): Promise<readonly string[]> {
  const walked: string[] = [];
  let next: string | undefined = start;
  let page = 1;
  let more = true;
  while (next !== undefined && walked.length < limit) {
    if (!parents.has(next) && more && page <= MAX_PAGES) {
      more = await readPage(client, parents, start, page);
      page += 1;
    } else {
      const known: readonly string[] | undefined = parents.get(next);
      // Named as a parent but not listed: history goes on, what is known of it ends here.
      if (known === undefined) return walked.length === 0 ? [] : [...walked, next];
      walked.push(next);
      next = known[0];
    }
  }
  return walked;
}

/** Adds a page of the commits that are reachable from `start`; false if there are no more. */
async function readPage(
  client: GitHubClient,
  parents: Map<string, readonly string[]>,
  start: string,
  page: number,
): Promise<boolean> {
  const { octokit, owner, repo } = client;
  const answer = await findCommit(() =>
    octokit.rest.repos.listCommits({ owner, repo, sha: start, per_page: COMMITS_PER_PAGE, page }),
  );
  for (const commit of answer?.data ?? []) {
    parents.set(
      commit.sha,
      commit.parents.map(({ sha }) => sha),
    );
  }
  return (answer?.data.length ?? 0) === COMMITS_PER_PAGE;
}

async function findMergeBase(client: GitHubClient, one: string, other: string): Promise<string | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub('compare two commits', 'contents: read', () =>
    octokit.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${one}...${other}`,
      // Of the comparison only the merge base matters: its commits and files can be many.
      per_page: 1,
    }),
  );
  return answer?.data.merge_base_commit.sha;
}

/** The commit at the tip of a branch; undefined if there is no such branch. */
export async function findBranchTip(client: GitHubClient, branch: string): Promise<string | undefined> {
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read the branch ${branch}`, 'contents: read', () =>
    octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }),
  );
  return answer?.data.object.sha;
}

/** The repository's number and default branch. */
export async function readRepository(
  client: GitHubClient,
): Promise<{ readonly id: number; readonly defaultBranch: string }> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('read the repository', 'contents: read', () =>
    octokit.rest.repos.get({ owner, repo }),
  );
  return { id: data.id, defaultBranch: data.default_branch };
}
