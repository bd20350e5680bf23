/** YAML as tools write it. */
import { isAlias, parseDocument, visit, type Document } from 'yaml';
import { UserError } from '../../evidence/errors.ts';

/** Nobody writes metrics with more aliases than this; a bomb needs them. */
const MAX_ALIASES = 100;

/**
 * One YAML document as values. A byte order mark is left out. Throws a UserError for what is none, and for more aliases
 * than a document of numbers has.
 */
export function parseYaml(text: string, file: string): unknown {
  const document = parseSafely(text.replace(/^\uFEFF/u, ''), file);
  const first = document.errors[0];
  if (first !== undefined) {
    throw new UserError(`${file} is not YAML: ${first.message.split('\n')[0] ?? ''}`, {
      help: 'A metrics file is one JSON or YAML document with numbers inside.',
      cause: first,
    });
  }
  let aliases = 0;
  visit(document, (_key, node) => {
    if (isAlias(node)) aliases += 1;
  });
  if (aliases > MAX_ALIASES) {
    throw new UserError(`${file} has ${aliases} YAML aliases; a metrics file has at most ${MAX_ALIASES}.`, {
      help: 'Write the numbers out.',
    });
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      {
        help: 'Write the numbers out without aliases.',
        cause: error,
      },
    );
  }
}

/** The parser calls itself on each level: what nests as deep as the stack is no document of anybody's. */
function parseSafely(text: string, file: string): Document.Parsed {
  try {
    return parseDocument(text, { logLevel: 'silent' });
  } catch (error) {
    throw new UserError(`${file} cannot be read as YAML: it nests too deeply, or is no YAML at all.`, {
      help: 'Write the numbers into a flatter document.',
      cause: error,
    });
  }
}
