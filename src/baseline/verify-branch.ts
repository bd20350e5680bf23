import { UserError } from '../evidence/errors.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { RecordedEntry } from './baseline-log.ts';
import { readOutcomes } from './outcomes-store.ts';
import { readSubjectIndex } from './subject-index.ts';

/** Something on the branch that mlgate did not write so. */
export interface BranchFinding {
  /** Commit of main that it is about. */
  readonly commit: string;
  readonly message: string;
}

interface BranchCheck {
  /** Commit of the branch. */
  readonly tip: string;
  readonly entries: readonly RecordedEntry[];
  readonly now: Date;
  readonly maxOutcomesBytes: number;
}

/** How far ahead of this clock the clock of another machine may be. */
const MAX_SKEW_MS = 300_000;

/**
 * Holds records against all that can be known of them here: they are sound evidence of their commit, the index names
 * them, their outcomes are those that were recorded, and they are not from the future.
 */
export async function verifyEntries(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  check: BranchCheck,
): Promise<readonly BranchFinding[]> {
  const findings: BranchFinding[] = [];
  for (const { commit, candidate } of check.entries) {
    const messages =
      candidate.kind === 'refused'
        ? [candidate.reason]
        : [
            ...(await verifyIndex(store, check.tip, commit, candidate.evidence)),
            ...(await verifyOutcomes(store, check, candidate.evidence)),
            ...verifyTime(candidate.evidence, check.now),
          ];
    findings.push(...messages.map((message) => ({ commit, message })));
  }
  return findings;
}

async function verifyIndex(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  commit: string,
  evidence: Evidence,
): Promise<readonly string[]> {
  const messages: string[] = [];
  for (const { name, sha256 } of evidence.body.subjects) {
    const listed = await readIndex(store, tip, sha256);
    if (typeof listed === 'string') messages.push(listed);
    else if (!listed.some((entry) => entry.commit === commit && entry.evidence === evidence.digest))
      messages.push(`The index of ${name} (${sha256.slice(0, 12)}) does not name this evidence.`);
  }
  return messages;
}

async function readIndex(store: Pick<RefStore, 'readFile'>, tip: string, sha256: string) {
  try {
    return await readSubjectIndex(store, tip, sha256);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Outcomes may be gone: they are thinned. Those that are there must be the ones that were recorded. */
async function verifyOutcomes(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  { tip, maxOutcomesBytes }: BranchCheck,
  evidence: Evidence,
): Promise<readonly string[]> {
  const { exchanged } = await readOutcomes(store, tip, evidence, maxOutcomesBytes);
  return exchanged.map((model) => `The outcomes of ${model} are not those that were recorded.`);
}

function verifyTime({ createdAt }: Evidence, now: Date): readonly string[] {
  const ahead = Date.parse(createdAt) - now.getTime();
  return ahead > MAX_SKEW_MS
    ? [`It says that it was made at ${createdAt}, which is in the future: a clock is wrong.`]
    : [];
}
