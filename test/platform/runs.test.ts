import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setCommitStatus } from '../../src/platform/commit-status.ts';
import type { WorkflowRunEvent } from '../../src/platform/event.ts';
import { findPullRequest } from '../../src/platform/pull-request.ts';
import {
  findLastGoodRun,
  findRun,
  hadEndedBy,
  listJudgedHeads,
  listRunArtifacts,
  verifySource,
} from '../../src/platform/runs.ts';
import { addPullRequest, addRepository, addRun, addRunArtifact } from '../helpers/fake-github/seed.ts';
import type { RepositoryState, WorkflowRunState } from '../helpers/fake-github/state.ts';
import { runGit } from '../helpers/git-repository.ts';
import { startRestPlatform, type RestPlatform } from './rest-platform.ts';

const WORKFLOW = '.github/workflows/gate.yml';
let platform: RestPlatform;

beforeEach(async () => {
  platform = await startRestPlatform();
});

afterEach(() => platform.close());

async function addFork(): Promise<RepositoryState> {
  return addRepository(platform.github.state, 'mallory/churn', { parent: 'acme/churn' });
}

function query() {
  return { workflow: WORKFLOW, branch: 'main', repositoryId: platform.repository.id };
}

describe('hadEndedBy', () => {
  it.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', true],
    ['2026-11-21T10:00:01Z', '2026-11-21T10:00:00Z', false],
    [undefined, '2026-11-21T10:00:00Z', false],
    ['2026-11-21T10:00:00Z', undefined, false],
  ])('a run of %s by %s: %s', (updatedAt, time, expected) => {
    expect(hadEndedBy({ updatedAt }, time)).toBe(expected);
  });
});

describe('findLastGoodRun', () => {
  it('takes the newest good push to main and no other', async () => {
    const { github, repository, client } = platform;
    const good = await addRun(github.state, repository);
    const newest = await addRun(github.state, repository);
    await addRun(github.state, repository, { conclusion: 'failure' });
    await addRun(github.state, repository, { event: 'workflow_dispatch' });
    await addRun(github.state, repository, { path: '.github/workflows/other.yml' });
    await addRun(github.state, repository, { status: 'in_progress', conclusion: null });
    expect((await findLastGoodRun(client, query()))?.id).toBe(newest.id);
    expect((await findLastGoodRun(client, { ...query(), except: newest.id }))?.id).toBe(good.id);
  });

  it('is not fooled by a branch of a fork that is called like main', async () => {
    const { github, repository, client } = platform;
    await addFork();
    await addRun(github.state, repository, { headRepository: 'mallory/churn', headBranch: 'main' });
    expect(await findLastGoodRun(client, query())).toBeUndefined();
  });

  it('finds nothing where the workflow does not exist', async () => {
    const unknown = { ...query(), workflow: '.github/workflows/nothing.yml' };
    expect(await findLastGoodRun(platform.client, unknown)).toBeUndefined();
  });

  it('says which permission is missing', async () => {
    const client = await platform.connect({ contents: 'read' });
    await addRun(platform.github.state, platform.repository);
    await expect(findLastGoodRun(client, query())).rejects.toMatchObject({
      help: expect.stringContaining('actions: read'),
    });
  });
});

async function addJudged(overrides: Partial<WorkflowRunState>): Promise<void> {
  await addRun(platform.github.state, platform.repository, {
    event: 'pull_request',
    headBranch: 'topic',
    createdAt: '2026-11-05T08:00:00Z',
    ...overrides,
  });
}

describe('listJudgedHeads', () => {
  const [first, second, third] = ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)];

  it('names every head that came to a verdict since then, once', async () => {
    await addJudged({ headSha: first });
    await addJudged({ headSha: first, conclusion: 'failure' });
    await addJudged({ headSha: second, conclusion: 'failure' });
    await addJudged({ headSha: third, createdAt: '2026-11-03T08:00:00Z' });
    await addJudged({ headSha: third, conclusion: 'cancelled' });
    await addJudged({ headSha: third, event: 'push' });
    await addJudged({ headSha: third, path: '.github/workflows/other.yml' });
    const judged = await listJudgedHeads(platform.client, WORKFLOW, '2026-11-04T08:00:00Z');
    expect(judged.map(({ key }) => key).toSorted()).toEqual([`head:${first}`, `head:${second}`]);
    expect(new Set(judged.map(({ at }) => at))).toEqual(new Set(['2026-11-05T08:00:00Z']));
  });

  it('reads further pages, and is empty for a workflow that does not exist', async () => {
    for (let index = 0; index < 130; index += 1)
      await addJudged({ headSha: index.toString(16).padStart(40, '0') });
    const judged = await listJudgedHeads(platform.client, WORKFLOW, '2026-11-04T08:00:00Z');
    expect(judged).toHaveLength(130);
    expect(
      await listJudgedHeads(platform.client, '.github/workflows/none.yml', '2026-11-04T08:00:00Z'),
    ).toEqual([]);
  });
});

