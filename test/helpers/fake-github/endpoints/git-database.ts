/** `git/blobs`, `git/trees`, `git/commits`, `git/tags`: objects by id. */
import type { Call, Handler } from '../call.ts';
import { bodyText, notFound, Refusal, requireToken } from '../call.ts';
import {
  objectType,
  readBlob,
  readCommit,
  readTag,
  readTree,
  resolveCommit,
  writeBlob,
  writeCommit,
  writeTag,
  writeTree,
  type ObjectType,
  type Person,
  type TagObject,
  type TreeChange,
  type TreeEntry,
} from '../git-objects.ts';
import { nodeId } from '../render/accounts.ts';
import { renderGitCommit } from '../render/commits.ts';
import { repositoryUrl } from '../render/repositories.ts';
import { takeTime } from '../state.ts';

const BLOB_LIMIT_BYTES = 100 * 1024 * 1024;
const RAW = /application\/vnd\.github(?:\.v3)?\.raw/u;

function gitUrl(call: Call, kind: string, sha: string): string {
  return `${repositoryUrl(call.baseUrl, call.repository)}/git/${kind}s/${sha}`;
}

async function requireType(call: Call, sha: string, type: ObjectType): Promise<void> {
  if ((await objectType(call.repository.gitDirectory, sha)) !== type) throw notFound();
}

export const getBlob: Handler = async (call) => {
  const sha = call.params['file_sha'] ?? '';
  await requireType(call, sha, 'blob');
  const bytes = await readBlob(call.repository.gitDirectory, sha);
  if (RAW.test(call.accept)) {
    return { status: 200, bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId('Blob', sha),
      size: bytes.length,
      url: gitUrl(call, 'blob', sha),
      // GitHub breaks base64 into lines; a reader that does not cope must not pass.
      content: bytes.toString('base64').replaceAll(/.{1,60}/gu, '$&\n'),
      encoding: 'base64',
    },
  };
};

export const createBlob: Handler = async (call) => {
  const encoding = bodyText(call, 'encoding', 'utf-8');
  const bytes = Buffer.from(bodyText(call, 'content', ''), encoding === 'base64' ? 'base64' : 'utf8');
  if (bytes.length > BLOB_LIMIT_BYTES) throw new Refusal(422, 'Sorry, your input was too large to process.');
  const sha = await writeBlob(call.repository.gitDirectory, bytes);
  return { status: 201, body: { sha, url: gitUrl(call, 'blob', sha) } };
};

function renderEntry(call: Call, entry: TreeEntry) {
  return {
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.size === undefined ? {} : { size: entry.size }),
    ...(entry.type === 'commit' ? {} : { url: gitUrl(call, entry.type, entry.sha) }),
  };
}

async function renderTree(call: Call, sha: string, recursive: boolean) {
  const entries = await readTree(call.repository.gitDirectory, sha, recursive);
  return {
    sha,
    url: gitUrl(call, 'tree', sha),
    tree: entries.map((entry) => renderEntry(call, entry)),
    truncated: false,
  };
}

/** GitHub takes a tree's id, a commit's id, or the name of a branch or tag. */
async function resolveTree(call: Call, name: string): Promise<string> {
  const { gitDirectory } = call.repository;
  if ((await objectType(gitDirectory, name)) === 'tree') return name;
  const commit = await resolveCommit(gitDirectory, name);
  if (commit === undefined) throw notFound();
  return (await readCommit(gitDirectory, commit)).tree;
}

export const getTree: Handler = async (call) => {
  const sha = await resolveTree(call, call.params['tree_sha'] ?? '');
  // Any value turns it on, "0" and "false" too.
  return { status: 200, body: await renderTree(call, sha, call.query['recursive'] !== undefined) };
};

