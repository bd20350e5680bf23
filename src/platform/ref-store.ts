/**
 * Files kept under git refs, written by compare-and-swap: the store of baselines and of the promotion ledger.
 * Two inhabitants: a git repository (git-ref-store.ts) and GitHub's REST API (rest-ref-store.ts).
 */
import { randomUUID } from 'node:crypto';
import { UserError, WorldError } from '../evidence/errors.ts';
import { assertCommitId } from './git.ts';

/** Who commits and tags are made by. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** mlgate outside GitHub. */
export const MLGATE_IDENTITY: Identity = { name: 'mlgate', email: 'mlgate@users.noreply.github.com' };

/** One file under a commit. */
export interface StoredFile {
  /** Path in the commit. */
  readonly path: string;
  /** Hash of its git blob. */
  readonly blob: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** A commit on top of `expected`. */
export interface RefChange {
  /** In full, such as `refs/heads/mlgate`. */
  readonly ref: string;
  /** Where the ref is now: the new commit's only parent. Undefined: the ref must not exist, the commit has no parent. */
  readonly expected: string | undefined;
  /** Path to content. Other files of `expected` stay. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly message: string;
}

/** `moved`: somebody else was faster, nothing was written. */
export type WriteResult = { readonly kind: 'written'; readonly commit: string } | { readonly kind: 'moved' };

export interface NewTag {
  /** Without `refs/tags/`. */
  readonly name: string;
  /** The commit that it names; in an atomic write, undefined names the commit that is written. */
  readonly target: string | undefined;
  readonly message: string;
}

/** A tag as a listing shows it. */
export interface TagRef {
  readonly name: string;
  /** Hash of the tag object, or of the commit if the tag is a lightweight one. */
  readonly object: string;
}

export interface TagContent {
  /** The commit that it names. */
  readonly target: string;
  /** Empty for a lightweight tag. */
  readonly message: string;
}

export type AtomicResult =
  | { readonly kind: 'written'; readonly commit: string }
  | { readonly kind: 'moved' }
  | { readonly kind: 'tag-exists'; readonly name: string };

/** A ref and where it points. */
export interface RefEntry {
  /** In full. */
  readonly ref: string;
  readonly object: string;
}

/**
 * Refs with files behind them. Every method throws a WorldError if the repository cannot be reached or refuses;
 * losing a race is a result.
 */
export interface RefStore {
  /** Commit that a ref (in full) points at; undefined if there is no such ref. */
  readonly resolve: (ref: string) => Promise<string | undefined>;
  /** Bytes of a file of a commit that `resolve` or `write` returned; undefined if it has no such file. A UserError if it is larger than `maxBytes`. */
  readonly readFile: (commit: string, path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
  /** Files directly in a folder of a commit, by path; empty if there is no such folder. */
  readonly listFiles: (commit: string, folder: string) => Promise<readonly StoredFile[]>;
  /** Adds one commit to a ref if it is where it is thought to be. */
  readonly write: (change: RefChange) => Promise<WriteResult>;
  /** Refs (in full) that start with a prefix, by name. */
  readonly listRefs: (prefix: string) => Promise<readonly RefEntry[]>;
  /** Deletes a ref; nothing happens if it is gone already. */
  readonly deleteRef: (entry: RefEntry) => Promise<void>;
  /** Makes an annotated tag, or says that one of this name exists. */
  readonly createTag: (tag: NewTag & { readonly target: string }) => Promise<'created' | 'exists'>;
  /** Tags whose names start with a prefix. */
  readonly listTags: (prefix: string) => Promise<readonly TagRef[]>;
  readonly readTag: (tag: TagRef) => Promise<TagContent>;
  /**
   * A commit and tags, all or nothing where the transport can (git); over REST the commit first, then the tags in
   * order, which is why whoever acts on a tag reads the commit's files and not the tag alone.
   */
  readonly writeAtomically: (change: RefChange, tags: readonly NewTag[]) => Promise<AtomicResult>;
}

/** Chance and time, passed in so that tests have neither. */
export interface RetryTiming {
  /** Uniform on [0, 1). */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How often a write is tried before somebody is told that the ref does not hold still. */
const MAX_TRIES = 20;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;

/** What to do about the ref as it is now: nothing more, or a commit. */
export type WritePlan<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'write';
      readonly files: RefChange['files'];
      readonly message: string;
      readonly value: T;
    };

export interface Written<T> {
  readonly value: T;
  /** The ref's commit after the write; undefined if there was nothing to write and the ref does not exist. */
  readonly commit: string | undefined;
  readonly tries: number;
}

/**
 * Compare-and-swap in a loop: `plan` sees the ref as it is and says what to write; if somebody was faster, it is
 * asked again, after a pause that grows and is drawn at random so that writers do not meet again
 * (exponential backoff with full jitter). Throws a WorldError after MAX_TRIES.
 */
export async function writeWithRetry<T>(
  store: Pick<RefStore, 'resolve' | 'write'>,
  ref: string,
  plan: (tip: string | undefined) => Promise<WritePlan<T>>,
  timing: RetryTiming,
): Promise<Written<T>> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const tip = await store.resolve(ref);
    const next = await plan(tip);
    if (next.kind === 'done') return { value: next.value, commit: tip, tries };
    const { files, message } = next;
    const result = await store.write({ ref, expected: tip, files, message });
    if (result.kind === 'written') return { value: next.value, commit: result.commit, tries };
    const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries);
    await timing.sleep(timing.random() * longest);
  }
  throw new WorldError(`\`${ref}\` was moved by others ${MAX_TRIES} times in a row; nothing was written.`, {
    help: 'Run it again, or give the jobs that write one `concurrency` group with `queue: max`.',
  });
}

