/** The fake GitHub, through the client that the actions use: state, refusals, paging, permissions, faults. */
import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addComment,
  addEnvironment,
  addPullRequest,
  addRepository,
  addRun,
  addRunArtifact,
  addToken,
  addWorkflowToken,
  removeRepositories,
} from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type { RepositoryState } from '../helpers/fake-github/state.ts';
import { createGitWorkspace, runGit, type GitWorkspace } from '../helpers/git-repository.ts';

let github: FakeGitHub;
let repository: RepositoryState;
let work: GitWorkspace;
let octokit: ReturnType<typeof getOctokit>;

const o = { owner: 'acme', repo: 'churn' };

function connect(token: string) {
  return getOctokit(token, { baseUrl: github.url });
}

beforeEach(async () => {
  github = await startFakeGitHub();
  repository = await addRepository(github.state, 'acme/churn');
  work = await createGitWorkspace({ origin: repository.gitDirectory });
  await work.commit({ 'mlgate.yml': 'version: 1\n', 'data/rows.csv': 'a\n1\n' }, 'First');
  await work.branch('better');
  await work.commit({ 'data/rows.csv': 'a\n2\n' }, 'Second');
  await work.push();
  addWorkflowToken(github.state, 'job', 'acme/churn', {
    actions: 'read',
    contents: 'write',
    pull_requests: 'write',
    statuses: 'write',
  });
  octokit = connect('job');
});

afterEach(async () => {
  await github.close();
  await work.remove();
  await removeRepositories(github.state);
});

