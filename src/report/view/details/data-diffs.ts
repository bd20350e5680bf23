import type { DataDiff, EvidenceBody } from '../../../schemas/evidence.generated.ts';
import { countOf, formatCount } from '../../format-number.ts';
import type { DetailTable } from '../report-view.ts';

/** Columns that a remark names. */
const NAMED = 3;

/** What changed in the rows of each dataset, in one sentence. */
export function describeDataDiffs({ dataDiffs = [] }: EvidenceBody): readonly string[] {
  return dataDiffs.filter(isChanged).map((diff) => `Rows of \`${diff.dataset}\`: ${describeRows(diff)}.`);
}

function isChanged({ added, removed, changed, addedColumns = [], removedColumns = [] }: DataDiff): boolean {
  return added + removed + changed + addedColumns.length + removedColumns.length > 0;
}

function describeRows(diff: DataDiff): string {
  const { added, removed, changed, unchanged, columns } = diff;
  const named = columns
    .slice(0, NAMED)
    .map(({ column, changed: cells }) => `\`${column}\` ${formatCount(cells)}`);
  const where = named.length === 0 ? '' : ` (${named.join(', ')}${columns.length > NAMED ? ', …' : ''})`;
  const counts = `${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(changed)} changed${where}, ${formatCount(unchanged)} as before`;
  return [counts, ...describeColumns(diff)].join('; ');
}

function quoteNames(columns: readonly string[]): string {
  return columns.map((column) => `\`${column}\``).join(', ');
}

function describeColumns({
  addedColumns = [],
  removedColumns = [],
  retypedColumns = [],
}: DataDiff): readonly string[] {
  return [
    ...(addedColumns.length === 0
      ? []
      : [`new ${addedColumns.length === 1 ? 'column' : 'columns'} ${quoteNames(addedColumns)}`]),
    ...(removedColumns.length === 0 ? [] : [`without ${quoteNames(removedColumns)}`]),
    ...retypedColumns.map(({ column, from, to }) => `\`${column}\` is ${to} instead of ${from}`),
  ];
}

/** The same with the columns and some rows to look at. */
export function listDataDiffs({ dataDiffs = [] }: Pick<EvidenceBody, 'dataDiffs'>): readonly DetailTable[] {
  return dataDiffs.map((diff) => ({
    title: `Changed rows of ${diff.dataset}`,
    place: 'folded',
    lead: [
      `Beside ${diff.against}, rows ${diff.key.length === 0 ? 'compared whole' : `by ${quoteNames(diff.key)}`}: ${describeRows(diff)}.`,
    ],
    columns: [
      { name: 'Row', kind: 'code' },
      { name: 'What', kind: 'text' },
      { name: 'Column', kind: 'code' },
      { name: 'Before', kind: 'code' },
      { name: 'Now', kind: 'code' },
    ],
    rows: (diff.examples ?? []).map(({ key, kind, column, from, to }) => [
      key.map(String).join(', '),
      kind,
      column ?? '',
      writeScalar(from),
      writeScalar(to),
    ]),
    figures: [],
  }));
}

function writeScalar(value: string | number | boolean | null | undefined): string {
  return value === undefined ? '' : String(value);
}

/** A diff of many columns as one line each, for the page. */
export function listDiffColumns({ dataDiffs = [] }: Pick<EvidenceBody, 'dataDiffs'>): readonly DetailTable[] {
  return dataDiffs
    .filter(({ columns }) => columns.length > NAMED)
    .map(({ dataset, columns }) => ({
      title: `Changed columns of ${dataset}`,
      place: 'page',
      lead: [`Cells that differ in ${countOf(columns.length, 'column')}.`],
      columns: [
        { name: 'Column', kind: 'code' },
        { name: 'Rows that differ', kind: 'number' },
      ],
      rows: columns.map(({ column, changed }) => [column, formatCount(changed)]),
      figures: [],
    }));
}
