import { callGitHub, findOnGitHub, type GitHubClient } from './github-client.ts';
import type { History } from './history.ts';

const COMMITS_PER_PAGE = 100;

/** Pages that are read at most: on a branch of merges most listed commits are not first parents. */
const MAX_PAGES = 10;

/** What was read of a repository's history, which never changes. */
interface Session {
  readonly client: GitHubClient;
  /** Parents by commit. */
  readonly parents: Map<string, readonly string[]>;
  pages: number;
}

/**
 * History through GitHub's REST API, a page of 100 commits at a time: the page that tells a commit's parents also
 * holds most of what a walk from there needs next.
 */
export function openRestHistory(client: GitHubClient): History {
  const session: Session = { client, parents: new Map(), pages: 0 };
  return {
    walk: (commit) => walkFirstParents(session, commit),
    parentsOf: (commit) => findParents(session, commit),
    mergeBase: (one, other) => findMergeBase(client, one, other),
    horizon: async () =>
      await Promise.resolve(
        session.pages < MAX_PAGES
          ? undefined
          : `Only ${MAX_PAGES * COMMITS_PER_PAGE} commits were looked at.`,
      ),
  };
}

async function* walkFirstParents(session: Session, start: string): AsyncGenerator<string> {
  let next: string | undefined = start;
  while (next !== undefined) {
    const known: readonly string[] | undefined = await findParents(session, next);
    // Named as a parent but not to be had: history goes on, what is known of it ends here.
    if (known !== undefined || next !== start) yield next;
    next = known?.[0];
  }
}

async function findParents(session: Session, commit: string): Promise<readonly string[] | undefined> {
  if (!session.parents.has(commit) && session.pages < MAX_PAGES) await readPage(session, commit);
  return session.parents.get(commit);
}

/** Remembers the newest commits that are reachable from one. */
async function readPage(session: Session, start: string): Promise<void> {
  const { octokit, owner, repo } = session.client;
  session.pages += 1;
  const answer = await findOnGitHub('read commits', 'contents: read', () =>
    octokit.rest.repos.listCommits({ owner, repo, sha: start, per_page: COMMITS_PER_PAGE }),
  );
  for (const { sha, parents } of answer?.data ?? []) {
    session.parents.set(
      sha,
      parents.map((parent) => parent.sha),
    );
  }
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

/** When a commit was made, by the clock of whoever committed it. */
export async function readCommitTime(client: GitHubClient, commit: string): Promise<Date> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('read a commit', 'contents: read', () =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }),
  );
  return new Date(data.committer.date);
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
