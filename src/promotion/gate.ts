/** The decision: whether a model may go to a stage. Pure: everything that it rests on comes in as values. */
import type { Config } from '../schemas/config.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import { findingIf, type Finding } from './finding.ts';
import { nextCounter, printGtoTag } from './gto-tags.ts';
import { judgeRequest, type Checkout, type PromotionRequest } from './judge-request.ts';
import type { EvidenceCandidate, EvidenceRules } from './judge-evidence.ts';
import { judgeVersion } from './judge-version.ts';
import { chooseEvidence } from './choose-evidence.ts';
import { listClaims, shorten, type Ledger, type LedgerReading } from './ledger.ts';
import { currentStage, findVersionAt, type Registry, type RegistryTag } from './registry.ts';
import { readHistory, type PromotionHistory } from './promotion-history.ts';
import { findRewriting } from './find-rewriting.ts';

export interface PromotionCase {
  readonly request: PromotionRequest;
  readonly config: Config;
  /** Digest of the config, as evidence holds it. */
  readonly configDigest: string;
  /** SHA-256 of the model's artifact as it is checked out now; undefined if the config names none. */
  readonly subject: string | undefined;
  /** Undefined where nobody can tell, such as in a clone without main. */
  readonly checkout: Checkout | undefined;
  readonly candidates: readonly EvidenceCandidate[];
  /** Why other records about the digest are no evidence: sentences. */
  readonly unsound: readonly string[];
  readonly ledger: LedgerReading;
  readonly registry: Registry;
  /** Version of this program. */
  readonly toolVersion: string;
  readonly now: Date;
}

export type Decision =
  | {
      readonly kind: 'promote';
      readonly evidence: Evidence;
      readonly verified: NonNullable<LedgerEntry['verified']>;
      /** Commit that the version stands for, and that all tags name. */
      readonly target: string;
      /** Tags to make: the version's, if it is not registered yet, then the stage's. */
      readonly tags: readonly string[];
      /** Digest of what stands at the stage now, if that is known. */
      readonly from: string | undefined;
      readonly warnings: readonly Finding[];
    }
  | {
      readonly kind: 'unchanged';
      /** Tag that holds the stage. */
      readonly tag: string;
      readonly warnings: readonly Finding[];
    }
  | {
      readonly kind: 'refused';
      readonly reasons: readonly Finding[];
      /** Evidence, newest first, against which nothing speaks but that its run was not looked at. */
      readonly unchecked: readonly Evidence[];
    };

/** Decides. A refusal lists all reasons that can be told from what is known. */
export function decidePromotion(promotion: PromotionCase): Decision {
  const { ledger, subject, request, registry } = promotion;
  const asked = judgeRequest(request, promotion.config, subject, promotion.checkout);
  if (ledger.kind === 'broken')
    return { kind: 'refused', reasons: [...asked, describeBreak(ledger)], unchecked: [] };
  const history = readHistory(ledger.ledger, request.model);
  const holder = currentStage([...registry.stageTags, ...registry.versionTags], request.model, request.stage);
  const record = [...asked, ...findRewriting(ledger.ledger, history, registry, request)];
  if (record.length === 0 && holder !== undefined && subject !== undefined) {
    if (findDigest(holder, history, registry) === subject) return describeUnchanged(promotion, holder);
  }
  return decideChange(promotion, ledger.ledger, history, holder, record);
}

function decideChange(
  promotion: PromotionCase,
  ledger: Ledger,
  history: PromotionHistory,
  holder: RegistryTag | undefined,
  before: readonly Finding[],
): Decision {
  const { subject, request, registry } = promotion;
  if (subject === undefined) return { kind: 'refused', reasons: before, unchecked: [] };
  const { candidates, unsound } = promotion;
  const version = judgeVersion(request, subject, registry, history, candidates);
  const rules = makeRules(promotion, ledger, history, subject);
  const place = version.target === undefined ? { registry, version: request.version } : undefined;
  const choice = chooseEvidence({ candidates, unsound, place }, rules);
  const reasons = [...before, ...version.problems, ...choice.problems];
  const { chosen } = choice;
  const target = version.target ?? chosen?.evidence.source.commit;
  if (reasons.length > 0 || chosen === undefined || target === undefined) {
    return { kind: 'refused', reasons, unchecked: [...choice.unchecked, ...version.unchecked] };
  }
  const { model, stage } = request;
  const used = [...registry.names, ...history.tags];
  const stageTag = printGtoTag({ kind: 'assign', artifact: model, stage, counter: nextCounter(used, model) });
  const versionTag = printGtoTag({ kind: 'register', artifact: model, version: request.version });
  const from = holder === undefined ? undefined : findDigest(holder, history, registry);
  return {
    kind: 'promote',
    evidence: chosen.evidence,
    verified: describeVerification(chosen),
    target,
    tags: version.target === undefined ? [versionTag, stageTag] : [stageTag],
    from,
    warnings: [...choice.warnings, ...warnOfStage(promotion, chosen, history, holder, from)],
  };
}

