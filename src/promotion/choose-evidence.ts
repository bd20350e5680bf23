import type { Evidence } from '../schemas/evidence.generated.ts';
import { findingIf, type Finding } from './finding.ts';
import { judgeEvidence, type EvidenceCandidate, type EvidenceRules } from './judge-evidence.ts';
import { shorten } from './ledger.ts';
import { findVersionAt, type Registry } from './registry.ts';

/** How many records that are no evidence a refusal names. */
const MAX_UNSOUND = 3;

interface Choice {
  readonly chosen: EvidenceCandidate | undefined;
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Newest first, those against which nothing speaks but that their run was not looked at. */
  readonly unchecked: readonly Evidence[];
}

const NONE: Choice = { chosen: undefined, problems: [], warnings: [], unchecked: [] };

export interface EvidenceChoices {
  readonly candidates: readonly EvidenceCandidate[];
  /** Why other records about the digest are no evidence: sentences. */
  readonly unsound: readonly string[];
  /** Undefined if the version is registered already: then it has its commit, and the evidence may be of another. */
  readonly place: { readonly registry: Registry; readonly version: string } | undefined;
}

/** The newest evidence that may let the model through, or what is wrong with the one that comes nearest to it. */
export function chooseEvidence(
  { candidates, unsound, place }: EvidenceChoices,
  rules: EvidenceRules,
): Choice {
  if (candidates.length === 0) {
    return { ...NONE, problems: [describeNoEvidence(rules, unsound)] };
  }
  const judged = candidates
    .toSorted((a, b) => (a.evidence.createdAt < b.evidence.createdAt ? 1 : -1))
    .map((candidate) => {
      const { problems, warnings } = judgeEvidence(candidate, rules);
      const taken = place === undefined ? [] : judgePlace(candidate, rules.model, place);
      return { candidate, problems: [...problems, ...taken], warnings };
    });
  const good = judged.find(({ problems }) => problems.length === 0);
  if (good !== undefined) return { ...NONE, chosen: good.candidate, warnings: good.warnings };
  const nearest = judged.reduce((best, next) => (next.problems.length < best.problems.length ? next : best));
  const { commit } = nearest.candidate.evidence.source;
  const which = `The evidence of commit ${commit === undefined ? 'unknown' : shorten(commit)}`;
  const problems = nearest.problems.map((finding) => ({
    ...finding,
    message: `${which}: ${finding.message}`,
  }));
  const unchecked = judged
    .filter((each) => each.candidate.verification.kind === 'unchecked' && each.problems.length === 1)
    .filter(({ problems: [problem] }) => problem?.code === 'evidence-unverified')
    .map(({ candidate }) => candidate.evidence);
  return { ...NONE, problems, unchecked };
}

function describeNoEvidence({ model, subject }: EvidenceRules, unsound: readonly string[]): Finding {
  const others = unsound.slice(0, MAX_UNSOUND).map((reason) => ` ${reason}`);
  return {
    code: 'no-evidence',
    message: `No evidence of main is about \`${model}\` with digest ${shorten(subject)}.${others.join('')}`,
    help: 'Merge this model to main and let the gate record its evidence (job `record`). If that was done, check out the commit that was gated: one changed byte is another digest.',
  };
}

/** GTO knows a version by its commit: of one model, a commit can hold one. */
function judgePlace(
  { evidence }: EvidenceCandidate,
  model: string,
  { registry, version }: NonNullable<EvidenceChoices['place']>,
): readonly Finding[] {
  const { commit } = evidence.source;
  const taken = commit === undefined ? undefined : findVersionAt(registry.versionTags, commit);
  return findingIf(
    taken !== undefined,
    'commit-has-version',
    `It is registered already by the tag \`${taken?.name ?? ''}\`; GTO takes one version of \`${model}\` for each commit.`,
    `Promote that version, or register ${version} at a later commit of main that has evidence for the same bytes.`,
  );
}
