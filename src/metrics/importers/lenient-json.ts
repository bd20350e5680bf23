/** JSON as Python writes it. */
import { UserError } from '../../evidence/errors.ts';
import type { ForeignSource } from './importer.ts';

/** Deepest nesting of another tool's document: what walks it may call itself on each level. */
const MAX_DEPTH = 200;

/** Strings, which are kept, and the three bare words that Python's json module writes and JSON does not have. */
const STRINGS_AND_BARE_WORDS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * A JSON document in which NaN, Infinity and -Infinity may stand bare: they are given as these texts. A byte order mark
 * is left out. Throws a UserError for anything else, for nesting beyond 200 levels and for a document that was cut off.
 */
export function parseLenientJson(text: string, file: string): unknown {
  const content = text.replace(/^\uFEFF/u, '');
  refuseDeep(content, file);
  try {
    return JSON.parse(content);
  } catch (error) {
    const quoted = content.replaceAll(STRINGS_AND_BARE_WORDS, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    try {
      return JSON.parse(quoted);
    } catch {
      throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
        help: 'Check that the step that writes the file ran to its end, and that `path` or `format` names what it is; a YAML file ends in .yaml or .yml.',
        cause: error,
      });
    }
  }
}

/** The document of a JSON file, read leniently. */
export async function readJson(source: ForeignSource): Promise<unknown> {
  return parseLenientJson(await source.readText(), source.name);
}

/**
 * Whether the first bytes of a file are those of a JSON mapping with all these keys, on whatever level. A look that
 * costs nothing, for recognising: the file itself may still be something else.
 */
export function headHasKeys(source: ForeignSource, keys: readonly string[]): boolean {
  const head = new TextDecoder().decode(source.head).replace(/^\uFEFF/u, '');
  return (
    /^\s*\{/u.test(head) &&
    keys.every((key) => new RegExp(`${escapeRegExp(JSON.stringify(key))}\\s*:`, 'u').test(head))
  );
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

/** Counted before parsing, because parsing ends in the stack's. */
function refuseDeep(text: string, file: string): void {
  let depth = 0;
  let isInText = false;
  for (let position = 0; position < text.length; position += 1) {
    const unit = text.charCodeAt(position);
    if (isInText) {
      if (unit === BACKSLASH) position += 1;
      else if (unit === QUOTE) isInText = false;
    } else if (unit === QUOTE) isInText = true;
    else if (unit === OPEN_LIST || unit === OPEN_MAPPING) depth += 1;
    else if (unit === CLOSE_LIST || unit === CLOSE_MAPPING) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new UserError(`${file} nests deeper than ${MAX_DEPTH} levels.`, {
        help: 'Point `path` at a summary of the metrics.',
      });
    }
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAPPING, CLOSE_MAPPING] = [0x5b, 0x5d, 0x7b, 0x7d];
