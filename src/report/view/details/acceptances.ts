import type { EvidenceBody } from '../../../schemas/evidence.generated.ts';
import type { DetailTable } from '../report-view.ts';

/** Who accepted which regression, until when, and why. */
export function listAcceptances({ acceptances = [] }: EvidenceBody): readonly DetailTable[] {
  if (acceptances.length === 0) return [];
  return [
    {
      title: 'Accepted regressions',
      place: 'everywhere',
      lead: [],
      columns: [
        { name: 'Check', kind: 'code' },
        { name: 'By', kind: 'code' },
        { name: 'Reason', kind: 'text' },
        { name: 'On', kind: 'text' },
        { name: 'Until', kind: 'text' },
        { name: 'Pull request', kind: 'number' },
      ],
      rows: acceptances.map((acceptance) => [
        acceptance.check,
        acceptance.actor,
        acceptance.reason,
        acceptance.at.slice(0, 10),
        acceptance.expires.slice(0, 10),
        acceptance.pullRequest === undefined ? '' : `${acceptance.pullRequest}`,
      ]),
      figures: [],
    },
  ];
}
