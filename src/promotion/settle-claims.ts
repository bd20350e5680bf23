/**
 * Claims that nobody settled: their job died between the ledger and the registry, or is still at it. Each is settled
 * by what the registry shows, so that no promotion is ever half known.
 */
import type { RefStore } from '../platform/ref-store.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import { listClaims, type ClaimState, type Ledger } from './ledger.ts';
import type { Settlement, Snapshot } from './ledger-store.ts';
import { parseLedgerMark } from './tag-message.ts';

/** How long a job may take from its claim to its tags before it is given up for dead, in milliseconds. */
export const CLAIM_PATIENCE_MS = 5 * 60_000;

/** The first thing to do about unsettled claims. */
export type ClaimTask =
  | {
      readonly kind: 'settle';
      readonly claim: LedgerEntry;
      readonly action: Settlement['action'];
      readonly why: string;
    }
  /** Somebody else's claim on the same model is fresh: its tags may be on their way. */
  | { readonly kind: 'wait'; readonly claim: LedgerEntry }
  | { readonly kind: 'none' };

/**
 * Looks at unsettled claims, and at abandoned ones whose tags came after all (their job was slow, not dead).
 * `own`: hashes of claims that this process made and knows to have failed.
 */
export async function findClaimTask(
  store: Pick<RefStore, 'readTag'>,
  { tags }: Pick<Snapshot, 'tags'>,
  ledger: Ledger,
  wanted: { readonly model: string; readonly own: ReadonlySet<string>; readonly now: Date },
): Promise<ClaimTask> {
  const claims = listClaims(ledger);
  const made = new Set(
    claims.flatMap(({ claim, state }) => (state === 'confirmed' ? (claim.tags ?? []) : [])),
  );
  let wait: ClaimTask = { kind: 'none' };
  for (const each of claims) {
    const { claim } = each;
    if (each.state === 'confirmed' || (each.state === 'abandoned' && isImpossible(claim, made))) continue;
    if (await hasTags(store, tags, claim)) {
      return { kind: 'settle', claim, action: 'confirm', why: claim.reason };
    }
    const task = judgeOpen(each, wanted);
    if (task.kind === 'settle') return task;
    if (task.kind === 'wait') wait = task;
  }
  return wait;
}

/** A later claim took the name of the stage's tag: the abandoned one never made it. */
function isImpossible({ tags = [] }: LedgerEntry, made: ReadonlySet<string>): boolean {
  const last = tags.at(-1);
  return last === undefined || made.has(last);
}

function judgeOpen(
  { claim, state }: ClaimState,
  { model, own, now }: { readonly model: string; readonly own: ReadonlySet<string>; readonly now: Date },
): ClaimTask {
  if (state !== 'open') return { kind: 'none' };
  if (own.has(claim.hash)) {
    return { kind: 'settle', claim, action: 'abandon', why: 'The registry did not take the tags.' };
  }
  if (now.getTime() - Date.parse(claim.time) >= CLAIM_PATIENCE_MS) {
    const why = `The job that claimed it wrote no tags within ${CLAIM_PATIENCE_MS / 60_000} minutes.`;
    return { kind: 'settle', claim, action: 'abandon', why };
  }
  return claim.model === model ? { kind: 'wait', claim } : { kind: 'none' };
}

/** Whether all tags of a claim exist, and the stage's is this claim's own. */
async function hasTags(
  store: Pick<RefStore, 'readTag'>,
  tags: Snapshot['tags'],
  { tags: names = [], sequence, hash }: LedgerEntry,
): Promise<boolean> {
  const found = new Map(tags.map((tag) => [tag.name, tag]));
  const last = found.get(names.at(-1) ?? '');
  if (last === undefined || !names.every((name) => found.has(name))) return false;
  const mark = parseLedgerMark((await store.readTag(last)).message);
  return mark?.sequence === sequence && mark.hash === hash;
}
