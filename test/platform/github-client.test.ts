import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorldError } from '../../src/evidence/errors.ts';
import { createGitHubClient, GitHubError } from '../../src/platform/github-client.ts';
import { findBranchTip } from '../../src/platform/rest-history.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import { startRestPlatform, type RestPlatform } from './rest-platform.ts';

let platform: RestPlatform;

beforeEach(async () => {
  platform = await startRestPlatform();
});

afterEach(() => platform.close());

async function failureOf(work: Promise<unknown>): Promise<GitHubError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GitHubError);
  expect(error).toBeInstanceOf(WorldError);
  return error as GitHubError;
}

const CHANGE = {
  ref: 'refs/heads/mlgate',
  expected: undefined,
  files: new Map([['a', '1']]),
  message: 'x',
};

describe('GitHub errors', () => {
  it('names the permission that is missing, as YAML', async () => {
    const client = await platform.connect({ contents: 'read' });
    const error = await failureOf(openRestStore(client).write(CHANGE));
    expect(error.status).toBe(403);
    expect(error.message).toContain('Could not write a file');
    expect(error.help).toContain('permissions:\n  contents: write');
  });

  it('explains a token that is not known', async () => {
    const client = await createGitHubClient({
      token: 'nonsense',
      apiUrl: `${platform.github.url}/`,
      repository: 'acme/churn',
      retryAfterMs: 1,
    });
    const error = await failureOf(findBranchTip(client, 'main'));
    expect(error.status).toBe(401);
    expect(error.help).toContain('token is missing, wrong or expired');
  });

  it('repeats an answer of 500 and then goes on', async () => {
    const { github, client, workspace } = platform;
    github.state.faults.push({
      operation: 'git/get-ref',
      times: 2,
      respond: { status: 502, message: 'Bad Gateway' },
    });
    expect(await findBranchTip(client, 'main')).toBe(await workspace.revision());
    expect(github.state.requests).toHaveLength(3);
  });

  it('gives up on a server that stays broken', async () => {
    const { github, client } = platform;
    github.state.faults.push({
      operation: 'git/get-ref',
      times: 10,
      respond: { status: 503, message: 'Service Unavailable' },
    });
    const error = await failureOf(findBranchTip(client, 'main'));
    expect(error.status).toBe(503);
    expect(error.help).toContain('GitHub has a problem');
    expect(github.state.requests).toHaveLength(4);
  });

  it('repeats a call whose connection broke', async () => {
    const { github, client, workspace } = platform;
    github.state.faults.push({ operation: 'git/get-ref', times: 1, drop: 'before' });
    expect(await findBranchTip(client, 'main')).toBe(await workspace.revision());
  });

  it('explains a network that is down', async () => {
    const client = await createGitHubClient({
      token: 't',
      apiUrl: 'http://127.0.0.1:9',
      repository: 'acme/churn',
      retryAfterMs: 1,
    });
    const error = await failureOf(findBranchTip(client, 'main'));
    expect(error.status).toBeUndefined();
    expect(error.message).toContain('the connection to GitHub failed');
  });

  it.each([403, 429])('waits as long as a rate limit with status %i says, then goes on', async (status) => {
    const { github, client, workspace } = platform;
    github.state.faults.push({
      operation: 'git/get-ref',
      times: 1,
      respond: {
        status,
        message: 'You have exceeded a secondary rate limit',
        headers: { 'retry-after': '2' },
      },
    });
    expect(await findBranchTip(client, 'main')).toBe(await workspace.revision());
    expect(github.state.requests).toHaveLength(2);
  });

  it('does not wait for an hour', async () => {
    const { github, client } = platform;
    github.state.faults.push({
      operation: 'git/get-ref',
      times: 1,
      respond: { status: 403, message: 'API rate limit exceeded', headers: { 'retry-after': '3600' } },
    });
    const error = await failureOf(findBranchTip(client, 'main'));
    expect(error.help).toContain('rate limit');
    expect(github.state.requests).toHaveLength(1);
  });

  it('refuses a repository that is none', async () => {
    await expect(
      createGitHubClient({ token: 't', apiUrl: platform.github.url, repository: 'churn' }),
    ).rejects.toThrow(/owner\/name/u);
  });
});

describe('a write through REST', () => {
  it('whose answer was lost is not taken for a lost race', async () => {
    const { github, client } = platform;
    const store = openRestStore(client);
    github.state.faults.push({ operation: 'git/create-ref', times: 1, drop: 'after' });
    const first = await store.write(CHANGE);
    expect(first.kind).toBe('written');
    github.state.faults.push({ operation: 'git/update-ref', times: 1, drop: 'after' });
    const expected = first.kind === 'written' ? first.commit : undefined;
    const second = await store.write({ ...CHANGE, expected, files: new Map([['b', '2']]) });
    expect(second.kind).toBe('written');
    expect(await store.resolve(CHANGE.ref)).toBe(second.kind === 'written' ? second.commit : '');
  });

  it('that GitHub calls a conflict is a lost race', async () => {
    const { github, client } = platform;
    github.state.faults.push({
      operation: 'git/create-ref',
      times: 1,
      respond: { status: 409, message: 'Conflict' },
    });
    expect(await openRestStore(client).write(CHANGE)).toEqual({ kind: 'moved' });
  });
});
