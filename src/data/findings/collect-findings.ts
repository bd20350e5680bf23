import { boundSentence, boundText } from '../../evidence/bound-text.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import { showCount } from '../word-condition.ts';
import type { FindingName } from './finding-kinds.ts';

/** Columns of one kind that evidence has room for. */
const MAX_COLUMNS = 200;

/** What was found of one column. */
export interface ColumnFinding extends Pick<DataFinding, 'value' | 'interval' | 'count' | 'n' | 'detail'> {
  readonly column: string;
}

interface FindingContext {
  readonly dataset: string;
  readonly kind: FindingName;
  readonly against?: string;
}

function frame({
  dataset,
  kind,
  against,
}: FindingContext): Pick<DataFinding, 'dataset' | 'kind' | 'against'> {
  return { dataset, kind, ...(against === undefined ? {} : { against }) };
}

/** One finding of a table, or of two. */
export function findWhole(
  context: FindingContext,
  finding: Pick<DataFinding, 'value' | 'interval' | 'count' | 'n' | 'detail'>,
): DataFinding {
  const { detail, ...numbers } = finding;
  return {
    ...frame(context),
    ...numbers,
    ...(detail === undefined ? {} : { detail: boundSentence(detail) }),
  };
}

/** What could not be measured, and why. */
export function findNothing(context: FindingContext, why: string): DataFinding {
  return findWhole(context, { value: null, detail: why });
}

/**
 * One finding that says how many columns were looked at and how many were found, and one for each of those, the worst
 * first.
 */
export function findColumns(
  context: FindingContext,
  looked: number,
  found: readonly ColumnFinding[],
): readonly DataFinding[] {
  const shown = found
    .toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0) || (one.column < other.column ? -1 : 1))
    .slice(0, MAX_COLUMNS);
  const surplus = found.length - shown.length;
  const detail = surplus === 0 ? {} : { detail: `${showCount(surplus)} more columns are not shown.` };
  return [
    findWhole(context, { value: shown.length, n: looked, ...detail }),
    ...shown.map(({ column, ...finding }) => ({
      ...findWhole(context, finding),
      column: boundText(column),
    })),
  ];
}
