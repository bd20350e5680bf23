/** What GitHub does with git behind a pull request: `refs/pull/N/head`, and a test merge at `refs/pull/N/merge`. */
import { runGit, tryGit } from '../git-repository.ts';
import { readCommit, resolveCommit, writeCommit } from './git-objects.ts';
import {
  requireRepository,
  type FakeGitHubState,
  type PullRequestState,
  type RepositoryState,
} from './state.ts';

const MERGER = { name: 'GitHub', email: 'noreply@github.com' };

async function writeTestMerge(
  directory: string,
  base: string,
  head: string,
  message: string,
): Promise<string | null> {
  const merged = await tryGit(directory, ['merge-tree', '--write-tree', base, head]);
  if (merged.code !== 0) return null;
  const { committer } = await readCommit(directory, head);
  // The head's date: the same pull request gives the same merge commit in every run of a test.
  const person = { ...MERGER, date: committer.date };
  return writeCommit(directory, {
    tree: merged.stdout.toString('utf8').split('\n')[0] ?? '',
    parents: [base, head],
    author: person,
    committer: person,
    message,
  });
}

/**
 * Looks at the branches again, as GitHub does after a push: an open pull request follows its head, and its
 * test merge follows both sides.
 */
export async function refreshPullRequest(
  state: FakeGitHubState,
  repository: RepositoryState,
  pull: PullRequestState,
): Promise<void> {
  if (pull.state !== 'open') return;
  const { gitDirectory } = repository;
  const source = requireRepository(state, pull.head.repository);
  const head = await resolveCommit(source.gitDirectory, pull.head.ref);
  const base = await resolveCommit(gitDirectory, pull.base.ref);
  if (head === undefined || base === undefined) return;
  if (head === pull.headSha && base === pull.baseSha) return;
  await runGit(gitDirectory, [
    'fetch',
    '--quiet',
    source.gitDirectory,
    `+refs/heads/${pull.head.ref}:refs/pull/${pull.number}/head`,
  ]);
  pull.headSha = head;
  pull.baseSha = base;
  pull.mergeSha = await writeTestMerge(gitDirectory, base, head, `Merge ${head} into ${base}`);
  if (pull.mergeSha !== null) {
    await runGit(gitDirectory, ['update-ref', `refs/pull/${pull.number}/merge`, pull.mergeSha]);
  }
}
