import type { EvidenceBody } from '../schemas/evidence.generated.ts';

/** The lists of a body that are left out where they are empty. */
export type OptionalLists = Pick<
  EvidenceBody,
  | 'flips'
  | 'decompositions'
  | 'sliceBins'
  | 'weakSlices'
  | 'fairness'
  | 'calibrations'
  | 'generalisations'
  | 'labelErrors'
  | 'errors'
  | 'imports'
  | 'profiles'
  | 'drifts'
  | 'dataFindings'
  | 'dataDiffs'
  | 'schemaChanges'
  | 'params'
  | 'changes'
  | 'budgets'
  | 'acceptances'
  | 'trends'
  | 'notes'
>;

/** The lists that hold something: older documents know none of them, and an empty one says nothing. */
export function keepFilled(lists: OptionalLists): OptionalLists {
  return Object.fromEntries(
    Object.entries(lists).filter(([, list]: readonly [string, readonly unknown[]]) => list.length > 0),
  );
}
