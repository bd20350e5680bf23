import type { EvidenceBody, TestSetBudget } from '../../../schemas/evidence.generated.ts';
import { formatCount } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';

/** Uses from which on a report speaks of them unasked, as a share of what is planned. */
const WORTH_SAYING = 0.8;

/** Test sets that are nearly used up. */
export function describeBudgets({ budgets = [] }: EvidenceBody): readonly string[] {
  return budgets
    .filter(({ uses, limit }) => uses >= WORTH_SAYING * limit)
    .map(
      (budget) =>
        `The test set of \`${nameSubject(budget.about)}\` was used ${writeUses(budget)} times that are planned for it.`,
    );
}

function writeUses({ uses, limit }: TestSetBudget): string {
  return `at least ${formatCount(uses)} of the ${formatCount(limit)}`;
}

/** How far each test set is used up. */
export function listBudgets({ budgets = [] }: EvidenceBody): readonly DetailTable[] {
  if (budgets.length === 0) return [];
  const missed = [...new Set(budgets.flatMap((budget) => budget.missed ?? []))];
  return [
    {
      title: 'How often the test sets were used',
      place: 'folded',
      lead: [
        'Each look at the same examples lets the next change adapt to them, so the error rates hold for a planned number of looks.',
        ...missed,
      ],
      columns: [
        { name: 'Test set of', kind: 'code' },
        { name: 'Uses, at least', kind: 'number' },
        { name: 'Planned', kind: 'number' },
        { name: 'Since', kind: 'text' },
        { name: 'Adaptivity', kind: 'text' },
        { name: 'Guarantee', kind: 'text' },
        { name: 'Examples needed for the plan', kind: 'number' },
      ],
      rows: budgets.map((budget) => [
        nameSubject(budget.about),
        formatCount(budget.uses),
        formatCount(budget.limit),
        budget.since?.slice(0, 10) ?? '',
        budget.adaptivity,
        budget.guarantee,
        budget.neededExamples === undefined ? '' : formatCount(budget.neededExamples),
      ]),
      figures: [],
    },
  ];
}
