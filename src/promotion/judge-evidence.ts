/** Whether one piece of evidence may let a model through. */
import { parse as parseSemver } from 'semver';
import { readBinding } from '../evidence/recomputed.ts';
import { contributionOf, judgeAll } from '../evidence/verdict.ts';
import type { Config } from '../schemas/config.generated.ts';
import type { Check, Evidence, Subject, VerdictWord } from '../schemas/evidence.generated.ts';
import { findingIf, type Finding } from './finding.ts';
import { shorten } from './ledger.ts';

/** What a look at the run that made the evidence gave. */
export type EvidenceVerification =
  /** `artifact`: the run is the right one and its own artifact holds the same document; `run`: it has none any more. */
  | { readonly kind: 'verified'; readonly by: 'artifact' | 'run' }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** The run that it names is not there (any more). */
  | { readonly kind: 'gone'; readonly reason: string }
  /** Outside GitHub, where whoever promotes has said that the branch is trusted as it is. */
  | { readonly kind: 'not-asked' }
  /** Nobody looked, because other rules refuse this evidence anyway. */
  | { readonly kind: 'unchecked' };

/** Evidence about the digest that is to be promoted. */
export interface EvidenceCandidate {
  readonly evidence: Evidence;
  /** Digest of the same model in the evidence that it was compared with; undefined if that is not known. */
  readonly comparedWith: string | undefined;
  readonly verification: EvidenceVerification;
}

/** What evidence is judged by. */
export interface EvidenceRules {
  readonly model: string;
  /** SHA-256 of what is to be promoted. */
  readonly subject: string;
  readonly config: Config;
  /** Digest of the config, as evidence holds it. */
  readonly configDigest: string;
  /** Version of this program. */
  readonly toolVersion: string;
  readonly now: Date;
  /** Whether these bytes stood at this stage before: then age is no reason against them. */
  readonly stoodBefore: boolean;
  /** Digests of evidence that an earlier promotion verified by its run. */
  readonly verifiedBefore: ReadonlySet<string>;
}

export interface EvidenceJudgement {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
}

const MS_PER_HOUR = 3_600_000;

/** How far ahead of this machine's clock the machine that made the evidence may be, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** From weak to strong: how predictions are tied to the bytes. */
const BINDINGS: readonly Subject['binding'][] = ['none', 'declared', 'recomputed'];

const AGAIN =
  'Merge a change to main, so that the gate runs and records evidence anew; it counts for every stage if the model is the same.';

/** Judges evidence by everything but its run: all problems at once. */
function judgeContent(evidence: Evidence, rules: EvidenceRules): EvidenceJudgement {
  const age = judgeAge(evidence, rules);
  const verdict = judgeVerdict(evidence, rules);
  return {
    problems: [
      ...judgeSubject(evidence, rules),
      ...judgeCompleteness(evidence, rules),
      ...verdict.problems,
      ...age.problems,
      ...judgeTool(evidence, rules),
    ],
    warnings: [
      ...verdict.warnings,
      ...age.warnings,
      ...listAccepted(evidence),
      ...judgePolicy(evidence, rules),
    ],
  };
}

/** Known regressions do not stop a promotion, and nobody promotes them unawares. */
function listAccepted({ body }: Evidence): readonly Finding[] {
  return (body.acceptances ?? []).map(({ check, actor, reason }) => ({
    code: 'regression-accepted',
    message: `\`${check}\` failed and was accepted by ${actor}: ${reason}`,
    help: 'Make sure that this holds for the stage too.',
  }));
}

/** Judges evidence by what it says and by what a look at its run gave: all problems at once. */
export function judgeEvidence(candidate: EvidenceCandidate, rules: EvidenceRules): EvidenceJudgement {
  const content = judgeContent(candidate.evidence, rules);
  // Refused for what it says: whether a run made it changes nothing then.
  if (content.problems.length > 0 && candidate.verification.kind === 'unchecked') return content;
  const run = judgeRun(candidate, rules);
  return {
    problems: [...content.problems, ...run.problems],
    warnings: [...content.warnings, ...run.warnings],
  };
}

