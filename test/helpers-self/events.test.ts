/** Events, and the checkouts that belong to them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOut } from '../helpers/checkout.ts';
import {
  cacheScopesOf,
  createDispatchEvent,
  createPullRequestEvent,
  createPushEvent,
  createWorkflowRunEvent,
} from '../helpers/fake-github/events.ts';
import { addPullRequest, addRepository, addRun, removeRepositories } from '../helpers/fake-github/seed.ts';
import { startFakeGitHub, type FakeGitHub } from '../helpers/fake-github/server.ts';
import type { RepositoryState } from '../helpers/fake-github/state.ts';
import { createGitWorkspace, runGit, type GitWorkspace } from '../helpers/git-repository.ts';

let github: FakeGitHub;
let repository: RepositoryState;
let work: GitWorkspace;

beforeEach(async () => {
  github = await startFakeGitHub();
  repository = await addRepository(github.state, 'acme/churn');
  work = await createGitWorkspace({ origin: repository.gitDirectory });
  await work.commit({ a: '1' });
  await work.commit({ a: '2' });
  await work.branch('better', 'HEAD~1');
  await work.commit({ b: '1' });
  await work.push();
});

afterEach(async () => {
  await github.close();
  await work.remove();
  await removeRepositories(github.state);
});

async function countCommits(directory: string): Promise<number> {
  return Number(await runGit(directory, ['rev-list', '--count', 'HEAD']));
}

describe('a push', () => {
  it('stands for the tip of its branch, checked out one commit deep', async () => {
    const event = await createPushEvent(github, repository);
    expect(event).toMatchObject({ ref: 'refs/heads/main', sha: await work.revision('main') });
    const checkout = await checkOut(repository, event);
    expect(await runGit(checkout.directory, ['status', '--short', '--branch'])).toBe('## main...origin/main');
    expect(await countCommits(checkout.directory)).toBe(1);
    await checkout.remove();
    expect(cacheScopesOf(event)).toEqual([{ ref: 'refs/heads/main', writable: true }]);
  });
});

describe('a pull request', () => {
  it('stands for the test merge, whose parents a deeper checkout has', async () => {
    const pull = await addPullRequest(github.state, repository, { head: 'better' });
    const event = await createPullRequestEvent(github, repository, pull);
    expect(event.payload).toMatchObject({ number: 1, pull_request: { head: { sha: pull.headSha } } });
    const checkout = await checkOut(repository, event, { depth: 0 });
    expect(await runGit(checkout.directory, ['rev-parse', 'HEAD', 'HEAD^1', 'HEAD^2'])).toBe(
      [event.sha, await work.revision('main'), await work.revision('better')].join('\n'),
    );
    expect(await countCommits(checkout.directory)).toBe(4);
    await checkout.remove();
    expect(cacheScopesOf(event)).toEqual([
      { ref: 'refs/pull/1/merge', writable: true },
      { ref: 'refs/heads/main', writable: false },
    ]);
  });

  it('has no event while the branches conflict', async () => {
    await work.commit({ a: 'other' });
    await work.push();
    const pull = await addPullRequest(github.state, repository, { head: 'better' });
    await expect(createPullRequestEvent(github, repository, pull)).rejects.toThrow(/has conflicts/u);
  });

  it('of a fork has the fork as its head', async () => {
    const fork = await addRepository(github.state, 'mallory/churn', { parent: 'acme/churn' });
    const pull = await addPullRequest(github.state, repository, {
      head: 'better',
      headRepository: 'mallory/churn',
    });
    const { payload } = await createPullRequestEvent(github, repository, pull);
    expect(payload).toMatchObject({
      repository: { id: repository.id },
      pull_request: { head: { repo: { id: fork.id, fork: true } }, base: { repo: { id: repository.id } } },
    });
  });
});

describe('events on the default branch', () => {
  it('carries the finished run, whatever its branch', async () => {
    const run = await addRun(github.state, repository, { event: 'pull_request', headBranch: 'better' });
    const event = await createWorkflowRunEvent(github, repository, run);
    expect(event).toMatchObject({ ref: 'refs/heads/main', sha: await work.revision('main') });
    expect(event.payload).toMatchObject({
      action: 'completed',
      workflow_run: { id: run.id, head_branch: 'better', pull_requests: [] },
    });
  });

  it('carries the inputs of a dispatch', async () => {
    const event = await createDispatchEvent(github, repository, { stage: 'production' });
    expect(event.payload).toMatchObject({ ref: 'refs/heads/main', inputs: { stage: 'production' } });
  });
});
