/**
 * A promotion: decide, claim in the ledger, write the tags, confirm. Whoever is faster wins; the other reads again and
 * decides anew. Each step can be the last one of a process that dies, and the next promotion knows what to make of it.
 */
import { WorldError } from '../evidence/errors.ts';
import { formatTime } from '../evidence/format-time.ts';
import type { RefStore, RetryTiming } from '../platform/ref-store.ts';
import type { Config } from '../schemas/config.generated.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import type { EvidenceSearch } from './find-evidence.ts';
import type { Finding } from './finding.ts';
import { decidePromotion, type Decision } from './gate.ts';
import type { EvidenceCandidate, EvidenceVerification } from './judge-evidence.ts';
import type { Checkout, PromotionRequest } from './judge-request.ts';
import { appendRecord, EMPTY_LEDGER, type LedgerRecord } from './ledger.ts';
import {
  describeEntry,
  LEDGER_REF,
  ledgerFiles,
  readSnapshot,
  settleClaim,
  type LedgerPlace,
  type Snapshot,
} from './ledger-store.ts';
import { readRegistry } from './registry.ts';
import { findClaimTask } from './settle-claims.ts';
import { printTagMessage } from './tag-message.ts';

/** What a promotion is made of besides the request. */
export interface PromotionContext {
  readonly config: Config;
  /** Digest of the config, as evidence holds it. */
  readonly configDigest: string;
  /** SHA-256 of the model's artifact as it is checked out now; undefined if the config names none. */
  readonly subject: string | undefined;
  /** Undefined where nobody can tell, such as in a clone without main. */
  readonly checkout?: Checkout;
  /** Version of this program. */
  readonly toolVersion: string;
}

export interface PromotionEffects {
  /** Where tags and ledger are. */
  readonly store: RefStore;
  /** Evidence of main about a digest of a model. */
  readonly findEvidence: (model: string, subject: string) => Promise<EvidenceSearch>;
  /** Looks at the run that made evidence. */
  readonly verify: (evidence: Evidence) => Promise<EvidenceVerification>;
  readonly now: () => Date;
  readonly timing: RetryTiming;
  /** Tells whoever waits what is going on: one sentence. */
  readonly inform: (message: string) => void;
}

/** What a promotion came to: the one document of `--json`. */
export interface PromotionResult {
  readonly decision: 'promoted' | 'unchanged' | 'refused';
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly reason: string;
  readonly actor: string;
  /** SHA-256 of what was to be promoted. */
  readonly digest?: string;
  /** Digest of what stood at the stage before, if that is known. */
  readonly from?: string;
  /** Tags that this promotion made; of an unchanged stage, the tag that holds it. The stage's tag is the last one. */
  readonly tags: readonly string[];
  /** Commit that the tags name. */
  readonly target?: string;
  /** Last entry of the ledger that belongs to this promotion. */
  readonly ledger?: LedgerPlace;
  readonly evidence?: {
    readonly digest: string;
    readonly commit?: string;
    readonly createdAt: string;
    readonly verified: NonNullable<LedgerEntry['verified']>;
  };
  /** Why it was refused. */
  readonly reasons: readonly Finding[];
  /** What did not stop it but should be known. */
  readonly warnings: readonly Finding[];
}

/** How often a promotion is decided anew because others were faster. */
const MAX_ROUNDS = 10;

/**
 * Pauses between looks at somebody else's promotion that is under way, in milliseconds: the first, and the longest that
 * doubling leads to. Most promotions take seconds; a look costs calls, of which a token has 1,000 an hour.
 */
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

/** How many pieces of evidence have their runs looked at: the newest that nothing else speaks against. */
const MAX_VERIFIED = 5;

interface Session {
  readonly request: PromotionRequest;
  readonly context: PromotionContext;
  readonly effects: PromotionEffects;
  readonly search: EvidenceSearch;
  /** By the document itself: two runs may have found the very same, and only one of them be what it says. */
  readonly verifications: Map<Evidence, EvidenceVerification>;
  /** Hashes of this process's claims that came to nothing. */
  readonly own: Set<string>;
}

