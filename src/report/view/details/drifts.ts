import type { Check, ColumnDrift, Drift, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { countOf } from '../../format-number.ts';
import type { DetailTable, DistributionPicture } from '../report-view.ts';
import { writeNumber, writeP } from '../write-estimate.ts';

/** Columns that the comment's table has room for, and of which the page draws a picture. */
const MOST_ROWS = 12;
const MOST_PICTURES = 12;

/** How far each dataset has moved, the farthest columns first. */
export function listDrifts({ drifts = [], checks }: EvidenceBody): readonly DetailTable[] {
  return drifts.map((drift) => {
    const shown = drift.columns.slice(0, MOST_ROWS);
    return {
      title: `${drift.comparator === 'skew' ? 'Skew' : 'Drift'} of ${drift.dataset}`,
      place: 'folded',
      lead: [describeComparison(drift, shown.length), ...describeClassifier(drift)],
      columns: [
        { name: 'Column', kind: 'code' },
        { name: 'Drifted', kind: 'text' },
        { name: 'Distance', kind: 'text' },
        { name: 'Matters above', kind: 'number' },
        { name: '99 % by chance', kind: 'number' },
        { name: 'Corrected p', kind: 'number' },
      ],
      rows: shown.map((column) => writeColumn(column, tellVerdict(column, drift, checks))),
      figures: shown.slice(0, MOST_PICTURES).flatMap((column) => drawDrift(column, drift)),
    };
  });
}

function nameReference({ against }: Drift): string {
  const commit = against.commit === undefined ? '' : ` at ${against.commit.slice(0, 7)}`;
  return `${against.kind === 'baseline' ? 'main' : against.name}${commit}`;
}

function describeComparison(drift: Drift, shown: number): string {
  const { rows, referenceRows, columns } = drift;
  const left = columns.length - shown;
  return `${countOf(rows, 'row')} beside ${countOf(referenceRows, 'row')} of \`${nameReference(drift)}\`. A column has drifted when its distance is above both limits and the corrected p is small.${left > 0 ? ` ${countOf(left, 'column')} that moved less ${left === 1 ? 'is' : 'are'} not shown.` : ''}`;
}

function describeClassifier({ multivariate }: Drift): readonly string[] {
  if (multivariate === undefined) return [];
  const { value, p, columns = [] } = multivariate;
  const by = columns.length === 0 ? '' : `, by ${columns.map((column) => `\`${column}\``).join(', ')}`;
  return [
    `A classifier tells the two apart with an area under the curve of ${writeNumber(value)} (0.5: not at all; p ${writeP(p ?? undefined)})${by}.`,
  ];
}

const ASPECTS = { values: '', missing: ': missing', length: ': length' } as const;

function nameColumn({ column, aspect }: ColumnDrift): string {
  return `${column}${ASPECTS[aspect]}`;
}

/**
 * The verdict is the check's; a distance that matters and that no check confirms may be chance, and where chance alone
 * goes beyond the threshold a small distance says nothing either.
 */
function tellVerdict(found: ColumnDrift, { dataset, comparator }: Drift, checks: readonly Check[]): string {
  const { value, nullQuantile, threshold } = found;
  if (value === null) return '? not sure';
  if (value <= threshold) return (nullQuantile ?? 0) > threshold ? '? too few rows' : 'no';
  const isConfirmed = checks.some(
    ({ id, about, verdict }) =>
      verdict === 'fail' &&
      about.dataset === dataset &&
      about.column === found.column &&
      id.endsWith(`/${comparator}`),
  );
  return isConfirmed ? '✗ yes' : '? not sure';
}

function writeColumn(found: ColumnDrift, verdict: string): readonly string[] {
  return [
    nameColumn(found),
    verdict,
    `${writeNumber(found.value)} (${found.method})`,
    writeNumber(found.threshold),
    found.nullQuantile === undefined || found.nullQuantile === null ? '' : writeNumber(found.nullQuantile),
    writeP(found.q ?? undefined),
  ];
}

function drawDrift(found: ColumnDrift, drift: Drift): readonly DistributionPicture[] {
  if (found.current.length === 0) return [];
  return [
    {
      kind: 'distribution',
      title: nameColumn(found),
      x: found.aspect === 'length' ? `characters of ${found.column}` : found.column,
      ...(found.edges === undefined ? {} : { edges: found.edges }),
      ...(found.kind === 'time' ? { isTime: true } : {}),
      ...sortCategories(found, nameReference(drift)),
    },
  ];
}

/** The most frequent categories first; bins stay in their order. */
function sortCategories(
  { labels, current, reference }: ColumnDrift,
  name: string,
): Pick<DistributionPicture, 'labels' | 'current' | 'reference'> {
  if (labels === undefined) return { current, reference: { name, counts: reference } };
  const frequency = (place: number): number => (current[place] ?? 0) + (reference[place] ?? 0);
  const order = labels.map((_, place) => place).toSorted((one, other) => frequency(other) - frequency(one));
  return {
    labels: order.map((place) => labels[place] ?? ''),
    current: order.map((place) => current[place] ?? 0),
    reference: { name, counts: order.map((place) => reference[place] ?? 0) },
  };
}
