import type { EvidenceBody, WeakSlice, WeakSlices } from '../../../schemas/evidence.generated.ts';
import { countOf, formatCount, formatPercent } from '../../format-number.ts';
import { nameSubject } from '../outcomes.ts';
import type { DetailTable } from '../report-view.ts';
import { writeEstimate, writeNumber, writeP } from '../write-estimate.ts';

/** Slices that a remark names. */
const NAMED = 2;

/** Ids of one slice that fit beside it. */
const EXAMPLES_SHOWN = 3;

/** Where each model is surely weak, in one sentence. */
export function describeWeakSlices({ weakSlices = [] }: EvidenceBody): readonly string[] {
  return weakSlices.flatMap(({ about, loss, slices }) => {
    const confirmed = slices.filter(({ confirmed }) => confirmed);
    if (confirmed.length === 0) return [];
    const named = confirmed
      .slice(0, NAMED)
      .map(
        ({ name, n, value, rest }) =>
          `\`${name}\` (${countOf(n, 'example')}, ${loss} ${writeNumber(value)} against ${writeNumber(rest)} elsewhere)`,
      );
    const more = confirmed.length > NAMED ? ` and ${countOf(confirmed.length - NAMED, 'more slice')}` : '';
    return [`\`${nameSubject(about)}\` is weak in ${named.join(' and ')}${more}.`];
  });
}

/** What the search found, confirmed slices first. */
export function listWeakSlices({ weakSlices = [] }: EvidenceBody): readonly DetailTable[] {
  return weakSlices.map((search) => ({
    title: `Where ${nameSubject(search.about)} is weak`,
    place: search.slices.length === 0 ? 'page' : 'folded',
    lead: [describeSearch(search)],
    columns: [
      { name: 'Slice', kind: 'code' },
      { name: 'Confirmed', kind: 'text' },
      { name: 'Examples', kind: 'number' },
      { name: `Mean ${search.loss}`, kind: 'number' },
      { name: 'Elsewhere', kind: 'number' },
      { name: 'Difference', kind: 'text' },
      { name: 'Corrected p', kind: 'number' },
      { name: 'Worst examples', kind: 'code' },
    ],
    rows: search.slices.toSorted(byConfirmation).map(writeSlice),
    figures: [],
  }));
}

function byConfirmation(left: WeakSlice, right: WeakSlice): number {
  return Number(right.confirmed) - Number(left.confirmed);
}

function describeSearch({ columns, level, examined, foundOn, confirmedOn, slices }: WeakSlices): string {
  const looked = `${countOf(examined, 'slice')} of up to ${countOf(level, 'condition')} on ${countOf(columns.length, 'column')}`;
  const where = foundOn === undefined ? '' : ` on ${countOf(foundOn, 'example')}`;
  const found =
    slices.length === 0
      ? 'none stands out'
      : `the worst were tested on ${formatCount(confirmedOn)} others, and p-values are corrected for all of them (Holm)`;
  return `${looked} were looked at${where}; ${found}.`;
}

function writeSlice(slice: WeakSlice): readonly string[] {
  const share = slice.share === undefined ? '' : ` (${formatPercent(Number(slice.share.toPrecision(2)))})`;
  return [
    slice.name,
    slice.confirmed ? '✓ yes' : '? not sure',
    `${formatCount(slice.n)}${share}`,
    writeNumber(slice.value),
    writeNumber(slice.rest),
    writeEstimate(slice.difference, slice.interval),
    writeP(slice.adjustedP),
    (slice.examples ?? []).slice(0, EXAMPLES_SHOWN).join(', '),
  ];
}
