import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, WorldError } from '../evidence/errors.ts';
import { assertCommitId, explainGitFailure, isShallow, readGit, type Git } from './git.ts';
import {
  addWriteId,
  assertChange,
  assertRefName,
  assertTreePath,
  removeWriteId,
  type AtomicResult,
  type Identity,
  type NewTag,
  type RefChange,
  type RefEntry,
  type RefStore,
  type StoredFile,
  type TagContent,
  type TagRef,
  type WriteResult,
} from './ref-store.ts';
import type { CommandResult } from './run-command.ts';

export interface GitStoreOptions {
  readonly git: Git;
  /** Name or URL of the repository whose refs these are; undefined: the local repository's own. */
  readonly remote: string | undefined;
  readonly identity: Identity;
  /** Where temporary index files go. */
  readonly temporaryFolder: string;
}

/** One ref's move: from `expected` (undefined: it must not exist) to `object`. */
interface RefMove {
  readonly ref: string;
  readonly object: string;
  readonly expected: string | undefined;
}

/**
 * Refs of a git repository. With a remote, objects are made locally and refs are read and moved there
 * (`ls-remote`, `fetch` of what is missing, `push --atomic --force-with-lease`); of the local repository no branch and
 * no tag changes. Without one, `update-ref` moves the local refs in a transaction.
 */
export function openGitStore(options: GitStoreOptions): RefStore {
  if (options.remote?.startsWith('-') === true) {
    throw new UserError(`\`${options.remote}\` is not a remote.`);
  }
  const move = (moves: readonly RefMove[]) =>
    options.remote === undefined ? moveLocally(options.git, moves) : push(options.git, options.remote, moves);
  return {
    resolve: (ref) => resolveRef(options, ref),
    readFile: (commit, path, maxBytes) => readFileAt(options.git, commit, path, maxBytes),
    listFiles: (commit, folder) => listFilesAt(options.git, commit, folder),
    write: (change) => writeChange(options, change, move),
    listRefs: (prefix) => listRefs(options, prefix),
    deleteRef: (entry) => deleteRef(options, entry),
    createTag: async (tag) => {
      const tagMove = await makeTag(options, tag, tag.target);
      return (await move([tagMove])) ? 'created' : 'exists';
    },
    listTags: async (prefix) => {
      const refs = await listRefs(options, `refs/tags/${prefix}`);
      return refs.map(({ ref, object }) => ({ name: ref.slice('refs/tags/'.length), object }));
    },
    readTag: (tag) => readTag(options, tag),
    writeAtomically: (change, tags) => writeAtomically(options, change, tags, move),
  };
}

/** A branch without its history, and without some of its files. */
export interface BranchRewrite extends RefChange {
  readonly expected: string;
  /** Paths of files that go; others stay. */
  readonly remove: readonly string[];
}

/**
 * Replaces a branch by one parentless commit, if it is where it is thought to be: what was removed is then on no branch
 * any more. Only through git, whose lease is a compare-and-swap also where history is rewritten; GitHub's REST API has
 * none.
 */
export async function rewriteBranch(options: GitStoreOptions, change: BranchRewrite): Promise<WriteResult> {
  assertChange(change);
  const tree = await makeTree(options, change, change.remove);
  const commit = await commitTree(options, tree, [], change.message);
  const moves = [{ ref: change.ref, object: commit, expected: change.expected }];
  const done =
    options.remote === undefined
      ? await moveLocally(options.git, moves)
      : await push(options.git, options.remote, moves);
  return done ? { kind: 'written', commit } : { kind: 'moved' };
}

/**
 * Files of a folder that a commit's history has changed or deleted after they were written; each once. A rewritten
 * branch has no history that could tell.
 */
export async function listChangedFiles(git: Git, commit: string, folder: string): Promise<readonly string[]> {
  assertCommitId(commit);
  assertTreePath(folder);
  const args = ['log', '--format=', '--name-only', '--no-renames', '-z', '--diff-filter=MDT'];
  const listed = await readGit(git, [
    '--literal-pathspecs',
    ...args,
    '--end-of-options',
    commit,
    '--',
    folder,
  ]);
  return [...new Set(listed.split('\0').filter((path) => path !== ''))];
}

