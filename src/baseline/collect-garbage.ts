import type { RefEntry, RefStore } from '../platform/ref-store.ts';
import { chooseSurplus } from './choose-surplus.ts';
import { OUTCOMES_REFS, readOutcomesRef } from './layout.ts';

export interface OutcomesGarbage {
  /** Refs that are, or with a dry run would be, deleted. */
  readonly deleted: readonly RefEntry[];
  /** Refs that stay. */
  readonly left: readonly RefEntry[];
}

/**
 * Deletes the outcomes beyond the limits, as every record does for itself: after the limits were lowered, or where
 * records could not. Digests of what is deleted stay on the branch. Throws a WorldError where the store refuses.
 */
export async function collectOutcomes(
  store: Pick<RefStore, 'listRefs' | 'deleteRef'>,
  limits: { readonly kept: number; readonly now: Date },
  dryRun: boolean,
): Promise<OutcomesGarbage> {
  const refs = (await store.listRefs(OUTCOMES_REFS)).filter(({ ref }) => readOutcomesRef(ref) !== undefined);
  const deleted = chooseSurplus(refs, limits);
  if (!dryRun) for (const entry of deleted) await store.deleteRef(entry);
  const gone = new Set(deleted);
  return { deleted, left: refs.filter((entry) => !gone.has(entry)) };
}
