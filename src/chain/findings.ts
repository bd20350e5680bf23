import type {
  Change,
  Check,
  Decomposition,
  Figure,
  Flips,
  Input,
  Metric,
  Params,
  Subject,
  TestSetBudget,
  Trend,
} from '../schemas/evidence.generated.ts';

/** What one stage adds to the evidence. */
export interface Findings {
  readonly subjects: readonly Subject[];
  readonly inputs: readonly Input[];
  readonly checks: readonly Check[];
  readonly metrics: readonly Metric[];
  readonly figures: readonly Figure[];
  readonly flips: readonly Flips[];
  readonly decompositions: readonly Decomposition[];
  readonly params: readonly Params[];
  readonly changes: readonly Change[];
  readonly budgets: readonly TestSetBudget[];
  readonly trends: readonly Trend[];
  readonly notes: readonly string[];
}

export const NO_FINDINGS: Findings = {
  subjects: [],
  inputs: [],
  checks: [],
  metrics: [],
  figures: [],
  flips: [],
  decompositions: [],
  params: [],
  changes: [],
  budgets: [],
  trends: [],
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
    flips: parts.flatMap((part) => part.flips),
    decompositions: parts.flatMap((part) => part.decompositions),
    params: parts.flatMap((part) => part.params),
    changes: parts.flatMap((part) => part.changes),
    budgets: parts.flatMap((part) => part.budgets),
    trends: parts.flatMap((part) => part.trends),
    notes: parts.flatMap((part) => part.notes),
  };
}
