import type { History } from '../platform/history.ts';

/** What was tested. RunContext has these parts under the same names. */
export interface Tested {
  /** The commit that is checked out. */
  readonly commit: string;
  /** Whether files were changed since. */
  readonly changed?: boolean;
  readonly pullRequest?: { readonly headSha: string; readonly baseSha: string } | undefined;
  readonly mergeGroup?: { readonly baseSha: string } | undefined;
  /** Tip of main; undefined if main is not known. */
  readonly mainTip?: string | undefined;
}

/** The commit that the tested change was applied to, or why it is not known. */
export type WantedCommit =
  | { readonly kind: 'commit'; readonly commit: string; readonly how: WantedHow }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * `merge-parent`: first parent of the tested merge. `merge-group-base`: base of the merge group. `merge-base`: the
 * head itself was tested, so the commit where it left main. `first-parent`: of a commit on main. `head`: of uncommitted
 * changes on main. `event-base`: base of the pull request when the event happened, because the merge is not known.
 */
type WantedHow = 'merge-parent' | 'merge-group-base' | 'merge-base' | 'first-parent' | 'head' | 'event-base';

/**
 * What a run's baseline is: what the change was applied to. CI tests the merge of a pull request into main, so that
 * is the first parent of that merge; the merge base would blame the pull request for what main has changed since, and
 * is right only where the head itself was checked out.
 */
export async function findWantedCommit(tested: Tested, history: History): Promise<WantedCommit> {
  const { pullRequest, mergeGroup } = tested;
  if (mergeGroup !== undefined) return found(mergeGroup.baseSha, 'merge-group-base');
  if (pullRequest !== undefined) return findForPullRequest(tested.commit, pullRequest, history);
  return findForBranch(tested, history);
}

function found(commit: string, how: WantedHow): WantedCommit {
  return { kind: 'commit', commit, how };
}

async function unknown(reason: string, history: History): Promise<WantedCommit> {
  const horizon = await history.horizon();
  return { kind: 'unknown', reason: horizon === undefined ? reason : `${reason} ${horizon}` };
}

async function findForPullRequest(
  commit: string,
  { headSha, baseSha }: { readonly headSha: string; readonly baseSha: string },
  history: History,
): Promise<WantedCommit> {
  if (commit !== headSha) {
    const parents = await history.parentsOf(commit);
    const [first, second] = parents ?? [];
    // Only a merge of this very head: the commit may be the claim of somebody's evidence.
    if (first !== undefined && second === headSha) return found(first, 'merge-parent');
    if (parents === undefined) return found(baseSha, 'event-base');
  }
  const base = await history.mergeBase(baseSha, headSha);
  if (base !== undefined) return found(base, 'merge-base');
  return await unknown(`The head ${headSha} and the base ${baseSha} have no known common ancestor.`, history);
}

async function findForBranch(tested: Tested, history: History): Promise<WantedCommit> {
  const { commit, mainTip } = tested;
  if (mainTip !== undefined && mainTip !== commit) {
    const base = await history.mergeBase(mainTip, commit);
    if (base === undefined)
      return await unknown(`Commit ${commit} and main have no known common ancestor.`, history);
    if (base !== commit) return found(base, 'merge-base');
  }
  if (tested.changed === true) return found(commit, 'head');
  const [parent] = (await history.parentsOf(commit)) ?? [];
  if (parent !== undefined) return found(parent, 'first-parent');
  return await unknown(`Commit ${commit} has no parent, or the clone does not have it.`, history);
}
