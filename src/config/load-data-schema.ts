import { UserError } from '../evidence/errors.ts';
import { readYaml } from './read-yaml.ts';
import {
  besideOf,
  documentOf,
  parseDataSchema,
  type ParsedDataSchema,
  type ReferredFile,
} from './parse-data-schema.ts';
import {
  addDocument,
  emptyIndex,
  findReferred,
  listReferences,
  type SchemaDocument,
  type SchemaIndex,
} from './references/index-schemas.ts';

export interface LoadedDataSchema extends ParsedDataSchema {
  /** What it is made of besides its own file. */
  readonly referred: readonly ReferredFile[];
}

/** Files that a data schema may be made of: more is a mistake, or an attack. */
const MAX_FILES = 64;

/**
 * A data schema with the files that it refers to, and those that they do. Throws as `parseDataSchema` does.
 * @param read the text of a file by its path from the folder of the data schema; refuses what may not be read
 */
export async function loadDataSchema(
  text: string,
  file: string,
  read: (path: string) => Promise<string>,
): Promise<LoadedDataSchema> {
  const referred = /ref/iu.test(text) ? await loadReferred(text, file, read) : [];
  return { ...parseDataSchema(text, file, referred), referred };
}

async function loadReferred(
  text: string,
  file: string,
  read: (path: string) => Promise<string>,
): Promise<readonly ReferredFile[]> {
  const index = emptyIndex();
  const referred: ReferredFile[] = [];
  const waiting: SchemaDocument[] = [documentOf(file, readYaml(text, file).value)];
  for (let document = waiting.shift(); document !== undefined; document = waiting.shift()) {
    addDocument(index, document);
    for (const other of listMissing(index, document)) {
      if (index.files.has(other) || referred.some((known) => known.file === other)) continue;
      if (referred.length === MAX_FILES) {
        throw new UserError(`${file} refers to more than ${MAX_FILES} files.`, {
          help: 'Put schemas that belong together into one file, under `$defs`.',
        });
      }
      const found = await read(other);
      referred.push({ file: other, text: found });
      waiting.push({ file: other, value: readYaml(found, besideOf(file, other)).value });
    }
  }
  return referred;
}

function listMissing(index: SchemaIndex, document: SchemaDocument): readonly string[] {
  return listReferences(index, document).flatMap(({ reference, home }) => {
    const found = findReferred(index, reference, home);
    return found.kind === 'file' ? [found.file] : [];
  });
}