async function resolveRef(options: GitStoreOptions, ref: string): Promise<string | undefined> {
  assertRefName(ref);
  const { git, remote } = options;
  if (remote === undefined) {
    const [found] = (await listRefs(options, ref)).filter((entry) => entry.ref === ref);
    return found?.object;
  }
  const listed = await readGit(git, ['ls-remote', '--refs', '--end-of-options', remote, ref]);
  const entry = parseListing(listed).find((each) => each.ref === ref);
  if (entry !== undefined) await fetchObject(git, remote, ref, entry.object);
  return entry?.object;
}

const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--refmap=',
];

/**
 * Fetches a ref unless its object is here already. `--refmap=` keeps git from moving the remote-tracking ref as well,
 * whose lock two runs in one clone would fight for.
 */
async function fetchObject(git: Git, remote: string, ref: string, object: string): Promise<void> {
  const known = await git.run(['cat-file', '-e', object]);
  if (known.code === 0) return;
  await readGit(git, [...FETCH, '--end-of-options', remote, ref]);
}

function parseListing(text: string): readonly RefEntry[] {
  return text.split('\n').flatMap((line) => {
    const [object, ref] = line.split(/[\t ]/u);
    return object === undefined || ref === undefined ? [] : [{ ref, object }];
  });
}

async function listRefs(options: GitStoreOptions, prefix: string): Promise<readonly RefEntry[]> {
  const { git, remote } = options;
  assertRefName(`${prefix}x`);
  // The patterns of both commands are looser than a prefix (ls-remote matches the end of a path): hence the filter.
  const listed =
    remote === undefined
      ? await readGit(git, ['for-each-ref', '--format=%(objectname) %(refname)'])
      : await readGit(git, ['ls-remote', '--refs', '--end-of-options', remote, `${prefix}*`]);
  return parseListing(listed)
    .filter(({ ref }) => ref.startsWith(prefix))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

async function readFileAt(
  git: Git,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  assertCommitId(commit);
  assertTreePath(path);
  const [file] = await listTree(git, commit, path);
  if (file === undefined || file.path !== path) return undefined;
  if (file.bytes > maxBytes) throw tooLarge(file, commit, maxBytes);
  const args = ['cat-file', 'blob', file.blob];
  const result = await git.run(args);
  if (result.code !== 0) throw explainGitFailure(git, args, result);
  return result.stdout;
}

/** The refusal of a stored file that is larger than anything that mlgate writes. */
export function tooLarge(file: StoredFile, commit: string, maxBytes: number): UserError {
  return new UserError(
    `\`${file.path}\` of commit ${commit} has ${file.bytes} bytes; at most ${maxBytes} are read.`,
    { help: 'Check who wrote it: mlgate does not write files of this size.' },
  );
}

function listFilesAt(git: Git, commit: string, folder: string): Promise<readonly StoredFile[]> {
  assertCommitId(commit);
  assertTreePath(folder);
  return listTree(git, commit, `${folder}/`);
}

async function listTree(git: Git, commit: string, path: string): Promise<readonly StoredFile[]> {
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '--long', '--full-tree', commit, '--', path];
  const listed = await readGit(git, args);
  return listed.split('\0').flatMap((line) => {
    const match = /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t(.*)$/su.exec(line);
    const [, blob, bytes, name] = match ?? [];
    if (blob === undefined || bytes === undefined || name === undefined) return [];
    return [{ path: name, blob, bytes: Number(bytes) }];
  });
}

async function writeChange(
  options: GitStoreOptions,
  change: RefChange,
  move: (moves: readonly RefMove[]) => Promise<boolean>,
): Promise<WriteResult> {
  assertChange(change);
  const commit = await makeCommit(options, change);
  const done = await move([{ ref: change.ref, object: commit, expected: change.expected }]);
  return done ? { kind: 'written', commit } : { kind: 'moved' };
}

