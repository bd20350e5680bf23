import { describe, expect, it } from 'vitest';
import { recordBaseline } from '../../src/baseline/record-baseline.ts';
import { findEvidenceOf } from '../../src/promotion/find-evidence.ts';
import { createGitWorkspace } from '../helpers/git-repository.ts';
import { DIGEST, evidenceOf, makeClock, openTestStore, OTHER_DIGEST } from './cases.ts';

describe('findEvidenceOf', () => {
  it('finds what main recorded about a digest, newest first, and what that was compared with', async () => {
    const workspace = await createGitWorkspace();
    try {
      const store = openTestStore(workspace, undefined);
      const commits = [
        await workspace.commit({ model: '1' }),
        await workspace.commit({ model: '2' }),
        await workspace.commit({ model: '2', other: '1' }),
      ] as const;
      const first = evidenceOf(commits[0], OTHER_DIGEST);
      const baseline = { rung: 'exact', commit: commits[0], evidence: first.digest, tried: [] } as const;
      const second = evidenceOf(commits[1], DIGEST, { body: { baseline } });
      const elsewhere = { ...baseline, evidence: 'f'.repeat(64) };
      const third = evidenceOf(commits[2], DIGEST, { body: { baseline: elsewhere } });
      const place = { store, branch: 'mlgate', expected: { repositoryId: 1 } };
      expect(await findEvidenceOf(place, 'churn', DIGEST)).toEqual({ found: [], unsound: [] });
      const clock = makeClock();
      for (const evidence of [first, second, third]) {
        await recordBaseline(
          store,
          {
            evidence,
            branch: 'mlgate',
            outcomes: [],
            limits: { kept: 1, maxBytes: 1 },
            expected: place.expected,
          },
          { now: clock.now, sleep: clock.sleep, random: () => 0 },
        );
      }
      expect(await findEvidenceOf(place, 'churn', DIGEST)).toEqual({
        found: [
          { evidence: third, comparedWith: undefined },
          { evidence: second, comparedWith: OTHER_DIGEST },
        ],
        unsound: [],
      });
      const foreign = { ...place, expected: { repositoryId: 2 } };
      const { found, unsound } = await findEvidenceOf(foreign, 'churn', DIGEST);
      expect(found).toEqual([]);
      expect(unsound[0]).toContain('is of repository 1, not of 2');
    } finally {
      await workspace.remove();
    }
  });
});
