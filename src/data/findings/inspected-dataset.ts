import type { Engine, JsonType, QueryOptions, TableSource } from '../../engine/engine.ts';
import type { DatasetColumns } from '../../schemas/config.generated.ts';

/** A dataset that is looked through for faults. */
export interface InspectedDataset {
  readonly engine: Pick<Engine, 'describeTable' | 'inspectTable'>;
  readonly dataset: string;
  readonly source: TableSource;
  /** What its columns are for. */
  readonly roles: DatasetColumns;
  /** What the schema says of a column's type. */
  readonly declaredTypes: (column: string) => readonly JsonType[];
  readonly options: QueryOptions;
}

export async function listColumns({ engine, source, options }: InspectedDataset): Promise<readonly string[]> {
  const { columns } = await engine.describeTable(source, options);
  return columns.map(({ name }) => name);
}

/** Columns that a model learns from: neither label nor prediction, id, entity, time or split. */
export function listFeatures(
  columns: readonly string[],
  { id = [], label, prediction, entity, time, split }: DatasetColumns,
): readonly string[] {
  const others = [...id, label, prediction, entity, time, split];
  return columns.filter((column) => !others.includes(column));
}
