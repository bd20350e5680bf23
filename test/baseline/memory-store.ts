import type { RefStore } from '../../src/platform/ref-store.ts';

/** A ref store in memory: what the search reads, filled by tests with anything. */
export function createMemoryStore(
  refs: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>,
): Pick<RefStore, 'resolve' | 'readFile' | 'listFiles' | 'listRefs'> {
  const names = Object.keys(refs).toSorted();
  const commitOf = (ref: string) => names.indexOf(ref).toString(16).padStart(40, '0');
  const filesOf = (commit: string) => refs[names.find((name) => commitOf(name) === commit) ?? ''] ?? {};
  return {
    resolve: async (ref) => (names.includes(ref) ? commitOf(ref) : undefined),
    readFile: async (commit, path) => {
      const content = filesOf(commit)[path];
      return content === undefined ? undefined : Buffer.from(content);
    },
    listFiles: async (commit, folder) =>
      Object.entries(filesOf(commit))
        .filter(([path]) => path.startsWith(`${folder}/`))
        .map(([path, content]) => ({ path, blob: '0'.repeat(40), bytes: Buffer.byteLength(content) })),
    listRefs: async (prefix) =>
      names.filter((ref) => ref.startsWith(prefix)).map((ref) => ({ ref, object: commitOf(ref) })),
  };
}