/**
 * Promotes a model to a stage, or says why not. Throws a WorldError if the repository cannot be reached or written;
 * what had been claimed is then settled, now or by the next promotion.
 */
export async function promote(
  request: PromotionRequest,
  context: PromotionContext,
  effects: PromotionEffects,
): Promise<PromotionResult> {
  const { subject } = context;
  const search =
    subject === undefined ? { found: [], unsound: [] } : await effects.findEvidence(request.model, subject);
  const session: Session = { request, context, effects, search, verifications: new Map(), own: new Set() };
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const snapshot = await readSettled(session);
    const decision = await decide(session, snapshot);
    if (decision.kind !== 'promote') return describeDecision(session, decision);
    const result = await carryOut(session, snapshot, decision);
    if (result !== undefined) return result;
    effects.inform('Another promotion was faster: reading again.');
    await effects.timing.sleep(effects.timing.random() * FIRST_PAUSE_MS);
  }
  throw new WorldError(`Others were faster ${MAX_ROUNDS} times in a row; nothing was promoted.`, {
    help: 'Run it again, or give the jobs that promote one `concurrency` group.',
  });
}

/** A snapshot in which every claim that matters is settled. */
async function readSettled(session: Session): Promise<Snapshot> {
  const { request, effects, own } = session;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const snapshot = await readSnapshot(effects.store);
    if (snapshot.reading.kind === 'broken') return snapshot;
    const wanted = { model: request.model, own, now: effects.now() };
    const task = await findClaimTask(effects.store, snapshot, snapshot.reading.ledger, wanted);
    if (task.kind === 'none') return snapshot;
    if (task.kind === 'wait') {
      effects.inform(
        `Waiting for a promotion of \`${task.claim.model}\` by ${task.claim.actor} that is under way.`,
      );
      await effects.timing.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    } else {
      effects.inform(`Claim ${task.claim.sequence} of the ledger was left open: ${task.action}.`);
      await settle(session, task.claim, task.action, task.why);
    }
  }
}

async function settle(
  { request, effects }: Session,
  claim: LedgerEntry,
  action: 'confirm' | 'abandon',
  reason: string,
): Promise<LedgerPlace> {
  const time = formatTime(effects.now());
  const run = request.run === undefined ? {} : { run: request.run };
  const settlement = { action, time, actor: request.actor, reason, ...run };
  return await settleClaim(effects.store, claim, settlement, effects.timing);
}

async function decide(session: Session, { reading, tags }: Snapshot): Promise<Decision> {
  const { request, context, effects } = session;
  const ledger = reading.kind === 'sound' ? reading.ledger : EMPTY_LEDGER;
  const registry = await readRegistry(effects.store, tags, request, ledger);
  const { unsound } = session.search;
  const { checkout } = context;
  const given = { request, ...context, checkout, unsound, ledger: reading, registry, now: effects.now() };
  for (let looks = 0; ; looks += 1) {
    const decision = decidePromotion({ ...given, candidates: listCandidates(session) });
    // What a run says is asked only where it can matter: each look costs calls.
    const next = decision.kind === 'refused' && looks < MAX_VERIFIED ? decision.unchecked[0] : undefined;
    if (next === undefined) return decision;
    session.verifications.set(next, await effects.verify(next));
  }
}

function listCandidates({ search: { found }, verifications }: Session): readonly EvidenceCandidate[] {
  return found.map((each) => ({
    ...each,
    verification: verifications.get(each.evidence) ?? { kind: 'unchecked' },
  }));
}

type Approval = Extract<Decision, { kind: 'promote' }>;

