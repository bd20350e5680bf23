/** The ledger as a file on a branch of its own, written by compare-and-swap. */
import { WorldError } from '../evidence/errors.ts';
import {
  writeWithRetry,
  type RefStore,
  type RetryTiming,
  type TagRef,
  type WritePlan,
} from '../platform/ref-store.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import {
  appendRecord,
  EMPTY_LEDGER,
  listClaims,
  parseLedger,
  printLedger,
  type Ledger,
  type LedgerReading,
} from './ledger.ts';

export const LEDGER_REF = 'refs/heads/mlgate-ledger';

/** JSON lines at the root of that branch. */
export const LEDGER_FILE = 'ledger.jsonl';

/** Largest ledger that is read, in bytes: more than ten thousand promotions. */
const MAX_LEDGER_BYTES = 20_000_000;

/** How often a snapshot is tried before somebody is told that the ledger does not hold still. */
const MAX_SNAPSHOT_TRIES = 10;

/** The ledger and all tags of the repository, as they were at one moment. */
export interface Snapshot {
  /** Commit of the ledger's branch; undefined if it does not exist yet. */
  readonly tip: string | undefined;
  readonly reading: LedgerReading;
  readonly tags: readonly TagRef[];
}

/**
 * Reads ledger and tags so that they fit: tags are made after their claim and before its confirmation, so a listing
 * between two looks at an unmoved ledger has the tags of every confirmed claim, and none whose claim it lacks.
 */
export async function readSnapshot(store: RefStore): Promise<Snapshot> {
  let tip = await store.resolve(LEDGER_REF);
  for (let tries = 1; tries <= MAX_SNAPSHOT_TRIES; tries += 1) {
    const tags = await store.listTags('');
    const after = await store.resolve(LEDGER_REF);
    if (after === tip) return { tip, reading: await readLedger(store, tip), tags };
    tip = after;
  }
  throw new WorldError(`The ledger was moved by others ${MAX_SNAPSHOT_TRIES} times in a row.`, {
    help: 'Run it again, or give the jobs that promote one `concurrency` group.',
  });
}

/** The ledger at a commit of its branch; empty if there is no branch yet. */
export async function readLedger(
  store: Pick<RefStore, 'readFile'>,
  tip: string | undefined,
): Promise<LedgerReading> {
  if (tip === undefined) return { kind: 'sound', ledger: EMPTY_LEDGER };
  const bytes = await store.readFile(tip, LEDGER_FILE, MAX_LEDGER_BYTES);
  if (bytes === undefined) return { kind: 'broken', line: 0, reason: `the branch has no \`${LEDGER_FILE}\`` };
  try {
    return parseLedger(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'broken', line: 0, reason: 'it is not UTF-8 text' };
    throw error;
  }
}

/** The files of the branch when the ledger is written. */
export function ledgerFiles(ledger: Ledger, tip: string | undefined): ReadonlyMap<string, string> {
  const files = new Map([[LEDGER_FILE, printLedger(ledger)]]);
  if (tip === undefined) files.set('README.md', LEDGER_README);
  return files;
}

/** First line of a ledger's commit. */
export function describeEntry({ action, sequence, model, modelVersion, stage }: LedgerEntry): string {
  return `${action} ${sequence}: ${model} ${modelVersion ?? ''} to ${stage}`;
}

/** Who settles a claim, when and why. */
export interface Settlement {
  readonly action: 'confirm' | 'abandon';
  readonly time: string;
  readonly actor: string;
  readonly run?: string;
  readonly reason: string;
}

/** A place in the ledger. */
export interface LedgerPlace {
  /** Commit of the ledger's branch. */
  readonly commit: string | undefined;
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Appends what became of a claim, unless somebody else has said it. Returns the ledger's last entry after that.
 * Throws a WorldError if the ledger was broken meanwhile or cannot be written.
 */
export async function settleClaim(
  store: RefStore,
  claim: LedgerEntry,
  settlement: Settlement,
  timing: RetryTiming,
): Promise<LedgerPlace> {
  const plan = async (tip: string | undefined): Promise<WritePlan<LedgerEntry>> => {
    const reading = await readLedger(store, tip);
    const ledger = reading.kind === 'sound' ? reading.ledger : undefined;
    const known =
      ledger === undefined ? undefined : listClaims(ledger).find((each) => each.claim.hash === claim.hash);
    const last = ledger?.entries.at(-1);
    if (ledger === undefined || known === undefined || last === undefined) throw lostClaim(claim);
    const done =
      known.state === 'confirmed' || (known.state === 'abandoned' && settlement.action === 'abandon');
    if (done) return { kind: 'done', value: last };
    const { entry, ledger: next } = appendRecord(ledger, makeRecord(claim, settlement));
    return { kind: 'write', files: ledgerFiles(next, tip), message: describeEntry(entry), value: entry };
  };
  const { value, commit } = await writeWithRetry(store, LEDGER_REF, plan, timing);
  return { commit, sequence: value.sequence, hash: value.hash };
}

function makeRecord(claim: LedgerEntry, settlement: Settlement) {
  const { version: _version, sequence, previous: _previous, hash: _hash, run: _run, ...content } = claim;
  return { ...content, ...settlement, claims: sequence };
}

function lostClaim({ sequence }: LedgerEntry): WorldError {
  return new WorldError(`Claim ${sequence} is no longer in the ledger: somebody rewrote it meanwhile.`, {
    help: 'Find out who moved the branch `mlgate-ledger`, and restore it.',
  });
}

const LEDGER_README = `# Promotions of mlgate

This branch holds no code. \`${LEDGER_FILE}\` is the ledger of promotions: one JSON object a line, appended to, never
changed. Each entry holds the SHA-256 of the one before (\`previous\`) and of itself (\`hash\`, over its RFC 8785 form
without \`hash\`). The tags of a promotion hold the number and the hash of its claim.

Forbid force-pushes and deletion of this branch, and updates and deletion of tags, with a ruleset.
`;
