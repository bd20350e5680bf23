import { findMergeBase, listFirstParents, readParents, type Git } from './git.ts';

/** Most first parents that anything walks back over. */
export const MAX_FIRST_PARENTS = 200;

/** What a commit was built on. */
export interface History {
  /**
   * A commit, then its first parents, newest first, at most `limit`. Empty if the commit is not known; shorter
   * where history, or what is known of it, ends.
   */
  readonly firstParents: (commit: string, limit: number) => Promise<readonly string[]>;
  /** Parents in order; undefined if the commit is not known. */
  readonly parentsOf: (commit: string) => Promise<readonly string[] | undefined>;
  /** Best common ancestor; undefined if there is none. */
  readonly mergeBase: (one: string, other: string) => Promise<string | undefined>;
}

/** History as a clone knows it; a shallow one knows little. */
export function openGitHistory(git: Git): History {
  return {
    firstParents: (commit, limit) => listFirstParents(git, commit, limit),
    parentsOf: (commit) => readParents(git, commit),
    mergeBase: (one, other) => findMergeBase(git, one, other),
  };
}
