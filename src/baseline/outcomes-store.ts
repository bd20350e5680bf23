import { UserError, WorldError } from '../evidence/errors.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { Evidence } from '../schemas/evidence.generated.ts';
import { commitOfOutcomesRef, outcomesPath, outcomesPrefix, outcomesRef } from './layout.ts';

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

export type OutcomesKept =
  | { readonly model: string; readonly kept: true }
  | { readonly model: string; readonly kept: false; readonly reason: string };

type OutcomesRefs = Pick<RefStore, 'listRefs' | 'write' | 'deleteRef'>;

/**
 * Keeps outcomes that belong to an evidence, and deletes the oldest of each test set beyond the limit. What cannot be
 * kept is a reason, not an error: evidence without outcomes is still a baseline.
 */
export async function keepOutcomes(
  store: OutcomesRefs,
  owner: { readonly commit: string; readonly evidence: string },
  outcomes: readonly StoredOutcomes[],
  limits: OutcomesLimits,
  now: Date,
): Promise<readonly OutcomesKept[]> {
  const results = outcomes
    .filter(({ bytes }) => bytes.length > limits.maxBytes)
    .map(({ model, bytes }) => refuse(model, describeSize(bytes.length, limits.maxBytes)));
  const fitting = outcomes.filter(({ bytes }) => bytes.length <= limits.maxBytes);
  const testSets = [...new Set(fitting.map(({ testSet }) => testSet))];
  for (const testSet of testSets) {
    const models = fitting.filter((each) => each.testSet === testSet);
    const reason = await keepOfTestSet(store, owner, testSet, models, limits.kept, now);
    for (const { model } of models) {
      results.push(reason === undefined ? { model, kept: true } : refuse(model, reason));
    }
  }
  return results;
}

function refuse(model: string, reason: string): OutcomesKept {
  return { model, kept: false, reason };
}

function describeSize(bytes: number, maxBytes: number): string {
  return `The outcomes have ${toMegabytes(bytes)}; at most ${toMegabytes(maxBytes)} are kept (\`baseline.outcomes-megabytes\`).`;
}

function toMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Undefined if the outcomes stand in the store now, or why they do not. */
async function keepOfTestSet(
  store: OutcomesRefs,
  owner: { readonly commit: string; readonly evidence: string },
  testSet: string,
  models: readonly StoredOutcomes[],
  kept: number,
  now: Date,
): Promise<string | undefined> {
  try {
    const ref = outcomesRef(testSet, owner.commit, now);
    await store.write({
      ref,
      expected: undefined,
      files: new Map(models.map(({ model, bytes }) => [outcomesPath(owner.evidence, model), bytes])),
      message: `Outcomes of ${owner.commit}`,
    });
    await deleteOldest(store, testSet, kept, ref);
    return undefined;
  } catch (error) {
    if (error instanceof WorldError) return error.message;
    throw error;
  }
}

async function deleteOldest(store: OutcomesRefs, testSet: string, kept: number, own: string): Promise<void> {
  const listed = await store.listRefs(outcomesPrefix(testSet));
  const ours = listed.filter(({ ref }) => ref !== own && commitOfOutcomesRef(ref) !== undefined);
  const surplus = ours.slice(0, Math.max(0, ours.length - (kept - 1)));
  for (const entry of surplus) await store.deleteRef(entry);
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

/** The outcomes that belong to an evidence, by model; a model whose outcomes are not kept any more is absent. */
export async function readOutcomes(
  store: Pick<RefStore, 'listRefs' | 'resolve' | 'readFile'>,
  evidence: Evidence,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const testSets = listTestSets(evidence);
  for (const testSet of new Set(testSets.values())) {
    const models = [...testSets].flatMap(([model, digest]) => (digest === testSet ? [model] : []));
    for (const ref of await findRefs(store, testSet, evidence.source.commit)) {
      const commit = await store.resolve(ref);
      for (const model of models) {
        const bytes =
          commit && (await readModel(store, commit, outcomesPath(evidence.digest, model), maxBytes));
        if (bytes) found.set(model, bytes);
      }
    }
  }
  return found;
}

async function findRefs(
  store: Pick<RefStore, 'listRefs'>,
  testSet: string,
  commit: string | undefined,
): Promise<readonly string[]> {
  const listed = await store.listRefs(outcomesPrefix(testSet));
  return listed.flatMap(({ ref }) => (commitOfOutcomesRef(ref) === commit ? [ref] : []));
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