describe('git', () => {
  const branch = { ...o, ref: 'heads/mlgate' };

  async function appendFile(path: string, content: string, parent?: string): Promise<string> {
    const blob = await octokit.rest.git.createBlob({ ...o, content, encoding: 'utf-8' });
    const tree = await octokit.rest.git.createTree({
      ...o,
      ...(parent === undefined ? {} : { base_tree: parent }),
      tree: [{ path, mode: '100644', type: 'blob', sha: blob.data.sha }],
    });
    const commit = await octokit.rest.git.createCommit({
      ...o,
      message: `Add ${path}`,
      tree: tree.data.sha,
      parents: parent === undefined ? [] : [parent],
    });
    return commit.data.sha;
  }

  it('makes an orphan branch that real git reads, and appends to it', async () => {
    const first = await appendFile('runs/1.json', '{"a":1}');
    await octokit.rest.git.createRef({ ...o, ref: 'refs/heads/mlgate', sha: first });
    const second = await appendFile('runs/2.json', 'zwei ü', first);
    await octokit.rest.git.updateRef({ ...branch, sha: second });
    const files = await runGit(repository.gitDirectory, ['ls-tree', '-r', '--name-only', 'mlgate']);
    expect(files.split('\n')).toEqual(['runs/1.json', 'runs/2.json']);
    expect(await runGit(repository.gitDirectory, ['show', 'mlgate:runs/2.json'])).toBe('zwei ü');
    const { data } = await octokit.rest.git.getRef(branch);
    expect(data.object).toMatchObject({ sha: second, type: 'commit' });
    github.assertNoViolations();
  });

  it('refuses what GitHub refuses, in its words', async () => {
    await expect(octokit.rest.git.getRef(branch)).rejects.toMatchObject({ status: 404 });
    const first = await appendFile('a', '1');
    const rival = await appendFile('a', '2');
    await octokit.rest.git.createRef({ ...o, ref: 'refs/heads/mlgate', sha: first });
    await expect(
      octokit.rest.git.createRef({ ...o, ref: 'refs/heads/mlgate', sha: rival }),
    ).rejects.toMatchObject({ status: 422, message: expect.stringContaining('Reference already exists') });
    await expect(octokit.rest.git.updateRef({ ...branch, sha: rival })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Update is not a fast forward'),
    });
    await octokit.rest.git.updateRef({ ...branch, sha: rival, force: true });
    await expect(octokit.rest.git.updateRef({ ...o, ref: 'heads/none', sha: rival })).rejects.toThrow(
      /Reference does not exist/u,
    );
    await expect(
      octokit.rest.git.createRef({ ...o, ref: 'refs/heads/x', sha: '1'.repeat(40) }),
    ).rejects.toThrow(/Object does not exist/u);
    github.assertNoViolations();
  });

  it('replaces and deletes in a tree, and takes custom refs', async () => {
    const main = await work.revision('main');
    const { data: tree } = await octokit.rest.git.createTree({
      ...o,
      base_tree: main,
      tree: [
        { path: 'data/rows.csv', sha: null },
        { path: 'mlgate.yml', mode: '100644', content: 'version: 2\n' },
      ],
    });
    expect(tree.tree.map(({ path }) => path)).toEqual(['mlgate.yml']);
    const { data: commit } = await octokit.rest.git.createCommit({
      ...o,
      message: 'x',
      tree: tree.sha,
      parents: [],
    });
    await octokit.rest.git.createRef({ ...o, ref: 'refs/mlgate/outcomes', sha: commit.sha });
    const { data: refs } = await octokit.rest.git.listMatchingRefs({ ...o, ref: 'mlgate/' });
    expect(refs.map(({ ref }) => ref)).toEqual(['refs/mlgate/outcomes']);
    await octokit.rest.git.deleteRef({ ...o, ref: 'mlgate/outcomes' });
    await expect(octokit.rest.git.getRef({ ...o, ref: 'mlgate/outcomes' })).rejects.toMatchObject({
      status: 404,
    });
    github.assertNoViolations();
  });

  it('makes annotated tags', async () => {
    const object = await work.revision('main');
    const tagger = { name: 'Ada', email: 'ada@example.com', date: '2026-11-02T08:00:00Z' };
    const { data: tag } = await octokit.rest.git.createTag({
      ...o,
      tag: 'churn@v1.0.0',
      message: 'why',
      object,
      type: 'commit',
      tagger,
    });
    await octokit.rest.git.createRef({ ...o, ref: 'refs/tags/churn@v1.0.0', sha: tag.sha });
    const { data } = await octokit.rest.git.getTag({ ...o, tag_sha: tag.sha });
    expect(data).toMatchObject({ tag: 'churn@v1.0.0', message: 'why', tagger, object: { sha: object } });
    expect(await runGit(repository.gitDirectory, ['cat-file', '-t', 'churn@v1.0.0'])).toBe('tag');
    github.assertNoViolations();
  });

  it('takes names that a URL must escape', async () => {
    const name = 'churn#prod#1';
    const sha = await work.revision('main');
    await octokit.rest.git.createRef({ ...o, ref: `refs/tags/${name}`, sha });
    expect((await octokit.rest.git.getRef({ ...o, ref: `tags/${name}` })).data.ref).toBe(`refs/tags/${name}`);
    const { data } = await octokit.rest.git.listMatchingRefs({ ...o, ref: 'tags/churn#' });
    expect(data.map(({ ref }) => ref)).toEqual([`refs/tags/${name}`]);
    await octokit.rest.repos.createRelease({ ...o, tag_name: name });
    expect((await octokit.rest.repos.getReleaseByTag({ ...o, tag: name })).data.tag_name).toBe(name);
    await work.checkout('main');
    await work.commit({ 'a b/c#?ü.txt': 'x' });
    await work.push();
    const content = await octokit.rest.repos.getContent({ ...o, path: 'a b/c#?ü.txt' });
    expect(content.data).toMatchObject({ name: 'c#?ü.txt', size: 1 });
    github.assertNoViolations();
  });

  it('lists and compares commits', async () => {
    const [main, better] = [await work.revision('main'), await work.revision('better')];
    const { data: commits } = await octokit.rest.repos.listCommits({ ...o, sha: 'better' });
    expect(commits.map(({ sha }) => sha)).toEqual([better, main]);
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...o, basehead: 'main...better' });
    expect(data).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0 });
    expect(data.merge_base_commit.sha).toBe(main);
    github.assertNoViolations();
  });

  it('serves contents as JSON, raw, and as a folder', async () => {
    const file = { ...o, path: 'data/rows.csv', ref: 'better' };
    const { data } = await octokit.rest.repos.getContent(file);
    expect(data).toMatchObject({ type: 'file', size: 4, content: 'YQoyCg==\n' });
    const raw = await octokit.rest.repos.getContent({ ...file, mediaType: { format: 'raw' } });
    expect(raw.data).toBe('a\n2\n');
    const folder = await octokit.rest.repos.getContent({ ...o, path: 'data' });
    expect(folder.data).toMatchObject([{ path: 'data/rows.csv' }]);
    await expect(octokit.rest.repos.getContent({ ...o, path: 'none' })).rejects.toMatchObject({
      status: 404,
    });
    const plain = await fetch(`${github.url}/repos/acme/churn/contents/data/rows.csv?ref=better`, {
      headers: { authorization: 'Bearer job', accept: 'application/vnd.github.raw+json' },
    });
    expect(await plain.text()).toBe('a\n2\n');
    github.assertNoViolations();
  });
});

