import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import { UserError } from '../evidence/errors.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { readRecordAt } from './baseline-log.ts';
import type { Candidate, Expectation } from './check-candidate.ts';
import { branchRef, subjectPath } from './layout.ts';

/** Evidence about one subject. */
export interface SubjectEvidence {
  /** Commit of main that was tested. */
  readonly commit: string;
  /** Digest of the evidence. */
  readonly evidence: string;
}

/** Entries that are kept for one subject; a model that stays for longer than this many commits loses its oldest. */
const MAX_ENTRIES = 200;

/** Evidence of a subject, or why what stands there is none. */
export interface SubjectCandidate extends SubjectEvidence {
  readonly candidate: Candidate;
}

/**
 * The evidence of the subject of this digest, newest record first, at most `limit`. A file that is missing, unsound or
 * not the one that the index names is a candidate with a reason.
 */
export async function listEvidenceOfSubject(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  search: {
    readonly branch: string;
    readonly sha256: string;
    readonly limit: number;
    readonly expected: Expectation;
  },
): Promise<readonly SubjectCandidate[]> {
  const tip = await store.resolve(branchRef(search.branch));
  if (tip === undefined) return [];
  const entries = await readSubjectIndex(store, tip, search.sha256);
  const found: SubjectCandidate[] = [];
  for (const entry of entries.toReversed().slice(0, search.limit)) {
    const candidate = await readRecordAt(store, tip, entry.commit, search.expected);
    found.push({ ...entry, candidate: holdAgainstIndex(entry, candidate) });
  }
  return found;
}

function holdAgainstIndex(entry: SubjectEvidence, candidate: Candidate | undefined): Candidate {
  if (candidate === undefined) {
    return {
      kind: 'refused',
      reason: `The evidence of ${entry.commit} is gone from the branch: somebody deleted it, or \`mlgate baseline gc --compact\` took it off.`,
    };
  }
  if (candidate.kind === 'sound' && candidate.evidence.digest !== entry.evidence) {
    return {
      kind: 'refused',
      reason: `The evidence of ${entry.commit} is not the one that the index of this subject names.`,
    };
  }
  return candidate;
}

/** The entries at a commit of the branch. Throws a UserError if somebody made the file something else. */
export async function readSubjectIndex(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  sha256: string,
): Promise<readonly SubjectEvidence[]> {
  const path = subjectPath(sha256);
  const bytes = await store.readFile(tip, path, MAX_EVIDENCE_BYTES);
  if (bytes === undefined) return [];
  const entries = parseEntries(Buffer.from(bytes).toString('utf8'));
  if (entries !== undefined) return entries;
  throw new UserError(`\`${path}\` on the baseline's branch is not what mlgate writes there.`, {
    help: 'Delete that file from the branch; the next record starts it anew.',
  });
}

/** The text of the index with one entry more; the same entry is not listed twice. */
export function printSubjectIndex(entries: readonly SubjectEvidence[], added: SubjectEvidence): string {
  const others = entries.filter(
    ({ commit, evidence }) => commit !== added.commit || evidence !== added.evidence,
  );
  return `${JSON.stringify([...others, added].slice(-MAX_ENTRIES), null, 1)}\n`;
}

function parseEntries(text: string): readonly SubjectEvidence[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(list) && list.every(isEntry) ? list : undefined;
}

function isEntry(value: unknown): value is SubjectEvidence {
  if (typeof value !== 'object' || value === null) return false;
  const { commit, evidence } = value as Record<string, unknown>;
  return (
    typeof commit === 'string' &&
    /^([0-9a-f]{40}|[0-9a-f]{64})$/u.test(commit) &&
    typeof evidence === 'string' &&
    /^[0-9a-f]{64}$/u.test(evidence)
  );
}
