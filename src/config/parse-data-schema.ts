import type { DataSchema } from '../schemas/data-schema.generated.ts';
import { checkDataSchema } from './check-data-schema.ts';
import { parseDocument, type Locate } from './parse-document.ts';

export interface ParsedDataSchema {
  /** Defaults filled in. */
  readonly schema: DataSchema;
  /** Where a key stands; for one that is not written (a default), where its nearest ancestor does. */
  readonly locate: Locate;
}

/**
 * From the text of a data schema, JSON or YAML, to a typed one. Throws one UserError that lists all mistakes, as
 * `parseConfig` does.
 * @param file the name that messages show
 */
export function parseDataSchema(text: string, file: string): ParsedDataSchema {
  const { document, locate } = parseDocument('data-schema', text, file, checkDataSchema);
  return { schema: document, locate };
}
