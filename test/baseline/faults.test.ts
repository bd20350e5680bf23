/** GitHub refuses, is slow, breaks off: the search and the record end, either with a result or with what cures it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBaseline, type BaselineFound } from '../../src/baseline/find-baseline.ts';
import { recordBaseline, type RecordResult } from '../../src/baseline/record-baseline.ts';
import { findWantedCommit } from '../../src/baseline/wanted-commit.ts';
import { openRestHistory } from '../../src/platform/rest-history.ts';
import { openRestStore } from '../../src/platform/rest-ref-store.ts';
import { startRestPlatform, type RestPlatform } from '../platform/rest-platform.ts';
import { evidenceOf, REPOSITORY_ID } from './evidence.ts';

const EXPECTED = { repositoryId: REPOSITORY_ID, main: 'main' };

let platform: RestPlatform;
let first: string;
let second: string;

// One platform for all: it takes longer to start than any of these.
beforeAll(async () => {
  platform = await startRestPlatform();
  first = await platform.workspace.revision();
  second = await commitNext();
  await record(first);
});

beforeEach(() => {
  platform.github.state.requests.length = 0;
});

afterEach(() => {
  platform.github.state.faults.length = 0;
});

afterAll(() => platform.close());

async function commitNext(): Promise<string> {
  const commit = await platform.workspace.commit({});
  await platform.workspace.push();
  return commit;
}

async function record(commit: string): Promise<RecordResult> {
  return await recordBaseline(
    openRestStore(platform.client),
    {
      evidence: evidenceOf(commit),
      branch: 'mlgate',
      outcomes: [],
      limits: { kept: 10, maxBytes: 1000 },
      expected: EXPECTED,
    },
    { now: () => new Date('2026-11-02T09:00:00Z'), random: Math.random, sleep: async () => {} },
  );
}

async function search(): Promise<BaselineFound> {
  const history = openRestHistory(platform.client);
  return await findBaseline({
    store: { refs: openRestStore(platform.client), branch: 'mlgate' },
    history,
    wanted: await findWantedCommit({ commit: second, mainTip: second }, history),
    tested: second,
    findMainTip: async () => second,
    expected: EXPECTED,
    resorts: [],
    maxOutcomesBytes: 1000,
  });
}

function refuse(operation: string, status: number, times: number): void {
  platform.github.state.faults.push({
    operation,
    times,
    respond: { status, message: 'no', ...(status === 429 ? { headers: { 'retry-after': '0' } } : {}) },
  });
}

const READS = ['repos/list-commits', 'git/get-ref', 'git/get-tree', 'git/get-blob'];

describe('a search', () => {
  it.each(READS.flatMap((operation) => [500, 502, 503].map((status) => ({ operation, status }))))(
    'goes on after one $status of $operation',
    async ({ operation, status }) => {
      refuse(operation, status, 1);
      expect((await search()).used).toMatchObject({ rung: 'exact', commit: first });
    },
  );

  it.each(READS)('goes on after a connection that %s cut', async (operation) => {
    platform.github.state.faults.push({ operation, times: 1, drop: 'before' });
    expect((await search()).used).toMatchObject({ rung: 'exact', commit: first });
  });

  it.each(
    READS.flatMap((operation) => [
      { operation, status: 403, help: /contents: read/u, most: 1 },
      { operation, status: 429, help: /rate limit/u, most: 2 },
      { operation, status: 503, help: /status page/u, most: 4 },
    ]),
  )('ends where $operation stays at $status, with the cure', async ({ operation, status, help, most }) => {
    refuse(operation, status, 50);
    const searching = search();
    await expect(searching).rejects.toMatchObject({
      name: 'GitHubError',
      status,
      help: expect.stringMatching(help),
    });
    const asked = platform.github.state.requests.filter((request) => request.operation === operation);
    expect(asked).toHaveLength(most);
  });

  it('takes 404 for what is not there: no branch, no commit', async () => {
    refuse('git/get-ref', 404, 1);
    expect((await search()).used.tried[0]?.reason).toContain('does not exist');
    refuse('repos/list-commits', 404, 1);
    expect((await search()).used).toMatchObject({ rung: 'newest' });
  });
});

describe('a record', () => {
  it.each([409, 422])('takes %s for a lost race and tries again', async (status) => {
    platform.github.state.faults.push({
      operation: 'git/update-ref',
      times: 2,
      respond: { status, message: 'Update is not a fast forward' },
    });
    expect(await record(await commitNext())).toMatchObject({ kind: 'recorded' });
  });

  it('whose last answer was lost is recorded once', async () => {
    platform.github.state.faults.push({ operation: 'git/update-ref', times: 1, drop: 'after' });
    const next = await commitNext();
    expect(await record(next)).toMatchObject({ kind: 'recorded' });
    expect(await record(next)).toMatchObject({ kind: 'already-recorded' });
  });

  it.each([
    ['git/create-blob', 403, /contents: write/u],
    ['git/update-ref', 403, /contents: write/u],
    ['git/create-tree', 422, /report it/u],
    ['git/update-ref', 503, /status page/u],
  ])(
    'that %s answers with %s ends with the cure, and nothing half is left',
    async (operation, status, help) => {
      refuse(operation, status, 50);
      await expect(record(second)).rejects.toMatchObject({ status, help: expect.stringMatching(help) });
      platform.github.state.faults.length = 0;
      expect((await search()).used).toMatchObject({ rung: 'exact', commit: first });
    },
  );
});
