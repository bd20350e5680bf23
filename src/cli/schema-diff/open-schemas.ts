import { dirname, posix, relative, resolve } from 'node:path';
import { requireClone, type Clone } from '../../chain/local-baseline.ts';
import { loadDataSchema } from '../../config/load-data-schema.ts';
import { refuseLargeDocument } from '../../config/read-document.ts';
import { UserError } from '../../evidence/errors.ts';
import { findRoot } from '../../platform/git.ts';
import { readFileAt } from '../../platform/open-revision.ts';
import type { DataSchema } from '../../schemas/data-schema.generated.ts';
import type { CliContext } from '../context.ts';
import { readSchema } from '../read-schema.ts';
import { findBranchPoint, readRevision, requireCommit } from '../revisions.ts';

export interface NamedSchema {
  readonly named: string;
  readonly schema: DataSchema;
}

/** Allows every table with a row: what stands before a new file. */
const ANY_TABLE: DataSchema = {
  type: 'object',
  properties: {},
  required: [],
  additionalProperties: true,
  dataset: { unique: [], 'null-fraction': {} },
};

/** The schema as it was and as it is. With one operand it was what the branch left main with, or null where main has none. */
export async function openSchemas(
  [first = '', second]: readonly string[],
  context: CliContext,
): Promise<{
  readonly before: NamedSchema | null;
  readonly beforeSchema: DataSchema;
  readonly after: NamedSchema;
}> {
  if (second !== undefined) {
    const before = await openOperand(first, context);
    return { before, beforeSchema: before.schema, after: await openOperand(second, context) };
  }
  const after = await openFile(first, context);
  const clone = await requireClone(dirname(resolve(context.cwd, first)), context.environment);
  const commit = await findBranchPoint(clone);
  const before = await openAt(clone, commit, first, context);
  return { before: before ?? null, beforeSchema: before?.schema ?? ANY_TABLE, after };
}

async function openOperand(operand: string, context: CliContext): Promise<NamedSchema> {
  const at = await readRevision(operand, context);
  if (at === undefined) return await openFile(operand, context);
  const clone = await requireClone(context.cwd, context.environment);
  const commit = await requireCommit(clone, at.revision);
  const found = await openAt(clone, commit, at.file, context);
  if (found !== undefined) return found;
  throw new UserError(`${commit.slice(0, 7)} has no ${at.file}.`, {
    help: `See what it has: \`git ls-tree -r --name-only ${at.revision}\`.`,
  });
}

async function openFile(path: string, { cwd }: CliContext): Promise<NamedSchema> {
  return { named: path, schema: await readSchema(path, cwd) };
}

/** Undefined where the commit has no such file. */
async function openAt(
  { git }: Clone,
  commit: string,
  file: string,
  { cwd }: CliContext,
): Promise<NamedSchema | undefined> {
  const root = await findRoot(git);
  const path = relative(root, resolve(cwd, file)).replaceAll('\\', '/');
  const named = `${path} at ${commit.slice(0, 7)}`;
  const text = await readFileAt(git, commit, path);
  if (text === undefined) return undefined;
  refuseLargeDocument(text.length, named);
  const read = async (other: string): Promise<string> => {
    const beside = posix.join(posix.dirname(path), other);
    const found = await readFileAt(git, commit, beside);
    if (found !== undefined) return found;
    throw new UserError(`${named} refers to ${beside}, which that commit does not have.`);
  };
  return { named, schema: (await loadDataSchema(text, named, read)).schema };
}
