import { findMergeBase, isShallow, listFirstParents, readParents, type Git } from './git.ts';

/** Most first parents that a walk through a clone goes back over: half a second of git's time. */
const MAX_FIRST_PARENTS = 100_000;

/** What a commit was built on. */
export interface History {
  /**
   * A commit, then its first parents, newest first, read as far as somebody asks. Empty if the commit is not known;
   * ends where history, or what is known of it, ends.
   */
  readonly walk: (commit: string) => AsyncIterable<string>;
  /** Parents in order; undefined if the commit is not known. */
  readonly parentsOf: (commit: string) => Promise<readonly string[] | undefined>;
  /** Best common ancestor; undefined if there is none. */
  readonly mergeBase: (one: string, other: string) => Promise<string | undefined>;
  /** Why no more of history is known, and what cures it: a sentence. Undefined if all of it is known. */
  readonly horizon: () => Promise<string | undefined>;
}

/** History as a clone knows it; a shallow one knows little, and says so. */
export function openGitHistory(git: Git): History {
  return {
    walk: async function* (commit) {
      yield* await listFirstParents(git, commit, MAX_FIRST_PARENTS);
    },
    parentsOf: (commit) => readParents(git, commit),
    mergeBase: (one, other) => findMergeBase(git, one, other),
    horizon: async () =>
      (await isShallow(git))
        ? 'This clone is shallow, so older commits are not known here: fetch them with `git fetch --unshallow`, or clone with `fetch-depth: 0`.'
        : undefined,
  };
}