describe('pull requests', () => {
  it('shows head, base and the test merge, and follows the branch', async () => {
    const pull = await addPullRequest(github.state, repository, { head: 'better' });
    const before = await octokit.rest.pulls.get({ ...o, pull_number: pull.number });
    expect(before.data.head.sha).toBe(await work.revision('better'));
    const parents = await runGit(repository.gitDirectory, ['log', '-1', '--format=%P', 'refs/pull/1/merge']);
    expect(parents.split(' ')).toEqual([await work.revision('main'), await work.revision('better')]);
    const moved = await work.commit({ 'data/rows.csv': 'a\n3\n' });
    await work.push();
    const after = await octokit.rest.pulls.get({ ...o, pull_number: pull.number });
    expect(after.data.head.sha).toBe(moved);
    expect(after.data.merge_commit_sha).not.toBe(before.data.merge_commit_sha);
    github.assertNoViolations();
  });

  it('finds a fork’s pull request by owner and branch', async () => {
    const fork = await addRepository(github.state, 'mallory/churn', { parent: 'acme/churn' });
    await addPullRequest(github.state, repository, { head: 'better', headRepository: 'mallory/churn' });
    const { data } = await octokit.rest.pulls.list({ ...o, state: 'open', head: 'mallory:better' });
    expect(data).toHaveLength(1);
    expect(data[0]?.head.repo?.id).toBe(fork.id);
    expect((await octokit.rest.pulls.list({ ...o, head: 'acme:better' })).data).toEqual([]);
    const comparison = await octokit.rest.repos.compareCommitsWithBasehead({
      ...o,
      basehead: 'main...mallory:better',
    });
    expect(comparison.data.ahead_by).toBe(1);
    github.assertNoViolations();
  });

  it('creates, updates and pages comments, with their authors', async () => {
    await addPullRequest(github.state, repository, { head: 'better' });
    for (let index = 0; index < 101; index += 1) {
      addComment(github.state, repository, { issueNumber: 1, body: `comment ${index}` });
    }
    const issue = { ...o, issue_number: 1 };
    const created = await octokit.rest.issues.createComment({ ...issue, body: 'verdict: pass' });
    expect(created.data.user).toMatchObject({ login: 'github-actions[bot]', type: 'Bot' });
    expect(created.data.performed_via_github_app?.slug).toBe('github-actions');
    await octokit.rest.issues.updateComment({ ...o, comment_id: created.data.id, body: 'verdict: fail' });
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 50 });
    expect(all).toHaveLength(102);
    expect(all.at(-1)?.body).toBe('verdict: fail');
    expect(
      github.state.requests.filter(({ operation }) => operation === 'issues/list-comments'),
    ).toHaveLength(3);
    github.assertNoViolations();
  });

  it('refuses a body that is too long, and takes one that just fits', async () => {
    await addPullRequest(github.state, repository, { head: 'better' });
    const issue = { ...o, issue_number: 1 };
    await octokit.rest.issues.createComment({ ...issue, body: 'x'.repeat(65_536) });
    await expect(
      octokit.rest.issues.createComment({ ...issue, body: 'x'.repeat(65_537) }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('body is too long (maximum is 65536 characters)'),
    });
    expect(repository.comments).toHaveLength(1);
    github.assertNoViolations();
  });

  it('keeps statuses and combines the newest of each context', async () => {
    const sha = await work.revision('better');
    await octokit.rest.repos.createCommitStatus({ ...o, sha, state: 'pending', context: 'mlgate' });
    await octokit.rest.repos.createCommitStatus({ ...o, sha, state: 'success', context: 'mlgate' });
    const { data } = await octokit.rest.repos.getCombinedStatusForRef({ ...o, ref: sha });
    expect(data).toMatchObject({ state: 'success', total_count: 1 });
    const list = await octokit.rest.repos.listCommitStatusesForRef({ ...o, ref: sha });
    expect(list.data.map(({ state }) => state)).toEqual(['success', 'pending']);
    github.assertNoViolations();
  });
});

