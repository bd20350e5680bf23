/** The ladder in real repositories: shallow clones, a main that was force-pushed, squash merges, merge groups, forks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBaseline, type BaselineFound } from '../../src/baseline/find-baseline.ts';
import { recordBaseline } from '../../src/baseline/record-baseline.ts';
import { findWantedCommit, type Tested } from '../../src/baseline/wanted-commit.ts';
import { openGitStore } from '../../src/platform/git-ref-store.ts';
import { openGit } from '../../src/platform/git.ts';
import { openGitHistory } from '../../src/platform/history.ts';
import { MLGATE_IDENTITY } from '../../src/platform/ref-store.ts';
import {
  createBareRepository,
  createGitWorkspace,
  runGit,
  type GitWorkspace,
} from '../helpers/git-repository.ts';
import { isolatedEnvironment } from '../platform/environment.ts';
import { evidenceOf, REPOSITORY_ID } from './evidence.ts';

const EXPECTED = { repositoryId: REPOSITORY_ID, main: 'main' };
const TIMING = { now: () => new Date('2026-11-02T09:00:00Z'), random: Math.random, sleep: async () => {} };

let origin: string;
let work: GitWorkspace;
const folders: string[] = [];

beforeEach(async () => {
  origin = await createBareRepository();
  work = await createGitWorkspace({ origin });
  folders.push(origin, work.directory);
});

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

function openIn(directory: string) {
  const git = openGit(directory, isolatedEnvironment());
  const store = openGitStore({
    git,
    remote: 'origin',
    identity: MLGATE_IDENTITY,
    temporaryFolder: tmpdir(),
  });
  return { git, store, history: openGitHistory(git) };
}

async function commitOnMain(name: string, record = true): Promise<string> {
  const commit = await work.commit({ 'a.txt': name }, name);
  await work.push();
  if (record) await recordOne(commit);
  return commit;
}

async function recordOne(commit: string): Promise<void> {
  const record = {
    evidence: evidenceOf(commit),
    branch: 'mlgate',
    outcomes: [],
    limits: { kept: 10, maxBytes: 1000 },
    expected: EXPECTED,
  };
  expect(await recordBaseline(openIn(work.directory).store, record, TIMING)).toMatchObject({
    kind: 'recorded',
  });
}

async function search(directory: string, tested: Tested): Promise<BaselineFound> {
  const { store, history } = openIn(directory);
  return await findBaseline({
    store: { refs: store, branch: 'mlgate' },
    history,
    wanted: await findWantedCommit(tested, history),
    tested: tested.commit,
    findMainTip: async () => tested.mainTip,
    expected: EXPECTED,
    resorts: [],
    maxOutcomesBytes: 1000,
  });
}

/** A clone as `actions/checkout` makes it: one commit deep, detached. */
async function checkOutShallow(ref: string, depth = 1): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mlgate-shallow-'));
  folders.push(folder);
  await runGit(folder, ['init', '--quiet']);
  await runGit(folder, ['remote', 'add', 'origin', `file://${origin}`]);
  await runGit(folder, ['fetch', '--quiet', `--depth=${depth}`, 'origin', ref]);
  await runGit(folder, ['checkout', '--quiet', '--detach', 'FETCH_HEAD']);
  return folder;
}

describe('a shallow clone', () => {
  it('still names the commit that the tested merge was made on', async () => {
    const main = await commitOnMain('one');
    await work.branch('topic');
    const headSha = await work.commit({ 'b.txt': 'x' });
    await work.checkout('main');
    await work.git('checkout', '--quiet', '--detach');
    const merge = await work.merge('topic');
    await work.push(`${merge}:refs/pull/1/merge`);
    const folder = await checkOutShallow('refs/pull/1/merge');
    const { used } = await search(folder, { commit: merge, pullRequest: { headSha, baseSha: main } });
    expect(used).toMatchObject({ rung: 'exact', commit: main, tried: [] });
  });

  it('says that it is shallow where an older commit would have been the baseline', async () => {
    await commitOnMain('one');
    await commitOnMain('two', false);
    const three = await commitOnMain('three', false);
    const folder = await checkOutShallow('main');
    const { used } = await search(folder, { commit: three });
    expect(used.rung).toBe('none');
    expect(used.tried.find(({ rung }) => rung === 'ancestor')?.reason).toMatch(
      /^No known first-parent ancestor .* This clone is shallow.*git fetch --unshallow/u,
    );
    const deeper = await checkOutShallow('main', 2);
    expect((await search(deeper, { commit: three })).used).toMatchObject({ rung: 'ancestor', distance: 1 });
  });

  it('says so too where it does not show what a branch left main at', async () => {
    const main = await commitOnMain('one');
    await work.branch('topic');
    await work.commit({ 'b.txt': 'x' });
    const head = await work.commit({ 'b.txt': 'y' });
    await work.push();
    const folder = await checkOutShallow('topic');
    await runGit(folder, ['fetch', '--quiet', '--depth=1', 'origin', 'main']);
    const { used } = await search(folder, { commit: head, mainTip: main });
    expect(used).toMatchObject({ rung: 'newest', commit: main });
    expect(used.tried[0]?.reason).toMatch(/have no known common ancestor\. This clone is shallow/u);
  });
});

