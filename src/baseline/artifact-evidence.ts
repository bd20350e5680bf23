import type { DownloadedArtifact } from '../platform/artifacts.ts';
import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import type { RunArtifact, RunFacts } from '../platform/runs.ts';
import type { ArtifactEvidence } from './find-baseline.ts';
import { ARTIFACT_EVIDENCE, artifactOutcomesPath } from './layout.ts';

/** What the search for an artifact calls; see platform/runs.ts and platform/artifacts.ts. */
export interface ArtifactSources {
  /** The newest good run of main's workflow. */
  readonly findLastGoodRun: () => Promise<RunFacts | undefined>;
  readonly listArtifacts: (run: RunFacts) => Promise<readonly RunArtifact[]>;
  readonly download: (artifact: RunArtifact, run: RunFacts) => Promise<DownloadedArtifact>;
  /** Reads a file of the downloaded folder. */
  readonly readFile: (folder: string, path: string, maxBytes: number) => Promise<Uint8Array>;
}

export interface ArtifactQuery {
  /** Name of the artifact with the evidence. */
  readonly name: string;
  /** Models whose outcomes are wanted. */
  readonly models: readonly string[];
  readonly maxOutcomesBytes: number;
}

/** Evidence, and outcomes if they are there, from an artifact of the last good run on main. */
export async function readArtifactEvidence(
  sources: ArtifactSources,
  query: ArtifactQuery,
): Promise<ArtifactEvidence> {
  const run = await sources.findLastGoodRun();
  if (run === undefined) return none('There is no good run of this workflow for a push to main.');
  const artifact = (await sources.listArtifacts(run)).find(({ name }) => name === query.name);
  if (artifact === undefined) {
    return none(`Run ${run.id} on main has no artifact \`${query.name}\`, or it has expired.`);
  }
  const { folder, files } = await sources.download(artifact, run);
  const path = files.find((file) => file === ARTIFACT_EVIDENCE || file === artifact.name);
  if (path === undefined) return none(`The artifact \`${query.name}\` of run ${run.id} holds no evidence.`);
  const outcomes = new Map<string, Uint8Array>();
  for (const model of query.models) {
    const file = artifactOutcomesPath(model);
    if (files.includes(file))
      outcomes.set(model, await sources.readFile(folder, file, query.maxOutcomesBytes));
  }
  return {
    kind: 'found',
    origin: `The artifact \`${query.name}\` of run ${run.id}`,
    content: await sources.readFile(folder, path, MAX_EVIDENCE_BYTES + 1),
    run,
    outcomes,
  };
}

function none(reason: string): ArtifactEvidence {
  return { kind: 'none', reason };
}
