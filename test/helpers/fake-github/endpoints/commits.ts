/** `commits` and `compare`: history. */
import { runGit } from '../../git-repository.ts';
import type { Call, Handler } from '../call.ts';
import { notFound, Refusal } from '../call.ts';
import { readCommit, resolveCommit } from '../git-objects.ts';
import { paginate } from '../paging.ts';
import { renderCommit } from '../render/commits.ts';
import { encodePath, repositoryPage, repositoryUrl } from '../render/repositories.ts';
import type { RepositoryState } from '../state.ts';

const COMMITS_PER_COMPARISON = 250;

async function renderAll(call: Call, shas: readonly string[]) {
  const rendered: object[] = [];
  for (const sha of shas) {
    const commit = await readCommit(call.repository.gitDirectory, sha);
    rendered.push(renderCommit(call.baseUrl, call.repository, commit));
  }
  return rendered;
}

async function listRevisions(
  repository: RepositoryState,
  args: readonly string[],
): Promise<readonly string[]> {
  const text = await runGit(repository.gitDirectory, ['rev-list', ...args]);
  return text === '' ? [] : text.split('\n');
}

export const listCommits: Handler = async (call) => {
  const { repository, query } = call;
  const start = await resolveCommit(repository.gitDirectory, query['sha'] ?? repository.defaultBranch);
  if (start === undefined) {
    throw query['sha'] === undefined ? new Refusal(409, 'Git Repository is empty.') : notFound();
  }
  const filters = [
    ...(query['since'] === undefined ? [] : [`--since=${query['since']}`]),
    ...(query['until'] === undefined ? [] : [`--until=${query['until']}`]),
  ];
  const path = query['path'] === undefined ? [] : ['--', query['path']];
  const { items, headers } = paginate(call, await listRevisions(repository, [...filters, start, ...path]));
  return { status: 200, body: await renderAll(call, items), headers };
};

export const getCommitWithDetails: Handler = async (call) => {
  const { gitDirectory } = call.repository;
  const ref = call.params['ref'] ?? '';
  const sha = await resolveCommit(gitDirectory, ref);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  if (/application\/vnd\.github(?:\.v3)?\.sha/u.test(call.accept)) {
    return { status: 200, bytes: Buffer.from(sha), headers: { 'content-type': 'text/plain; charset=utf-8' } };
  }
  const commit = renderCommit(call.baseUrl, call.repository, await readCommit(gitDirectory, sha));
  return { status: 200, body: { ...commit, stats: { additions: 0, deletions: 0, total: 0 }, files: [] } };
};

/** A side of a comparison: `branch`, `sha`, or `owner:branch` of a repository of the same network. */
async function resolveSide(call: Call, side: string): Promise<string> {
  const [owner, branch] = side.includes(':') ? side.split(':') : [undefined, side];
  const other = call.state.repositories.find(
    (candidate) =>
      candidate.owner === owner &&
      (candidate.fullName === call.repository.fullName || candidate.parent === call.repository.fullName),
  );
  if (owner !== undefined && other === undefined) throw notFound();
  const directory = other?.gitDirectory ?? call.repository.gitDirectory;
  const sha = await resolveCommit(directory, branch ?? '');
  if (sha === undefined) throw notFound();
  if (directory !== call.repository.gitDirectory) {
    // On GitHub a network of forks shares its objects.
    await runGit(call.repository.gitDirectory, ['fetch', '--quiet', directory, `refs/heads/${branch ?? ''}`]);
  }
  return sha;
}

function comparisonStatus(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

async function mergeBase(call: Call, base: string, head: string): Promise<string> {
  const found = await resolveMergeBase(call.repository.gitDirectory, base, head);
  if (found === undefined) throw notFound();
  return found;
}

async function resolveMergeBase(directory: string, base: string, head: string): Promise<string | undefined> {
  try {
    return await runGit(directory, ['merge-base', base, head]);
  } catch {
    // Unrelated histories: git ends with 1, GitHub answers 404.
    return undefined;
  }
}

export const compareCommits: Handler = async (call) => {
  const { repository, baseUrl } = call;
  const [left, right] = (call.params['basehead'] ?? '').split('...');
  if (left === undefined || right === undefined) throw notFound();
  const base = await resolveSide(call, left);
  const head = await resolveSide(call, right);
  const common = await mergeBase(call, base, head);
  const ahead = await listRevisions(repository, ['--reverse', `${base}..${head}`]);
  const behind = await listRevisions(repository, [`${head}..${base}`]);
  const [baseCommit, commonCommit] = await renderAll(call, [base, common]);
  const sides = encodePath(`${left}...${right}`);
  const page = `${repositoryPage(repository)}/compare/${sides}`;
  return {
    status: 200,
    body: {
      url: `${repositoryUrl(baseUrl, repository)}/compare/${sides}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: baseCommit,
      merge_base_commit: commonCommit,
      status: comparisonStatus(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: await renderAll(call, ahead.slice(0, COMMITS_PER_COMPARISON)),
    },
  };
};
