import { WorldError } from '../evidence/errors.ts';
import { assertCommitId } from './git.ts';
import { tooLarge } from './git-ref-store.ts';
import { callGitHub, findOnGitHub, GitHubError, type GitHubClient } from './github-client.ts';
import {
  addWriteId,
  assertChange,
  assertRefName,
  assertTreePath,
  removeWriteId,
  type AtomicResult,
  type NewTag,
  type RefChange,
  type RefEntry,
  type RefStore,
  type StoredFile,
  type TagContent,
  type TagRef,
  type WriteResult,
} from './ref-store.ts';

interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly bytes: number;
}

/** What is known of objects, by hash: they never change. */
interface Session {
  readonly client: GitHubClient;
  readonly trees: Map<string, readonly TreeEntry[]>;
  /** Blobs that this run wrote: a second try after a lost race does not upload them again. */
  readonly blobs: Map<string | Uint8Array, string>;
}

/**
 * Refs of a repository on GitHub through its REST API: works without a clone and without git. The new commit's
 * parent is the ref's old commit and the update is not forced, so GitHub's own check ("Update is not a fast
 * forward") is the compare-and-swap. Commits carry no author of ours: GitHub then signs them for the token's account.
 */
export function openRestStore(client: GitHubClient): RefStore {
  const session: Session = { client, trees: new Map(), blobs: new Map() };
  return {
    resolve: (ref) => resolveRef(client, ref),
    readFile: (commit, path, maxBytes) => readFileAt(session, commit, path, maxBytes),
    listFiles: (commit, folder) => listFilesAt(session, commit, folder),
    write: (change) => writeChange(session, change),
    listRefs: (prefix) => listRefs(client, prefix),
    deleteRef: (entry) => deleteRef(client, entry),
    createTag: (tag) => createTag(client, tag),
    listTags: async (prefix) => {
      const refs = await listRefs(client, `refs/tags/${prefix}`);
      return refs.map(({ ref, object }) => ({ name: ref.slice('refs/tags/'.length), object }));
    },
    readTag: (tag) => readTag(client, tag),
    writeAtomically: (change, tags) => writeInOrder(session, change, tags),
  };
}

const READ = 'contents: read';
const WRITE = 'contents: write';

/** The API takes `heads/main` where git says `refs/heads/main`. */
function shorten(ref: string): string {
  return ref.slice('refs/'.length);
}