/** Throws a UserError unless git takes this as the full name of a ref (git-check-ref-format(1)). */
export function assertRefName(ref: string): void {
  const components = ref.split('/');
  const sound =
    ref.startsWith('refs/') &&
    ref.length <= 500 &&
    components.length >= 3 &&
    components.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock')) &&
    !ref.endsWith('.') &&
    !ref.includes('..') &&
    !ref.includes('@{') &&
    // eslint-disable-next-line no-control-regex -- control characters are what is ruled out
    !/[\u0000-\u0020\u007f~^:?*[\\]/u.test(ref);
  if (sound) return;
  throw new UserError(`\`${ref.slice(0, 200)}\` is not a name that git takes for a branch, tag or ref.`, {
    help: 'Use letters, digits, `-`, `_`, `.` and `/`.',
  });
}

/** Throws a UserError unless this is a plain relative path that any file system could check out. */
export function assertTreePath(path: string): void {
  const sound =
    path.length <= 500 &&
    path
      .split('/')
      .every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git') &&
    // eslint-disable-next-line no-control-regex -- control characters are what is ruled out
    !/[\u0000-\u001f\u007f\\:]/u.test(path);
  if (sound) return;
  throw new UserError(`\`${path.slice(0, 200)}\` is not a path that can be stored in git.`);
}

/** Checks all names of a change before anything is written. */
export function assertChange(change: RefChange): void {
  assertRefName(change.ref);
  if (change.expected !== undefined) assertCommitId(change.expected);
  for (const path of change.files.keys()) assertTreePath(path);
}

/**
 * A message with a trailer that no other write has. Without it, two writers of the same bytes in the same second make
 * the same commit, and both would believe that they moved the ref.
 */
export function addWriteId(message: string): string {
  return `${message.trimEnd()}\n\nWrite-Id: ${randomUUID()}`;
}

/** The message as it was given to `addWriteId`. */
export function removeWriteId(message: string): string {
  return message.trimEnd().replace(/\n\nWrite-Id: [0-9a-f-]{36}$/u, '');
}
