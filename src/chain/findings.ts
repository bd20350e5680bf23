import type { Check, Figure, Input, Metric, Subject } from '../schemas/evidence.generated.ts';

/** What one stage adds to the evidence. */
export interface Findings {
  readonly subjects: readonly Subject[];
  readonly inputs: readonly Input[];
  readonly checks: readonly Check[];
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

export const NO_FINDINGS: Findings = {
  subjects: [],
  inputs: [],
  checks: [],
  metrics: [],
  figures: [],
  notes: [],
};

/** In the order given. */
export function mergeFindings(parts: readonly Findings[]): Findings {
  return {
    subjects: parts.flatMap((part) => part.subjects),
    inputs: parts.flatMap((part) => part.inputs),
    checks: parts.flatMap((part) => part.checks),
    metrics: parts.flatMap((part) => part.metrics),
    figures: parts.flatMap((part) => part.figures),
    notes: parts.flatMap((part) => part.notes),
  };
}
