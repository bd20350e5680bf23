import type { Column, Engine, QueryOptions, TableSource } from '../../../engine/engine.ts';
import { boundDistinctly } from '../../../evidence/bound-text.ts';
import type { DatasetProfile } from '../../../schemas/evidence.generated.ts';
import type { SampledColumn } from './classify-tables.ts';

export interface SampledTables {
  readonly engine: Pick<Engine, 'readColumns'>;
  readonly current: { readonly source: TableSource; readonly profile: DatasetProfile };
  readonly reference: { readonly source: TableSource; readonly profile: DatasetProfile };
  /** Columns that may differ, by name as evidence has it. */
  readonly excluded: ReadonlySet<string>;
}

/** Rows of each table that are looked at, and columns: more tell no more, and cost time. */
const MOST_ROWS = 4000;
const MOST_COLUMNS = 500;

/** The columns that both tables have, of a sample of their rows that is the same each time. */
export async function sampleColumns(
  { engine, current, reference, excluded }: SampledTables,
  options: QueryOptions,
): Promise<readonly SampledColumn[]> {
  const others = new Set(reference.profile.columns.map(({ name }) => name));
  const columns = current.profile.columns
    .filter(({ name, type }) => others.has(name) && type !== 'other' && !excluded.has(boundDistinctly(name)))
    .slice(0, MOST_COLUMNS);
  if (columns.length === 0) return [];
  const read = async ({ source, profile }: SampledTables['current']): Promise<readonly Column[]> => {
    const wanted = columns.map(({ name }) => ({ name, as: 'label' as const }));
    const share = MOST_ROWS / Math.max(1, profile.rows);
    const sample = share < 1 ? { sample: share } : {};
    const answer = await engine.readColumns({ source, columns: wanted, ...sample }, options);
    return answer.columns;
  };
  const [now, before] = [await read(current), await read(reference)];
  return columns.map(({ name, type }, index) => ({
    name: boundDistinctly(name),
    type,
    reference: listTexts(before[index]),
    current: listTexts(now[index]),
  }));
}

function listTexts(column: Column | undefined): readonly string[] {
  if (column === undefined || !('codes' in column)) return [];
  return Array.from(column.codes, (code) => column.values[code] ?? '');
}
