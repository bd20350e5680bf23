import { describe, expect, it } from 'vitest';
import { printEvidence } from '../../src/evidence/evidence.ts';
import { mergeEvidence } from '../../src/evidence/merge-evidence.ts';
import type { RunArtifact, RunFacts } from '../../src/platform/runs.ts';
import { verifyEvidence, type RunSources } from '../../src/promotion/verify-evidence.ts';
import { BODY, COMMIT, makeTestEvidence } from './cases.ts';

const RUN: RunFacts = {
  id: 101,
  attempt: 1,
  event: 'push',
  path: '.github/workflows/gate.yml',
  headSha: COMMIT,
  headBranch: 'main',
  headRepositoryId: 1,
  headRepositoryOwner: 'acme',
  repositoryId: 1,
  status: 'completed',
  conclusion: 'success',
  startedAt: '2026-11-01T00:00:00Z',
  updatedAt: '2026-11-01T00:10:00Z',
  url: 'https://github.com/acme/churn/actions/runs/101',
};

const ARTIFACT: RunArtifact = {
  id: 7,
  name: 'mlgate-evidence',
  bytes: 10,
  digest: `sha256:${'0'.repeat(64)}`,
};
const EVIDENCE = makeTestEvidence();

function verify(changes: Partial<RunSources> = {}) {
  return verifyEvidence(EVIDENCE, 'mlgate-evidence', {
    verifySource: async () => ({ kind: 'verified', run: RUN }),
    hasRun: async () => true,
    listArtifacts: async () => [{ ...ARTIFACT, name: 'other' }, ARTIFACT],
    readEvidenceFile: async () => printEvidence(EVIDENCE),
    ...changes,
  });
}

describe('verifyEvidence', () => {
  it('holds evidence against its run and the artifact of that run', async () => {
    expect(await verify()).toEqual({ kind: 'verified', by: 'artifact' });
  });

  it('puts the parts of a matrix together before it compares', async () => {
    const parts = ['mlgate-evidence-a', 'mlgate-evidence-b'].map((name) => ({ ...ARTIFACT, name }));
    const other = makeTestEvidence({ body: { notes: ['Of another job.'] } });
    const textOf: Record<string, string> = {
      'mlgate-evidence-a': printEvidence(EVIDENCE),
      'mlgate-evidence-b': printEvidence(other),
    };
    const sources: Partial<RunSources> = {
      listArtifacts: async () => parts,
      readEvidenceFile: async ({ name }) => textOf[name],
    };
    expect(await verify(sources)).toMatchObject({ kind: 'refused' });
    const whole = mergeEvidence([EVIDENCE, other]);
    const verified = await verifyEvidence(whole, 'mlgate-evidence', {
      verifySource: async () => ({ kind: 'verified', run: RUN }),
      hasRun: async () => true,
      listArtifacts: async () => parts,
      readEvidenceFile: async ({ name }) => textOf[name],
    });
    expect(verified).toEqual({ kind: 'verified', by: 'artifact' });
  });

  it('says that the artifact is gone', async () => {
    expect(await verify({ listArtifacts: async () => [] })).toEqual({ kind: 'verified', by: 'run' });
  });

  it('refuses what the run refuses', async () => {
    const verdict = { kind: 'refused', reasons: ['Run 101 is of another repository.'] } as const;
    expect(await verify({ verifySource: async () => verdict })).toEqual(verdict);
  });

  it('tells a run that is gone from one that is wrong', async () => {
    const verdict = { kind: 'refused', reasons: ['GitHub knows no run 101.'] } as const;
    expect(await verify({ verifySource: async () => verdict, hasRun: async () => false })).toEqual({
      kind: 'gone',
      reason: 'GitHub knows no run 101.',
    });
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      'other findings',
      printEvidence(makeTestEvidence({ body: { metrics: [...BODY.metrics, ...BODY.metrics] } })),
      /holds other evidence/,
    ],
    [
      'an older document',
      printEvidence(makeTestEvidence({ createdAt: new Date('2026-11-20T00:00:00Z') })),
      /holds other evidence/,
    ],
    ['nothing', undefined, /holds no evidence/],
    ['no evidence', '{}', /is not evidence of version 1/],
    ['no JSON', '<html>', /is not JSON/],
    ['too much', 'x'.repeat(20_000_001), /holds more than evidence can be/],
  ])('refuses evidence whose artifact holds %s', async (_what, text, reason) => {
    expect(await verify({ readEvidenceFile: async () => text })).toEqual({
      kind: 'refused',
      reasons: [expect.stringMatching(reason)],
    });
  });

  it('takes what a later attempt of the run found again', async () => {
    const later = printEvidence(
      makeTestEvidence({ createdAt: new Date('2026-11-21T09:30:00Z'), source: { attempt: 2 } }),
    );
    expect(await verify({ readEvidenceFile: async () => later })).toEqual({
      kind: 'verified',
      by: 'artifact',
    });
  });
});
