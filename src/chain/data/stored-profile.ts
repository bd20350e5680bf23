import { parseProfileFile } from '../../data/profile/profile-file.ts';
import type { DatasetProfile } from '../../schemas/evidence.generated.ts';
import type { ChainEffects } from '../chain.ts';

/** How the file ends that `mlgate profile` writes: any other JSON is a table. */
const PROFILE_END = '.profile.json';

export function isStoredProfile(path: string): boolean {
  return path.endsWith(PROFILE_END);
}

export async function readStoredProfile(
  path: string,
  effects: Pick<ChainEffects, 'readText' | 'displayPath'>,
): Promise<DatasetProfile> {
  return parseProfileFile(await effects.readText(path), effects.displayPath(path)).profile;
}
