import { readRecorded } from '../baseline/baseline-log.ts';
import type { Expectation } from '../baseline/check-candidate.ts';
import { listEvidenceOfSubject } from '../baseline/subject-index.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { EvidenceCandidate } from './judge-evidence.ts';

/** How many commits with the same model are looked at, newest first: each is a file to read. */
const MAX_EVIDENCE = 10;

/** Evidence about a digest, whose run nobody has looked at yet. */
type FoundEvidence = Omit<EvidenceCandidate, 'verification'>;

export interface EvidenceSearch {
  readonly found: readonly FoundEvidence[];
  /** Why other records about the digest are no evidence: sentences. */
  readonly unsound: readonly string[];
}

export interface EvidencePlace {
  readonly store: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>;
  /** Name of the branch with main's evidence. */
  readonly branch: string;
  readonly expected: Expectation;
}

/**
 * Evidence of main about a digest, newest record first, each with the digest of the same model in the evidence that it
 * was compared with. Throws a WorldError if the branch cannot be read.
 */
export async function findEvidenceOf(
  place: EvidencePlace,
  model: string,
  subject: string,
): Promise<EvidenceSearch> {
  const { store, branch, expected } = place;
  const listed = await listEvidenceOfSubject(store, {
    branch,
    sha256: subject,
    limit: MAX_EVIDENCE,
    expected,
  });
  const found: FoundEvidence[] = [];
  const unsound: string[] = [];
  for (const { candidate } of listed) {
    if (candidate.kind === 'refused') {
      unsound.push(candidate.reason);
    } else {
      const { evidence } = candidate;
      found.push({ evidence, comparedWith: await findComparedSubject(place, model, evidence) });
    }
  }
  return { found, unsound };
}

async function findComparedSubject(
  { store, branch, expected }: EvidencePlace,
  model: string,
  { body: { baseline } }: Evidence,
): Promise<string | undefined> {
  if (baseline?.commit === undefined) return undefined;
  const read = await readRecorded(store, branch, baseline.commit, expected);
  if (read?.kind !== 'sound' || read.evidence.digest !== baseline.evidence) return undefined;
  return read.evidence.body.subjects.find(({ name }) => name === model)?.sha256;
}
