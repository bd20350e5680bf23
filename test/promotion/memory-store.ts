import { createHash, randomUUID } from 'node:crypto';
import type { NewTag, RefStore } from '../../src/platform/ref-store.ts';

interface Content {
  readonly target: string;
  readonly message: string;
}

function makeId(): string {
  return createHash('sha1').update(randomUUID()).digest('hex');
}

async function unused(): Promise<never> {
  return await Promise.reject(new Error('A promotion does not call this.'));
}

/**
 * Refs and annotated tags in memory, with the order of REST: a commit, then its tags one by one. For tests that promote
 * often; test/platform holds the real stores to the same behaviour.
 */
export function createMemoryStore(): RefStore {
  const refs = new Map<string, string>();
  const commits = new Map<string, ReadonlyMap<string, string | Uint8Array>>();
  const tags = new Map<string, Content & { readonly object: string }>();
  const write: RefStore['write'] = async ({ ref, expected, files }) => {
    if (refs.get(ref) !== expected) return { kind: 'moved' };
    const commit = makeId();
    commits.set(commit, new Map([...(commits.get(expected ?? '') ?? []), ...files]));
    refs.set(ref, commit);
    return { kind: 'written', commit };
  };
  const createTag = async ({ name, target, message }: NewTag & { readonly target: string }) => {
    if (tags.has(name)) return 'exists' as const;
    tags.set(name, { target, message, object: makeId() });
    return 'created' as const;
  };
  return {
    resolve: async (ref) => refs.get(ref),
    readFile: async (commit, path) => {
      const content = commits.get(commit)?.get(path);
      return content === undefined ? undefined : Buffer.from(content);
    },
    write,
    createTag,
    listTags: async (prefix) =>
      [...tags].flatMap(([name, { object }]) => (name.startsWith(prefix) ? [{ name, object }] : [])),
    readTag: async ({ name }) => tags.get(name) ?? (await unused()),
    writeAtomically: async (change, added) => {
      const taken = added.find(({ name }) => tags.has(name));
      if (taken !== undefined) return { kind: 'tag-exists', name: taken.name };
      const written = await write(change);
      if (written.kind === 'moved') return written;
      for (const tag of added) await createTag({ ...tag, target: tag.target ?? written.commit });
      return written;
    },
    listFiles: unused,
    listRefs: unused,
    deleteRef: unused,
  };
}
