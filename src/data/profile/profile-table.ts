/** A table profiled by itself, where nothing else is asked of it. */
import type { Engine, QueryOptions, TableSource } from '../../engine/engine.ts';
import type { TableSummary } from '../../engine/profile.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import { buildProfile } from './build-profile.ts';
import { planProfile, type ProfileSubject } from './plan-profile.ts';

export interface ProfileRequest extends Omit<ProfileSubject, 'description'> {
  readonly engine: Pick<Engine, 'describeTable' | 'checkTable'>;
  readonly source: TableSource;
  /** The name of the dataset in its profile. */
  readonly dataset: string;
}

export interface ProfiledTable {
  readonly profile: DatasetProfile;
  /** The form that merges. */
  readonly summary: TableSummary;
}

/** @throws TableError for a file that is no table */
export async function profileTable(
  request: ProfileRequest,
  options: QueryOptions = {},
): Promise<ProfiledTable> {
  const { engine, source, dataset, frozen } = request;
  const description = await engine.describeTable(source, options);
  const profile = planProfile({ ...request, description });
  const figures = await engine.checkTable({ source, cells: [], unique: [], absent: [], profile }, options);
  const summary = requireSummary(figures.profile);
  return { summary, profile: buildProfile(dataset, summary, frozen) };
}

function requireSummary(summary: TableSummary | undefined): TableSummary {
  if (summary === undefined) throw new Error('the engine gave no profile where one was asked');
  return summary;
}
