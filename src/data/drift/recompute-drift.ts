/** Whether the numbers of a drift are those of the counts that stand beside them: by hand, for whoever did not count. */
import type { ColumnDrift, Drift } from '../../schemas/evidence.generated.ts';
import { showName } from '../word-condition.ts';
import { measureDistance } from './measure-distance.ts';
import { MOST_HISTOGRAMS } from './measure-drift.ts';
import { sumOf, type CountPair } from './pair-columns.ts';

/** How far two computations of one number may be apart: their order of summing is the same. */
const ROUNDING = 1e-6;

/** What of a drift cannot be, as a sentence; undefined where all adds up. */
export function findDriftFault(drift: Drift): string | undefined {
  for (const [index, column] of drift.columns.entries()) {
    const fault = findColumnFault(column, drift, index);
    if (fault !== undefined) return `${showName(column.column)} (${column.aspect}): ${fault}.`;
  }
  return undefined;
}

function findColumnFault(
  { reference, current, ...column }: ColumnDrift,
  { rows, referenceRows }: Drift,
  index: number,
): string | undefined {
  const { value, nullQuantile = null, p = null, edges, labels, method, aspect } = column;
  if ((aspect === 'missing') !== (method === 'difference')) return 'this is not measured so';
  if (reference.length === 0 && current.length === 0)
    return value === null || index >= MOST_HISTOGRAMS ? undefined : 'there are no counts';
  const places = edges === undefined ? labels?.length : edges.length - 1;
  if (reference.length !== current.length || reference.length !== places) return 'counts are missing';
  if (sumOf(reference) > referenceRows || sumOf(current) > rows) return 'there are more values than rows';
  const again = measureDistance(method, toPair(column, reference, current));
  const isSame = isNear(value, again.value) && isNear(nullQuantile, again.nullQuantile) && isNear(p, again.p);
  return isSame ? undefined : 'the distance is not that of its counts';
}

function toPair(
  { aspect, kind, edges, labels, scale }: Omit<ColumnDrift, 'reference' | 'current'>,
  reference: readonly number[],
  current: readonly number[],
): CountPair {
  return {
    aspect,
    reference,
    current,
    ...(kind === undefined ? {} : { kind }),
    ...(edges === undefined ? {} : { edges }),
    ...(labels === undefined ? {} : { labels }),
    ...(scale === undefined ? {} : { scale }),
  };
}

function isNear(claimed: number | null, found: number | undefined): boolean {
  if (claimed === null || found === undefined) return claimed === null && found === undefined;
  return Math.abs(claimed - found) <= ROUNDING * Math.max(1, Math.abs(found));
}
