import type { DataSchemaChange, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { countOf } from '../../format-number.ts';
import type { DetailTable } from '../report-view.ts';

/** What an edited schema means for who reviews it. */
const MEANINGS: Readonly<Record<DataSchemaChange['effect'], string>> = {
  none: 'allows the same data as before',
  tightening: 'allows nothing that was refused before',
  loosening: 'may allow data that were refused before',
  both: 'may allow data that were refused before, and refuse some that were allowed',
  unknown: 'is changed in ways of which it cannot be told whether they allow more',
};

/** What each edited schema means, in one sentence. */
export function describeSchemaChanges({ schemaChanges = [] }: EvidenceBody): readonly string[] {
  return schemaChanges.map(
    ({ dataset, effect, changes, omitted = 0 }) =>
      `The data schema of \`${dataset}\` ${MEANINGS[effect]} (${countOf(changes.length + omitted, 'change')}).`,
  );
}

/** The changes, those that loosen first. */
export function listSchemaChanges({ schemaChanges = [] }: EvidenceBody): readonly DetailTable[] {
  return schemaChanges.map(({ dataset, against, changes, omitted = 0 }) => ({
    title: `Changed data schema of ${dataset}`,
    place: 'folded',
    lead: [`Beside ${against}.${omitted > 0 ? ` ${countOf(omitted, 'more change')} not listed.` : ''}`],
    columns: [
      { name: 'Effect', kind: 'text' },
      { name: 'Change', kind: 'text' },
    ],
    rows: changes.map(({ effect, text }) => [effect, text]),
    figures: [],
  }));
}
