import type { History } from '../../src/platform/history.ts';

/** A commit id from a short name: `m3` becomes 40 digits that end in it. */
export function idOf(name: string): string {
  return Buffer.from(name).toString('hex').padStart(40, '0');
}

/** History from `child: parents`, all by short names. */
export function createHistory(parents: Readonly<Record<string, readonly string[]>>): History {
  const known = new Map(Object.entries(parents).map(([name, list]) => [idOf(name), list.map(idOf)]));
  const ancestors = (commit: string): readonly string[] => [
    commit,
    ...(known.get(commit) ?? []).flatMap((parent) => ancestors(parent)),
  ];
  return {
    parentsOf: async (commit) => known.get(commit),
    walk: async function* (commit) {
      let next: string | undefined = known.has(commit) ? commit : undefined;
      while (next !== undefined) {
        yield next;
        next = known.get(next)?.[0];
      }
    },
    horizon: async () => undefined,
    mergeBase: async (one, other) => {
      const of = new Set(ancestors(other));
      return ancestors(one).find((commit) => of.has(commit));
    },
  };
}
