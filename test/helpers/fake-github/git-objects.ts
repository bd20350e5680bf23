/** Git's objects and refs, read and written with git's own plumbing over a bare repository. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit, tryGit } from '../git-repository.ts';
import { Refusal } from './call.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Bytes; undefined for trees. */
  readonly size: number | undefined;
}

export interface RefObject {
  /** In full: `refs/heads/main`. */
  readonly ref: string;
  readonly sha: string;
  readonly type: ObjectType;
}

const HEX_ID = /^[0-9a-f]{40}$/u;

/** The type of an object; undefined if the repository does not have it. */
export async function objectType(directory: string, sha: string): Promise<ObjectType | undefined> {
  if (!HEX_ID.test(sha)) return undefined;
  const { code, stdout } = await tryGit(directory, ['cat-file', '-t', sha]);
  return code === 0 ? (stdout.toString('utf8').trim() as ObjectType) : undefined;
}

/** The commit that a branch, tag, ref or id names; undefined if none does. */
export async function resolveCommit(directory: string, revision: string): Promise<string | undefined> {
  for (const name of [`refs/heads/${revision}`, `refs/tags/${revision}`, revision]) {
    const { code, stdout } = await tryGit(directory, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    if (code === 0) return stdout.toString('utf8').trim();
  }
  return undefined;
}

/** Every ref under a prefix, in git's order. */
export async function listRefs(directory: string, prefix: string): Promise<readonly RefObject[]> {
  const text = await runGit(directory, ['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)']);
  return text
    .split('\n')
    .filter((line) => line.startsWith(prefix) && line !== '')
    .map((line) => {
      const [ref = '', sha = '', type = ''] = line.split(' ');
      return { ref, sha, type: type as ObjectType };
    });
}

/** Moves a ref if it still is where it is thought to be; `expected` undefined: it must not exist yet. */
export async function moveRef(
  directory: string,
  ref: string,
  sha: string,
  expected: string | undefined,
): Promise<boolean> {
  const old = expected ?? '0'.repeat(40);
  return (await tryGit(directory, ['update-ref', ref, sha, old])).code === 0;
}

export async function deleteRef(directory: string, ref: string): Promise<boolean> {
  return (await tryGit(directory, ['update-ref', '-d', ref])).code === 0;
}

export async function isAncestor(directory: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await tryGit(directory, ['merge-base', '--is-ancestor', ancestor, descendant])).code === 0;
}

export async function isValidRefName(directory: string, ref: string): Promise<boolean> {
  return ref.startsWith('refs/') && (await tryGit(directory, ['check-ref-format', ref])).code === 0;
}

export function writeBlob(directory: string, bytes: Uint8Array): Promise<string> {
  return runGit(directory, ['hash-object', '-w', '--stdin'], { input: bytes });
}

export async function readBlob(directory: string, sha: string): Promise<Buffer> {
  const { code, stdout, stderr } = await tryGit(directory, ['cat-file', 'blob', sha]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** The entries of a tree, or of a tree and all below it. */
export async function readTree(
  directory: string,
  treeish: string,
  recursive: boolean,
): Promise<readonly TreeEntry[]> {
  const flags = ['-z', '--long', ...(recursive ? ['-r', '-t'] : [])];
  const text = await runGit(directory, ['ls-tree', ...flags, treeish]);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [fields = '', path = ''] = line.split('\t');
      const [mode = '', type = '', sha = '', size = '-'] = fields.split(/ +/u);
      return {
        path,
        mode,
        type: type as TreeEntry['type'],
        sha,
        size: size === '-' ? undefined : Number(size),
      };
    });
}

/** One change of a tree: `sha` null deletes the path. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

function indexLines(changes: readonly TreeChange[]): string {
  return changes
    .map(({ path, mode, sha }) =>
      sha === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${sha}\t${path}\0`,
    )
    .join('');
}

/** Writes a tree: the base with the changes, through an index of its own. */
export async function writeTree(
  directory: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(tmpdir(), `mlgate-index-${randomBytes(8).toString('hex')}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await runGit(directory, base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env });
    const known = (await runGit(directory, ['ls-files', '-z'], { env })).split('\0');
    const files: TreeChange[] = [];
    for (const change of changes) {
      const below = known.filter((path) => path === change.path || path.startsWith(`${change.path}/`));
      if (change.sha === null && below.length === 0) throw new Refusal(422, 'GitRPC::BadObjectState');
      files.push(...below.map((path) => ({ path, mode: '0', sha: null })));
      if (change.mode !== '040000' && change.sha !== null) files.push(change);
    }
    const { code, stderr } = await tryGit(directory, ['update-index', '-z', '--index-info'], {
      env,
      input: indexLines(files),
    });
    if (code !== 0) throw new Refusal(422, `tree.path contains a malformed path component: ${stderr}`);
    for (const { path, mode, sha } of changes) {
      // A whole tree under a path: only read-tree knows how.
      if (mode === '040000' && sha !== null) {
        await runGit(directory, ['read-tree', `--prefix=${path}/`, sha], { env });
      }
    }
    return await runGit(directory, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

function gitDate(date: string): string {
  return `${Math.floor(Date.parse(date) / 1000)} +0000`;
}

export async function writeCommit(directory: string, commit: Omit<CommitObject, 'sha'>): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return runGit(directory, ['commit-tree', commit.tree, ...parents], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: gitDate(commit.author.date),
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: gitDate(commit.committer.date),
    },
  });
}

function parsePerson(line: string): Person {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/u.exec(line);
  const date = new Date(Number(match?.[3] ?? 0) * 1000).toISOString().replace(/\.\d+Z$/u, 'Z');
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', date };
}

function headerValues(header: string, name: string): readonly string[] {
  return header
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));
}

function splitObject(raw: string): { readonly header: string; readonly message: string } {
  const end = raw.indexOf('\n\n');
  return { header: raw.slice(0, end), message: raw.slice(end + 2).replace(/\n$/u, '') };
}

export async function readCommit(directory: string, sha: string): Promise<CommitObject> {
  const { header, message } = splitObject(await runGit(directory, ['cat-file', 'commit', sha]));
  return {
    sha,
    tree: headerValues(header, 'tree')[0] ?? '',
    parents: headerValues(header, 'parent'),
    author: parsePerson(headerValues(header, 'author')[0] ?? ''),
    committer: parsePerson(headerValues(header, 'committer')[0] ?? ''),
    message,
  };
}

export interface TagObject {
  readonly sha: string;
  readonly tag: string;
  readonly message: string;
  readonly tagger: Person;
  readonly object: { readonly sha: string; readonly type: ObjectType };
}

export async function readTag(directory: string, sha: string): Promise<TagObject> {
  const { header, message } = splitObject(await runGit(directory, ['cat-file', 'tag', sha]));
  return {
    sha,
    tag: headerValues(header, 'tag')[0] ?? '',
    message,
    tagger: parsePerson(headerValues(header, 'tagger')[0] ?? ''),
    object: {
      sha: headerValues(header, 'object')[0] ?? '',
      type: (headerValues(header, 'type')[0] ?? 'commit') as ObjectType,
    },
  };
}

export function writeTag(directory: string, tag: Omit<TagObject, 'sha'>): Promise<string> {
  const { name, email, date } = tag.tagger;
  const text = [
    `object ${tag.object.sha}`,
    `type ${tag.object.type}`,
    `tag ${tag.tag}`,
    `tagger ${name} <${email}> ${gitDate(date)}`,
    '',
    tag.message,
    '',
  ].join('\n');
  return runGit(directory, ['mktag'], { input: text });
}
