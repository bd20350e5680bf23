/**
 * The ledger of promotions: one entry a line, each holding the SHA-256 of the one before, so that nobody can take an
 * entry out, add one in the middle or change one without every later hash changing too. Pure: text in, text out.
 */
import { toCanonicalJson } from '../evidence/canonical-json.ts';
import { digestJson } from '../evidence/digest.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.generated.ts';
import { validateDocument } from '../schemas/validate.ts';

/** `previous` of the first entry. */
export const NO_PREVIOUS = '0'.repeat(64);

/** A ledger whose chain holds. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  /** `hash` of the last entry; 64 zeros if there is none. */
  readonly head: string;
}

export const EMPTY_LEDGER: Ledger = { entries: [], head: NO_PREVIOUS };

export type LedgerReading =
  | { readonly kind: 'sound'; readonly ledger: Ledger }
  | {
      readonly kind: 'broken';
      /** Line of the first broken entry, from 1; 0 if the whole file is meant. */
      readonly line: number;
      /** What is wrong with it: a clause without a full stop. */
      readonly reason: string;
    };

/** What became of a claim. */
export interface ClaimState {
  readonly claim: LedgerEntry;
  readonly state: 'open' | 'confirmed' | 'abandoned';
}

/** An entry before it has its place in the chain. */
export type LedgerRecord = Omit<LedgerEntry, 'version' | 'sequence' | 'previous' | 'hash'>;

/**
 * Reads a ledger and checks all of it: every line is canonical JSON of the schema, numbered without a gap, chained,
 * hashed, and `confirm` and `abandon` belong to a claim. The first broken entry is named.
 */
export function parseLedger(text: string): LedgerReading {
  if (text === '') return { kind: 'sound', ledger: EMPTY_LEDGER };
  if (!text.endsWith('\n')) return { kind: 'broken', line: countLines(text), reason: 'the line is cut off' };
  const entries: LedgerEntry[] = [];
  const claims = new Map<number, ClaimState>();
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const read = parseLine(line);
    const reason = typeof read === 'string' ? read : findBreak(read, entries, claims);
    if (reason !== undefined) return { kind: 'broken', line: index + 1, reason };
    if (typeof read === 'string') continue;
    settle(claims, read);
    entries.push(read);
  }
  return { kind: 'sound', ledger: { entries, head: headOf(entries) } };
}

function headOf(entries: readonly LedgerEntry[]): string {
  return entries.at(-1)?.hash ?? NO_PREVIOUS;
}

function countLines(text: string): number {
  return text.split('\n').length;
}

/** The entry of a line, or what is wrong with it. */
function parseLine(line: string): LedgerEntry | string {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch {
    return 'the line is not JSON';
  }
  const result = validateDocument('ledger-entry', input);
  if (!result.ok) {
    const [first] = result.violations;
    const where = first === undefined || first.path.length === 0 ? 'it' : `\`${first.path.join('.')}\``;
    return `it is no ledger entry: ${where} ${first?.message ?? 'is invalid'}`;
  }
  // Also catches what JSON.parse forgives: keys that stand twice, and blanks that a digest would not see.
  if (toCanonicalJson(result.document) !== line) return 'the line is not canonical JSON (RFC 8785)';
  return result.document;
}

/** Why an entry cannot follow; undefined if it can. */
function findBreak(
  entry: LedgerEntry,
  before: readonly LedgerEntry[],
  claims: ReadonlyMap<number, ClaimState>,
): string | undefined {
  const due = before.length + 1;
  if (entry.sequence !== due) return `its number is ${entry.sequence} where ${due} is due`;
  const head = headOf(before);
  if (entry.previous !== head) {
    return `it follows an entry with hash ${shorten(entry.previous)}, but the one before has ${shorten(head)}`;
  }
  const hash = hashEntry(entry);
  if (entry.hash !== hash) {
    return `its content has the hash ${shorten(hash)}, but it says ${shorten(entry.hash)}: it was changed`;
  }
  return findMisplacedAction(entry, claims);
}

function findMisplacedAction(
  entry: LedgerEntry,
  claims: ReadonlyMap<number, ClaimState>,
): string | undefined {
  if (entry.action === 'claim')
    return entry.claims === undefined ? undefined : 'a claim settles no other claim';
  const known = entry.claims === undefined ? undefined : claims.get(entry.claims);
  if (known === undefined) return `it settles claim ${entry.claims ?? 'unknown'}, which does not exist`;
  const same =
    known.claim.model === entry.model &&
    known.claim.stage === entry.stage &&
    known.claim.subject === entry.subject;
  if (!same) return `it settles claim ${known.claim.sequence}, which is about something else`;
  // A job that was given up for dead may have written its tags after all: the last word is then `confirm`.
  const settled = known.state === 'confirmed' || (known.state === 'abandoned' && entry.action === 'abandon');
  return settled ? `claim ${known.claim.sequence} is ${known.state} already` : undefined;
}

function settle(claims: Map<number, ClaimState>, entry: LedgerEntry): void {
  if (entry.action === 'claim') {
    claims.set(entry.sequence, { claim: entry, state: 'open' });
    return;
  }
  const known = entry.claims === undefined ? undefined : claims.get(entry.claims);
  if (known === undefined) return;
  const state = entry.action === 'confirm' ? 'confirmed' : 'abandoned';
  claims.set(known.claim.sequence, { claim: known.claim, state });
}

/** Every claim and what became of it, oldest first. */
export function listClaims(ledger: Ledger): readonly ClaimState[] {
  const claims = new Map<number, ClaimState>();
  for (const entry of ledger.entries) settle(claims, entry);
  return [...claims.values()];
}

/** SHA-256 of the entry's canonical JSON without `hash`. */
function hashEntry(entry: Omit<LedgerEntry, 'hash'> & { readonly hash?: string }): string {
  const { hash: _, ...content } = entry;
  return digestJson(content);
}

/**
 * Puts a record at the end of the chain. Throws a TypeError if it breaks the schema, which is a defect: what people
 * give is checked before.
 */
export function appendRecord(
  ledger: Ledger,
  record: LedgerRecord,
): { readonly ledger: Ledger; readonly entry: LedgerEntry } {
  const content = {
    ...record,
    version: 1,
    sequence: ledger.entries.length + 1,
    previous: ledger.head,
  } as const;
  const entry: LedgerEntry = { ...content, hash: hashEntry(content) };
  const result = validateDocument('ledger-entry', entry);
  if (!result.ok) {
    const [first] = result.violations;
    throw new TypeError(`A ledger entry breaks its schema: ${first?.path.join('.')} ${first?.message}`);
  }
  return { entry, ledger: { entries: [...ledger.entries, entry], head: entry.hash } };
}

/** The file: one line of canonical JSON for each entry. */
export function printLedger(ledger: Ledger): string {
  return ledger.entries.map((entry) => `${toCanonicalJson(entry)}\n`).join('');
}

/** The first digits of a digest: enough to find it, short enough to read. */
export function shorten(digest: string): string {
  return digest.slice(0, 12);
}
