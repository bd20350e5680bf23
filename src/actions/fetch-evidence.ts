import { join } from 'node:path';
import { ARTIFACT_EVIDENCE } from '../baseline/layout.ts';
import { downloadArtifact } from '../platform/artifacts.ts';
import type { RunArtifact } from '../platform/runs.ts';
import type { ActionContext } from './action.ts';

/**
 * Downloads an artifact and gives the path of the evidence in it, beside which its outcomes lie; undefined if it holds
 * none. `run`: whose artifact it is; undefined: this run's. Throws a WorldError for an archive that is not sound.
 */
export async function fetchEvidence(
  { inputs, run: own, temporary }: ActionContext,
  artifact: RunArtifact,
  run: number | undefined,
): Promise<string | undefined> {
  const origin =
    run === undefined ? undefined : { token: inputs.required('token'), repository: own.repository, run };
  const { folder, files } = await downloadArtifact(artifact, origin, temporary);
  return files.includes(ARTIFACT_EVIDENCE) ? join(folder, ARTIFACT_EVIDENCE) : undefined;
}
