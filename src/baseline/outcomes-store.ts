import { createHash } from 'node:crypto';
import { UserError, WorldError } from '../evidence/errors.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { chooseSurplus } from './choose-surplus.ts';
import { OUTCOMES_REFS, outcomesPath, outcomesRef } from './layout.ts';
import { readOutcomesRecord, type OutcomesEntry } from './outcomes-record.ts';

/** Per-example outcomes of one model in their stored form. */
export interface StoredOutcomes {
  /** Model's name in the config. */
  readonly model: string;
  /** Digest of the test set's ids and targets: `about.datasetDigest` of the model's metrics. */
  readonly testSet: string;
  readonly bytes: Uint8Array;
}

export interface OutcomesLimits {
  /** Commits whose outcomes are kept for each test set. */
  readonly kept: number;
  /** Largest outcomes of one model, in bytes. */
  readonly maxBytes: number;
}

/** The commit and the evidence that outcomes belong to. */
interface Owner {
  readonly commit: string;
  readonly evidence: string;
}

type OutcomesRefs = Pick<RefStore, 'listRefs' | 'write' | 'deleteRef'>;

/**
 * Keeps outcomes that belong to an evidence, and deletes what is beyond the limits; see chooseSurplus. What cannot be
 * kept is a reason, not an error: evidence without outcomes is still a baseline.
 */
export async function keepOutcomes(
  store: OutcomesRefs,
  owner: Owner,
  outcomes: readonly StoredOutcomes[],
  limits: OutcomesLimits,
  now: Date,
): Promise<readonly OutcomesEntry[]> {
  const fitting = outcomes.filter(({ bytes }) => bytes.length <= limits.maxBytes);
  const entries: OutcomesEntry[] = outcomes
    .filter(({ bytes }) => bytes.length > limits.maxBytes)
    .map((each) => ({
      ...describeOutcomes(each),
      kept: 'none',
      reason: describeSize(each.bytes.length, limits.maxBytes),
    }));
  for (const testSet of new Set(fitting.map((each) => each.testSet))) {
    const models = fitting.filter((each) => each.testSet === testSet);
    const kept = await writeOutcomes(store, owner, { testSet, models }, now);
    entries.push(...models.map((each) => ({ ...describeOutcomes(each), ...kept })));
  }
  const own = new Set(entries.flatMap((entry) => (entry.kept === 'ref' ? [entry.ref] : [])));
  // What could not be deleted now is deleted by the next record, or by `mlgate baseline gc`.
  if (own.size > 0) await deleteSurplus(store, limits.kept, now, own);
  return entries;
}

function describeOutcomes({ model, testSet, bytes }: StoredOutcomes) {
  return { model, testSet, sha256: digestBytes(bytes), bytes: bytes.length };
}

function digestBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function describeSize(bytes: number, maxBytes: number): string {
  return `The outcomes have ${toMegabytes(bytes)}; at most ${toMegabytes(maxBytes)} are kept (\`baseline.outcomes-megabytes\`).`;
}

function toMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Seconds after now that a ref may be named by. */
const MAX_LATER = 3;

/** The ref that took the outcomes of one test set, or why none did. */
async function writeOutcomes(
  store: OutcomesRefs,
  owner: Owner,
  { testSet, models }: { readonly testSet: string; readonly models: readonly StoredOutcomes[] },
  now: Date,
): Promise<
  { readonly kept: 'ref'; readonly ref: string } | { readonly kept: 'none'; readonly reason: string }
> {
  const files = new Map(models.map(({ model, bytes }) => [outcomesPath(owner.evidence, model), bytes]));
  try {
    // Another config may keep outcomes of this commit and test set in the same second.
    for (let later = 0; later <= MAX_LATER; later += 1) {
      const ref = outcomesRef(testSet, owner.commit, new Date(now.getTime() + later * 1000));
      const message = `Outcomes of ${owner.commit}`;
      const { kind } = await store.write({ ref, expected: undefined, files, message });
      if (kind === 'written') return { kept: 'ref', ref };
    }
    return { kept: 'none', reason: 'Other runs recorded this commit in the same seconds.' };
  } catch (error) {
    if (error instanceof WorldError) return { kept: 'none', reason: error.message };
    throw error;
  }
}

async function deleteSurplus(
  store: OutcomesRefs,
  kept: number,
  now: Date,
  own: ReadonlySet<string>,
): Promise<void> {
  try {
    const surplus = chooseSurplus(await store.listRefs(OUTCOMES_REFS), { kept, now, own });
    for (const entry of surplus) await store.deleteRef(entry);
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
  }
}

/** What the config lets a model be called. Evidence may call it anything, and the name becomes part of a path. */
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** The models of an evidence and the test sets that they were measured on; names that no config allows are left out. */
export function listTestSets(evidence: Evidence): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { about } of evidence.body.metrics) {
    const { model, datasetDigest } = about;
    const plain = about.slice === undefined && about.split === undefined;
    if (model === undefined || datasetDigest === undefined || !plain) continue;
    if (MODEL_NAME.test(model)) found.set(model, datasetDigest);
  }
  return found;
}

/** Outcomes by model, and for models whose outcomes are gone or unsound, why: sentences. */
export interface OutcomesRead {
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
  readonly outcomesMissing: ReadonlyMap<string, string>;
  /** Models whose outcomes are there but are not what was recorded. */
  readonly exchanged: readonly string[];
}

/**
 * The outcomes that belong to an evidence, where they are still kept and are what the branch says that they were. `tip`:
 * a commit of the branch.
 */
export async function readOutcomes(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  tip: string,
  evidence: Evidence,
  maxBytes: number,
): Promise<OutcomesRead> {
  const outcomes = new Map<string, Uint8Array>();
  const outcomesMissing = new Map<string, string>();
  const exchanged: string[] = [];
  const testSets = listTestSets(evidence);
  const { commit } = evidence.source;
  const record =
    commit === undefined || testSets.size === 0 ? [] : await readOutcomesRecord(store, tip, commit);
  for (const [model, testSet] of testSets) {
    const entry = record?.find((each) => each.model === model && each.testSet === testSet);
    const read = await readEntry(store, evidence, entry, maxBytes);
    if (typeof read === 'string') outcomesMissing.set(model, read);
    else if (digestBytes(read) === entry?.sha256) outcomes.set(model, read);
    else {
      exchanged.push(model);
      outcomesMissing.set(model, "The baseline's outcomes are not those that were recorded.");
    }
  }
  return { outcomes, outcomesMissing, exchanged };
}

async function readEntry(
  store: Pick<RefStore, 'resolve' | 'readFile'>,
  evidence: Evidence,
  entry: OutcomesEntry | undefined,
  maxBytes: number,
): Promise<Uint8Array | string> {
  if (entry === undefined) return 'No outcomes were recorded with the baseline.';
  if (entry.kept === 'none') return `The baseline's outcomes were not kept: ${entry.reason}`;
  const commit = await store.resolve(entry.ref);
  const bytes =
    commit && (await readModel(store, commit, outcomesPath(evidence.digest, entry.model), maxBytes));
  if (bytes) return bytes;
  return "The baseline's outcomes are not kept any more: only those of the newest commits are (`baseline.outcomes-kept`).";
}

/** Undefined also for a file that is larger than any that is kept: then somebody else put it there. */
async function readModel(
  store: Pick<RefStore, 'readFile'>,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  try {
    return await store.readFile(commit, path, maxBytes);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
