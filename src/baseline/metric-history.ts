/**
 * The history of main's metrics on the baseline's branch: a file for each month, a line for each measurement. Written
 * beside the evidence, so that a trend over hundreds of commits costs a handful of reads, over REST too.
 */
import { parseHistoryEntry, printHistoryEntry, type HistoryEntry } from '../evidence/metric-history.ts';
import type { History } from '../platform/history.ts';
import type { RefStore } from '../platform/ref-store.ts';
import { branchRef, HISTORY_FOLDER, historyPath } from './layout.ts';

/** Largest file of a month that is read, in bytes: some 10,000 measurements of ten metrics. */
const MAX_MONTH_BYTES = 30_000_000;

/** Months that are read at most, newest first: each is a call over REST. */
const MAX_MONTHS = 24;

const MONTH_PATH = /^history\/\d{4}-\d{2}\.jsonl$/u;

/**
 * The files of the branch that change when a measurement is noted; none if it stands there already. The same commit
 * measured again with another result is another line: that is how the noise of a metric is seen.
 */
export async function planHistoryEntry(
  store: Pick<RefStore, 'readFile'>,
  tip: string | undefined,
  entry: HistoryEntry,
): Promise<ReadonlyMap<string, string>> {
  const path = historyPath(entry.at);
  const text = tip === undefined ? '' : await readText(store, tip, path);
  const known = parseLines(text).entries;
  if (known.some(({ commit, evidence }) => commit === entry.commit && evidence === entry.evidence)) {
    return new Map();
  }
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  return new Map([[path, `${text}${separator}${printHistoryEntry(entry)}\n`]]);
}

/** Measurements of main's first parents. */
export interface MetricHistory {
  /** First parents that were looked at, oldest first: with and without a measurement. */
  readonly commits: readonly string[];
  /** In the order of `commits`; several of one commit in the order in which they were made. */
  readonly entries: readonly HistoryEntry[];
  /** Lines that are not what mlgate writes, which were passed over. */
  readonly unreadable: number;
}

/**
 * Measurements of a commit of main and its first parents, the newest `window` of them. Months are read from the newest
 * back until the window is full or a month holds nothing of it.
 */
export async function readMetricHistory(
  store: Pick<RefStore, 'resolve' | 'readFile' | 'listFiles'>,
  search: {
    /** Name of the branch. */
    readonly branch: string;
    readonly history: Pick<History, 'walk'>;
    /** The newest commit that counts. */
    readonly from: string;
    /** Commits that are looked at. */
    readonly window: number;
  },
): Promise<MetricHistory> {
  const commits = await takeFirst(search.history.walk(search.from), search.window);
  const tip = await store.resolve(branchRef(search.branch));
  if (tip === undefined) return { commits: commits.toReversed(), entries: [], unreadable: 0 };
  const wanted = new Set(commits);
  const found = new Map<string, HistoryEntry[]>();
  let unreadable = 0;
  const files = (await store.listFiles(tip, HISTORY_FOLDER)).map(({ path }) => path);
  const months = files
    .filter((path) => MONTH_PATH.test(path))
    .toSorted()
    .toReversed();
  for (const path of months.slice(0, MAX_MONTHS)) {
    const lines = parseLines(await readText(store, tip, path));
    unreadable += lines.unreadable;
    const before = found.size;
    for (const entry of lines.entries.filter(({ commit }) => wanted.has(commit))) {
      found.set(entry.commit, [...(found.get(entry.commit) ?? []), entry]);
    }
    if (found.size === wanted.size || (found.size === before && before > 0)) break;
  }
  const oldestFirst = commits.toReversed();
  return {
    commits: oldestFirst,
    entries: oldestFirst.flatMap((commit) => sortByTime(found.get(commit) ?? [])),
    unreadable,
  };
}

function sortByTime(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

async function takeFirst(items: AsyncIterable<string>, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= count) break;
  }
  return taken;
}

async function readText(store: Pick<RefStore, 'readFile'>, tip: string, path: string): Promise<string> {
  const bytes = await store.readFile(tip, path, MAX_MONTH_BYTES);
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

function parseLines(text: string): {
  readonly entries: readonly HistoryEntry[];
  readonly unreadable: number;
} {
  const lines = text.split('\n').filter((line) => line !== '');
  const entries = lines.flatMap((line) => parseHistoryEntry(line) ?? []);
  return { entries, unreadable: lines.length - entries.length };
}
