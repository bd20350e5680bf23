import { resolve } from 'node:path';
import { besideNamed, readDocument } from '../chain/connect.ts';
import { loadDataSchema } from '../config/load-data-schema.ts';
import type { DataSchema } from '../schemas/data-schema.generated.ts';

/** A data schema that a command line names, with the files that it refers to. Throws a UserError with all its mistakes. */
export async function readSchema(path: string, cwd: string): Promise<DataSchema> {
  return await loadSchema(await readDocument(resolve(cwd, path), path, 'the data schema'), path, cwd);
}

/** The same, of a text that has been read. */
export async function loadSchema(text: string, path: string, cwd: string): Promise<DataSchema> {
  const { schema } = await loadDataSchema(text, path, async (other) => {
    const beside = besideNamed(cwd, path, other);
    return await readDocument(resolve(cwd, beside), beside, `a file that ${path} refers to`);
  });
  return schema;
}