function describeBreak({ line, reason }: LedgerReading & { readonly kind: 'broken' }): Finding {
  return {
    code: 'ledger-broken',
    message: `The ledger is broken${line === 0 ? '' : ` at line ${line}`}: ${reason}.`,
    help: 'Nothing is promoted on a broken record. Find out who changed branch `mlgate-ledger` (`git log -p`), and move it back to its last good commit.',
  };
}

/** The digest that a tag of a stage stands for; undefined if mlgate made neither it nor its version. */
function findDigest(holder: RegistryTag, history: PromotionHistory, registry: Registry): string | undefined {
  const claimed = history.findClaim(holder)?.subject;
  if (claimed !== undefined) return claimed;
  const version = findVersionAt(registry.versionTags, holder.target);
  return version === undefined ? undefined : history.findClaim(version)?.subject;
}

function describeUnchanged({ registry, request }: PromotionCase, holder: RegistryTag): Decision {
  const event = findVersionAt(registry.versionTags, holder.target)?.event;
  const version = event?.kind === 'register' ? event.version : undefined;
  return {
    kind: 'unchanged',
    tag: holder.name,
    warnings: findingIf(
      version !== undefined && version !== request.version,
      'digest-has-version',
      `These bytes are at \`${request.stage}\` already, as version ${version ?? ''}.`,
      `Nothing needs to be done; version ${request.version} was not registered.`,
    ),
  };
}

function makeRules(
  promotion: PromotionCase,
  ledger: Ledger,
  history: PromotionHistory,
  subject: string,
): EvidenceRules {
  const { request, config, configDigest, toolVersion, now } = promotion;
  const verified = listClaims(ledger).filter(
    ({ claim, state }) =>
      state === 'confirmed' && (claim.verified === 'run' || claim.verified === 'artifact'),
  );
  return {
    model: request.model,
    subject,
    config,
    configDigest,
    toolVersion,
    now,
    stoodBefore: history.stoodAt(request.stage, subject),
    verifiedBefore: new Set(verified.map(({ claim }) => claim.evidence)),
  };
}

function describeVerification({ verification }: EvidenceCandidate): NonNullable<LedgerEntry['verified']> {
  if (verification.kind === 'verified') return verification.by;
  return verification.kind === 'gone' ? 'ledger' : 'no';
}

function warnOfStage(
  { request, registry }: PromotionCase,
  chosen: EvidenceCandidate,
  history: PromotionHistory,
  holder: RegistryTag | undefined,
  from: string | undefined,
): readonly Finding[] {
  const { stage, model } = request;
  const lost = history.newestStageTag(stage);
  const missing = lost !== undefined && !registry.names.includes(lost);
  return [
    ...findingIf(
      holder !== undefined && from === undefined,
      'stage-not-in-ledger',
      `\`${holder?.name ?? ''}\` holds \`${stage}\`, and the ledger does not know it: somebody promoted past mlgate.`,
      'Ask who made the tag.',
    ),
    ...findingIf(
      missing,
      'tag-missing',
      `The tag \`${lost ?? ''}\`, which the ledger has confirmed, is gone.`,
      'Ask who deleted it, and forbid the deletion of tags with a ruleset.',
    ),
    ...findingIf(
      from !== undefined && chosen.comparedWith !== from,
      'champion-not-compared',
      `\`${stage}\` holds ${shorten(from ?? '')}, but this evidence compared \`${model}\` with ${chosen.comparedWith === undefined ? 'something else' : shorten(chosen.comparedWith)}.`,
      'Compare it with the champion yourself if main has moved far since that was promoted.',
    ),
  ];
}