async function resolveRef(client: GitHubClient, ref: string): Promise<string | undefined> {
  assertRefName(ref);
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read ${ref}`, READ, () =>
    octokit.rest.git.getRef({ owner, repo, ref: shorten(ref) }),
  );
  return answer?.data.object.sha;
}

async function listRefs(client: GitHubClient, prefix: string): Promise<readonly RefEntry[]> {
  assertRefName(`${prefix}x`);
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub(`list ${prefix}`, READ, () =>
    octokit.rest.git.listMatchingRefs({ owner, repo, ref: shorten(prefix) }),
  );
  return data
    .map(({ ref, object }) => ({ ref, object: object.sha }))
    .filter(({ ref }) => ref.startsWith(prefix))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

async function readTree(session: Session, treeish: string): Promise<readonly TreeEntry[]> {
  const known = session.trees.get(treeish);
  if (known !== undefined) return known;
  const { octokit, owner, repo } = session.client;
  const { data } = await callGitHub('read a folder', READ, () =>
    octokit.rest.git.getTree({ owner, repo, tree_sha: treeish }),
  );
  if (data.truncated) {
    throw new WorldError(`A folder of ${treeish} has more files than GitHub lists.`, {
      help: 'Remove old files from the branch, oldest first.',
    });
  }
  const entries = data.tree.map(({ path, mode, type, sha, size }) => ({
    path,
    mode,
    type,
    sha,
    bytes: size ?? 0,
  }));
  session.trees.set(treeish, entries);
  return entries;
}

/** Entries of a folder of a commit; undefined if there is no such folder. */
async function openFolder(
  session: Session,
  commit: string,
  folder: readonly string[],
): Promise<readonly TreeEntry[] | undefined> {
  let entries = await readTree(session, commit);
  for (const name of folder) {
    const entry = entries.find(({ path, type }) => path === name && type === 'tree');
    if (entry === undefined) return undefined;
    entries = await readTree(session, entry.sha);
  }
  return entries;
}

function isFile({ type, mode }: TreeEntry): boolean {
  return type === 'blob' && (mode === '100644' || mode === '100755');
}

async function listFilesAt(session: Session, commit: string, folder: string): Promise<readonly StoredFile[]> {
  assertCommitId(commit);
  assertTreePath(folder);
  const entries = await openFolder(session, commit, folder.split('/'));
  return (entries ?? [])
    .filter(isFile)
    .map(({ path, sha, bytes }) => ({ path: `${folder}/${path}`, blob: sha, bytes }));
}

async function readFileAt(
  session: Session,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  assertCommitId(commit);
  assertTreePath(path);
  const parts = path.split('/');
  const entries = await openFolder(session, commit, parts.slice(0, -1));
  const entry = entries?.find((each) => each.path === parts.at(-1) && isFile(each));
  if (entry === undefined) return undefined;
  if (entry.bytes > maxBytes) throw tooLarge({ path, blob: entry.sha, bytes: entry.bytes }, commit, maxBytes);
  return readBlob(session.client, entry.sha);
}

/** As JSON with base64: asked for raw bytes, the API says that they are UTF-8 and the client decodes them as text. */
async function readBlob(client: GitHubClient, sha: string): Promise<Uint8Array> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('read a file', READ, () =>
    octokit.rest.git.getBlob({ owner, repo, file_sha: sha }),
  );
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}

/** Whether GitHub refused because somebody else was faster. */
function isRace(error: unknown): boolean {
  if (!(error instanceof GitHubError)) return false;
  if (error.status === 409) return true;
  return error.status === 422 && /fast[- ]forward|already exists|does not exist/iu.test(error.message);
}

async function writeChange(session: Session, change: RefChange): Promise<WriteResult> {
  assertChange(change);
  const commit = await makeCommit(session, change);
  const moved = await moveRef(session.client, change.ref, commit, change.expected === undefined);
  return moved ? { kind: 'written', commit } : { kind: 'moved' };
}

async function moveRef(client: GitHubClient, ref: string, object: string, isNew: boolean): Promise<boolean> {
  const { octokit, owner, repo } = client;
  try {
    await callGitHub(`write ${ref}`, WRITE, async () => {
      if (isNew) await octokit.rest.git.createRef({ owner, repo, ref, sha: object });
      else await octokit.rest.git.updateRef({ owner, repo, ref: shorten(ref), sha: object, force: false });
    });
    return true;
  } catch (error) {
    if (!isRace(error)) throw error;
    // A repeated call, whose first answer was lost, meets its own effect.
    return (await resolveRef(client, ref)) === object;
  }
}

async function makeCommit(session: Session, change: RefChange): Promise<string> {
  const { octokit, owner, repo } = session.client;
  const entries: { path: string; mode: '100644'; type: 'blob'; sha: string }[] = [];
  for (const [path, content] of change.files) {
    entries.push({ path, mode: '100644', type: 'blob', sha: await makeBlob(session, content) });
  }
  const base =
    change.expected === undefined ? {} : { base_tree: await treeOf(session.client, change.expected) };
  const tree = await callGitHub('write files', WRITE, () =>
    octokit.rest.git.createTree({ owner, repo, tree: entries, ...base }),
  );
  const parents = change.expected === undefined ? [] : [change.expected];
  const message = addWriteId(change.message);
  const commit = await callGitHub('write a commit', WRITE, () =>
    octokit.rest.git.createCommit({ owner, repo, message, tree: tree.data.sha, parents }),
  );
  return commit.data.sha;
}

async function treeOf(client: GitHubClient, commit: string): Promise<string> {
  const { octokit, owner, repo } = client;
  const { data } = await callGitHub('read a commit', READ, () =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }),
  );
  return data.tree.sha;
}

async function makeBlob(session: Session, content: string | Uint8Array): Promise<string> {
  const known = session.blobs.get(content);
  if (known !== undefined) return known;
  const { octokit, owner, repo } = session.client;
  const encoded = Buffer.from(content).toString('base64');
  const { data } = await callGitHub('write a file', WRITE, () =>
    octokit.rest.git.createBlob({ owner, repo, content: encoded, encoding: 'base64' }),
  );
  session.blobs.set(content, data.sha);
  return data.sha;
}

async function deleteRef(client: GitHubClient, entry: RefEntry): Promise<void> {
  assertRefName(entry.ref);
  const { octokit, owner, repo } = client;
  try {
    await callGitHub(`delete ${entry.ref}`, WRITE, () =>
      octokit.rest.git.deleteRef({ owner, repo, ref: shorten(entry.ref) }),
    );
  } catch (error) {
    // Gone already: GitHub says 422 "Reference does not exist", or 404.
    if (!isRace(error) && !(error instanceof GitHubError && error.status === 404)) throw error;
  }
}

async function createTag(
  client: GitHubClient,
  tag: NewTag & { readonly target: string },
): Promise<'created' | 'exists'> {
  const ref = `refs/tags/${tag.name}`;
  assertRefName(ref);
  assertCommitId(tag.target);
  const { octokit, owner, repo } = client;
  const object = await callGitHub('write a tag', WRITE, () =>
    octokit.rest.git.createTag({
      owner,
      repo,
      tag: tag.name,
      message: addWriteId(tag.message),
      object: tag.target,
      type: 'commit',
    }),
  );
  return (await moveRef(client, ref, object.data.sha, true)) ? 'created' : 'exists';
}

async function readTag(client: GitHubClient, tag: TagRef): Promise<TagContent> {
  assertCommitId(tag.object);
  const { octokit, owner, repo } = client;
  const answer = await findOnGitHub(`read the tag ${tag.name}`, READ, () =>
    octokit.rest.git.getTag({ owner, repo, tag_sha: tag.object }),
  );
  // A lightweight tag names the commit itself, which is no tag object.
  if (answer === undefined) return { target: tag.object, message: '' };
  return { target: answer.data.object.sha, message: removeWriteId(answer.data.message) };
}

async function writeInOrder(
  session: Session,
  change: RefChange,
  tags: readonly NewTag[],
): Promise<AtomicResult> {
  for (const { name } of tags) {
    if ((await resolveRef(session.client, `refs/tags/${name}`)) !== undefined) {
      return { kind: 'tag-exists', name };
    }
  }
  const written = await writeChange(session, change);
  if (written.kind === 'moved') return written;
  for (const tag of tags) {
    const made = await createTag(session.client, { ...tag, target: tag.target ?? written.commit });
    if (made === 'exists') return { kind: 'tag-exists', name: tag.name };
  }
  return written;
}
