/** Commits that a command line names: `REVISION:file`, or where the branch left main. */
import { resolve } from 'node:path';
import type { Clone } from '../chain/local-baseline.ts';
import { UserError } from '../evidence/errors.ts';
import { findMainRef, findMergeBase, resolveCommit } from '../platform/git.ts';
import type { CliContext } from './context.ts';
import { exists } from '../platform/look-at-path.ts';

/** What `REVISION:file` says; undefined for a file that exists, whatever its name holds, and for any other word. */
export async function readRevision(
  operand: string,
  { cwd }: Pick<CliContext, 'cwd'>,
): Promise<{ readonly revision: string; readonly file: string } | undefined> {
  const [, revision, file] = /^([^:]+):(.+)$/u.exec(operand) ?? [];
  if (revision === undefined || file === undefined || (await exists(resolve(cwd, operand)))) return undefined;
  return { revision, file };
}

/** Throws a UserError for a revision that the clone does not have. */
export async function requireCommit({ git }: Clone, revision: string): Promise<string> {
  const commit = await resolveCommit(git, revision);
  if (commit !== undefined) return commit;
  throw new UserError(`\`${revision}\` is no commit that this clone knows.`, {
    help: 'Fetch it, or check how it is spelled: `git log --oneline --all`.',
  });
}

/** Where the branch left main; the commit itself where main is not known. */
export async function findBranchPoint({ git, remote, head }: Clone): Promise<string> {
  const ref = await findMainRef(git, remote === undefined ? {} : { remote });
  const main = ref === undefined ? undefined : await resolveCommit(git, ref);
  return main === undefined ? head : ((await findMergeBase(git, main, head)) ?? head);
}
