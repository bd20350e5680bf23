import { makeEvidence } from '../../src/evidence/evidence.ts';
import type { Evidence, EvidenceBody, EvidenceSource } from '../../src/schemas/evidence.generated.ts';

export const TEST_SET = 'a'.repeat(64);
export const SUBJECT = 'b'.repeat(64);
export const REPOSITORY_ID = 4711;

const BODY: EvidenceBody = {
  tool: { name: 'mlgate', version: '0.1.0' },
  seed: 1,
  policy: { digest: 'c'.repeat(64), enforce: true, alpha: 0.05, inconclusive: 'warn', noBaseline: 'warn' },
  verdict: 'pass',
  subjects: [{ name: 'churn', sha256: SUBJECT, bytes: 10, format: 'onnx', binding: 'declared' }],
  inputs: [],
  checks: [],
  metrics: [
    {
      name: 'accuracy',
      about: { model: 'churn', datasetDigest: TEST_SET },
      definition: 1,
      direction: 'higher-is-better',
      value: 0.9,
      n: 100,
    },
  ],
  figures: [],
};

/** Evidence of a push to main at a commit. */
export function evidenceOf(
  commit: string,
  overrides: { readonly source?: Partial<EvidenceSource>; readonly body?: Partial<EvidenceBody> } = {},
): Evidence {
  return makeEvidence(
    { ...BODY, ...overrides.body },
    {
      source: {
        repository: 'acme/churn',
        repositoryId: REPOSITORY_ID,
        commit,
        headCommit: commit,
        ref: 'refs/heads/main',
        event: 'push',
        run: 9,
        ...overrides.source,
      },
      createdAt: new Date('2026-11-02T08:00:00Z'),
      durationSeconds: 1,
    },
  );
}