async function makeCommit(options: GitStoreOptions, change: RefChange): Promise<string> {
  const tree = await makeTree(options, change);
  const parents = change.expected === undefined ? [] : ['-p', change.expected];
  return await commitTree(options, tree, parents, change.message);
}

async function commitTree(
  { git, identity }: GitStoreOptions,
  tree: string,
  parents: readonly string[],
  message: string,
): Promise<string> {
  const args = ['commit-tree', '--no-gpg-sign', ...parents, tree];
  return await readGit(git, args, { input: addWriteId(message), env: identityVariables(identity) });
}

function identityVariables({ name, email }: Identity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** The tree of `expected` with the files of the change, through an index of its own: the user's stays untouched. */
async function makeTree(
  options: GitStoreOptions,
  change: RefChange,
  remove: readonly string[] = [],
): Promise<string> {
  const { git } = options;
  const folder = await mkdtemp(join(options.temporaryFolder, 'mlgate-index-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    const lines = remove.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`);
    for (const [path, content] of change.files) {
      const blob = await readGit(git, ['hash-object', '-w', '--stdin', '--no-filters'], { input: content });
      lines.push(`100644 ${blob}\t${path}\0`);
    }
    await readGit(
      git,
      change.expected === undefined ? ['read-tree', '--empty'] : ['read-tree', change.expected],
      {
        env,
      },
    );
    await readGit(git, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
    return await readGit(git, ['write-tree'], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** git's words, in a transaction on local refs, for a ref that is not where it was thought to be. */
const LOCAL_RACE =
  /is at [0-9a-f]+ but expected|reference already exists|unable to resolve reference|File exists/u;

/** Moves local refs, all or none; false if one of them is not where it was thought to be. */
async function moveLocally(git: Git, moves: readonly RefMove[]): Promise<boolean> {
  const lines = moves.map(({ ref, object, expected }) =>
    expected === undefined ? `create ${ref}\0${object}\0` : `update ${ref}\0${object}\0${expected}\0`,
  );
  const args = ['update-ref', '-z', '--stdin'];
  const result = await git.run(args, { input: lines.join('') });
  if (result.code === 0) return true;
  if (LOCAL_RACE.test(result.stderr)) return false;
  throw explainGitFailure(git, args, result);
}

/**
 * How git says that a ref is not where it was thought to be (git-push(1), "--porcelain"). The first four come from
 * this side, which saw the move in time; the rest from the other side, which saw two pushes at once.
 */
const PUSH_RACE =
  /^!.*\((?:stale info|fetch first|non-fast-forward|already exists|failed to update ref|reference already exists|incorrect old value provided|cannot lock ref.*|atomic push failed|atomic transaction failed|failed to lock)/mu;

/** A refusal that no repetition cures: a hook or a protected branch. */
const PUSH_DECLINED = /^!.*\((?:pre-receive hook declined|protected branch.*|hook declined|.*declined)\)/mu;

/** Pushes all moves or none; false if a ref is not where it was thought to be. */
async function push(git: Git, remote: string, moves: readonly RefMove[]): Promise<boolean> {
  const leases = moves.map(({ ref, expected }) => `--force-with-lease=${ref}:${expected ?? ''}`);
  const refspecs = moves.map(({ ref, object }) => `${object}:${ref}`);
  const flags = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const atomic = moves.length > 1 ? ['--atomic'] : [];
  const args = ['push', ...flags, ...atomic, ...leases, '--end-of-options', remote, ...refspecs];
  const result = await git.run(args);
  if (result.code === 0) return true;
  throwUnlessRace(git, remote, args, result);
  return false;
}

function throwUnlessRace(git: Git, remote: string, args: readonly string[], result: CommandResult): void {
  const refusal = result.stdout.toString('utf8');
  if (PUSH_DECLINED.test(refusal)) {
    const refs = refusal.split('\n').filter((line) => line.startsWith('!'));
    throw new WorldError(`\`${remote}\` does not let mlgate write: ${refs.join('; ').slice(0, 500)}.`, {
      help: 'Let this account write the ref: check branch protection, rulesets and hooks.',
    });
  }
  if (PUSH_RACE.test(refusal) || /cannot lock ref|failed to lock/u.test(result.stderr)) return;
  throw explainGitFailure(git, args, result);
}

async function makeTag(options: GitStoreOptions, tag: NewTag, target: string): Promise<RefMove> {
  const ref = `refs/tags/${tag.name}`;
  assertRefName(ref);
  await ensureTarget(options, target);
  const { name, email } = options.identity;
  const seconds = Math.floor(Date.now() / 1000);
  const text = `object ${target}\ntype commit\ntag ${tag.name}\ntagger ${name} <${email}> ${seconds} +0000\n\n${addWriteId(tag.message)}\n`;
  const object = await readGit(options.git, ['mktag'], { input: text });
  return { ref, object, expected: undefined };
}

/** A tag needs its target here: a shallow clone may not have it. */
async function ensureTarget({ git, remote }: GitStoreOptions, target: string): Promise<void> {
  assertCommitId(target);
  const isHere = async () => (await git.run(['cat-file', '-e', `${target}^{commit}`])).code === 0;
  if (await isHere()) return;
  if (remote !== undefined) {
    // A limit on depth would make a whole clone shallow.
    const depth = (await isShallow(git)) ? ['--depth=1'] : [];
    // What the remote says is not needed: whether the commit is here afterwards decides.
    await git.run([...FETCH, ...depth, '--end-of-options', remote, target]);
  }
  if (await isHere()) return;
  throw new WorldError(`Commit ${target} is to be tagged, but this clone does not have it.`, {
    help: 'Clone with the whole history (`fetch-depth: 0`), or fetch that commit.',
  });
}

async function readTag(options: GitStoreOptions, tag: TagRef): Promise<TagContent> {
  const { git, remote } = options;
  assertCommitId(tag.object);
  if (remote !== undefined) await fetchObject(git, remote, `refs/tags/${tag.name}`, tag.object);
  const type = await readGit(git, ['cat-file', '-t', tag.object]);
  if (type !== 'tag') return { target: tag.object, message: '' };
  const text = await readGit(git, ['cat-file', 'tag', tag.object]);
  const end = text.indexOf('\n\n');
  const target = /^object ([0-9a-f]+)$/mu.exec(text.slice(0, end))?.[1];
  if (target === undefined) throw new WorldError(`The tag \`${tag.name}\` names nothing.`);
  return { target, message: removeWriteId(text.slice(end + 2)) };
}

async function deleteRef(options: GitStoreOptions, entry: RefEntry): Promise<void> {
  const { git, remote } = options;
  assertRefName(entry.ref);
  assertCommitId(entry.object);
  const args =
    remote === undefined
      ? ['update-ref', '-d', entry.ref, entry.object]
      : [
          'push',
          '--porcelain',
          '--quiet',
          '--no-verify',
          `--force-with-lease=${entry.ref}:${entry.object}`,
          '--end-of-options',
          remote,
          `:${entry.ref}`,
        ];
  const result = await git.run(args);
  if (result.code === 0) return;
  const still = (await listRefs(options, entry.ref)).some(({ ref }) => ref === entry.ref);
  if (still) throw explainGitFailure(git, args, result);
}

async function writeAtomically(
  options: GitStoreOptions,
  change: RefChange,
  tags: readonly NewTag[],
  move: (moves: readonly RefMove[]) => Promise<boolean>,
): Promise<AtomicResult> {
  assertChange(change);
  const commit = await makeCommit(options, change);
  const tagMoves: RefMove[] = [];
  for (const tag of tags) tagMoves.push(await makeTag(options, tag, tag.target ?? commit));
  const done = await move([{ ref: change.ref, object: commit, expected: change.expected }, ...tagMoves]);
  if (done) return { kind: 'written', commit };
  for (const tag of tags) {
    const ref = `refs/tags/${tag.name}`;
    const found = await listRefs(options, ref);
    if (found.some((entry) => entry.ref === ref)) return { kind: 'tag-exists', name: tag.name };
  }
  return { kind: 'moved' };
}
