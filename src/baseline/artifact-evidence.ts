import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import { UserError } from '../evidence/errors.ts';
import { mergeEvidence } from '../evidence/merge-evidence.ts';
import type { DownloadedArtifact } from '../platform/artifacts.ts';
import { compareClaim, type RunArtifact, type RunFacts } from '../platform/runs.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { checkCandidate, type Expectation } from './check-candidate.ts';
import { ARTIFACT_EVIDENCE, artifactOutcomesPath } from './layout.ts';
import { findNothing, type Resort, type ResortFinding } from './resort.ts';

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
  /** Name of the artifact with the evidence; see chooseEvidenceArtifacts. */
  readonly name: string;
  /** Models whose outcomes are wanted. */
  readonly models: readonly string[];
  readonly maxOutcomesBytes: number;
  readonly expected: Expectation;
  /** The commit that is tested: never its own baseline. */
  readonly tested: string | undefined;
}

/** Most parts that one run's evidence is put together from: a matrix has at most 256 jobs. */
const MAX_PARTS = 256;

/**
 * The artifacts with the evidence of a run: the one of that name, or else the parts that the jobs of a matrix left
 * under that name, a hyphen and what tells them apart (`mlgate-evidence-churn`), by name. Throws a UserError for more
 * parts than a matrix has jobs.
 */
export function chooseEvidenceArtifacts<T extends Pick<RunArtifact, 'name'>>(
  artifacts: readonly T[],
  name: string,
): readonly T[] {
  const whole = artifacts.filter((artifact) => artifact.name === name);
  if (whole.length > 0) return whole;
  const parts = artifacts.filter(
    (artifact) => artifact.name.startsWith(`${name}-`) && !artifact.name.endsWith('.html'),
  );
  if (parts.length > MAX_PARTS)
    throw new UserError(`There are ${parts.length} artifacts \`${name}-*\`; at most ${MAX_PARTS} are read.`);
  return parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Evidence, and outcomes if they are there, from the artifacts of the last good run on main. */
export function openArtifactResort(
  sources: ArtifactSources,
  query: ArtifactQuery,
  whenUnreachable: Resort['whenUnreachable'],
): Resort {
  const look = async () => {
    try {
      return await readArtifacts(sources, query);
    } catch (error) {
      // Too many parts, or a file that is too large: what somebody uploaded, not the reader's mistake.
      if (error instanceof UserError) return findNothing(error.message);
      throw error;
    }
  };
  return { rung: 'artifact', whenUnreachable, look };
}

async function readArtifacts(sources: ArtifactSources, query: ArtifactQuery): Promise<ResortFinding> {
  const { name } = query;
  const run = await sources.findLastGoodRun();
  if (run === undefined) return findNothing('There is no good run of this workflow for a push to main.');
  if (run.headSha === query.tested)
    return findNothing(`Run ${run.id} on main is of the commit that is tested.`);
  const artifacts = chooseEvidenceArtifacts(await sources.listArtifacts(run), name);
  if (artifacts.length === 0)
    return findNothing(`Run ${run.id} on main has no artifact \`${name}\`, or it has expired.`);
  const parts: Evidence[] = [];
  const outcomes = new Map<string, Uint8Array>();
  for (const artifact of artifacts) {
    const downloaded = await sources.download(artifact, run);
    const part = await readPart(sources, query, { artifact, run, downloaded });
    if (typeof part === 'string') return findNothing(part);
    parts.push(part);
    for (const [model, bytes] of await readOutcomes(sources, query, downloaded)) outcomes.set(model, bytes);
  }
  const merged = mergeParts(parts, `The artifacts \`${name}-*\` of run ${run.id}`);
  if (typeof merged === 'string') return findNothing(merged);
  return { kind: 'found', evidence: merged, outcomes, details: { commit: run.headSha } };
}

/** One document from the parts, or why they are none. One part is the document, as it is. */
export function mergeParts(parts: readonly Evidence[], origin: string): Evidence | string {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  try {
    return mergeEvidence(parts);
  } catch (error) {
    if (error instanceof UserError) return `${origin} do not belong together: ${error.message}`;
    throw error;
  }
}

interface Part {
  readonly artifact: RunArtifact;
  readonly run: RunFacts;
  readonly downloaded: DownloadedArtifact;
}

/** The evidence in an artifact, held against what GitHub says of the run; or why it is none. */
async function readPart(
  sources: ArtifactSources,
  query: ArtifactQuery,
  { artifact, run, downloaded: { folder, files } }: Part,
): Promise<Evidence | string> {
  const origin = `The artifact \`${artifact.name}\` of run ${run.id}`;
  const path = files.find((file) => file === ARTIFACT_EVIDENCE || file === artifact.name);
  if (path === undefined) return `${origin} holds no evidence.`;
  const content = await sources.readFile(folder, path, MAX_EVIDENCE_BYTES + 1);
  const candidate = checkCandidate(content, origin, run.headSha, query.expected);
  if (candidate.kind === 'refused') return candidate.reason;
  // Unlike a file on the branch, an artifact needs no right to write: the claims must be those of the run.
  const [difference] = compareClaim(candidate.evidence.source, run);
  return difference === undefined ? candidate.evidence : `${origin} is of something else. ${difference}`;
}

async function readOutcomes(
  sources: ArtifactSources,
  query: ArtifactQuery,
  { folder, files }: DownloadedArtifact,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const outcomes = new Map<string, Uint8Array>();
  for (const model of query.models) {
    const file = artifactOutcomesPath(model);
    if (files.includes(file))
      outcomes.set(model, await sources.readFile(folder, file, query.maxOutcomesBytes));
  }
  return outcomes;
}