describe('listRunArtifacts', () => {
  it('lists what can be downloaded, the newest of each name', async () => {
    const { github, repository, client } = platform;
    const run = await addRun(github.state, repository);
    const other = await addRun(github.state, repository);
    addRunArtifact(github.state, run.id, 'evidence', { 'evidence.json': 'old' });
    const newer = addRunArtifact(github.state, run.id, 'evidence', { 'evidence.json': 'new' });
    addRunArtifact(github.state, run.id, 'gone', { a: 'x' }).expired = true;
    addRunArtifact(github.state, other.id, 'elsewhere', { a: 'x' });
    const facts = await findRun(client, run.id);
    if (facts === undefined) throw new Error('The run is not found.');
    expect(await listRunArtifacts(client, facts)).toEqual([
      { id: newer.id, name: 'evidence', bytes: newer.bytes.length, digest: newer.digest },
    ]);
  });
});

async function claimOf(run: WorkflowRunState) {
  return {
    repository: 'acme/churn',
    repositoryId: platform.repository.id,
    commit: run.headSha,
    event: run.event,
    workflow: run.path,
    run: run.id,
    attempt: 1,
  };
}
const expectation = () => ({
  repositoryId: platform.repository.id,
  workflows: [WORKFLOW],
  events: ['push'],
  branch: 'main',
});

describe('verifySource', () => {
  it('verifies what the run bears out', async () => {
    const { github, repository, client } = platform;
    const run = await addRun(github.state, repository);
    const verdict = await verifySource(client, await claimOf(run), expectation());
    expect(verdict).toMatchObject({ kind: 'verified', run: { id: run.id, headSha: run.headSha } });
  });

  it('lists every claim that the run does not bear out', async () => {
    const { github, repository, client } = platform;
    const run = await addRun(github.state, repository, {
      path: '.github/workflows/evil.yml',
      conclusion: 'failure',
    });
    const claim = { ...(await claimOf(run)), workflow: WORKFLOW, commit: 'f'.repeat(40), attempt: 3 };
    const verdict = await verifySource(client, claim, expectation());
    expect(verdict).toEqual({
      kind: 'refused',
      reasons: [
        `The evidence claims workflow ${WORKFLOW}; run ${run.id} has .github/workflows/evil.yml.`,
        `The evidence claims commit ${'f'.repeat(40)}; run ${run.id} has ${run.headSha}.`,
        `The evidence claims attempt 3; run ${run.id} has 1.`,
        `Run ${run.id} did not succeed: failure.`,
        `Run ${run.id} is of the workflow .github/workflows/evil.yml; allowed: ${WORKFLOW}.`,
      ],
    });
  });

  it('refuses the run of a fork, whatever its branch is called', async () => {
    const { github, repository, client } = platform;
    await addFork();
    const run = await addRun(github.state, repository, { headRepository: 'mallory/churn' });
    const verdict = await verifySource(client, await claimOf(run), expectation());
    expect(verdict).toMatchObject({
      kind: 'refused',
      reasons: [`Run ${run.id} tested the code of a fork, or of a repository that was deleted.`],
    });
  });

  it('refuses a pull request where a push is asked for', async () => {
    const { github, repository, client } = platform;
    const run = await addRun(github.state, repository, { event: 'pull_request', headBranch: 'main' });
    const claim = { ...(await claimOf(run)), commit: 'e'.repeat(40), headCommit: run.headSha };
    const verdict = await verifySource(client, claim, expectation());
    expect(verdict).toMatchObject({ reasons: [expect.stringContaining('for the event pull_request')] });
  });

  it('refuses evidence of no run and of a run that does not exist', async () => {
    const { client } = platform;
    expect(await verifySource(client, {}, expectation())).toMatchObject({ kind: 'refused' });
    const verdict = await verifySource(client, { run: 999_999 }, expectation());
    expect(verdict).toMatchObject({ reasons: ['GitHub knows no run 999999 in this repository.'] });
  });
});

