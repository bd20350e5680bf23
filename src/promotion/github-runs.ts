import { findRun, listRunArtifacts, verifySource, type RunArtifact } from '../platform/runs.ts';
import type { GitHubClient } from '../platform/github-client.ts';
import type { RunSources } from './verify-evidence.ts';

/** Events that run what main already holds: only their evidence lets a model through. */
const EVENTS_OF_MAIN = ['push', 'workflow_dispatch', 'schedule'];

/** What the run that made evidence must be. */
export interface TrustedRuns {
  readonly repositoryId: number;
  /** Name of main; undefined if it is not known, and then not asked. */
  readonly main: string | undefined;
  /** Path of the only workflow whose evidence counts; undefined: any. */
  readonly workflow: string | undefined;
  /** The text of the evidence in an artifact of a run; undefined if it holds none. */
  readonly readEvidence: (artifact: RunArtifact, run: number) => Promise<string | undefined>;
}

/** Looks at runs through GitHub's API. */
export function connectRuns(client: GitHubClient, trusted: TrustedRuns): RunSources {
  const { repositoryId, main, workflow, readEvidence } = trusted;
  const expected = {
    repositoryId,
    events: EVENTS_OF_MAIN,
    ...(workflow === undefined ? {} : { workflows: [workflow] }),
    ...(main === undefined ? {} : { branch: main }),
  };
  return {
    verifySource: async (source) => await verifySource(client, source, expected),
    hasRun: async (run) => (await findRun(client, run)) !== undefined,
    listArtifacts: async (run) => await listRunArtifacts(client, run),
    readEvidenceFile: async (artifact, run) => await readEvidence(artifact, run.id),
  };
}
