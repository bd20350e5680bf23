/** The baseline from the history of DVC, or of git alone: the files of the commit itself, measured again. */
import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { parse } from 'yaml';
import { findNothing, type Resort, type ResortFinding } from '../baseline/resort.ts';
import type { WantedCommit } from '../baseline/wanted-commit.ts';
import type { ParsedConfig } from '../config/parse-config.ts';
import { UserError } from '../evidence/errors.ts';
import type { History } from '../platform/history.ts';
import { readBytes } from '../platform/read-text-file.ts';
import type { RefStore } from '../platform/ref-store.ts';
import type { ChainResult } from './chain.ts';
import type { KeptFiles } from './measure-files.ts';

export interface HistoryQuery {
  readonly parsed: ParsedConfig;
  readonly wanted: WantedCommit;
  readonly history: History;
  /** Files of any commit of the repository. */
  readonly store: Pick<RefStore, 'readFile'>;
  /** Time of a commit. */
  readonly timeOf: (commit: string) => Promise<Date>;
  /** The config's folder, from the repository's root, with forward slashes; empty for the root itself. */
  readonly prefix: string;
  /** Absolute: the repository's root, below which DVC's cache is. */
  readonly root: string;
  readonly measure: (kept: KeptFiles) => Promise<ChainResult>;
}

/** How many first parents are looked at for one that has the files. */
const MAX_COMMITS = 50;

/** Largest file of a commit that is read, in bytes: larger ones are DVC's to keep. */
const MAX_COMMITTED_BYTES = 90_000_000;

/** Largest file of DVC's cache that is read, in bytes. */
const MAX_CACHED_BYTES = 1_000_000_000;

const MAX_LOCK_BYTES = 20_000_000;

/** The files that the config names, as the wanted commit or its nearest first parent has them. */
export function openHistoryResort(query: HistoryQuery): Resort {
  return { rung: 'history', whenUnreachable: 'fail', look: async () => await findFiles(query) };
}

async function findFiles(query: HistoryQuery): Promise<ResortFinding> {
  const { wanted, history } = query;
  if (wanted.kind === 'unknown') return findNothing(wanted.reason);
  const paths = listPaths(query.parsed);
  let reason = `Commit ${wanted.commit} is not known here.`;
  let distance = 0;
  for await (const commit of history.walk(wanted.commit)) {
    if (distance >= MAX_COMMITS) break;
    const found = await readFiles(query, commit, paths);
    if (found.files.size > 0) return await measureCommit(query, commit, distance, found.files);
    if (distance === 0) reason = found.reason;
    distance += 1;
  }
  const horizon = await history.horizon();
  const none = distance > 1 ? ` Nor has any of the ${distance - 1} commits before it.` : '';
  return findNothing([`${reason}${none}`, ...(horizon === undefined ? [] : [horizon])].join(' '));
}

/** What a candidate is measured from. */
function listPaths({ config }: ParsedConfig): readonly string[] {
  const predictions = Object.values(config.models ?? {}).map((model) => model.predictions.path);
  const numbers = Object.values(config.metrics ?? {}).map((file) => file.path);
  return [...new Set([...predictions, ...numbers])];
}

async function measureCommit(
  query: HistoryQuery,
  commit: string,
  distance: number,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<ResortFinding> {
  const { evidence, outcomes } = await query.measure({
    files,
    source: { commit },
    madeAt: await query.timeOf(commit),
  });
  return {
    kind: 'found',
    evidence,
    outcomes: new Map([...outcomes].map(([model, { bytes }]) => [model, bytes])),
    details: { commit, distance },
  };
}

async function readFiles(
  query: HistoryQuery,
  commit: string,
  paths: readonly string[],
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly reason: string }> {
  const files = new Map<string, Uint8Array>();
  const reasons: string[] = [];
  for (const path of paths) {
    const found = await readFileOf(query, commit, path);
    if (typeof found === 'string') reasons.push(found);
    else files.set(path, found);
  }
  return { files, reason: reasons.join(' ') || 'The config names no predictions and no metrics file.' };
}

/** A file as git has it, or as DVC does; or why neither has. */
async function readFileOf(query: HistoryQuery, commit: string, path: string): Promise<Uint8Array | string> {
  try {
    return await readCommitted(query, commit, path);
  } catch (error) {
    // Too large, or no YAML: what stands in main's past is no mistake of whoever reads it.
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function readCommitted(
  query: HistoryQuery,
  commit: string,
  path: string,
): Promise<Uint8Array | string> {
  const inRepository = posix.normalize(posix.join(query.prefix, path));
  if (inRepository.startsWith('..')) return `\`${path}\` is outside the repository.`;
  const committed = await query.store.readFile(commit, inRepository, MAX_COMMITTED_BYTES);
  if (committed !== undefined) return committed;
  const tracked = await findTracked(query, commit, inRepository);
  if (tracked === undefined) return `Commit ${commit} has no \`${path}\`, in git or in DVC's files.`;
  return (
    (await readCache(query.root, tracked)) ??
    `DVC tracks \`${path}\` at ${commit.slice(0, 12)}, but its cache here does not have ${tracked}: run \`dvc fetch --all-commits\` or \`dvc fetch ${path}\` there first.`
  );
}

/** MD5 of a file in the `dvc.lock` beside or above it, or in its own `.dvc` file. */
async function findTracked(
  { store }: HistoryQuery,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const own = await readYaml(store, commit, `${path}.dvc`);
  const [single] = listOuts(own, posix.dirname(path)).filter((out) => out.path === path);
  if (single !== undefined) return single.md5;
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const lock = await readYaml(store, commit, posix.join(folder, 'dvc.lock'));
    const outs = Object.values(asRecord(asRecord(lock)['stages'])).flatMap((stage) =>
      listOuts(stage, folder),
    );
    const found = outs.find((out) => out.path === path);
    if (found !== undefined || folder === '.') return found?.md5;
  }
}

async function readYaml(store: HistoryQuery['store'], commit: string, path: string): Promise<unknown> {
  const bytes = await store.readFile(commit, path, MAX_LOCK_BYTES);
  if (bytes === undefined) return undefined;
  try {
    return parse(Buffer.from(bytes).toString('utf8'), { maxAliasCount: 0 }) as unknown;
  } catch (error) {
    throw new UserError(`\`${path}\` of commit ${commit.slice(0, 12)} is not YAML.`, { cause: error });
  }
}

/** Outputs of a stage of `dvc.lock`, or of a `.dvc` file; paths are relative to the file's folder. */
function listOuts(
  stage: unknown,
  folder: string,
): readonly { readonly path: string; readonly md5: string }[] {
  const outs = asRecord(stage)['outs'];
  return (Array.isArray(outs) ? outs : []).flatMap((out: unknown) => {
    const { path, md5 } = asRecord(out);
    if (typeof path !== 'string' || typeof md5 !== 'string' || !/^[0-9a-f]{32}$/u.test(md5)) return [];
    return [{ path: posix.normalize(posix.join(folder, path)), md5 }];
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A file of DVC's cache in its layout since 3.0, or the one before; undefined if it is not there, or is damaged. */
async function readCache(root: string, md5: string): Promise<Uint8Array | undefined> {
  const name = join(md5.slice(0, 2), md5.slice(2));
  for (const layout of [join('files', 'md5'), '']) {
    const bytes = await readIfThere(join(root, '.dvc', 'cache', layout, name));
    if (bytes !== undefined && createHash('md5').update(bytes).digest('hex') === md5) return bytes;
  }
  return undefined;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readBytes(path, { what: "the file of DVC's cache", maxBytes: MAX_CACHED_BYTES });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
