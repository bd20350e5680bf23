import { realpath } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { requireClone, type Clone } from '../../chain/local-baseline.ts';
import type { TableSource } from '../../engine/engine.ts';
import { UserError } from '../../evidence/errors.ts';
import { findRoot } from '../../platform/git.ts';
import { openFileAt } from '../../platform/open-revision.ts';
import type { CliContext } from '../context.ts';
import { findBranchPoint, readRevision, requireCommit } from '../revisions.ts';

/** A table of a command line: where it is, and what messages call it. */
export type NamedTable = TableSource & { readonly named: string };

export interface TablesAsked {
  /** One or two operands: a file, or `REVISION:file`. */
  readonly tables: readonly string[];
  /** With one operand: the revision that it is held against. */
  readonly against: string | undefined;
  /** Where files of commits are copied to. */
  readonly temporaryFolder: string;
}

/** The table as it was and as it is. Throws a UserError for what is not there. */
export async function openTables(
  asked: TablesAsked,
  context: CliContext,
): Promise<readonly [before: NamedTable, now: NamedTable]> {
  const [first = '', second, ...more] = asked.tables;
  if (more.length > 0) throw new UserError('`mlgate diff` takes at most two tables.');
  if (second === undefined) {
    const now = await openOperand(first, asked, context);
    return [await openEarlier(first, asked, context), now];
  }
  if (asked.against !== undefined) {
    throw new UserError('`--against` needs exactly one TABLE: with two it says nothing.');
  }
  return [await openOperand(first, asked, context), await openOperand(second, asked, context)];
}

async function openOperand(operand: string, asked: TablesAsked, context: CliContext): Promise<NamedTable> {
  const at = await readRevision(operand, context);
  if (at === undefined) return { path: resolve(context.cwd, operand), named: operand };
  const { revision, file } = at;
  const clone = await requireClone(context.cwd, context.environment);
  return await openAt(clone, revision, resolve(context.cwd, file), asked);
}

async function openEarlier(file: string, asked: TablesAsked, context: CliContext): Promise<NamedTable> {
  const path = resolve(context.cwd, file);
  const clone = await requireClone(dirname(path), context.environment);
  const revision = asked.against ?? (await findBranchPoint(clone));
  return await openAt(clone, revision, path, asked);
}

async function openAt(
  clone: Clone,
  revision: string,
  path: string,
  { temporaryFolder }: TablesAsked,
): Promise<NamedTable> {
  const { git } = clone;
  const commit = await requireCommit(clone, revision);
  const root = await findRoot(git);
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  const name = relative(root, resolve(folder, path.slice(dirname(path).length + 1))).replaceAll('\\', '/');
  const named = `${name} at ${commit.slice(0, 7)}`;
  const found = await openFileAt(git, commit, name, temporaryFolder);
  if (found !== undefined) return { path: found.path, named };
  throw new UserError(`${commit.slice(0, 7)} has no ${name}, neither in git nor by DVC.`, {
    help: 'Name the commit with `--against`, or give two files.',
  });
}
