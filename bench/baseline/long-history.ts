/** A repository with a long main, and baselines recorded for some of it. */
import { evidencePath } from '../../src/baseline/layout.ts';
import { makeEvidence, printEvidence } from '../../src/evidence/evidence.ts';
import type { EvidenceBody } from '../../src/schemas/evidence.generated.ts';
import { runGit } from '../../test/helpers/git-repository.ts';

const BODY: EvidenceBody = {
  tool: { name: 'mlgate', version: '0.1.0' },
  seed: 1,
  policy: { digest: 'c'.repeat(64), enforce: true, alpha: 0.05, inconclusive: 'warn', noBaseline: 'warn' },
  verdict: 'pass',
  subjects: [],
  inputs: [],
  checks: [],
  metrics: [],
  figures: [],
};

const FIRST_SECOND = Date.parse('2026-01-01T00:00:00Z') / 1000;

/** Sound evidence of a push to main at a commit, as a file has it. */
export function evidenceText(commit: string): string {
  const evidence = makeEvidence(BODY, {
    source: { commit, headCommit: commit, ref: 'refs/heads/main', event: 'push' },
    createdAt: new Date('2026-11-02T08:00:00Z'),
    durationSeconds: 1,
  });
  return printEvidence(evidence);
}

/** Commits on `main` of a bare repository, one after another; gives their ids, oldest first. */
export async function makeMain(bare: string, commits: number): Promise<readonly string[]> {
  const stream = Array.from({ length: commits }, (_, index) => {
    const message = `Commit ${index}`;
    const file = `${index}\n`;
    return `commit refs/heads/main\ncommitter A <a@example.com> ${FIRST_SECOND + index * 60} +0000\ndata ${message.length}\n${message}\nM 100644 inline a.txt\ndata ${file.length}\n${file}\n`;
  });
  await runGit(bare, ['fast-import', '--quiet'], { input: stream.join('') });
  return (await runGit(bare, ['rev-list', '--reverse', 'main'])).split('\n');
}

/** Evidence of commits on the branch `mlgate`, a commit of the branch for each, as records leave it. */
export async function addRecords(bare: string, commits: readonly string[]): Promise<void> {
  const stream = commits.map((commit, index) => {
    const message = `Evidence of ${commit}`;
    const text = evidenceText(commit);
    return `commit refs/heads/mlgate\ncommitter mlgate <m@example.com> ${FIRST_SECOND + index * 60} +0000\ndata ${message.length}\n${message}\nM 100644 inline ${evidencePath(commit)}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  });
  await runGit(bare, ['fast-import', '--quiet', '--force'], { input: stream.join('') });
}
