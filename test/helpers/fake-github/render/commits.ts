/** Commits as the API shows them: the bare ones of `git/…` and the full ones of `commits/…`. */
import type { CommitObject } from '../git-objects.ts';
import type { RepositoryState } from '../state.ts';
import { nodeId } from './accounts.ts';
import { repositoryPage, repositoryUrl } from './repositories.ts';

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** The schema `git-commit`. */
export function renderGitCommit(baseUrl: string, repository: RepositoryState, commit: CommitObject) {
  const url = repositoryUrl(baseUrl, repository);
  const page = repositoryPage(repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** The schema `commit`. */
export function renderCommit(baseUrl: string, repository: RepositoryState, commit: CommitObject) {
  const url = repositoryUrl(baseUrl, repository);
  const page = repositoryPage(repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    // Example identities belong to no account.
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  };
}