describe('runs, artifacts, environments, releases', () => {
  it('lists the runs of a workflow file with filters', async () => {
    const good = await addRun(github.state, repository);
    await addRun(github.state, repository, { conclusion: 'failure' });
    await addRun(github.state, repository, { event: 'pull_request', headBranch: 'better' });
    await addRun(github.state, repository, { path: '.github/workflows/other.yml' });
    const { data } = await octokit.rest.actions.listWorkflowRuns({
      ...o,
      workflow_id: 'gate.yml',
      branch: 'main',
      event: 'push',
      status: 'success',
      exclude_pull_requests: true,
    });
    expect(data.workflow_runs.map(({ id }) => id)).toEqual([good.id]);
    const one = await octokit.rest.actions.getWorkflowRun({ ...o, run_id: good.id });
    expect(one.data).toMatchObject({
      path: '.github/workflows/gate.yml',
      head_sha: await work.revision('main'),
    });
    await expect(
      octokit.rest.actions.listWorkflowRuns({ ...o, workflow_id: 'none.yml' }),
    ).rejects.toMatchObject({ status: 404 });
    await work.checkout('main');
    await work.commit({ '.github/workflows/new.yml': 'on: push' });
    await work.push();
    const never = await octokit.rest.actions.listWorkflowRuns({ ...o, workflow_id: 'new.yml' });
    expect(never.data.total_count).toBe(0);
    github.assertNoViolations();
  });

  it('lists artifacts and redirects to their bytes; 410 once they expired', async () => {
    const run = await addRun(github.state, repository);
    const stored = addRunArtifact(github.state, run.id, 'evidence', { 'evidence.json': '{}' });
    const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
      ...o,
      run_id: run.id,
      name: 'evidence',
    });
    expect(data.artifacts).toMatchObject([{ id: stored.id, digest: stored.digest, expired: false }]);
    expect(data.artifacts[0]?.workflow_run).toMatchObject({ id: run.id, head_repository_id: repository.id });
    const wanted = { ...o, artifact_id: stored.id, archive_format: 'zip' };
    const download = await octokit.rest.actions.downloadArtifact(wanted);
    expect(Buffer.from(download.data as ArrayBuffer).equals(stored.bytes)).toBe(true);
    stored.expired = true;
    await expect(octokit.rest.actions.downloadArtifact(wanted)).rejects.toMatchObject({ status: 410 });
    github.assertNoViolations();
  });

  it('shows who must approve, and who did', async () => {
    addEnvironment(github.state, repository, 'production', { reviewers: ['grace'], preventSelfReview: true });
    const grace = { login: 'grace', type: 'User' } as const;
    const run = await addRun(github.state, repository, {
      approvals: [{ environment: 'production', user: grace, state: 'approved' }],
    });
    const { data } = await octokit.rest.repos.getEnvironment({ ...o, environment_name: 'production' });
    expect(data.protection_rules).toMatchObject([{ type: 'required_reviewers', prevent_self_review: true }]);
    const reviews = await octokit.rest.actions.getReviewsForRun({ ...o, run_id: run.id });
    expect(reviews.data).toMatchObject([{ state: 'approved', user: { login: 'grace' } }]);
    github.assertNoViolations();
  });

  it('publishes a release and makes its tag', async () => {
    await octokit.rest.repos.createRelease({ ...o, tag_name: 'churn@v1.0.0', draft: false });
    const { data } = await octokit.rest.repos.getReleaseByTag({ ...o, tag: 'churn@v1.0.0' });
    expect(data.draft).toBe(false);
    expect(await runGit(repository.gitDirectory, ['rev-parse', 'churn@v1.0.0'])).toBe(
      await work.revision('main'),
    );
    github.assertNoViolations();
  });
});

