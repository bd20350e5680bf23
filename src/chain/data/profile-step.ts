import type { TableDescription } from '../../engine/engine.ts';
import type { ProfilePlan, TableSummary } from '../../engine/profile.ts';
import { buildProfile } from '../../data/profile/build-profile.ts';
import { planProfile } from '../../data/profile/plan-profile.ts';
import { listPersonal } from '../../data/privacy/list-personal.ts';
import { profileTable } from '../../data/profile/profile-table.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import { queryOptions } from '../begin-step.ts';
import type { ChainEffects } from '../chain.ts';
import { NO_FINDINGS } from '../findings.ts';
import type { DatasetRequest, DatasetStep } from './dataset-step.ts';
import { isStoredProfile, readStoredProfile } from './stored-profile.ts';

/** The profile of a readable dataset, for evidence: what drift is measured against tomorrow. */
export const profileStep: DatasetStep = async ({ readable, profile }) =>
  readable ? { ...NO_FINDINGS, profiles: [await profile()] } : NO_FINDINGS;

type Profiled = Pick<DatasetRequest, 'name' | 'dataset' | 'source' | 'schema' | 'findBaseline' | 'personal'>;

/**
 * What the dataset is compared with, a profile that was kept or what main recorded: its edges and values are used
 * again, so that one scan is enough.
 */
async function findFrozen(
  { name, dataset, findBaseline }: Profiled,
  effects: ChainEffects,
): Promise<{ readonly frozen?: DatasetProfile }> {
  const against = dataset.drift?.against ?? '';
  if (isStoredProfile(against)) return { frozen: await readStoredProfile(against, effects) };
  const { evidence } = await findBaseline();
  const frozen = evidence?.body.profiles?.find(({ dataset }) => dataset === name);
  return frozen === undefined ? {} : { frozen };
}

/** How a dataset is profiled in the scan that checks it. */
export interface ProfileInScan {
  readonly plan: (description: TableDescription) => ProfilePlan;
  readonly build: (summary: TableSummary) => DatasetProfile;
}

export async function prepareProfile(request: Profiled, effects: ChainEffects): Promise<ProfileInScan> {
  const { name, schema } = request;
  const personal = listPersonal(request.personal);
  const found = await findFrozen(request, effects);
  return {
    plan: (description) => planProfile({ description, schema, personal, ...found }),
    build: (summary) => buildProfile(name, summary, found.frozen),
  };
}

/** A profile by a scan of its own, for what asks for one where the check of the schema did not. */
export async function profileDataset(request: Profiled, effects: ChainEffects): Promise<DatasetProfile> {
  const { name: dataset, source, schema } = request;
  const subject = {
    engine: effects.engine,
    source,
    dataset,
    schema,
    personal: listPersonal(request.personal),
    ...(await findFrozen(request, effects)),
  };
  return (await profileTable(subject, queryOptions(effects))).profile;
}
