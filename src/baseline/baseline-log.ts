import { MAX_EVIDENCE_BYTES } from '../evidence/evidence.ts';
import { UserError } from '../evidence/errors.ts';
import type { History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { checkCandidate, type Candidate, type Expectation } from './check-candidate.ts';
import { branchRef, evidencePath, RUNS_FOLDER } from './layout.ts';

/** What stands for one commit of main. */
export interface RecordedEntry {
  readonly commit: string;
  readonly candidate: Candidate;
}

type Readable = Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>;

/** The record of one commit; undefined if there is none. */
export async function readRecorded(
  store: Readable,
  branch: string,
  commit: string,
  expected: Expectation,
): Promise<Candidate | undefined> {
  const tip = await store.resolve(branchRef(branch));
  return tip === undefined ? undefined : readRecordAt(store, tip, commit, expected);
}

/** Records of main, newest first by main's first parents; at most `limit`. */
export async function listRecordedEntries(
  store: Readable,
  search: {
    readonly branch: string;
    readonly history: History;
    readonly mainTip: string;
    readonly expected: Expectation;
    readonly limit: number;
  },
): Promise<readonly RecordedEntry[]> {
  const tip = await store.resolve(branchRef(search.branch));
  if (tip === undefined) return [];
  const left = new Set((await store.listFiles(tip, RUNS_FOLDER)).map(({ path }) => path));
  const entries: RecordedEntry[] = [];
  for await (const commit of search.history.walk(search.mainTip)) {
    if (left.size === 0 || entries.length >= search.limit) break;
    const candidate = left.delete(evidencePath(commit))
      ? await readRecordAt(store, tip, commit, search.expected)
      : undefined;
    if (candidate !== undefined) entries.push({ commit, candidate });
  }
  return entries;
}

/** The record of one commit at a commit of the branch; undefined if there is none. */
export async function readRecordAt(
  store: Pick<RefStore, 'readFile'>,
  tip: string,
  commit: string,
  expected: Expectation,
): Promise<Candidate | undefined> {
  try {
    const content = await store.readFile(tip, evidencePath(commit), MAX_EVIDENCE_BYTES);
    if (content === undefined) return undefined;
    return checkCandidate(content, `The evidence of ${commit}`, commit, expected);
  } catch (error) {
    // Too large to be read. Anything else is not the candidate's fault.
    if (error instanceof UserError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}