interface EntryOfRequest {
  readonly path?: string;
  readonly mode?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

async function toChange(call: Call, entry: EntryOfRequest): Promise<TreeChange> {
  const { gitDirectory } = call.repository;
  const { path = '', mode = '100644' } = entry;
  if (entry.content !== undefined) {
    return { path, mode, sha: await writeBlob(gitDirectory, Buffer.from(entry.content)) };
  }
  if (entry.sha === null) return { path, mode, sha: null };
  if ((await objectType(gitDirectory, entry.sha ?? '')) === undefined) {
    throw new Refusal(422, `tree.sha ${entry.sha ?? ''} is not a valid object`);
  }
  return { path, mode, sha: entry.sha ?? '' };
}

export const createTree: Handler = async (call) => {
  const entries = call.body['tree'] as readonly EntryOfRequest[];
  if (entries.length === 0) throw new Refusal(422, 'Invalid tree info');
  const base = call.body['base_tree'] === undefined ? undefined : bodyText(call, 'base_tree', '');
  const baseTree = base === undefined ? undefined : await resolveTree(call, base);
  const changes: TreeChange[] = [];
  for (const entry of entries) changes.push(await toChange(call, entry));
  const sha = await writeTree(call.repository.gitDirectory, baseTree, changes);
  return { status: 201, body: await renderTree(call, sha, false) };
};

export const getCommit: Handler = async (call) => {
  const sha = call.params['commit_sha'] ?? '';
  await requireType(call, sha, 'commit');
  const commit = await readCommit(call.repository.gitDirectory, sha);
  return { status: 200, body: renderGitCommit(call.baseUrl, call.repository, commit) };
};

/** The person of a request, or the token's account and this moment. */
function toPerson(call: Call, field: string): Person {
  const { login } = requireToken(call).account;
  const given = call.body[field] as Partial<Person> | undefined;
  return {
    name: given?.name ?? login,
    email: given?.email ?? `${login}@users.noreply.github.com`,
    date: given?.date ?? takeTime(call.state),
  };
}

export const createCommit: Handler = async (call) => {
  const { gitDirectory } = call.repository;
  const tree = bodyText(call, 'tree', '');
  const parents = (call.body['parents'] ?? []) as readonly string[];
  if ((await objectType(gitDirectory, tree)) !== 'tree') throw new Refusal(422, 'Tree SHA does not exist');
  for (const parent of parents) {
    if ((await objectType(gitDirectory, parent)) !== 'commit') {
      throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
    }
  }
  const author = toPerson(call, 'author');
  const committer = call.body['committer'] === undefined ? author : toPerson(call, 'committer');
  const message = bodyText(call, 'message', '');
  const sha = await writeCommit(gitDirectory, { tree, parents, author, committer, message });
  const commit = await readCommit(gitDirectory, sha);
  return { status: 201, body: renderGitCommit(call.baseUrl, call.repository, commit) };
};

function renderTag(call: Call, tag: TagObject) {
  return {
    node_id: nodeId('Tag', tag.sha),
    sha: tag.sha,
    url: gitUrl(call, 'tag', tag.sha),
    tag: tag.tag,
    message: tag.message,
    tagger: tag.tagger,
    object: { ...tag.object, url: gitUrl(call, tag.object.type, tag.object.sha) },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

export const getTag: Handler = async (call) => {
  const sha = call.params['tag_sha'] ?? '';
  await requireType(call, sha, 'tag');
  return { status: 200, body: renderTag(call, await readTag(call.repository.gitDirectory, sha)) };
};

export const createTag: Handler = async (call) => {
  const { gitDirectory } = call.repository;
  const sha = bodyText(call, 'object', '');
  const type = bodyText(call, 'type', 'commit') as ObjectType;
  if ((await objectType(gitDirectory, sha)) !== type) throw new Refusal(422, 'Object does not exist');
  const made = await writeTag(gitDirectory, {
    tag: bodyText(call, 'tag', ''),
    message: bodyText(call, 'message', ''),
    tagger: toPerson(call, 'tagger'),
    object: { sha, type },
  });
  return { status: 201, body: renderTag(call, await readTag(gitDirectory, made)) };
};
