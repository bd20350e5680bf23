import { UserError } from '../evidence/errors.ts';
import { MAX_EVIDENCE_BYTES, printEvidence } from '../evidence/evidence.ts';
import { writeWithRetry, type RefStore, type RetryTiming, type WritePlan } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { checkCandidate, type Expectation } from './check-candidate.ts';
import { BRANCH_README, branchRef, evidencePath, outcomesRecordPath, subjectPath } from './layout.ts';
import { printOutcomesRecord, type OutcomesEntry } from './outcomes-record.ts';
import { keepOutcomes, type OutcomesLimits, type StoredOutcomes } from './outcomes-store.ts';
import { printSubjectIndex, readSubjectIndex } from './subject-index.ts';

export interface BaselineRecord {
  readonly evidence: Evidence;
  /** Name of the branch. */
  readonly branch: string;
  /** Outcomes to keep on their own refs; empty where they are kept elsewhere or nowhere. */
  readonly outcomes: readonly StoredOutcomes[];
  readonly limits: OutcomesLimits;
  /** What is known of the repository: evidence that a search would refuse is not recorded. */
  readonly expected: Expectation;
}

/** Clock, chance and waiting, passed in. */
export interface RecordTiming extends RetryTiming {
  readonly now: () => Date;
}

/**
 * `recorded`; `already-recorded`: the same evidence stood there; `kept-first`: other evidence of this commit stood
 * there, and stays, because baselines are never changed after the fact.
 */
export interface RecordResult {
  readonly kind: 'recorded' | 'already-recorded' | 'kept-first';
  /** Commit of main. */
  readonly commit: string;
  /** Digest of the evidence that stands there now. */
  readonly evidence: string;
  /** Empty unless this call recorded it. */
  readonly outcomes: readonly OutcomesEntry[];
}

/**
 * Appends the evidence of a commit of main to the baseline's branch, which is made if it does not exist, and keeps its
 * outcomes. Safe for any number of writers at once. Throws a UserError if the evidence could never be a baseline (no
 * commit, made for a pull request, of another repository), a WorldError if the store cannot be written.
 */
export async function recordBaseline(
  store: RefStore,
  record: BaselineRecord,
  timing: RecordTiming,
): Promise<RecordResult> {
  const { evidence, branch } = record;
  const commit = requireCommit(record);
  const tip = await store.resolve(branchRef(branch));
  const standing = tip === undefined ? undefined : await findStanding(store, tip, commit, evidence);
  if (standing !== undefined) return { ...standing, commit, outcomes: [] };
  // Outcomes first: whoever finds the evidence finds them too.
  const owner = { commit, evidence: evidence.digest };
  const outcomes = await keepOutcomes(store, owner, record.outcomes, record.limits, timing.now());
  const plan = (newest: string | undefined) => planRecord(store, { evidence, commit, outcomes }, newest);
  const { value } = await writeWithRetry(store, branchRef(branch), plan, timing);
  return { ...value, commit, outcomes };
}

function requireCommit({ evidence, expected }: BaselineRecord): string {
  const { commit } = evidence.source;
  if (commit === undefined) {
    throw new UserError('The evidence names no commit, so it cannot become a baseline.', {
      help: 'Make it inside a git repository, with everything committed.',
    });
  }
  const checked = checkCandidate(printEvidence(evidence), 'the evidence', commit, expected);
  if (checked.kind === 'refused') {
    throw new UserError(`This cannot become a baseline: ${checked.reason}`, {
      help: 'Record baselines in the run for a push to main, with the config that made the evidence.',
    });
  }
  return commit;
}

type Outcome = Pick<RecordResult, 'kind' | 'evidence'>;

/** What already stands for a commit; undefined if nothing does. Throws a UserError if that is damaged, or another config's. */
async function findStanding(
  store: RefStore,
  tip: string,
  commit: string,
  own: Evidence,
): Promise<Outcome | undefined> {
  const path = evidencePath(commit);
  const bytes = await store.readFile(tip, path, MAX_EVIDENCE_BYTES);
  if (bytes === undefined) return undefined;
  const checked = checkCandidate(bytes, `\`${path}\``, commit, {});
  if (checked.kind === 'refused') {
    throw new UserError(`The branch holds something else for this commit already: ${checked.reason}`, {
      help: `Delete \`${path}\` from the branch and record again.`,
    });
  }
  const { digest, source } = checked.evidence;
  refuseOtherConfig(source.config, own.source.config);
  return { kind: digest === own.digest ? 'already-recorded' : 'kept-first', evidence: digest };
}

/** The second config of a repository would never find a baseline of its own, and nobody would know why. */
function refuseOtherConfig(standing: string | undefined, own: string | undefined): void {
  if (standing === undefined || own === undefined || standing === own) return;
  throw new UserError(
    `The branch holds evidence of this commit that another config made, \`${standing}\`, so that of \`${own}\` was not recorded.`,
    { help: 'Give each config a `baseline.branch` of its own.' },
  );
}

interface Addition {
  readonly evidence: Evidence;
  readonly commit: string;
  readonly outcomes: readonly OutcomesEntry[];
}

async function planRecord(
  store: RefStore,
  { evidence, commit, outcomes }: Addition,
  tip: string | undefined,
): Promise<WritePlan<Outcome>> {
  const standing = tip === undefined ? undefined : await findStanding(store, tip, commit, evidence);
  if (standing !== undefined) return { kind: 'done', value: standing };
  const files = new Map<string, string>([[evidencePath(commit), printEvidence(evidence)]]);
  if (tip === undefined) files.set('README.md', BRANCH_README);
  if (outcomes.length > 0) files.set(outcomesRecordPath(commit), printOutcomesRecord(outcomes));
  for (const { sha256 } of evidence.body.subjects) {
    const known = tip === undefined ? [] : await readSubjectIndex(store, tip, sha256);
    files.set(subjectPath(sha256), printSubjectIndex(known, { commit, evidence: evidence.digest }));
  }
  return {
    kind: 'write',
    files,
    message: `Evidence of ${commit}\n\nVerdict: ${evidence.body.verdict}\nEvidence: ${evidence.digest}`,
    value: { kind: 'recorded', evidence: evidence.digest },
  };
}
