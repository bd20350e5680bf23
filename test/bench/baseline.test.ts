/** The benchmark of the baseline, small: what it counts, not what it times. */
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeTestedMerge, searchClone, searchGitHub, startGitHub } from '../../bench/baseline/find.ts';
import { addRecords, makeMain } from '../../bench/baseline/long-history.ts';
import { runWriters } from '../../bench/baseline/writers.ts';
import { cloneRepository, createBareRepository } from '../helpers/git-repository.ts';

describe('a long history', () => {
  it('takes at most 5 calls of GitHub, also where the newest commits have no evidence', async () => {
    const { github, directory, close } = await startGitHub();
    const commits = await makeMain(directory, 300);
    await addRecords(directory, commits.slice(0, -80));
    const far = await makeTestedMerge(directory, commits[299]!);
    const { used, calls } = await searchGitHub(github, far);
    expect(used).toMatchObject({ rung: 'ancestor', commit: commits[219], distance: 80 });
    expect(calls).toHaveLength(5);
    const near = await makeTestedMerge(directory, commits[100]!);
    const exact = await searchGitHub(github, near);
    expect(exact.used).toMatchObject({ rung: 'exact', commit: commits[100] });
    expect(exact.calls).toHaveLength(5);
    await close();
  });

  it('is walked to its beginning in a clone', async () => {
    const bare = await createBareRepository();
    const commits = await makeMain(bare, 300);
    await addRecords(bare, commits.slice(0, 2));
    const tested = await makeTestedMerge(bare, commits[299]!);
    const clone = await cloneRepository(bare);
    await clone.git('fetch', '--quiet', 'origin', 'refs/pull/1/merge');
    const { used } = await searchClone(clone.directory, tested);
    expect(used).toMatchObject({ rung: 'ancestor', commit: commits[1], distance: 298 });
    await clone.remove();
    await rm(bare, { recursive: true });
  });
});

it('6 processes that record at once lose nothing, and each ends', async () => {
  const { exitCodes, lost, said } = await runWriters(6);
  expect(said.map((text) => text.trim())).toEqual(exitCodes.map(() => 'recorded'));
  expect(exitCodes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(lost).toEqual([]);
}, 120_000);
