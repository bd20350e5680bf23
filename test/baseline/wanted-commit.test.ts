import { describe, expect, it } from 'vitest';
import { findWantedCommit, type Tested } from '../../src/baseline/wanted-commit.ts';
import { createHistory, idOf } from './history.ts';

/**
 * main: m1 - m2 - m3, and m4 that merged x; topic t1 - t2 left main at m1; `merge` is GitHub's test merge of t2
 * into m3.
 */
const HISTORY = createHistory({
  m1: [],
  m2: ['m1'],
  m3: ['m2'],
  x: ['m2'],
  m4: ['m3', 'x'],
  t1: ['m1'],
  t2: ['t1'],
  merge: ['m3', 't2'],
  stranger: [],
});
const PULL = { headSha: idOf('t2'), baseSha: idOf('m3') };

const CASES: readonly {
  name: string;
  tested: Tested;
  wanted: { commit: string; how: string };
}[] = [
  {
    name: 'a pull request: the first parent of the tested merge',
    tested: { commit: idOf('merge'), pullRequest: PULL },
    wanted: { commit: idOf('m3'), how: 'merge-parent' },
  },
  {
    name: 'a pull request whose event names an older base: still the first parent of the merge',
    tested: { commit: idOf('merge'), pullRequest: { ...PULL, baseSha: idOf('m2') } },
    wanted: { commit: idOf('m3'), how: 'merge-parent' },
  },
  {
    name: 'a pull request whose head itself was checked out: the merge base',
    tested: { commit: idOf('t2'), pullRequest: PULL },
    wanted: { commit: idOf('m1'), how: 'merge-base' },
  },
  {
    name: 'a pull request with a merge that nobody knows any more: the base of the event',
    tested: { commit: idOf('gone'), pullRequest: PULL },
    wanted: { commit: idOf('m3'), how: 'event-base' },
  },
  {
    name: 'a claimed merge that is not one of this head: the merge base, not what the claim would have',
    tested: { commit: idOf('m4'), pullRequest: PULL },
    wanted: { commit: idOf('m1'), how: 'merge-base' },
  },
  {
    name: 'a merge group: its base',
    tested: { commit: idOf('merge'), mergeGroup: { baseSha: idOf('m2') } },
    wanted: { commit: idOf('m2'), how: 'merge-group-base' },
  },
  {
    name: 'a push to main: the first parent',
    tested: { commit: idOf('m4'), mainTip: idOf('m4') },
    wanted: { commit: idOf('m3'), how: 'first-parent' },
  },
  {
    name: 'a push to main that was overtaken: the first parent all the same',
    tested: { commit: idOf('m2'), mainTip: idOf('m4') },
    wanted: { commit: idOf('m1'), how: 'first-parent' },
  },
  {
    name: 'uncommitted changes on main: the commit that they are applied to',
    tested: { commit: idOf('m3'), mainTip: idOf('m3'), changed: true },
    wanted: { commit: idOf('m3'), how: 'head' },
  },
  {
    name: 'a branch: where it left main',
    tested: { commit: idOf('t2'), mainTip: idOf('m4'), changed: true },
    wanted: { commit: idOf('m1'), how: 'merge-base' },
  },
  {
    name: 'commits on top of main that are not pushed: the tip of main',
    tested: { commit: idOf('m4'), mainTip: idOf('m3') },
    wanted: { commit: idOf('m3'), how: 'merge-base' },
  },
  {
    name: 'a clone that does not know main: the first parent',
    tested: { commit: idOf('m3') },
    wanted: { commit: idOf('m2'), how: 'first-parent' },
  },
];

describe('findWantedCommit', () => {
  it.each(CASES)('takes for $name', async ({ tested, wanted }) => {
    expect(await findWantedCommit(tested, HISTORY)).toEqual({ kind: 'commit', ...wanted });
  });

  it.each([
    ['the first commit of a repository', { commit: idOf('m1'), mainTip: idOf('m1') }, /has no parent/u],
    [
      'a branch of another history',
      { commit: idOf('stranger'), mainTip: idOf('m3') },
      /no known common ancestor/u,
    ],
    [
      'a pull request of another history',
      { commit: idOf('stranger'), pullRequest: { headSha: idOf('stranger'), baseSha: idOf('m3') } },
      /no known common ancestor/u,
    ],
  ])('says why it does not know one for %s', async (_, tested, reason) => {
    const wanted = await findWantedCommit(tested, HISTORY);
    expect(wanted).toEqual({ kind: 'unknown', reason: expect.stringMatching(reason) });
  });
});