describe('main', () => {
  it('that was force-pushed: what stood there before is no baseline any more', async () => {
    const kept = await commitOnMain('kept');
    const dropped = await commitOnMain('dropped');
    await work.git('reset', '--quiet', '--hard', kept);
    const rewritten = await work.commit({ 'a.txt': 'rewritten' });
    await work.push('+main:main');
    const head = await work.commit({ 'b.txt': 'x' });
    const { used } = await search(work.directory, { commit: head, mainTip: rewritten });
    expect(used).toMatchObject({ rung: 'ancestor', commit: kept, wanted: rewritten, distance: 1 });
    expect(used.commit).not.toBe(dropped);
  });

  it('that was force-pushed away under a pull request: the commit that was merged with counts', async () => {
    const base = await commitOnMain('base');
    const old = await commitOnMain('old');
    await work.branch('topic');
    const headSha = await work.commit({ 'b.txt': 'x' });
    await work.git('checkout', '--quiet', '--detach', old);
    const merge = await work.merge('topic');
    await work.checkout('main');
    await work.git('reset', '--quiet', '--hard', base);
    const tip = await work.commit({ 'a.txt': 'new' });
    const pullRequest = { headSha, baseSha: old };
    const { used } = await search(work.directory, { commit: merge, pullRequest, mainTip: tip });
    expect(used).toMatchObject({ rung: 'exact', commit: old });
  });

  it('of squash merges: each squashed commit is one step', async () => {
    const first = await commitOnMain('first');
    await work.branch('topic');
    await work.commit({ 'b.txt': '1' });
    await work.commit({ 'b.txt': '2' });
    await work.checkout('main');
    await work.git('merge', '--quiet', '--squash', 'topic');
    const squashed = await work.commit({});
    await work.push();
    const { used } = await search(work.directory, { commit: squashed, mainTip: squashed });
    expect(used).toMatchObject({ rung: 'exact', commit: first, wanted: first });
  });

  it('of merges: commits of merged branches are never baselines', async () => {
    const first = await commitOnMain('first');
    await work.branch('topic');
    const onTopic = await work.commit({ 'b.txt': '1' });
    await recordOne(onTopic);
    await work.checkout('main');
    const merge = await work.merge('topic');
    await work.push();
    const next = await work.commit({ 'a.txt': 'n' });
    const { used } = await search(work.directory, { commit: next, mainTip: merge });
    expect(used).toMatchObject({ rung: 'ancestor', commit: first, distance: 1 });
  });
});

describe('a merge group', () => {
  it('is compared with its base, also where that is another group that was not merged yet', async () => {
    const main = await commitOnMain('main');
    await work.branch('group-1');
    const first = await work.commit({ 'b.txt': '1' });
    await work.branch('group-2');
    const second = await work.commit({ 'c.txt': '2' });
    const { used } = await search(work.directory, {
      commit: second,
      mergeGroup: { baseSha: first },
      mainTip: main,
    });
    expect(used).toMatchObject({ rung: 'ancestor', commit: main, wanted: first, distance: 1 });
  });
});

describe('the first run', () => {
  it('says that nothing was recorded yet', async () => {
    const commit = await commitOnMain('one', false);
    const { used } = await search(work.directory, { commit, mainTip: commit });
    expect(used).toMatchObject({ rung: 'none', tried: [{ rung: 'exact' }] });
    expect(used.tried[0]?.reason).toContain('no run on main has recorded a baseline yet');
  });

  it('of the first commit says that there is nothing before it', async () => {
    const commit = await commitOnMain('one');
    const { used } = await search(work.directory, { commit, mainTip: commit });
    expect(used.rung).toBe('none');
    expect(used.tried[0]?.reason).toMatch(/has no parent/u);
    expect(used.tried.at(-1)?.reason).toBe('No known commit of main has sound evidence.');
  });
});

describe('the branch of the baseline', () => {
  it('and main do not grow with outcomes: deleted ones are gone from the repository', async () => {
    await commitOnMain('one', false);
    const size = 100_000;
    const { store } = openIn(work.directory);
    for (let index = 0; index < 12; index += 1) {
      const commit = await commitOnMain(`n${index}`, false);
      const evidence = evidenceOf(commit);
      const testSet = evidence.body.metrics[0]!.about.datasetDigest!;
      // Noise, so that nothing of it can be stored as a difference.
      const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(Math.random() * 256)));
      await recordBaseline(
        store,
        {
          evidence,
          branch: 'mlgate',
          outcomes: [{ model: 'churn', testSet, bytes }],
          limits: { kept: 3, maxBytes: 2 * size },
          expected: EXPECTED,
        },
        { ...TIMING, now: () => new Date(Date.UTC(2026, 10, 2, 9, index)) },
      );
    }
    const refs = await runGit(origin, ['for-each-ref', '--format=%(refname)', 'refs/mlgate']);
    expect(refs.split('\n')).toHaveLength(3);
    await runGit(origin, ['gc', '--quiet', '--prune=now']);
    const count = await runGit(origin, ['count-objects', '-v']);
    const kilobytes = Number(/size-pack: (\d+)/u.exec(count)?.[1]);
    expect(kilobytes).toBeGreaterThan((3 * size) / 1024);
    expect(kilobytes).toBeLessThan((4 * size) / 1024);
    const sizes = await runGit(origin, ['rev-list', '--objects', '--disk-usage', 'main', 'mlgate']);
    expect(Number(sizes)).toBeLessThan(size / 2);
    // The digests of all twelve stay.
    const files = await runGit(origin, ['ls-tree', '--name-only', 'mlgate', 'outcomes/']);
    expect(files.split('\n')).toHaveLength(12);
  });
});