describe('tokens', () => {
  it('asks for authentication, and knows bad credentials', async () => {
    const get = (headers: Record<string, string>) => fetch(`${github.url}/repos/acme/churn`, { headers });
    expect((await get({})).status).toBe(404);
    expect((await get({ authorization: 'token stolen' })).status).toBe(401);
    repository.private = false;
    expect((await get({})).status).toBe(200);
    const anonymous = await fetch(`${github.url}/repos/acme/churn/git/blobs`, { method: 'POST', body: '{}' });
    expect(anonymous.status).toBe(401);
    github.assertNoViolations();
  });

  it('refuses a write, and a read of a private repository, without the permission', async () => {
    addWorkflowToken(github.state, 'reader', 'acme/churn', { contents: 'read' });
    const reader = connect('reader');
    const body = { ...o, content: 'x', encoding: 'utf-8' };
    await expect(reader.rest.git.createBlob(body)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
    await expect(reader.rest.pulls.list(o)).rejects.toMatchObject({ status: 403 });
    await expect(reader.rest.repos.get({ owner: 'acme', repo: 'other' })).rejects.toMatchObject({
      status: 404,
    });
    expect((await reader.rest.repos.get(o)).data.private).toBe(true);
    github.assertNoViolations();
  });

  it('signs comments with the token’s account', async () => {
    await addPullRequest(github.state, repository, { head: 'better' });
    addToken(github.state, 'person', { permissions: { issues: 'write' } });
    await connect('person').rest.issues.createComment({ ...o, issue_number: 1, body: 'look-alike' });
    expect(repository.comments[0]).toMatchObject({ author: { login: 'octocat', type: 'User' }, app: null });
    github.assertNoViolations();
  });
});

describe('violations', () => {
  it('records a request that GitHub does not allow, and answers 422', async () => {
    const post = (body: unknown) =>
      fetch(`${github.url}/repos/acme/churn/git/trees`, {
        method: 'POST',
        headers: { authorization: 'token job', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post({ tree: [{ path: 'a', mode: '100', content: 'x' }] })).status).toBe(422);
    expect((await post({ tree: [{ path: 'a', mode: '100644', content: 'x' }], force: true })).status).toBe(
      422,
    );
    expect(github.state.violations).toHaveLength(2);
    expect(() => github.assertNoViolations()).toThrow(/"force", which GitHub does not know/u);
    // Taken away, because closing would fail the test: as it does here.
    github.state.violations.splice(0);
    const other = await startFakeGitHub();
    await fetch(`${other.url}/nonsense`);
    await expect(other.close()).rejects.toThrow(/do not fit GitHub's description/u);
  });

  it('records a wrong query, an operation that does not exist, and one that is not modelled', async () => {
    const get = (path: string) => fetch(`${github.url}${path}`, { headers: { authorization: 'token job' } });
    expect((await get('/repos/acme/churn/pulls?state=opn')).status).toBe(422);
    expect((await get('/repos/acme/churn/nonsense')).status).toBe(404);
    expect((await get('/repos/acme/churn/stargazers')).status).toBe(501);
    expect(github.state.violations.splice(0)).toHaveLength(3);
  });
});

describe('faults', () => {
  const get = { ...o, ref: 'heads/main' };

  it('answers as ordered, so often and no longer', async () => {
    const headers = { 'retry-after': '1' };
    github.state.faults.push({
      operation: 'git/get-ref',
      times: 2,
      respond: { status: 429, message: 'You have exceeded a secondary rate limit', headers },
    });
    await expect(octokit.rest.git.getRef(get)).rejects.toMatchObject({ status: 429 });
    await expect(octokit.rest.git.getRef(get)).rejects.toMatchObject({ status: 429 });
    expect((await octokit.rest.git.getRef(get)).status).toBe(200);
  });

  it('drops the connection before or after the effect', async () => {
    const ref = { ...o, ref: 'refs/heads/made', sha: await work.revision('main') };
    github.state.faults.push({ operation: 'git/create-ref', times: 1, drop: 'before' });
    await expect(octokit.rest.git.createRef(ref)).rejects.toThrow(/fetch failed|other side closed|socket/u);
    expect((await octokit.rest.git.listMatchingRefs({ ...o, ref: 'heads/made' })).data).toEqual([]);
    github.state.faults.push({ operation: 'git/create-ref', times: 1, drop: 'after' });
    await expect(octokit.rest.git.createRef(ref)).rejects.toThrow(/fetch failed|other side closed|socket/u);
    expect((await octokit.rest.git.listMatchingRefs({ ...o, ref: 'heads/made' })).data).toHaveLength(1);
  });

  it('lets something happen first: a faster writer', async () => {
    const better = await work.revision('better');
    github.state.faults.push({
      operation: 'git/create-ref',
      times: 1,
      before: async () => {
        await runGit(repository.gitDirectory, ['update-ref', 'refs/heads/made', better]);
      },
    });
    await expect(octokit.rest.git.createRef({ ...o, ref: 'refs/heads/made', sha: better })).rejects.toThrow(
      /Reference already exists/u,
    );
  });
});
