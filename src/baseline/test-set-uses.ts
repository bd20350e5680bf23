/**
 * How often each test set was used, on the baseline's branch: one file for each test set. Each look at the same examples
 * lets later decisions adapt to them; see docs/decisions/0013-test-set-budget.md for what is counted and what is missed.
 */
import { UserError } from '../evidence/errors.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { branchRef, usesPath } from './layout.ts';

/** One look at a test set: the same key is the same answer, and is counted once. */
export interface TestSetUse {
  /** `evidence:<digest>` of a record of main, `head:<commit>` of a pull request's head that was judged. */
  readonly key: string;
  /** When, RFC 3339 in UTC. */
  readonly at: string;
}

/** The uses of one test set. */
export interface TestSetUses {
  readonly testSet: string;
  /** How many were counted: a lower bound of how many there were. */
  readonly count: number;
  /** When the first was counted; undefined if none was. */
  readonly since: string | undefined;
  /** When pull requests were last counted; undefined if never. */
  readonly countedUntil: string | undefined;
  /** The newest, by which the same use is known again. */
  readonly recent: readonly TestSetUse[];
}

/** Uses that are remembered one by one; of older ones only the number is kept, so that a file never grows beyond some 100 kB. */
const MAX_RECENT = 1000;

const MAX_BYTES = 1_000_000;

/** The uses of a test set as the branch counts them. Throws a UserError if somebody made the file something else. */
export async function readTestSetUses(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  branch: string,
  testSet: string,
): Promise<TestSetUses> {
  const tip = await store.resolve(branchRef(branch));
  return readUsesAt(store, tip, testSet);
}

async function readUsesAt(
  store: Pick<RefStore, 'readFile'>,
  tip: string | undefined,
  testSet: string,
): Promise<TestSetUses> {
  const none: TestSetUses = { testSet, count: 0, since: undefined, countedUntil: undefined, recent: [] };
  if (tip === undefined || !SHA256.test(testSet)) return none;
  const bytes = await store.readFile(tip, usesPath(testSet), MAX_BYTES);
  if (bytes === undefined) return none;
  const read = parseUses(Buffer.from(bytes).toString('utf8'));
  if (read !== undefined) return { testSet, ...read };
  throw new UserError(`\`${usesPath(testSet)}\` on the baseline's branch is not what mlgate writes there.`, {
    help: 'Restore an earlier version of that file; deleting it forgets how often this test set was used.',
  });
}

/** What is to be counted for the test sets of one record of main. */
export interface NewUses {
  /** The record itself. */
  readonly own: TestSetUse;
  /** Pull requests that were judged, and until when they were looked for; undefined where nobody looked. */
  readonly judged: { readonly uses: readonly TestSetUse[]; readonly until: string } | undefined;
}

/** How far back pull requests are looked at again: a run may end long after it began. */
const LOOK_BACK_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * From when on pull requests count for a test set; undefined for one that is used for the first time, whose pull requests
 * were judged on another one.
 */
export function countsFrom({ since, countedUntil }: TestSetUses): string | undefined {
  if (since === undefined || countedUntil === undefined) return since;
  const back = toTime(new Date(Date.parse(countedUntil) - LOOK_BACK_MS));
  return back < since ? since : back;
}

/** A point in time as evidence writes it. */
export function toTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/u, 'Z');
}

/** The files of the branch that change when uses are counted; none if all were counted before. */
export async function planTestSetUses(
  store: Pick<RefStore, 'readFile'>,
  tip: string | undefined,
  testSets: readonly string[],
  { own, judged }: NewUses,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const testSet of new Set(testSets)) {
    if (!SHA256.test(testSet)) continue;
    const known = await readUsesAt(store, tip, testSet);
    const from = countsFrom(known);
    const others = (judged?.uses ?? []).filter(({ at }) => from !== undefined && at >= from);
    const next = addUses(known, [own, ...others], judged?.until);
    if (next !== known) files.set(usesPath(testSet), printUses(next));
  }
  return files;
}

/** The uses with more of them; the same object if nothing is new. */
export function addUses(
  known: TestSetUses,
  uses: readonly TestSetUse[],
  until: string | undefined,
): TestSetUses {
  const keys = new Set(known.recent.map(({ key }) => key));
  const added = uses.filter(({ key }) => !keys.has(key) && keys.add(key));
  const countedUntil = latestOf(known.countedUntil, until);
  if (added.length === 0 && countedUntil === known.countedUntil) return known;
  const recent = [...known.recent, ...added].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    testSet: known.testSet,
    count: known.count + added.length,
    since: known.since ?? recent[0]?.at,
    countedUntil,
    recent: recent.slice(-MAX_RECENT),
  };
}

function latestOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? other : one;
}

function printUses({ count, since, countedUntil, recent }: TestSetUses): string {
  return `${JSON.stringify({ count, since, countedUntil, recent }, null, 1)}\n`;
}

const SHA256 = /^[0-9a-f]{64}$/u;
const KEY = /^(evidence|head):[0-9a-f]{40,64}$/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u;

function parseUses(text: string): Omit<TestSetUses, 'testSet'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { count, since, countedUntil, recent } = value as Record<string, unknown>;
  if (!isCount(count) || !isOptionalTime(since) || !isOptionalTime(countedUntil)) return undefined;
  if (!Array.isArray(recent) || !recent.every(isUse)) return undefined;
  return { count, since, countedUntil, recent };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isOptionalTime(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && TIME.test(value));
}

function isUse(value: unknown): value is TestSetUse {
  if (typeof value !== 'object' || value === null) return false;
  const { key, at } = value as Record<string, unknown>;
  return typeof key === 'string' && KEY.test(key) && typeof at === 'string' && TIME.test(at);
}
