/** Files of data schemas that a command writes for somebody to keep. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import { explainWriteFailure } from '../chain/explain-write-failure.ts';
import { UserError } from '../evidence/errors.ts';

/** A data schema as text: YAML where the file's name ends in .yml or .yaml, else JSON. */
export function printSchema(document: unknown, path: string | undefined): string {
  return /\.ya?ml$/iu.test(path ?? '')
    ? stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
    : `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * Writes a data schema. Throws a UserError where a file is there already and `force` is not given.
 * @param path as the user named it, relative to `cwd`
 */
export async function writeSchemaFile(
  path: string,
  text: string,
  force: boolean,
  cwd: string,
): Promise<void> {
  const target = resolve(cwd, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new UserError(`${path} is there already.`, {
        help: 'Write elsewhere, or over it with --force. `mlgate schema diff` shows what would change.',
        cause: error,
      });
    }
    throw explainWriteFailure(error, path);
  }
}
