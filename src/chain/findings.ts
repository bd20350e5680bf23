import type { EvidenceBody } from '../schemas/evidence.generated.ts';

/** The lists of a body to which stages add. */
const LISTS = [
  'subjects',
  'inputs',
  'checks',
  'metrics',
  'figures',
  'flips',
  'decompositions',
  'sliceBins',
  'weakSlices',
  'fairness',
  'calibrations',
  'generalisations',
  'labelErrors',
  'errors',
  'imports',
  'profiles',
  'drifts',
  'dataFindings',
  'dataDiffs',
  'schemaChanges',
  'params',
  'changes',
  'budgets',
  'trends',
  'notes',
] as const satisfies readonly (keyof EvidenceBody)[];

type List = (typeof LISTS)[number];

/** What one stage adds to the evidence. */
export type Findings = { readonly [Name in List]: NonNullable<EvidenceBody[Name]> };

function collect(listOf: (name: List) => readonly unknown[]): Findings {
  return Object.fromEntries(LISTS.map((name) => [name, listOf(name)])) as unknown as Findings;
}

export const NO_FINDINGS: Findings = collect(() => []);

/** In the order given. */
export function mergeFindings(parts: readonly Findings[]): Findings {
  return collect((name) => parts.flatMap((part): readonly unknown[] => part[name]));
}