function judgeSubject(
  { source, body }: Evidence,
  { model, subject, config }: EvidenceRules,
): readonly Finding[] {
  const found = body.subjects.find(({ name, sha256 }) => name === model && sha256 === subject);
  const wanted = config.promotion.binding;
  const binding = found === undefined ? 'none' : readBinding(found);
  const loose = found !== undefined && BINDINGS.indexOf(binding) < BINDINGS.indexOf(wanted);
  return [
    ...findingIf(
      found === undefined,
      'evidence-subject',
      `It is not about \`${model}\` with digest ${shorten(subject)}.`,
      'The index of the baseline branch is wrong: record the evidence of main anew.',
    ),
    ...findingIf(
      loose,
      'evidence-binding',
      `${binding === 'none' ? 'Nothing ties the tested predictions to these bytes' : 'The tested predictions are not tied to these bytes firmly enough'}: the binding is \`${binding}\`, and \`promotion.binding\` asks for \`${wanted}\`.`,
      wanted === 'recomputed'
        ? `Let the gate run the model (\`models.${model}.recompute\` in the config), merge, and promote then.`
        : 'Let the training run write the digest of the model beside the predictions (`<predictions>.mlgate.json`), merge, and promote then.',
    ),
    ...findingIf(
      source.commit === undefined,
      'evidence-no-commit',
      'It names no commit, so there is nothing that a version could be registered at.',
      AGAIN,
    ),
  ];
}

function judgeCompleteness({ body }: Evidence, { model }: EvidenceRules): readonly Finding[] {
  const measured = body.metrics.some(({ about, value }) => about.model === model && value !== null);
  const judged = body.checks.some(
    ({ about, metric, verdict }) => about.model === model && metric !== undefined && verdict !== 'skipped',
  );
  return [
    ...findingIf(
      !measured,
      'evidence-incomplete',
      `It holds no metric of \`${model}\`: the model was not tested.`,
      'Let the gate on main run all its steps (validate, test, compare) and record one document.',
    ),
    ...findingIf(
      measured && !judged,
      'evidence-incomplete',
      `No check judged a metric of \`${model}\`.`,
      `Ask something of the model: give \`models.${model}.metrics\` a bound, merge, and promote then.`,
    ),
  ];
}

function judgeVerdict({ body }: Evidence, { config }: EvidenceRules): EvidenceJudgement {
  const own = judgeAll(body.checks, body.policy);
  if (own !== body.verdict) {
    const message = `It says \`${body.verdict}\`, but its checks make it \`${own}\`.`;
    const help = 'Somebody or something made this evidence by hand: record main anew.';
    return { problems: [{ code: 'evidence-verdict', message, help }], warnings: [] };
  }
  const { inconclusive, 'no-baseline': noBaseline } = config.comparison;
  // The rules that it was judged by, and those of the config that promotes: the stricter decides.
  const strict = [body.policy, { inconclusive, noBaseline }].find(
    (asked) => !LETS_THROUGH.includes(judgeAll(body.checks, asked)),
  );
  const problems = strict === undefined ? [] : [describeFailure(body.checks, strict, strict === body.policy)];
  const undecided = body.checks.filter(({ verdict }) => verdict === 'inconclusive').length;
  const warnings = [
    ...findingIf(
      own === 'warn',
      'verdict-warn',
      'The verdict of the evidence is `warn`.',
      'Read its report.',
    ),
    ...findingIf(
      undecided > 0,
      'inconclusive',
      `${undecided} of its checks could not be decided.`,
      'A larger test set decides them: its report says how many examples it takes.',
    ),
  ];
  return { problems, warnings };
}

/** Verdicts that may be promoted, whether or not the gate was enforced. */
const LETS_THROUGH: readonly VerdictWord[] = ['pass', 'warn'];

/** How many failing checks a refusal names. */
const MAX_NAMED_CHECKS = 3;

function describeFailure(
  checks: readonly Check[],
  rules: Parameters<typeof judgeAll>[1],
  atTheGate: boolean,
): Finding {
  const failing = checks.filter((check) => contributionOf(check, rules) === 'fail');
  const named = failing.slice(0, MAX_NAMED_CHECKS).map(({ id }) => `\`${id}\``);
  const others = failing.length - named.length;
  const list = named.length === 0 ? '' : `: ${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  const verdict = judgeAll(checks, rules);
  return {
    code: 'evidence-verdict',
    message: atTheGate
      ? `Its verdict is \`${verdict}\`${list}.`
      : `By the config that is checked out its verdict is \`${verdict}\`${list}.`,
    help: atTheGate
      ? 'Mend what failed, merge, and promote then. `enforce: false` lets a merge through, never a promotion.'
      : 'Give the gate what it needs to decide (a larger test set, a baseline), merge, and promote then.',
  };
}

