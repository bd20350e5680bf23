import type { Change, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { formatCount } from '../../format-number.ts';
import type { DetailTable } from '../report-view.ts';
import { writeNumber } from '../write-estimate.ts';

const KINDS: Readonly<Record<Change['kind'], string>> = {
  param: 'parameter',
  config: 'setting of mlgate',
  input: 'file',
  data: 'data',
  tool: 'tool',
};
const NAMED = 3;

/** The parameters that changed, in one sentence: the likely cause of what the table shows. */
export function describeChanges({ changes = [] }: EvidenceBody): readonly string[] {
  const params = changes.filter(({ kind }) => kind === 'param');
  const [chosen, what] =
    params.length > 0
      ? [params, 'Parameters that changed since the baseline']
      : [changes.filter(({ kind }) => kind === 'data'), 'Data that changed since the baseline'];
  if (chosen.length === 0) return [];
  const named = chosen.slice(0, NAMED).map(writeChange);
  const more = chosen.length > NAMED ? ` and ${formatCount(chosen.length - NAMED)} more` : '';
  return [`${what}: ${named.join(', ')}${more}.`];
}

function writeChange({ kind, key, baseline, candidate }: Change): string {
  const [before, now] = kind === 'data' ? [shorten(baseline), shorten(candidate)] : [baseline, candidate];
  return `\`${key}\` ${writeScalar(before)} → ${writeScalar(now)}`;
}

/** What was measured is told in few digits, a count in full; a parameter that somebody chose is told as it is. */
function shorten(value: Change['baseline']): Change['baseline'] {
  if (typeof value !== 'number') return value;
  return Number.isInteger(value) ? formatCount(value) : writeNumber(value);
}

function writeScalar(value: Change['baseline']): string {
  return value === undefined ? 'absent' : `\`${String(value).replaceAll('`', "'")}\``;
}

/** Everything that changed besides the numbers. */
export function listChanges({ changes = [] }: EvidenceBody): readonly DetailTable[] {
  if (changes.length === 0) return [];
  return [
    {
      title: 'What else changed since the baseline',
      place: 'folded',
      lead: [],
      columns: [
        { name: 'Kind', kind: 'text' },
        { name: 'Where', kind: 'code' },
        { name: 'What', kind: 'code' },
        { name: 'Baseline', kind: 'code' },
        { name: 'Now', kind: 'code' },
      ],
      rows: changes.map((change) => [
        KINDS[change.kind],
        change.name ?? '',
        change.key,
        writeCell(change.baseline),
        writeCell(change.candidate),
      ]),
      figures: [],
    },
  ];
}

const DIGEST = /^[0-9a-f]{64}$/;

/** Twelve digits of a digest are enough to see that it is another. */
function writeCell(value: Change['baseline']): string {
  const text = value === undefined ? '' : String(value);
  return DIGEST.test(text) ? text.slice(0, 12) : text;
}
