import { posix } from 'node:path';
import type { DataSchema } from '../schemas/data-schema.generated.ts';
import { isSchemaObject } from '../schemas/subschemas.ts';
import { checkDataSchema } from './check-data-schema.ts';
import { checkSchema } from './check-schema.ts';
import { parseDocument, type Locate } from './parse-document.ts';
import { readYaml } from './read-yaml.ts';
import { checkReferences } from './references/check-references.ts';
import { flattenSchema } from './references/flatten-schema.ts';
import {
  addDocument,
  emptyIndex,
  type SchemaDocument,
  type SchemaIndex,
} from './references/index-schemas.ts';

export interface ParsedDataSchema {
  /** Defaults filled in, and in one piece: every reference is `#/$defs/<name>`. */
  readonly schema: DataSchema;
  /** Where a key stands; for one that is not written (a default), where its nearest ancestor does. */
  readonly locate: Locate;
}

/** A file that a data schema refers to. */
export interface ReferredFile {
  /** From the folder of the data schema, with `/`. */
  readonly file: string;
  readonly text: string;
}

/**
 * From the text of a data schema, JSON or YAML, to a typed one. Throws one UserError that lists all mistakes, as
 * `parseConfig` does.
 * @param file the name that messages show
 * @param referred the files that it refers to, and those that they do: see `loadDataSchema`
 */
export function parseDataSchema(
  text: string,
  file: string,
  referred: readonly ReferredFile[] = [],
): ParsedDataSchema {
  const documents = referred.map((other) => ({
    file: other.file,
    value: readYaml(other.text, besideOf(file, other.file)).value,
  }));
  const written = documentOf(file, readYaml(text, file).value);
  const index = indexAll([written, ...documents]);
  for (const [place, other] of referred.entries()) {
    const document = documents[place];
    if (document !== undefined) checkReferred(other, besideOf(file, other.file), index, document);
  }
  const { document, locate } = parseDocument('data-schema', text, file, (raw) => [
    ...checkDataSchema(raw),
    ...checkReferences(index, written),
  ]);
  // Defaults are the table's: a row within a row has none, though both may be this schema.
  const flat = isSchemaObject(written.value) ? flattenSchema(index, written.value) : {};
  return { schema: { ...document, ...flat, dataset: document.dataset }, locate };
}

/** The name that messages show of a file beside another. */
export function besideOf(file: string, other: string): string {
  return posix.join(posix.dirname(file), other);
}

export function documentOf(file: string, value: unknown): SchemaDocument {
  return { file: posix.basename(file), value };
}

function indexAll(documents: readonly SchemaDocument[]): SchemaIndex {
  const index = emptyIndex();
  for (const document of documents) addDocument(index, document);
  return index;
}

/** A data schema may be referred to as well: of a column of another table. */
function checkReferred(
  { text }: ReferredFile,
  named: string,
  index: SchemaIndex,
  document: SchemaDocument,
): void {
  const isDataSchema = isSchemaObject(document.value) && 'dataset' in document.value;
  parseDocument(isDataSchema ? 'data-schema' : 'referred-schema', text, named, (raw) => [
    ...(isDataSchema ? checkDataSchema(raw) : checkSchema([], raw)),
    ...checkReferences(index, document),
  ]);
}
