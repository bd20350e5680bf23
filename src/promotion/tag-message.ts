/** The message of a tag that mlgate writes: what was promoted, and where in the ledger that stands. */
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';

/** A place in the ledger that a tag remembers: a shortened or rewritten ledger no longer has it. */
export interface LedgerMark {
  readonly sequence: number;
  /** `hash` of that entry. */
  readonly hash: string;
}

const MARK = /^Ledger: ([1-9][0-9]{0,14}) ([0-9a-f]{64})$/u;

/**
 * Prints the message of the tags of a claim. The first line is for people. The reason is one line without control
 * characters (the gate sees to it), so it cannot look like one of the lines below it.
 */
export function printTagMessage(claim: LedgerEntry): string {
  const lines = [
    `Promote ${claim.model} ${claim.modelVersion ?? ''} to ${claim.stage}`,
    '',
    `Reason: ${claim.reason}`,
    `Actor: ${claim.actor}`,
    `Subject: sha256:${claim.subject}`,
    `Evidence: sha256:${claim.evidence}`,
    ...(claim.commit === undefined ? [] : [`Evidence-Commit: ${claim.commit}`]),
    ...(claim.run === undefined ? [] : [`Run: ${claim.run}`]),
    `Ledger: ${claim.sequence} ${claim.hash}`,
  ];
  return lines.join('\n');
}

/** The ledger's mark in a tag's message: its last line. Undefined if mlgate did not write the tag. */
export function parseLedgerMark(message: string): LedgerMark | undefined {
  const [, sequence, hash] = MARK.exec(message.trimEnd().split('\n').at(-1) ?? '') ?? [];
  return sequence === undefined || hash === undefined ? undefined : { sequence: Number(sequence), hash };
}
