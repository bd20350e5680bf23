import type { DataFinding, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { formatCount } from '../../format-number.ts';
import { groupBy } from '../../group-by.ts';
import type { DetailTable } from '../report-view.ts';
import { writeEstimate } from '../write-estimate.ts';

/** What was found in each dataset beyond its schema (leakage, labels, integrity, personal data); what was not is no news. */
export function listDataFindings({ dataFindings = [] }: EvidenceBody): readonly DetailTable[] {
  const found = dataFindings.filter(({ detail = '' }) => detail !== '');
  return [...groupBy(found, ({ dataset }) => dataset)].map(([dataset, found]) => ({
    title: `What was found in ${dataset}`,
    place: 'folded',
    lead: [],
    columns: [
      { name: 'What', kind: 'code' },
      { name: 'Column', kind: 'code' },
      { name: 'Beside', kind: 'code' },
      { name: 'Value', kind: 'text' },
      { name: 'Count', kind: 'text' },
      { name: 'Finding', kind: 'message' },
    ],
    rows: found.map(writeFinding),
    figures: [],
  }));
}

function writeFinding(found: DataFinding): readonly string[] {
  const { kind, column = '', against = '', value, interval, count, n, detail = '' } = found;
  const of = n === undefined ? '' : ` of ${formatCount(n)}`;
  return [
    kind,
    column,
    against,
    writeEstimate(value, interval),
    count === undefined ? '' : `${formatCount(count)}${of}`,
    detail,
  ];
}
