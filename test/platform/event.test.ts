import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/evidence/errors.ts';
import { readRunContext, toEvidenceSource } from '../../src/platform/event.ts';

const [MERGE, HEAD, BASE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function read(payload: unknown, environment: Record<string, string | undefined> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-event-'));
  folders.push(folder);
  const path = join(folder, 'event.json');
  await writeFile(path, typeof payload === 'string' ? payload : JSON.stringify(payload));
  return readRunContext({
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: 'acme/churn',
    GITHUB_REPOSITORY_ID: '123456',
    GITHUB_SHA: MERGE,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_RUN_ID: '9001',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'acme/churn/.github/workflows/gate.yml@refs/heads/main',
    GITHUB_ACTOR: 'octocat',
    GITHUB_SERVER_URL: 'https://github.com',
    ...environment,
  });
}

const REPOSITORY = { id: 123_456, full_name: 'acme/churn', default_branch: 'main', owner: { login: 'acme' } };

function pullRequest(headRepository: unknown) {
  return {
    action: 'synchronize',
    number: 7,
    repository: REPOSITORY,
    pull_request: {
      number: 7,
      head: { sha: HEAD, ref: 'patch', repo: headRepository },
      base: { sha: BASE, ref: 'main', repo: REPOSITORY },
    },
  };
}

const PULL_ENVIRONMENT = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' };

describe('readRunContext', () => {
  it('reads a push', async () => {
    const context = await read({
      ref: 'refs/heads/main',
      after: MERGE,
      before: BASE,
      repository: REPOSITORY,
    });
    expect(context).toEqual({
      repository: 'acme/churn',
      repositoryId: 123_456,
      event: 'push',
      commit: MERGE,
      headCommit: MERGE,
      ref: 'refs/heads/main',
      workflow: '.github/workflows/gate.yml',
      run: 9001,
      attempt: 2,
      pullRequest: undefined,
      mergeGroup: undefined,
      workflowRun: undefined,
      defaultBranch: 'main',
      actor: 'octocat',
      runUrl: 'https://github.com/acme/churn/actions/runs/9001',
    });
    expect(toEvidenceSource(context)).toEqual({
      repository: 'acme/churn',
      repositoryId: 123_456,
      commit: MERGE,
      headCommit: MERGE,
      ref: 'refs/heads/main',
      event: 'push',
      workflow: '.github/workflows/gate.yml',
      run: 9001,
      attempt: 2,
    });
  });

  it('reads a pull request of the same repository', async () => {
    const context = await read(pullRequest({ id: 123_456 }), PULL_ENVIRONMENT);
    expect(context.pullRequest).toEqual({
      number: 7,
      headSha: HEAD,
      baseSha: BASE,
      baseRef: 'main',
      fromFork: false,
    });
    expect(context).toMatchObject({ commit: MERGE, headCommit: HEAD });
  });

  it.each([{ id: 777 }, null])('takes a head in %j for a fork', async (headRepository) => {
    const context = await read(pullRequest(headRepository), PULL_ENVIRONMENT);
    expect(context.pullRequest?.fromFork).toBe(true);
  });

  it('reads a merge group', async () => {
    const payload = {
      action: 'checks_requested',
      repository: REPOSITORY,
      merge_group: {
        head_sha: MERGE,
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
        base_sha: BASE,
        base_ref: 'refs/heads/main',
      },
    };
    const context = await read(payload, { GITHUB_EVENT_NAME: 'merge_group' });
    expect(context.mergeGroup).toEqual({ baseSha: BASE, baseRef: 'refs/heads/main' });
    expect(context.pullRequest).toBeUndefined();
  });

  it('reads a manual run', async () => {
    const payload = { inputs: { model: 'churn' }, ref: 'refs/heads/main', repository: REPOSITORY };
    const context = await read(payload, { GITHUB_EVENT_NAME: 'workflow_dispatch' });
    expect(context).toMatchObject({ event: 'workflow_dispatch', commit: MERGE, headCommit: MERGE });
  });

  it('reads the run that started this one, of a fork', async () => {
    const payload = {
      action: 'completed',
      repository: REPOSITORY,
      workflow_run: {
        id: 555,
        run_attempt: 1,
        event: 'pull_request',
        path: '.github/workflows/gate.yml',
        head_sha: HEAD,
        head_branch: 'patch',
        conclusion: 'success',
        pull_requests: [],
        repository: REPOSITORY,
        head_repository: { id: 777, fork: true, owner: { login: 'mallory' } },
      },
    };
    const context = await read(payload, { GITHUB_EVENT_NAME: 'workflow_run' });
    expect(context.workflowRun).toEqual({
      id: 555,
      attempt: 1,
      event: 'pull_request',
      path: '.github/workflows/gate.yml',
      headSha: HEAD,
      headBranch: 'patch',
      headRepositoryId: 777,
      headRepositoryOwner: 'mallory',
      repositoryId: 123_456,
      url: 'https://github.com/acme/churn/actions/runs/555',
    });
  });

  it('takes the repository number from the event where the runner does not give it', async () => {
    const context = await read({ repository: REPOSITORY }, { GITHUB_REPOSITORY_ID: undefined });
    expect(context.repositoryId).toBe(123_456);
  });

  it.each([
    ['another repository', 'other/repo/.github/workflows/gate.yml@refs/heads/main'],
    ['nothing', undefined],
  ])('knows no workflow where the runner names %s', async (_, ref) => {
    expect((await read({}, { GITHUB_WORKFLOW_REF: ref })).workflow).toBeUndefined();
  });

  it.each(['GITHUB_REPOSITORY', 'GITHUB_SHA', 'GITHUB_EVENT_PATH', 'GITHUB_RUN_ID', 'GITHUB_REF'])(
    'says that %s is missing',
    async (name) => {
      await expect(read({ repository: REPOSITORY }, { [name]: '' })).rejects.toThrow(
        new RegExp(`does not say its \`${name}\``, 'u'),
      );
    },
  );

  it('refuses what is no event', async () => {
    await expect(read('{')).rejects.toThrow(/is not JSON/u);
    await expect(read({}, { GITHUB_EVENT_PATH: '/nowhere/event.json' })).rejects.toThrow(/does not exist/u);
    await expect(read({}, { GITHUB_SHA: 'main; rm -rf' })).rejects.toThrow(UserError);
    const broken = pullRequest({ id: 1 });
    broken.pull_request.head.sha = '--upload-pack=x';
    await expect(read(broken, PULL_ENVIRONMENT)).rejects.toThrow(/pull_request.head.sha/u);
  });
});
