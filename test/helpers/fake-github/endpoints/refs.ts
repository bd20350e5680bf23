/** `git/refs`: reading, creating, moving and deleting references, with GitHub's refusals. */
import type { Call, Handler } from '../call.ts';
import { bodyText, notFound, Refusal } from '../call.ts';
import {
  deleteRef,
  isAncestor,
  isValidRefName,
  listRefs,
  moveRef,
  objectType,
  type RefObject,
} from '../git-objects.ts';
import { nodeId } from '../render/accounts.ts';
import { encodePath, repositoryUrl } from '../render/repositories.ts';

/** How often a move is tried again when somebody pushes with git at the same moment. */
const ATTEMPTS = 5;

function renderRef(call: Call, { ref, sha, type }: RefObject) {
  const url = repositoryUrl(call.baseUrl, call.repository);
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${url}/git/${encodePath(ref)}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}

async function findRef(call: Call, ref: string): Promise<RefObject | undefined> {
  const refs = await listRefs(call.repository.gitDirectory, ref);
  return refs.find((candidate) => candidate.ref === ref);
}

export const getRef: Handler = async (call) => {
  const found = await findRef(call, `refs/${call.params['ref'] ?? ''}`);
  if (found === undefined) throw notFound();
  return { status: 200, body: renderRef(call, found) };
};

export const listMatchingRefs: Handler = async (call) => {
  const refs = await listRefs(call.repository.gitDirectory, `refs/${call.params['ref'] ?? ''}`);
  return { status: 200, body: refs.map((ref) => renderRef(call, ref)) };
};

async function requireObject(call: Call, sha: string): Promise<void> {
  const type = await objectType(call.repository.gitDirectory, sha);
  if (type === undefined) throw new Refusal(422, 'Object does not exist');
}

/** A ref below or above an existing one (`a` and `a/b`) cannot be written by git at all. */
async function createOnce(call: Call, ref: string, sha: string): Promise<void> {
  const { gitDirectory } = call.repository;
  if ((await findRef(call, ref)) !== undefined) throw new Refusal(422, 'Reference already exists');
  if (!(await moveRef(gitDirectory, ref, sha, undefined))) {
    throw new Refusal(422, 'Reference already exists');
  }
}

export const createRef: Handler = async (call) => {
  const ref = bodyText(call, 'ref', '');
  const sha = bodyText(call, 'sha', '');
  const isComplete = /^refs\/[^/]+\/.+/u.test(ref);
  if (!isComplete || !(await isValidRefName(call.repository.gitDirectory, ref))) {
    throw new Refusal(422, `Reference name is invalid: ${ref}`);
  }
  await requireObject(call, sha);
  if (ref.startsWith('refs/heads/') && (await objectType(call.repository.gitDirectory, sha)) !== 'commit') {
    throw new Refusal(422, 'Reference update failed');
  }
  await createOnce(call, ref, sha);
  const created = await findRef(call, ref);
  if (created === undefined) throw new Refusal(422, 'Reference update failed');
  return {
    status: 201,
    body: renderRef(call, created),
    headers: { location: `${repositoryUrl(call.baseUrl, call.repository)}/git/${encodePath(ref)}` },
  };
};

export const updateRef: Handler = async (call) => {
  const { gitDirectory } = call.repository;
  const ref = `refs/${call.params['ref'] ?? ''}`;
  const sha = bodyText(call, 'sha', '');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const current = await findRef(call, ref);
    if (current === undefined) throw new Refusal(422, 'Reference does not exist');
    await requireObject(call, sha);
    if (call.body['force'] !== true && !(await isAncestor(gitDirectory, current.sha, sha))) {
      throw new Refusal(422, 'Update is not a fast forward');
    }
    if (await moveRef(gitDirectory, ref, sha, current.sha)) {
      return { status: 200, body: renderRef(call, { ...current, sha }) };
    }
  }
  throw new Refusal(409, 'Reference cannot be updated');
};

export const removeRef: Handler = async (call) => {
  const ref = `refs/${call.params['ref'] ?? ''}`;
  if ((await findRef(call, ref)) === undefined) throw new Refusal(422, 'Reference does not exist');
  await deleteRef(call.repository.gitDirectory, ref);
  return { status: 204 };
};