/** Claims, tags, confirms. Undefined if somebody else was faster; then everything is to be decided anew. */
async function carryOut(
  session: Session,
  { tip, reading }: Snapshot,
  approval: Approval,
): Promise<PromotionResult | undefined> {
  const { effects, own } = session;
  if (reading.kind === 'broken') return undefined;
  const { entry: claim, ledger } = appendRecord(reading.ledger, makeClaim(session, approval));
  const change = {
    ref: LEDGER_REF,
    expected: tip,
    files: ledgerFiles(ledger, tip),
    message: describeEntry(claim),
  };
  const message = printTagMessage(claim);
  const tags = approval.tags.map((name) => ({ name, target: approval.target, message }));
  try {
    const written = await effects.store.writeAtomically(change, tags);
    if (written.kind !== 'written') {
      // Over REST the claim may stand although a tag was taken meanwhile: the next look at the ledger gives it up.
      own.add(claim.hash);
      return undefined;
    }
  } catch (error) {
    const place = await settleFailure(session, claim, error);
    return describeApproval(session, approval, place);
  }
  const place = await settle(session, claim, 'confirm', claim.reason);
  return describeApproval(session, approval, place);
}

/**
 * The write failed somewhere between claim and tags: confirms if all of it is there after all, or else gives the claim
 * up and throws what happened.
 */
async function settleFailure(session: Session, claim: LedgerEntry, failure: unknown): Promise<LedgerPlace> {
  session.own.add(claim.hash);
  let settled: Snapshot;
  try {
    settled = await readSettled(session);
  } catch (error) {
    throw new WorldError(
      `The promotion broke off: ${describeError(failure)} What became of claim ${claim.sequence} could not be read either: ${describeError(error)}`,
      { cause: failure, help: 'Run it again: the next promotion settles what is left open.' },
    );
  }
  const entries = settled.reading.kind === 'sound' ? settled.reading.ledger.entries : [];
  const confirmed = entries.find(({ action, claims }) => action === 'confirm' && claims === claim.sequence);
  const same = entries[claim.sequence - 1]?.hash === claim.hash;
  if (confirmed === undefined || !same) throw failure;
  return { commit: settled.tip, sequence: confirmed.sequence, hash: confirmed.hash };
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function makeClaim({ request, effects, context }: Session, approval: Approval): LedgerRecord {
  const { evidence, from, verified, tags, warnings } = approval;
  const { commit } = evidence.source;
  return {
    time: formatTime(effects.now()),
    action: 'claim',
    model: request.model,
    modelVersion: request.version,
    stage: request.stage,
    subject: context.subject ?? '',
    ...(from === undefined ? {} : { from }),
    evidence: evidence.digest,
    verified,
    ...(warnings.length === 0 ? {} : { warnings: [...new Set(warnings.map(({ code }) => code))] }),
    ...describeAccepted(evidence),
    ...(commit === undefined ? {} : { commit }),
    tags,
    actor: request.actor,
    ...(request.run === undefined ? {} : { run: request.run }),
    reason: request.reason,
  };
}

function describeAccepted({ body }: Evidence): Pick<LedgerRecord, 'accepted'> {
  const accepted = (body.acceptances ?? []).map(({ check, actor }) => ({ check, actor }));
  return accepted.length === 0 ? {} : { accepted };
}

function describeRequest({ request, context }: Session) {
  const { model, version, stage, reason, actor } = request;
  const digest = context.subject === undefined ? {} : { digest: context.subject };
  return { model, version, stage, reason, actor, ...digest };
}

function describeDecision(session: Session, decision: Exclude<Decision, Approval>): PromotionResult {
  const base = describeRequest(session);
  if (decision.kind === 'refused') {
    return { decision: 'refused', ...base, tags: [], reasons: decision.reasons, warnings: [] };
  }
  const { tag, warnings } = decision;
  return { decision: 'unchanged', ...base, tags: [tag], reasons: [], warnings };
}

function describeApproval(session: Session, approval: Approval, ledger: LedgerPlace): PromotionResult {
  const { evidence, from, tags, target, verified, warnings } = approval;
  const { commit } = evidence.source;
  return {
    decision: 'promoted',
    ...describeRequest(session),
    ...(from === undefined ? {} : { from }),
    tags,
    target,
    ledger,
    evidence: {
      digest: evidence.digest,
      ...(commit === undefined ? {} : { commit }),
      createdAt: evidence.createdAt,
      verified,
    },
    reasons: [],
    warnings,
  };
}
