import type { ImportedRun } from './importer.ts';

/** How a run of another tool ended. */
export type Ending = Pick<ImportedRun, 'status' | 'detail'>;

/** Complete, unless something is missing: then partial, with what that is. */
export function completeUnless(gap: string | undefined): Ending {
  return gap === undefined ? { status: 'complete' } : { status: 'partial', detail: gap };
}