function judgeAge({ createdAt }: Evidence, { config, now, stoodBefore }: EvidenceRules): EvidenceJudgement {
  const ageMs = now.getTime() - Date.parse(createdAt);
  if (ageMs < -CLOCK_TOLERANCE_MS) {
    const message = `It was made at ${createdAt}, which is in the future.`;
    const help = 'Set the clock of the machine that made it, or of this one, and record main anew.';
    return { problems: [{ code: 'evidence-future', message, help }], warnings: [] };
  }
  const most = config.promotion['max-age-hours'];
  if (ageMs <= most * MS_PER_HOUR) return { problems: [], warnings: [] };
  const finding = {
    code: 'evidence-old',
    message: `It was made at ${createdAt}, ${Math.floor(ageMs / MS_PER_HOUR)} hours ago; \`promotion.max-age-hours\` is ${most}.`,
    help: AGAIN,
  };
  return stoodBefore ? { problems: [], warnings: [finding] } : { problems: [finding], warnings: [] };
}

function judgeTool({ body }: Evidence, { toolVersion }: EvidenceRules): readonly Finding[] {
  const made = parseSemver(body.tool.version)?.major;
  const own = parseSemver(toolVersion)?.major;
  return findingIf(
    made === undefined || made !== own,
    'evidence-tool',
    `It was made by mlgate ${body.tool.version}; this is ${toolVersion}.`,
    `Use the same major version in the gate and in the promotion. ${AGAIN}`,
  );
}

function judgePolicy({ body }: Evidence, { configDigest }: EvidenceRules): readonly Finding[] {
  return findingIf(
    body.policy.digest !== configDigest,
    'policy-changed',
    `It was judged by another config (${shorten(body.policy.digest)}) than the one that is checked out (${shorten(configDigest)}).`,
    'Compare the two if thresholds changed; the next gate on main judges by the new one.',
  );
}

const ARTIFACT_GONE: Finding = {
  code: 'artifact-gone',
  message: 'The run that made it is the right one, but has no artifact any more to hold it against.',
  help: `Promote within the retention of artifacts. ${AGAIN}`,
};

const NOT_VERIFIED: Finding = {
  code: 'not-verified',
  message: 'Nobody was asked which run made it: it is trusted because it stands on the baseline branch.',
  help: 'Promote in a GitHub workflow to have the run verified.',
};

function judgeRun({ evidence, verification }: EvidenceCandidate, rules: EvidenceRules): EvidenceJudgement {
  if (verification.kind === 'verified') {
    if (verification.by === 'artifact') return { problems: [], warnings: [] };
    return judgeLost(ARTIFACT_GONE, rules.verifiedBefore.has(evidence.digest));
  }
  if (verification.kind === 'not-asked') return { problems: [], warnings: [NOT_VERIFIED] };
  if (verification.kind === 'gone') {
    const finding = { code: 'run-gone', message: verification.reason, help: AGAIN };
    return judgeLost(finding, rules.verifiedBefore.has(evidence.digest));
  }
  return verification.kind === 'refused'
    ? refuseRun(`It is not what a run on main made: ${verification.reasons.join(' ')}`)
    : refuseRun('The run that made it was not looked at.');
}

function refuseRun(message: string): EvidenceJudgement {
  const help = `Promote what the gate on main tested. ${AGAIN}`;
  return { problems: [{ code: 'evidence-unverified', message, help }], warnings: [] };
}

/**
 * What nobody can look at any more is believed only of evidence that an earlier promotion has verified. Who may write
 * to the repository can delete a run's artifact, and put a file about other bytes in place of what it held.
 */
function judgeLost(finding: Finding, verifiedBefore: boolean): EvidenceJudgement {
  return verifiedBefore ? { problems: [], warnings: [finding] } : { problems: [finding], warnings: [] };
}
