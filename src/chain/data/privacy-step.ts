import { isFaultOfContent } from '../../engine/fault-of-content.ts';
import { inspectPrivacy } from '../../data/privacy/inspect-privacy.ts';
import type { DataFinding } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';
import type { DatasetRequest } from './dataset-step.ts';
import { inspectedOf, makeFindingsStep } from './findings-step.ts';

/** Personal data in columns that may not hold such: measured before anything else of the data is shown. */
export const privacyStep = makeFindingsStep('privacy', async (_inspected, { personal }) =>
  Promise.resolve(personal ?? []),
);

/** The columns with personal data; undefined where the file is no table, which the check of its schema says. */
export async function measurePersonal(
  request: Pick<DatasetRequest, 'name' | 'dataset' | 'schema' | 'source'>,
  effects: ChainEffects,
): Promise<readonly DataFinding[] | undefined> {
  try {
    return await inspectPrivacy(inspectedOf(request, effects));
  } catch (error) {
    if (isFaultOfContent(error)) return undefined;
    throw error;
  }
}
