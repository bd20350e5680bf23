import type { RefStore } from '../platform/ref-store.ts';
import { UserError } from '../evidence/errors.ts';
import { outcomesRecordPath, readOutcomesRef } from './layout.ts';

/** What is known for ever of one model's outcomes on one commit, also when they are deleted. */
interface OutcomesFacts {
  /** Model's name in the config. */
  readonly model: string;
  /** Digest of the test set's ids and targets. */
  readonly testSet: string;
  /** Digest of the stored form. */
  readonly sha256: string;
  /** Size of the stored form. */
  readonly bytes: number;
}

/** `ref`: they were kept on that ref, until it is thinned out. `none`: they never were, and why. */
export type OutcomesEntry = OutcomesFacts &
  ({ readonly kept: 'ref'; readonly ref: string } | { readonly kept: 'none'; readonly reason: string });

/** Largest record that is read, in bytes: a thousand models. */
const MAX_RECORD_BYTES = 1_000_000;

/** The text of the record of one commit. */
export function printOutcomesRecord(entries: readonly OutcomesEntry[]): string {
  return `${JSON.stringify(entries, null, 1)}\n`;
}

/**
 * The record of one commit, at a commit of the branch. Undefined if there is none, or if what stands there is not what
 * mlgate writes: outcomes that nobody vouches for are no outcomes.
 */
export async function readOutcomesRecord(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  commit: string,
): Promise<readonly OutcomesEntry[] | undefined> {
  try {
    const bytes = await store.readFile(tip, outcomesRecordPath(commit), MAX_RECORD_BYTES);
    return bytes === undefined ? undefined : parseOutcomesRecord(Buffer.from(bytes).toString('utf8'), commit);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The entries of a record's text; undefined unless it is whole and about that commit. */
export function parseOutcomesRecord(text: string, commit: string): readonly OutcomesEntry[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(list) && list.every((entry) => isEntry(entry, commit)) ? list : undefined;
}

function isEntry(value: unknown, commit: string): value is OutcomesEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { model, testSet, sha256, bytes, kept, ref, reason } = value as Record<string, unknown>;
  if (typeof model !== 'string' || typeof testSet !== 'string' || typeof sha256 !== 'string') return false;
  if (!/^[0-9a-f]{64}$/u.test(sha256) || !Number.isSafeInteger(bytes)) return false;
  if (kept === 'none') return typeof reason === 'string';
  const named = typeof ref === 'string' ? readOutcomesRef(ref) : undefined;
  return kept === 'ref' && named?.commit === commit && named.testSet === testSet;
}
