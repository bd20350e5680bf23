import { chooseEvidenceArtifacts, mergeParts } from '../baseline/artifact-evidence.ts';
import { parseEvidence, MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import { UserError } from '../evidence/errors.ts';
import type { RunArtifact, RunFacts, SourceVerdict } from '../platform/runs.ts';
import type { Evidence, EvidenceSource } from '../schemas/evidence.generated.ts';
import type { EvidenceVerification } from './judge-evidence.ts';

/** What a look at a run calls; see platform/runs.ts and platform/artifacts.ts. */
export interface RunSources {
  /** Holds a claim against the run that it names. */
  readonly verifySource: (source: EvidenceSource) => Promise<SourceVerdict>;
  /** Whether GitHub (still) knows the run. */
  readonly hasRun: (run: number) => Promise<boolean>;
  readonly listArtifacts: (run: RunFacts) => Promise<readonly RunArtifact[]>;
  /** The text of the evidence file in an artifact; undefined if it holds none. */
  readonly readEvidenceFile: (artifact: RunArtifact, run: RunFacts) => Promise<string | undefined>;
}

/**
 * Verifies evidence from the baseline branch: the run that it names is the right one, and that run's own artifact holds
 * the same findings. Who may write to the branch could forge a file there; to forge what a run of main uploaded
 * takes a commit on main. `artifactName`: of the artifact with the evidence, or the beginning of the names of its parts.
 */
export async function verifyEvidence(
  evidence: Evidence,
  artifactName: string,
  sources: RunSources,
): Promise<EvidenceVerification> {
  const { source } = evidence;
  const verdict = await sources.verifySource(source);
  if (verdict.kind === 'refused') {
    const gone = source.run !== undefined && !(await sources.hasRun(source.run));
    return gone ? { kind: 'gone', reason: verdict.reasons.join(' ') } : verdict;
  }
  const { run } = verdict;
  const artifacts = chooseEvidenceArtifacts(await sources.listArtifacts(run), artifactName);
  if (artifacts.length === 0) return { kind: 'verified', by: 'run' };
  const texts: (string | undefined)[] = [];
  for (const artifact of artifacts) texts.push(await sources.readEvidenceFile(artifact, run));
  const reason = compareDocuments(evidence, texts, `The artifact \`${artifactName}\` of run ${run.id}`);
  return reason === undefined ? { kind: 'verified', by: 'artifact' } : { kind: 'refused', reasons: [reason] };
}

/**
 * Why the artifact does not hold this evidence; undefined if it does. A later attempt of the run may have uploaded the
 * same findings again, so of the envelope only the time is compared: the evidence must not pass for younger.
 */
function compareDocuments(
  evidence: Evidence,
  texts: readonly (string | undefined)[],
  origin: string,
): string | undefined {
  try {
    const parts: Evidence[] = [];
    for (const text of texts) {
      if (text === undefined) return `${origin} holds no evidence.`;
      if (text.length > MAX_EVIDENCE_BYTES) return `${origin} holds more than evidence can be.`;
      parts.push(parseEvidence(text, origin));
    }
    const made = mergeParts(parts, origin);
    if (typeof made === 'string') return made;
    const same = made.digest === evidence.digest && evidence.createdAt <= made.createdAt;
    return same ? undefined : `${origin} holds other evidence.`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
