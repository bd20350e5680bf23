import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMetricHistory } from '../../src/baseline/metric-history.ts';
import { noteMeasurement } from '../../src/baseline/note-measurement.ts';
import { readTestSetUses } from '../../src/baseline/test-set-uses.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { MLGATE_IDENTITY } from '../../src/platform/ref-store.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { createBareRepository } from '../helpers/git-repository.ts';
import { isolatedEnvironment } from '../platform/environment.ts';
import { evidenceOf, TEST_SET } from './evidence.ts';
import { createHistory, idOf } from './history.ts';

const BRANCH = 'mlgate';
const NAMES = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const LINE = createHistory(
  Object.fromEntries(NAMES.map((name, index) => [name, NAMES.slice(0, index).slice(-1)])),
);
const TIMING = {
  random: createRandom(1).uniform,
  sleep: async (milliseconds: number) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds / 10));
  },
  now: () => new Date('2026-11-09T08:00:00Z'),
};

let repository: string;
beforeEach(async () => {
  repository = await createBareRepository();
});
afterEach(async () => {
  await rm(repository, { recursive: true, force: true });
});

function openStore() {
  const git = openGit(repository, isolatedEnvironment());
  return openGitStore({ git, remote: undefined, identity: MLGATE_IDENTITY, temporaryFolder: tmpdir() });
}

function note(name: string, seed = 1, heads: readonly string[] = []) {
  const listJudged = async () =>
    heads.map((head) => ({ key: `head:${idOf(head)}`, at: '2026-11-05T08:00:00Z' }));
  const evidence = evidenceOf(idOf(name), { body: { seed } });
  return noteMeasurement(openStore(), { evidence, branch: BRANCH, listJudged }, TIMING);
}

async function read() {
  const search = { branch: BRANCH, history: LINE, from: idOf('c8'), window: 100 };
  const { entries } = await readMetricHistory(openStore(), search);
  return entries.map(({ commit }) => commit);
}

describe('noteMeasurement', () => {
  it('loses nothing when eight runs write at once', async () => {
    await Promise.all(NAMES.map((name, index) => note(name, index + 1)));
    expect(await read()).toEqual(NAMES.map(idOf));
    expect(await readTestSetUses(openStore(), BRANCH, TEST_SET)).toMatchObject({ count: 8 });
  }, 60_000);

  it('writes the same measurement once, and a commit that was measured again twice', async () => {
    await note('c1');
    await note('c1');
    expect(await read()).toEqual([idOf('c1')]);
    await note('c1', 2);
    expect(await read()).toEqual([idOf('c1'), idOf('c1')]);
  });

  it('counts the heads of pull requests that were judged since the test set is in use, once each', async () => {
    await note('c1', 1, ['h1']);
    // The first record of a test set: what was judged before was judged on another.
    expect(await readTestSetUses(openStore(), BRANCH, TEST_SET)).toMatchObject({ count: 1 });
    await note('c2', 2, ['h1', 'h2']);
    await note('c3', 3, ['h2', 'h3']);
    expect(await readTestSetUses(openStore(), BRANCH, TEST_SET)).toMatchObject({
      count: 5,
      countedUntil: '2026-11-09T08:00:00Z',
    });
  });
});