async function openFromFork() {
  const { github, repository } = platform;
  const fork = await addFork();
  const head = await runGit(fork.gitDirectory, ['commit-tree', '-p', 'main', '-m', 'x', 'main^{tree}'], {});
  await runGit(fork.gitDirectory, ['update-ref', 'refs/heads/patch', head]);
  const pull = await addPullRequest(github.state, repository, {
    head: 'patch',
    headRepository: fork.fullName,
  });
  return { fork, pull };
}

function eventOf(headSha: string, fork: RepositoryState): WorkflowRunEvent {
  return {
    id: 1,
    attempt: 1,
    event: 'pull_request',
    path: WORKFLOW,
    headSha,
    headBranch: 'patch',
    headRepositoryId: fork.id,
    headRepositoryOwner: fork.owner,
    repositoryId: platform.repository.id,
    url: 'https://github.com/acme/churn/actions/runs/1',
    startedAt: '2026-11-21T10:00:00Z',
  };
}

describe('findPullRequest', () => {
  it('finds the pull request of a fork by its head', async () => {
    const { fork, pull } = await openFromFork();
    expect(await findPullRequest(platform.client, eventOf(pull.headSha, fork))).toEqual({
      kind: 'found',
      pullRequest: {
        number: pull.number,
        headSha: pull.headSha,
        headRepositoryId: fork.id,
        baseSha: pull.baseSha,
        baseRef: 'main',
        fromFork: true,
      },
    });
  });

  it('says that a run is superseded when the head has moved', async () => {
    const { fork, pull } = await openFromFork();
    const old = pull.headSha;
    const next = await runGit(fork.gitDirectory, ['commit-tree', '-p', old, '-m', 'y', `${old}^{tree}`]);
    await runGit(fork.gitDirectory, ['update-ref', 'refs/heads/patch', next]);
    expect(await findPullRequest(platform.client, eventOf(old, fork))).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('superseded'),
    });
  });

  it('takes no pull request of another repository for it', async () => {
    const { fork, pull } = await openFromFork();
    const event = { ...eventOf(pull.headSha, fork), headRepositoryId: platform.repository.id };
    expect(await findPullRequest(platform.client, event)).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('No open pull request'),
    });
  });

  it('does not choose between two', async () => {
    const { github, repository, client, workspace } = platform;
    const { fork, pull } = await openFromFork();
    await workspace.git('push', '--quiet', 'origin', 'main:refs/heads/release');
    await addPullRequest(github.state, repository, {
      head: 'patch',
      headRepository: fork.fullName,
      base: 'release',
    });
    expect(await findPullRequest(client, eventOf(pull.headSha, fork))).toMatchObject({
      kind: 'none',
      reason: 'Several pull requests have this head: #2, #1.',
    });
  });

  it('needs a run of a pull request whose head still exists', async () => {
    const { fork, pull } = await openFromFork();
    const event = eventOf(pull.headSha, fork);
    expect(await findPullRequest(platform.client, { ...event, event: 'push' })).toMatchObject({
      kind: 'none',
    });
    expect(await findPullRequest(platform.client, { ...event, headBranch: undefined })).toMatchObject({
      kind: 'none',
      reason: 'The head of the run has been deleted.',
    });
  });
});

describe('setCommitStatus', () => {
  it('sets the status that branch protection requires, in the length that GitHub takes', async () => {
    const { client, workspace, repository } = platform;
    const commit = await workspace.revision();
    await setCommitStatus(client, {
      commit,
      state: 'failure',
      description: 'é'.repeat(200),
      url: 'https://example.com/report',
    });
    expect(repository.statuses).toMatchObject([
      { sha: commit, state: 'failure', context: 'mlgate', targetUrl: 'https://example.com/report' },
    ]);
    expect(Array.from(repository.statuses[0]?.description ?? '')).toHaveLength(140);
  });

  it('says which permission is missing', async () => {
    const client = await platform.connect({ contents: 'read' });
    const commit = await platform.workspace.revision();
    await expect(
      setCommitStatus(client, { commit, state: 'success', description: 'x' }),
    ).rejects.toMatchObject({ help: expect.stringContaining('statuses: write') });
  });
});
