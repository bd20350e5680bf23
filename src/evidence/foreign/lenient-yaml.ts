/** YAML as tools write it. */
import { isScalar, parseDocument, visit, type Document, type YAMLMap } from 'yaml';
import { UserError } from '../errors.ts';

/** Tools write no more aliases than this; a bomb needs them. */
const MAX_ALIASES = 100;

/**
 * One YAML document as values. A byte order mark is left out. Throws a UserError for what is none, and for more aliases
 * than tools write.
 */
export function parseYaml(text: string, file: string): unknown {
  const document = parseSafely(text.replace(/^\uFEFF/u, ''), file);
  const first = document.errors[0];
  if (first !== undefined) {
    throw new UserError(`${file} is not YAML: ${first.message.split('\n')[0] ?? ''}`, {
      help: 'What is read here is one JSON or YAML document.',
      cause: first,
    });
  }
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
    },
    Map: (_key, map) => refuseDuplicates(map, file),
  });
  if (aliases > MAX_ALIASES) {
    throw new UserError(`${file} has ${aliases} YAML aliases; at most ${MAX_ALIASES} are read.`, {
      help: 'Write out what they stand for.',
    });
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new UserError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      {
        help: 'Write it out without aliases.',
        cause: error,
      },
    );
  }
}

/** The parser would compare each key with all before it: a file of 50,000 keys took it 40 seconds. */
function refuseDuplicates({ items }: YAMLMap, file: string): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    // As values both are one key: 1 and "1".
    const name = String(key.value);
    if (seen.has(name)) {
      throw new UserError(`${file} is not YAML: the key ${JSON.stringify(name)} stands twice in a mapping.`, {
        help: 'Rename one of the two, or take it out.',
      });
    }
    seen.add(name);
  }
}

/** The parser calls itself on each level: what nests as deep as the stack is no document of anybody's. */
function parseSafely(text: string, file: string): Document.Parsed {
  try {
    return parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  } catch (error) {
    throw new UserError(`${file} cannot be read as YAML: it nests too deeply, or is no YAML at all.`, {
      help: 'Write a flatter document.',
      cause: error,
    });
  }
}
