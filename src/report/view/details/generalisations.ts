import type { EvidenceBody, Generalisation } from '../../../schemas/evidence.generated.ts';
import { formatCount } from '../../format-number.ts';
import { groupBy } from '../../group-by.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';
import { writeEstimate, writeNumber } from '../write-estimate.ts';

/** Each model beside its training set and beside a model that knows only the distribution of the target. */
export function listGeneralisations({ generalisations = [] }: EvidenceBody): readonly DetailTable[] {
  const byModel = groupBy(generalisations, ({ about, against }) => `${against} ${nameSubject(about)}`);
  return [...byModel.values()].flatMap((rows) => {
    const [first] = rows;
    return first === undefined ? [] : [describeAgainst(first, rows)];
  });
}

function describeAgainst({ about, against }: Generalisation, rows: readonly Generalisation[]): DetailTable {
  const isTraining = against === 'training';
  return {
    title: isTraining
      ? `How much ${nameSubject(about)} overfits`
      : `What ${nameSubject(about)} gains over a trivial model`,
    place: 'folded',
    lead: [],
    columns: [
      { name: 'Metric', kind: 'code' },
      { name: 'Test set', kind: 'number' },
      { name: isTraining ? 'Training set' : 'Trivial model', kind: 'number' },
      { name: isTraining ? 'Better on the training set by' : 'Better by', kind: 'text' },
      isTraining
        ? { name: 'Training examples', kind: 'number' }
        : { name: 'The trivial model', kind: 'message' },
    ],
    rows: rows.map((row) => [
      row.metric,
      writeNumber(row.value),
      writeNumber(row.reference),
      writeEstimate(row.difference, row.interval),
      isTraining ? (row.referenceN === undefined ? '' : formatCount(row.referenceN)) : (row.detail ?? ''),
    ]),
    figures: [],
  };
}
